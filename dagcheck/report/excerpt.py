"""What does the source look like at the places of a finding?

A *mark* underlines a span and says why: `^^^` the primary one, `---` the others. An *excerpt* shows the marked lines of
one file in order, with their numbers in the *gutter*. Long lines are cut around the marks, tabs widened, unprintable
characters shown as escapes; underlines stand below what they mean whatever the script. A span over several lines is
shown by its first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from dagcheck.report.text import Line, Piece, Style, cells, printable, wrapped
from dagcheck.span import Span

LineOf: TypeAlias = Callable[[str, int], "str | None"]
"""(path, 1-based line) -> the text of that line, or None where it cannot be had."""

TAB = 4
_CUT = "..."


class Mark(NamedTuple):
    """A span to underline, the words beside it, and how loudly."""

    span: Span
    label: str
    is_primary: bool
    style: Style


class Frame(NamedTuple):
    """The cells for line numbers, and those to their right for source and labels."""

    gutter: int
    room: int

    def number(self, text: object = "") -> Piece:
        """What stands to the left of a row."""
        return Piece(f"{text:>{self.gutter}} | ", "frame")


class _Window(NamedTuple):
    """The visible part of a source line: its text, and for each code point of the whole line the cell it starts in."""

    text: str
    starts: tuple[int, ...]


def frame_for(last_line: int, width: int) -> Frame:
    """The frame for lines numbered up to `last_line` on a terminal of `width` cells."""
    gutter = len(str(last_line))
    return Frame(gutter, max(width - gutter - len(" | "), 20))


def excerpt(line_of: LineOf, path: str, marks: Sequence[Mark], frame: Frame) -> list[Line]:
    """The lines of `path` that `marks` are about, below a line that names the first mark's place."""
    lines = [_heading(path, marks[0], frame)]
    numbers = sorted({mark.span.line for mark in marks})
    sources = {number: line_of(path, number) for number in numbers}
    if all(source is None for source in sources.values()):
        return lines + [_bare(mark, frame) for mark in marks if mark.label]
    lines.append(_edge(frame))
    for previous, number in zip([0, *numbers], numbers, strict=False):
        if number == previous + 2 and previous:
            lines.append(_unmarked(line_of(path, previous + 1) or "", previous + 1, frame))
        elif number > previous + 2 and previous:
            lines.append((Piece("...", "frame"),))
        lines += _marked(sources[number] or "", [mark for mark in marks if mark.span.line == number], frame)
    return [*lines, _edge(frame)]


def _heading(path: str, mark: Mark, frame: Frame) -> Line:
    arrow = "-->" if mark.is_primary else ":::"
    place = f"{printable(path)}:{mark.span.line}:{mark.span.column}"
    return (Piece(f"{' ' * frame.gutter}{arrow} ", "frame"), Piece(place))


def _edge(frame: Frame) -> Line:
    return (Piece(frame.number().text.rstrip(), "frame"),)


def _bare(mark: Mark, frame: Frame) -> Line:
    return (Piece(f"{' ' * frame.gutter} = ", "frame"), Piece(f"line {mark.span.line}: {printable(mark.label)}"))


def _unmarked(source: str, number: int, frame: Frame) -> Line:
    return (frame.number(number), Piece(_window(_shown(source), 0, 0, frame.room).text))


def _marked(source: str, marks: Sequence[Mark], frame: Frame) -> list[Line]:
    shown = _shown(source)
    window = _window(shown, *_extent(marks[0].span, shown), frame.room)
    lines: list[Line] = [(frame.number(marks[0].span.line), Piece(window.text))]
    for mark in sorted(marks, key=lambda mark: not mark.is_primary):
        lines += _underline(mark, _extent(mark.span, shown), window, frame)
    return lines


def _underline(mark: Mark, extent: tuple[int, int], window: _Window, frame: Frame) -> list[Line]:
    start, end = (window.starts[offset] for offset in extent)
    sign = "^" if mark.is_primary else "-"
    strokes = sign * max(1, end - start) + (_CUT if mark.span.end_line > mark.span.line else "")
    label = printable(mark.label)
    if not label or start + len(strokes) + 1 + cells(label) <= frame.room:
        return [(frame.number(), Piece(" " * start), Piece(f"{strokes} {label}", mark.style))]
    margin = Piece(" " * min(start, frame.room // 2))
    below = [(frame.number(), margin, Piece(row, mark.style)) for row in wrapped(label, frame.room - len(margin.text))]
    return [(frame.number(), Piece(" " * start), Piece(strokes, mark.style)), *below]


def _extent(span: Span, shown: Sequence[str]) -> tuple[int, int]:
    """The code points of the line that `span` covers, as offsets; a span outside the line stands at its end."""
    first = min(max(span.column - 1, 0), len(shown))
    last = len(shown) if span.end_line > span.line else span.end_column - 1
    return first, min(max(last, first), len(shown))


def _shown(source: str) -> list[str]:
    """What is shown for each code point of the line."""
    shown: list[str] = []
    column = 0
    for character in source.rstrip():
        text = " " * (TAB - column % TAB) if character == "\t" else printable(character)
        shown.append(text)
        column += cells(text)
    return shown


def _window(shown: Sequence[str], first: int, last: int, room: int) -> _Window:
    """The line if it fits into `room` cells, else the part around the code points from `first` to `last`."""
    starts = [0]
    for text in shown:
        starts.append(starts[-1] + cells(text))
    if starts[-1] <= room:
        return _Window("".join(shown), tuple(starts))
    low, high = _cut(starts[first], starts[last], starts[-1], room)
    inside = [text for text, start in zip(shown, starts, strict=False) if low <= start and start + cells(text) <= high]
    left = _CUT if low else ""
    text = f"{left}{''.join(inside)}{_CUT if high < starts[-1] else ''}"
    origin = min(start for start in starts if start >= low)
    end = len(left) + cells("".join(inside))
    return _Window(text, tuple(min(max(start - origin, 0) + len(left), end) for start in starts))


def _cut(first: int, last: int, total: int, room: int) -> tuple[int, int]:
    """The cells, of `total`, to show in `room`: from the start if the marked ones are among them, else around them."""
    if last <= room - len(_CUT):
        return 0, room - len(_CUT)
    low = max(first - room // 4, 0)
    if total - low <= room - len(_CUT):
        return total - (room - len(_CUT)), total
    return low, low + room - (2 if low else 1) * len(_CUT)
