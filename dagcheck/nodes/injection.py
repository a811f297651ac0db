"""How do new nodes come before the nodes of a function?

Modifiers of the inject stage (`hamilton.function_modifiers.base.NodeInjector`) make nodes that feed a name which the function's
nodes read and do not make themselves; whoever reads that name then reads the new node.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.nodes.node import Node
from dagcheck.types.model import Type


def injectable(nodes: Sequence[Node]) -> dict[str, Type]:
    """The names that the nodes read and do not make, with the last reader's type."""
    made = {node.name for node in nodes}
    return {part.name: part.type for node in nodes for part in node.dependencies if part.name not in made}


def redirected(node: Node, before: str, now: str | None) -> Node:
    """The node reads `now` where it read `before`; nothing where `now` is None, because nobody knows what."""
    if all(part.name != before for part in node.dependencies):
        return node
    parts = [part._replace(name=now) if part.name == before and now is not None else part for part in node.dependencies]
    reads = {part.name: part for part in parts if now is not None or part.name != before}
    return node._replace(dependencies=tuple(reads.values()))
