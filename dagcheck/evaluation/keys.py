"""Under which key of a dictionary does a value stand?

Keys may be more than plain data: members of an Enum, named tuples, classes, modules. What a key equals is asked as Python would ask it,
as far as that can be told without running code of the project.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.lowering import lowered, same_object
from dagcheck.evaluation.objects import MISSING, Class, Function
from dagcheck.evaluation.values import Module, Reference, Rest, Unknown, Value


def key_for(owner: dict[Value, Value], index: Value) -> Value:
    """The key of the dictionary that equals `index`; `MISSING` where there is certainly none, `Unknown` where that cannot be told."""
    if isinstance(index, Unknown):
        return index
    if is_plain(index):
        try:
            if index in owner:
                return index
        except TypeError as error:
            return Unknown(f"raises TypeError: {error}")
    open_ = None
    for key in owner:
        equal = None if isinstance(key, (Rest, Unknown)) else equals(key, index)
        if equal:
            return key
        if equal is None and open_ is None:
            open_ = explain(index if is_plain(key) else key)
    return MISSING if open_ is None else open_


def equals(left: Value, right: Value) -> bool | None:
    """Are two values equal? None where that cannot be told."""
    same = same_object(left, right)
    if same is not None:
        return same
    left, right = lowered(left), lowered(right)
    if is_plain(left) and is_plain(right):
        return bool(left == right)
    is_one = (
        left is right
        if isinstance(left, (Class, Function))
        else isinstance(left, (Module, Reference)) and left == right
    )
    return True if is_one else None
