"""What do Python's operators give on values?

Operators act on plain data with Python's own meaning, and on containers whose elements are not all known as far as the
elements do not matter. Everything else is `Unknown` with a reason; an operation that Python would reject is `Unknown`
too, and sizes are bounded, so that no text can make dagcheck spend unreasonable time or memory.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable
from typing import Any

from dagcheck.evaluation.enums import enum_members, is_enum, shows_its_value
from dagcheck.evaluation.guarding import LARGEST, guarded
from dagcheck.evaluation.ignorance import (
    derived,
    describe,
    differs_in_every_run,
    explain,
    is_data,
    is_plain,
    is_settled,
)
from dagcheck.evaluation.instances import compared_fields
from dagcheck.evaluation.lowering import compares_on_its_own, is_always_true, lowered, same_object
from dagcheck.evaluation.objects import MISSING, Bound, Class, Function, Generator, Instance, Lambda, Method, Model
from dagcheck.evaluation.values import (
    Alternatives,
    Construction,
    Forward,
    Module,
    Reference,
    Rest,
    Subscripted,
    Text,
    Unknown,
    Value,
)

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "Pow": operator.pow,
    "LShift": operator.lshift,
    "RShift": operator.rshift,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "BitAnd": operator.and_,
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}
OF_SETS = {name: _BINARY[name] for name in ("BitAnd", "BitOr", "BitXor", "Sub")}
"""The operators that sets have."""
_UNARY: dict[str, Callable[[Any], Any]] = {
    "UAdd": operator.pos,
    "USub": operator.neg,
    "Invert": operator.invert,
}
_TYPE_LIKE = (Reference, Class, Subscripted, Alternatives, Forward)


def binary(name: str, left: Value, right: Value) -> Value:
    """`left <op> right`, the operator by the name of its `ast` class."""
    return derived(_combined(name, left, right), name, left, right)


def _combined(name: str, left: Value, right: Value) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return left if isinstance(left, Unknown) else right
    if name == "Mod" and isinstance(left, str) and _has_text_of_its_own(right):
        return explain(right)
    left, right = lowered(left), lowered(right)
    model = next((side for side in (left, right) if isinstance(side, Model)), None)
    if model is not None:
        return model.operate(name, left, right)
    if name == "BitOr" and (_is_type(left) or _is_type(right)):
        return Alternatives((*_members(left), *_members(right)))
    if type(left) is type(right) and name in ("Add", "BitOr") and type(left) in (list, tuple, dict):
        return guarded(_BINARY[name], left, right)
    repeats = name == "Mult" and type(left) in (list, tuple) and isinstance(right, int)
    if not repeats and not (is_plain(left) and is_plain(right)):
        return explain(left if not is_plain(left) else right)
    if name == "Mod" and isinstance(left, str) and differs_in_every_run(right):
        return Unknown("is different in every run")
    if _explodes(name, left, right):
        return Unknown("is too large to compute")
    return guarded(_BINARY[name], left, right) if name in _BINARY else Unknown("uses matrix multiplication")


def _has_text_of_its_own(value: Value) -> bool:
    """Is something shown that is no plain value, or whose text is not that of the plain value that it stands for?"""
    parts = value if type(value) is tuple else (value,)
    return any(
        isinstance(part, Instance) and "_value_" in part.fields and not shows_its_value(part.of) for part in parts
    )


def unary(name: str, operand: Value) -> Value:
    """`<op> operand`; `not` follows `truth`."""
    if name == "Not":
        result = truth(operand)
        return result if isinstance(result, Unknown) else not result
    return guarded(_UNARY[name], operand) if is_plain(operand) else derived(explain(operand), name)


def compare(name: str, left: Value, right: Value) -> bool | Unknown:
    """One comparison, the operator by the name of its `ast` class."""
    result: bool | Unknown = derived(_comparison(name, left, right), name, left, right)
    return result


def _comparison(name: str, left: Value, right: Value) -> bool | Unknown:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return left if isinstance(left, Unknown) else right
    if name in ("Is", "IsNot"):
        same = _identity(left, right)
        return same if isinstance(same, Unknown) or name == "Is" else not same
    if name in ("In", "NotIn"):
        found = contains(right, left)
        return found if isinstance(found, Unknown) or name == "In" else not found
    return _compared(name, left, right)


def _compared(name: str, left: Value, right: Value) -> bool | Unknown:
    same = same_object(left, right) if name in ("Eq", "NotEq") else None
    if same is not None:
        return same == (name == "Eq")
    left, right = lowered(left), lowered(right)
    if name in ("Eq", "NotEq") and isinstance(left, Instance) and isinstance(right, Instance):
        return _equal_fields(name, left, right)
    if name in ("Eq", "NotEq") and _equals_no_data(left, right):
        return name == "NotEq"
    model = next((side for side in (left, right) if isinstance(side, Model)), None)
    if model is not None:
        found = model.operate(name, left, right)
        return found if isinstance(found, (bool, Unknown)) else explain(found)
    if is_plain(left) and is_plain(right):
        result: bool | Unknown = guarded(COMPARE[name], left, right)
        return result
    if name in ("Eq", "NotEq") and left is right:
        return name == "Eq"
    return explain(left if not is_plain(left) else right)


def _equals_no_data(left: Value, right: Value) -> bool:
    """Is one side plain data and the other an object of a project class that compares as all objects do?"""
    own, other = (left, right) if isinstance(left, Instance) else (right, left)
    return isinstance(own, Instance) and is_plain(other) and not compares_on_its_own(own.of)


def _equal_fields(name: str, left: Instance, right: Instance) -> bool | Unknown:
    """Dataclasses compare their fields, unless they say otherwise."""
    if compares_on_its_own(left.of) or compares_on_its_own(right.of):
        return explain(left)
    if left.key is not MISSING and right.key is not MISSING:
        return (left == right) == (name == "Eq")
    names = compared_fields(left.of)
    sides = [
        {part: side.fields[part] for part in names or side.fields if part in side.fields} for side in (left, right)
    ]
    if sides[0].keys() != sides[1].keys() or not all(is_plain(value) for side in sides for value in side.values()):
        return explain(left)
    return (sides[0] == sides[1]) == (name == "Eq")


def truth(value: Value) -> bool | Unknown:
    """Whether a value counts as true."""
    value = lowered(value)
    if is_plain(value):
        return bool(value)
    if type(value) in (list, tuple, dict, set, frozenset):
        return True if any(not isinstance(item, Rest) for item in value) else explain(value)
    if isinstance(value, Model):
        return value.truth()
    if isinstance(value, (Class, Module)) or type(value).__name__ in ("Function", "Lambda"):
        return True
    if isinstance(value, Instance) and is_always_true(value.of):
        return True
    if isinstance(value, Reference) and value.name == "typing.TYPE_CHECKING":
        return False
    if isinstance(value, Reference) and value.name.startswith("builtins."):
        return True if isinstance(getattr(builtins, value.name[9:], None), type) else explain(value)
    return explain(value)


def contains(container: Value, item: Value) -> bool | Unknown:
    """`item in container`."""
    if isinstance(container, Model):
        return container.contains(item)
    if isinstance(container, Class) and isinstance(item, Instance) and is_enum(container):
        return item in enum_members(container).values()
    container, item = lowered(list(container) if type(container) is dict else container), lowered(item)
    if is_plain(container) and is_plain(item):
        result: bool | Unknown = guarded(operator.contains, container, item)
        return result
    if not is_data(container) or type(container) in (str, Text, bytes, range):
        return explain(item if is_data(container) else container)
    answers = [part.unknown if isinstance(part, Rest) else _same(item, part) for part in container]
    return True if True in answers else next((part for part in answers if isinstance(part, Unknown)), False)


def _same(left: Value, right: Value) -> bool | Unknown:
    """Are two elements equal, where one of them may be something that equals nothing but itself?"""
    if is_settled(left) and is_settled(right):
        return bool(left == right)
    return compare("Eq", left, right)


def subscript(owner: Value, index: Value) -> Value:
    """`owner[index]` on plain data, or a subscription of a type."""
    if isinstance(owner, Unknown):
        return owner
    owner, index = lowered(owner), lowered(index)
    if isinstance(owner, Model):
        return owner.item(index)
    if isinstance(owner, (Reference, Class, Subscripted)):
        return Subscripted(owner, tuple(index) if type(index) is tuple else (index,))
    if isinstance(owner, Construction):
        return Unknown(explain(owner).reason, owner.location)
    if isinstance(index, Unknown):
        return derived(index, "key", owner)
    if type(owner) is dict:
        return _lookup(owner, index)
    if not is_data(owner) or not is_plain(index):
        return explain(owner if not is_data(owner) else index)
    if type(owner) in (list, tuple) and any(isinstance(item, Rest) for item in owner):
        return explain(owner)
    return guarded(operator.getitem, owner, index)


def looked_up(owner: dict[Value, Value], index: Value) -> Value:
    """The value under a key, `MISSING` where the dictionary certainly has no such key."""
    if not is_settled(index):
        own = next((key for key in owner if _is_one(key, index)), MISSING)
        return owner[own] if own is not MISSING else explain(index)
    try:
        if index in owner:
            return owner[index]
    except TypeError as error:
        return Unknown(f"raises TypeError: {error}")
    unclear = next((key for key in owner if not is_settled(key)), None)
    return MISSING if unclear is None else explain(unclear)


def _is_one(left: Value, right: Value) -> bool:
    """Are these the same class, function or module?"""
    if isinstance(left, (Class, Function)):
        return left is right
    return isinstance(left, (Module, Reference)) and left == right


def _lookup(owner: dict[Value, Value], index: Value) -> Value:
    found = looked_up(owner, index)
    if isinstance(found, Unknown) and not is_settled(index):
        return derived(found, "key", owner)
    return Unknown(f"raises KeyError: {describe(index)}") if found is MISSING else found


def _is_type(value: Value) -> bool:
    return isinstance(value, _TYPE_LIKE) or (isinstance(value, Construction) and not is_data(value))


def _members(value: Value) -> tuple[Value, ...]:
    return value.members if isinstance(value, Alternatives) else (value,)


_OBJECTS = (Bound, Class, Function, Generator, Instance, Lambda, Method, Model, Module)
"""What is certainly an object of its own: neither None nor true or false."""


def _identity(left: Value, right: Value) -> bool | Unknown:
    singletons = (type(None), bool, type(...))
    if isinstance(left, singletons) or isinstance(right, singletons):
        other = right if isinstance(left, singletons) else left
        if is_data(other) or isinstance(other, _OBJECTS):
            return left is right
        # A reference may be anything, None included, unless its last part looks like a class or a function we import.
        return explain(other)
    if isinstance(left, Reference) and isinstance(right, Reference) and left.name == right.name:
        return True
    both_builtin = all(isinstance(side, Reference) and side.name.startswith("builtins.") for side in (left, right))
    if both_builtin or all(isinstance(side, (Instance, Class)) for side in (left, right)):
        return left is right
    return True if left is right else Unknown("compares identities")


def _explodes(name: str, left: Value, right: Value) -> bool:
    if name == "Mult":
        sizes = [len(side) for side in (left, right) if isinstance(side, (str, bytes, list, tuple))]
        factor = next((side for side in (left, right) if isinstance(side, int)), 1)
        return bool(sizes) and sizes[0] * max(factor, 1) > LARGEST
    if name in ("Pow", "LShift") and isinstance(left, int) and isinstance(right, int):
        return left.bit_length() * max(right, 0) > LARGEST if name == "Pow" else right > LARGEST
    if name == "Mod" and isinstance(left, (str, bytes)):
        return any(
            len(digits) > 3 for digits in "".join(c if c.isdigit() else " " for c in str(left)).split()
        ) or "*" in str(left)
    return isinstance(left, int) and left.bit_length() > LARGEST
