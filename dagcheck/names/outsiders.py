"""What outside the project does a piece of code reach, at any distance?

Told as *labels*: whoever asks says which labels a dotted name outside the project has; a symbol has those of all names that it, and
the project code that it reaches, refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dagcheck.names.circles import in_dependency_order
from dagcheck.names.linking import WHOLE, Key, Linker, Target, counting

Labels = Callable[[str], frozenset[str]]
"""From a dotted name outside the project to its labels."""

_NONE: frozenset[str] = frozenset()


class Outsiders:
    """The labels that symbols of one state reach. State: what was followed so far."""

    def __init__(self, linker: Linker, labels: Labels) -> None:
        self._linker = linker
        self._labels = labels
        self._known: dict[Key, frozenset[str]] = {}

    def reached(self, target: Target) -> frozenset[str]:
        """The labels of what a reference leads to."""
        return self._labels(target.outside) if target.key is None else self.of(target.key)

    def of(self, key: Key) -> frozenset[str]:
        """The labels that a symbol reaches."""
        if key not in self._known:
            for circle in in_dependency_order(key, self._linker.following, self._known):
                found = set[str]()
                for one in circle:
                    found.update(*self.named(one).values())
                    found.update(*(self._known.get(other, _NONE) for other in self._linker.following(one)))
                self._known.update(dict.fromkeys(circle, frozenset(found)))
        return self._known[key]

    def named(self, key: Key) -> dict[str, frozenset[str]]:
        """The names outside the project that a symbol itself refers to, as far as they have labels."""
        symbol = self._linker.symbol(key)
        if symbol is None or key.name == WHOLE:
            return {}
        targets = [self._linker.target(key.path, chain) for piece in counting(symbol) for chain in piece.references]
        targets += [self._linker.imported(key.path, what) for what in symbol.imports]
        outside = (target.outside for target in targets if target.key is None)
        return {name: labels for name in outside if (labels := self._labels(name))}

    def way(self, start: Iterable[Key], label: str) -> tuple[list[Key], str] | None:
        """The symbols on the way to the nearest one that refers to a label, and the name by which it does."""
        reached = self._linker.reached(start)
        for key in reached:
            for name, labels in self.named(key).items():
                if label in labels:
                    return _back(key, reached), name
        return None


def _back(key: Key, reached: dict[Key, Key | None]) -> list[Key]:
    """The symbols from the start, which is left out, to this one."""
    way: list[Key] = []
    current: Key | None = key
    while current is not None and reached[current] is not None:
        way.append(current)
        current = reached[current]
    return way[::-1]
