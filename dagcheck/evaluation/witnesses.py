"""Which configuration shows it?

The smallest one: fewest keys, then values that the dataflow mentions before others, then in a fixed order. A key that may be absent
is. Values that nothing mentions are of the kind that the mentioned ones are, and say what they stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dagcheck.evaluation.boxes import HASHLESS, OPAQUE, TEXT, Allowed, Box, Unhashable, is_about_kind, written
from dagcheck.evaluation.conditions import Condition

Mentioned = Mapping[str, tuple[Any, ...]]
"""The values that conditions name, by key, in the order in which a witness takes them."""

ANY = Allowed(False, frozenset())

_LAST_ABOUT_KINDS = HASHLESS + "\U0010ffff"
"""No user's key is smaller, all others are."""


def witness(condition: Condition, mentioned: Mentioned | None = None) -> dict[str, Any] | None:
    """The smallest configuration that fulfils the condition; None when there is none."""
    known = mentioned or {}
    return _smallest([_box_witness(box, known) for box in condition.boxes], known)


def mentioned_witness(condition: Condition, mentioned: Mentioned) -> dict[str, Any] | None:
    """The smallest one in which each key that matters has a value that is mentioned; absence counts where it is."""
    return _smallest([pairs for box in condition.boxes if (pairs := _box_of_mentioned(box, mentioned)) is not None], {})


def _smallest(found: list[dict[str, Any]], mentioned: Mentioned) -> dict[str, Any] | None:
    fewest = min(map(len, found), default=0)
    rest = [pairs for pairs in found if len(pairs) == fewest]
    return rest[0] if len(rest) == 1 else min(rest, key=lambda pairs: _oddity(pairs, mentioned), default=None)


def _oddity(pairs: Mapping[str, Any], mentioned: Mentioned) -> tuple[int, list[tuple[str, str]]]:
    strange = sum(value not in mentioned.get(key, ()) for key, value in pairs.items())
    return strange, sorted((key, written(value)) for key, value in pairs.items())


class _Demand(NamedTuple):
    """What a box says of one key: its values, and whether they must be strings, or without a hash (None: either)."""

    key: str
    allowed: Allowed
    is_text: bool | None = None
    is_hashless: bool | None = None

    def takes(self, value: Any) -> bool:
        """Does this value meet the demand?"""
        if (value in self.allowed.members) != self.allowed.positive:
            return False
        is_fitting = self.is_text is None or isinstance(value, str) == self.is_text
        return is_fitting and (self.is_hashless is None or isinstance(value, Unhashable) == self.is_hashless)


def _demands(box: Box) -> list[_Demand]:
    """What a box demands, key by key; opaque predicates are left out."""
    if not box or box[0][0] > _LAST_ABOUT_KINDS:
        return [_Demand(key, allowed) for key, allowed in box]
    values = dict(box)
    asked = {key: allowed.positive for key, allowed in box if is_about_kind(key)}
    names = dict.fromkeys(key[1:] if is_about_kind(key) else key for key, _ in box if not key.startswith(OPAQUE))
    return [_Demand(name, values.get(name, ANY), asked.get(TEXT + name), asked.get(HASHLESS + name)) for name in names]


def _box_witness(box: Box, mentioned: Mentioned) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for demand in _demands(box):
        if not demand.takes(None):
            named = _named(demand, mentioned)
            pairs[demand.key] = _unmentioned(demand) if named is None else named
    return pairs


def _box_of_mentioned(box: Box, mentioned: Mentioned) -> dict[str, Any] | None:
    pairs: dict[str, Any] = {}
    for demand in _demands(box):
        is_absence_alone = demand.allowed.positive and demand.allowed.members == {None}
        if demand.takes(None) and (is_absence_alone or None in mentioned.get(demand.key, ())):
            continue
        named = _named(demand, mentioned)
        if named is None:
            return None
        pairs[demand.key] = named
    return pairs


def _unmentioned(demand: _Demand) -> Any:
    """A value for a key that cannot be absent, where no mentioned one will do."""
    if demand.allowed.part_of is not None:
        return demand.allowed.part_of
    members = demand.allowed.members
    if demand.is_hashless:
        return next(made for number in range(len(members) + 1) if (made := Unhashable(f"[{number}]")) not in members)
    return ordered(members)[0] if demand.allowed.positive else _another(members, demand.is_text)


def _named(demand: _Demand, mentioned: Mentioned) -> Any:
    """The first mentioned value that meets a demand, None for none: that is no value to give."""
    for value in mentioned.get(demand.key, ()):
        if value is not None and demand.takes(value):
            return value
    return None


def ordered(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values in a fixed order, the empty string last."""
    return tuple(sorted(values, key=lambda value: (value == "", type(value).__name__, written(value))))


def _another(members: frozenset[Any], is_text: bool | None) -> Any:
    """A value that is none of `members`, of the kind most of them are; `is_text` says whether it is to be a string."""
    kinds = {type(value) for value in members if value is not None}
    if is_text is None and kinds in ({bool}, {int, bool}):
        rest = [value for value in (True, False) if value not in members]
        if rest:
            return rest[0]
    if is_text is False or (is_text is None and kinds and kinds <= {int, bool, float}):
        return next(number for number in range(len(members) + 2) if number not in members)
    return next(name for number in range(len(members) + 1) if (name := "other" + "_" * number) not in members)
