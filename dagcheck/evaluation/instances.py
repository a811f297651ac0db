"""What does calling a project class give?

Dataclasses and NamedTuples whose fields can be bound become `Instance`s, Enum classes look a member up by value. All other
classes run code of their own when called: the call is kept as a `Construction`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dagcheck.evaluation.enums import enum_members, is_enum
from dagcheck.evaluation.ignorance import is_plain, is_settled
from dagcheck.evaluation.objects import MISSING, Class, Function, Instance
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.source.syntax import Expression
from dagcheck.span import Location


class DefaultFactory(NamedTuple):
    """What makes the default of a field anew for each object."""

    function: Value
    kind: str = "default factory"


class Field(NamedTuple):
    """A field of a dataclass or NamedTuple: its default (`MISSING`: none), and where its value comes from and goes."""

    default: Value
    is_given: bool = True
    """Is it a parameter of `__init__`?"""
    by_name_only: bool = False
    is_kept: bool = True
    """Is it a field of the object, and not only handed to `__post_init__` (`InitVar`)?"""
    is_compared: bool = True


Fields = dict[str, Field]
Call = Callable[[Value, list[Value]], Value]
"""How a function is called."""


def instantiate(
    owner: Class,
    arguments: list[Value],
    keywords: list[tuple[str, Value]],
    location: Location | None,
    call: Call,
) -> Value:
    """The value of `owner(*arguments, **keywords)`; `call` calls default factories and `__post_init__`."""
    if is_enum(owner) and len(arguments) == 1 and not keywords:
        members = enum_members(owner).values()
        found = next((m for m in members if is_plain(arguments[0]) and m.fields["value"] == arguments[0]), None)
        return found or Unknown(f"`{owner.name}` has no member with this value", location)
    fields = _fields_of(owner)
    kept = Construction(owner, tuple(arguments), tuple(keywords), location)
    if fields is None or any(isinstance(value, Rest) for value in [*arguments, *dict(keywords).values()]):
        return kept
    values = _bound(fields, arguments, keywords)
    if isinstance(values, str):
        return Unknown(f"`{owner.name}` {values}", location)
    made = {
        name: call(value.function, []) if isinstance(value, DefaultFactory) else value
        for name, value in values.items()
        if value is not MISSING
    }
    instance = Instance(owner, {name: value for name, value in made.items() if fields[name].is_kept})
    if is_named_tuple(owner):
        instance.fields["_fields"] = tuple(fields)
    prepare = _method_of(owner, "__post_init__") if not is_named_tuple(owner) else None
    if prepare is not None:
        done = call(prepare, [instance, *(made[name] for name, field in fields.items() if not field.is_kept)])
        if done is not None:
            return done if isinstance(done, Unknown) else kept
    instance.key = _key(instance)
    return instance


def _bound(fields: Fields, arguments: list[Value], keywords: list[tuple[str, Value]]) -> dict[str, Value] | str:
    """The values of the fields, or what is wrong with the arguments."""
    by_place = [name for name, field in fields.items() if field.is_given and not field.by_name_only]
    given = dict(zip(by_place, arguments, strict=False))
    is_taken = {name for name, field in fields.items() if field.is_given} - given.keys()
    if len(arguments) > len(by_place) or any(name not in is_taken for name, _ in keywords):
        return "does not take these arguments"
    given.update(keywords)
    values = {name: given.get(name, field.default) for name, field in fields.items()}
    is_missed = any(value is MISSING and fields[name].is_given for name, value in values.items())
    return "misses an argument" if is_missed else values


def _key(instance: Instance) -> Value:
    """What an object is hashed as and equals: a NamedTuple as a tuple, a frozen dataclass as one of its class."""
    names = instance.fields.get("_fields")
    wanted = names if names is not None else compared_fields(instance.of)
    values = tuple([instance.fields.get(name) for name in wanted])
    if not all(map(is_settled, values)):
        return MISSING
    if names is not None:
        return values
    options = _options(instance.of)
    is_alike = options.get("frozen") is True and options.get("eq", True) is True
    return (instance.of, values) if is_alike and "__eq__" not in instance.of.names else MISSING


def compared_fields(owner: Class) -> list[str]:
    """The fields that tell whether two objects of a dataclass are equal."""
    return [name for name, field in (_fields_of(owner) or {}).items() if field.is_kept and field.is_compared]


def given_fields(owner: Class) -> list[str]:
    """The fields of a dataclass that a call gives."""
    return [name for name, field in (_fields_of(owner) or {}).items() if field.is_kept and field.is_given]


def record_fields(owner: Class) -> dict[str, Value] | None:
    """The fields of a dataclass or NamedTuple with their defaults (`MISSING`: none); None for any other class."""
    fields = _fields_of(owner)
    return None if fields is None else {name: field.default for name, field in fields.items() if field.is_kept}


def _fields_of(owner: Class) -> Fields | None:
    """The fields that a call of the class binds; None where it runs code of its own."""
    if isinstance(owner.names.get("__init__"), Function) or isinstance(owner.names.get("__new__"), Function):
        return None
    is_tuple = _is_named_tuple_itself(owner)
    if not (_is_dataclass(owner) or is_tuple):
        return _inherited(owner)
    options = _options(owner)
    if options.get("init", True) is not True:
        return None
    fields: Fields = {}
    for base in reversed(owner.bases):
        if isinstance(base, Class) and not is_tuple:
            fields.update(_fields_of(base) or {})
    by_name_only = options.get("kw_only") is True
    for name, annotation in owner.annotations.items():
        form = "" if is_tuple else _form(annotation)
        by_name_only = by_name_only or form == "KW_ONLY"
        if form not in ("ClassVar", "KW_ONLY"):
            fields[name] = _field(owner.names.get(name, MISSING), by_name_only, form != "InitVar")
    return fields


def _inherited(owner: Class) -> Fields | None:
    """The fields of a class that adds nothing to a dataclass or a NamedTuple above it that a call would notice."""
    if len(owner.bases) != 1 or not isinstance(owner.bases[0], Class) or owner.keywords:
        return None
    return None if is_enum(owner) or owner.decorators else _fields_of(owner.bases[0])


def _form(annotation: Expression) -> str:
    """The name of the special form of `typing` or `dataclasses` that an annotation is, "" for a type."""
    if annotation[0] == "subscript":
        return _form(annotation[2])
    words = annotation[2] if annotation[0] in ("name", "const") else annotation[-1]
    name = words.partition("[")[0].rpartition(".")[2] if isinstance(words, str) else ""
    return name if name in ("ClassVar", "InitVar", "KW_ONLY") else ""


def _field(default: Value, by_name_only: bool, is_kept: bool) -> Field:
    """`dataclasses.field(default=...)` and `field(default_factory=...)` stand for what they make."""
    if not (isinstance(default, Construction) and default.callee == Reference("dataclasses.field")):
        return Field(default, by_name_only=by_name_only, is_kept=is_kept)
    given = dict(default.keywords)
    factory = given.get("default_factory", MISSING)
    value = given.get("default", MISSING if factory is MISSING else DefaultFactory(factory))
    return Field(
        value,
        given.get("init", True) is True,
        given.get("kw_only", by_name_only) is True,
        is_kept,
        given.get("compare", True) is True,
    )


def _method_of(owner: Class, name: str) -> Function | None:
    """A function of this name that the class or a project class above it brings."""
    found = owner.names.get(name)
    if isinstance(found, Function):
        return found
    return next((made for base in owner.bases if isinstance(base, Class) and (made := _method_of(base, name))), None)


def _options(owner: Class) -> dict[str, Value]:
    """What the decorator that makes a dataclass is given."""
    made = next((part for part in owner.decorators if _makes_dataclass(part)), None)
    return dict(made.keywords) if isinstance(made, Construction) else {}


def _makes_dataclass(decorator: Value) -> bool:
    callee = decorator.callee if isinstance(decorator, Construction) else decorator
    return isinstance(callee, Reference) and callee.name == "dataclasses.dataclass"


def is_field(owner: Class, name: str) -> bool:
    """Does the class, or a base in the project, annotate an attribute that each of its objects has for itself?"""
    if name in owner.annotations:
        return _form(owner.annotations[name]) != "ClassVar"
    return any(isinstance(base, Class) and is_field(base, name) for base in owner.bases)


def _is_dataclass(owner: Class) -> bool:
    return any(map(_makes_dataclass, owner.decorators))


def _is_named_tuple_itself(owner: Class) -> bool:
    return any(isinstance(base, Reference) and base.name.endswith(".NamedTuple") for base in owner.bases)


def is_named_tuple(owner: Class) -> bool:
    """Does the class derive from `NamedTuple`, with nothing in between that changes how it is called?"""
    if _is_named_tuple_itself(owner):
        return True
    return len(owner.bases) == 1 and isinstance(owner.bases[0], Class) and is_named_tuple(owner.bases[0])
