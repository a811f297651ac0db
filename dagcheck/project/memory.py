"""What does an analysis remember of the one before, while the process lives?

The same as the cache on disk keeps (`dagcheck.project.units`), but as objects: the nodes of a file that did not change are
not built again, nor the parts of a dataflow that hang on none of what changed, nor the findings of a dataflow in which nothing
did. What is remembered is keyed by what it was made from, so nothing is ever invalidated by hand, and a text that comes back
finds its nodes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, NamedTuple, TypeVar

from dagcheck.dataflows.reach import Reach, imported, reach_of
from dagcheck.dataflows.specification import DataflowSpec, Discovered
from dagcheck.diagnostics import Diagnostic
from dagcheck.evaluation.program import Program
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import Strictness
from dagcheck.graph.rebuild import Built, rebuild
from dagcheck.graph.settling import Match
from dagcheck.names import foreign
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.classes import Hierarchy
from dagcheck.names.installed import Installed
from dagcheck.names.library import Library
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.nodes.classes import records, registrations
from dagcheck.nodes.module import ModuleNodes, module_nodes
from dagcheck.project.known_drivers import KnownDrivers
from dagcheck.project.run import Scene
from dagcheck.project.sources import Sources
from dagcheck.project.units import Expanded, Units, answers
from dagcheck.source.facts import ModuleFacts

VERSIONS = 4
"""How many versions of a file are remembered: undoing an edit, or a broken text beside its last good one, costs nothing."""

Registrations = Mapping[str, Sequence[str]]
V = TypeVar("V")


class Unit(NamedTuple):
    """What a file came to: who answered its imports and with which text, its classes, and its nodes (None: it was only imported)."""

    imports: tuple[tuple[str, str, str], ...]
    records: Mapping[str, ClassRecord]
    registrations: Registrations
    nodes: ModuleNodes | None


class _Lately(Generic[V]):
    """What the last analyses asked for. State: each entry with the number of the analysis that asked for it last."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[int, V]] = {}
        self._now = 0

    def get(self, key: str) -> V | None:
        """An entry, if it is still there."""
        known = self._entries.get(key)
        return None if known is None else known[1]

    def keep(self, key: str, value: V) -> V:
        """Add or replace an entry, or ask for it once more."""
        self._entries[key] = (self._now, value)
        return value

    def turn(self) -> None:
        """One more analysis is done: what none of the last ones asked for goes."""
        self._now += 1
        for key in [key for key, (asked, _) in self._entries.items() if asked < self._now - VERSIONS]:
            del self._entries[key]


class Memory:
    """State: the units, dataflows and findings of earlier analyses."""

    def __init__(self) -> None:
        self._units: dict[str, dict[str, Unit]] = {}
        self._answered: dict[str, tuple[Unit, ModuleIndex]] = {}
        self._hierarchy: tuple[object, Hierarchy] | None = None
        self._judging: dict[str, tuple[Hierarchy, tuple[Match, Strictness | None]]] = {}
        self._library: tuple[object, Library | None] | None = None
        self._drivers = KnownDrivers()
        self._imports: dict[str, tuple[ModuleFacts | None, ModuleIndex, frozenset[str]]] = {}
        self._reach: tuple[tuple[tuple[str, ...], ModuleIndex], Reach] | None = None
        self._built: _Lately[Built] = _Lately()
        self._fixed: _Lately[tuple[ModuleNodes, ModuleNodes]] = _Lately()
        self._findings: _Lately[tuple[Dataflow, object, tuple[Diagnostic, ...]]] = _Lately()

    def unit(self, path: str, digest: str) -> Unit | None:
        """What this version of a file came to."""
        return self._units.get(path, {}).get(digest)

    def remember(self, path: str, digest: str, unit: Unit) -> None:
        """Keep what a version of a file came to, in the place of the oldest one kept."""
        known = self._units.setdefault(path, {})
        known.pop(digest, None)
        known[digest] = unit
        while len(known) > VERSIONS:
            del known[next(iter(known))]

    def answers(self, path: str, unit: Unit, modules: ModuleIndex) -> bool:
        """Is it known that this index answers a unit's imports as they were answered?"""
        known = self._answered.get(path)
        return known is not None and known[0] is unit and known[1] is modules

    def note_answers(self, path: str, unit: Unit, modules: ModuleIndex) -> None:
        """This index answers a unit's imports as they were answered."""
        self._answered[path] = (unit, modules)

    def forget_except(self, paths: Iterable[str]) -> None:
        """Drop what is known of files that are gone."""
        kept = set(paths)
        gone = [path for path in {*self._units, *self._answered, *self._imports} if path not in kept]
        for path in gone:
            self._units.pop(path, None)
            self._answered.pop(path, None)
            self._imports.pop(path, None)

    def turn(self) -> None:
        """An analysis is done: what is keyed by names and configurations that nobody asks for any more goes."""
        for each in (self._built, self._fixed, self._findings):
            each.turn()

    def hierarchy(
        self, classes: dict[str, ClassRecord], registered: dict[str, list[str]], python: tuple[int, int]
    ) -> Hierarchy:
        """The hierarchy of these classes: the same object as long as they stay the same."""
        key = (classes, registered, python)
        if self._hierarchy is None or self._hierarchy[0] != key:
            self._hierarchy = (key, Hierarchy(classes, registered, python))
        return self._hierarchy[1]

    def judging(
        self, kind: str, hierarchy: Hierarchy, make: Callable[[], tuple[Match, Strictness | None]]
    ) -> tuple[Match, Strictness | None]:
        """What judges types by a hierarchy, with the verdicts it gave before."""
        known = self._judging.get(kind)
        if known is None or known[0] is not hierarchy:
            known = self._judging[kind] = (hierarchy, make())
        return known[1]

    @contextmanager
    def packages(self, scene: Scene) -> Iterator[None]:
        """Let every layer ask the packages of the scene's environment; what they said before is known."""
        environment = scene.environment
        key = (repr(environment), scene.python, scene.installed)
        if self._library is None or self._library[0] != key:
            library = None
            if environment is not None and environment.site_packages:
                library = Library(Installed(environment.site_packages, scene.python, None), foreign.meaning)
            self._library = (key, library)
        with foreign.reading(self._library[1]):
            yield

    def reach(self, paths: Sequence[str], facts_of: Callable[[str], ModuleFacts | None], index: ModuleIndex) -> Reach:
        """What imports Hamilton; asked again only where import statements changed."""
        is_same = self._reach is not None and self._reach[0] == (tuple(paths), index)
        for path in paths:
            facts, known = facts_of(path), self._imports.get(path)
            if known is None or known[0] is not facts or known[1] is not index:
                names = frozenset() if facts is None else frozenset(imported(facts.statements, path, index))
                is_same = is_same and known is not None and known[2] == names
                self._imports[path] = (facts, index, names)
        if self._reach is None or not is_same:
            self._reach = ((tuple(paths), index), reach_of(paths, facts_of, index))
        return self._reach[1]

    def drivers(
        self,
        scene: Scene,
        paths: Sequence[str],
        reach: Reach,
        sources: Sources,
        is_outside: Callable[[str], bool],
    ) -> Discovered:
        """The dataflows that drivers make; found again only where something changed that they were found in."""
        return self._drivers.found(scene, paths, reach, sources, is_outside)

    def under(self, part: ModuleNodes, config: Mapping[str, Any], make: Callable[[], ModuleNodes]) -> ModuleNodes:
        """A module's nodes under a fixed configuration."""
        key = f"{part.path}\0{config!r}"
        known = self._fixed.get(key)
        return self._fixed.keep(key, known if known is not None and known[0] is part else (part, make()))[1]

    def build(
        self, spec: DataflowSpec, modules: Sequence[ModuleNodes], match: Match, strictness: Strictness | None
    ) -> Dataflow:
        """The dataflow of a specification, made of what it was before as far as that still holds."""
        key = f"{spec.name}\0{spec.config!r}\0{spec.assume!r}\0{len(modules)}"
        return self._built.keep(key, rebuild(spec, modules, match, strictness, before=self._built.get(key))).dataflow

    def findings(
        self, dataflow: Dataflow, rules: object, make: Callable[[], Iterable[Diagnostic]]
    ) -> tuple[Diagnostic, ...]:
        """What the rules say of a dataflow; said again as long as it is the same one."""
        key = f"{dataflow.name}\0{dataflow.spec.config!r}\0{dataflow.spec.assume!r}"
        known = self._findings.get(key)
        if known is None or known[0] is not dataflow or known[1] != rules:
            known = (dataflow, rules, tuple(make()))
        return self._findings.keep(key, known)[2]


class LiveUnits(Units):
    """The units of one analysis, made with a `Memory` instead of the cache."""

    def __init__(self, program: Program, sources: Sources, memory: Memory, scene: Scene) -> None:
        super().__init__(program, sources, None, scene.python, scene.installed)
        self._memory = memory
        self._modules = scene.modules
        self._found: dict[str, Unit | None] = {}

    def expand(self, wanted: Sequence[ProjectModule]) -> Expanded:
        """The nodes of these modules."""
        fresh = [module for module in wanted if not self._usable(module.path)]
        for module in fresh:
            self.program.scope(module)
        classes, registered = self._kept_classes(module.path for module in wanted if self._usable(module.path))
        for scope in self.program.scopes():
            classes.update(records(scope))
        for name, members in registrations(self.program.scopes()).items():
            registered[name] = sorted({*registered.get(name, ()), *members})
        hierarchy = self._memory.hierarchy(classes, registered, self._python)
        made = {module.path: module_nodes(self.program, module, hierarchy) for module in fresh}
        self._keep(made)
        found = {module.path: made.get(module.path) or self._nodes(module.path) for module in wanted}
        return Expanded(found, hierarchy)

    def under(self, part: ModuleNodes, hierarchy: Hierarchy, config: Mapping[str, Any] | None) -> ModuleNodes:
        """A module's nodes under a fixed configuration, which only some modifiers need."""
        if config is None or not part.needs_config:
            return part
        module = ProjectModule(part.name, part.path)
        return self._memory.under(part, config, lambda: module_nodes(self.program, module, hierarchy, config))

    def imported(self, modules: Sequence[ProjectModule], index: ModuleIndex) -> list[ProjectModule]:
        """Only asked for modules that a command line names, which no editor does."""
        raise NotImplementedError

    def _nodes(self, path: str) -> ModuleNodes:
        unit = self._unit(path)
        assert unit is not None and unit.nodes is not None  # noqa: PT018  `_usable` has said so
        return unit.nodes

    def _unit(self, path: str) -> Unit | None:
        if path not in self._found:
            self._found[path] = self._memory.unit(path, self._sources.digests([path])[path])
        return self._found[path]

    def _usable(self, path: str) -> bool:
        unit = self._unit(path)
        return unit is not None and unit.nodes is not None and self._valid(path)

    def _valid(self, path: str) -> bool:
        known = self._holds.get(path)
        if known is None:
            self._holds[path] = True  # in a circle of imports, each holds if all others do
            unit = self._unit(path)
            known = self._holds[path] = (
                unit is not None
                and (self._memory.answers(path, unit, self._modules) or self._answer_alike(path, unit))
                and all(self._is_as_read(answer, digest) for _, answer, digest in unit.imports)
            )
        return known

    def _answer_alike(self, path: str, unit: Unit) -> bool:
        """Are a unit's imports answered as they were?"""
        alike = all(self.program.answer(dotted, path) == answer for dotted, answer, _ in unit.imports)
        if alike:
            self._memory.note_answers(path, unit, self._modules)
        return alike

    def _kept_classes(self, paths: Iterable[str]) -> tuple[dict[str, ClassRecord], dict[str, list[str]]]:
        """The classes and registrations of files that did not change, and of all that they import."""
        classes: dict[str, ClassRecord] = {}
        registered: dict[str, list[str]] = {}
        pending, seen = list(paths), set[str]()
        while pending:
            path = pending.pop()
            unit = None if path in seen else self._unit(path)
            seen.add(path)
            if unit is None:
                continue
            classes.update(unit.records)
            for name, members in unit.registrations.items():
                registered[name] = [*registered.get(name, ()), *members]
            pending += [answer for _, answer, _ in unit.imports if answer.endswith(".py")]
        return classes, registered

    def _keep(self, made: dict[str, ModuleNodes]) -> None:
        for scope in self.program.scopes():
            if scope.path not in made and self._holds.get(scope.path) and self._unit(scope.path) is not None:
                continue  # it was followed once more because something else asked for its names
            imports = answers(self.program, self._sources, scope.path)
            unit = Unit(imports, records(scope), registrations([scope]), made.get(scope.path))
            self._found[scope.path] = unit
            self._memory.remember(scope.path, self._sources.digests([scope.path])[scope.path], unit)
