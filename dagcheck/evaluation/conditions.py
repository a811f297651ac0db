"""In which configurations?

A *condition* is a finite union of *boxes*; a box gives some configuration keys a finite ("one of these") or cofinite
("none of these") set of values, and says nothing of all other keys. Values are compared as Python does (`True == 1`); a key
that is absent counts as `None`, since that is what `config.get(key)` gives (`hamilton.function_modifiers.configuration`).

A predicate that cannot be read is an *opaque* literal: a key of its own (`opaque`) that is either True or False. Conjunction
is exact, difference splits boxes; both stop at `MOST_BOXES` and then answer `None`, "cannot be decided".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

MOST_BOXES = 512
"""Boxes of a condition beyond which dagcheck says that it does not know."""

OPAQUE = "\0"
"""The first character of the keys that stand for unreadable predicates; no configuration key of a user starts so."""


class Allowed(NamedTuple):
    """The values a key may have: one of `members`, or (`positive` False) any value but these.

    `part_of` remembers a string whose substrings the members are (`when_in(key="abc")`).
    """

    positive: bool
    members: frozenset[Any]
    part_of: str | None = None


class Unhashable(NamedTuple):
    """Stands in a set for a value that has no hash; equal when it is written alike."""

    text: str


Box: TypeAlias = "tuple[tuple[str, Allowed], ...]"


class Condition(NamedTuple):
    """A union of boxes. No box: never. One empty box: always."""

    boxes: tuple[Box, ...]


ALWAYS = Condition(((),))
NEVER = Condition(())


def one_of(key: str, values: Iterable[Any]) -> Condition:
    """`key` has one of these values."""
    members = frozenset(hashable(value) for value in values)
    return Condition((((key, Allowed(True, members)),),)) if members else NEVER


def none_of(key: str, values: Iterable[Any]) -> Condition:
    """`key` has none of these values."""
    members = frozenset(hashable(value) for value in values)
    return Condition((((key, Allowed(False, members)),),)) if members else ALWAYS


def part_of(key: str, text: str) -> Condition:
    """`key` is a string that occurs in `text` (Python's `in` on a string)."""
    parts = {text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)} | {""}
    return Condition((((key, Allowed(True, frozenset(parts), text)),),))


def opaque(name: str) -> Condition:
    """A predicate that cannot be read; `name` tells it from others."""
    return one_of(OPAQUE + name, [True])


def hashable(value: Any) -> Any:
    """The value itself, or a stand-in if it cannot be a member of a set."""
    try:
        hash(value)
    except TypeError:
        return Unhashable(repr(value))
    return value


def both(left: Condition, right: Condition) -> Condition | None:
    """Left and right."""
    if left == ALWAYS or left is right:
        return right
    if right == ALWAYS:
        return left
    if len(left.boxes) * len(right.boxes) > MOST_BOXES * 8:
        return None
    boxes: dict[Box, None] = {}
    for one in left.boxes:
        for other in right.boxes:
            met = _meet(one, other)
            if met is not None:
                boxes[met] = None
    return _limited(boxes)


def either(left: Condition, right: Condition) -> Condition | None:
    """Left or right."""
    if ALWAYS in (left, right):
        return ALWAYS
    boxes = dict.fromkeys(left.boxes)
    boxes.update(dict.fromkeys(right.boxes))
    return _limited(_without_covered(boxes))


def without(left: Condition, right: Condition) -> Condition | None:
    """Left and not right: the boxes of left, split along every key that right constrains."""
    boxes = dict.fromkeys(left.boxes)
    for cut in right.boxes:
        rest: dict[Box, None] = {}
        for box in boxes:
            rest.update(dict.fromkeys(_subtract(box, cut)))
        if len(rest) > MOST_BOXES:
            return None
        boxes = rest
    return _limited(boxes)


def substituted(condition: Condition, values: Mapping[str, Any], sources: Mapping[str, str]) -> Condition:
    """The condition where some keys have a known value and others take the value of another key."""
    boxes: dict[Box, None] = {}
    for box in condition.boxes:
        fixed = [(key, allowed) for key, allowed in box if key in values]
        if any((hashable(values[key]) in allowed.members) != allowed.positive for key, allowed in fixed):
            continue
        rest: Box | None = ()
        for key, allowed in box:
            if key not in values and rest is not None:
                rest = _meet(rest, ((sources.get(key, key), allowed),))
        if rest is not None:
            boxes[rest] = None
    return Condition(tuple(boxes))


def holds(condition: Condition, config: Mapping[str, Any]) -> bool | None:
    """Does a configuration fulfil the condition? None when that depends on an opaque predicate."""
    answer: bool | None = False
    for box in condition.boxes:
        verdict = _box_holds(box, config)
        if verdict:
            return True
        if verdict is None:
            answer = None
    return answer


def is_opaque(condition: Condition) -> bool:
    """Does the condition mention a predicate that cannot be read?"""
    return any(key.startswith(OPAQUE) for box in condition.boxes for key, _ in box)


def mentions(condition: Condition) -> dict[str, frozenset[Any]]:
    """Every configuration key with the values that the condition names; opaque predicates left out."""
    found: dict[str, frozenset[Any]] = {}
    for box in condition.boxes:
        for key, allowed in box:
            if not key.startswith(OPAQUE):
                found[key] = found.get(key, frozenset()) | allowed.members
    return found


def witness(condition: Condition) -> dict[str, Any] | None:
    """The smallest configuration that fulfils the condition: fewest keys, then first values; None when there is none.

    Keys that may be absent are. A key that must differ from all named values gets a value that says so.
    """
    found = [pairs for box in condition.boxes if (pairs := _box_witness(box)) is not None]
    return min(found, key=lambda pairs: (len(pairs), repr(sorted(pairs.items()))), default=None)


def _limited(boxes: dict[Box, None]) -> Condition | None:
    return None if len(boxes) > MOST_BOXES else Condition(tuple(boxes))


def _meet(left: Box, right: Box) -> Box | None:
    merged = dict(left)
    for key, allowed in right:
        before = merged.get(key)
        met = allowed if before is None else _meet_allowed(before, allowed)
        if met.positive and not met.members:
            return None
        merged[key] = met
    return tuple(sorted(merged.items(), key=lambda pair: pair[0]))


def _meet_allowed(left: Allowed, right: Allowed) -> Allowed:
    if left.positive and right.positive:
        kept = left.members & right.members
        return left if kept == left.members else right if kept == right.members else Allowed(True, kept)
    if left.positive:
        return _minus(left, right.members)
    if right.positive:
        return _minus(right, left.members)
    return Allowed(False, left.members | right.members)


def _minus(allowed: Allowed, members: frozenset[Any]) -> Allowed:
    kept = allowed.members - members
    return allowed if len(kept) == len(allowed.members) else Allowed(True, kept)


def _subtract(box: Box, cut: Box) -> list[Box]:
    """The parts of `box` outside `cut`: one per key of the cut, disjoint from each other."""
    parts: list[Box] = []
    current = box
    for key, allowed in cut:
        outside = _meet(current, ((key, Allowed(not allowed.positive, allowed.members)),)) if allowed.members else None
        if outside is not None and dict(outside)[key].members:
            parts.append(outside)
        inside = _meet(current, ((key, allowed),))
        if inside is None:
            return parts
        current = inside
    return parts


def _without_covered(boxes: dict[Box, None]) -> dict[Box, None]:
    """Drop boxes that lie in another one: adjacent variants then add up to what a reader expects."""
    kept = [box for box in boxes if not any(other != box and _covers(other, box) for other in boxes)]
    return dict.fromkeys(_merged(kept))


def _merged(boxes: list[Box]) -> list[Box]:
    """Join boxes that differ in one key only, until none do."""
    changed = len(boxes) <= 64
    while changed:
        changed = False
        for i, one in enumerate(boxes):
            for j in range(i + 1, len(boxes)):
                joined = _join(one, boxes[j])
                if joined is not None:
                    boxes = [*boxes[:i], joined, *boxes[i + 1 : j], *boxes[j + 1 :]]
                    changed = True
                    break
            if changed:
                break
    return boxes


def _join(one: Box, other: Box) -> Box | None:
    left, right = dict(one), dict(other)
    if left.keys() != right.keys():
        return None
    differing = [key for key in left if left[key] != right[key]]
    if len(differing) != 1:
        return None
    key = differing[0]
    union = _union_allowed(left[key], right[key])
    if not union.positive and not union.members:
        del left[key]
    else:
        left[key] = union
    return tuple(sorted(left.items(), key=lambda pair: pair[0]))


def _union_allowed(left: Allowed, right: Allowed) -> Allowed:
    if left.positive and right.positive:
        return Allowed(True, left.members | right.members)
    if left.positive or right.positive:
        named, excluded = (left, right) if left.positive else (right, left)
        return Allowed(False, excluded.members - named.members)
    return Allowed(False, left.members & right.members)


def _covers(outer: Box, inner: Box) -> bool:
    values = dict(inner)
    return all(key in values and _meet_allowed(values[key], allowed) == values[key] for key, allowed in outer)


def _box_holds(box: Box, config: Mapping[str, Any]) -> bool | None:
    verdict: bool | None = True
    for key, allowed in box:
        if key.startswith(OPAQUE) and key not in config:
            verdict = None
            continue
        if (hashable(config.get(key)) in allowed.members) != allowed.positive:
            return False
    return verdict


def _box_witness(box: Box) -> dict[str, Any] | None:
    pairs: dict[str, Any] = {}
    for key, allowed in box:
        if key.startswith(OPAQUE):
            continue
        if allowed.positive:
            if None in allowed.members:
                continue
            ordered = sorted(allowed.members, key=lambda value: (type(value).__name__, repr(value)))
            pairs[key] = next((value for value in ordered if value != ""), ordered[0])
        elif None in allowed.members:
            pairs[key] = _another(allowed.members)
    return pairs


def _another(members: frozenset[Any]) -> Any:
    """A value that is none of `members`, of the kind most of them are."""
    kinds = {type(value) for value in members if value is not None}
    if kinds in ({bool}, {int, bool}):
        rest = [value for value in (True, False) if value not in members]
        if rest:
            return rest[0]
    if kinds and kinds <= {int, bool, float}:
        return next(number for number in range(len(members) + 2) if number not in members)
    return next(name for number in range(len(members) + 1) if (name := "other" + "_" * number) not in members)
