"""What does a dataflow look like from outside?

Entries are the rows of `dagcheck graph`: one per node and variant, one per input (with the configurations in which it is
one), one per configuration key that was given. With a fixed configuration they are exactly Hamilton's nodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dagcheck.evaluation.boxes import OPAQUE, Allowed, Box, Unhashable, is_about_kind, written
from dagcheck.evaluation.conditions import Condition
from dagcheck.graph.names import NameVerdict
from dagcheck.graph.space import Space
from dagcheck.nodes.node import Dependency, Node
from dagcheck.types.model import ANY, Type


class Entry(NamedTuple):
    """One row: `kind` is `function`, `input` or `config`; `when` is None where the node exists in every configuration."""

    name: str
    kind: str
    role: str
    type: Type
    annotation: str
    dependencies: tuple[Dependency, ...]
    tags: Mapping[str, Any]
    when: tuple[Mapping[str, Any], ...] | None
    function: str
    module: str
    path: str
    line: int
    end_line: int
    documentation: str


def entries(nodes: Sequence[Node], verdicts: Mapping[str, NameVerdict], space: Space) -> tuple[Entry, ...]:
    """The rows of a dataflow: nodes in Hamilton's order, then inputs as first met, then left-over configuration keys."""
    everywhere = space.condition
    found = [_of_node(node, everywhere) for node in nodes]
    fixed = space.fixed or {}
    seen = {node.name for node in nodes}
    for name in _inputs_in_order(nodes, verdicts):
        for input_ in verdicts[name].inputs:
            kind = "config" if name in fixed else "input"
            when = when_of(input_.condition, everywhere)
            found.append(_outside(name, kind, input_.type, input_.annotation, when))
            seen.add(name)
    found += [_outside(key, "config", ANY, "", None) for key in fixed if key not in seen]
    return tuple(found)


def _inputs_in_order(nodes: Sequence[Node], verdicts: Mapping[str, NameVerdict]) -> list[str]:
    """Those that nothing reads any more, since loaders took the place of what did, come last."""
    names = [*(part.name for node in nodes for part in node.dependencies), *verdicts]
    return [name for name in dict.fromkeys(names) if verdicts[name].inputs]


def _of_node(node: Node, everywhere: Condition) -> Entry:
    origin = node.origin
    tags = {key: list(value) if isinstance(value, tuple) else value for key, value in node.tags}
    when = when_of(node.condition, everywhere)
    place = (origin.function, origin.module, origin.path, origin.line, origin.end_line)
    head = (node.name, "function", node.role, node.type, node.annotation, node.dependencies, tags, when)
    return Entry(*head, *place, node.documentation)


def _outside(name: str, kind: str, type_: Type, annotation: str, when: tuple[Mapping[str, Any], ...] | None) -> Entry:
    return Entry(name, kind, "standard", type_, annotation, (), {}, when, "", "", "", 0, 0, "")


def when_of(condition: Condition, everywhere: Condition) -> tuple[Mapping[str, Any], ...] | None:
    """The condition as a list (or) of objects (and), as DESIGN's JSON has it; None for "always"."""
    if condition == everywhere:
        return None
    # What holds in the whole space says nothing of one node.
    common = everywhere.boxes[0] if len(everywhere.boxes) == 1 else ()
    boxes = [_box(tuple(pair for pair in box if pair not in common)) for box in condition.boxes]
    return None if any(not box for box in boxes) else tuple(boxes)


def boxes_of(condition: Condition) -> tuple[Mapping[str, Any], ...]:
    """The boxes of a condition: a list (or) of objects (and), without what cannot be read."""
    return tuple([_box(box) for box in condition.boxes])


def _box(box: Box) -> Mapping[str, Any]:
    return {key: _allowed(allowed) for key, allowed in box if not key.startswith(OPAQUE) and not is_about_kind(key)}


def _allowed(allowed: Allowed) -> Mapping[str, Any]:
    if allowed.part_of is not None:
        return {"part_of": allowed.part_of}
    values = sorted((_json(value) for value in allowed.members), key=repr)
    return {"in" if allowed.positive else "not_in": values}


def _json(value: Any) -> Any:
    if value is None:
        return {"$absent": True}
    if isinstance(value, (bool, int, float, str)):
        return value
    return value.value if isinstance(value, Unhashable) else {"$repr": written(value)}
