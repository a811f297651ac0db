"""Which plain value does an object of a project class stand for?

A NamedTuple is a tuple, a member of an Enum that is also a text or a number is that text or number: operators and methods that the
class does not bring itself work on these. Terms: to *lower* an object is to take the plain value in its place.
"""

from __future__ import annotations

import operator

from dagcheck.evaluation.enums import mixed_type
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.objects import MISSING, Class, Instance
from dagcheck.evaluation.values import Construction, Member, Reference, Value

_SILENT = [Reference(name) for name in ("builtins.object", "abc.ABC", "enum.Enum", "typing.Protocol")]
"""Bases that say nothing about truth."""
_AS_OBJECTS = [
    *_SILENT,
    *(Reference(f"enum.{name}") for name in ("Flag", "IntEnum", "IntFlag", "ReprEnum", "StrEnum")),
    *(
        Reference(name)
        for name in ("builtins.float", "builtins.int", "builtins.str", "typing.Generic", "typing.NamedTuple")
    ),
]
"""Bases whose objects equal what they stand for, or nothing but themselves."""


def lowered(value: Value) -> Value:
    """The plain value that an object stands for; any other value as it is."""
    if not isinstance(value, Instance):
        return value
    if "_fields" in value.fields:
        return tuple([value.fields[name] for name in value.fields["_fields"]])
    return value.fields["value"] if "value" in value.fields and mixed_type(value.of) is not None else value


def with_plain_texts(value: Value) -> Value:
    """A value in which members of an Enum that are texts as well are just these texts, as they are to whoever asks for a text."""
    if isinstance(value, Instance):
        return value.key if isinstance(value.key, str) else value
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        parts = [with_plain_texts(part) for part in value]
        return value if all(map(operator.is_, parts, value)) else kind(parts)
    if kind is dict:
        pairs = [(with_plain_texts(key), with_plain_texts(part)) for key, part in value.items()]
        is_same = all(key is old and part is value[old] for (key, part), old in zip(pairs, value, strict=True))
        return value if is_same else dict(pairs)
    if kind is not Construction or not isinstance(value.callee, (Reference, Member)):
        return value
    arguments, keywords = with_plain_texts(value.arguments), with_plain_texts(value.keywords)
    callee: Value = value.callee
    if isinstance(callee, Member) and with_plain_texts(callee.owner) is not callee.owner:
        callee = callee._replace(owner=with_plain_texts(callee.owner))
    is_same = arguments is value.arguments and keywords is value.keywords and callee is value.callee
    return value if is_same else value._replace(callee=callee, arguments=arguments, keywords=keywords)


def same_object(left: Value, right: Value) -> bool | None:
    """Are two objects of project classes equal? None where their class may say something of its own."""
    if not isinstance(left, Instance) or not isinstance(right, Instance):
        member, other = (left, right) if isinstance(left, Instance) else (right, left)
        return False if _is_mere_member(member) and is_plain(other) else None
    if left is right:
        return True
    if compares_on_its_own(left.of) or compares_on_its_own(right.of):
        return None
    if left.of is not right.of:
        return None if left.key is not MISSING and right.key is not MISSING else False
    return False if "_value_" in left.fields or is_compared_by_identity(left.of) else None


def compares_on_its_own(owner: Class) -> bool:
    """May a class, or one above it, say itself which objects are equal?"""
    if "__eq__" in owner.names:
        return True
    return any(
        compares_on_its_own(base) if isinstance(base, Class) else base not in _AS_OBJECTS for base in owner.bases
    )


def is_compared_by_identity(owner: Class) -> bool:
    """Is a class a dataclass whose objects equal nothing but themselves (`eq=False`)?"""
    options = [dict(part.keywords) for part in owner.decorators if isinstance(part, Construction)]
    return any(given.get("eq") is False for given in options)


def _is_mere_member(value: Value) -> bool:
    """Is this a member of an Enum that is nothing but that, and equals only itself?"""
    if not isinstance(value, Instance) or "_value_" not in value.fields:
        return False
    return lowered(value) is value and "__eq__" not in value.of.names


def is_always_true(owner: Class) -> bool:
    """Do all objects of a class count as true, because nothing in it or above it says otherwise?"""
    if "__bool__" in owner.names or "__len__" in owner.names:
        return False
    return all(is_always_true(base) if isinstance(base, Class) else base in _SILENT for base in owner.bases)
