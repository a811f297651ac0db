"""How much is remembered by a process that lives on? As much as fits: a full mapping forgets its older half.

For answers that can be worked out again at any time, keyed by what was asked. A user who types asks for names and types that
nobody ever asks for again; a mapping of all of them would grow for as long as an editor is open.
"""

from __future__ import annotations

from itertools import islice
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(dict[K, V]):
    """A mapping of at most `MOST` entries, kept in the order in which they came."""

    MOST = 1 << 15
    """More than any question has answers in a project of ten thousand functions."""

    def __setitem__(self, key: K, value: V) -> None:
        """Add or replace one; only this way of adding keeps the bound."""
        if len(self) >= self.MOST and key not in self:
            for each in list(islice(self, (self.MOST + 1) // 2)):
                del self[each]
        super().__setitem__(key, value)
