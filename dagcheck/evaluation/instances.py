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
from dagcheck.evaluation.printing import show
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.source.syntax import Expression
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
    values = _bound(owner, fields, kept, make)
    if isinstance(values, Unknown):
        return values
    if is_named_tuple(owner):
        values["_fields"] = tuple(fields)
    return Instance(owner, values)


def fields_before(made: Construction, make: Callable[[Value], Value]) -> dict[str, Value] | None:
    """The fields of an object of a dataclass as `__post_init__` finds them; None where they cannot be told."""
    owner = made.callee
    assert isinstance(owner, Class)
    fields = dataclass_fields(owner)
    given = [*made.arguments, *[value for _, value in made.keywords]]
    if fields is None or any(isinstance(value, Rest) for value in given):
        return None
    values = _bound(owner, fields, made, make)
    return None if isinstance(values, Unknown) else values


def _bound(
    owner: Class, fields: dict[str, Value], made: Construction, make: Callable[[Value], Value]
) -> dict[str, Value] | Unknown:
    taken = [name for name in fields if not _is_not_given(owner, name)]
    if len(made.arguments) > len(taken) or any(name not in taken for name, _ in made.keywords):
        return Unknown(f"`{owner.name}` does not take these arguments", made.location)
    values = {name: value for name, value in fields.items() if name in taken or value is not MISSING}
    values.update({**dict(zip(taken, made.arguments, strict=False)), **dict(made.keywords)})
    if any(value is MISSING for value in values.values()):
        return Unknown(f"`{owner.name}` misses an argument", made.location)
    return {
        name: make(value.function) if isinstance(value, DefaultFactory) else value for name, value in values.items()
    }


def record_fields(owner: Class) -> dict[str, Value] | None:
    """The fields of a dataclass or NamedTuple with their defaults (`MISSING`: none); None for any other class."""
    if not (_is_dataclass(owner) or is_named_tuple(owner)) or isinstance(owner.names.get("__init__"), Function):
        return None
    fields = _fields_of(owner)
    return None if isinstance(owner.names.get("__post_init__"), Function) else fields


def dataclass_fields(owner: Class) -> dict[str, Value] | None:
    """The fields of a dataclass whose `__init__` is made of them; None for any other class."""
    return _fields_of(owner) if _is_dataclass(owner) and "__init__" not in owner.names else None


def is_field(owner: Class, name: str) -> bool:
    """Does the class, or a base in the project, annotate an attribute that each of its objects has for itself?"""
    if name in owner.annotations:
        return _kind_of(owner.annotations[name]) != "ClassVar"
    return any(isinstance(base, Class) and is_field(base, name) for base in owner.bases)


def _fields_of(owner: Class) -> dict[str, Value] | None:
    fields: dict[str, Value] = {}
    for base in owner.bases:
        if isinstance(base, Class):
            fields.update(record_fields(base) or {})
    for name, annotation in owner.annotations.items():
        kind = _kind_of(annotation)
        if kind in ("InitVar", "KW_ONLY"):
            return None
        if kind != "ClassVar":
            fields[name] = _field_default(owner.names.get(name, MISSING))
    return fields


def _kind_of(annotation: Expression) -> str:
    """The last word of an annotation's outermost name."""
    return show(annotation).strip("'\"").partition("[")[0].rpartition(".")[2]


def _is_not_given(owner: Class, name: str) -> bool:
    """`field(init=False)`: no argument sets it, but a default, or `__post_init__`."""
    if name in owner.annotations:
        default = owner.names.get(name)
        return isinstance(default, Construction) and dict(default.keywords).get("init") is False
    return any(isinstance(base, Class) and _is_not_given(base, name) for base in owner.bases)


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
