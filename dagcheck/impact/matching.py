"""Which dataflow of the base is which of the head?

By name and configuration, then by name, then by the largest overlap of modules: renaming a dataflow, or the script whose name
it bears, leaves most of its modules as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dagcheck.graph.dataflow import Dataflow


def matched(before: Sequence[Dataflow], after: Sequence[Dataflow]) -> list[tuple[Dataflow | None, Dataflow | None]]:
    """Pairs, in the order of the head; dataflows without a counterpart stand with None."""
    left = list(before)
    partners: dict[int, Dataflow] = {}
    keys: tuple[Callable[[Dataflow], Any], ...] = (_name_and_configuration, _name)
    for key in keys:
        for index, flow in enumerate(after):
            partner = next((old for old in left if key(old) == key(flow)), None)
            if index not in partners and partner is not None:
                partners[index] = partner
                left = [old for old in left if old is not partner]
    for index, flow in enumerate(after):
        ranked = sorted(left, key=lambda old: -_overlap(old, flow))
        if index not in partners and ranked and _overlap(ranked[0], flow) > 0:
            partners[index] = ranked[0]
            left.remove(ranked[0])
    pairs: list[tuple[Dataflow | None, Dataflow | None]] = [
        (partners.get(index), flow) for index, flow in enumerate(after)
    ]
    return [*pairs, *((old, None) for old in left)]


def _name(flow: Dataflow) -> Any:
    return flow.name


def _name_and_configuration(flow: Dataflow) -> Any:
    config = flow.spec.config
    return flow.name, None if config is None else sorted((key, repr(value)) for key, value in config.items())


def _overlap(one: Dataflow, other: Dataflow) -> float:
    """The share of modules that both have, by path or by name."""
    mine, theirs = set(one.modules), set(other.modules)
    paths = {path for _, path in mine} & {path for _, path in theirs}
    names = {name for name, _ in mine} & {name for name, _ in theirs}
    return max(len(paths), len(names)) / max(len(mine | theirs), 1)
