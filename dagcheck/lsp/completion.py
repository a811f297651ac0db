"""What could be written at the cursor?

Names of nodes with their types where a parameter is written, also in a function that is only half there; names in `source(...)` and
where drivers are asked; keys and values of the configuration where conditions name them; and the keyword arguments of modifiers.
Anywhere else the answer is None. The names are those of the last analysis, so that typing never waits for one.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from typing import Any

from lsprotocol import types as lsp

from dagcheck.edits.imports import insertion, names_in, needed
from dagcheck.evaluation.boxes import OPAQUE
from dagcheck.evaluation.conditions import Condition
from dagcheck.graph.dataflow import Dataflow
from dagcheck.lsp.buffers import to_place, to_range
from dagcheck.lsp.cards import annotation_of
from dagcheck.lsp.cursor import Bracket, Cursor, cursor
from dagcheck.lsp.folders import Folder, Place
from dagcheck.lsp.keywords import keywords_of
from dagcheck.nodes.node import Node
from dagcheck.nodes.uses import hamilton_name
from dagcheck.occurrences.imports import imported_names
from dagcheck.project.workspace import View
from dagcheck.span import Span

MOST = 200
"""How many names are offered at once."""

_ASKING = {
    "execute", "raw_execute", "materialize", "validate_execution", "visualize_execution", "export_execution",
    "display_downstream_of", "display_upstream_of", "what_is_downstream_of", "what_is_upstream_of",
    "what_is_the_path_between", "visualize_path_between",
}  # fmt: skip
_NAMING = {"final_vars", "additional_vars", "inputs", "overrides", "dependencies", "target_", "on_output"}
_TABLES_OF_SOURCES = {"parameterize_sources", "parameterized_inputs"}
_CONDITIONS = {"config.when", "config.when_not", "config.when_in", "config.when_not_in"}


def complete(place: Place, position: lsp.Position, encoding: str) -> lsp.CompletionList | None:
    """What could be written at a position; None where dagcheck has nothing to say."""
    folder, path = place
    view = folder.last or folder.view()
    if view is None or not path.endswith(".py"):
        return None
    rows = folder.lines(path)
    line, column = to_place(position, rows, encoding)
    at = cursor(rows, line, column)
    completing = _Completing(folder, view, path, at)
    items = completing.items()
    if items is None:
        return None
    kept = [item for item in items if _fits(at.prefix, item.label)]
    kept.sort(key=lambda item: (not item.label.startswith(at.prefix), item.label))
    for item in kept[:MOST]:
        if item.data is not None:
            item.additional_text_edits = completing.imports(item, rows, encoding) or None
            item.data = None
    return lsp.CompletionList(is_incomplete=len(kept) > MOST, items=kept[:MOST])


class _Completing:
    """One question."""

    def __init__(self, folder: Folder, view: View, path: str, at: Cursor) -> None:
        self._folder = folder
        self._view = view
        self._path = path
        self._at = at
        source = view.source(path)
        self._source = source
        self._imported = imported_names(source.facts.statements) if source is not None else {}
        self._bound = set(self._imported) | set(vars(builtins))

    def items(self) -> list[lsp.CompletionItem] | None:
        at = self._at
        inner = at.brackets[-1] if at.brackets else None
        if inner is None:
            return None
        if at.quote:
            return self._in_string(inner)
        if inner.callee.startswith("def "):
            makes_none = inner.callee.startswith("def _") or {"self", "cls"} & set(inner.keywords)
            return self._parameters(inner) if _begins_a_part(inner) and not makes_none else None
        modifier = self._modifier(inner.callee)
        if inner.mark == "(" and modifier is not None and _begins_a_part(inner):
            return self._keywords(modifier, inner)
        if modifier in _CONDITIONS and inner.key:
            return self._values(inner.key, quoted=False)
        return None

    def _in_string(self, inner: Bracket) -> list[lsp.CompletionItem] | None:
        modifier = self._modifier(inner.callee)
        if modifier == "source" or (modifier is not None and inner.key in ("target_", "on_output")):
            return self._nodes()
        if modifier in _CONDITIONS and inner.key:
            return self._values(inner.key, quoted=True)
        call = next((each for each in reversed(self._at.brackets) if each.mark == "(" and each.callee), None)
        if call is None:
            return None
        method = call.callee.rpartition(".")[2]
        if self._modifier(call.callee) in _CONDITIONS and call.key:
            return self._values(call.key, quoted=True)
        if bool(inner.key) and self._is_in_table_of_sources(inner):
            return self._nodes()
        if self._modifier(call.callee) is not None:
            return self._nodes() if call.key in _NAMING else None
        if call.key in _NAMING or (method in _ASKING and not call.key):
            is_value = inner.mark == "{" and bool(inner.key)
            return None if is_value else self._nodes(everywhere=True)
        if method in ("with_config", "Driver", "AsyncDriver") and inner.mark == "{":
            return self._values(inner.key, quoted=True) if inner.key else self._keys()
        return None

    def _is_in_table_of_sources(self, inner: Bracket) -> bool:
        """Is it a table that gives parameters the names of what they read: `@parameterize_sources(a={...})`?"""
        above = self._at.brackets[:-1]
        is_table = inner.mark == "{" or inner.callee == "dict"
        return is_table and bool(above) and self._modifier(above[-1].callee) in _TABLES_OF_SOURCES

    # --- names

    def _flows(self, *, everywhere: bool = False) -> list[Dataflow]:
        own = [flow for flow in self._view.known if any(module.path == self._path for module in flow.spec.modules)]
        return own or (list(self._view.known) if everywhere else [])

    def _names(self, *, everywhere: bool = False) -> Iterator[tuple[str, list[Dataflow]]]:
        found: dict[str, list[Dataflow]] = {}
        for flow in self._flows(everywhere=everywhere):
            for name in (*flow.producers, *(each for each in flow.readers if each not in flow.producers)):
                found.setdefault(name, []).append(flow)
        yield from found.items()

    def _parameters(self, inner: Bracket) -> list[lsp.CompletionItem]:
        written = {
            *inner.keywords,
            inner.callee.removeprefix("def ").rpartition("__")[0],
            inner.callee.removeprefix("def "),
        }
        items = []
        for name, flows in self._nearest(self._names()):
            if not name.isidentifier() or name in written:
                continue
            annotation = annotation_of(flows, name)
            item = _item(name, lsp.CompletionItemKind.Function, annotation)
            if annotation:
                item.insert_text = f"{name}: {annotation}"
                item.data = {"name": name}
            items.append(item)
        return items

    def _nodes(self, *, everywhere: bool = False) -> list[lsp.CompletionItem]:
        return [
            _item(name, lsp.CompletionItemKind.Function, annotation_of(flows, name))
            for name, flows in self._nearest(self._names(everywhere=everywhere))
        ]

    def _nearest(self, names: Iterable[tuple[str, list[Dataflow]]]) -> list[tuple[str, list[Dataflow]]]:
        """The names that fit what was written so far, those that begin with it first; a few more than are offered."""
        prefix = self._at.prefix
        fitting = [each for each in names if _fits(prefix, each[0])]
        fitting.sort(key=lambda each: (not each[0].startswith(prefix), each[0]))
        return fitting[: 2 * MOST]

    # --- configuration

    def _conditions(self) -> Iterator[Condition]:
        for flow in self._flows(everywhere=True):
            for part in flow.parts:
                yield from {node.condition for node in part.nodes}

    def _known_values(self) -> dict[str, dict[str, Any]]:
        """Configuration keys -> the values that conditions and settings mention, by how they are written."""
        found: dict[str, dict[str, Any]] = {}
        for condition in self._conditions():
            for box in condition.boxes:
                for key, allowed in box:
                    if not key.startswith(OPAQUE):
                        found.setdefault(key, {}).update({repr(each): each for each in allowed.members})
        for flow in self._flows(everywhere=True):
            for key, value in (flow.spec.config or {}).items():
                if isinstance(value, (str, int, float, bool)):
                    found.setdefault(key, {})[repr(value)] = value
        return found

    def _keys(self) -> list[lsp.CompletionItem]:
        return [_item(key, lsp.CompletionItemKind.Property, "configuration") for key in self._known_values()]

    def _values(self, key: str, *, quoted: bool) -> list[lsp.CompletionItem] | None:
        values = self._known_values().get(key, {})
        kind = lsp.CompletionItemKind.Value
        if quoted:
            return [_item(each, kind, key) for each in values.values() if isinstance(each, str)]
        return [_item(written, kind, key) for written, each in values.items() if each is not None]

    def _keywords(self, modifier: str, inner: Bracket) -> list[lsp.CompletionItem] | None:
        names = [(name, "argument") for name in keywords_of(modifier)]
        if modifier in _CONDITIONS:
            names += [(key, "configuration key") for key in self._known_values()]
        items = []
        for name, detail in names:
            if name not in inner.keywords:
                item = _item(name, lsp.CompletionItemKind.Property, detail)
                item.insert_text = f"{name}="
                items.append(item)
        return items or None

    def _modifier(self, callee: str) -> str | None:
        """What a dotted name means among Hamilton's modifiers."""
        first, _, rest = callee.partition(".")
        dotted = self._imported.get(first)
        return None if dotted is None else hamilton_name(f"{dotted}.{rest}" if rest else dotted)

    # --- what it brings along

    def imports(self, item: lsp.CompletionItem, rows: list[str], encoding: str) -> list[lsp.TextEdit]:
        """What the annotation that an item brings needs at the top of the file."""
        node = self._producer(item.label)
        if node is None or self._source is None or self._bound.issuperset(names_in(node.annotation)):
            return []
        home = self._view.source(node.origin.path)
        lines = needed(node.annotation, self._source, home, node.origin.module)
        if not lines:
            return []
        mapped = self._folder.map(self._path)
        edits = []
        for edit in insertion(self._source.text, self._source.facts.statements, self._path, lines):
            span = edit.location.span
            line = span.line if mapped is None else mapped.later(span.line)
            if line is not None:
                place = Span(line, span.column, line, span.end_column)
                edits.append(lsp.TextEdit(to_range(place, rows, encoding), edit.text))
        return edits

    def _producer(self, name: str) -> Node | None:
        made: Iterable[Node] = (node for flow in self._flows() for node in flow.producers.get(name, ()))
        return next((node for node in made if node.annotation), None)


def _begins_a_part(inner: Bracket) -> bool:
    """Is nothing but stars written since the last comma?"""
    return all(written == "*" for written in inner.part)


def _item(label: str, kind: lsp.CompletionItemKind, detail: str) -> lsp.CompletionItem:
    return lsp.CompletionItem(label, kind=kind, detail=detail or None, sort_text=label)


def _fits(prefix: str, name: str) -> bool:
    """Do the letters of the prefix stand in the name in their order?"""
    at = 0
    lowered = name.lower()
    for letter in prefix.lower():
        at = lowered.find(letter, at) + 1
        if not at:
            return False
    return True
