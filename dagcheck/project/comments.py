"""Which findings does a comment beside the code suppress, and which comments suppress none?

A comment holds for its own line, at the `def` for the whole function, beside a decorator for what the decorator makes, and on a line
of its own as `ignore-file` for the whole file (see `dagcheck.source.suppressions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dagcheck.diagnostics import Diagnostic
from dagcheck.source.facts import Source
from dagcheck.source.suppressions import Suppression, suppressions
from dagcheck.source.syntax import Statement, blocks, header_of

MARK = b"dagcheck:"
"""What stands in every file that has such a comment."""


class Comments:
    """The suppressions of one file, and the lines that stand for each of its functions. State: what they suppressed."""

    def __init__(self, source: Source | None) -> None:
        self._suppressions: Sequence[Suppression] = () if source is None else suppressions(source.text)
        statements = source.facts.statements if source is not None and self._suppressions else ()
        self._functions = _function_lines(statements)
        self._used: set[tuple[int, str]] = set()

    def silence(self, diagnostic: Diagnostic) -> bool:
        """Does a comment suppress this finding?"""
        if not self._suppressions:
            return False
        lines = {diagnostic.location.span.line, diagnostic.location.span.end_line}
        for first, line, last, decorators in self._functions:
            if first <= diagnostic.location.span.line <= last:
                lines.add(line)
                lines.update(start for start, end in decorators if start <= diagnostic.location.span.line <= end)
        is_silent = False
        for index, comment in enumerate(self._suppressions):
            if comment.rules is None and comment.span == diagnostic.location.span:
                continue  # that it silences nothing is told all the same
            if any(comment.covers(diagnostic.rule, line) for line in lines):
                self._used.add((index, diagnostic.rule))
                is_silent = True
        return is_silent

    def unused(self) -> Iterator[tuple[Suppression, tuple[str, ...]]]:
        """The comments that suppressed nothing, or not each rule that they name, with those rules."""
        for index, comment in enumerate(self._suppressions):
            used = {rule for at, rule in self._used if at == index}
            names = tuple(rule for rule in comment.rules or () if rule not in used)
            if comment.problem or names or not used:
                yield comment, names


def _function_lines(statements: Iterable[Statement]) -> list[tuple[int, int, int, tuple[tuple[int, int], ...]]]:
    """First line, line of the `def`, last line, and the extents of the decorators, of every function in the blocks."""
    found: list[tuple[int, int, int, tuple[tuple[int, int], ...]]] = []
    for statement in statements:
        if statement[0] == "def":
            header = header_of(statement)
            extents = tuple([(part[1][0], part[1][2]) for part in header.decorators])
            found.append((header.first_line, header.place[0], header.end_line, extents))
        for block in blocks(statement):
            found += _function_lines(block)
    return found
