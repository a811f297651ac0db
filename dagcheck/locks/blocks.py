"""What do lines of YAML in blocks say?

Reads the regular shape in which tools write lock files: mappings and lists by indentation, scalars in one line or quoted, short
lists and mappings in brackets. What a scalar means beyond its text is not asked: all are texts. Anchors, tags, and whatever else
is not of this shape, is told by its line and left out, never guessed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'\[\]{},&*!|>%@`-][^#]*?|-[^\s#][^#]*?):(?:\s+(.*))?""")
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s+#""")
_BLOCK_TEXT = re.compile(r"[|>][+-]?\d?[+-]?")
_MOST_LEVELS = 40


class _Line(NamedTuple):
    indent: int
    text: str
    number: int


class _Reader:
    """Reads from the first line on. State: the line it is at."""

    def __init__(self, text: str) -> None:
        self.strange: list[tuple[int, str]] = []
        self._lines = [
            _Line(len(line) - len(line.lstrip(" ")), line.strip(), number)
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not line.lstrip().startswith("#") and line.rstrip() not in ("---", "...")
        ]
        self._at = 0

    def whole(self) -> Any:
        """The whole document."""
        found = self._block(0, 0) if self._lines else None
        if self._at < len(self._lines):
            self._refuse(self._lines[self._at])
        return found

    def _block(self, indent: int, level: int) -> Any:
        line = self._lines[self._at]
        if level > _MOST_LEVELS:
            return self._skip(indent)
        if line.text == "-" or line.text.startswith("- "):
            return self._list(line.indent, level)
        if _KEY.fullmatch(_uncommented(line.text)):
            return self._mapping(line.indent, level)
        return self._skip(indent)

    def _list(self, indent: int, level: int) -> list[Any]:
        found: list[Any] = []
        while (line := self._here(indent)) is not None and (line.text == "-" or line.text.startswith("- ")):
            inner = line.text[1:].lstrip()
            if not inner:
                self._at += 1
                found.append(self._below(indent, level))
            elif _KEY.fullmatch(_uncommented(inner)) or inner.startswith("- "):
                within = indent + len(line.text) - len(inner)
                self._lines[self._at] = _Line(within, inner, line.number)
                found.append(self._block(within, level + 1))
            else:
                found.append(self._value(inner, line, level))
        return found

    def _mapping(self, indent: int, level: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (line := self._here(indent)) is not None:
            pair = _KEY.fullmatch(_uncommented(line.text))
            if pair is None:
                if not line.text.startswith("- "):
                    self._refuse(line)
                    self._at += 1
                    continue
                break
            key = _scalar(pair[1])
            if pair[2]:
                found[key] = self._value(pair[2], line, level)
            else:
                self._at += 1
                found[key] = self._below(indent, level, may_list=True)
        return found

    def _below(self, indent: int, level: int, *, may_list: bool = False) -> Any:
        """What stands below a key or a dash; lists may stand as far left as their key."""
        if self._at < len(self._lines):
            line = self._lines[self._at]
            is_list = line.text == "-" or line.text.startswith("- ")
            if line.indent > indent or (may_list and line.indent == indent and is_list):
                return self._block(line.indent, level + 1)
        return None

    def _value(self, text: str, line: _Line, level: int) -> Any:
        """What stands behind a key or a dash; deeper lines belong to it."""
        self._at += 1
        more: list[str] = []
        while self._at < len(self._lines) and self._lines[self._at].indent > line.indent:
            more.append(self._lines[self._at].text)
            self._at += 1
        if _BLOCK_TEXT.fullmatch(text):
            return "\n".join(more)
        joined = " ".join([text, *more])
        try:
            return _flow(joined)
        except ValueError:
            self._refuse(line)
            return None

    def _here(self, indent: int) -> _Line | None:
        """The next line, if it is of this block."""
        while self._at < len(self._lines) and self._lines[self._at].indent > indent:
            self._refuse(self._lines[self._at])
            self._at += 1
        if self._at < len(self._lines) and self._lines[self._at].indent == indent:
            return self._lines[self._at]
        return None

    def _skip(self, indent: int) -> None:
        """Leave out a block that has no shape."""
        self._refuse(self._lines[self._at])
        self._at += 1
        while self._at < len(self._lines) and self._lines[self._at].indent >= max(indent, 1):
            self._at += 1

    def _refuse(self, line: _Line) -> None:
        self.strange.append((line.number, f"`{line.text[:60]}` is of a shape that is not read"))


def read_blocks(text: str) -> tuple[Any, list[tuple[int, str]]]:
    """The mappings, lists and texts of a document, and the lines that could not be read."""
    reader = _Reader(text)
    return reader.whole(), reader.strange


def _uncommented(text: str) -> str:
    """A line without the comment at its end, if it has no quotes."""
    return text if '"' in text or "'" in text or " #" not in text else text.partition(" #")[0].rstrip()


def _flow(text: str) -> Any:
    """A scalar, or lists and mappings in brackets. Raises `ValueError` for all else."""
    quoted = _QUOTED.match(text)
    text = quoted[1] if quoted else _uncommented(text)
    if not text.startswith(("[", "{")):
        return _scalar(text)
    if not text.endswith("]" if text[0] == "[" else "}"):
        raise ValueError(text)
    items = _split(text[1:-1])
    if text[0] == "[":
        return [_flow(item) for item in items]
    pairs = [item.partition(":") for item in items]
    if any(not colon or (value and value[0] != " ") for _, colon, value in pairs):
        raise ValueError(text)
    return {_scalar(key.strip()): _flow(value.strip()) for key, _, value in pairs}


def _split(text: str) -> list[str]:
    """The items between the commas that are in no brackets or quotes."""
    items, start, depth, quote = [], 0, 0, ""
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character == "," and depth == 0:
            items.append(text[start:index].strip())
            start = index + 1
        if depth > _MOST_LEVELS:
            raise ValueError(text)
    rest = text[start:].strip()
    return [*items, *([rest] if rest else [])]


def _scalar(text: str) -> str:
    """The text of a scalar. Raises `ValueError` for anchors, aliases, tags and open quotes."""
    if text.startswith(("&", "*", "!", "%", "@", "`")):
        raise ValueError(text)
    if text.startswith('"'):
        if len(text) < 2 or not text.endswith('"'):
            raise ValueError(text)
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if text.startswith("'"):
        if len(text) < 2 or not text.endswith("'"):
            raise ValueError(text)
        return text[1:-1].replace("''", "'")
    return text
