"""What is left of a rejected dataflow without what is wrong with it?

Hamilton says nothing beyond its first error. Without the blamed statements the rest must be accepted and the same on both
sides; and each blamed statement must be rejected without the others. With a statement goes whatever names what it defines,
so that what is left can still be imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tests.generated.dataflows import Generated

MOST_ALONE = 3
"""Blamed statements that are tried alone, at most."""

MOST_CONFIGS = 5
"""Configurations in which a remnant is tried, at most."""


class Statement(NamedTuple):
    """A top-level statement: its lines, decorators included, and the names that it binds and that it uses."""

    first: int
    last: int
    binds: frozenset[str]
    uses: frozenset[str]


def remnants(generated: Generated, blamed: Sequence[tuple[str, int]]) -> Iterator[Generated]:
    """The dataflow without all that is blamed; if that are several statements, with each of them alone."""
    groups = sorted({tuple(_blamed(generated, path, line)) for path, line in blamed})
    statements = sorted({place for group in groups for place in group})
    if statements:
        yield _without(generated, statements)
    for kept in groups[:MOST_ALONE] if len(groups) > 1 else ():
        yield _without(generated, [other for other in statements if other not in kept])


def _blamed(generated: Generated, path: str, line: int) -> Iterator[tuple[str, int]]:
    """The statement of this line, and those that make or apply a modifier for it: a fault of its arguments is theirs."""
    pending, seen = [statement_at(generated, path, line)], set[int]()
    while pending:
        found = pending.pop()
        if found.first in seen:
            continue
        seen.add(found.first)
        yield path, found.first
        pending += [
            other
            for other in _statements(dict(generated.files).get(path, ""))
            if any(name.startswith(("_modifier", "_decorated")) and name in found.uses for name in other.binds)
        ]


def first_line_of(generated: Generated, path: str, line: int) -> int:
    """The first line of the top-level statement in which this line stands, decorators included; 0 when there is none."""
    return statement_at(generated, path, line).first


def statement_at(generated: Generated, path: str, line: int) -> Statement:
    """The top-level statement in which this line stands; an empty one when there is none."""
    text = dict(generated.files).get(path, "")
    there = (found for found in _statements(text) if found.first <= line <= found.last)
    return next(there, Statement(0, 0, frozenset(), frozenset()))


def _without(generated: Generated, statements: Sequence[tuple[str, int]]) -> Generated:
    files = []
    gone: set[str] = set()
    for path, text in generated.files:
        lost = [found for found in _statements(text) if (path, found.first) in statements]
        gone.update(name for found in lost for name in found.binds)
    for path, text in generated.files:
        lines = text.splitlines()
        for found in _lost(text, path, statements, gone):
            lines[found.first - 1 : found.last] = [""] * (found.last - found.first + 1)
        files.append((path, "".join(f"{line}\n" for line in lines)))
    return generated._replace(files=tuple(files), configs=generated.configs[:MOST_CONFIGS])


def _lost(text: str, path: str, statements: Sequence[tuple[str, int]], gone: set[str]) -> list[Statement]:
    """The statements that go, those included that name what goes, however far that leads."""
    rest, lost = list(_statements(text)), []
    missing = set(gone)
    changed = True
    while changed:
        changed = False
        for found in list(rest):
            if (path, found.first) in statements or found.uses & missing:
                rest.remove(found)
                lost.append(found)
                missing |= found.binds
                changed = True
    return lost


@lru_cache(maxsize=64)
def _statements(text: str) -> tuple[Statement, ...]:
    return tuple(map(_statement, ast.parse(text).body))


def _changed(node: ast.stmt) -> set[str]:
    """The names whose elements a statement binds: `table[key] = value`."""
    stored = [part for part in ast.walk(node) if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store)]
    return {part.value.id for part in stored if isinstance(part.value, ast.Name)}


def _statement(node: ast.stmt) -> Statement:
    first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))])
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    binds = {part.id for part in names if isinstance(part.ctx, ast.Store)} | _changed(node)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        binds = {node.name}
    uses = {part.id for part in names if isinstance(part.ctx, (ast.Load, ast.Del))}
    if isinstance(node, ast.ImportFrom):
        uses |= {alias.name for alias in node.names}
        binds |= {alias.asname or alias.name for alias in node.names}
    return Statement(first, node.end_lineno or 0, frozenset(binds), frozenset(uses))
