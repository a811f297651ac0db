"""What is being written at a cursor?

The text before the cursor may be half a function, so it is not parsed: from the last line that begins a statement a small reader
follows strings and brackets up to the cursor. What it finds are the brackets that are open there, each with what stands before it
and what has been written in it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

MOST_LINES = 400
"""How far back a statement may begin."""

_TOKEN = re.compile(
    r"(?P<string>[rRbBuUfF]{0,2}(?:\"\"\"|'''|\"|'))|(?P<comment>#[^\n]*)|(?P<word>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<mark>->|:=|[=!<>]=|[=:,*@.])|(?P<space>\s+)|(?P<other>.)"
)
_BEGINS = re.compile(r"(?:@|def\b|async\b|class\b|[A-Za-z_]\w*\s*(?:[=(.\[]|:))")


class Bracket(NamedTuple):
    """An open bracket: `callee` is the dotted name before it ("def name" for a function's parameters), `key` the keyword or the
    dictionary key whose value is being written ("" for none), `part` what was written since the last comma, as tokens."""

    mark: str
    callee: str
    key: str
    part: tuple[str, ...]
    keywords: tuple[str, ...]


class Cursor(NamedTuple):
    """The open brackets, innermost last; `prefix` is the word or the string so far; `quote` is "" outside of strings."""

    brackets: tuple[Bracket, ...]
    prefix: str
    quote: str
    before: tuple[str, ...]


def cursor(lines: list[str], line: int, column: int) -> Cursor:
    """What is open at a place, 1-based in code points."""
    start = _begin(lines, line)
    text = "\n".join([*lines[start - 1 : line - 1], lines[line - 1][: column - 1]])
    return _Reader(text).read()


def _begin(lines: list[str], line: int) -> int:
    """The line on which the statement around a line begins: the nearest above at whose start one may stand."""
    depth = None
    for number in range(line, max(line - MOST_LINES, 0), -1):
        row = lines[number - 1]
        indent = len(row) - len(row.lstrip())
        if row.strip() and _BEGINS.match(row.lstrip()) and (indent == 0 or depth is None or indent < depth):
            if indent == 0 or re.match(r"\s*(?:async\s+)?def\b|\s*@", row):
                return number
            depth = indent
    return max(line - MOST_LINES, 0) + 1


class _Reader:
    """Follows one text to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[list[object]] = []
        self._words: list[str] = []

    def read(self) -> Cursor:
        text, at = self._text, 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            assert match is not None
            kind, token = match.lastgroup, match[0]
            at = match.end()
            if kind == "string":
                mark = token.lstrip("rRbBuUfF")
                end = self._end_of_string(at, mark)
                if end is None:
                    return self._result(text[at:], mark)
                self._take(repr(text[at : end - len(mark)]) if len(mark) == 1 else '""')
                at = end
            elif kind == "word" and at == len(text):
                return self._result(re.sub(r"\s", "", token), "")
            elif kind == "word":
                self._take(re.sub(r"\s", "", token))
            elif kind == "open":
                self._open.append([token, list(self._words)])
                self._words = []
            elif kind == "close" and self._open:
                self._words = [*self._open.pop()[1], "()"]  # type: ignore[misc]
            elif kind in ("mark", "other"):
                self._take(token)
        return self._result("", "")

    def _take(self, token: str) -> None:
        self._words.append(token)

    def _end_of_string(self, start: int, mark: str) -> int | None:
        at = start
        while at < len(self._text):
            if self._text[at] == "\\":
                at += 2
            elif self._text.startswith(mark, at):
                return at + len(mark)
            elif self._text[at] == "\n" and len(mark) == 1:
                return at  # a string that was not closed ends with its line
            else:
                at += 1
        return None

    def _result(self, prefix: str, quote: str) -> Cursor:
        brackets = []
        parts = [*(each[1] for each in self._open[1:]), self._words] if self._open else []
        for (mark, before), inside in zip(self._open, parts, strict=True):
            brackets.append(_bracket(str(mark), list(before), list(inside)))  # type: ignore[call-overload]
        return Cursor(tuple(brackets), prefix, quote, tuple(self._words))


def _bracket(mark: str, before: list[str], inside: list[str]) -> Bracket:
    callee = before[-1] if before and re.match(r"[A-Za-z_]", before[-1]) else ""
    if callee and len(before) > 1 and before[-2] == "def":
        callee = f"def {callee}"
    part = inside[len(inside) - inside[::-1].index(",") :] if "," in inside else inside
    key = ""
    if mark == "(" and len(part) >= 2 and part[1] == "=":
        key = part[0]
    elif mark == "{" and len(part) >= 2 and part[1] == ":":
        key = part[0].strip("'\"")
    keywords = [word for word, following in pairwise(inside) if following in ("=", ":")]
    if callee.startswith("def "):
        keywords += [word for before, word in pairwise([",", *inside]) if before == ","]
    return Bracket(mark, callee, key, tuple(part), tuple(keywords))
