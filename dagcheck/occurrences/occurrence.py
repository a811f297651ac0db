"""What is a place where a node's name is written?

An *occurrence* is a stretch of text that spells the name of a node, and nothing but the name: of `def spend__us` it is the five
letters `spend`, of `source("spend")` what stands between the quotes. Its *role* says what the name does there.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from dagcheck.span import Location, Span

Role = Literal["function", "makes", "parameter", "use", "reads", "target", "keyword", "reference", "driver", "setting"]
"""What a name does where it is written.

`function`: the name after `def`. `makes`: a modifier's argument that names a node. `parameter`: a parameter that reads the node,
and `use` wherever its function's body speaks of it. `reads`: a modifier's argument that names a node to read. `target`: one that
names a node of the same function. `keyword`: the name of an argument where a function is called. `reference`: code that speaks
of the function itself. `driver`: a name given to a driver, or looked up in its results. `setting`: one in the settings.
"""

DEFINING: frozenset[Role] = frozenset({"function", "makes"})
"""Roles that bring a node into being."""

READING: frozenset[Role] = frozenset({"parameter", "reads"})
"""Roles that make another node depend on it."""


class Occurrence(NamedTuple):
    """One place where the name of a node is written.

    `function` is the line of the `def` around it, 0 for none. `module` is a file of a dataflow that has the node. `quoted`: it is
    text to Python, so that no variable is called so.
    """

    name: str
    location: Location
    role: Role
    module: str
    function: int = 0
    quoted: bool = False


def within(span: Span, line: int, column: int) -> bool:
    """Does a place (1-based, in code points) lie in a span, its end included?"""
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)
