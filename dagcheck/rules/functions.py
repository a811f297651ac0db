"""Which functions make the nodes of a dataflow? For rules that speak of functions, however many nodes each makes."""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.graph.dataflow import Dataflow
from dagcheck.nodes.node import Node
from dagcheck.rules.rule import place
from dagcheck.span import Location, Span


class MadeFunction(NamedTuple):
    """A function as it is written, where its name stands, and the nodes that it makes in this dataflow."""

    name: str
    location: Location
    nodes: tuple[Node, ...]

    @property
    def final(self) -> tuple[Node, ...]:
        """Those of its nodes that none of the others reads: what `@tag` means where it names none."""
        read = {dependency.name for node in self.nodes for dependency in node.dependencies}
        return tuple(node for node in self.nodes if node.name not in read) or self.nodes

    @property
    def named(self) -> tuple[Node, ...]:
        """Those of its nodes whose names somebody has chosen: the final ones, and the one of the function's own name."""
        own = self.name.partition("__")[0]
        return tuple(node for node in self.nodes if node in self.final or node.name == own)


def functions(dataflow: Dataflow) -> list[MadeFunction]:
    """The functions of a dataflow in the order of their first nodes."""
    by_function: dict[tuple[str, int, str], list[Node]] = {}
    for node in dataflow.nodes:
        origin = node.origin
        by_function.setdefault((origin.path, origin.line, origin.function), []).append(node)
    return [
        MadeFunction(name, _location(path, line, nodes), tuple(nodes))
        for (path, line, name), nodes in by_function.items()
    ]


def _location(path: str, line: int, nodes: list[Node]) -> Location:
    """Where the `def` is: the place of a node of its own, else the beginning of the line."""
    own = (place(node) for node in nodes)
    at_line = (location for location in own if location.path == path and location.span.line == line)
    return next(at_line, Location(path, Span(line, 1, line, 1)))
