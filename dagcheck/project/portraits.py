"""One node, or two, among all dataflows: what `dagcheck show` tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.walks import distances, edges, shortest_paths
from dagcheck.project.demands import demands_of
from dagcheck.report.show import Portrait, Ways


def portraits_of(dataflows: Iterable[Dataflow], chosen: Mapping[str, set[str]]) -> list[Portrait]:
    """The chosen nodes in each of the dataflows, in their order."""
    found: list[Portrait] = []
    for flow in dataflows:
        table, outputs = edges(flow), {asked.name for asked in demands_of(flow).outputs}
        rows: dict[str, list[int]] = {}
        for index, entry in enumerate(flow.entries):
            rows.setdefault(entry.name, []).append(index)
        for name in [name for name in rows if name in chosen.get(flow.name, ())]:
            downstream = distances(name, table.readers)
            reached = [other for other in (name, *downstream) if other in outputs]
            variants = tuple(flow.entries[index] for index in rows[name])
            found.append(Portrait(name, flow.name, variants, distances(name, table.reads), downstream, tuple(reached)))
    return found


def ways_between(dataflows: Iterable[Dataflow], one: str, other: str) -> list[Ways]:
    """The shortest paths from one node to the other, or back, in each dataflow that has any."""
    found: list[Ways] = []
    for flow in dataflows:
        readers = edges(flow).readers
        paths = shortest_paths(one, other, readers) or shortest_paths(other, one, readers)
        if paths:
            found.append(Ways(flow.name, tuple(paths)))
    return found
