"""Which paths does a list of patterns mean?

Patterns are those of `.gitignore` without negation: a pattern without a slash names a file or folder at any depth, one
with a slash starts at the project folder; either covers everything below it. `*`, `?` and `[...]` stay within one
name, `**` crosses folders. Paths are relative to the project and `/`-separated; case counts on every system.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """A test of paths against all patterns at once; patterns with a fault match nothing."""
    usable = [_expression(pattern) for pattern in patterns if not fault_of(pattern)]
    if not usable:
        return lambda path: False
    expression = re.compile("|".join(usable))
    return lambda path: expression.fullmatch(path) is not None


def fault_of(pattern: str) -> str:
    """What is wrong with a pattern, or the empty string."""
    names = pattern.strip("/").split("/")
    if not pattern.strip("./"):
        return "a pattern must name something"
    if "\\" in pattern:
        return "folders are separated by `/` on every system"
    if ".." in names:
        return "a pattern cannot leave the project folder"
    if any("**" in name and name != "**" for name in names):
        return "`**` stands for whole folders and must be alone between slashes"
    if any(_class_end(name, start) < 0 for name in names for start in _openings(name)):
        return "`[` is not closed"
    return ""


def _expression(pattern: str) -> str:
    anchored = "/" in pattern.rstrip("/")
    names = [name for name in pattern.split("/") if name not in {"", "."}]
    parts = ["" if anchored else "(?:.*/)?"]
    for index, name in enumerate(names):
        last = index == len(names) - 1
        if name == "**":
            parts.append(".+" if last else "(?:.*/)?")
        else:
            parts.append(_name_expression(name) + ("(?:/.*)?" if last else "/"))
    return "(?s:" + "".join(parts) + ")"


def _name_expression(name: str) -> str:
    """One file or folder name as a regular expression."""
    parts = []
    index = 0
    while index < len(name):
        character = name[index]
        index += 1
        if character == "*":
            parts.append("[^/]*")
        elif character == "?":
            parts.append("[^/]")
        elif character == "[":
            end = _class_end(name, index - 1)
            parts.append(_class_expression(name[index:end]))
            index = end + 1
        else:
            parts.append(re.escape(character))
    return "".join(parts)


def _class_expression(members: str) -> str:
    negated = members[:1] in {"!", "^"}
    kept = members[1:] if negated else members
    escaped = kept.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("^", "\\^")
    escaped = escaped.replace("&", "\\&").replace("~", "\\~").replace("|", "\\|").replace("--", "-\\-")
    # A range that runs backwards means nothing to a shell; here it must not break the whole expression.
    try:
        re.compile(f"[{escaped}]")
    except re.error:
        escaped = re.escape(kept)
    return f"(?!/)[{'^' if negated else ''}{escaped}]"


def _openings(name: str) -> list[int]:
    """Where character classes open: every `[` that is not inside another class."""
    openings = []
    index = name.find("[")
    while index >= 0:
        openings.append(index)
        end = _class_end(name, index)
        index = name.find("[", end) if end >= 0 else -1
    return openings


def _class_end(name: str, start: int) -> int:
    """The index of the `]` that closes the class opened at `start`, or -1; a `]` right after the opening is a member."""
    first = start + (2 if name[start + 1 : start + 2] in {"!", "^"} else 1)
    return name.find("]", first + 1)
