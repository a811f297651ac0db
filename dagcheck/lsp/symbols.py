"""Which nodes are there, in a file or in all of them, and how do they hang together?

Generated nodes are symbols as well. A call hierarchy reads a dataflow as calls: a node is called by those that read it.
"""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as lsp

from dagcheck.graph.dataflow import Dataflow, reading
from dagcheck.lsp.folders import Folder, Folders, Place
from dagcheck.lsp.navigation import Navigator, place_of
from dagcheck.nodes.node import Node
from dagcheck.occurrences.index import Index
from dagcheck.span import Location, Span

MOST = 500
"""How many symbols of all files are given at once."""


class Symbols:
    """Answers questions about what there is."""

    def __init__(self, folders: Folders, navigator: Navigator) -> None:
        self._folders = folders
        self._navigator = navigator

    def in_document(self, place: Place) -> list[lsp.DocumentSymbol]:
        """The functions of a file that make nodes, each with the nodes that a modifier makes of it."""
        index = place.folder.index()
        if index is None:
            return []
        found: list[lsp.DocumentSymbol] = []
        for function in index.functions(place.path).values():
            header = function.header
            nodes = list(dict.fromkeys(_made_by(index, place.path, header.place[0])))
            whole = Location(place.path, Span(header.first_line, 1, header.end_line, 10_000))
            around = self._navigator.range(place.folder, whole)
            inner_range = self._navigator.range(place.folder, Location(place.path, Span(*header.name_place)))
            own = next((node for node in nodes if node.name == function.name), None)
            detail = own.annotation if own is not None and own.annotation else None
            symbol = lsp.DocumentSymbol(
                function.name or header.name, lsp.SymbolKind.Function, around, inner_range, detail=detail
            )
            inner = [node for node in nodes if node.name != function.name]
            symbol.children = [self._generated(place, index, node, whole) for node in inner]
            found.append(symbol)
        return found

    def in_all(self, query: str) -> list[lsp.WorkspaceSymbol]:
        """The nodes of all dataflows whose names have the letters of the query in their order."""
        found: list[lsp.WorkspaceSymbol] = []
        for folder in self._folders.all():
            index = folder.index()
            seen: set[tuple[object, ...]] = set()
            for flow in () if index is None else index.dataflows:
                for node in flow.nodes:
                    key = (node.name, node.path or node.origin.path, node.span)
                    if key in seen or not _matches(query, node.name):
                        continue
                    seen.add(key)
                    where = self._navigator.location(folder, Location(node.path or node.origin.path, node.span))
                    kind = lsp.SymbolKind.Function if _is_own(node) else lsp.SymbolKind.Field
                    found.append(lsp.WorkspaceSymbol(where, node.name, kind, container_name=node.origin.module))
        return sorted(found, key=lambda each: (len(each.name), each.name))[:MOST]

    # --- call hierarchy

    def prepare(self, place: Place, position: lsp.Position) -> list[lsp.CallHierarchyItem] | None:
        """The node at a position."""
        found = self._navigator.found(place, position)
        if found is None:
            return None
        nodes = dict.fromkeys(node for flow in found.dataflows for node in flow.producers.get(found.name, ()))
        items = [self._item(place.folder, found.places, node) for node in nodes]
        if not items:  # an input: it is nowhere but where it is read
            where = self._navigator.location(place.folder, found.occurrence.location)
            data = {"root": place.folder.root, "name": found.name, "module": found.occurrence.module}
            items = [lsp.CallHierarchyItem(found.name, lsp.SymbolKind.Variable, where.uri, where.range, where.range, detail="input", data=data)]  # fmt: skip
        return items

    def readers(self, item: lsp.CallHierarchyItem) -> list[lsp.CallHierarchyIncomingCall]:
        """The nodes that read a node."""
        calls: dict[Node, list[lsp.Range]] = {}
        folder, index, flows, name = self._named(item)
        if folder is None or index is None:
            return []
        for flow in flows:
            for reader in flow.readers.get(name, ()):
                where = self._navigator.range(folder, Location(reader.node.origin.path, reader.dependency.span))
                ranges = calls.setdefault(reader.node, [])
                if where not in ranges:
                    ranges.append(where)
        return [
            lsp.CallHierarchyIncomingCall(self._item(folder, index, node), ranges) for node, ranges in calls.items()
        ]

    def reads(self, item: lsp.CallHierarchyItem) -> list[lsp.CallHierarchyOutgoingCall]:
        """The nodes that a node reads."""
        calls: dict[Node, list[lsp.Range]] = {}
        folder, index, flows, name = self._named(item)
        if folder is None or index is None:
            return []
        for flow in flows:
            for node in flow.producers.get(name, ()):
                spans = {part.name: part.span for part in node.dependencies}
                for other in reading(flow, node):
                    where = self._navigator.range(folder, Location(node.origin.path, spans[other.name]))
                    ranges = calls.setdefault(other, [])
                    if where not in ranges:
                        ranges.append(where)
        return [
            lsp.CallHierarchyOutgoingCall(self._item(folder, index, node), ranges) for node, ranges in calls.items()
        ]

    def _named(self, item: lsp.CallHierarchyItem) -> tuple[Folder | None, Index | None, list[Dataflow], str]:
        data = item.data if isinstance(item.data, dict) else {}
        folder = next((each for each in self._folders.all() if each.root == data.get("root")), None)
        index = None if folder is None else folder.index()
        flows = [] if index is None else index.dataflows_of(str(data.get("module")))
        return folder, index, list(flows), str(data.get("name"))

    def _item(self, folder: Folder, index: Index, node: Node) -> lsp.CallHierarchyItem:
        origin = node.origin
        whole = self._navigator.location(folder, Location(origin.path, Span(origin.line, 1, origin.end_line, 10_000)))
        name = self._navigator.range(folder, place_of(index, node))
        is_inside = whole.range.start <= name.start and name.end <= whole.range.end
        where = whole.range if is_inside and not node.path else name
        uri = self._folders.uri(folder, node.path or origin.path)
        data = {"root": folder.root, "name": node.name, "module": origin.path}
        kind = lsp.SymbolKind.Function if _is_own(node) else lsp.SymbolKind.Field
        return lsp.CallHierarchyItem(node.name, kind, uri, where, name, detail=node.annotation or None, data=data)

    # --- symbols of one file

    def _generated(self, place: Place, index: Index, node: Node, whole: Location) -> lsp.DocumentSymbol:
        where = place_of(index, node)
        inside = where if where.path == place.path and _covers(whole.span, where.span) else whole
        selected = self._navigator.range(place.folder, inside)
        return lsp.DocumentSymbol(node.name, lsp.SymbolKind.Field, selected, selected, detail=node.annotation or None)


def _made_by(index: Index, path: str, line: int) -> Iterator[Node]:
    for flow in index.dataflows_of(path):
        for part in flow.parts:
            if part.path == path:
                yield from (node for node in part.nodes if node.origin.path == path and node.origin.line == line)


def _matches(query: str, name: str) -> bool:
    letters = iter(name.lower())
    return all(letter in letters for letter in query.lower())


def _is_own(node: Node) -> bool:
    return node.span.line == node.origin.line


def _covers(outer: Span, inner: Span) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
