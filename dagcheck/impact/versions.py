"""Which nodes rely on a distribution that is locked in another version than before?

A name outside the project belongs to a distribution; one whose version changed stands behind the name by itself, or because what is
imported requires it, at any distance, where that was asked for. What a distribution holds is said by others; where nobody knows to
which one a name belongs, a change may stand behind it that cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from dagcheck.locks.comparison import VersionChange

UNKNOWN = "?"
"""How the label of a name begins whose distribution is not known."""

_MOST_NAMED = 3


class Versions:
    """The changed distributions. State: what was asked so far.

    A *label* is the name of a changed distribution, or `?` and a package whose distribution is not known.
    """

    def __init__(
        self,
        changes: Mapping[str, VersionChange],
        requires: Mapping[str, tuple[str, ...]],
        distributions_of: Callable[[str], tuple[str, ...] | None],
        packages_are_known: Callable[[str], bool],
        imported: Iterable[str],
    ) -> None:
        """`requires` says what distributions require, as far as that counts; `imported` are the project's imports."""
        self.changes = changes
        self._requires = requires
        self._distributions_of = distributions_of
        self._labels: dict[str, frozenset[str]] = {}
        self._chains: dict[str, dict[str, tuple[str, ...]]] = {}
        claimed = {name for dotted in imported for name in distributions_of(dotted) or ()} if changes else set()
        self._has_strangers = any(name not in claimed and not packages_are_known(name) for name in changes)
        """Is there a changed distribution of which nobody knows what is in it?"""

    def labels(self, dotted: str) -> frozenset[str]:
        """The labels of a dotted name outside the project."""
        if dotted not in self._labels:
            self._labels[dotted] = frozenset(self._labels_of(dotted)) if self.changes else frozenset()
        return self._labels[dotted]

    def chain(self, dotted: str, label: str) -> tuple[str, ...]:
        """The distributions from the one that a name belongs to, to the one that changed."""
        found = (self._behind(name).get(label) for name in self._distributions_of(dotted) or ())
        return min(filter(None, found), key=len, default=())

    def _labels_of(self, dotted: str) -> Iterable[str]:
        distributions = self._distributions_of(dotted)
        if distributions is None:
            if self._has_strangers:
                yield UNKNOWN + dotted.partition(".")[0]
            return
        for name in distributions:
            yield from self._behind(name)

    def _behind(self, distribution: str) -> dict[str, tuple[str, ...]]:
        """The changed distributions that one requires, itself included, each with the shortest chain to it."""
        if distribution not in self._chains:
            seen: dict[str, tuple[str, ...]] = {distribution: (distribution,)}
            pending = [distribution]
            for name in pending:
                for other in self._requires.get(name, ()):
                    if other not in seen:
                        seen[other] = (*seen[name], other)
                        pending.append(other)
            self._chains[distribution] = {name: chain for name, chain in seen.items() if name in self.changes}
        return self._chains[distribution]


class Reliance(NamedTuple):
    """How a node relies on changed distributions: the `way` of names to the nearest of them, and what changed in words."""

    way: tuple[str, ...]
    words: str
    is_likely: bool


def said(changes: Iterable[VersionChange]) -> str:
    """Several changed versions in words, the rest by number."""
    words = [change.words for change in changes]
    left = len(words) - _MOST_NAMED
    return ", ".join(words[:_MOST_NAMED]) + (f" and {left} more" if left > 0 else "")
