"""Files in, dataflows out: one analysis of a project.

Puts the layers together: which files, which modules, which dataflows, their nodes, their graphs. Says nothing of findings
(`dagcheck.project.findings`) and remembers nothing by itself (`dagcheck.project.units`, `dagcheck.project.remembered`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dagcheck.bounded import Bounded
from dagcheck.dataflows.declared import (
    Missing,
    from_command_line,
    from_file,
    from_settings,
    is_test_module,
    with_configuration,
)
from dagcheck.dataflows.given_types import given_types, unknown_types
from dagcheck.dataflows.merging import merged
from dagcheck.dataflows.reach import reach_of
from dagcheck.dataflows.specification import DataflowSpec, Unresolved
from dagcheck.evaluation.program import Program
from dagcheck.graph.build import build, withheld
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import Strictness
from dagcheck.graph.settling import Match
from dagcheck.names.classes import Hierarchy
from dagcheck.names.modules import ProjectModule
from dagcheck.nodes.decorators import decorator_kind
from dagcheck.nodes.module import failures_of_import
from dagcheck.nodes.refusing import refusal
from dagcheck.project.assembly import assembled
from dagcheck.project.discovery import drivers_in
from dagcheck.project.packages import packages_read
from dagcheck.project.run import Scene
from dagcheck.project.sources import Sources
from dagcheck.project.units import Expanded, Units
from dagcheck.rules.rule import FileUnit
from dagcheck.settings import Options, Settings, UsageError
from dagcheck.source.cache import Cache
from dagcheck.source.parsing import SyntaxFault
from dagcheck.types.assignability import Assignability, Maybe, matches
from dagcheck.types.model import Type
from dagcheck.types.strictness import default_objection, objection

if TYPE_CHECKING:  # only a process that lives on remembers
    from dagcheck.project.memory import Memory


class Analysis(NamedTuple):
    """One project, analysed: its dataflows, the files that were looked at, drivers not resolved, and lines for stderr.

    `found` is what the dataflows were built of.
    """

    dataflows: tuple[Dataflow, ...]
    files: tuple[FileUnit, ...]
    unresolved: tuple[Unresolved, ...]
    notes: tuple[str, ...]
    found: Found


class Found(NamedTuple):
    """The dataflows of a project before they are built, and what they are built of."""

    specs: list[DataflowSpec]
    expanded: Expanded
    units: Units
    unresolved: tuple[Unresolved, ...]
    notes: list[str]


def analyse(
    scene: Scene,
    settings: Settings,
    options: Options,
    sources: Sources,
    cache: Cache | None,
    *,
    memory: Memory | None = None,
) -> Analysis:
    """Analyse a project; `memory` is of earlier analyses of it. Raises `UsageError` for what is named and not there."""
    with packages_read(scene, cache) if memory is None else memory.packages(scene):
        return _analyse(scene, settings, options, sources, cache, memory=memory)


def _analyse(
    scene: Scene,
    settings: Settings,
    options: Options,
    sources: Sources,
    cache: Cache | None,
    *,
    memory: Memory | None,
) -> Analysis:
    found = specifications(scene, settings, options, sources, cache, memory=memory)
    units, type_check, hierarchy = found.units, options.type_check or settings.type_check, found.expanded.hierarchy
    match, strictness = _judging(type_check, hierarchy, memory)
    make = build if memory is None else memory.build
    dataflows = tuple([assembled(spec, found.expanded, units, match, strictness, make=make) for spec in found.specs])
    notes = (*found.notes, *(words for dataflow in dataflows if (words := _withheld(dataflow, match))))
    if scene.files is None:
        read, held = sources.read_paths(), set(units.held())
        files = tuple(
            [FileUnit(path, None if path in held else _fault(sources, path)) for path in sorted({*read, *held})]
        )
    else:
        held = (
            set() if memory is not None else set(units.held())
        )  # what is being edited may be kept though it is broken
        files = tuple([FileUnit(path, None if path in held else _fault(sources, path)) for path in scene.files])
    return Analysis(dataflows, files, found.unresolved, notes, found)


def specifications(
    scene: Scene,
    settings: Settings,
    options: Options,
    sources: Sources,
    cache: Cache | None,
    *,
    memory: Memory | None = None,
) -> Found:
    """The dataflows of a project, not built yet. Raises `UsageError` like `analyse`."""
    named = [_located(scene, name) for name in options.modules]
    if scene.files is not None:
        sources.load(scene.files)
    program = Program(
        scene.modules,
        sources.source,
        foreign_names(scene, named),
        scene.python,
        decorator=decorator_kind,
        refusal=refusal,
    )
    units = _units(program, sources, cache, scene, memory)
    found = (
        _named(scene, options, named, units)
        if named
        else _discovered(scene, settings, options, sources, units, cache, memory)
    )
    if options.dataflow is None and (options.final_vars or options.inputs) and len({s.name for s in found.specs}) > 1:
        names = ", ".join(dict.fromkeys(spec.name for spec in found.specs))
        raise UsageError(f"--final-vars and --inputs are for one dataflow; say which with --dataflow: {names}")
    return found if options.dataflow is None else found._replace(specs=_only(found.specs, options.dataflow))


def _named(scene: Scene, options: Options, named: list[ProjectModule], units: Units) -> Found:
    """The one dataflow of the modules that the command line names."""
    expanded = units.expand(named)
    others = units.imported(named, scene.modules)
    if others:
        failing = tuple([failures_of_import(part) for part in units.expand(others).modules.values()])
        expanded = expanded._replace(failing=failing)
    return Found([from_command_line(named, options)], expanded, units, (), [])


def _units(program: Program, sources: Sources, cache: Cache | None, scene: Scene, memory: Memory | None) -> Units:
    if memory is None:
        return Units(program, sources, cache, scene.python, scene.installed)
    from dagcheck.project.memory import LiveUnits

    return LiveUnits(program, sources, memory, scene)


def _judging(type_check: str, hierarchy: Hierarchy, memory: Memory | None) -> tuple[Match, Strictness | None]:
    def make() -> tuple[Match, Strictness | None]:
        return matcher_of(type_check, hierarchy), strictness_of(type_check, hierarchy)

    return make() if memory is None else memory.judging(type_check, hierarchy, make)


def matcher_of(type_check: str, hierarchy: Hierarchy) -> Match:
    """Hamilton's verdict on a pair of types, each distinct pair judged once."""
    known: Bounded[tuple[Type, Type], Assignability] = Bounded()

    def match(parameter: Type, node: Type) -> Assignability:
        if type_check == "off":
            return Maybe("types are not checked")
        key = (parameter, node)
        verdict = known.get(key)
        if verdict is None:
            verdict = known[key] = matches(parameter, node, hierarchy)
        return verdict

    return match


def strictness_of(type_check: str, hierarchy: Hierarchy) -> Strictness | None:
    """What a type checker would add, where that is asked for."""
    if type_check != "strict":
        return None
    return Strictness(lambda parameter, node: objection(parameter, node, hierarchy), default_objection)


def _withheld(dataflow: Dataflow, match: Match) -> str:
    """What to say of mismatches that an adapter may let pass, "" when there are none."""
    count = withheld(dataflow, match) if dataflow.spec.loosened else 0
    edges = "1 type mismatch is" if count == 1 else f"{count} type mismatches are"
    return f"{dataflow.name}: {edges} not reported: {dataflow.spec.loosened}." if count else ""


def _located(scene: Scene, name: str) -> ProjectModule:
    found = scene.modules.locate(name, scene.cwd)
    if isinstance(found, str):
        raise UsageError(f"--module {name}: {found}")
    return found


def _discovered(  # noqa: PLR0917  private, and each stands for itself
    scene: Scene,
    settings: Settings,
    options: Options,
    sources: Sources,
    units: Units,
    cache: Cache | None,
    memory: Memory | None,
) -> Found:
    """The dataflows of the whole project, and the nodes of every module that belongs or might belong to one."""
    index, files = scene.modules, scene.files or ()
    modules = {index.name_of(path): index.module_at(path) for path in files}
    declared = from_settings(settings.dataflows, modules, _resolver(scene), options)
    if declared.missing:
        raise UsageError(*(_words(missing, modules) for missing in declared.missing))
    types = given_types(settings.dataflows, units.program, scene.python)
    specs = [spec._replace(input_types=types.get(spec.name, {})) for spec in declared.specs]
    taken = {module.path for spec in specs for module in spec.modules}
    find_reach, is_foreign = reach_of if memory is None else memory.reach, foreign_names(scene, ())
    reach = find_reach(files, lambda path: (source := sources.source(path)) and source.facts, index)
    if memory is None:
        drivers = drivers_in(scene, files, reach, sources, is_foreign, cache)
    else:
        drivers = memory.drivers(scene, files, reach, sources, is_foreign)
    specs = merged(specs, [with_configuration(spec, options) for spec in drivers.specs])
    taken |= {module.path for spec in drivers.specs for module in spec.modules}
    taken |= {path for spec in drivers.specs for path in spec.temporary_paths}
    named = [path for path in _named_files(scene, options) if path not in taken]
    candidates = [path for path in files if path in reach.hamilton and path not in taken and not is_test_module(path)]
    wanted = [module for spec in specs for module in spec.modules]
    wanted += [index.module_at(path) for path in dict.fromkeys([*candidates, *named])]
    expanded = units.expand(list({module.path: module for module in wanted}.values()))
    alone = [path for path in candidates if expanded.modules[path].is_dataflow]
    alone += [path for path in named if path not in alone]
    specs += [from_file(index.module_at(path), options) for path in alone]
    notes = [] if specs or drivers.unresolved else [_no_dataflow(expanded)]
    notes += unknown_types(specs, expanded.hierarchy)
    return Found(specs, expanded, units, drivers.unresolved, notes)


def _resolver(scene: Scene) -> Callable[[str], ProjectModule | None]:
    def resolve(name: str) -> ProjectModule | None:
        found = scene.modules.locate(name, scene.root)
        return found if isinstance(found, ProjectModule) else None

    return resolve


def _words(missing: Missing, modules: Iterable[str]) -> str:
    from difflib import get_close_matches

    location = missing.dataflow.place("modules", missing.module)
    place = f"{location.path}:{location.span.line}:{location.span.column}"
    nearest = get_close_matches(missing.module, sorted(modules), 1)
    advice = f"; did you mean `{nearest[0]}`?" if nearest else ""
    return f"{place}: dataflow `{missing.dataflow.name}` names module `{missing.module}`, which is not there{advice}"


def _named_files(scene: Scene, options: Options) -> list[str]:
    """The Python files named as PATH, relative to the project."""
    return [_located_path(scene, path).path for path in options.paths if path.endswith(".py")]


def _located_path(scene: Scene, path: str) -> ProjectModule:
    found = scene.modules.locate(path, scene.cwd)
    if isinstance(found, str):
        raise UsageError(found)
    return found


def _no_dataflow(expanded: Expanded) -> str:
    """What to say when nothing was found: the modules that come nearest."""
    likely = [module.name for module in expanded.modules.values() if module.nodes][:5]
    hint = f"; perhaps {', '.join(f'--module {name}' for name in likely)}" if likely else ""
    return f"No dataflow found: name its modules with --module, or in [[tool.dagcheck.dataflow]]{hint}."


def _only(specs: list[DataflowSpec], name: str) -> list[DataflowSpec]:
    chosen = [spec for spec in specs if spec.name == name]
    if not chosen:
        known = ", ".join(dict.fromkeys(spec.name for spec in specs)) or "none"
        raise UsageError(f"there is no dataflow `{name}`; there is {known}")
    return chosen


def _fault(sources: Sources, path: str) -> SyntaxFault | None:
    source = sources.source(path)
    return None if source is None else source.facts.fault


def foreign_names(scene: Scene, named: Sequence[ProjectModule]) -> Callable[[str], bool]:
    """Names that are never the project's: Hamilton's own, and neighbours in a folder of installed packages."""
    installed = any(part in ("site-packages", "dist-packages") for part in scene.root.split(os.sep))
    tops = {module.name.partition(".")[0] for module in named}

    def is_foreign(dotted: str) -> bool:
        top = dotted.partition(".")[0]
        if top == "hamilton":
            return not dotted.startswith("hamilton.contrib")
        return installed and bool(tops) and top not in tops

    return is_foreign
