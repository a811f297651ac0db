"""What does a `Pipfile.lock` say? It does not record what requires what."""

from __future__ import annotations

from typing import Any

from dagcheck.locks.lock import Lock, Pins
from dagcheck.settings.documents import read_json


def read_pipfile(path: str, content: bytes) -> Lock:
    """The lock that a JSON document is. Raises `UsageError` where it is no JSON."""
    document = read_json(path, content)
    if not isinstance(document, dict):
        return Lock(path, fault="it is no JSON object")
    pins = Pins(path)
    for group, listed in document.items():
        if group == "_meta":
            continue
        if not isinstance(listed, dict):
            pins.remark(0, f"`{group}` is no table of packages and is left out")
            continue
        for name, entry in listed.items():
            pins.add(name, _version(entry))
    return pins.lock()


def _version(entry: Any) -> str:
    """`==2.1.0`, or the commit of a repository."""
    if isinstance(entry, str):
        return entry.removeprefix("==") if entry.startswith("==") else ""
    if not isinstance(entry, dict):
        return ""
    version, commit = entry.get("version"), entry.get("ref")
    if isinstance(commit, str) and "git" in entry:
        return f"git {commit[:12]}"
    return version.lstrip("=") if isinstance(version, str) and version.startswith("==") else ""
