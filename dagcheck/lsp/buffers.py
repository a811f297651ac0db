"""What stands in an editor's buffer, and where is a position in it?

The protocol counts lines and characters from 0, characters in the units that client and server agreed on, UTF-16 if nothing
else; dagcheck counts both from 1, in code points. Only `\\n`, `\\r\\n` and `\\r` end a line. A position beyond the end of its line, or of
the text, means that end; no position is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lsprotocol import types as lsp

from dagcheck.span import Span

_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Buffer:
    """The text of one open document, as the client last told it. `version` is the client's count of its changes."""

    def __init__(self, text: str, encoding: str, version: int | None = None) -> None:
        self.text = text
        self.version = version
        self._encoding = encoding

    def change(self, changes: Iterable[lsp.TextDocumentContentChangeEvent], version: int | None) -> None:
        """Apply changes in their order."""
        for change in changes:
            if isinstance(change, lsp.TextDocumentContentChangePartial):
                start, end = self._offset(change.range.start), self._offset(change.range.end)
                start, end = min(start, end), max(start, end)
                self.text = self.text[:start] + change.text + self.text[end:]
            else:
                self.text = change.text
        self.version = version

    def _offset(self, position: lsp.Position) -> int:
        rows = split_lines(self.text)
        line = min(max(position.line, 0), len(rows) - 1)
        column = column_of(rows[line], position.character, self._encoding)
        start = 0
        for _ in range(line):
            start = _after_line(self.text, start)
        return start + column - 1


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends, as the protocol counts them."""
    return re.split(r"\r\n|\r|\n", text)


def column_of(row: str, character: int, encoding: str) -> int:
    """The 1-based column in code points of a position in a line."""
    if row.isascii():
        return min(max(character, 0), len(row)) + 1
    name, width = _UNITS[encoding]
    data = row.encode(name, "surrogatepass")[: max(character, 0) * width]
    return len(data.decode(name, "ignore")) + 1


def character_of(row: str, column: int, encoding: str) -> int:
    """The position in a line of a 1-based column in code points."""
    if row.isascii():
        return min(column - 1, len(row))
    name, width = _UNITS[encoding]
    return len(row[: column - 1].encode(name, "surrogatepass")) // width


def to_range(span: Span, rows: Sequence[str], encoding: str) -> lsp.Range:
    """A span of a text as the client's range."""
    return lsp.Range(
        _position(span.line, span.column, rows, encoding), _position(span.end_line, span.end_column, rows, encoding)
    )


def to_place(position: lsp.Position, rows: Sequence[str], encoding: str) -> tuple[int, int]:
    """A client's position as 1-based line and column."""
    line = min(max(position.line, 0), len(rows) - 1)
    return line + 1, column_of(rows[line], position.character, encoding)


def _position(line: int, column: int, rows: Sequence[str], encoding: str) -> lsp.Position:
    row = rows[line - 1] if 0 < line <= len(rows) else ""
    return lsp.Position(max(line - 1, 0), character_of(row, column, encoding))


def _after_line(text: str, start: int) -> int:
    """Where the line after the one that begins at `start` begins."""
    found = re.compile(r"\r\n|\r|\n").search(text, start)
    return len(text) if found is None else found.end()


class LineMap:
    """Which line of an earlier text is a line of a later one, where the two differ in one stretch only?

    Lines before the stretch keep their numbers, lines behind it move together; lines inside have no counterpart.
    """

    def __init__(self, earlier: Sequence[str], later: Sequence[str]) -> None:
        most = min(len(earlier), len(later))
        self._head = next((index for index in range(most) if earlier[index] != later[index]), most)
        tail = 0
        while tail < most - self._head and earlier[-1 - tail] == later[-1 - tail]:
            tail += 1
        self._earlier_tail, self._shift = len(earlier) - tail, len(later) - len(earlier)

    def earlier(self, line: int) -> int | None:
        """The line (1-based) of the earlier text."""
        if line <= self._head:
            return line
        return line - self._shift if line - self._shift > self._earlier_tail else None

    def later(self, line: int) -> int | None:
        """The line (1-based) of the later text."""
        if line <= self._head:
            return line
        return line + self._shift if line > self._earlier_tail else None
