"""What comes of one run: the dataflows, what is wrong in them, and the figures of the summary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.project.analysis import Analysis, Found, analyse
from dagcheck.project.findings import chosen_rules, shown
from dagcheck.project.run import Run, asked_paths
from dagcheck.report.summary import Summary
from dagcheck.rules.judging import judge_dataflow, judge_files, judge_project
from dagcheck.rules.rule import ProjectUnit


class Judgement(NamedTuple):
    """The dataflows of a run, its findings to show, its figures, lines for stderr, and what the dataflows were built of."""

    dataflows: tuple[Dataflow, ...]
    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    notes: tuple[str, ...]
    found: Found


def judge(run: Run) -> Judgement:
    """Analyse and judge. Raises `UsageError` for what was named and is not there."""
    rules = chosen_rules(run.settings, run.options)
    analysis = analyse(run.scene, run.settings, run.options, run.sources, run.cache)
    run.sources.keep()
    found = [*judge_files(rules, analysis.files)]
    for dataflow in analysis.dataflows:
        found.extend(judge_dataflow(rules, dataflow))
    found.extend(judge_project(rules, ProjectUnit(analysis.dataflows, analysis.unresolved)))
    diagnostics = shown(found, run.settings, run.options, run.sources.source, asked_paths(run))
    summary = _summary(analysis, diagnostics)
    return Judgement(analysis.dataflows, diagnostics, summary, analysis.notes, analysis.found)


def _summary(analysis: Analysis, diagnostics: Iterable[Diagnostic]) -> Summary:
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
    missing = len(unresolved) + len(given_up) + len(analysis.unresolved)
    return Summary(len(analysis.files), len(names), nodes, counts["error"], counts["warning"], counts["info"], missing)
