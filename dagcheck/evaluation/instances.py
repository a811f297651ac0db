"""What does calling a project class give?

Dataclasses and NamedTuples whose fields can be bound become `Instance`s, Enum classes look a member up by value. All other
classes run code of their own when called: the call is kept as a `Construction`.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.iteration import enum_members, is_enum, iterate
from dagcheck.evaluation.objects import MISSING, Class, Function, Instance, Scope
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.span import Location

_NAMED_TUPLE_MAKERS = frozenset({"collections.namedtuple", "typing.NamedTuple"})


def instantiate(
    owner: Class, arguments: list[Value], keywords: list[tuple[str, Value]], location: Location | None
) -> Value:
    """The value of `owner(*arguments, **keywords)`."""
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
    values["_fields"] = tuple(fields) if is_named_tuple(owner) else ()
    if not is_named_tuple(owner):
        del values["_fields"]
    return Instance(owner, values)


def call_named_tuple(made: Construction, arguments: list[Value], keywords: list[tuple[str, Value]]) -> Value:
    """An object of a class that `namedtuple(...)` made; `MISSING` for the call of anything else."""
    fields = named_tuple_fields(made)
    if fields is None:
        return MISSING
    given = {**fields, **dict(zip(fields, arguments, strict=False)), **dict(keywords)}
    wrong = (
        len(arguments) > len(fields) or len(given) > len(fields) or any(value is MISSING for value in given.values())
    )
    if wrong or any(isinstance(value, Rest) for value in given.values()):
        return Unknown("raises TypeError: is called with arguments that it does not take")
    return Instance(_named_tuple_class(made), {**given, "_fields": tuple(fields)})


def named_tuple_fields(made: Construction) -> dict[str, Value] | None:
    """The fields of a class that `namedtuple(...)` makes, with their defaults; None where it makes none, or they are not known."""
    name = made.callee.name if isinstance(made.callee, Reference) else ""
    if name not in _NAMED_TUPLE_MAKERS or len(made.arguments) != 2:
        return None
    names = (
        made.arguments[1].replace(",", " ").split()
        if isinstance(made.arguments[1], str)
        else iterate(made.arguments[1])
    )
    if isinstance(names, Unknown):
        return None
    if name == "typing.NamedTuple":
        names = [part[0] if type(part) is tuple and part else part for part in names]
    defaults = iterate(dict(made.keywords).get("defaults", ()))
    if isinstance(defaults, Unknown) or not all(isinstance(part, str) for part in names):
        return None
    first = len(names) - len(defaults)
    return {part: MISSING if index < first else defaults[index - first] for index, part in enumerate(names)}


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
    """`dataclasses.field(default=...)` and `field(default_factory=list)` stand for what they make."""
    if not (isinstance(default, Construction) and default.callee == Reference("dataclasses.field")):
        return default
    given = dict(default.keywords)
    if "default" in given:
        return given["default"]
    factory = given.get("default_factory", MISSING)
    if isinstance(factory, Reference) and factory.name in ("builtins.list", "builtins.dict", "builtins.set"):
        return {"builtins.list": list, "builtins.dict": dict, "builtins.set": set}[factory.name]()
    return MISSING if factory is MISSING else Unknown("depends on a default factory", default.location)


def _is_dataclass(owner: Class) -> bool:
    callees = [part.callee if isinstance(part, Construction) else part for part in owner.decorators]
    return Reference("dataclasses.dataclass") in callees


def is_named_tuple(owner: Class) -> bool:
    """Does the class derive from `NamedTuple` directly?"""
    return any(isinstance(base, Reference) and base.name.endswith(".NamedTuple") for base in owner.bases)


def _named_tuple_class(made: Construction) -> Class:
    """The class that stands for what `namedtuple(...)` made."""
    path = made.location.path if made.location is not None else ""
    place = tuple(made.location.span) if made.location is not None else (0, 0, 0, 0)
    owner = Class(str(made.arguments[0]), str(made.arguments[0]), Scope("", path), place)  # type: ignore[arg-type]
    owner.bases = (Reference("typing.NamedTuple"),)
    return owner
