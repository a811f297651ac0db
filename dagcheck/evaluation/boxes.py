"""Which values may each key have?

A *box* gives some configuration keys a finite ("one of these") or cofinite ("none of these") set of values, and says nothing
of all other keys. Values are compared as Python does (`True == 1`); what has no hash is stood for by its text.

Three kinds of keys are no user's: those that start with `OPAQUE` stand for predicates that cannot be read, those that start with
`TEXT` for "the value of this key is a string", with `HASHLESS` for "the value of this key has no hash". All are either True or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, isnan
from typing import Any, NamedTuple, TypeAlias

OPAQUE = "\0"
"""The first character of the keys that stand for unreadable predicates; no configuration key of a user starts so."""

TEXT = "\1"
"""The first character of the keys that say whether the value of a key is a string."""

HASHLESS = "\2"
"""The first character of the keys that say whether the value of a key has no hash."""

_FIRST_OF_USERS = "\3"


class Allowed(NamedTuple):
    """The values a key may have: one of `members`, or (`positive` False) any value but these.

    `part_of` remembers a string whose substrings the members are (`when_in(key="abc")`).
    """

    positive: bool
    members: frozenset[Any]
    part_of: str | None = None


class Unhashable(NamedTuple):
    """Stands in a set for a value that has no hash; equal where it is written alike."""

    text: str

    @property
    def value(self) -> Any:
        """The list or dictionary that it stands for; itself, where its text is no literal."""
        from ast import literal_eval

        try:
            return literal_eval(self.text)
        except (ValueError, SyntaxError):
            return self


Box: TypeAlias = "tuple[tuple[str, Allowed], ...]"
"""Sorted by key."""

TRUE = Allowed(True, frozenset([True]))
NOT_TRUE = Allowed(False, frozenset([True]))


def hashable(value: Any) -> Any:
    """The value itself, or what stands for it in a set and equals what stands for an equal value."""
    if isinstance(value, set):
        value = frozenset(value)
    try:
        hash(value)
    except TypeError:
        return Unhashable(written(value))
    return value


def written(value: Any) -> str:
    """A value as text: in one way for equal numbers inside of containers, and in one order for sets and dictionaries."""
    if isinstance(value, Unhashable):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(_inside, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(_inside, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(map(_inside, value)))}}}" if value else "set()"
    if isinstance(value, dict):
        return "{" + ", ".join(sorted(f"{_inside(key)}: {_inside(item)}" for key, item in value.items())) + "}"
    return repr(value)


def _inside(value: Any) -> str:
    is_whole = isinstance(value, (bool, float)) and isfinite(value) and value == int(value)
    return repr(int(value)) if is_whole else written(value)


def members_of(values: Iterable[Any]) -> frozenset[Any]:
    """Values as the members of a set; what is not even equal to itself (`nan`) is never met."""
    return frozenset(hashable(value) for value in values if not (isinstance(value, float) and isnan(value)))


def is_about_kind(key: str) -> bool:
    """Does the key say of what kind the value of another key is?"""
    return key[:1] in (TEXT, HASHLESS)


def is_of_kind(key: str, value: Any) -> bool:
    """Is a value of the kind that the key asks for?"""
    return isinstance(value, str) if key.startswith(TEXT) else isinstance(hashable(value), Unhashable)


def contains(allowed: Allowed, value: Any) -> bool:
    """May the key have this value?"""
    return (hashable(value) in allowed.members) == allowed.positive


def meet(left: Box, right: Box) -> Box | None:
    """Where both hold; None for nowhere."""
    if not left or not right:
        return left or right
    merged = dict(left)
    for key, allowed in right:
        before = merged.get(key)
        met = allowed if before is None else meet_allowed(before, allowed)
        if met.positive and not met.members:
            return None
        merged[key] = met
    # Keys are distinct, so that no two sets of values are ever compared.
    box = left if len(merged) == len(left) and merged == dict(left) else tuple(sorted(merged.items()))
    return _settled(box) if box[0][0] < _FIRST_OF_USERS else box


def are_apart(left: Box, right: Box) -> bool:
    """Do two boxes have nothing in common, as far as one key tells?"""
    values = dict(left)
    for key, allowed in right:
        before = values.get(key)
        if before is not None and _is_disjoint(before, allowed):
            return True
    return False


def subtract(box: Box, cut: Box) -> list[Box]:
    """The parts of `box` outside `cut`: one per key of the cut, disjoint from each other."""
    if are_apart(box, cut):
        return [box]
    parts: list[Box] = []
    current = box
    last = len(cut) - 1
    for index, (key, allowed) in enumerate(cut):
        outside = _meet_one(current, key, complement(allowed)) if allowed.positive or allowed.members else None
        if outside is not None:
            parts.append(outside)
        inside = None if index == last else _meet_one(current, key, allowed)
        if inside is None:
            return parts
        current = inside
    return parts


def _meet_one(box: Box, key: str, allowed: Allowed) -> Box | None:
    """`meet` with a box of one key."""
    at = 0
    while at < len(box) and box[at][0] < key:
        at += 1
    if at < len(box) and box[at][0] == key:
        met = meet_allowed(box[at][1], allowed)
        if met.positive and not met.members:
            return None
        made = (*box[:at], (key, met), *box[at + 1 :])
    else:
        made = (*box[:at], (key, allowed), *box[at:])
    return _settled(made) if made[0][0] < _FIRST_OF_USERS else made


def covers(outer: Box, inner: Box) -> bool:
    """Does one box lie in another?"""
    values = dict(inner)
    return all(key in values and _is_within(values[key], allowed) for key, allowed in outer)


def join(one: Box, other: Box) -> Box | None:
    """The union of two boxes that differ in one key only, None where they differ in more."""
    if len(one) != len(other):
        return None
    differing = -1
    for index, (left, right) in enumerate(zip(one, other, strict=True)):
        if left[0] != right[0] or (differing >= 0 and left[1] != right[1]):
            return None
        if left[1] != right[1]:
            differing = index
    if differing < 0:
        return one
    union = _union_allowed(one[differing][1], other[differing][1])
    middle = ((one[differing][0], union),) if union.positive or union.members else ()
    return (*one[:differing], *middle, *one[differing + 1 :])


def meet_allowed(left: Allowed, right: Allowed) -> Allowed:
    """The values that both allow."""
    if left.positive and right.positive:
        kept = left.members & right.members
        return (
            left
            if len(kept) == len(left.members)
            else right
            if len(kept) == len(right.members)
            else Allowed(True, kept)
        )
    if left.positive:
        return _minus(left, right.members)
    if right.positive:
        return _minus(right, left.members)
    return Allowed(False, left.members | right.members)


def complement(allowed: Allowed) -> Allowed:
    """The values that are not allowed."""
    return Allowed(not allowed.positive, allowed.members)


def _is_disjoint(left: Allowed, right: Allowed) -> bool:
    if left.positive:
        return left.members.isdisjoint(right.members) if right.positive else left.members <= right.members
    return right.positive and right.members <= left.members


def _settled(box: Box) -> Box | None:
    """Take what a key that asks for a kind implies to the key that it speaks of; None where the two contradict."""
    values = dict(box)
    for key, wanted in box:
        allowed = values.get(key[1:]) if is_about_kind(key) else None
        if allowed is None:
            continue
        kept = frozenset([member for member in allowed.members if is_of_kind(key, member) == wanted.positive])
        if not allowed.positive:
            values[key[1:]] = Allowed(False, kept)
            if not kept:
                del values[key[1:]]
        elif kept:
            values[key[1:]] = allowed if len(kept) == len(allowed.members) else Allowed(True, kept)
            del values[key]
        else:
            return None
    return tuple(sorted(values.items()))


def _minus(allowed: Allowed, members: frozenset[Any]) -> Allowed:
    kept = allowed.members - members
    return allowed if len(kept) == len(allowed.members) else Allowed(True, kept)


def _is_within(inner: Allowed, outer: Allowed) -> bool:
    if inner.positive:
        return inner.members <= outer.members if outer.positive else inner.members.isdisjoint(outer.members)
    return not outer.positive and outer.members <= inner.members


def _union_allowed(left: Allowed, right: Allowed) -> Allowed:
    if left.positive and right.positive:
        return Allowed(True, left.members | right.members)
    if left.positive or right.positive:
        named, excluded = (left, right) if left.positive else (right, left)
        return Allowed(False, excluded.members - named.members)
    return Allowed(False, left.members & right.members)
