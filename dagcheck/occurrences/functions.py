"""What are the parts of functions called as nodes, and where do a module's statements say so?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dagcheck.nodes.node import Node
from dagcheck.source.syntax import Expression, Header, Statement, blocks, header_of
from dagcheck.span import Span


class FunctionNames(NamedTuple):
    """What one function's parts are called as nodes: its `def` ("" where it makes none of its name), and its parameters.

    `parameters` are (parameter, node that it reads or "").
    """

    header: Header
    name: str
    parameters: tuple[tuple[str, str], ...]


def function_names(header: Header, nodes: Sequence[Node]) -> FunctionNames:
    """What a function's parts are called, by the nodes that it makes."""
    own = [node.name for node in nodes if tuple(node.span) == header.name_place]
    name = next((each for each in own if header.name.startswith(each)), "")
    by_place: dict[Span, set[str]] = {}
    for node in nodes:
        for part in node.dependencies:
            by_place.setdefault(part.span, set()).add(part.name)
    everything = {each for names in by_place.values() for each in names}
    pairs = []
    for parameter in header.parameters:
        placed = by_place.get(Span(*parameter.place), set())
        # What goes through a pipe is read by the pipe's first step; at the parameter only the last step is read.
        reads = parameter.name in placed or (parameter.name in everything and not any(map(str.isidentifier, placed)))
        pairs.append((parameter.name, parameter.name if reads else ""))
    return FunctionNames(header, name, tuple(pairs))


def headers(statements: Iterable[Statement]) -> Iterator[Header]:
    """The functions at the top level of a module, those in blocks of `if` and their kin included."""
    for statement in statements:
        if statement[0] == "def":
            yield header_of(statement)
        for block in blocks(statement):
            yield from headers(block)


def constants(statements: Iterable[Statement]) -> Iterator[Expression]:
    """What assignments and calls at the top level of a module are given."""
    for statement in statements:
        if statement[0] == "assign":
            yield statement[3]
        elif statement[0] in ("annassign", "augassign") and statement[4] is not None:
            yield statement[4]
        elif statement[0] == "expr":
            yield statement[2]
        for block in blocks(statement):
            yield from constants(block)


def braced(lines: Sequence[str], first: int, last: int, name: str) -> Iterator[Span]:
    """The places of a name behind an opening brace, in some lines."""
    for number in range(first, last + 1):
        for match in re.finditer(rf"(?<!\{{)\{{({re.escape(name)})(?=[}}!:.\[])", lines[number - 1]):
            yield Span(number, match.start(1) + 1, number, match.end(1) + 1)


def start(place: Sequence[int], name: str) -> Span:
    """The first characters of a place, which spell a name."""
    return Span(place[0], place[1], place[0], place[1] + len(name))
