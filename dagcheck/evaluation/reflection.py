"""What do Python's functions about objects give: `getattr`, `hasattr`, `setattr`, `vars`, `type`, `isinstance`, `callable`?"""

from __future__ import annotations

import builtins
import collections.abc
import numbers
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType

from dagcheck.evaluation.attributes import attribute, find_in_class, outside_base, own_bases
from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Bound, Class, Function, Instance, Lambda
from dagcheck.evaluation.targets import set_attribute
from dagcheck.evaluation.values import (
    Alternatives,
    Construction,
    Member,
    Module,
    Reference,
    Subscripted,
    Text,
    Unknown,
    Value,
)

_KNOWN: Mapping[str, type] = {
    **{kind.__name__: kind for kind in (bool, bytes, dict, float, frozenset, int, list, set, str, tuple, type)},
    "types.FunctionType": FunctionType,
    "types.ModuleType": ModuleType,
}
"""The classes outside the project of which something may be an object, by the names that code has for them."""


def _some_function() -> None:
    """Stands for functions of the project."""


class _SomeClass:
    """Stands for classes."""


_STAND_INS: Mapping[type, object] = {
    Module: ModuleType("module"),
    Function: _some_function,
    Lambda: _some_function,
    Class: _SomeClass,
    Subscripted: int | str,
    Alternatives: int | str,
}
"""What is of the same class as what these values stand for."""


def _stand_in(value: Value) -> Value:
    """Something of the same class as what a value stands for; the value itself where there is nothing."""
    if isinstance(value, Reference) and isinstance(getattr(builtins, value.name.removeprefix("builtins."), None), type):
        return _SomeClass
    return _STAND_INS.get(type(value), value)


def _getattr(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) < 2 or not isinstance(arguments[1], str):
        return explain(arguments[-1]) if arguments else Unknown("raises TypeError")
    found = attribute(machine, arguments[0], arguments[1])
    if len(arguments) > 2 and _is_missing(arguments[0], arguments[1], found):
        return arguments[2]
    return found


def _hasattr(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 2 or not isinstance(arguments[1], str):
        return explain(arguments[-1]) if arguments else Unknown("raises TypeError")
    found = attribute(machine, arguments[0], arguments[1])
    if _is_missing(arguments[0], arguments[1], found):
        return False
    is_open = isinstance(found, (Unknown, Member)) or (
        isinstance(found, Bound) and not hasattr(found.owner, found.name)
    )
    return explain(found) if is_open else True


def _is_missing(owner: Value, name: str, found: Value) -> bool:
    """Has an object or a class of the project certainly no such attribute?"""
    if isinstance(owner, Class) and isinstance(found, Member):
        return outside_base(owner) is None and not found.name.startswith("__")
    if isinstance(owner, Instance) and isinstance(found, (Bound, Unknown)):
        is_there = name in owner.fields or find_in_class(owner.of, name) is not MISSING
        return not is_there and outside_base(owner.of) is None and not name.startswith("__")
    if isinstance(found, Bound) and type(owner) in (str, Text, bytes, int, float, bool, tuple, type(None)):
        return not hasattr(owner, found.name)
    return False


def _setattr(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 3 or not isinstance(arguments[1], str):
        return explain(arguments[1]) if len(arguments) > 1 else Unknown("raises TypeError")
    set_attribute(machine, arguments[0], arguments[1], arguments[2])
    return None


def _vars(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    owner = arguments[0] if len(arguments) == 1 else None
    if isinstance(owner, Class):
        return dict(owner.names)
    if isinstance(owner, Instance):
        return {name: value for name, value in owner.fields.items() if name != "_fields"}
    return MISSING


def _type(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 1 or keywords or arguments[0] is None:
        return MISSING
    value = _object(machine, arguments[0])
    if isinstance(value, Instance):
        return value.of
    return Reference(f"builtins.{type(value).__name__}") if is_data(value) and value is not ... else MISSING


def _isinstance(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    arguments = [_object(machine, value) for value in arguments[:1]] + arguments[1:]
    if len(arguments) == 2 and isinstance(arguments[0], Instance):
        wanted = arguments[1] if type(arguments[1]) is tuple else (arguments[1],)
        is_one = any(_derives(arguments[0].of, part) for part in wanted)
        all_own = all(
            isinstance(part, Class) and all(isinstance(base, Class) for base in part.bases) for part in wanted
        )
        return True if is_one else False if all_own else Unknown("tests a type that is not followed")
    stand_in = _stand_in(arguments[0]) if arguments else None
    if len(arguments) != 2 or (stand_in is arguments[0] and not is_data(stand_in)):
        return explain(arguments[0]) if arguments else Unknown("raises TypeError")
    wanted = arguments[1] if type(arguments[1]) is tuple else (arguments[1],)
    names = [part.name.removeprefix("builtins.") if isinstance(part, Reference) else "" for part in wanted]
    types = [_KNOWN.get(name) or _abstract(name) for name in names]
    found = [kind for kind in types if kind is not None]
    if isinstance(arguments[0], Class) and any(kind.__module__ == "collections.abc" for kind in found):
        return Unknown("tests a type that is not followed")  # an Enum can be iterated
    if isinstance(stand_in, tuple(found)):
        return True
    return False if len(found) == len(types) else Unknown("tests a type that is not followed")


def _abstract(name: str) -> type | None:
    """An abstract class of `collections.abc` or `numbers`, which knows what Python's own data are."""
    module, _, own = name.rpartition(".")
    owner = {"collections.abc": collections.abc, "typing": collections.abc, "numbers": numbers}.get(module)
    found = getattr(owner, own, None)
    return found if isinstance(found, type) else None


def _object(machine: Machine, value: Value) -> Value:
    """The object that a call of a project class made; any other value as it is."""
    is_made = isinstance(value, Construction) and isinstance(value.callee, Class)
    return machine.object(value) if is_made and outside_base(value.callee) is None else value


def _derives(owner: Value, wanted: Value) -> bool:
    """Is a class another one of the project, or derived from it?"""
    return owner is wanted or (isinstance(owner, Class) and any(_derives(base, wanted) for base in own_bases(owner)))


def _callable(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) == 1 and isinstance(arguments[0], (Function, Lambda, Class)):
        return True
    is_none = len(arguments) == 1 and (is_data(arguments[0]) or isinstance(arguments[0], Module))
    return False if is_none else Unknown("may be callable or not")


def _made(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """`object.__new__(cls)`: an object of the class, before its `__init__`."""
    owner = arguments[0] if arguments else None
    return Instance(owner, {}, machine.guess) if isinstance(owner, Class) else explain(owner)


FUNCTIONS: Mapping[str, Callable[[Machine, list[Value], dict[str, Value]], Value]] = {
    "callable": _callable,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "isinstance": _isinstance,
    "object.__new__": _made,
    "object.__setattr__": _setattr,
    "setattr": _setattr,
    "type": _type,
    "vars": _vars,
}
