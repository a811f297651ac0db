"""How far is it from one node to another?

Distances upstream and downstream of a name, and the shortest paths between two, in one dataflow, configurations aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dagcheck.graph.dataflow import Dataflow

MOST_PATHS = 20
"""Shortest paths that are told; there can be exponentially many."""


class Edges(NamedTuple):
    """Names with the names they read, and with those that read them, inputs among them."""

    reads: Mapping[str, tuple[str, ...]]
    readers: Mapping[str, tuple[str, ...]]


def edges(dataflow: Dataflow) -> Edges:
    """The edges of a dataflow by name."""
    reads: dict[str, dict[str, None]] = {}
    readers: dict[str, dict[str, None]] = {}
    for node in dataflow.nodes:
        for part in node.dependencies:
            reads.setdefault(node.name, {})[part.name] = None
            readers.setdefault(part.name, {})[node.name] = None
    return Edges(*({name: tuple(names) for name, names in table.items()} for table in (reads, readers)))


def distances(start: str, table: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Every name that is reached from a name, with the number of steps; nearest first, without the name itself."""
    found = {start: 0}
    pending = [start]
    for name in pending:
        for other in table.get(name, ()):
            if other not in found:
                found[other] = found[name] + 1
                pending.append(other)
    del found[start]
    return found


def shortest_paths(start: str, end: str, table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The shortest paths from one name to another along a table of edges, at most `MOST_PATHS`; the same name is no path."""
    away = {start: 0, **distances(start, table)}
    if end not in away or start == end:
        return []
    before: dict[str, list[str]] = {}
    for name, distance in away.items():
        for other in table.get(name, ()):
            if away[other] == distance + 1:
                before.setdefault(other, []).append(name)
    ways: list[tuple[str, ...]] = [(end,)]
    for _ in range(away[end]):
        ways = [(name, *way) for way in ways for name in before[way[0]]][:MOST_PATHS]
    return ways
