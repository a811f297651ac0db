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

from dagcheck.evaluation.ignorance import derived, describe, explain, is_data, is_plain
from dagcheck.evaluation.keys import equals, key_for
from dagcheck.evaluation.lowering import is_always_true, lowered, same_object
from dagcheck.evaluation.objects import MISSING, Class, Instance, Model
from dagcheck.evaluation.values import (
    Alternatives,
    Construction,
    Forward,
    Module,
    Reference,
    Rest,
    Subscripted,
    Unknown,
    Value,
)

LARGEST = 20_000
"""Elements of a container, characters of a text, or bits of a number that an operation may produce."""

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
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}
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
    left, right = lowered(left), lowered(right)
    model = next((side for side in (left, right) if isinstance(side, Model)), None)
    if model is not None:
        return model.operate(name, left, right)
    if name in _OF_SETS and list in (type(left), type(right)):
        left, right = _as_set(left), _as_set(right)  # a list may stand for the keys of a dictionary
    if name == "BitOr" and (_is_type(left) or _is_type(right)):
        return Alternatives((*_members(left), *_members(right)))
    if type(left) is type(right) and name in ("Add", "BitOr") and type(left) in (list, tuple, dict):
        return guarded(_BINARY[name], left, right)
    if not (is_plain(left) and is_plain(right)):
        return explain(left if not is_plain(left) else right)
    if _explodes(name, left, right):
        return Unknown("is too large to compute")
    return guarded(_BINARY[name], left, right) if name in _BINARY else Unknown("uses matrix multiplication")


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
    model = next((side for side in (left, right) if isinstance(side, Model)), None)
    if model is not None:
        found = model.operate(name, left, right)
        return found if isinstance(found, (bool, Unknown)) else explain(found)
    if is_plain(left) and is_plain(right):
        result: bool | Unknown = guarded(_COMPARE[name], left, right)
        return result
    if name in ("Eq", "NotEq") and left is right:
        return name == "Eq"
    return explain(left if not is_plain(left) else right)


def _equal_fields(name: str, left: Instance, right: Instance) -> bool | Unknown:
    """Dataclasses compare their fields, unless they say otherwise."""
    if left.fields.keys() != right.fields.keys() or not all(
        map(is_plain, (*left.fields.values(), *right.fields.values()))
    ):
        return explain(left)
    return (left.fields == right.fields) == (name == "Eq")


def truth(value: Value) -> bool | Unknown:
    """Whether a value counts as true."""
    value = lowered(value)
    if is_plain(value):
        return bool(value)
    if type(value) in (list, tuple, dict, set, frozenset):
        return True if any(not isinstance(item, Rest) for item in value) else explain(value)
    if isinstance(value, (Class, Module, Model)) or type(value).__name__ in ("Function", "Lambda"):
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
    container, item = lowered(list(container) if type(container) is dict else container), lowered(item)
    if isinstance(item, Instance) and is_data(container):
        answers = [_compared("Eq", item, part) for part in container]
        return True if True in answers else next((part for part in answers if isinstance(part, Unknown)), False)
    if is_plain(container) and is_plain(item):
        result: bool | Unknown = guarded(operator.contains, container, item)
        return result
    if is_data(container) and is_plain(item):
        same = [equals(part, item) for part in container]
        return True if True in same else explain(container) if None in same else False
    return explain(item if is_data(container) else container)


def subscript(owner: Value, index: Value) -> Value:
    """`owner[index]` on plain data, or a subscription of a type."""
    if isinstance(owner, Unknown):
        return derived(owner, "[]", index)
    owner = lowered(owner)
    if type(owner) is dict:
        return _lookup(owner, index)
    index = lowered(index)
    if isinstance(owner, (Reference, Class, Subscripted)):
        return Subscripted(owner, tuple(index) if type(index) is tuple else (index,))
    if isinstance(owner, Construction):
        return Unknown(explain(owner).reason, owner.location)
    if isinstance(index, Unknown):
        return derived(index, "key", owner)
    if not is_data(owner) or not is_plain(index):
        return explain(owner if not is_data(owner) else index)
    if type(owner) in (list, tuple) and any(isinstance(item, Rest) for item in owner):
        return explain(owner)
    return guarded(operator.getitem, owner, index)


def guarded(action: Callable[..., Value], *arguments: Value) -> Value:
    """`action(*arguments)`, an exception becoming `Unknown` with its words.

    That something has no hash does not count as one: what stands for a value may have none where the value itself does.
    """
    try:
        return action(*arguments)
    except Exception as error:  # noqa: BLE001  whatever Python's data types raise, the user's text is to blame
        words = f"{type(error).__name__}: {error}"[:200]
        is_ours = isinstance(error, TypeError) and "unhashable" in words
        return Unknown(f"may raise {words}" if is_ours else f"raises {words}")


def _lookup(owner: dict[Value, Value], index: Value) -> Value:
    key = key_for(owner, index)
    if key is MISSING:
        return Unknown(f"raises KeyError: {describe(index)}")
    return derived(key, "key", owner) if isinstance(key, Unknown) else owner[key]


def _is_type(value: Value) -> bool:
    return isinstance(value, _TYPE_LIKE) or (isinstance(value, Construction) and not is_data(value))


def _members(value: Value) -> tuple[Value, ...]:
    return value.members if isinstance(value, Alternatives) else (value,)


def _identity(left: Value, right: Value) -> bool | Unknown:
    singletons = (type(None), bool, type(...))
    if isinstance(left, singletons) or isinstance(right, singletons):
        other = right if isinstance(left, singletons) else left
        if is_data(other) or isinstance(other, (Class, Module, Instance, Model)) or callable(other):
            return left is right
        # A reference may be anything, None included, unless its last part looks like a class or a function we import.
        return explain(other)
    if isinstance(left, Reference) and isinstance(right, Reference) and left.name == right.name:
        return True
    both_builtin = all(isinstance(side, Reference) and side.name.startswith("builtins.") for side in (left, right))
    if both_builtin or all(isinstance(side, (Instance, Class)) for side in (left, right)):
        return left is right
    return True if left is right else Unknown("compares identities")


_OF_SETS = frozenset({"BitAnd", "BitOr", "BitXor", "Sub"})


def _as_set(value: Value) -> Value:
    return guarded(set, value) if type(value) is list and is_plain(value) else value


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
