"""In which configurations?

A *condition* is a finite union of boxes (see `dagcheck.evaluation.boxes`). A key that is absent counts as `None`, since that is
what `config.get(key)` gives (`hamilton.function_modifiers.configuration`). A predicate that cannot be read is an *opaque* literal:
a key of its own that is either True or not.

Conjunction is exact, difference splits boxes; both stop at `MOST_BOXES` and then answer `None`, "cannot be decided". The smallest
configuration of a condition is `dagcheck.evaluation.witnesses`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dagcheck.evaluation.boxes import (
    HASHLESS,
    NOT_TRUE,
    OPAQUE,
    TEXT,
    TRUE,
    Allowed,
    Box,
    contains,
    covers,
    is_about_kind,
    is_of_kind,
    join,
    meet,
    members_of,
    subtract,
)

MOST_BOXES = 512
"""Boxes of a condition beyond which dagcheck says that it does not know."""

MOST_JOINED = 48
"""Boxes up to which a union is made as small as it gets."""


class Condition(NamedTuple):
    """A union of boxes. No box: never. One empty box: always."""

    boxes: tuple[Box, ...]


ALWAYS = Condition(((),))
NEVER = Condition(())


def one_of(key: str, values: Iterable[Any]) -> Condition:
    """`key` has one of these values."""
    members = members_of(values)
    return Condition((((key, Allowed(True, members)),),)) if members else NEVER


def none_of(key: str, values: Iterable[Any]) -> Condition:
    """`key` has none of these values."""
    members = members_of(values)
    return Condition((((key, Allowed(False, members)),),)) if members else ALWAYS


def part_of(key: str, text: str) -> Condition:
    """`key` is a string that occurs in `text` (Python's `in` on a string)."""
    parts = {text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)} | {""}
    return Condition((((key, Allowed(True, frozenset(parts), text)),),))


def is_text(key: str, wanted: bool = True) -> Condition:
    """`key` is a string, or (`wanted` False) it is none, as where it is absent."""
    return Condition((((TEXT + key, TRUE if wanted else NOT_TRUE),),))


def has_no_hash(key: str) -> Condition:
    """The value of `key` is a list, a dictionary or the like, which no set can hold."""
    return Condition((((HASHLESS + key, TRUE),),))


def opaque(name: str) -> Condition:
    """A predicate that cannot be read; `name` tells it from others."""
    return Condition((((OPAQUE + name, TRUE),),))


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
            met = meet(one, other)
            if met is not None:
                boxes[met] = None
    return _limited(boxes)


def either(left: Condition, right: Condition) -> Condition | None:
    """Left or right."""
    if ALWAYS in (left, right):
        return ALWAYS
    boxes = dict.fromkeys(left.boxes)
    boxes.update(dict.fromkeys(right.boxes))
    return _limited(_simplified(boxes))


def without(left: Condition, right: Condition) -> Condition | None:
    """Left and not right: the boxes of left, split along every key that right constrains."""
    if right == ALWAYS:
        return NEVER
    boxes = dict.fromkeys(left.boxes)
    for cut in right.boxes:
        rest: dict[Box, None] = {}
        for box in boxes:
            rest.update(dict.fromkeys(subtract(box, cut)))
        if len(rest) > MOST_BOXES:
            return None
        boxes = rest
    return _limited(boxes)


def substituted(condition: Condition, values: Mapping[str, Any], sources: Mapping[str, str]) -> Condition:
    """The condition where some keys have a known value and others take the value of another key."""
    boxes: dict[Box, None] = {}
    for box in condition.boxes:
        fixed = [(key, allowed) for key, allowed in box if _subject(key) in values]
        if not all(_allows(key, allowed, values) for key, allowed in fixed):
            continue
        rest: Box | None = ()
        for key, allowed in box:
            name = _subject(key)
            if name not in values and rest is not None:
                rest = meet(rest, ((key.removesuffix(name) + sources.get(name, name), allowed),))
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
    return any(
        box[0][0] < TEXT and any(key.startswith(OPAQUE) for key, _ in box) for box in condition.boxes if box
    )  # boxes are sorted, and no user's key but the empty one comes before these


def asks_for_kind(condition: Condition) -> bool:
    """Does the condition ask whether the value of a key is a string, or has no hash?"""
    return any(is_about_kind(key) for box in condition.boxes for key, _ in box)


def mentions(condition: Condition) -> dict[str, frozenset[Any]]:
    """Every configuration key with the values that the condition names; a string of substrings counts as one value.

    Opaque predicates are left out.
    """
    found: dict[str, frozenset[Any]] = {}
    for box in condition.boxes:
        for key, allowed in box:
            if not key.startswith(OPAQUE):
                named = allowed.members if allowed.part_of is None else frozenset([allowed.part_of])
                name = _subject(key)
                found[name] = found.get(name, frozenset()) | (named if name == key else frozenset())
    return found


def _limited(boxes: dict[Box, None]) -> Condition | None:
    return None if len(boxes) > MOST_BOXES else Condition(tuple(boxes))


def _simplified(boxes: dict[Box, None]) -> dict[Box, None]:
    """Drop boxes that lie in another one and join the rest: adjacent variants then add up to what a reader expects."""
    if len(boxes) > MOST_JOINED:
        return boxes
    kept: list[Box] = []
    for box in boxes:
        if not any(covers(other, box) for other in kept):
            kept = [other for other in kept if not covers(box, other)]
            kept.append(box)
    return dict.fromkeys(_joined(kept))


def _joined(boxes: list[Box]) -> list[Box]:
    """Join boxes that differ in one key only, until none do."""
    found: list[Box] = []
    pending = boxes[::-1]
    while pending:
        box = pending.pop()
        for index, other in enumerate(found):
            union = join(other, box)
            if union is not None:
                del found[index]
                pending.append(union)
                break
        else:
            found.append(box)
    return found


def _box_holds(box: Box, config: Mapping[str, Any]) -> bool | None:
    verdict: bool | None = True
    for key, allowed in box:
        if key.startswith(OPAQUE):
            verdict = None
        elif not _allows(key, allowed, config):
            return False
    return verdict


def _allows(key: str, allowed: Allowed, config: Mapping[str, Any]) -> bool:
    value = config.get(_subject(key))
    return contains(allowed, is_of_kind(key, value) if is_about_kind(key) else value)


def _subject(key: str) -> str:
    """The configuration key that a key of a box speaks of."""
    return key[1:] if is_about_kind(key) else key
