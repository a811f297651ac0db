"""Where in a project is each node's name written?

An `Index` answers for one state of a project, file by file and only when asked: the occurrences of a file depend on its text, on
the nodes that its functions make, and on which names its dataflows know. Words that look like a node's name and are none are in no
answer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from dagcheck.graph.dataflow import Dataflow
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.occurrences.driver_calls import driver_names
from dagcheck.occurrences.functions import braced, constants, headers, start
from dagcheck.occurrences.imports import modifier_names
from dagcheck.occurrences.in_settings import settings_places
from dagcheck.occurrences.layout import Layout
from dagcheck.occurrences.literals import inside_quotes
from dagcheck.occurrences.modifiers import Named, names_in, strings_in
from dagcheck.occurrences.occurrence import Occurrence, Role
from dagcheck.occurrences.scopes import Dotted, Scopes
from dagcheck.source.facts import Source
from dagcheck.span import Location, Span


class Index(Layout):
    """The occurrences of one state of a project. State: what was worked out so far."""

    def __init__(
        self,
        dataflows: Sequence[Dataflow],
        source_of: Callable[[str], Source | None],
        modules: ModuleIndex,
        files: Sequence[str],
        settings: tuple[str, str] | None = None,
    ) -> None:
        """`settings` are the path and the text of the file that holds the project's settings."""
        super().__init__(dataflows, source_of, modules, files, settings)
        self._known: dict[str, tuple[Occurrence, ...]] = {}

    def occurrences(self, path: str) -> tuple[Occurrence, ...]:
        """All occurrences in one file, in the order of the text."""
        known = self._known.get(path)
        if known is None:
            source = self._source_of(path)
            constant = () if source is None else self._in_constants(path, source)
            found = dict.fromkeys([*self._in_module(path), *constant, *self._in_code(path)])
            known = self._known[path] = tuple(sorted(found, key=lambda item: item.location.span))
        return known

    def mentioning(self, name: str) -> Iterator[Occurrence]:
        """The occurrences of a name in all files; files without the word are not looked at."""
        word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9]|_(?!_))")
        for path in self.files:
            source = self._source_of(path)
            if source is not None and name in source.text and word.search(source.text):
                yield from (item for item in self.occurrences(path) if item.name == name)

    def in_settings(self, name: str, flows: Iterable[Dataflow]) -> list[Location]:
        """Where the settings of these dataflows name a node."""
        lines = {flow.origin.line for flow in flows if flow.origin.kind == "settings"}
        if self._settings is None or not lines:
            return []
        path, text = self._settings
        return [Location(path, span) for span in dict.fromkeys(settings_places(text, name, lines))]

    def _in_module(self, path: str) -> Iterator[Occurrence]:
        """What stands in `def` lines and modifiers."""
        source = self._source_of(path)
        if source is None or path not in self._by_path:
            return
        lines, name_of = source.text.split("\n"), modifier_names(source.facts.statements)
        functions = self.functions(path)
        for header in headers(source.facts.statements):
            function = functions.get(header.name)
            line = header.place[0]
            if function is not None and function.header.place == header.place:
                if function.name:
                    yield _named(function.name, path, start(header.name_place, function.name), "function", line)
                for parameter, (_, reads) in zip(header.parameters, function.parameters, strict=True):
                    if reads:
                        span = start(parameter.place, parameter.name)
                        yield _named(reads, path, span, "parameter", line)
            reading = {name for name, reads in function.parameters if reads} if function else set()
            for decorator in header.decorators:
                for named in names_in(decorator, name_of):
                    yield from self._in_modifier(path, lines, named, reading, line)

    def _in_constants(self, path: str, source: Source) -> Iterator[Occurrence]:
        """`source("name")` in what a module binds at its top level, for modifiers to take it from there."""
        if "source" not in source.facts.called:
            return
        lines, name_of = source.text.split("\n"), modifier_names(source.facts.statements)
        for value in constants(source.facts.statements):
            for named in names_in(value, name_of):
                flow = self.knowing(path, named.name) if named.meaning == "reads" else None
                span = inside_quotes(lines, named.place, named.name) if flow is not None else None
                if span is not None and flow is not None:
                    module = flow.spec.modules[0].path
                    yield _named(named.name, path, span, "reads", module=module, quoted=True)

    def unspelled(self, name: str, flow: Dataflow) -> list[Occurrence]:
        """The one string at the top level of the dataflow's modules, or of what they import, that spells a node's name."""
        modules = {module.path for module in flow.spec.modules}
        found: list[Occurrence] = []
        for path in self.files:
            source = self._source_of(path)
            if source is None or name not in source.text or not (path in modules or self.readers_of(path) & modules):
                continue
            lines = source.text.split("\n")
            for value in constants(source.facts.statements):
                for text, place in strings_in(value):
                    span = inside_quotes(lines, place, name) if text == name else None
                    if span is not None:
                        found.append(_named(name, path, span, "makes", module=flow.spec.modules[0].path, quoted=True))
        known = {item.location for each in {item.location.path for item in found} for item in self.occurrences(each)}
        found = [item for item in found if item.location not in known]
        return found if len(found) == 1 else []

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
            yield _named(named.name, path, span, role, line, quoted=True)

    # --- code

    def _in_code(self, path: str) -> Iterator[Occurrence]:
        """What stands in bodies of functions, in code that speaks of functions, and in calls of drivers."""
        found = self.scopes(path)
        source = self._source_of(path)
        if found is None or source is None:
            return
        yield from self._uses(path, found)
        yield from self._in_templates(path, source, found)
        yield from self._exported(path, source)
        for dotted in found.dotted:
            yield from self._references(path, dotted)
        for _, target, span in found.imports:
            meant = self.resolved(path, target, (target.rpartition(".")[2],))
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

    def _in_templates(self, path: str, source: Source, found: Scopes) -> Iterator[Occurrence]:
        """`{parameter}` in docstrings that modifiers format."""
        lines = source.text.split("\n")
        by_line = {function.header.place[0]: function for function in self.functions(path).values()}
        for node in found.tree.body:
            function = by_line.get(node.lineno) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
            template = function.header.documentation if function is not None else None
            if function is None or not template or "{" not in template:
                continue
            first = getattr(node, "body", [node])[0]
            for parameter, reads in function.parameters:
                if reads:
                    for span in braced(lines, first.lineno, first.end_lineno or first.lineno, parameter):
                        yield _named(reads, path, span, "use", node.lineno, quoted=True)

    def _exported(self, path: str, source: Source) -> Iterator[Occurrence]:
        """The names that `__all__` lists."""
        lines, functions = source.text.split("\n"), self.functions(path)
        for statement in source.facts.statements:
            if statement[0] == "assign" and any(each[0] == "name" and each[2] == "__all__" for each in statement[2]):
                for part in statement[3][2] if statement[3][0] in ("list", "tuple") else ():
                    function = functions.get(part[2]) if part[0] == "const" and isinstance(part[2], str) else None
                    span = inside_quotes(lines, part[1], part[2]) if function is not None and function.name else None
                    if function is not None and span is not None:
                        named = start((span.line, span.column), function.name)
                        yield _named(function.name, path, named, "reference", quoted=True)

    def _references(self, path: str, dotted: Dotted) -> Iterator[Occurrence]:
        meant = self.meant(path, dotted)
        if meant is None:
            return
        target, name, index = meant
        function = self.functions(target).get(name)
        span = dotted.spans[index]
        if function is None:
            return
        if span is not None:
            yield from self._reference((target, name), path, span)
        reading = dict(function.parameters)
        for word, place in dotted.keywords if index == len(dotted.parts) - 1 else ():
            if reading.get(word):
                yield _named(reading[word], path, place, "keyword", module=target, quoted=True)

    def _reference(self, meant: tuple[str, str], path: str, span: Span) -> Iterator[Occurrence]:
        function = self.functions(meant[0]).get(meant[1])
        if function is not None and function.name and span.end_column - span.column == len(meant[1]):
            yield _named(function.name, path, start(tuple(span), function.name), "reference", module=meant[0])

    # --- drivers

    def _speaks_of_drivers(self, source: Source) -> bool:
        return not source.facts.called.isdisjoint(_DRIVER_WORDS)

    def _in_drivers(self, path: str, source: Source, found: Scopes) -> Iterator[Occurrence]:
        lines = source.text.split("\n")
        known, asked = self._imported_dataflows(path, found), self._asked(path)
        for spelled in driver_names(found.tree):
            node = spelled.node
            flow = asked.get((spelled.name, node.lineno, node.col_offset)) or next(
                (each for each in known if spelled.name in each.producers or spelled.name in each.readers), None
            )
            if flow is None:
                continue
            place = (node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
            if "\n" in spelled.name or not lines[node.lineno - 1].isascii():
                continue
            span = inside_quotes(lines, place, spelled.name) if not hasattr(node, "arg") else start(place, spelled.name)
            if span is not None:
                made = min(flow.spec.temporary_paths, default=path)  # of a module that is made at run time
                module = flow.spec.modules[0].path if flow.spec.modules else made
                yield _named(spelled.name, path, span, "driver", module=module, quoted=True)

    def _asked(self, path: str) -> dict[tuple[str, int, int], Dataflow]:
        """Names in this file that are known to be asked of, or given to, a dataflow: (name, line, offset) -> the dataflow."""
        found: dict[tuple[str, int, int], Dataflow] = {}
        for flow in self.dataflows:
            for call in flow.spec.calls if flow.spec.modules else ():
                names = [(each.name, each.location) for each in call.outputs]
                names += [(each.name, each.location) for each in (*call.inputs, *call.overrides)]
                for name, (where, span) in names:
                    if where == path and (name in flow.producers or name in flow.readers):
                        found.setdefault((name, span.line, span.column - 1), flow)
        return found

    def _imported_dataflows(self, path: str, found: Scopes) -> list[Dataflow]:
        """The dataflows of the modules that a file imports, or is itself."""
        paths = {path}
        for _, target, _ in found.imports:
            dotted = self.absolute(path, target) or ""
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


def _named(
    name: str, path: str, span: Span, role: Role, function: int = 0, *, module: str = "", quoted: bool = False
) -> Occurrence:
    return Occurrence(name, Location(path, span), role, module or path, function, quoted)
