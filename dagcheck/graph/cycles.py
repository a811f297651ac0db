"""Where does a node depend on itself, and in which configurations?

Hamilton checks nothing of it when it builds. One finding a circle is enough where all exist at once; where variants are part of
it, each configuration that has a cycle has one that is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dagcheck.evaluation.conditions import NEVER, Condition, both, without
from dagcheck.evaluation.witnesses import witness
from dagcheck.graph.dataflow import Dataflow, circular_parts, reading
from dagcheck.nodes.node import Node

LONGEST_SEARCH = 20_000
"""Steps taken in one strongly connected part to find the cycles that exist in some configuration."""

MOST_CYCLES = 16
"""Cycles of one strongly connected part, which differ in their configurations, that are told."""


class Cycle(NamedTuple):
    """Nodes that read each other in a circle, first one first, and the configurations in which all of them exist."""

    nodes: tuple[Node, ...]
    condition: Condition


def cycles(dataflow: Dataflow) -> list[Cycle]:
    """The cycles of a dataflow: per strongly connected part a shortest one, then one for configurations without it."""
    return [cycle for part in circular_parts(dataflow) for cycle in _cycles_in(dataflow, part)]


def _cycles_in(dataflow: Dataflow, part: Sequence[str]) -> list[Cycle]:
    found: list[Cycle] = []
    rest: Condition | None = _unclashed(dataflow, part)
    search = _Search(dataflow, part)
    while rest is not None and rest != NEVER and len(found) < MOST_CYCLES:
        cycle = search.shortest(rest)
        if cycle is None:
            break
        found.append(cycle)
        rest = without(rest, cycle.condition)
    return found


def _unclashed(dataflow: Dataflow, part: Sequence[str]) -> Condition:
    """Where Hamilton does not stop at a duplicate definition of one of these names."""
    rest = dataflow.space.condition
    for name in part:
        for clash in dataflow.verdicts[name].clashes:
            rest = without(rest, clash.condition) or rest
    return rest


class _Search:
    """Looks for cycles in one strongly connected part. State: the steps that are left."""

    def __init__(self, dataflow: Dataflow, part: Sequence[str]) -> None:
        self._dataflow = dataflow
        self._part = part
        self._names = frozenset(part)
        self._steps = LONGEST_SEARCH

    def shortest(self, space: Condition) -> Cycle | None:
        """A shortest cycle that exists somewhere in `space`; of equals one that the smallest configuration shows.

        Goes outward from each node of the part, and carries along the configurations in which the way exists.
        """
        best: Cycle | None = None
        for name in self._part:
            for start in self._dataflow.producers[name]:
                best = self._from(start, space, best)
        return best

    def _from(self, start: Node, space: Condition, best: Cycle | None) -> Cycle | None:
        met = both(start.condition, space)
        queue: list[tuple[tuple[Node, ...], Condition]] = [((start,), met)] if met is not None and met != NEVER else []
        while queue and self._steps > 0:
            way, condition = queue.pop(0)
            if best is not None and len(way) > len(best.nodes):
                break
            for following in reading(self._dataflow, way[-1]):
                self._steps -= 1
                met = both(condition, following.condition) if following.name in self._names else None
                if met is None or met == NEVER:
                    continue
                if following == start:
                    best = self._smaller(best, Cycle(way, met))
                elif following not in way:
                    queue.append(((*way, following), met))
        return best

    def _smaller(self, best: Cycle | None, cycle: Cycle) -> Cycle:
        if best is None or len(cycle.nodes) < len(best.nodes):
            return cycle
        return min(best, cycle, key=self._size)

    def _size(self, cycle: Cycle) -> tuple[int, int]:
        return len(cycle.nodes), len(witness(cycle.condition, self._dataflow.space.mentioned) or ())
