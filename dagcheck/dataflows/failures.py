"""Which lines are meant to fail?

What stands below `with pytest.raises(...)` or `with self.assertRaises(...)` is wrong on purpose: a driver that is built there is no
dataflow, and a call that is made there asks for nothing. Lines are told apart by their indentation, which costs no parse.
"""

from __future__ import annotations

from collections.abc import Callable

from dagcheck.source.facts import Source
from dagcheck.span import Location

_SIGNS = ("raises(", "assertRaises", "assert_raises")


class Failures:
    """The lines of the project's files that are meant to fail. State: what was looked at."""

    def __init__(self, source_of: Callable[[str], Source | None]) -> None:
        self._source_of = source_of
        self._known: dict[str, list[tuple[int, int]]] = {}

    def cover(self, location: Location) -> bool:
        """Is this place meant to fail?"""
        if location.path not in self._known:
            source = self._source_of(location.path)
            self._known[location.path] = [] if source is None else failing_lines(source.text)
        return any(first <= location.span.line <= last for first, last in self._known[location.path])


def failing_lines(text: str) -> list[tuple[int, int]]:
    """The first and last lines of the blocks below tests for exceptions."""
    if not any(sign in text for sign in _SIGNS):
        return []
    found: list[tuple[int, int]] = []
    lines = text.split("\n")
    for index, line in enumerate(lines):
        opening = line.lstrip().removeprefix("async ")
        if opening.startswith("with ") and any(sign in opening for sign in _SIGNS):
            found.append((index + 1, _end(lines, index)))
    return found


def _end(lines: list[str], start: int) -> int:
    """The line on which the block that opens at `start` ends."""
    depth = _depth(lines[start])
    last = start + 1
    for index in range(start + 1, len(lines)):
        if lines[index].strip() and _depth(lines[index]) <= depth and not lines[index].lstrip().startswith(")"):
            break
        last = index + 1
    return last


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
