"""How is what was found of drivers kept? As rows of built-in values, which `marshal` takes.

A record is a tuple headed by its class, other containers by their kind. What cannot be kept raises `UnstorableError`: functions, classes and
objects of the project, of which only an evaluation knows. Which choice would make something known is forgotten: the search is
over by then.
"""

from __future__ import annotations

from typing import Any

from dagcheck.dataflows.specification import (
    Asked,
    DataflowSpec,
    DriverCall,
    Found,
    Given,
    Materializer,
    SpecOrigin,
    Unresolved,
)
from dagcheck.evaluation.values import (
    Alternatives,
    Argument,
    Construction,
    Forward,
    Member,
    Module,
    Reference,
    Rest,
    Subscripted,
    Text,
    Unknown,
)
from dagcheck.names.modules import ProjectModule
from dagcheck.span import Location, Span

Row = Any

_RECORDS: dict[str, Any] = {
    record.__name__: record
    for record in (
        *(Alternatives, Argument, Asked, Construction, DataflowSpec, DriverCall, Forward, Found, Given, Location),
        *(Materializer, Member, Module, ProjectModule, Reference, Rest, Span, SpecOrigin, Subscripted, Unknown),
        Unresolved,
    )
}
SHAPE = repr(sorted((name, record._fields) for name, record in _RECORDS.items()))
"""What rows look like: where records have other fields, older rows are not to be read."""
_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, type(...)})
_CONTAINERS: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


class UnstorableError(Exception):
    """There is something that no row can hold."""


def to_row(value: Any) -> Row:
    """The row of a value. Raises `UnstorableError`."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Text:
        return ("Text", str(value), to_row(value.location))
    if kind is dict:
        return ("dict", *[(to_row(key), to_row(item)) for key, item in value.items()])
    if kind in (set, frozenset):
        return (kind.__name__, *sorted(map(to_row, value), key=repr))
    if kind in (list, tuple):
        return (kind.__name__, *map(to_row, value))
    if _RECORDS.get(kind.__name__) is not kind:
        raise UnstorableError
    if isinstance(value, Unknown):
        return (kind.__name__, value.reason, to_row(value.location))
    return (kind.__name__, *map(to_row, value))


def from_row(row: Row) -> Any:
    """The inverse of `to_row`."""
    if type(row) is not tuple:
        return row
    kind, *parts = row
    if kind == "Text":
        made = Text(parts[0])
        made.location = from_row(parts[1])
        return made
    if kind == "dict":
        return {from_row(key): from_row(item) for key, item in parts}
    if kind in _CONTAINERS:
        return _CONTAINERS[kind](map(from_row, parts))
    return _RECORDS[kind](*map(from_row, parts))
