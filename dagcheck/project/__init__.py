"""The composition root: options in, findings and graphs out. Command line, hook and server call nothing else.

`check` answers what is wrong, `graph` how things hang together. Both read the project folder and nothing of what is in it is
ever imported or run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

from dagcheck import __version__
from dagcheck.diagnostics import Annotation, Diagnostic, Severity
from dagcheck.graph.dataflow import Dataflow
from dagcheck.names.classes import ClassRecord
from dagcheck.names.environment import choose_environment, is_foreign_in
from dagcheck.names.modules import ModuleIndex, import_roots
from dagcheck.names.places import is_outside
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Dependency, Fault, Node, Origin
from dagcheck.project import remembered
from dagcheck.project.analysis import Analysis, Scene, analyse
from dagcheck.project.findings import chosen_rules, shown
from dagcheck.project.sources import Sources
from dagcheck.report.summary import Summary
from dagcheck.rules import RULES
from dagcheck.rules.judging import judge_dataflow, judge_files
from dagcheck.settings import Options, Settings, UsageError
from dagcheck.settings.folder import find_project
from dagcheck.settings.loading import load_settings
from dagcheck.source.cache import Cache
from dagcheck.source.digests import digest
from dagcheck.source.listing import FileListing, list_files
from dagcheck.source.syntax import Header, Parameter

SCHEMA = 1
"""Changes whenever what is kept in the cache changes its meaning."""

LineOf = Callable[[str, int], "str | None"]


class CheckResult(NamedTuple):
    """What `dagcheck check` found. `excerpt` gives a line of a file, for showing."""

    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    notes: tuple[str, ...]
    excerpt: LineOf
    fail_on: Severity


class GraphResult(NamedTuple):
    """The dataflows of `dagcheck graph`, with what is wrong in them."""

    dataflows: tuple[Dataflow, ...]
    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    notes: tuple[str, ...]


class Project(NamedTuple):
    """A project folder and how to look at it: `Project("path").check()`."""

    folder: str
    options: Options = Options()

    def check(self) -> CheckResult:
        """What is wrong in this project."""
        return check(self.options._replace(project=self.folder))

    def graph(self) -> GraphResult:
        """The dataflows of this project."""
        return graph(self.options._replace(project=self.folder))


class _Run(NamedTuple):
    """One command's surroundings."""

    scene: Scene
    settings: Settings
    options: Options
    sources: Sources
    cache: Cache | None
    links: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def check(options: Options) -> CheckResult:
    """What is wrong. Raises `UsageError` for mistakes in options and settings."""
    run = _prepare(options)
    rules = chosen_rules(run.settings, options)
    key = _run_key(run)
    known = run.cache.get("runs", [key]).get(key) if run.cache is not None and key else None
    if known is not None:
        diagnostics, summary, notes = remembered.from_row(known)
    else:
        analysis = _analysed(run)
        found = [*judge_files(rules, analysis.files)]
        for dataflow in analysis.dataflows:
            found.extend(judge_dataflow(rules, dataflow))
        diagnostics = shown(found, run.settings, options, run.sources.source, _asked(run))
        summary = _summary(run, analysis, diagnostics)
        notes = analysis.notes
        if run.cache is not None and key:
            run.cache.put("runs", {key: remembered.to_row(diagnostics, summary, notes)})
    if run.cache is not None:
        run.cache.close()
    notes = (*run.notes, *notes, *_unread(run.sources))
    return CheckResult(diagnostics, summary, notes, _line_of(run.sources), run.settings.fail_on)


def graph(options: Options) -> GraphResult:
    """The dataflows. Raises `UsageError` for mistakes in options and settings."""
    run = _prepare(options)
    rules = chosen_rules(run.settings, options)
    analysis = _analysed(run)
    found = [*judge_files(rules, analysis.files)]
    for dataflow in analysis.dataflows:
        found.extend(judge_dataflow(rules, dataflow))
    diagnostics = shown(found, run.settings, options, run.sources.source, _asked(run))
    if run.cache is not None:
        run.cache.close()
    summary = _summary(run, analysis, diagnostics)
    notes = (*run.notes, *analysis.notes, *_unread(run.sources))
    return GraphResult(analysis.dataflows, diagnostics, summary, notes)


def _prepare(options: Options) -> _Run:
    cwd = os.getcwd()
    root = find_project(options, cwd)
    settings = load_settings(root, [rule.name for rule in RULES])
    cache_dir = os.path.join(cwd, options.cache_dir) if options.cache_dir else os.path.join(root, ".dagcheck_cache")
    listing = None if options.modules else list_files(root, settings.exclude, cache_dir)
    if listing is not None and listing.refusal:
        raise UsageError(listing.refusal)
    given = options.roots or [os.path.join(root, place) for place in settings.roots]
    roots = import_roots(root, given, cwd)
    files, links = (None, ()) if listing is None else (listing.files, listing.links)
    environment = choose_environment(root, settings, options, cwd)
    index = ModuleIndex(root, roots, files, links, is_foreign_in(environment))
    version = (environment.version if environment is not None else None) or sys.version_info[:2]
    trusted = options.use_cache and not (listing is not None and listing.cache_is_tracked)
    cache = Cache(cache_dir, version=f"{__version__} {_shapes()}", schema=SCHEMA) if trusted else None
    scene = Scene(root, cwd, roots, files, index, version)
    return _Run(scene, settings, options, Sources(root, cache, options.jobs), cache, links, _listing_notes(listing))


def _shapes() -> str:
    """The fields of what is kept: a change of shape makes older rows unreadable, not wrong."""
    shapes = (
        Node,
        Dependency,
        Origin,
        Fault,
        ClassRecord,
        Diagnostic,
        Annotation,
        Summary,
        ModuleNodes,
        Header,
        Parameter,
    )
    return digest(repr([shape._fields for shape in shapes]).encode(), size=8).hex()


def _analysed(run: _Run) -> Analysis:
    analysis = analyse(run.scene, run.settings, run.options, run.sources, run.cache)
    run.sources.keep()
    return analysis


def _run_key(run: _Run) -> str:
    """All that a whole run depends on; "" when that is not known before it ran."""
    if run.scene.files is None or not _is_self_contained(run):
        return ""
    digests = run.sources.digests(run.scene.files)
    asked = run.options._replace(cache_dir=None, jobs=None)
    surroundings = (run.scene.python, run.scene.cwd, run.scene.root, run.scene.roots, run.links)
    parts = [repr(asked), repr(run.settings), repr(surroundings)]
    parts += [f"{path} {mark}" for path, mark in digests.items()]
    return digest("\0".join(parts).encode(errors="surrogatepass")).hex()


def _is_self_contained(run: _Run) -> bool:
    """Can only listed files be read? Not with import roots elsewhere, nor with PATHs that git ignores."""
    listed = set(run.scene.files or ())
    paths = (os.path.relpath(os.path.join(run.scene.cwd, path), run.scene.root) for path in run.options.paths)
    named = (path.replace(os.sep, "/") for path in paths if path.endswith(".py"))
    return all(path in listed for path in named) and not any(is_outside(root) for root in run.scene.roots)


def _asked(run: _Run) -> Callable[[str], bool]:
    """Was this path asked for? Without PATHs every one is."""
    if not run.options.paths:
        return lambda path: True
    wanted = [os.path.realpath(os.path.join(run.scene.cwd, path)) for path in run.options.paths]
    root = os.path.realpath(run.scene.root)

    def is_asked(path: str) -> bool:
        full = os.path.join(root, path)
        return any(full == one or full.startswith(os.path.join(one, "")) for one in wanted)

    return is_asked


def _summary(run: _Run, analysis: Analysis, diagnostics: Iterable[Diagnostic]) -> Summary:
    counts = {"error": 0, "warning": 0, "info": 0}
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    nodes = len({(dataflow.name, name) for dataflow in analysis.dataflows for name in dataflow.producers})
    unresolved = {
        (path, fault.span, fault.message)
        for dataflow in analysis.dataflows
        for path, fault in dataflow.faults
        if fault.rule == "unresolved-modifier"
    }
    given_up = {
        (dataflow.name, name)
        for dataflow in analysis.dataflows
        for name, verdict in dataflow.verdicts.items()
        if verdict.given_up
    }
    names = {dataflow.name for dataflow in analysis.dataflows}
    missing = len(unresolved) + len(given_up)
    return Summary(len(analysis.files), len(names), nodes, counts["error"], counts["warning"], counts["info"], missing)


def _listing_notes(listing: FileListing | None) -> tuple[str, ...]:
    if listing is None:
        return ()
    tracked = "The cache folder is tracked by git, so its contents are not trusted and not used."
    return (*listing.notes, *([tracked] if listing.cache_is_tracked else ()))


def _unread(sources: Sources) -> tuple[str, ...]:
    return tuple([f"{item.path} was not read: {item.reason}." for item in sources.unreadable()])


def _line_of(sources: Sources) -> LineOf:
    texts: dict[str, list[str]] = {}

    def line_of(path: str, line: int) -> str | None:
        if path not in texts:
            texts[path] = sources.text(path).split("\n")
        lines = texts[path]
        return lines[line - 1] if 0 < line <= len(lines) else None

    return line_of
