"""Where does work fan out, and where is it gathered again?

A *block* starts at a node that returns `Parallelizable` and ends at the nodes that take `Collect` of what it leads to. Hamilton
runs the nodes in between once per element (`hamilton.execution.grouping`); it checks nothing of the shape when it builds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dagcheck.evaluation.conditions import NEVER, both
from dagcheck.graph.dataflow import Dataflow, reading
from dagcheck.nodes.node import Dependency, Node
from dagcheck.types.model import GenericType

COLLECT = "hamilton.htypes.Collect"


class Block(NamedTuple):
    """One fan-out: its first node, the nodes that gather it, and the fan-outs that lie inside it."""

    start: Node
    collects: tuple[Node, ...]
    inner: tuple[Node, ...]


class Orphan(NamedTuple):
    """A dependency that gathers something that never fanned out; `producer` is None for an input."""

    node: Node
    dependency: Dependency
    producer: Node | None


def blocks(dataflow: Dataflow) -> list[Block]:
    """The blocks of a dataflow, in the order of their first nodes."""
    starts = [node for node in dataflow.nodes if node.role == "expand"]
    return [_block(dataflow, start) for start in starts]


def orphans(dataflow: Dataflow) -> Iterator[Orphan]:
    """The `Collect` dependencies with no fan-out upstream."""
    for node in dataflow.nodes:
        for dependency in node.dependencies if node.role == "collect" else ():
            if not _is_collect(dependency):
                continue
            producers = [part for part in reading(dataflow, node) if part.name == dependency.name]
            if not any(_fans_out(dataflow, producer) for producer in producers):
                yield Orphan(node, dependency, producers[0] if producers else None)


def _block(dataflow: Dataflow, start: Node) -> Block:
    collects: dict[Node, None] = {}
    inner: dict[Node, None] = {}
    pending, seen = [start], {start}
    while pending:
        node = pending.pop(0)
        for reader in dataflow.readers.get(node.name, ()):
            if both(node.condition, reader.node.condition) == NEVER:
                continue
            if reader.node.role == "collect" and _is_collect(reader.dependency):
                collects[reader.node] = None
                continue
            if reader.node.role == "expand":
                inner[reader.node] = None
            if reader.node not in seen:
                seen.add(reader.node)
                pending.append(reader.node)
    return Block(start, tuple(collects), tuple(inner))


def _fans_out(dataflow: Dataflow, node: Node) -> bool:
    """Does a fan-out lie upstream of a node, with nothing that gathers it in between?"""
    pending, seen = [node], {node}
    while pending:
        current = pending.pop()
        if current.role == "expand":
            return True
        gathered: Mapping[str, bool] = {part.name: _is_collect(part) for part in current.dependencies}
        for producer in reading(dataflow, current):
            if producer not in seen and not gathered[producer.name]:
                seen.add(producer)
                pending.append(producer)
    return False


def _is_collect(dependency: Dependency) -> bool:
    return isinstance(dependency.type, GenericType) and dependency.type.name == COLLECT
