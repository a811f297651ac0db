"""How do words look on a terminal?

A *piece* is text with the name of a style; a *line* is a row of pieces. Reports lay out lines, this module turns them
into characters: plain, or with colour. *Cells* are the columns that a terminal gives a character.

Whatever comes from users (source, names, values, paths) goes through `printable` first: control characters, terminal
escapes, line separators and bidirectional overrides become visible escapes, by the rule of Python's `repr`.

The door of rich, which renders Markdown pages here and nothing else: sixteen colours of findings are not worth the 40 to
60 ms of its import.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

Style = Literal["", "error", "warning", "info", "frame", "strong", "dim", "good"]


class Piece(NamedTuple):
    """Some text in one style; the text is printable."""

    text: str
    style: Style = ""


Line: TypeAlias = tuple[Piece, ...]

_SGR: dict[Style, str] = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "frame": "1;34",
    "strong": "1",
    "dim": "2",
    "good": "32",
}


def painted(lines: Iterable[Line], color: bool) -> str:
    """The lines as text, each ended by a newline; without `color` there is no escape sequence in it."""
    paint = _colored if color else _plain
    return "".join(f"{paint(line)}\n" for line in lines)


def printable(text: str) -> str:
    """`text` on one line, with every character that could move the cursor or hide others written as an escape."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def cells(text: str) -> int:
    """The columns that printable `text` takes on a terminal: wide characters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def wrapped(text: str, width: int) -> list[str]:
    """`text` broken at spaces into lines of at most `width` cells; a longer word stays whole. Never empty."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and cells(lines[-1]) + 1 + cells(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def markdown(page: str, width: int) -> str:
    """A Markdown page for a colour terminal of `width` cells."""
    import io

    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        width=width,
        no_color=False,
        theme=Theme({"markdown.code": "cyan"}),
    )
    with console.capture() as capture:
        console.print(Markdown(_with_known_languages(page), code_theme="ansi_dark", hyperlinks=False))
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def joined(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def counted(number: int, noun: str) -> str:
    """`1 node`, `1024 nodes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _with_known_languages(page: str) -> str:
    """The page with foreign code blocks as plain text: the highlighter asks installed plug-ins about unknown names."""
    import re

    return re.sub(r"^(```|~~~)(?!(?:python|toml|json|sh|text)?$).*", r"\1text", page, flags=re.MULTILINE)


def _plain(line: Line) -> str:
    return "".join(piece.text for piece in line).rstrip()


def _colored(line: Line) -> str:
    return "".join(
        f"\x1b[{_SGR[piece.style]}m{piece.text}\x1b[0m" if piece.style and piece.text.strip() else piece.text
        for piece in line
    ).rstrip()


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _cells_of(character: str) -> int:
    import unicodedata

    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me"} or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
