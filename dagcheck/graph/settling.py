"""What becomes of a name that nothing produces?

It is an input. Its first reader gives it a type, and each further one keeps that, tightens it, or is refused
(`hamilton.graph.add_dependency`), in the order in which Hamilton meets them; in which configurations which of them exist decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dagcheck.evaluation.conditions import NEVER, Condition, both, either, without
from dagcheck.nodes.node import Dependency, Node
from dagcheck.types.assignability import Assignability, Maybe, No, Raises, Yes
from dagcheck.types.equality import normal
from dagcheck.types.model import NONE_ITSELF, Type, UnknownType

Match = Callable[[Type, Type], Assignability]
"""(parameter, node) -> verdict."""


MOST_REGIONS = 64
"""Groups of configurations in which an input may have different types before dagcheck gives up on it."""


class Reader(NamedTuple):
    """A node that reads the name, by one of its dependencies."""

    node: Node
    dependency: Dependency


class Conflict(NamedTuple):
    """Two readers of an input ask for types that no value has; `settled` is the type the earlier ones agreed on."""

    reader: Reader
    earlier: Reader
    settled: Type
    verdict: No | Raises
    condition: Condition


class Typeless(NamedTuple):
    """The first reader of an input asks for `None`, which Hamilton takes for no type at all."""

    reader: Reader
    condition: Condition


class Input(NamedTuple):
    """The name as an input, where nothing produces it; the type is what the readers settle on."""

    name: str
    type: Type
    condition: Condition
    optional: bool
    annotation: str


class Settled(NamedTuple):
    """What comes of the readers of an input: `given_up` where that is too much to follow. The names are `NameVerdict`'s."""

    conflicts: tuple[Conflict, ...] = ()
    inputs: tuple[Input, ...] = ()
    given_up: bool = False
    typeless: tuple[Typeless, ...] = ()


def settle(name: str, readers: Sequence[Reader], outside: Condition, everywhere: Condition, match: Match) -> Settled:
    """What the readers settle on in the configurations of `outside`, where nothing produces the name; `everywhere` is the space."""
    if outside == NEVER:
        return Settled()
    first = readers[0].dependency
    if (
        first.type != NONE_ITSELF
        and all(reader.dependency.type == first.type for reader in readers)
        and any(reader.node.condition == everywhere and not reader.dependency.optional for reader in readers)
    ):
        return Settled(inputs=(Input(name, first.type, outside, False, first.annotation),))
    regions = [_Region(outside, None, True)]
    conflicts: list[Conflict] = []
    typeless: list[Typeless] = []
    for index, reader in enumerate(readers):
        stepped: list[_Region] = []
        for region in regions:
            met, refusal = _meet(region, reader, match)
            if met == region and refusal is None:
                stepped.append(region)
                continue
            inside = both(region.condition, reader.node.condition)
            apart = without(region.condition, reader.node.condition)
            if inside is None or apart is None:
                return Settled(tuple(conflicts), given_up=True)
            if apart != NEVER:
                stepped.append(region._replace(condition=apart))
            if inside == NEVER:
                continue
            stepped.append(met._replace(condition=inside))
            if refusal is not None and region.type is None:
                typeless.append(Typeless(reader, inside))
            elif refusal is not None:
                conflicts += _conflicts(reader, readers[:index], region._replace(condition=inside), refusal)
        regions = _joined(stepped)
        if len(regions) > MOST_REGIONS:
            return Settled(tuple(conflicts), given_up=True)
    return Settled(tuple(conflicts), tuple(_inputs(name, readers, regions)), typeless=tuple(typeless))


class _Region(NamedTuple):
    """Configurations in which the readers so far have settled on the same.

    `type` is what those agree on that agree, None without readers; `disputed`: others did not agree.
    """

    condition: Condition
    type: Type | None
    optional: bool
    disputed: bool = False


def _meet(region: _Region, reader: Reader, match: Match) -> tuple[_Region, No | Raises | None]:
    """One more reader of the input: Hamilton keeps its type, tightens it, or refuses, which is the second answer.

    Hamilton stops there; the readers that follow are judged as if the one that was refused did not read it.
    """
    wanted, settled = reader.dependency.type, region.type
    region = region._replace(optional=region.optional and reader.dependency.optional)
    if settled is None:
        return (region._replace(type=wanted), None) if wanted != NONE_ITSELF else (region, No(()))
    if wanted == settled:
        return region, None
    verdict = match(wanted, settled)
    if isinstance(verdict, Yes):
        return region, None
    if isinstance(verdict, Maybe):
        return region._replace(type=UnknownType("unknown", verdict.reason)), None
    if isinstance(verdict, No):
        back = match(settled, wanted)
        if isinstance(back, Yes):
            return region._replace(type=wanted), None
        if isinstance(back, Maybe):
            return region._replace(type=UnknownType("unknown", back.reason)), None
        verdict = back if isinstance(back, Raises) else verdict
    return region._replace(disputed=True), verdict


def _conflicts(reader: Reader, before: Sequence[Reader], region: _Region, refusal: No | Raises) -> list[Conflict]:
    """The conflict of a reader with what a region settled on: once for each reader that asked for it there."""
    found: list[Conflict] = []
    rest: Condition | None = region.condition
    for earlier in before:
        if earlier.dependency.type != region.type or rest is None:
            continue
        met = both(rest, earlier.node.condition)
        if met is not None and met != NEVER:
            found.append(Conflict(reader, earlier, earlier.dependency.type, refusal, met))
            rest = without(rest, earlier.node.condition)
    return found


def _joined(regions: list[_Region]) -> list[_Region]:
    """Regions that have come to the same become one."""
    by_state: dict[tuple[object, ...], _Region] = {}
    for region in regions:
        key: tuple[object, ...] = region[1:]
        before = by_state.get(key)
        joined = region.condition if before is None else either(before.condition, region.condition)
        if joined is None:  # too many boxes to add up: it stays a region of its own
            key += (len(by_state),)
            by_state[key] = region
        else:
            by_state[key] = region._replace(condition=joined)
    return list(by_state.values())


def _inputs(name: str, readers: Sequence[Reader], regions: list[_Region]) -> list[Input]:
    annotations: dict[Type, str] = {}
    for reader in readers:
        annotations.setdefault(reader.dependency.type, reader.dependency.annotation)
    found: dict[tuple[Type, bool], Input] = {}
    for region in regions:
        if region.type is None:
            continue
        type_ = UnknownType("unknown", "its readers disagree") if region.disputed else region.type
        key = (normal(type_), region.optional)
        annotation = annotations.get(region.type, "")
        before = found.get(key)
        condition = region.condition if before is None else either(before.condition, region.condition)
        found[key] = Input(name, type_, condition or region.condition, region.optional, annotation)
    return list(found.values())
