"""Which plain value does an object of a project class stand for?

A NamedTuple is a tuple, a member of an Enum that is also a text or a number is that text or number: operators and methods that the
class does not bring itself work on these. Terms: to *lower* an object is to take the plain value in its place.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.objects import Class, Instance
from dagcheck.evaluation.values import Reference, Value

_MIXED = frozenset({"enum.IntEnum", "enum.StrEnum", "enum.IntFlag"})
_SILENT = [Reference(name) for name in ("builtins.object", "abc.ABC", "enum.Enum", "typing.Protocol")]
"""Bases that say nothing about truth."""
_PLAIN = frozenset({"builtins.str", "builtins.int", "builtins.float", "builtins.bytes"})


def lowered(value: Value) -> Value:
    """The plain value that an object stands for; any other value as it is."""
    if not isinstance(value, Instance):
        return value
    if "_fields" in value.fields:
        return tuple([value.fields[name] for name in value.fields["_fields"]])
    return value.fields["value"] if "value" in value.fields and _is_mixed(value.of) else value


def derives(owner: Class, name: str) -> bool:
    """Does a class derive from the one of this name outside the project?"""
    return any(derives(base, name) if isinstance(base, Class) else base == Reference(name) for base in owner.bases)


def lowered_throughout(value: Value) -> Value:
    """A value with plain texts and numbers in the place of the members of Enums that are such, inside of containers too."""
    if isinstance(value, Instance):
        return value if "_fields" in value.fields else lowered(value)
    if type(value) is dict:
        return {lowered_throughout(key): lowered_throughout(item) for key, item in value.items()}
    return type(value)(map(lowered_throughout, value)) if type(value) in (list, tuple, set, frozenset) else value


def same_object(left: Value, right: Value) -> bool | None:
    """Are two objects of project classes equal? None where their class may say something of its own."""
    if not isinstance(left, Instance) or not isinstance(right, Instance):
        member, other = (left, right) if isinstance(left, Instance) else (right, left)
        return False if _is_mere_member(member) and is_plain(other) else None
    if left is right:
        return True
    if left.of is not right.of or "__eq__" in left.of.names:
        return None if "__eq__" in left.of.names or "__eq__" in right.of.names else False
    if "_value_" in left.fields:
        return bool(left.fields.get("name") == right.fields.get("name"))
    return None


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


def _is_mixed(owner: Class) -> bool:
    names = {base.name for base in owner.bases if isinstance(base, Reference)}
    return bool(names & _MIXED or names & _PLAIN) or any(
        _is_mixed(base) for base in owner.bases if isinstance(base, Class)
    )
