"""Does Hamilton take a value for an input of a type, when it runs?

`hamilton.htypes.check_input_type`, for values that are plain data: `None` always passes; a class takes its instances, so that a
bool is an int and an int is no float; a value whose class is the origin of a generic type passes whatever its elements are;
of other sequences the first element alone counts. Types that take values of classes unseen here give no answer.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterable, Sequence
from typing import Any

from dagcheck.types.model import ClassType, GenericType, LiteralType, Type, UnionType

_CLASSES: dict[str, type] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "bytes": bytes,
    "complex": complex,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "set": set,
    "frozenset": frozenset,
    "object": object,
}
_ORIGINS: dict[str, type] = {
    **{name: _CLASSES[name] for name in ("list", "dict", "set", "frozenset")},  # tuples with arguments go their own way
    "typing.List": list,
    "typing.Dict": dict,
    "typing.Set": set,
    "typing.FrozenSet": frozenset,
    "typing.Sequence": Sequence,
    "collections.abc.Sequence": Sequence,
    "typing.Iterable": Iterable,
    "collections.abc.Iterable": Iterable,
}
_STRANGERS = ("pandas.", "numpy.", "polars.")
"""Packages whose classes no plain value is an instance of, but for scalars of numpy, which are no plain values."""


def takes(type_: Type, value: Any) -> bool | None:
    """Whether the value passes; None where that is not known."""
    if value is None:
        return True
    if isinstance(type_, ClassType):
        return _class_takes(type_.name, value)
    if isinstance(type_, UnionType):
        answers = [takes(member, value) for member in type_.members]
        return True if True in answers else None if None in answers else False
    if isinstance(type_, LiteralType):
        return _literal_takes(type_, value)
    if isinstance(type_, GenericType):
        return _generic_takes(type_, value)
    return None


def _class_takes(name: str, value: Any) -> bool | None:
    if name == "NoneType":
        return False
    known = _CLASSES.get(name)
    if known is not None:
        return isinstance(value, known)
    return False if name.startswith(_STRANGERS) else None


def _literal_takes(type_: LiteralType, value: Any) -> bool | None:
    if any(kind == "?" for kind, _ in type_.values):
        return None
    try:
        return value in [literal_eval(text) for _, text in type_.values]
    except (ValueError, SyntaxError, TypeError):
        return None


def _generic_takes(type_: GenericType, value: Any) -> bool | None:
    origin = _ORIGINS.get(type_.name)
    if origin is None:
        return None
    own = str if isinstance(value, str) else type(value)
    if origin is own:
        return True
    wanted = (list, tuple, Sequence) if origin in (list, Sequence) else (set, Iterable)
    if origin not in (list, Sequence, set, Iterable) or not isinstance(value, wanted):
        return False
    if not type_.arguments or not value:
        return True
    if isinstance(value, (set, frozenset)) and len(value) > 1:
        return None  # which element comes first is chance
    first, inner = next(iter(value)), type_.arguments[0]
    if first is not None:
        return takes(inner, first)
    return False if isinstance(inner, ClassType) and inner.name in _CLASSES.keys() - {"object"} else None
