"""Where does each key and value of a TOML document stand? TOML readers do not tell, so the text is scanned again.

The text is known to be well-formed; on any other the answer is incomplete, never an error. A *path* leads to a value by keys
and list indexes: `("tool", "dagcheck", "dataflow", 0, "modules", 2)`.
"""

from __future__ import annotations

from contextlib import suppress

from dagcheck.span import Span

Path = tuple[str | int, ...]


def key_spans(text: str) -> dict[Path, Span]:
    """The spans of keys by path, and of the values in lists: of those only where they begin."""
    scanner = _Scanner(text)
    with suppress(IndexError, RecursionError):
        scanner.document()
    return {path: _span(text, start, end) for path, (start, end) in scanner.found.items()}


class _Scanner:
    """A reader of TOML that keeps places instead of values."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, tuple[int, int]] = {}
        self._text = text + "\n"
        self._at = 0
        self._counts: dict[Path, int] = {}

    def document(self) -> None:
        """Read to the end, where an IndexError says that there is no more."""
        table: Path = ()
        while True:
            self._skip_blank()
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: the path that the keys below belong to."""
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        keys = self._keys()
        self._skip_line()
        path: Path = ()
        for index, (key, start, end) in enumerate(keys):
            path += (key,)
            if brackets == 2 and index == len(keys) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            self.found.setdefault(path, (start, end))
            if path in self._counts:
                path += (self._counts[path],)
                self.found.setdefault(path, (start, end))
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key, start, end in self._keys():
            path += (key,)
            self.found.setdefault(path, (start, end))
        self._at += 1  # the equals sign
        self._skip_spaces()
        self._value(path)

    def _keys(self) -> list[tuple[str, int, int]]:
        """A dotted key: its parts with their places."""
        keys = []
        while True:
            self._skip_spaces()
            start = self._at
            if self._text[start] in "\"'":
                self._string()
                key = _unescaped(self._text[start + 1 : self._at - 1], self._text[start])
            else:
                while self._text[self._at] not in ".=] \t\r\n":
                    self._at += 1
                key = self._text[start : self._at]
            keys.append((key, start, self._at))
            self._skip_spaces()
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        first = self._text[self._at]
        if first in "\"'":
            self._string()
        elif first in "[{":
            self._members(path, "]" if first == "[" else "}")
        else:
            while self._text[self._at] not in ",]}#\r\n":
                self._at += 1

    def _members(self, path: Path, closing: str) -> None:
        """A list, or a table on one line."""
        self._at += 1
        index = 0
        while True:
            self._skip_blank()
            if self._text[self._at] == closing:
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
            elif closing == "}":
                self._pair(path)
            else:
                inner = (*path, index)
                self.found[inner] = (self._at, self._at + 1)
                self._value(inner)
                index += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        closing = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(closing)
        while not self._text.startswith(closing, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
            self._text[self._at]
        self._at += len(closing)
        while len(closing) == 3 and self._text[self._at] == quote:  # up to two quotes before the closing ones
            self._at += 1

    def _skip_spaces(self) -> None:
        while self._text[self._at] in " \t":
            self._at += 1

    def _skip_blank(self) -> None:
        """Skip spaces, line ends and comments."""
        while self._text[self._at] in " \t\r\n#":
            if self._text[self._at] == "#":
                self._skip_line()
            self._at += 1

    def _skip_line(self) -> None:
        while self._text[self._at] != "\n":
            self._at += 1


def _unescaped(key: str, quote: str) -> str:
    if quote == "'" or "\\" not in key:
        return key
    from json import loads

    with suppress(ValueError):
        return str(loads(f'"{key}"'))
    return key


def _span(text: str, start: int, end: int) -> Span:
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return Span(line, column, line, column + end - start)
