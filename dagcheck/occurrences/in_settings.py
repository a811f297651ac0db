"""Where do the settings name a node?

In `final-vars`, `inputs`, `overrides`, and as a key of a configuration, of the dataflows that are meant. Settings are TOML, which is
read here line by line: what is looked for is a quoted string, or a bare key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from dagcheck.span import Span

_NAMING = ("final-vars", "inputs", "overrides", "config", "configs")


def settings_places(text: str, name: str, lines_of_dataflows: Collection[int]) -> Iterator[Span]:
    """The places of a name in the tables that begin at (or before) these lines."""
    lines = text.split("\n")
    key, inside = "", False
    for number, line in enumerate(lines, 1):
        header = re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$", line)
        if header is not None and not _is_in_array(lines[: number - 1]):
            parts = header[1].split(".")
            if line.lstrip().startswith("[["):
                inside = any(number <= wanted < _end(lines, number) for wanted in lines_of_dataflows)
            key = parts[-1] if parts[-1] in _NAMING else ""
            continue
        assigned = re.match(r"\s*([\w-]+)\s*=", line)
        if assigned is not None and (assigned[1] in _NAMING or not _is_in_array(lines[: number - 1])):
            key = assigned[1] if assigned[1] in _NAMING or key not in _NAMING else key
        if inside and key in _NAMING:
            yield from _in_line(line, number, name, key)


def _in_line(line: str, number: int, name: str, key: str) -> Iterator[Span]:
    word = re.escape(name)
    patterns = [rf"(?<![\w.-])({word})(?=\s*=)"]
    if key in ("config", "configs"):
        patterns.append(rf"[\"']({word})[\"'](?=\s*=)")
    else:
        patterns.append(rf"[\"']({word})[\"']")
    for pattern in patterns:
        for match in re.finditer(pattern, line):
            yield Span(number, match.start(1) + 1, number, match.end(1) + 1)


def _end(lines: list[str], start: int) -> int:
    """The line of the next table of tables after one that begins at `start`."""
    for number in range(start + 1, len(lines) + 1):
        if lines[number - 1].lstrip().startswith("[[") and "=" not in lines[number - 1]:
            return number
    return len(lines) + 1


def _is_in_array(before: list[str]) -> bool:
    """Is an array still open after these lines? Brackets in strings are rare enough in settings not to be told apart."""
    depth = 0
    for line in before:
        code = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)
        if not re.match(r"\s*\[\[?[^\[\],]+\]\]?\s*$", code) or depth:
            depth = max(depth + code.count("[") - code.count("]"), 0)
    return depth > 0
