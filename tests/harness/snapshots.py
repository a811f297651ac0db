"""How do snapshot blocks get their text? `pytest --update-snapshots` rewrites them in their suites."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Rewrite(NamedTuple):
    """The block whose fence opens at `line` of the file is to contain `text`."""

    path: str
    line: int
    text: str


def rewrite(rewrites: Iterable[Rewrite]) -> tuple[str, ...]:
    """Carry them out; the files that changed. A block keeps its fence."""
    changed: dict[str, None] = {}
    for item in sorted(rewrites, key=lambda item: -item.line):  # from the bottom up, so that lines above stay
        path = Path(item.path)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        fence = lines[item.line - 1].split("snapshot")[0].strip()
        end = next(number for number in range(item.line, len(lines)) if lines[number].strip() == fence)
        lines[item.line : end] = item.text.splitlines(keepends=True)
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
        changed[item.path] = None
    return tuple(changed)
