"""Where is it? The only notion of place.

Terms: a *span* is a stretch of one text; a *location* is a span in a named file.
Lines and columns are 1-based, columns count code points, ends are exclusive.
Conversions to other conventions (UTF-8 bytes, LSP's UTF-16) happen at the edges, not here.
"""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of one text: 1-based, columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def is_within(self, outer: Span) -> bool:
        """Does this stretch lie in another one of the same text?"""
        return outer[:2] <= self[:2] and self[2:] <= outer[2:]


class Location(NamedTuple):
    """A span in a file; `path` is relative to the project root and `/`-separated."""

    path: str
    span: Span


NOWHERE = Span(1, 1, 1, 1)
"""The place of things that have none of their own: the start of the text."""
