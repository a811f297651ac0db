"""What does calling a project class give?

Dataclasses and NamedTuples whose fields can be bound become `Instance`s, Enum classes look a member up by value. All other
classes run code of their own when called: the call is kept as a `Construction`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.iteration import enum_members, is_enum
from dagcheck.evaluation.objects import MISSING, Class, Function, Instance
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.span import Location


class DefaultFactory(NamedTuple):
    """What makes the default of a field anew for each object."""

    function: Value
    kind: str = "default factory"


def instantiate(
    owner: Class,
    arguments: list[Value],
    keywords: list[tuple[str, Value]],
    location: Location | None,
    make: Callable[[Value], Value],
) -> Value:
    """The value of `owner(*arguments, **keywords)`; `make` calls a default factory."""
    if is_enum(owner) and len(arguments) == 1 and not keywords:
        members = enum_members(owner).values()
        found = next((m for m in members if is_plain(arguments[0]) and m.fields["value"] == arguments[0]), None)
        return found or Unknown(f"`{owner.name}` has no member with this value", location)
    fields = record_fields(owner)
    kept = Construction(owner, tuple(arguments), tuple(keywords), location)
    if fields is None or any(isinstance(value, Rest) for value in [*arguments, *dict(keywords).values()]):
        return kept
    if len(arguments) > len(fields) or any(name not in fields for name, _ in keywords):
        return Unknown(f"`{owner.name}` does not take these arguments", location)
    values = {**fields, **dict(zip(fields, arguments, strict=False)), **dict(keywords)}
    if any(value is MISSING for value in values.values()):
        return Unknown(f"`{owner.name}` misses an argument", location)
    values = {
        name: make(value.function) if isinstance(value, DefaultFactory) else value for name, value in values.items()
    }
    values["_fields"] = tuple(fields) if is_named_tuple(owner) else ()
    if not is_named_tuple(owner):
        del values["_fields"]
    return Instance(owner, values)


def record_fields(owner: Class) -> dict[str, Value] | None:
    """The fields of a dataclass or NamedTuple with their defaults (`MISSING`: none); None for any other class."""
    if not (_is_dataclass(owner) or is_named_tuple(owner)) or isinstance(owner.names.get("__init__"), Function):
        return None
    fields: dict[str, Value] = {}
    for base in owner.bases:
        if isinstance(base, Class):
            fields.update(record_fields(base) or {})
    for name in owner.annotations:
        default = owner.names.get(name, MISSING)
        fields[name] = _field_default(default)
    if isinstance(owner.names.get("__post_init__"), Function):
        return None
    return fields


def _field_default(default: Value) -> Value:
    """`dataclasses.field(default=...)` and `field(default_factory=...)` stand for what they make."""
    if not (isinstance(default, Construction) and default.callee == Reference("dataclasses.field")):
        return default
    given = dict(default.keywords)
    if "default" in given:
        return given["default"]
    factory = given.get("default_factory", MISSING)
    return MISSING if factory is MISSING else DefaultFactory(factory)


def _is_dataclass(owner: Class) -> bool:
    callees = [part.callee if isinstance(part, Construction) else part for part in owner.decorators]
    return Reference("dataclasses.dataclass") in callees


def is_named_tuple(owner: Class) -> bool:
    """Does the class derive from `NamedTuple` directly?"""
    return any(isinstance(base, Reference) and base.name.endswith(".NamedTuple") for base in owner.bases)
