"""Which of many nodes of one name may exist at once?

Variants usually differ in the value of one key. Those are told apart by looking that value up, so that a thousand variants of a node
cost about as much as a thousand nodes, and not a million comparisons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from dagcheck.nodes.node import Node


def pairs(nodes: Sequence[Node]) -> Iterator[tuple[Node, list[Node]]]:
    """Each node but the first, with those before it that it may exist together with, in order."""
    key = _dividing_key(nodes)
    by_value: dict[Any, list[int]] = {}
    undivided: list[int] = []
    for index, node in enumerate(nodes):
        values = None if key is None else _values(node, key)
        if values is None:
            before = list(range(index))
            undivided.append(index)
        else:
            before = sorted({*undivided, *(at for value in values for at in by_value.get(value, ()))})
            for value in values:
                by_value.setdefault(value, []).append(index)
        if index:
            yield node, [nodes[at] for at in before]


def _dividing_key(nodes: Sequence[Node]) -> str | None:
    """The key that most of the nodes want to have one of a few values."""
    counts = Counter(key for node in nodes for key, allowed in _only_box(node) if allowed.positive)
    return counts.most_common(1)[0][0] if counts else None


def _values(node: Node, key: str) -> frozenset[Any] | None:
    """The values of a key under which a node exists, None for all but finitely many."""
    allowed = dict(_only_box(node)).get(key)
    return allowed.members if allowed is not None and allowed.positive else None


def _only_box(node: Node) -> tuple[tuple[str, Any], ...]:
    boxes = node.condition.boxes
    return boxes[0] if len(boxes) == 1 else ()
