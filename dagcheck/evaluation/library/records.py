"""What do `dataclasses.replace` and its kin give, and the methods that all NamedTuples have?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.instances import dataclass_fields, is_named_tuple, record_fields
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Class, Instance, Scope
from dagcheck.evaluation.values import Construction, Unknown, Value

Function = Callable[[Machine, list[Value], dict[str, Value]], Value]

# --- functions on records


def _fields_of(value: Value) -> dict[str, Value] | None:
    """The fields of a dataclass or of one of its objects."""
    owner = value.of if isinstance(value, Instance) else value
    return dataclass_fields(owner) if isinstance(owner, Class) else None


def _replace(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    owner = arguments[0] if arguments else None
    if not isinstance(owner, Instance) or record_fields(owner.of) is None or is_named_tuple(owner.of):
        return explain(owner)
    return Instance(owner.of, {**owner.fields, **keywords})


def _as_dict(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    owner = _object(machine, arguments[0]) if len(arguments) == 1 else None
    fields = _fields_of(owner)
    if not isinstance(owner, Instance) or fields is None or keywords:
        return explain(owner)
    return {name: _deep(machine, owner.fields.get(name, MISSING)) for name in fields}


def _as_tuple(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    made = _as_dict(machine, arguments, keywords)
    return tuple(made.values()) if type(made) is dict else made


def _object(machine: Machine, value: Value) -> Value:
    """The object that a call of a project class makes; any other value as it is."""
    return machine.object(value) if isinstance(value, Construction) and isinstance(value.callee, Class) else value


def _deep(machine: Machine, value: Value) -> Value:
    """A copy in which dataclasses have become dictionaries."""
    value = _object(machine, value)
    if isinstance(value, Instance) and _fields_of(value) is not None:
        return _as_dict(machine, [value], {})
    if type(value) in (list, tuple):
        return type(value)(_deep(machine, item) for item in value)
    return {key: _deep(machine, item) for key, item in value.items()} if type(value) is dict else value


def _fields(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    fields = _fields_of(arguments[0]) if len(arguments) == 1 else None
    if fields is None:
        return explain(arguments[0]) if arguments else Unknown("raises TypeError")
    owner = Class("Field", "Field", Scope("dataclasses", ""), (0, 0, 0, 0))
    return tuple([Instance(owner, {"name": name}) for name in fields])


def _is_dataclass(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    known = len(arguments) == 1 and (isinstance(arguments[0], (Instance, Class)) or is_plain(arguments[0]))
    return _fields_of(arguments[0]) is not None if known else Unknown("may be a dataclass or not")


def record_method(owner: Instance, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """What a method that all NamedTuples have gives; `MISSING` for any other."""
    names = owner.fields.get("_fields", ())
    if name == "_asdict" and names:
        return {part: owner.fields[part] for part in names}
    if name == "_replace" and names and not arguments and keywords.keys() <= set(names):
        return Instance(owner.of, {**owner.fields, **keywords})
    return MISSING


FUNCTIONS: Mapping[str, Function] = {
    "dataclasses.replace": _replace,
    "dataclasses.asdict": _as_dict,
    "dataclasses.astuple": _as_tuple,
    "dataclasses.fields": _fields,
    "dataclasses.is_dataclass": _is_dataclass,
    "copy.replace": _replace,
}
