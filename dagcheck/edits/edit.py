"""What is a change of some texts?

An *edit* puts new characters in the place of a span; everything around it stays as it is, byte for byte. A *state* is what is known
of a project with some texts, so that a change can be tried before it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.occurrences.index import Index
from dagcheck.span import Location, Span


class Edit(NamedTuple):
    """New characters for a stretch of a file."""

    location: Location
    text: str


class State(NamedTuple):
    """A project with certain texts: its dataflows, its findings, and where its names are written."""

    dataflows: tuple[Dataflow, ...]
    diagnostics: tuple[Diagnostic, ...]
    places: Index


Suppose = Callable[[Mapping[str, str]], State]
"""What a project would be with other texts in some files."""


class Refused(NamedTuple):
    """Why something is not done; nothing was changed."""

    reasons: tuple[str, ...]


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits of one file, which do not overlap."""
    lines = text.split("\n")
    for edit in sorted(set(edits), key=lambda edit: edit.location.span, reverse=True):
        span = edit.location.span
        head, tail = lines[span.line - 1][: span.column - 1], lines[span.end_line - 1][span.end_column - 1 :]
        lines[span.line - 1 : span.end_line] = f"{head}{edit.text}{tail}".split("\n")
    return "\n".join(lines)


def by_file(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    """The edits of each file, in the order of its text."""
    found: dict[str, list[Edit]] = {}
    for edit in sorted(set(edits), key=lambda edit: edit.location):
        found.setdefault(edit.location.path, []).append(edit)
    return found


def between(path: str, old: str, new: str) -> list[Edit]:
    """Edits by whole lines that make one text of another."""
    from difflib import SequenceMatcher

    before, after = old.split("\n"), new.split("\n")
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if b - a == d - c:  # line by line, so that each keeps the end that it has
            lines = zip(range(a, b), range(c, d), strict=True)
            found += [Edit(Location(path, Span(i + 1, 1, i + 1, len(before[i]) + 1)), after[j]) for i, j in lines]
        elif kind == "insert":
            found.append(Edit(Location(path, Span(a + 1, 1, a + 1, 1)), "".join(f"{line}\n" for line in after[c:d])))
        elif b < len(before):
            text = "".join(f"{line}\n" for line in after[c:d])
            found.append(Edit(Location(path, Span(a + 1, 1, b + 1, 1)), text))
        else:
            span = Span(a + 1, 1, b, len(before[b - 1]) + 1)
            found.append(Edit(Location(path, span), "\n".join(after[c:d])))
    return found


def difference(texts: Sequence[tuple[str, str, str]]) -> str:
    """(path, old, new) as a unified diff, as `git apply` takes it."""
    from difflib import unified_diff

    parts: list[str] = []
    for path, old, new in texts:
        rows = unified_diff(_rows(old), _rows(new), f"a/{path}", f"b/{path}")
        parts += [row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows]
    return "".join(parts)


def _rows(text: str) -> list[str]:
    """The lines with their newlines; only `\\n` ends one."""
    rows = text.split("\n")
    return [f"{row}\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])
