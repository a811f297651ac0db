"""What comes of one run: the dataflows, what is wrong in them, and the figures of the summary."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.project.analysis import Analysis, Found, analyse
from dagcheck.project.bodies import bodies
from dagcheck.project.comments import MARK, Comments
from dagcheck.project.findings import Marks, chosen_rules, shown
from dagcheck.project.run import Run, asked_paths
from dagcheck.report.summary import Summary
from dagcheck.rules.judging import judge_bodies, judge_dataflow, judge_files, judge_project
from dagcheck.rules.rule import ProjectUnit

if TYPE_CHECKING:  # only a process that lives on remembers
    from dagcheck.project.memory import Memory


class Judgement(NamedTuple):
    """The dataflows of a run, its findings to show, its figures, lines for stderr, and what the dataflows were built of."""

    dataflows: tuple[Dataflow, ...]
    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    notes: tuple[str, ...]
    found: Found


def judge(run: Run, memory: Memory | None = None) -> Judgement:
    """Analyse and judge; `memory` is of earlier runs. Raises `UsageError` for what was named and is not there."""
    rules = chosen_rules(run.settings, run.options)
    analysis = analyse(run.scene, run.settings, run.options, run.sources, run.cache, memory=memory)
    run.sources.keep()
    found = [*judge_files(rules, analysis.files)]
    for dataflow in analysis.dataflows:
        if memory is None:
            found.extend(judge_dataflow(rules, dataflow))
        else:
            found.extend(memory.findings(dataflow, rules, partial(judge_dataflow, rules, dataflow)))
    found.extend(judge_bodies(rules, lambda: bodies(analysis.dataflows, run.sources.source)))
    found.extend(judge_project(rules, ProjectUnit(analysis.dataflows, analysis.unresolved, run.settings.conventions)))
    diagnostics = shown(found, run.settings, run.options, _marks(run, analysis), asked_paths(run))
    if any(map(may_be_mended, diagnostics)):
        from dagcheck.project.mending import with_fixes

        diagnostics = with_fixes(run, analysis.dataflows, diagnostics)
    summary = _summary(analysis, diagnostics)
    return Judgement(analysis.dataflows, diagnostics, summary, analysis.notes, analysis.found)


def _marks(run: Run, analysis: Analysis) -> Marks:
    """The comments of the project. Where only a part of it was asked for, nobody can tell which of them are unused."""
    known: dict[str, Comments] = {}

    def comments(path: str) -> Comments:
        if path not in known:
            known[path] = Comments(run.sources.source(path))
        return known[path]

    asked = run.options
    is_whole = not (asked.modules or asked.dataflow or asked.assume) and asked.config is None
    files = [file.path for file in analysis.files if file.fault is None] if is_whole else []
    marked = tuple(path for path in files if run.sources.has(path, MARK))
    return Marks(comments, marked, _unsure(analysis) if marked else frozenset())


def _unsure(analysis: Analysis) -> frozenset[str]:
    """The files in which a name or a type could not be read."""
    found: set[str] = set()
    for part in [part for dataflow in analysis.dataflows for part in dataflow.parts]:
        if not part.complete or any(fault.rule == "unresolved-modifier" for fault in part.faults):
            found.add(part.path)
        for node in part.nodes:
            types = (node.type, *(dependency.type for dependency in node.dependencies))
            if any(type_.kind == "unknown" for type_ in types):
                found.add(part.path)
    return frozenset(found)


def _names_by_dataflow(dataflows: Iterable[Dataflow]) -> dict[str, Collection[str]]:
    """The names of the nodes of each dataflow, in all its configurations."""
    found: dict[str, Collection[str]] = {}
    for dataflow in dataflows:
        before = found.get(dataflow.name)
        found[dataflow.name] = dataflow.producers if before is None else {*before, *dataflow.producers}
    return found


def may_be_mended(diagnostic: Diagnostic) -> bool:
    """Is it worth looking for a fix of this finding?"""
    return diagnostic.rule in _MENDED or "did you mean `" in diagnostic.help


_MENDED = frozenset({"missing-parameter-type", "missing-return-type", "deprecated-modifier", "unused-ignore"})


def _summary(analysis: Analysis, diagnostics: Iterable[Diagnostic]) -> Summary:
    counts = {"error": 0, "warning": 0, "info": 0}
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    nodes = sum(map(len, _names_by_dataflow(analysis.dataflows).values()))
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
    missing = len(unresolved) + len(given_up) + len(analysis.unresolved)
    return Summary(len(analysis.files), len(names), nodes, counts["error"], counts["warning"], counts["info"], missing)
