"""What was a modifier given, and where does it say so?

Reads the arguments of a `Use` as Python would bind them, and finds the place to blame for a part of an argument by walking
the decorator's expression beside its value: a keyword, a dictionary's key, an element. Where the value was made elsewhere
(a constant of another module, a helper function), the nearest enclosing part of the decorator takes the blame.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dagcheck.evaluation.ignorance import describe, explain
from dagcheck.evaluation.lowering import with_plain_texts
from dagcheck.evaluation.values import Construction, Member, Reference, Rest, Unknown, Value
from dagcheck.nodes.uses import Use, hamilton_name
from dagcheck.source.syntax import Expression
from dagcheck.span import Span

Step = tuple[str, Any]
"""("keyword", name), ("argument", index), ("key", key of a dictionary), ("value", key), ("item", index), ("owner", method)."""


_WRAPPERS = ("source", "value", "group", "configuration")


class Binding(NamedTuple):
    """A modifier's source or value: kind is `source`, `value`, `group`, `configuration`, `other` or `unknown`.

    `content` is the name, the value, the parts of a group (a tuple of (key or None, Binding)), or the `Unknown`.
    """

    kind: str
    content: Any


def blame(use: Use, *steps: Step) -> Span:
    """The place of the part of a decorator that `steps` lead to, or of the nearest part around it."""
    expression = use.application.expression
    span = Span(*use.application.place)
    if expression is None:
        return span
    for step in steps:
        found = _step(expression, step)
        if found is None:
            break
        place, expression = found
        span = Span(*place)
    return span


def binding(value: Value) -> Binding:
    """Read `source("a")`, `value(1)`, `group(...)`, `configuration("k")`; a group is read as a whole or not at all."""
    if isinstance(value, (Unknown, Rest)):
        return Binding("unknown", explain(value))
    if not isinstance(value, Construction) or not isinstance(value.callee, Reference):
        return Binding("other", value)
    kind = hamilton_name(value.callee.name)
    if kind not in _WRAPPERS:
        return Binding("unknown", explain(value)) if kind is None else Binding("other", value)
    if kind == "group":
        parts: list[tuple[str | None, Binding]] = [(None, binding(part)) for part in value.arguments]
        parts += [(name, binding(part)) for name, part in value.keywords]
        unread = next((part for _, part in parts if part.kind == "unknown"), None)
        return unread or Binding("group", tuple(parts))
    given = value.arguments[0] if value.arguments else next((part for _, part in value.keywords), None)
    inner = binding(given) if isinstance(given, Construction) else None
    if inner is not None and inner.kind == kind and kind != "configuration":
        return inner  # source(source("a")) is source("a")
    if kind != "value" and isinstance(given, (Unknown, Rest)):
        return Binding("unknown", explain(given))
    return Binding(kind, given if kind == "value" else with_plain_texts(given))


def is_wrapped(value: Value) -> bool:
    """Is a value what Hamilton's own `source(...)`, `value(...)`, `group(...)` or `configuration(...)` gives?"""
    callee = value.callee if isinstance(value, Construction) else None
    return isinstance(callee, Reference) and hamilton_name(callee.name) in _WRAPPERS


def words(value: Value) -> str:
    """A few words for a value, for messages."""
    return describe(value)


def positional(use: Use, index: int, name: str, default: Value = None) -> Value:
    """A parameter that may be given by position or by name."""
    return use.arguments[index] if index < len(use.arguments) else use.keyword(name, default)


def is_reference(value: Value, name: str) -> bool:
    """Is this Hamilton's `name`, called or not?"""
    if isinstance(value, (Construction, Member)):
        return is_reference(value.callee if isinstance(value, Construction) else value.owner, name)
    return isinstance(value, Reference) and hamilton_name(value.name) == name


def _step(expression: Expression, step: Step) -> tuple[tuple[int, int, int, int], Expression] | None:
    kind, wanted = step
    if expression[0] == "call" and kind in ("keyword", "value", "key"):
        for name, part, place in expression[4]:
            if name == wanted:
                word = (place[0], place[1], place[0], place[1] + len(name))
                return (part[1] if kind == "value" else word), part
        spread = [part for name, part, _ in expression[4] if name is None]
        return _step(spread[0], ("value", wanted)) if len(spread) == 1 else None
    if expression[0] == "call" and kind == "argument":
        given = expression[3]
        return (given[wanted][1], given[wanted]) if wanted < len(given) and given[wanted][0] != "star" else None
    if expression[0] == "call" and kind == "owner":
        method = expression[2]
        return (method[2][1], method[2]) if method[0] == "attr" and method[3] == wanted else None
    if expression[0] == "dict" and kind in ("key", "value"):
        for key, part in expression[2]:
            if key is not None and key[0] == "const" and key[2] == wanted and type(key[2]) is type(wanted):
                return (key[1] if kind == "key" else part[1]), part
        return None
    if expression[0] in ("list", "tuple", "set") and kind == "item" and wanted < len(expression[2]):
        part = expression[2][wanted]
        return (part[1], part) if part[0] != "star" else None
    return None
