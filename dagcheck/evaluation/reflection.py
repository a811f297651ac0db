"""What do Python's functions about objects give: `getattr`, `hasattr`, `setattr`, `vars`, `type`, `isinstance`, `callable`?"""

from __future__ import annotations

import builtins
from collections import abc
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType

from dagcheck.evaluation.attributes import attribute, outside_base, own_bases
from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Bound, Class, Function, Instance, Lambda
from dagcheck.evaluation.targets import set_attribute
from dagcheck.evaluation.values import Alternatives, Member, Module, Reference, Subscripted, Unknown, Value

_CLASSES: Mapping[str, type] = {
    **{
        f"builtins.{kind.__name__}": kind
        for kind in (bool, bytes, dict, float, frozenset, int, list, set, str, tuple, type)
    },
    **{
        f"{module}.{name}": getattr(abc, name)
        for module in ("collections.abc", "typing")
        for name in ("Callable", "Collection", "Iterable", "Mapping", "MutableMapping", "MutableSequence", "Sequence")
    },
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


def _isinstance(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
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
    classes = [_CLASSES.get(part.name) if isinstance(part, Reference) else None for part in wanted]
    has_own_class = isinstance(arguments[0], Class) and arguments[0].bases  # an Enum can be iterated
    if None in classes or (has_own_class and any(part.__module__ == "collections.abc" for part in classes if part)):
        return Unknown("tests a type that is not followed")
    return isinstance(stand_in, tuple(filter(None, classes)))


def _stand_in(value: Value) -> Value:
    """Something of the same class as what a value stands for; the value itself where there is nothing."""
    if isinstance(value, Reference) and isinstance(getattr(builtins, value.name.removeprefix("builtins."), None), type):
        return _SomeClass
    return _STAND_INS.get(type(value), value)


def _derives(owner: Value, wanted: Value) -> bool:
    """Is a class another one of the project, or derived from it?"""
    return owner is wanted or (isinstance(owner, Class) and any(_derives(base, wanted) for base in own_bases(owner)))


def _callable(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) == 1 and isinstance(arguments[0], (Function, Lambda, Class)):
        return True
    is_none = len(arguments) == 1 and (is_data(arguments[0]) or isinstance(arguments[0], Module))
    return False if is_none else Unknown("may be callable or not")


FUNCTIONS: Mapping[str, Callable[[Machine, list[Value], dict[str, Value]], Value]] = {
    "callable": _callable,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "isinstance": _isinstance,
    "object.__setattr__": _setattr,
    "setattr": _setattr,
    "type": _type,
    "vars": _vars,
}
