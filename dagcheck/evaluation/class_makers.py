"""Which calls make a class, as a class statement would?

`namedtuple("Point", "x y")`, `NamedTuple("Point", [("x", int)])`, `TypedDict("Row", {"a": int})`, `Enum("Color", "RED BLUE")`,
`make_dataclass("Row", ["a"])` and `type("K", (Base,), {...})` do, in the module that calls them, under the name that they are given.
"""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.objects import Class, Scope
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value
from dagcheck.source.syntax import Expression

_ENUMS = frozenset({"enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum"})
_MAKERS = _ENUMS | {
    "collections.namedtuple",
    "dataclasses.make_dataclass",
    "typing.NamedTuple",
    "typing.TypedDict",
    "typing_extensions.NamedTuple",
    "typing_extensions.TypedDict",
}
_NAMED_TUPLE, _OBJECT = Reference("typing.NamedTuple"), Reference("builtins.object")
_ANY: Expression = ("attr", None, ("name", None, "typing"), "Any")
_PAIR = 2


def made_by(call: Value, expression: Expression, scope: Scope) -> Value:
    """The class that a call makes; any other value as it is. `expression` is the call as it is written."""
    if not isinstance(call, Construction) or not isinstance(call.callee, Reference) or not call.arguments:
        return call
    maker, name = call.callee.name, call.arguments[0]
    is_type = maker == "builtins.type" and len(call.arguments) == 3
    if not (maker in _MAKERS or is_type) or not isinstance(name, str) or len(call.arguments) < _PAIR:
        return call
    made = Class(name, name, scope.outermost, expression[1] or (1, 1, 1, 1))
    made.is_called = True
    if is_type:
        bases, names = call.arguments[1:]
        known = type(bases) is tuple and type(names) is dict and all(isinstance(key, str) for key in names)
        made.bases, made.names = (
            (bases or (_OBJECT,), dict(names)) if known else ((Unknown("is made at run time"),), {})
        )
        return made
    if maker in _ENUMS:
        made.bases = (call.callee,)
        made.names = _values(call.arguments[1])
        return made
    fields = dict(_fields(call.arguments[1], expression[3][1]))
    made.annotations = fields
    made.bases = () if maker == "dataclasses.make_dataclass" else (call.callee,)
    if maker == "dataclasses.make_dataclass":
        made.decorators = (Construction(Reference("dataclasses.dataclass"), (), call.keywords, call.location),)
        made.bases = tuple(_bases(dict(call.keywords).get("bases", ())))
    elif maker == "collections.namedtuple":
        made.bases = (_NAMED_TUPLE,)
        defaults = iterate(dict(call.keywords).get("defaults", ()))
        if isinstance(defaults, list):
            made.names = dict(zip(list(fields)[len(fields) - len(defaults) :], defaults, strict=False))
    return made


def _values(value: Value) -> dict[str, Value]:
    """The names of the members that a call makes, with their values; names alone get those of `auto()`."""
    auto = Construction(Reference("enum.auto"), (), ())
    items = value.replace(",", " ").split() if isinstance(value, str) else iterate(value)
    if type(value) is dict:
        items = list(value.items())
    if isinstance(items, Unknown):
        return {}
    pairs = [(item, auto) if isinstance(item, str) else item for item in items]
    is_known = all(type(pair) in (tuple, list) and len(pair) == _PAIR and isinstance(pair[0], str) for pair in pairs)
    return dict(pairs) if is_known else {}


def _bases(value: Value) -> Iterator[Value]:
    yield from value if type(value) is tuple else (Unknown("bases that are made at run time"),)


def _fields(value: Value, expression: Expression) -> Iterator[tuple[str, Expression]]:
    """The names of the fields, with the expressions of their types as far as they are written out."""
    if isinstance(value, str):
        yield from ((word, _ANY) for word in value.replace(",", " ").split())
        return
    items = iterate(value)
    if isinstance(items, Unknown):
        return
    if expression[0] == "dict":
        yield from ((key[2], part) for key, part in expression[2] if key is not None and key[0] == "const")
        return
    parts = expression[2] if expression[0] in ("list", "tuple") else ()
    for index, item in enumerate(items):
        written: Expression = parts[index] if index < len(parts) else ("none",)
        if isinstance(item, str):
            yield item, _ANY
        elif type(item) is tuple and item and isinstance(item[0], str):
            is_written = written[0] == "tuple" and len(written[2]) >= _PAIR
            yield item[0], written[2][1] if is_written else _ANY
