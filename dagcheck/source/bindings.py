"""Where does a module bind its names?

For every name that top-level statements bind, blocks of `if`, `for`, `try` and their kin included: the line on which that
first happens, and the place where it last does. What the name is bound to is not looked at. `*` stands for all that a star import
may bind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dagcheck.source.syntax import Expression, Header, Place, Statement, blocks


class Binding(NamedTuple):
    """First line and last place of a name's bindings."""

    first_line: int
    last: Place


def bindings(statements: Iterable[Statement]) -> dict[str, Binding]:
    """The bindings of a module's names."""
    found: dict[str, Binding] = {}
    for name, place in _bound(statements):
        before = found.get(name)
        found[name] = Binding(place[0] if before is None else before.first_line, place)
    return found


def rebound(statements: Iterable[Statement]) -> frozenset[str]:
    """The names that a module binds on more than one line."""
    return frozenset([name for name, found in bindings(statements).items() if found.last[0] > found.first_line])


def _bound(statements: Iterable[Statement]) -> Iterator[tuple[str, Place]]:
    for statement in statements:
        yield from _bound_by(statement)
        for block in blocks(statement):
            yield from _bound(block)


def _bound_by(statement: Statement) -> Iterator[tuple[str, Place]]:
    """What one statement binds by itself."""
    kind, place = statement[0], statement[1]
    if kind == "def":
        header = Header._make(statement[2])
        yield header.name, header.name_place
    elif kind in ("class", "alias"):
        yield statement[2], place
    elif kind == "import":
        yield from ((alias or dotted.partition(".")[0], place) for dotted, alias in statement[2])
    elif kind == "from":
        yield from ((alias or name, place) for name, alias in statement[4])
    elif kind == "opaque":
        yield from ((name, place) for name in statement[3])
    elif kind == "try":
        yield from ((handler[1], place) for handler in statement[3] if handler[1])
    else:
        yield from _assigned(statement)


def _assigned(statement: Statement) -> Iterator[tuple[str, Place]]:
    kind = statement[0]
    if kind == "assign":
        for target in statement[2]:
            yield from _targets(target)
    elif kind in ("annassign", "augassign", "for"):
        yield from _targets(statement[2])
    elif kind == "with":
        for _, target in statement[2]:
            yield from _targets(target or ("none",))


def _targets(target: Expression) -> Iterator[tuple[str, Place]]:
    if target[0] == "name":
        yield target[2], target[1]
    elif target[0] in ("tuple", "list"):
        for part in target[2]:
            yield from _targets(part)
    elif target[0] == "star":
        yield from _targets(target[2])
