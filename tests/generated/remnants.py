"""What is left of a rejected dataflow without what is wrong with it?

Hamilton says nothing beyond its first error. Without the blamed statements the rest must be accepted and the same on both
sides; and each blamed statement must be rejected without the others.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tests.generated.dataflows import Generated

MOST_ALONE = 3
"""Blamed statements that are tried alone, at most."""

MOST_CONFIGS = 5
"""Configurations in which a remnant is tried, at most."""


def remnants(generated: Generated, blamed: Sequence[tuple[str, int]]) -> Iterator[Generated]:
    """The dataflow without all that is blamed; if that are several statements, with each of them alone."""
    statements = sorted({(path, first_line_of(generated, path, line)) for path, line in blamed})
    if statements:
        yield _without(generated, statements)
    for kept in statements[:MOST_ALONE] if len(statements) > 1 else ():
        yield _without(generated, [other for other in statements if other != kept])


def first_line_of(generated: Generated, path: str, line: int) -> int:
    """The first line of the top-level statement in which this line stands, decorators included; 0 when there is none."""
    text = dict(generated.files).get(path, "")
    return next((first for first, last in _statements(text) if first <= line <= last), 0)


def _without(generated: Generated, statements: Sequence[tuple[str, int]]) -> Generated:
    files = []
    for path, text in generated.files:
        lines = text.splitlines()
        for first, last in _statements(text):
            if (path, first) in statements:
                lines[first - 1 : last] = [""] * (last - first + 1)
        files.append((path, "".join(f"{line}\n" for line in lines)))
    return generated._replace(files=tuple(files), configs=generated.configs[:MOST_CONFIGS])


@lru_cache(maxsize=64)
def _statements(text: str) -> tuple[tuple[int, int], ...]:
    """First and last line of each top-level statement."""
    return tuple(
        (min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))]), node.end_lineno or 0)
        for node in ast.parse(text).body
    )
