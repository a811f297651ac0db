"""Which file belongs to which dataflows, what do its functions make, and whom does its code mean?

A `Layout` answers for one state of a project, file by file and only when asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagcheck.graph.dataflow import Dataflow
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.nodes.node import Node
from dagcheck.occurrences.functions import FunctionNames, function_names, headers
from dagcheck.occurrences.imports import imported_names
from dagcheck.occurrences.scopes import Dotted, Scopes, scopes
from dagcheck.source.facts import Source


class Layout:
    """The files of a project as parts of its dataflows. State: what was worked out so far."""

    def __init__(
        self,
        dataflows: Sequence[Dataflow],
        source_of: Callable[[str], Source | None],
        modules: ModuleIndex,
        files: Sequence[str],
        settings: tuple[str, str] | None = None,
    ) -> None:
        """`settings` are the path and the text of the file that holds the project's settings."""
        self.dataflows = dataflows
        self.files = files
        self._settings = settings
        self._source_of = source_of
        self._modules = modules
        self._by_path: dict[str, list[Dataflow]] = {}
        self._elsewhere: dict[str, list[Node]] = {}
        for dataflow in dataflows:
            paths = {module.path for module in dataflow.spec.modules}
            for node in dataflow.nodes:
                if node.origin.path not in paths:
                    self._elsewhere.setdefault(node.origin.path, []).append(node)
                    known = self._by_path.setdefault(node.origin.path, [])
                    known += [] if any(dataflow is each for each in known) else [dataflow]
            for path in paths:
                self._by_path.setdefault(path, []).append(dataflow)
        self._importers: dict[str, set[str]] | None = None
        self._scopes: dict[str, Scopes | None] = {}
        self._functions: dict[str, dict[str, FunctionNames]] = {}

    def dataflows_of(self, path: str) -> list[Dataflow]:
        """The dataflows of which a file is a module, or for which a modifier takes functions from it."""
        return self._by_path.get(path, [])

    def knows(self, path: str, name: str) -> bool:
        """Is this the name of a node or an input of a dataflow of this file?"""
        return any(name in flow.producers or name in flow.readers for flow in self.dataflows_of(path))

    def text(self, path: str) -> str:
        """The text of a file, that of the settings included."""
        if self._settings is not None and path == self._settings[0]:
            return self._settings[1]
        source = self._source_of(path)
        return "" if source is None else source.text

    def functions(self, path: str) -> dict[str, FunctionNames]:
        """The functions of a file that make nodes, by the name after `def`."""
        known = self._functions.get(path)
        if known is None:
            known = self._functions[path] = self._read_functions(path)
        return known

    def source(self, path: str) -> Source | None:
        """A file, as it last parsed."""
        return self._source_of(path)

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
        return None if target is None else self.resolved(path, target, dotted.parts)

    def knowing(self, path: str, name: str) -> Dataflow | None:
        """A dataflow that knows a name, of those of a file or of the files that import it."""
        for each in (path, *sorted(self.readers_of(path))):
            for flow in self.dataflows_of(each):
                if name in flow.producers or name in flow.readers:
                    return flow
        return None

    def readers_of(self, path: str) -> set[str]:
        """The files that import a file, directly or not."""
        if self._importers is None:
            self._importers = {}
            for each in self.files:
                source = self._source_of(each)
                for target in () if source is None else imported_names(source.facts.statements).values():
                    dotted = self.absolute(each, target) or ""
                    for name in (dotted, dotted.rpartition(".")[0]):
                        module = self._modules.resolve(name, each) if name else None
                        if isinstance(module, ProjectModule):
                            self._importers.setdefault(module.path, set()).add(each)
        found: set[str] = set()
        pending = [path]
        while pending:
            fresh = self._importers.get(pending.pop(), set()) - found
            found |= fresh
            pending += fresh
        return found

    def resolved(self, path: str, target: str, parts: Sequence[str], depth: int = 0) -> tuple[str, str, int] | None:
        """The file and top-level name behind an imported name with attributes, re-exports followed."""
        dotted = self.absolute(path, target)
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
            found = None if again is None else self.resolved(module.path, again, (name,), depth + 1)
            return None if found is None or found[1] != name else (found[0], name, max(index, 0))
        return None

    def absolute(self, path: str, target: str) -> str | None:
        """The dotted name that an import in a file means, leading dots read as Python does."""
        level = len(target) - len(target.lstrip("."))
        return self._modules.relative(path, level, target[level:] or None) if level else target

    def _read_functions(self, path: str) -> dict[str, FunctionNames]:
        source = self._source_of(path)
        if source is None or path not in self._by_path:
            return {}
        nodes = [
            node for flow in self._by_path[path] for part in flow.parts if part.path == path for node in part.nodes
        ]
        nodes += self._elsewhere.get(path, ())
        own = [node for node in dict.fromkeys(nodes) if node.origin.path == path]
        by_line: dict[int, list[Node]] = {}
        for node in own:
            by_line.setdefault(node.origin.line, []).append(node)
        return {
            header.name: function_names(header, by_line.get(header.place[0], ()))
            for header in headers(source.facts.statements)
            if header.place[0] in by_line
        }
