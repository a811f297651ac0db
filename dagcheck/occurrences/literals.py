"""Which characters of a string literal spell its value?

Only literals that say their value plainly: one string, without escapes, on one line. Others have no place of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.source.syntax import Place
from dagcheck.span import Span


def inside_quotes(lines: Sequence[str], place: Place, value: str) -> Span | None:
    """The span of the value of a string literal at `place`; None where it is not written plainly."""
    line, column, end_line, end_column = place
    if line != end_line or not 0 < line <= len(lines):
        return None
    written = lines[line - 1][column - 1 : end_column - 1]
    body = written.lstrip("rRuU")
    quote = next((mark for mark in ('"""', "'''", '"', "'") if body.startswith(mark)), "")
    if not quote or body != f"{quote}{value}{quote}":
        return None
    start = column + len(written) - len(body) + len(quote)
    return Span(line, start, line, start + len(value))
