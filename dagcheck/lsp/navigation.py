"""Where does a name come from, where is it read, and where else is it written?

Every answer starts from the occurrence at the cursor. Where there is none, the answer is None: that word is not a dataflow's, and a
general Python server beside this one has the say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from lsprotocol import types as lsp

from dagcheck.graph.dataflow import Dataflow
from dagcheck.lsp.buffers import to_place, to_range
from dagcheck.lsp.folders import Folder, Folders, Place
from dagcheck.nodes.node import Node
from dagcheck.occurrences.index import Index
from dagcheck.occurrences.occurrence import DEFINING, Occurrence
from dagcheck.span import Location, Span

LEADING = frozenset({"parameter", "reads", "target", "driver", "setting", "function", "makes"})
"""Roles whose definition is the node; of a use in a body, or of a call, Python itself knows the definition."""


class Found(NamedTuple):
    """The name at a cursor: the index that knows it, the occurrence, and the dataflows whose node it is."""

    places: Index
    occurrence: Occurrence
    dataflows: tuple[Dataflow, ...]

    @property
    def name(self) -> str:
        """The node's name."""
        return self.occurrence.name


class Navigator:
    """Answers questions about places. `encoding` is the client's unit of characters."""

    def __init__(self, folders: Folders, encoding: str) -> None:
        self._folders = folders
        self.encoding = encoding

    def found(self, place: Place, position: lsp.Position) -> Found | None:
        """The name at a position."""
        folder, path = place
        index = folder.index()
        if index is None:
            return None
        line, column = to_place(position, folder.lines(path), self.encoding)
        mapped = folder.map(path)
        known = line if mapped is None else mapped.earlier(line)
        if known is None:
            return None
        occurrence = _at(index.occurrences(path), known, column) or self._in_settings(place, index, line, column)
        if occurrence is None:
            return None
        flows = [flow for flow in index.dataflows_of(occurrence.module) if _has(flow, occurrence.name)]
        return Found(index, occurrence, tuple(flows)) if flows else None

    def definition(self, place: Place, position: lsp.Position) -> list[lsp.Location] | None:
        """Where the node is made, in every module and variant."""
        found = self.found(place, position)
        if found is None or found.occurrence.role not in LEADING:
            return None
        places = dict.fromkeys(
            where for flow in found.dataflows for where in definitions(found.places, flow, found.name)
        )
        return [self.location(place.folder, where) for where in places] or None

    def references(self, place: Place, position: lsp.Position, with_definition: bool) -> list[lsp.Location] | None:
        """Every place where the node's name is written."""
        found = self.found(place, position)
        if found is None:
            return None
        return [
            self.location(place.folder, item.location)
            for item in self.everywhere(found)
            if with_definition or item.role not in DEFINING
        ]

    def highlights(self, place: Place, position: lsp.Position) -> list[lsp.DocumentHighlight] | None:
        """The same name in this file."""
        found = self.found(place, position)
        if found is None:
            return None
        kinds = lsp.DocumentHighlightKind
        return [
            lsp.DocumentHighlight(
                self.location(place.folder, item.location).range, kinds.Write if item.role in DEFINING else kinds.Read
            )
            for item in found.places.occurrences(place.path)
            if item.name == found.name
        ]

    def everywhere(self, found: Found) -> list[Occurrence]:
        """The occurrences of the same node in all files, the settings included."""
        modules = {module.path for flow in found.dataflows for module in flow.spec.modules}
        modules |= {node.origin.path for flow in found.dataflows for node in flow.producers.get(found.name, ())}
        modules.add(found.occurrence.module)
        items = [item for item in found.places.mentioning(found.name) if item.module in modules]
        named = found.places.in_settings(found.name, found.dataflows)
        return items + [Occurrence(found.name, where, "setting", where.path, quoted=True) for where in named]

    def location(self, folder: Folder, where: Location) -> lsp.Location:
        """A place as the client sees it."""
        return lsp.Location(self._folders.uri(folder, where.path), self.range(folder, where))

    def range(self, folder: Folder, where: Location) -> lsp.Range:
        """A span of a file as it last parsed, as a range of the file as it is now."""
        span, mapped = where.span, folder.map(where.path)
        if mapped is not None:
            line, end = mapped.later(span.line), mapped.later(span.end_line)
            if line is None or end is None:
                line = end = min(span.line, len(folder.lines(where.path)))
            span = Span(line, span.column, end, span.end_column)
        rows = folder.lines(where.path) or self._settings_rows(folder, where.path)
        return to_range(span, rows, self.encoding)

    def _settings_rows(self, folder: Folder, path: str) -> list[str]:
        index = folder.index()
        return [] if index is None else index.text(path).split("\n")

    def _in_settings(self, place: Place, index: Index, line: int, column: int) -> Occurrence | None:
        """The name at a place of the settings."""
        if not place.path.endswith(".toml"):
            return None
        rows = index.text(place.path).split("\n")
        row = rows[line - 1] if line <= len(rows) else ""
        word = next((each for each in re.finditer(r"\w+", row) if each.start() < column <= each.end() + 1), None)
        if word is None:
            return None
        for flow in index.dataflows:
            for where in index.in_settings(word[0], [flow]) if _has(flow, word[0]) else ():
                if where.path == place.path and where.span.line == line and where.span.column == word.start() + 1:
                    return Occurrence(word[0], where, "setting", flow.spec.modules[0].path, quoted=True)
        return None


def definitions(index: Index, flow: Dataflow, name: str) -> list[Location]:
    """Where a dataflow's nodes of a name get it: after `def`, in a modifier, or where the modifier stands that makes it up."""
    return list(dict.fromkeys([place_of(index, node) for node in flow.producers.get(name, ())]))


def place_of(index: Index, node: Node) -> Location:
    """The characters that spell a node's name, where they are spelled."""
    path = node.path or node.origin.path
    for item in index.occurrences(path):
        span = item.location.span
        if item.name == node.name and item.role in DEFINING and _inside(span, node.span):
            return item.location
    return Location(path, node.span)


def _at(occurrences: Iterable[Occurrence], line: int, column: int) -> Occurrence | None:
    for item in occurrences:
        span = item.location.span
        if span.line == line and span.column <= column <= span.end_column:
            return item
    return None


def _has(flow: Dataflow, name: str) -> bool:
    return name in flow.producers or name in flow.readers


def _inside(inner: Span, outer: Span) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
