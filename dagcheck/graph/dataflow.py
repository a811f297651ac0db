"""One dataflow, and the questions one may ask it.

A `Dataflow` is immutable once built: its nodes in Hamilton's order with duplicates kept, the verdict on every name, and the
space of configurations it was built in. Its functions are questions. This is the only file that knows networkx, which is
loaded when a question goes beyond "is it acyclic".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dagcheck.dataflows.specification import DataflowSpec, SpecOrigin
from dagcheck.evaluation.conditions import NEVER, both
from dagcheck.graph.entries import Entry, entries
from dagcheck.graph.names import NameVerdict
from dagcheck.graph.settling import Reader
from dagcheck.graph.space import Space
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Fault, Node


class Dataflow(NamedTuple):
    """The nodes of one dataflow, by name: who makes it, who reads it, and Hamilton's verdict.

    `nodes` are in Hamilton's order. `complete`: no node is missing because something could not be read. `faults` are those
    of functions that exist in this space, with the path of their module. `strict`: types are checked beyond Hamilton.
    `elsewhere` are the nodes, by name, that exist in no configuration of the space. `acyclic`: a search for cycles finds none.
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
    elsewhere: Mapping[str, tuple[Node, ...]] = {}
    acyclic: bool = False

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


def circular_parts(dataflow: Dataflow) -> list[list[str]]:
    """The names of each strongly connected part that has a cycle if conditions are left aside, in Hamilton's order."""
    if dataflow.acyclic or is_acyclic_from(dataflow, dataflow.producers):
        return []
    reads = _reads(dataflow)
    nx = _networkx()
    graph = nx.DiGraph((name, other) for name, others in reads.items() for other in others)
    parts = list(nx.strongly_connected_components(graph))
    circular = [part for part in parts if len(part) > 1 or any(name in reads.get(name, ()) for name in part)]
    order = {node.name: index for index, node in reversed(list(enumerate(dataflow.nodes)))}
    ordered = [sorted(part, key=lambda name: order[name]) for part in circular]
    return sorted(ordered, key=lambda part: order[part[0]])


def is_acyclic_from(dataflow: Dataflow, names: Iterable[str]) -> bool:
    """Is no cycle upstream of these names, conditions aside?"""
    producers = dataflow.producers
    done: set[str] = set()
    open_: set[str] = set()
    for start in names:
        pending = [(start, False)]
        while pending:
            name, is_finished = pending.pop()
            if is_finished:
                open_.discard(name)
                done.add(name)
            elif name in open_:
                return False
            elif name not in done:
                open_.add(name)
                pending.append((name, True))
                reads = [part.name for node in producers.get(name, ()) for part in node.dependencies]
                if not open_.isdisjoint(reads):
                    return False
                pending += [(part, False) for part in reads if part in producers and part not in done]
    return True


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


def _reads(dataflow: Dataflow) -> dict[str, set[str]]:
    """Name -> names it reads that something produces, conditions aside."""
    producers = dataflow.producers
    reads: dict[str, set[str]] = {}
    for node in dataflow.nodes:
        names = reads.setdefault(node.name, set())
        names.update(part.name for part in node.dependencies if part.name in producers)
    return reads
