"""Where in a project is each node's name written?

An `Index` answers for one state of a project, file by file and only when asked: the occurrences of a file depend on its text, on
the nodes that its functions make, and on which names its dataflows know. Words that look like a node's name and are none are in no
answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from dagcheck.graph.dataflow import Dataflow
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.nodes.node import Node
from dagcheck.occurrences.driver_calls import driver_names
from dagcheck.occurrences.imports import modifier_names
from dagcheck.occurrences.literals import inside_quotes
from dagcheck.occurrences.modifiers import Named, names_in
from dagcheck.occurrences.occurrence import Occurrence, Role
from dagcheck.occurrences.scopes import Dotted, Scopes, scopes
from dagcheck.source.facts import Source
from dagcheck.source.syntax import Header, Statement, blocks, header_of
from dagcheck.span import Location, Span


class FunctionNames(NamedTuple):
    """What one function's parts are called as nodes: its `def` ("" where it makes none of its name), and its parameters.

    `parameters` are (parameter, node that it reads or "").
    """

    header: Header
    name: str
    parameters: tuple[tuple[str, str], ...]


class Index:
    """The occurrences of one state of a project. State: what was worked out so far."""

    def __init__(
        self,
        dataflows: Sequence[Dataflow],
        source_of: Callable[[str], Source | None],
        modules: ModuleIndex,
        files: Sequence[str],
    ) -> None:
        self.dataflows = dataflows
        self.files = files
        self._source_of = source_of
        self._modules = modules
        self._by_path: dict[str, list[Dataflow]] = {}
        for dataflow in dataflows:
            for module in dataflow.spec.modules:
                self._by_path.setdefault(module.path, []).append(dataflow)
        self._scopes: dict[str, Scopes | None] = {}
        self._functions: dict[str, dict[str, FunctionNames]] = {}
        self._known: dict[str, tuple[Occurrence, ...]] = {}

    def dataflows_of(self, path: str) -> list[Dataflow]:
        """The dataflows in which a file is a module."""
        return self._by_path.get(path, [])

    def knows(self, path: str, name: str) -> bool:
        """Is this the name of a node or an input of a dataflow of this file?"""
        return any(name in flow.producers or name in flow.readers for flow in self.dataflows_of(path))

    def occurrences(self, path: str) -> tuple[Occurrence, ...]:
        """All occurrences in one file, in the order of the text."""
        known = self._known.get(path)
        if known is None:
            found = dict.fromkeys([*self._in_module(path), *self._in_code(path)])
            known = self._known[path] = tuple(sorted(found, key=lambda item: item.location.span))
        return known

    def mentioning(self, name: str) -> Iterator[Occurrence]:
        """The occurrences of a name in all files; files without the word are not looked at."""
        word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9]|_(?!_))")
        for path in self.files:
            source = self._source_of(path)
            if source is not None and name in source.text and word.search(source.text):
                yield from (item for item in self.occurrences(path) if item.name == name)

    def functions(self, path: str) -> dict[str, FunctionNames]:
        """The functions of a file that make nodes, by the name after `def`."""
        known = self._functions.get(path)
        if known is None:
            known = self._functions[path] = self._read_functions(path)
        return known

    def scopes(self, path: str) -> Scopes | None:
        """The names of a file's code."""
        if path not in self._scopes:
            source = self._source_of(path)
            self._scopes[path] = None if source is None else scopes(source.text)
        return self._scopes[path]

    def meant(self, path: str, dotted: Dotted) -> tuple[str, str, int] | None:
        """The file and the top-level name that a dotted name stands for, and which of its parts spells that name."""
        owner = dotted.block.owner(dotted.parts[0])
        if owner is None:
            return None
        if owner.kind == "module" and owner.bound.get(dotted.parts[0]) != "import":
            return path, dotted.parts[0], 0
        if owner.bound.get(dotted.parts[0]) != "import":
            return None
        found = self.scopes(path)
        imports = {name: target for name, target, _ in found.imports} if found is not None else {}
        target = imports.get(dotted.parts[0])
        return None if target is None else self._resolved(path, target, dotted.parts)

    # --- modules

    def _read_functions(self, path: str) -> dict[str, FunctionNames]:
        source = self._source_of(path)
        if source is None or path not in self._by_path:
            return {}
        nodes = [
            node for flow in self._by_path[path] for part in flow.parts if part.path == path for node in part.nodes
        ]
        own = [node for node in dict.fromkeys(nodes) if node.origin.path == path]
        by_line: dict[int, list[Node]] = {}
        for node in own:
            by_line.setdefault(node.origin.line, []).append(node)
        headers = list(_headers(source.facts.statements))
        return {
            header.name: _function_names(header, by_line.get(header.place[0], ()))
            for header in headers
            if header.place[0] in by_line
        }

    def _in_module(self, path: str) -> Iterator[Occurrence]:
        """What stands in `def` lines and modifiers."""
        source = self._source_of(path)
        if source is None or path not in self._by_path:
            return
        lines, name_of = source.text.split("\n"), modifier_names(source.facts.statements)
        functions = self.functions(path)
        for header in _headers(source.facts.statements):
            function = functions.get(header.name)
            line = header.place[0]
            if function is not None and function.header.place == header.place:
                if function.name:
                    yield _named(function.name, path, _start(header.name_place, function.name), "function", line)
                for parameter, (_, reads) in zip(header.parameters, function.parameters, strict=True):
                    if reads:
                        span = _start(parameter.place, parameter.name)
                        yield _named(reads, path, span, "parameter", line)
            reading = {name for name, reads in function.parameters if reads} if function else set()
            for decorator in header.decorators:
                for named in names_in(decorator, name_of):
                    yield from self._in_modifier(path, lines, named, reading, line)

    def _in_modifier(
        self, path: str, lines: Sequence[str], named: Named, reading: set[str], line: int
    ) -> Iterator[Occurrence]:
        if named.meaning == "parameter" and named.name not in reading:
            return  # a parameter that something else is bound to is no node
        if not self.knows(path, named.name):
            return
        span = inside_quotes(lines, named.place, named.name) if named.quoted else Span(*named.place)
        role: Role = "use" if named.meaning == "parameter" else named.meaning
        if span is not None:
            yield _named(named.name, path, span, role, line)

    # --- code

    def _in_code(self, path: str) -> Iterator[Occurrence]:
        """What stands in bodies of functions, in code that speaks of functions, and in calls of drivers."""
        found = self.scopes(path)
        source = self._source_of(path)
        if found is None or source is None:
            return
        yield from self._uses(path, found)
        for dotted in found.dotted:
            yield from self._references(path, dotted)
        for _, target, span in found.imports:
            meant = self._resolved(path, target, (target.rpartition(".")[2],))
            if meant is not None:
                yield from self._reference(meant[:2], path, span)
        if self._speaks_of_drivers(source):
            yield from self._in_drivers(path, source, found)

    def _uses(self, path: str, found: Scopes) -> Iterator[Occurrence]:
        """A parameter that reads a node, wherever the function's body speaks of it."""
        reading = {
            (function.header.place[0], name): reads
            for function in self.functions(path).values()
            for name, reads in function.parameters
            if reads
        }
        for mention in found.mentions:
            if mention.owner is None or mention.owner.kind != "function" or mention.span is None:
                continue
            reads = reading.get((mention.owner.line, mention.name))
            if reads is not None:
                yield _named(reads, path, mention.span, "use", mention.owner.line)

    def _references(self, path: str, dotted: Dotted) -> Iterator[Occurrence]:
        meant = self.meant(path, dotted)
        if meant is None:
            return
        target, name, index = meant
        function = self.functions(target).get(name)
        span = dotted.spans[index]
        if function is None or index != len(dotted.parts) - 1:
            return
        if span is not None:
            yield from self._reference((target, name), path, span)
        reading = dict(function.parameters)
        for word, place in dotted.keywords:
            if reading.get(word):
                yield _named(reading[word], path, place, "keyword")

    def _reference(self, meant: tuple[str, str], path: str, span: Span) -> Iterator[Occurrence]:
        function = self.functions(meant[0]).get(meant[1])
        if function is not None and function.name and span.end_column - span.column == len(meant[1]):
            yield _named(function.name, path, _start(tuple(span), function.name), "reference")

    def _resolved(self, path: str, target: str, parts: Sequence[str], depth: int = 0) -> tuple[str, str, int] | None:
        """The file and top-level name behind an imported name with attributes, re-exports followed."""
        dotted = self._absolute(path, target)
        words = [*dotted.split("."), *parts[1:]] if dotted else []
        for end in range(len(words), 0, -1):
            module = self._modules.resolve(".".join(words[:end]), path)
            if not isinstance(module, ProjectModule):
                continue
            if end == len(words):
                return None  # the module itself
            name, index = words[end], len(parts) - len(words) + end
            if name in self.functions(module.path) or depth > 4:
                return module.path, name, max(index, 0)
            inner = self.scopes(module.path)
            again = next((to for bound, to, _ in inner.imports if bound == name), None) if inner is not None else None
            found = None if again is None else self._resolved(module.path, again, (name,), depth + 1)
            return None if found is None or found[1] != name else (found[0], name, max(index, 0))
        return None

    def _absolute(self, path: str, target: str) -> str | None:
        level = len(target) - len(target.lstrip("."))
        return self._modules.relative(path, level, target[level:] or None) if level else target

    # --- drivers

    def _speaks_of_drivers(self, source: Source) -> bool:
        return not source.facts.called.isdisjoint(_DRIVER_WORDS)

    def _in_drivers(self, path: str, source: Source, found: Scopes) -> Iterator[Occurrence]:
        lines = source.text.split("\n")
        known = self._imported_dataflows(path, found)
        for spelled in driver_names(found.tree):
            node = spelled.node
            if not any(spelled.name in flow.producers or spelled.name in flow.readers for flow in known):
                continue
            place = (node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
            if "\n" in spelled.name or not lines[node.lineno - 1].isascii():
                continue
            span = (
                inside_quotes(lines, place, spelled.name) if not hasattr(node, "arg") else _start(place, spelled.name)
            )
            if span is not None:
                yield _named(spelled.name, path, span, "driver")

    def _imported_dataflows(self, path: str, found: Scopes) -> list[Dataflow]:
        """The dataflows of the modules that a file imports, or is itself."""
        paths = {path}
        for _, target, _ in found.imports:
            dotted = self._absolute(path, target) or ""
            for name in (dotted, dotted.rpartition(".")[0]):
                module = self._modules.resolve(name, path) if name else None
                if isinstance(module, ProjectModule):
                    paths.add(module.path)
        flows = [flow for each in sorted(paths) for flow in self.dataflows_of(each)]
        return list({id(flow): flow for flow in flows}.values())


_DRIVER_WORDS = frozenset(
    """execute raw_execute materialize validate_execution visualize_execution export_execution Driver Builder AsyncDriver with_config
    validate_materialization visualize_materialization display_downstream_of display_upstream_of what_is_downstream_of
    what_is_upstream_of what_is_the_path_between visualize_path_between""".split()
)


def _function_names(header: Header, nodes: Iterable[Node]) -> FunctionNames:
    """What a function's parts are called, by the nodes that it makes."""
    own = [node.name for node in nodes if tuple(node.span) == header.name_place]
    name = next((each for each in own if header.name.startswith(each)), "")
    by_place = {part.span: part.name for node in nodes for part in node.dependencies}
    pairs = []
    for parameter in header.parameters:
        reads = by_place.get(Span(*parameter.place), "")
        pairs.append((parameter.name, reads if reads == parameter.name else ""))
    return FunctionNames(header, name, tuple(pairs))


def _headers(statements: Iterable[Statement]) -> Iterator[Header]:
    for statement in statements:
        if statement[0] == "def":
            yield header_of(statement)
        for block in blocks(statement):
            yield from _headers(block)


def _start(place: Sequence[int], name: str) -> Span:
    """The first characters of a place, which spell a name."""
    return Span(place[0], place[1], place[0], place[1] + len(name))


def _named(name: str, path: str, span: Span, role: Role, function: int = 0) -> Occurrence:
    return Occurrence(name, Location(path, span), role, function)
