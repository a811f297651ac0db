"""Which nodes do these modules make, without doing again what still holds?

A file's *unit* is what its text and its imports come to: the classes it defines and, for a module of a dataflow, its nodes.
A unit that was kept holds as long as the file has the same text, every name it imported is answered by the same file with the
same text (or still by none), and the units of those files hold too. What holds is not evaluated, parsed or even decoded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.program import Program
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.classes import Hierarchy
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.nodes import rows
from dagcheck.nodes.classes import records, registrations
from dagcheck.nodes.module import ModuleNodes, function_nodes, is_modified, module_nodes, nodes_together
from dagcheck.project.sources import Sources
from dagcheck.source.cache import Cache


class Expanded(NamedTuple):
    """The nodes of the wanted modules, by path, and the classes behind their types.

    `failing` are modules that these import, with nothing but what fails while they are imported.
    """

    modules: dict[str, ModuleNodes]
    hierarchy: Hierarchy
    failing: tuple[ModuleNodes, ...] = ()


def answers(program: Program, sources: Sources, path: str) -> tuple[tuple[str, str, str], ...]:
    """What a file imported: the name, the path that answered ("" for none), and the digest of that file."""
    found = sorted(program.imports.get(path, {}).items())
    digests = sources.digests([answer for _, answer in found if answer.endswith(".py")])
    return tuple([(dotted, answer, digests.get(answer, "")) for dotted, answer in found])


class Units:
    """The units of one project. State: which kept units were found to hold."""

    def __init__(
        self, program: Program, sources: Sources, cache: Cache | None, python: tuple[int, int], installed: str = ""
    ) -> None:
        """`installed` marks the state of the environment whose packages are read."""
        self.program = program
        self._sources = sources
        self._cache = cache
        self._python = python
        self._installed = installed
        self._kept: dict[str, tuple[Any, ...]] = {}
        self._holds: dict[str, bool] = {}

    def expand(self, wanted: Sequence[ProjectModule]) -> Expanded:
        """The nodes of these modules."""
        self._load([module.path for module in wanted])
        fresh = [module for module in wanted if not self._usable(module.path)]
        for module in fresh:
            self.program.scope(module)
        classes, registered = self._kept_records(module.path for module in wanted if self._usable(module.path))
        for scope in self.program.scopes():
            classes.update(records(scope))
        for owner, members in registrations(self.program.scopes()).items():
            registered.setdefault(owner, []).extend(members)
        hierarchy = Hierarchy(classes, registered, self._python)
        made = {module.path: module_nodes(self.program, module, hierarchy) for module in fresh}
        found = dict(made)
        for module in wanted:
            if module.path not in found:
                found[module.path] = self._nodes(module.path)
        self._keep(made)
        return Expanded(found, hierarchy)

    def imported(self, modules: Sequence[ProjectModule], index: ModuleIndex) -> list[ProjectModule]:
        """The modules of the project that these import, one through another, and that carry modifiers."""
        seen = {module.path for module in modules}
        pending, found = sorted(seen), list[ProjectModule]()
        while pending:
            path = pending.pop()
            row = self._kept.get(path) if self._valid(path) else None
            answers = (
                self.program.imports.get(path, {}).values() if row is None else [answer for _, answer, _ in row[0]]
            )
            fresh = sorted({answer for answer in answers if answer.endswith(".py")} - seen)
            seen.update(fresh)
            pending += fresh
            found += [index.module_at(path) for path in fresh if self._carries_modifiers(index.module_at(path))]
        return sorted(found)

    def under(self, part: ModuleNodes, hierarchy: Hierarchy, config: Mapping[str, Any] | None) -> ModuleNodes:
        """A module's nodes under a fixed configuration, which only some modifiers need; these are not kept."""
        if config is None or not part.needs_config:
            return part
        return module_nodes(self.program, ProjectModule(part.name, part.path), hierarchy, config)

    def together(
        self, parts: Sequence[ModuleNodes], hierarchy: Hierarchy, config: Mapping[str, Any] | None
    ) -> list[ModuleNodes]:
        """The nodes of modules of which one meets functions that another one has met; these are not kept."""
        modules = [ProjectModule(part.name, part.path) for part in parts]
        return nodes_together(self.program, modules, hierarchy, config)

    def temporary(self, spec: DataflowSpec, hierarchy: Hierarchy) -> list[ModuleNodes]:
        """The nodes of the modules that a driver makes of functions at run time."""
        return [
            function_nodes(self.program, made.name, made.functions, hierarchy, spec.config) for made in spec.temporary
        ]

    def registers_adapters(self) -> bool:
        """Does any file of the project speak of registering loaders or savers of its own?"""
        return self._sources.any_has(b"register_adapter")

    def held(self) -> list[str]:
        """The files whose kept units held: they were not read, and are known to parse."""
        return [path for path, holds in self._holds.items() if holds]

    def _nodes(self, path: str) -> ModuleNodes:
        """The nodes of a kept unit."""
        memory = None if self._cache is None else self._cache.memory
        key = self._key(path)
        if memory is None:
            return rows.from_row(self._kept[path][2])
        if key not in memory:
            memory[key] = rows.from_row(self._kept[path][2])
        made: ModuleNodes = memory[key]
        return made

    def _carries_modifiers(self, module: ProjectModule) -> bool:
        if self._valid(module.path):
            return self._kept[module.path][2] is not None
        return any(map(is_modified, self.program.scope(module).made))

    def _load(self, paths: Iterable[str]) -> None:
        """Ask the cache for the units of these files and, round by round, of the files they imported."""
        pending = [path for path in paths if path not in self._kept]
        asked: set[str] = set()
        while pending and self._cache is not None:
            asked.update(pending)
            keys = {self._key(path): path for path in pending}
            found = self._cache.get("units", list(keys))
            for key, row in found.items():
                self._kept[keys[key]] = row
            answers = {answer for row in found.values() for _, answer, _ in row[0] if answer.endswith(".py")}
            pending = sorted(answers - asked)

    def _key(self, path: str) -> str:
        digest = self._sources.digests([path])[path]
        return f"{path}\0{digest}\0{self._python}\0{self._installed}"

    def _usable(self, path: str) -> bool:
        """Does the kept unit of a module hold, and does it have nodes?"""
        return self._valid(path) and self._kept[path][2] is not None

    def _valid(self, path: str) -> bool:
        known = self._holds.get(path)
        if known is None:
            self._holds[path] = True  # in a circle of imports, each holds if all others do
            row = self._kept.get(path)
            known = self._holds[path] = row is not None and all(
                self.program.answer(dotted, path) == answer and self._is_as_read(answer, digest)
                for dotted, answer, digest in row[0]
            )
        return known

    def _is_as_read(self, answer: str, digest: str) -> bool:
        """Does a file that answered an import have the text that it had, and does its own unit hold?"""
        if not answer.endswith(".py"):
            return True
        return self._sources.digests([answer])[answer] == digest and self._valid(answer)

    def _kept_records(self, paths: Iterable[str]) -> tuple[dict[str, ClassRecord], dict[str, list[str]]]:
        """The classes of kept units, and those that they register with ABCs."""
        found: dict[str, ClassRecord] = {}
        registered: dict[str, list[str]] = {}
        pending, seen = list(paths), set[str]()
        while pending:
            path = pending.pop()
            row = self._kept.get(path)
            if path in seen or row is None:
                continue
            seen.add(path)
            found.update(rows.records_from(row[1]))
            for owner, members in row[3]:
                registered.setdefault(owner, []).extend(members)
            pending += [answer for _, answer, _ in row[0] if answer.endswith(".py")]
        return found, registered

    def _keep(self, made: dict[str, ModuleNodes]) -> None:
        if self._cache is None:
            return
        items: dict[str, Any] = {}
        for scope in self.program.scopes():
            if not self.program.is_read(scope.path):
                continue  # what is wrong with its text is to be told again
            imports = answers(self.program, self._sources, scope.path)
            module = made.get(scope.path)
            nodes = None if module is None else rows.to_row(module)
            before = self._kept.get(scope.path)
            if nodes is None and before is not None and self._holds.get(scope.path):
                continue
            registered = tuple([(owner, tuple(members)) for owner, members in registrations([scope]).items()])
            items[self._key(scope.path)] = (imports, rows.record_rows(records(scope)), nodes, registered)
        self._cache.put("units", items)
