"""To which distribution does an imported package belong?

Asked in this order: the records of the environment, read as text (`top_level.txt`, else `RECORD`); a small bundled table; a locked
distribution of the same name (PEP 503), be it that of a namespace package (`google.cloud.storage`, `google-cloud-storage`). Only
distributions that are locked count. What none of these tells is not known, and never guessed.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator

from dagcheck.locks.lock import normalised
from dagcheck.names.known_distributions import table

_LARGEST = 8_000_000
_INFO = re.compile(r"(.+?)-[^-]+\.(?:dist|egg)-info$")
_MODULE = re.compile(r"([^./]+)(?:\.[^/]*)?\.(?:py|so|pyd)$")


class Distributions:
    """The distributions of one project. State: what was looked up so far."""

    def __init__(self, folders: Iterable[str], locked: Collection[str]) -> None:
        """`folders` are those of installed packages, `locked` the normalised names in lock files."""
        self._folders = tuple(folders)
        self._locked = locked
        self._table = table()
        self._known: dict[str, tuple[str, ...]] = {}
        self._installed: dict[str, list[tuple[str, str]]] | None = None
        self._records: dict[str, str] = {}

    def of(self, dotted: str) -> tuple[str, ...] | None:
        """The locked distributions that a dotted name outside the project may be from.

        () for the standard library and what is no name at all, None where that is not known.
        """
        parts = dotted.split(".")
        if not parts[0].isidentifier() or parts[0] in sys.stdlib_module_names or parts[0] == "builtins":
            return ()
        short = ".".join(parts[:4])
        if short not in self._known:
            self._known[short] = self._find(parts[:4])
        return self._known[short] or None

    def packages_are_known(self, distribution: str) -> bool:
        """Is it known which packages a distribution holds, from records or from the table?"""
        names = {name for found in self._tops().values() for name, _ in found}
        return distribution in names or any(distribution in found for found in self._table.values())

    def _find(self, parts: list[str]) -> tuple[str, ...]:
        installed = self._tops().get(parts[0], [])
        if len(installed) > 1:
            installed = self._nearest(parts, installed)
        found = tuple(sorted({name for name, _ in installed if name in self._locked}))
        for end in range(len(parts), 0, -1) if not found else ():
            candidates = self._table.get(".".join(parts[:end]), ())
            found = tuple(name for name in candidates if name in self._locked)
            if found:
                return found
        return found or self._of_equal_name(parts)

    def _of_equal_name(self, parts: list[str]) -> tuple[str, ...]:
        """The one of the package's own name, else the longest of a namespace package."""
        for end in (1, *range(len(parts), 1, -1)):
            name = normalised("-".join(parts[:end]))
            if name in self._locked:
                return (name,)
        return ()

    # --- the records of the environment

    def _tops(self) -> dict[str, list[tuple[str, str]]]:
        """From a top-level name to the distributions that hold it, each with the folder of its records."""
        if self._installed is None:
            self._installed = {}
            for folder in self._folders:
                for entry in sorted(_names(folder)):
                    match = _INFO.match(entry)
                    place = os.path.join(folder, entry)
                    for top in self._top_names(place) if match else ():
                        self._installed.setdefault(top, []).append((normalised(match[1] if match else ""), place))
        return self._installed

    def _top_names(self, place: str) -> set[str]:
        tops = set(_text(os.path.join(place, "top_level.txt")).split())
        return {top.partition("/")[0] for top in tops} or set(self._recorded(place))

    def _recorded(self, place: str) -> Iterator[str]:
        for line in self._record(place).splitlines():
            first, slash, _ = line.partition("/")
            if slash and first.isidentifier():
                yield first
            elif not slash and (module := _MODULE.match(line.partition(",")[0])):
                yield module[1]

    def _nearest(self, parts: list[str], installed: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of several distributions whose records have the most of a dotted name."""
        for end in range(len(parts), 0, -1):
            stem = "/".join(parts[:end])
            shapes = (f"\n{stem}/", f"\n{stem}.py,", f"\n{stem}.")
            found = [pair for pair in installed if any(shape in "\n" + self._record(pair[1]) for shape in shapes)]
            if found:
                return found
        return installed

    def _record(self, place: str) -> str:
        if place not in self._records:
            self._records[place] = _text(os.path.join(place, "RECORD"))
        return self._records[place]


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_LARGEST)
    except (OSError, ValueError):
        return ""
