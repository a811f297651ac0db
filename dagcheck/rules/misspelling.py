"""Is this name meant to be another one?

A misspelt name differs from the right one in a letter or two, and is next to it in a dictionary, or in one that is sorted by the
letters from the end. So looking for it costs a look at a few names, not at all of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection

SHORTEST = 5
"""Letters of a name below which one letter makes another word."""

LONG = 10
"""Letters from which two may be wrong."""

_NEIGHBOURS = 3


class Dictionary:
    """Names to look for others in."""

    def __init__(self, names: Collection[str]) -> None:
        self._forward = sorted(names)
        self._backward = sorted(name[::-1] for name in names)

    def meant(self, name: str) -> str | None:
        """The name that this one is likely to be a misspelling of."""
        if len(name) < SHORTEST:
            return None
        near = {*_around(self._forward, name), *(other[::-1] for other in _around(self._backward, name[::-1]))}
        limit = 2 if len(name) >= LONG else 1
        rated = sorted((distance(name, other), other) for other in near if not _is_series(name, other))
        return rated[0][1] if rated and 0 < rated[0][0] <= limit else None


def distance(left: str, right: str) -> int:
    """Letters to add, drop, change or swap with their neighbour to get from one name to the other."""
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != other))
            is_swap = row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other
            current.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        before, above = above, current
    return above[-1]


def _around(names: list[str], name: str) -> list[str]:
    at = bisect_left(names, name)
    return names[max(at - _NEIGHBOURS, 0) : at + _NEIGHBOURS]


def _is_series(left: str, right: str) -> bool:
    """Do the names differ in numbers, as `spend_1` and `spend_2` do, or in a short ending, as `spend_a` and `spend_b`?"""
    if [letter for letter in left if letter.isdigit()] != [letter for letter in right if letter.isdigit()]:
        return True
    stem, _, ending = left.rpartition("_")
    other_stem, _, other_ending = right.rpartition("_")
    return bool(stem) and stem == other_stem and min(len(ending), len(other_ending)) <= 2
