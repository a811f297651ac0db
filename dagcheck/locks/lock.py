"""What does one lock file say?

Terms: a *distribution* is what an installer installs, by its normalised name (PEP 503); a *lock file* pins versions of
distributions; a distribution that is listed without a version is *loose*, and its version is "". A distribution can have several
versions in one file, for several platforms. Nothing here says which packages a distribution holds (`dagcheck.names.distributions`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_MOST_CHARACTERS = 80
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


class Lock(NamedTuple):
    """A lock file. `requires` says what each distribution requires, None where the file does not record that.

    `includes` are further files that it names, `remarks` (line, words) about what could not be read; a `fault` says why nothing could.
    """

    path: str
    versions: Mapping[str, tuple[str, ...]] = {}
    requires: Mapping[str, tuple[str, ...]] | None = None
    includes: tuple[str, ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()
    fault: str = ""


class Pins:
    """Gathers what a lock file says, entry by entry."""

    def __init__(self, path: str, *, records_requirements: bool = False) -> None:
        self._path = path
        self._versions: dict[str, set[str]] = {}
        self._requires: dict[str, dict[str, None]] | None = {} if records_requirements else None
        self._includes: dict[str, None] = {}
        self._remarks: list[tuple[int, str]] = []

    def add(self, name: str, version: str, requires: tuple[str, ...] = ()) -> None:
        """One distribution in one version, and the names of what it requires."""
        known = normalised(name)
        self._versions.setdefault(known, set()).add(version.strip()[:_MOST_CHARACTERS])
        if self._requires is not None:
            others = [other for other in map(required, requires) if other and other != known]
            self._requires.setdefault(known, {}).update(dict.fromkeys(others))

    def include(self, path: str) -> None:
        """A further file that counts as well."""
        self._includes[path] = None

    def remark(self, line: int, words: str) -> None:
        """Something that could not be read; `line` is 0 where it has no place."""
        self._remarks.append((line, words))

    def lock(self) -> Lock:
        """All of it."""
        versions = {name: tuple(sorted(found)) for name, found in self._versions.items()}
        requires = None if self._requires is None else {name: tuple(found) for name, found in self._requires.items()}
        return Lock(self._path, versions, requires, tuple(self._includes), tuple(self._remarks))


def normalised(name: str) -> str:
    """The one spelling of a distribution's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()[:_MOST_CHARACTERS]


def required(requirement: str) -> str:
    """The distribution that a requirement such as `numpy[x]>=1; python_version < "3"` names; "" where it names none."""
    found = _REQUIREMENT.match(requirement)
    return normalised(found[1]) if found else ""
