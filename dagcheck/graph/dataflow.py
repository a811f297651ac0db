"""One dataflow, and the questions one may ask it.

A `Dataflow` is immutable once built: its nodes in Hamilton's order with duplicates kept, the verdict on every name, and the
space of configurations it was built in. Its functions are questions. This is the only file that knows networkx, which is
loaded when a question goes beyond "is it acyclic".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagcheck.dataflows.specification import DataflowSpec, SpecOrigin
from dagcheck.evaluation.conditions import NEVER, Condition, both, without
from dagcheck.graph.entries import Entry, entries
from dagcheck.graph.names import NameVerdict, Reader
from dagcheck.graph.space import Space
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Fault, Node

LONGEST_SEARCH = 20_000
"""Steps taken in one strongly connected part to find a cycle that exists in some configuration."""


class Dataflow(NamedTuple):
    """The nodes of one dataflow, by name: who makes it, who reads it, and Hamilton's verdict.

    `nodes` are in Hamilton's order. `complete`: no node is missing because something could not be read. `faults` are those
    of functions that exist in this space, with the path of their module. `strict`: types are checked beyond Hamilton.
    """

    spec: DataflowSpec
    space: Space
    parts: tuple[ModuleNodes, ...]
    nodes: tuple[Node, ...]
    producers: Mapping[str, tuple[Node, ...]]
    readers: Mapping[str, tuple[Reader, ...]]
    verdicts: Mapping[str, NameVerdict]
    faults: tuple[tuple[str, Fault], ...]
    complete: bool
    strict: bool = False

    @property
    def name(self) -> str:
        """The dataflow's name."""
        return self.spec.name

    @property
    def origin(self) -> SpecOrigin:
        """Where the dataflow comes from."""
        return self.spec.origin

    @property
    def modules(self) -> tuple[tuple[str, str], ...]:
        """Its modules in order: dotted name and path."""
        return tuple([(module.name, module.path) for module in self.spec.modules])

    @property
    def config(self) -> dict[str, Any] | None:
        """The fixed configuration, or None."""
        return None if self.space.fixed is None else dict(self.space.fixed)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows of `dagcheck graph`."""
        return entries(self.nodes, self.verdicts, self.space)


class Cycle(NamedTuple):
    """Nodes that read each other in a circle, first one first, and the configurations in which all of them exist."""

    nodes: tuple[Node, ...]
    condition: Condition


def cycles(dataflow: Dataflow) -> list[Cycle]:
    """One shortest cycle per strongly connected part that has one in some configuration."""
    reads = _reads(dataflow)
    if _is_acyclic(reads):
        return []
    nx = _networkx()
    graph = nx.DiGraph((name, other) for name, others in reads.items() for other in others)
    parts = list(nx.strongly_connected_components(graph))
    circular = [part for part in parts if len(part) > 1 or any(name in reads.get(name, ()) for name in part)]
    order = {node.name: index for index, node in reversed(list(enumerate(dataflow.nodes)))}
    circular.sort(key=lambda part: min(order[name] for name in part))
    found = [_shortest_cycle(dataflow, part, order) for part in circular]
    return [cycle for cycle in found if cycle is not None and not _is_behind_a_clash(dataflow, cycle)]


def reading(dataflow: Dataflow, node: Node) -> list[Node]:
    """The nodes that `node` reads, in the order of its dependencies, as far as both can exist at once."""
    found: list[Node] = []
    for dependency in node.dependencies:
        producers = dataflow.producers.get(dependency.name, ())
        found += [producer for producer in producers if both(node.condition, producer.condition) != NEVER]
    return found


def _networkx() -> Any:
    """networkx without its plug-ins: on import it would load and run whatever other installed packages announce to it."""
    from importlib import metadata

    announced = metadata.entry_points
    metadata.entry_points = lambda **_: ()  # type: ignore[assignment]
    try:
        import networkx as nx
    finally:
        metadata.entry_points = announced
    return nx


def _is_behind_a_clash(dataflow: Dataflow, cycle: Cycle) -> bool:
    """Does Hamilton stop at a duplicate definition of one of these nodes wherever the cycle exists?"""
    rest: Condition | None = cycle.condition
    for node in cycle.nodes:
        for clash in dataflow.verdicts[node.name].clashes:
            rest = None if rest is None else without(rest, clash.condition)
    return rest == NEVER


def _reads(dataflow: Dataflow) -> dict[str, set[str]]:
    """Name -> names it reads that something produces, conditions aside."""
    producers = dataflow.producers
    reads: dict[str, set[str]] = {}
    for node in dataflow.nodes:
        names = reads.setdefault(node.name, set())
        names.update(part.name for part in node.dependencies if part.name in producers)
    return reads


def _is_acyclic(reads: Mapping[str, set[str]]) -> bool:
    import graphlib

    try:
        graphlib.TopologicalSorter(reads).prepare()
    except graphlib.CycleError:
        return False
    return True


def _shortest_cycle(dataflow: Dataflow, part: set[str], order: Mapping[str, int]) -> Cycle | None:
    """Search outward from each node of the part, carrying the configurations in which the way exists."""
    best: Cycle | None = None
    steps = LONGEST_SEARCH
    for start_name in sorted(part, key=lambda name: order[name]):
        for start in dataflow.producers[start_name]:
            queue: list[tuple[tuple[Node, ...], Condition]] = [((start,), start.condition)]
            while queue and steps > 0:
                way, condition = queue.pop(0)
                if best is not None and len(way) >= len(best.nodes):
                    break
                for following in reading(dataflow, way[-1]):
                    steps -= 1
                    met = both(condition, following.condition)
                    if following.name not in part or met is None or met == NEVER:
                        continue
                    if following == start:
                        best = Cycle(way, met)
                        queue.clear()
                        break
                    if following not in way:
                        queue.append(((*way, following), met))
    return best
