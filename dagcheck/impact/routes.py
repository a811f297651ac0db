"""By which way does changed code reach a node?

From the symbols that hold a node's code, the nearest one that is not what it was, and the symbols on the way there, by their
dotted names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagcheck.names.linking import WHOLE, Key, Linker, counting


class Routes:
    """The ways through the code of two states of the project."""

    def __init__(self, before: Linker, after: Linker, name_of: Callable[[str], str]) -> None:
        """`name_of` gives the dotted name of a file."""
        self._before = before
        self._after = after
        self._name_of = name_of

    def to_change(self, before: Sequence[Key], after: Sequence[Key]) -> tuple[str, ...]:
        """The symbols on the way to changed code, the changed one last; () where it is the node's own."""
        return self._way(self._after, after) or self._way(self._before, before)

    def _way(self, linker: Linker, start: Sequence[Key]) -> tuple[str, ...]:
        reached = linker.reached(start)
        for key in reached:
            if key not in start and key.name != WHOLE and self._differs(key):
                return self._names(key, reached)
        return ()

    def _names(self, key: Key, reached: dict[Key, Key | None]) -> tuple[str, ...]:
        way: list[str] = []
        current: Key | None = key
        while current is not None and reached[current] is not None:
            if current.name != WHOLE:
                way.append(f"{self._name_of(current.path)}.{current.name}".rstrip("."))
            current = reached[current]
        return tuple(reversed(way))

    def _differs(self, key: Key) -> bool:
        old, new = self._before.symbol(key), self._after.symbol(key)
        if old is None or new is None:
            return True
        if [piece[:2] for piece in counting(old)] != [
            piece[:2] for piece in counting(new)
        ] or old.imports != new.imports:
            return True
        chains = [chain for piece in counting(old) for chain in piece.references]
        now = [chain for piece in counting(new) for chain in piece.references]
        words = [self._word(self._before, key, chain) for chain in chains]
        return words != [self._word(self._after, key, chain) for chain in now]

    @staticmethod
    def _word(linker: Linker, key: Key, chain: tuple[str, ...]) -> tuple[str, ...]:
        """What a reference means, told by name alone."""
        target = linker.target(key.path, chain)
        return (target.outside if target.key is None else target.key.name, *target.rest)
