"""What do `dataclasses.replace` and its kin give, and the methods that all NamedTuples have?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagcheck.evaluation.attributes import ancestry
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.instances import given_fields, is_named_tuple, record_fields
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Class, Instance, Scope
from dagcheck.evaluation.values import Reference, Subscripted, Unknown, Value

Function = Callable[[Machine, list[Value], dict[str, Value]], Value]

# --- functions on records


def _fields_of(value: Value) -> dict[str, Value] | None:
    """The fields of a dataclass or of one of its objects."""
    owner = value.of if isinstance(value, Instance) else value
    fields = record_fields(owner) if isinstance(owner, Class) else None
    return None if fields is None or is_named_tuple(owner) else fields


def _replace(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    owner = arguments[0] if arguments else None
    if not isinstance(owner, Instance) or _fields_of(owner) is None:
        return explain(owner)
    if owner.of is _NAMESPACE or not set(given_fields(owner.of)) <= owner.fields.keys():
        return explain(owner)
    given = {name: owner.fields[name] for name in given_fields(owner.of)}
    return machine.call(owner.of, [], list({**given, **keywords}.items()), None)


def _as_dict(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    owner = arguments[0] if len(arguments) == 1 else None
    fields = _fields_of(owner)
    if not isinstance(owner, Instance) or fields is None or keywords:
        return explain(owner)
    return {name: _deep(machine, owner.fields.get(name, MISSING)) for name in fields}


def _as_tuple(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    made = _as_dict(machine, arguments, keywords)
    return tuple(made.values()) if type(made) is dict else made


def _deep(machine: Machine, value: Value) -> Value:
    """A copy in which dataclasses have become dictionaries."""
    if isinstance(value, Instance) and _fields_of(value) is not None:
        return _as_dict(machine, [value], {})
    if type(value) in (list, tuple):
        return type(value)(_deep(machine, item) for item in value)
    return {key: _deep(machine, item) for key, item in value.items()} if type(value) is dict else value


def _fields(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    fields = _fields_of(arguments[0]) if len(arguments) == 1 else None
    if fields is None:
        return explain(arguments[0]) if arguments else Unknown("raises TypeError")
    owner = arguments[0].of if isinstance(arguments[0], Instance) else arguments[0]
    return tuple([Instance(_FIELD, {"name": name, "type": _type_of(machine, owner, name)}) for name in fields])


_FIELD = Class("Field", "Field", Scope("dataclasses", ""), (0, 0, 0, 0))


def _type_of(machine: Machine, owner: Class, name: str) -> Value:
    """The `type` of a field: its annotation, which is a text under postponed evaluation."""
    home = next((found for found in ancestry(owner) if name in found.annotations), owner)
    if "annotations" in home.scope.outermost.names or name not in home.annotations:
        return Unknown("is a text under postponed evaluation")
    return machine.evaluate(home.annotations[name], home.scope)


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


_NAMESPACE = Class("SimpleNamespace", "SimpleNamespace", Scope("types", ""), (0, 0, 0, 0))


def _namespace(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    given = arguments[0] if arguments else {}
    if len(arguments) > 1 or type(given) is not dict or not all(isinstance(name, str) for name in (*given, *keywords)):
        return explain(given)
    return Instance(_NAMESPACE, {**given, **keywords}, machine.guess)


def _type_arguments(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """`get_args(Literal["a", "b"])`: how a program lists what a parameter may be."""
    owner = arguments[0] if len(arguments) == 1 else None
    if not isinstance(owner, Subscripted) or owner.owner not in _LITERALS:
        return explain(owner)
    found: dict[tuple[type, Value], Value] = {}
    for part in owner.arguments:
        inner = _type_arguments(machine, [part], {}) if isinstance(part, Subscripted) else (part,)
        if not is_plain(inner):
            return explain(inner)
        found.update({(type(item), item): item for item in inner})
    return tuple(found.values())


_LITERALS = [Reference("typing.Literal"), Reference("typing_extensions.Literal")]

FUNCTIONS: Mapping[str, Function] = {
    "types.SimpleNamespace": _namespace,
    "typing.get_args": _type_arguments,
    "dataclasses.replace": _replace,
    "dataclasses.asdict": _as_dict,
    "dataclasses.astuple": _as_tuple,
    "dataclasses.fields": _fields,
    "dataclasses.is_dataclass": _is_dataclass,
    "copy.replace": _replace,
}
