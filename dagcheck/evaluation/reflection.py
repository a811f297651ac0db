"""What do Python's functions about objects give: `getattr`, `hasattr`, `setattr`, `vars`, `type`, `isinstance`, `callable`?"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping

from dagcheck.evaluation.attributes import attribute, outside_base, own_bases
from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Bound, Class, Function, Instance, Lambda
from dagcheck.evaluation.targets import set_attribute
from dagcheck.evaluation.values import Alternatives, Member, Module, Reference, Subscripted, Unknown, Value

_DATA_TYPES: Mapping[str, type] = {
    kind.__name__: kind for kind in (str, int, float, bool, list, tuple, dict, set, frozenset, bytes)
}


def _getattr(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) < 2 or not isinstance(arguments[1], str):
        return explain(arguments[-1]) if arguments else Unknown("raises TypeError")
    found = attribute(machine, arguments[0], arguments[1])
    if len(arguments) > 2 and _is_missing(arguments[0], found):
        return arguments[2]
    return found


def _hasattr(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 2 or not isinstance(arguments[1], str):
        return explain(arguments[-1]) if arguments else Unknown("raises TypeError")
    found = attribute(machine, arguments[0], arguments[1])
    if _is_missing(arguments[0], found):
        return False
    return explain(found) if isinstance(found, (Unknown, Member)) else True


def _is_missing(owner: Value, found: Value) -> bool:
    """Has an object or a class of the project certainly no such attribute?"""
    if isinstance(owner, Class) and isinstance(found, Member):
        return outside_base(owner) is None and not found.name.startswith("__")
    if isinstance(owner, Instance) and isinstance(found, Bound):
        return outside_base(owner.of) is None and not found.name.startswith("__")
    return False


def _setattr(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 3 or not isinstance(arguments[1], str):
        return explain(arguments[1]) if len(arguments) > 1 else Unknown("raises TypeError")
    set_attribute(machine, arguments[0], arguments[1], arguments[2])
    return None


def _vars(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    owner = arguments[0] if len(arguments) == 1 else None
    if isinstance(owner, Class):
        return {name: value for name, value in owner.names.items() if not name.startswith("__member_")}
    if isinstance(owner, Instance):
        return {name: value for name, value in owner.fields.items() if name != "_fields"}
    return MISSING


def _type(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 1 or keywords or arguments[0] is None:
        return MISSING
    value = arguments[0]
    if isinstance(value, Instance):
        return value.of
    return Reference(f"builtins.{type(value).__name__}") if is_data(value) and value is not ... else MISSING


def _is_type_or_code(value: Value) -> bool:
    """Is a value certainly a class, a function or a module?"""
    if isinstance(value, Reference) and value.name.startswith("builtins."):
        return isinstance(getattr(builtins, value.name[9:], None), type)
    return isinstance(value, (Class, Function, Lambda, Module, Subscripted, Alternatives))


def _is_data_type(value: Value) -> bool:
    return isinstance(value, Reference) and value.name.removeprefix("builtins.") in _DATA_TYPES


def _each(wanted: Value) -> tuple[Value, ...]:
    return wanted if type(wanted) is tuple else (wanted,)


def _isinstance(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) == 2 and isinstance(arguments[0], Instance):
        wanted = _each(arguments[1])
        is_one = any(_derives(arguments[0].of, part) for part in wanted)
        all_own = all(
            isinstance(part, Class) and all(isinstance(base, Class) for base in part.bases) for part in wanted
        )
        return True if is_one else False if all_own else Unknown("tests a type that is not followed")
    if (
        len(arguments) == 2
        and _is_type_or_code(arguments[0])
        and all(_is_data_type(part) for part in _each(arguments[1]))
    ):
        return False
    if len(arguments) != 2 or not is_data(arguments[0]):
        return explain(arguments[0]) if arguments else Unknown("raises TypeError")
    wanted = _each(arguments[1])
    names = [part.name.removeprefix("builtins.") if isinstance(part, Reference) else "" for part in wanted]
    if any(name not in _DATA_TYPES for name in names):
        return Unknown("tests a type that is not followed")
    return isinstance(arguments[0], tuple(_DATA_TYPES[name] for name in names))


def _derives(owner: Value, wanted: Value) -> bool:
    """Is a class another one of the project, or derived from it?"""
    return owner is wanted or (isinstance(owner, Class) and any(_derives(base, wanted) for base in own_bases(owner)))


def _callable(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) == 1 and isinstance(arguments[0], (Function, Lambda, Class)):
        return True
    return False if len(arguments) == 1 and is_data(arguments[0]) else Unknown("may be callable or not")


FUNCTIONS: Mapping[str, Callable[[Machine, list[Value], dict[str, Value]], Value]] = {
    "callable": _callable,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "isinstance": _isinstance,
    "setattr": _setattr,
    "type": _type,
    "vars": _vars,
}
