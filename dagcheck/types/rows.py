"""How is a type written down as plain data, and read back?

Rows are nested tuples of exact built-in types, a type told by its first part, its kind; JSON's lists do as well.
`from_row(to_row(x)) == x`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dagcheck.types import model
from dagcheck.types.model import Type

_TYPES: dict[str, Callable[..., Type]] = {
    "class": model.ClassType,
    "generic": model.GenericType,
    "union": model.UnionType,
    "annotated": model.AnnotatedType,
    "literal": model.LiteralType,
    "typevar": model.TypeVariable,
    "newtype": model.NewType,
    "any": model.AnyType,
    "object": model.ObjectType,
    "unknown": model.UnknownType,
}


def to_row(type_: Any) -> Any:
    """Nested types and their parts as nested plain tuples."""
    if isinstance(type_, tuple):
        return tuple([to_row(part) for part in type_])
    return type_


def from_row(row: Any) -> Type:
    """The inverse of `to_row`."""
    kind = row[0]
    if kind == "generic":
        return model.GenericType("generic", row[1], tuple([from_row(part) for part in row[2]]))
    if kind == "union":
        return model.UnionType("union", tuple([from_row(part) for part in row[1]]))
    if kind == "annotated":
        return model.AnnotatedType("annotated", from_row(row[1]), tuple(row[2]))
    if kind == "literal":
        return model.LiteralType("literal", tuple([(name, text) for name, text in row[1]]))
    return _TYPES[kind](*row)
