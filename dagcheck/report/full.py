"""How is a finding shown to a person?

Headline, the source with the place underlined, the other places involved, then *remarks*, one `=` line each: the
configuration in which it shows, the dataflow where there are several, when Hamilton would notice, help, fix.
Nothing depends on colour to be understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.report.excerpt import Frame, LineOf, Mark, excerpt, frame_for
from dagcheck.report.text import Line, Piece, Style, joined, painted, printable, wrapped
from dagcheck.report.values import settings_in_words

WIDTH = 120
"""Cells a line when nobody says how wide the terminal is."""

_MOST_PLACES = 12
_MOST_DATAFLOWS = 4

_LATE = {
    "execution": "Hamilton builds this without complaint and fails at execution",
    "silent": "Hamilton does not notice this",
}


class _Remark(NamedTuple):
    title: str
    words: str
    style: Style = "strong"


def full(
    diagnostics: Iterable[Diagnostic],
    line_of: LineOf,
    *,
    has_several_dataflows: bool = False,
    width: int = WIDTH,
    color: bool = False,
) -> str:
    """All findings in the order given, each followed by an empty line; "" for none. `width` in cells."""
    lines: list[Line] = []
    for diagnostic in diagnostics:
        lines += [*_finding(diagnostic, line_of, has_several_dataflows, width), ()]
    return painted(lines, color)


def _finding(diagnostic: Diagnostic, line_of: LineOf, has_several_dataflows: bool, width: int) -> Iterator[Line]:
    yield (
        Piece(f"{diagnostic.severity}[{diagnostic.rule}]", diagnostic.severity),
        Piece(f": {printable(diagnostic.message)}", "strong"),
    )
    places = _places(diagnostic)
    framed = frame_for(max(mark.span.line for marks in places.values() for mark in marks), width)
    for path, marks in places.items():
        yield from excerpt(line_of, path, marks, framed)
    for remark in _remarks(diagnostic, has_several_dataflows):
        yield from _remark_lines(remark, framed)


def _places(diagnostic: Diagnostic) -> dict[str, list[Mark]]:
    """What to underline, by file: the primary place's first, the others in order of mention."""
    primary = Mark(diagnostic.location.span, diagnostic.label, True, diagnostic.severity)
    places = {diagnostic.location.path: [primary]}
    for related in diagnostic.related[: _MOST_PLACES - 1]:
        mark = Mark(related.location.span, related.message, False, "frame")
        places.setdefault(related.location.path, []).append(mark)
    return places


def _remarks(diagnostic: Diagnostic, has_several_dataflows: bool) -> Iterator[_Remark]:
    hidden = len(diagnostic.related) - (_MOST_PLACES - 1)
    if hidden > 0:
        yield _Remark("note", f"{hidden} more places are involved")
    if diagnostic.config:
        yield _Remark("in configuration", settings_in_words(diagnostic.config))
    if has_several_dataflows and diagnostic.dataflows:
        yield _in_dataflows(diagnostic.dataflows)
    if diagnostic.certainty == "likely":
        yield _Remark("note", "this is likely, not certain")
    if diagnostic.severity != "info" and diagnostic.hamilton in _LATE:
        yield _Remark("note", _LATE[diagnostic.hamilton])
    if diagnostic.help:
        yield _Remark("help", diagnostic.help, "good")
    if diagnostic.fix:
        yield _Remark("fix", diagnostic.fix.title, "good")


def _in_dataflows(names: tuple[str, ...]) -> _Remark:
    shown = list(names[:_MOST_DATAFLOWS])
    if len(names) > _MOST_DATAFLOWS:
        shown.append(f"{len(names) - _MOST_DATAFLOWS} more")
    return _Remark("in dataflow" if len(names) == 1 else "in dataflows", joined(shown))


def _remark_lines(remark: _Remark, framed: Frame) -> Iterator[Line]:
    """`= title: words`, continued below its own first word."""
    title = f"{remark.title}: "
    room = max(framed.room - len(title), 30)
    rows = [row for part in remark.words.splitlines() for row in wrapped(printable(part), room)]
    yield (Piece(f"{' ' * framed.gutter} = ", "frame"), Piece(title, remark.style), Piece(rows[0] if rows else ""))
    for row in rows[1:]:
        yield (Piece(" " * (framed.gutter + len(" = ") + len(title))), Piece(row))
