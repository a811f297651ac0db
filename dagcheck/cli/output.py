"""How do texts leave the process?

Findings go to stdout, all else to stderr, documents to files that are there whole or not at all. A reader that stops
reading, or an encoding that lacks a character, is no error.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Collection, Sequence
from typing import NamedTuple, TextIO

from dagcheck.settings import UsageError

_WIDTH = 120
_NARROWEST = 40


class Screen(NamedTuple):
    """What stdout can show: is it a terminal, in colour, how many cells wide, with which characters."""

    is_terminal: bool
    has_color: bool
    width: int
    has_unicode: bool


class Destination(NamedTuple):
    """A file to write in one format."""

    format: str
    path: str


PAPER = Screen(is_terminal=False, has_color=False, width=_WIDTH, has_unicode=True)
"""What a file can show."""


def prepare() -> None:
    """Let characters that stdout or stderr cannot encode be written as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def screen(color: str) -> Screen:
    """The abilities of stdout; `color` is `auto`, `always` or `never`.

    `auto` obeys NO_COLOR (https://no-color.org), then FORCE_COLOR, then whether this is a terminal with escapes.
    """
    is_terminal = _is_terminal(sys.stdout)
    has_color = color == "always" or (color == "auto" and _wants_color(is_terminal))
    return Screen(is_terminal, has_color, _width() if is_terminal else _WIDTH, _has_unicode())


def write(text: str) -> None:
    """`text` to stdout. Quiet when nobody reads any more."""
    if sys.stdout is None or not text:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_the_rest(sys.stdout)


def say(text: str) -> None:
    """`text` to stderr. Quiet when nobody reads any more."""
    if sys.stderr is None or not text:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except BrokenPipeError:
        _discard_the_rest(sys.stderr)


def destinations(values: Sequence[str], formats: Collection[str]) -> tuple[Destination, ...]:
    """The `FORMAT:FILE` values of `--output`; all mistakes at once."""
    found = [Destination(*value.split(":", 1)) if ":" in value else Destination(value, "") for value in values]
    wrong = [
        f"--output {value}: expected FORMAT:FILE, FORMAT one of {', '.join(formats)}"
        for value, destination in zip(values, found, strict=True)
        if destination.format not in formats or destination.path in {"", "-"}
    ]
    if wrong:
        raise UsageError(*wrong)
    return tuple(found)


def save(text: str, path: str) -> None:
    """`text` as UTF-8 in the file `path`, which is replaced in one step; what is no regular file is written to."""
    target = os.path.realpath(path)
    try:
        mode = os.stat(target).st_mode if os.path.exists(target) else None
        if mode is not None and not stat.S_ISREG(mode):
            _write_to(target, text, "w")
        else:
            _replace(target, text, mode)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def _replace(target: str, text: str, mode: int | None) -> None:
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, f".{name[:100]}.{os.getpid()}.tmp")
    try:
        _write_to(temporary, text, "w")
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def _write_to(path: str, text: str, mode: str) -> None:
    with open(path, mode, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(text)


def _discard_the_rest(stream: TextIO) -> None:
    """Point the stream's descriptor to nowhere, so that the flush at exit has nothing to complain about."""
    import contextlib

    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _wants_color(is_terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    names = ("WT_SESSION", "TERM", "ANSICON", "ConEmuANSI") if os.name == "nt" else ("TERM",)
    return is_terminal and os.environ.get("TERM") != "dumb" and any(map(os.environ.get, names))


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return max(int(columns), _NARROWEST)
    try:
        return max(os.get_terminal_size(sys.stdout.fileno()).columns or 80, _NARROWEST)
    except (OSError, ValueError):
        return 80


def _has_unicode() -> bool:
    try:
        "├└│─".encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
