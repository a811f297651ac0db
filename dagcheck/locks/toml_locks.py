"""What do the lock files of uv, Poetry and PDM say, and `pylock.toml` (PEP 751)?

All four list packages as tables; they differ in where they keep what a package requires and where it comes from. A package from a
repository or a URL has its commit or its address as part of its version. The project itself, which uv lists as well, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dagcheck.locks.lock import Lock, Pins
from dagcheck.settings.documents import read_toml

_OWN_SOURCES = ("editable", "virtual", "directory")


def read_packages(path: str, content: bytes) -> Lock:
    """The lock that a TOML document is. Raises `UsageError` where it is no TOML."""
    document, _ = read_toml(path, content)
    listed = document.get("packages" if "packages" in document else "package", [])
    if not isinstance(listed, list):
        return Lock(path, fault="its packages are no list of tables")
    pins = Pins(path, records_requirements=True)
    skipped = 0
    for entry in listed:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            skipped += 1
        elif not _is_own(entry):
            pins.add(entry["name"], _version(entry), tuple(_requires(entry)))
    if skipped:
        pins.remark(0, f"{skipped} of its packages have no name and are left out")
    return pins.lock()


def _is_own(entry: Mapping[str, Any]) -> bool:
    """Is it the project that the file locks for?"""
    source, folder = _table(entry, "source"), _table(entry, "directory")
    return any(source.get(kind) == "." for kind in _OWN_SOURCES) or folder.get("path") == "."


def _version(entry: Mapping[str, Any]) -> str:
    version = entry.get("version")
    words = [version] if isinstance(version, str) else []
    origin = _origin(entry)
    return " ".join([*words, *([f"({origin})"] if origin and words else [origin] if origin else [])])


def _origin(entry: Mapping[str, Any]) -> str:
    """Where a package that no index has comes from; "" for all others."""
    source, vcs, archive = _table(entry, "source"), _table(entry, "vcs"), _table(entry, "archive")
    pinned = str(source.get("git", "")).rpartition("#")[2]
    for commit in (entry.get("revision"), vcs.get("commit-id"), source.get("resolved_reference"), pinned):
        if isinstance(commit, str) and commit:
            return f"git {commit[:12]}"
    if source.get("type") in ("legacy", "primary", "supplemental", "explicit", "pypi"):
        return ""  # a URL is that of an index
    urls = [table.get("url") for table in (source, entry, archive)]
    return next((url for url in urls if isinstance(url, str)), "")


def _requires(entry: Mapping[str, Any]) -> Iterator[str]:
    """What a package requires: texts (PDM), tables with a name (uv, PEP 751), or a table by names (Poetry).

    uv lists the extras that are in use, Poetry all there are: those that are optional count for uv alone.
    """
    given = entry.get("dependencies")
    if isinstance(given, dict):
        yield from (name for name, what in given.items() if not _is_optional(what))
    extras = _table(entry, "optional-dependencies").values()
    for listed in (given, *extras):
        for item in listed if isinstance(listed, list) else ():
            name = item.get("name") if isinstance(item, dict) else item
            if isinstance(name, str):
                yield name


def _is_optional(what: Any) -> bool:
    alternatives = what if isinstance(what, list) else [what]
    return all(isinstance(one, dict) and one.get("optional") is True for one in alternatives)


def _table(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: Any = entry.get(key)
    return found if isinstance(found, dict) else {}
