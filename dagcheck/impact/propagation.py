"""How far does a change reach?

Follows the readers of changed nodes in both states of a dataflow: what reads them now and what read them before, as far as it
still exists. Every node that is reached has its distance and one shortest way from a changed node.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, either
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.entries import when_of
from dagcheck.impact.changes import Difference
from dagcheck.impact.effects import Change, Pair
from dagcheck.nodes.node import Node


class Affected(NamedTuple):
    """A node that a change reaches; `route` leads from a changed node to it. `when` as in graph entries."""

    node: str
    dataflow: str
    distance: int
    route: tuple[str, ...]
    when: tuple[Mapping[str, Any], ...] | None
    paths: tuple[str, ...] = ()
    """The files that hold its functions."""


class _Step(NamedTuple):
    """A name reached in some configurations; `before` is the step it was reached from."""

    name: str
    condition: Condition
    distance: int
    before: _Step | None


def affected(
    pair: Pair, found: Sequence[Difference], changes: Sequence[Change], settings: Iterable[str]
) -> list[Affected]:
    """The nodes of one dataflow that its changes reach, nearest first; `settings` are configuration keys that changed."""
    if pair.after is None:
        return []
    seeds = list(_seeds(found, changes))
    seeds += [_Step(key, ALWAYS, 0, None) for key in settings]
    reached = _reached(pair.before, pair.after, seeds)
    order = {node.name: index for index, node in reversed(list(enumerate(pair.after.nodes)))}
    rows = [_row(pair.after, name, steps) for name, steps in reached.items() if name in order]
    return sorted(rows, key=lambda row: (row.distance, order[row.node]))


def _seeds(found: Sequence[Difference], changes: Sequence[Change]) -> Iterator[_Step]:
    for difference, change in zip(found, changes, strict=True):
        if change.effect == "metadata":
            continue
        if difference.after is not None:
            yield _Step(difference.after.name, difference.after.condition, 0, None)
        before = difference.before
        after = difference.after
        if before is not None and (after is None or before.name != after.name or before.condition != after.condition):
            yield _Step(before.name, before.condition, 0, None)


def _reached(before: Dataflow | None, after: Dataflow, seeds: Sequence[_Step]) -> dict[str, list[_Step]]:
    """Every name that is reached, with the steps that reach it, nearest first."""
    known: dict[str, list[_Step]] = {}
    pending: deque[_Step] = deque()
    for seed in seeds:
        _visit(seed, known, pending)
    while pending:
        step = pending.popleft()
        for node in _readers(step, before, after):
            _visit(_Step(node.name, node.condition, step.distance + 1, step), known, pending)
    return known


def _visit(step: _Step, known: dict[str, list[_Step]], pending: deque[_Step]) -> None:
    steps = known.setdefault(step.name, [])
    if all(step.condition != other.condition for other in steps):
        steps.append(step)
        pending.append(step)


def _readers(step: _Step, before: Dataflow | None, after: Dataflow) -> Iterator[Node]:
    """The nodes of today that read a name, or did, in some configuration of the step."""
    now = after.readers.get(step.name, ())
    for reader in now:
        if _meet(reader.node.condition, step.condition):
            yield reader.node
    earlier = () if before is None else before.readers.get(step.name, ())
    for reader in () if earlier is now else earlier:
        if _meet(reader.node.condition, step.condition):
            for node in after.producers.get(reader.node.name, ()):
                if _meet(node.condition, reader.node.condition):
                    yield node


def _meet(one: Condition, other: Condition) -> bool:
    return one is other or both(one, other) != NEVER


def _row(dataflow: Dataflow, name: str, steps: Sequence[_Step]) -> Affected:
    nodes = dataflow.producers[name]
    condition: Condition | None = NEVER
    for node in nodes:
        if condition is not None and any(_meet(node.condition, step.condition) for step in steps):
            condition = either(condition, node.condition)
    nearest = steps[0]
    route: list[str] = []
    step: _Step | None = nearest
    while step is not None:
        route.append(step.name)
        step = step.before
    when = None if condition is None else when_of(condition, dataflow.space.condition)
    paths = tuple(dict.fromkeys(node.origin.path for node in nodes))
    return Affected(name, dataflow.name, nearest.distance, tuple(reversed(route)), when, paths)
