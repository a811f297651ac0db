"""What does a Markdown suite contain? Sections of prose, fenced blocks and directives, with their lines.

A *section* is a heading and what stands under it up to the next heading of any level. A *block* is a fenced block; its
*file name* stands at the end of the line before it, in backticks or in bold: `` `features.py`: `` or `**features.py**`.
A *directive* is an HTML comment, `<!-- name -->` or `<!-- name: value -->`.

This module knows the shape, not the meaning: which blocks and directives exist is the business of `cases`. What has the
shape of neither is an error, so that nothing is silently ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FENCE = re.compile(r"(?P<fence>`{3,})(?P<info>[^`]*)$")
_HEADING = re.compile(r"(?P<level>#{1,6})\s+(?P<title>.+?)\s*#*$")
_NAMED = re.compile(r"(?:^|\s)(?:`(?P<code>[\w./-]+\.\w+)`:|\*\*`?(?P<bold>[\w./-]+\.\w+)`?\*\*:?)$")
_ONLY_A_NAME = re.compile(r"`[\w./-]+\.\w+`$")


class SuiteError(Exception):
    """A mistake in a suite itself, at a line of it."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")


class Block(NamedTuple):
    """A fenced block. `info` is what follows the fence, `file` the name before it or "", `line` that of the opening fence.

    `text` ends with a newline unless it is empty; its first line is `line + 1` of the suite.
    """

    info: str
    file: str
    text: str
    line: int


class Directive(NamedTuple):
    """An HTML comment; `value` is "" without a colon."""

    name: str
    value: str
    line: int


class Section(NamedTuple):
    """`titles` are the headings from the top of the suite down to this one; `line` is the heading's."""

    titles: tuple[str, ...]
    line: int
    prose: tuple[tuple[int, str], ...]
    blocks: tuple[Block, ...]
    directives: tuple[Directive, ...]


def sections(path: Path) -> tuple[Section, ...]:
    """All sections of a suite in order; raises SuiteError."""
    return tuple(_Reader(path).read())


class _Reader:
    """Reads one suite from top to bottom; the state is the section at hand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = path.read_text(encoding="utf-8").splitlines()
        self._titles: list[tuple[int, str]] = []
        self._begin(1)

    def read(self) -> Iterator[Section]:
        number = 1
        while number <= len(self._lines):
            text = self._lines[number - 1]
            if heading := _HEADING.match(text):
                yield from self._section()
                level = len(heading["level"])
                self._titles = [(at, title) for at, title in self._titles if at < level]
                self._titles.append((level, heading["title"]))
                self._begin(number)
            elif _FENCE.match(text):
                number = self._block(number)
            elif text.startswith("<!--"):
                number = self._directive(number)
            elif re.match(r"\s*(~~~|\s```)", text):
                raise SuiteError(self._path, number, "a fence stands at the start of its line and is made of backticks")
            elif text.strip():
                self._prose.append((number, text.strip()))
            number += 1
        yield from self._section()

    def _begin(self, line: int) -> None:
        self._line = line
        self._prose: list[tuple[int, str]] = []
        self._blocks: list[Block] = []
        self._directives: list[Directive] = []

    def _section(self) -> Iterator[Section]:
        if self._titles:
            titles = tuple(title for _, title in self._titles)
            parts = tuple(self._prose), tuple(self._blocks), tuple(self._directives)
            yield Section(titles, self._line, *parts)
        elif self._blocks or self._directives:
            raise SuiteError(self._path, self._line, "a block or directive stands before the first heading")

    def _block(self, number: int) -> int:
        """Take the block whose fence opens at `number`; the line of its closing fence."""
        opening = _FENCE.match(self._lines[number - 1])
        assert opening
        end = number
        while end < len(self._lines) and self._lines[end].rstrip() != opening["fence"]:
            end += 1
        if end == len(self._lines):
            raise SuiteError(self._path, number, "this block is never closed")
        text = "".join(f"{line}\n" for line in self._lines[number:end])
        self._blocks.append(Block(opening["info"].strip(), self._file_name(number), text, number))
        return end + 1

    def _file_name(self, number: int) -> str:
        """The name at the end of the last line of prose, if only empty lines are between it and the block."""
        before = number - 1
        while before and not self._lines[before - 1].strip():
            before -= 1
        last = self._lines[before - 1].rstrip() if before else ""
        if _ONLY_A_NAME.match(last):
            raise SuiteError(self._path, before, "a file name before a block ends with a colon: `name.py`:")
        named = _NAMED.search(last)
        if not named:
            return ""
        if self._prose and self._prose[-1][0] == before and named.start() == 0:
            self._prose.pop()
        return named["code"] or named["bold"] or ""

    def _directive(self, number: int) -> int:
        """Take the comment that opens at `number`, possibly over several lines; its last line."""
        end = number
        while "-->" not in self._lines[end - 1]:
            end += 1
            if end > len(self._lines):
                raise SuiteError(self._path, number, "this comment is never closed")
        text = " ".join(line.strip() for line in self._lines[number - 1 : end])
        if not text.endswith("-->"):
            raise SuiteError(self._path, end, "nothing may follow a directive on its line")
        name, _, value = text.removeprefix("<!--").removesuffix("-->").partition(":")
        self._directives.append(Directive(name.strip(), value.strip(), number))
        return end
