"""Which members does an Enum class have, and what are they worth?

Members are made once, when the class is: from what its body binds, with values of `auto()`, aliases and all that mixed-in types make of a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.objects import MISSING, Class, Function, Instance, Lambda
from dagcheck.evaluation.values import Alternatives, Construction, Reference, Unknown, Value

_FLAGS = frozenset({"enum.Flag", "enum.IntFlag"})
_ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.ReprEnum"}) | _FLAGS
_MIXED: Mapping[str, type] = {
    "builtins.bytes": bytes, "builtins.float": float, "builtins.int": int, "builtins.str": str,
    "enum.IntEnum": int, "enum.IntFlag": int, "enum.StrEnum": str,
}  # fmt: skip
_DESCRIPTORS = frozenset(
    {"builtins.classmethod", "builtins.property", "builtins.staticmethod", "enum.nonmember", "enum.property"}
)
_NEXT = "_generate_next_value_"

Call = Callable[[Value, list[Value]], Value]
"""How a function is called."""


def is_enum(value: Class) -> bool:
    """Does the class derive from `enum.Enum` or one of its kin?"""
    return any(base in _ENUMS for base in _outside_bases(value))


def mixed_type(value: Class) -> type | None:
    """The type that all members of an Enum class are of as well."""
    return next((_MIXED[base] for base in _outside_bases(value) if base in _MIXED), None)


def shows_its_value(value: Class) -> bool:
    """Is the text of a member that of its value, from Python 3.11 on?"""
    return any(
        base in ("enum.IntEnum", "enum.IntFlag", "enum.ReprEnum", "enum.StrEnum") for base in _outside_bases(value)
    )


def _outside_bases(value: Class) -> Iterator[str]:
    for base in value.bases:
        if isinstance(base, Reference):
            yield base.name
        elif isinstance(base, Class):
            yield from _outside_bases(base)


def enum_members(value: Class) -> dict[str, Value]:
    """The members of an Enum class by name, aliases included: `Instance`s with the fields `name` and `value`."""
    if value.members is None:
        make_members(value, lambda function, arguments: Unknown("is made by a function that nobody follows"))
    return value.members or {}


def distinct_members(value: Class) -> list[Value]:
    """What a loop over an Enum class goes over: no aliases, and of flags only those of one bit."""
    members = [member for name, member in enum_members(value).items() if member.fields["name"] == name]
    if not any(base in _FLAGS for base in _outside_bases(value)):
        return members
    return [member for member in members if not _has_several_bits(member.fields["value"])]


def _has_several_bits(value: Value) -> bool:
    return isinstance(value, int) and (value <= 0 or value & (value - 1) != 0)


def make_members(owner: Class, call: Call) -> None:
    """Make the members of an Enum class whose body has been followed."""
    members: dict[str, Value] = {}
    owner.members = members
    own_new = _own(owner, "__new__")
    for name, item in list(owner.names.items()):
        if not _is_member(owner, name, item):
            continue
        written = _written(owner, name, item, list(dict.fromkeys(members.values())), call)
        content = Unknown("is made by `__new__`") if own_new else _mixed_in(owner, written)
        same = next((other for other in members.values() if _is_alias(other.fields["value"], content)), None)
        if same is not None:
            members[name] = same
            continue
        made = Instance(owner, {"name": name, "_name_": name, "value": content, "_value_": content})
        made.key = content if mixed_type(owner) is not None and is_plain(content) else MISSING
        members[name] = made
        initialise = _own(owner, "__init__")
        if initialise is not None:
            call(initialise, [made, *(written if type(written) is tuple else [written])])


def _is_alias(other: Value, content: Value) -> bool:
    return is_plain(other) and is_plain(content) and bool(other == content)


def _is_member(owner: Class, name: str, item: Value) -> bool:
    is_special = (name.startswith("_") and name.endswith("_")) or name.startswith("__")
    ignored = owner.names.get("_ignore_", ())
    ignored = ignored.replace(",", " ").split() if isinstance(ignored, str) else ignored
    if is_special or (type(ignored) in (list, tuple) and name in ignored):
        return False
    if isinstance(item, Construction) and isinstance(item.callee, Reference):
        return item.callee.name not in _DESCRIPTORS
    return not isinstance(item, (Class, Function, Lambda))


def _own(owner: Class, name: str) -> Function | None:
    """A function of this name that the class or a project class above it brings."""
    found = owner.names.get(name)
    if isinstance(found, Function):
        return found
    return next((made for base in owner.bases if isinstance(base, Class) and (made := _own(base, name))), None)


def _written(owner: Class, name: str, item: Value, before: list[Value], call: Call) -> Value:
    """The value as the body of the class gives it."""
    callee = item.callee if isinstance(item, Construction) else None
    if callee == Reference("enum.member") and len(item.arguments) == 1:
        return item.arguments[0]
    if callee != Reference("enum.auto"):
        return item if _is_value(item) else Unknown("is no plain value")
    values = [member.fields["value"] for member in before]
    own = _own(owner, _NEXT)
    if own is not None:
        return call(own, [name, 1, len(values), values])
    bases = list(_outside_bases(owner))
    if "enum.StrEnum" in bases:
        return name.lower()
    if not all(isinstance(value, int) for value in values):
        return Unknown("is made by `auto()` after values that are no numbers")
    if any(base in _FLAGS for base in bases):
        return 1 << max(values, default=0).bit_length()
    return max(values, default=0) + 1


def _is_value(item: Value) -> bool:
    """May something be what stands in the body, where operators may have been at work on what `auto()` gives?"""
    return not isinstance(item, Alternatives)


def _mixed_in(owner: Class, written: Value) -> Value:
    """What the type that is mixed in makes of a value."""
    kind = mixed_type(owner)
    if kind is None or type(written) is kind or not is_plain(written):
        return written
    return guarded(kind, *(written if type(written) is tuple else (written,)))
