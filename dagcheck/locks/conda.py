"""What do `conda-lock.yml`, `pixi.lock` and `environment.yml` say?

A package for several platforms has one entry for each. Versions count, builds do not. An environment names what is wanted:
`name=1.2` and `name==1.2` are pins, all else is loose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dagcheck.locks.blocks import read_blocks
from dagcheck.locks.lock import Lock, Pins
from dagcheck.locks.requirements import add_requirement

_FILE = re.compile(r"([^/]+)-([^-/]+)-[^-/]+\.(?:conda|tar\.bz2)$")
_WHEEL = re.compile(r"([^-/]+)-([^-/]+)(?:-[^-/]+){3,4}\.whl$")
_SDIST = re.compile(r"([^/]+)-([^-/]+)\.(?:tar\.gz|zip)$")
_SPEC = re.compile(r"(?:[^\s:]+::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)(?:\[[^\]]*\])?\s*(.*)")
_PINNED = re.compile(r"={1,2}\s*([^\s=,*|<>!]+)(?:=\S+)?")


def read_conda_lock(path: str, content: bytes) -> Lock:
    """The lock that conda-lock writes."""
    return _listed(path, content, "package")


def read_pixi(path: str, content: bytes) -> Lock:
    """The lock that pixi writes."""
    return _listed(path, content, "packages")


def read_environment(path: str, content: bytes) -> Lock:
    """An environment that a person wrote, or that `conda env export` did."""
    document, pins, fault = _document(path, content, records_requirements=False)
    listed = document.get("dependencies")
    if fault or not isinstance(listed, list):
        return Lock(path, fault=fault or "it has no list of `dependencies`")
    for item in listed:
        for inner in item.get("pip") or () if isinstance(item, dict) else ():
            if isinstance(inner, str) and not inner.startswith("-"):
                add_requirement(pins, 0, inner)
        spec = _SPEC.fullmatch(item) if isinstance(item, str) else None
        if spec:
            pinned = _PINNED.fullmatch(spec[2])
            pins.add(spec[1], pinned[1] if pinned else "")
    return pins.lock()


def _listed(path: str, content: bytes, key: str) -> Lock:
    document, pins, fault = _document(path, content, records_requirements=True)
    listed = document.get(key)
    if fault or not isinstance(listed, list):
        return Lock(path, fault=fault or f"it has no list of `{key}`")
    skipped = 0
    for entry in listed:
        name, version = _name_and_version(entry) if isinstance(entry, dict) else ("", "")
        if name:
            pins.add(name, version, tuple(_requires(entry)))
        elif not (isinstance(entry, dict) and entry.get("pypi") in (".", "./")):
            skipped += 1
    if skipped:
        pins.remark(0, f"{skipped} of its packages have no name that can be read and are left out")
    return pins.lock()


def _document(path: str, content: bytes, *, records_requirements: bool) -> tuple[Mapping[str, Any], Pins, str]:
    pins = Pins(path, records_requirements=records_requirements)
    try:
        found, strange = read_blocks(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, pins, "it is no UTF-8"
    for line, words in strange:
        pins.remark(line, words)
    return (found, pins, "") if isinstance(found, dict) else ({}, pins, "it is no mapping from keys to values")


def _name_and_version(entry: Mapping[str, Any]) -> tuple[str, str]:
    """What an entry says, or what the name of its file does."""
    name, version = entry.get("name"), entry.get("version")
    if isinstance(name, str) and isinstance(version, str):
        return name, version
    for place in (entry.get(key) for key in ("conda", "pypi", "url")):
        for shape in (_FILE, _WHEEL, _SDIST):
            found = shape.search(place.partition("#")[0]) if isinstance(place, str) else None
            if found:
                return found[1], found[2]
    return (name, "") if isinstance(name, str) else ("", "")


def _requires(entry: Mapping[str, Any]) -> Iterator[str]:
    """A mapping by names (conda-lock), or lists of texts (pixi)."""
    for key in ("dependencies", "depends", "requires_dist"):
        given = entry.get(key)
        for item in given if isinstance(given, (list, dict)) else ():
            if isinstance(item, str):
                yield item
