"""What do the functions of the dataflows do inside? Only rules that somebody selected ask for it, so bodies are read for them alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dagcheck.graph.dataflow import Dataflow
from dagcheck.rules.rule import BodyUnit
from dagcheck.source.facts import Source, changed_parameters
from dagcheck.source.syntax import Header, Statement, blocks, header_of


def bodies(dataflows: Iterable[Dataflow], source_of: Callable[[str], Source | None]) -> Iterator[BodyUnit]:
    """Each function that makes a node, in each dataflow; a function is read once."""
    headers: dict[str, dict[int, Header]] = {}
    read: dict[tuple[str, int], BodyUnit | None] = {}
    for dataflow in dataflows:
        for path, line in dict.fromkeys((node.origin.path, node.origin.line) for node in dataflow.nodes):
            if path not in headers:
                source = source_of(path)
                headers[path] = {} if source is None else dict(_headers(source.facts.statements))
            header = headers[path].get(line)
            if header is None:
                continue
            if (path, line) not in read:
                source = source_of(path)
                changes = () if source is None else tuple(changed_parameters(source.text, header))
                read[path, line] = BodyUnit(dataflow, path, header.name, changes) if changes else None
            unit = read[path, line]
            if unit is not None:
                yield unit._replace(dataflow=dataflow)


def _headers(statements: Iterable[Statement]) -> Iterator[tuple[int, Header]]:
    """The functions of a file by the line of their `def`."""
    for statement in statements:
        if statement[0] == "def":
            header = header_of(statement)
            yield header.place[0], header
        for block in blocks(statement):
            yield from _headers(block)
