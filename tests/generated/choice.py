"""How is something chosen at random, so that Hypothesis can make it smaller?

Everything that a generated dataflow leaves open is one draw of a `Choice`. A draw is an index; the first option is the
plainest one, so that shrinking leads to plain dataflows.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Choice:
    """Draws from a source of random numbers; one of Hypothesis' can be shrunk (`strategies.randoms`)."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included; shrinks to `low`."""
        return low if low >= high else self._random.randint(low, high)

    def chance(self, percent: int) -> bool:
        """True so many times in a hundred; shrinks to False."""
        return self.number(0, 99) >= 100 - percent

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; shrinks to the first."""
        return options[self.number(0, len(options) - 1)]

    def weighted(self, options: Sequence[tuple[int, T]]) -> T:
        """One of the (weight, option); shrinks to the first."""
        at = self.number(0, sum(weight for weight, _ in options) - 1)
        for weight, option in options:
            if at < weight:
                return option
            at -= weight
        raise AssertionError("weights are positive")

    def some(self, options: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
        """Several different options, in an order of their own; shrinks to the first few."""
        rest = list(options)
        most = len(rest) if most is None else min(most, len(rest))
        return [rest.pop(self.number(0, len(rest) - 1)) for _ in range(self.number(min(least, most), most))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All options in some order."""
        return self.some(options, len(options))
