"""Who makes a name, who reads it, and do they agree, in every configuration?

Everything that Hamilton decides per name (`hamilton.graph.add_dependency`): two producers clash, a reader's type must take
its producer's, and where nothing produces the name it becomes an input whose type the readers settle among themselves, in
the order in which Hamilton meets them. One `NameVerdict` depends on the producers and readers of that name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, without
from dagcheck.graph.overlaps import pairs
from dagcheck.graph.settling import Conflict, Input, Match, Reader, Typeless, settle
from dagcheck.nodes.node import Node
from dagcheck.types.assignability import No, Raises
from dagcheck.types.model import ClassType, Type

_OBJECT = ClassType("class", "object")


class Strictness(NamedTuple):
    """What a type checker would say where Hamilton is content: of (parameter, node), and of (parameter, default as text)."""

    of_edge: Callable[[Type, Type], tuple[str, ...]]
    of_default: Callable[[Type, str], tuple[str, ...]]


class Clash(NamedTuple):
    """Two producers of one name exist at once, and no producer before `earlier` does, as far as that can be followed."""

    earlier: Node
    later: Node
    condition: Condition


class Mismatch(NamedTuple):
    """A reader's type does not take the producer's."""

    reader: Reader
    producer: Node
    verdict: No | Raises
    condition: Condition


class Untyped(NamedTuple):
    """A reader asks for a type, and the producer is `Any`, so that nothing is compared."""

    reader: Reader
    producer: Node
    condition: Condition


class Loose(NamedTuple):
    """A reader whose type Hamilton lets pass and a type checker would not, and why; no producer: its default is to blame."""

    reader: Reader
    producer: Node | None
    reasons: tuple[str, ...]
    condition: Condition


class Unfit(NamedTuple):
    """A reader of an input whose type does not take the one that the settings say the input has."""

    reader: Reader
    given: Type
    verdict: No | Raises
    condition: Condition


class Missing(NamedTuple):
    """A reader that needs the name exists where none of the name's variants does, nor does the configuration give it.

    Of readers with the same conditions the first stands for all, and one that always exists for all others.
    """

    reader: Reader
    condition: Condition


class NameVerdict(NamedTuple):
    """All that Hamilton decides about one name. `given_up`: too many cases to follow."""

    clashes: tuple[Clash, ...]
    mismatches: tuple[Mismatch, ...]
    conflicts: tuple[Conflict, ...]
    inputs: tuple[Input, ...]
    missing: tuple[Missing, ...] = ()
    given_up: bool = False
    untyped: tuple[Untyped, ...] = ()
    loose: tuple[Loose, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    typeless: tuple[Typeless, ...] = ()


class Surroundings(NamedTuple):
    """What else decides about a name.

    `everywhere` is the space in which the dataflow is checked, `not_given` where the configuration has no key of this name;
    `has_variants`: some function makes the name, be it outside of the space. `given` is the type that the settings say that the input
    has.
    """

    everywhere: Condition
    not_given: Condition = ALWAYS
    has_variants: bool = False
    given: Type | None = None


def judge(
    name: str,
    producers: Sequence[Node],
    readers: Sequence[Reader],
    around: Surroundings,
    match: Match,
    *,
    strictness: Strictness | None = None,
) -> NameVerdict:
    """The verdict on one name.

    `producers` are in the order in which a reader meets them (module, then line), `readers` in Hamilton's order.
    """
    clashes = _clashes(producers)
    mismatches: list[Mismatch] = []
    for producer in producers:
        for reader in readers:
            mismatches.extend(_mismatch(reader, producer, clashes, match))
    decided = NameVerdict(tuple(clashes), tuple(mismatches), (), (), untyped=_untyped(producers, readers))
    if strictness is not None:
        decided = decided._replace(loose=tuple(_loose(producers, readers, match, strictness)))
    if not readers or any(producer.condition == around.everywhere for producer in producers):
        return decided
    outside: Condition | None = around.everywhere
    for producer in producers:
        outside = None if outside is None else without(outside, producer.condition)
    if outside is None:
        return decided._replace(given_up=True)
    settled = settle(name, readers, outside, around.everywhere, match)
    missing = _missing(readers, outside, around) if producers or around.has_variants else ()
    decided = decided._replace(missing=missing, **settled._asdict())
    if around.given is None:
        return decided
    return decided._replace(unfit=tuple(_unfit(readers, around.given, both(outside, around.not_given), match)))


def _missing(readers: Sequence[Reader], outside: Condition, around: Surroundings) -> tuple[Missing, ...]:
    nowhere = both(outside, around.not_given)
    if nowhere is None or nowhere == NEVER:
        return ()
    found: dict[Condition, Missing] = {}
    needing = [reader for reader in readers if not reader.dependency.optional]
    for reader in needing:
        if reader.node.condition == around.everywhere:
            return (Missing(reader, nowhere),)
    for reader in needing:
        if reader.node.condition in found:
            continue
        met = both(nowhere, reader.node.condition)
        if met is not None and met != NEVER:
            found[reader.node.condition] = Missing(reader, met)
    return tuple(found.values())


def _unfit(readers: Sequence[Reader], given: Type, outside: Condition | None, match: Match) -> Iterator[Unfit]:
    """The readers that do not take what comes from outside, in the configurations of `outside`."""
    for reader in readers:
        verdict = match(reader.dependency.type, given)
        condition = None if outside is None else both(outside, reader.node.condition)
        if isinstance(verdict, (No, Raises)) and condition is not None and condition != NEVER:
            yield Unfit(reader, given, verdict, condition)


def _clashes(producers: Sequence[Node]) -> list[Clash]:
    found: list[Clash] = []
    for later, candidates in pairs(producers) if len(producers) > 1 else ():
        rest: Condition | None = later.condition
        for earlier in candidates:
            # Where nobody can follow what is left, clashes overlap: each of them is one all the same.
            condition = both(earlier.condition, later.condition if rest is None else rest)
            if condition is not None and condition != NEVER:
                found.append(Clash(earlier, later, condition))
                rest = None if rest is None else without(rest, earlier.condition)
    return found


def _mismatch(reader: Reader, producer: Node, clashes: Sequence[Clash], match: Match) -> list[Mismatch]:
    verdict = match(reader.dependency.type, producer.type)
    if not isinstance(verdict, (No, Raises)):
        return []
    condition = both(reader.node.condition, producer.condition)
    for clash in clashes:  # Hamilton stops at the clash: what would be wrong behind it is no finding of its own
        condition = None if condition is None else without(condition, clash.condition)
    if condition is None or condition == NEVER:
        return []
    return [Mismatch(reader, producer, verdict, condition)]


def _untyped(producers: Sequence[Node], readers: Sequence[Reader]) -> tuple[Untyped, ...]:
    """The edges on which `Any` hides what is passed from a reader that asks for something."""
    hidden = [producer for producer in producers if producer.type.kind == "any"]
    if not hidden:
        return ()
    return tuple(
        [
            Untyped(reader, producer, condition)
            for producer in hidden
            for reader in readers
            if reader.dependency.type.kind not in ("any", "unknown", "typevar", "object")
            and reader.dependency.type != _OBJECT
            and (condition := both(reader.node.condition, producer.condition) or NEVER) != NEVER
        ]
    )


def _loose(
    producers: Sequence[Node], readers: Sequence[Reader], match: Match, strictness: Strictness
) -> Iterator[Loose]:
    for reader in readers:
        dependency, node = reader.dependency, reader.node
        if reasons := strictness.of_default(dependency.type, dependency.default):
            yield Loose(reader, None, reasons, node.condition)
        for producer in producers:
            condition = both(node.condition, producer.condition)
            if condition is None or condition == NEVER or match(dependency.type, producer.type).kind != "yes":
                continue
            if reasons := strictness.of_edge(dependency.type, producer.type):
                yield Loose(reader, producer, reasons, condition)
