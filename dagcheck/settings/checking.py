"""Is this value of the kind that was expected? Mistakes are collected with their places, none is raised.

Each reader gives what a value says, or something harmless after a mistake, so that one run tells all mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from dagcheck.settings.positions import Path, key_spans
from dagcheck.span import NOWHERE, Span

Reader = Callable[[Path, Any], Any]
"""From where a value stands, and the value, to what it says."""


class Checker:
    """Reads the values of one TOML document, whose text is only looked at to find the place of a mistake."""

    def __init__(self, text: str) -> None:
        self.mistakes: list[tuple[Span, str]] = []
        self._text = text
        self._spans: dict[Path, Span] | None = None

    def fields(self, base: Path, table: Mapping[str, Any], readers: Mapping[str, tuple[str, Reader]]) -> dict[str, Any]:
        """The values of a table under the names that `readers` give them; other keys are mistakes."""
        fields = {}
        for key, value in table.items():
            if key in readers:
                name, read = readers[key]
                fields[name] = read((*base, key), value)
            else:
                self.mistake((*base, key), unknown_name("key", key, readers))
        return fields

    def choice(self, options: tuple[str, ...]) -> Callable[[Path, Any], str]:
        """A reader of one of some words."""

        def choose(path: Path, value: Any) -> str:
            if value in options:
                return str(value)
            written = f"`{value}`" if isinstance(value, str) else kind_of(value)
            self.mistake(path, f"`{path[-1]}` must be one of {', '.join(options)}, not {written}")
            return options[0]

        return choose

    def strings(self, path: Path, value: Any, expected: str = "a list of strings") -> tuple[str, ...]:
        """A list of strings."""
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        self.wrong(path, expected, value)
        return ()

    def string(self, path: Path, value: Any) -> str:
        """A string."""
        if isinstance(value, str):
            return value
        self.wrong(path, "a string", value)
        return ""

    def boolean(self, path: Path, value: Any) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.wrong(path, "true or false", value)
        return False

    def wrong(self, path: Path, expected: str, value: Any) -> None:
        """A value of another kind than expected."""
        self.mistake(path, f"`{path[-1]}` must be {expected}, not {kind_of(value)}")

    def mistake(self, path: Path, words: str) -> None:
        """Something wrong with what a path leads to."""
        self.mistakes.append((self.span(path), words))

    def span(self, path: Path) -> Span:
        """Where a path leads, or the nearest thing around it that has a place."""
        if self._spans is None:
            self._spans = key_spans(self._text)
        while path and path not in self._spans:
            path = path[:-1]
        return self._spans.get(path, NOWHERE)


def kind_of(value: Any) -> str:
    """What a TOML value is, in TOML's words."""
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a string", dict: "a table"}
    if isinstance(value, list):
        others = [entry for entry in value if not isinstance(entry, str)]
        return f"a list with {kind_of(others[0])}" if others else "a list"
    return kinds.get(type(value), "a date or time")


def unknown_name(kind: str, name: str, known: Collection[str]) -> str:
    """A name that is none of the known ones, with the nearest of them as advice."""
    from difflib import get_close_matches

    nearest = get_close_matches(name, sorted(known), 1)
    advice = f"; did you mean `{nearest[0]}`?" if nearest else ""
    return f"unknown {kind} `{name}`{advice}"
