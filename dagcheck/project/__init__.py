"""The composition root: options in, findings and graphs out. Command line, hook and server call nothing else.

`check` answers what is wrong, `graph` how things hang together. Both read the project folder and nothing of what is in it is
ever imported or run. Where a run's verdict is known already, the analysis is not even imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from dagcheck.diagnostics import Diagnostic, Severity
from dagcheck.project import remembered
from dagcheck.project.run import Run, prepare, run_key
from dagcheck.report.summary import Summary
from dagcheck.settings import Options, Settings

if TYPE_CHECKING:  # importing it would import the whole analysis
    from dagcheck.dataflows.specification import DataflowSpec, Unresolved
    from dagcheck.graph.dataflow import Dataflow
    from dagcheck.project.selecting import Selection

LineOf = Callable[[str, int], "str | None"]


class CheckResult(NamedTuple):
    """What `dagcheck check` found. `excerpt` gives a line of a file, for showing."""

    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    notes: tuple[str, ...]
    excerpt: LineOf
    fail_on: Severity


class GraphResult(NamedTuple):
    """The dataflows of `dagcheck graph`, with what is wrong in them.

    `chosen` are the names that selectors mean, by dataflow; None when nothing was selected; `strangers` are lines
    about selectors that mean no node. `excerpt` as in `CheckResult`.
    """

    dataflows: tuple[Dataflow, ...]
    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    notes: tuple[str, ...]
    chosen: Mapping[str, set[str]] | None
    excerpt: LineOf
    settings: Settings
    strangers: tuple[str, ...] = ()


class ListResult(NamedTuple):
    """The dataflows of a project before they are built, and the drivers that could not be resolved."""

    specs: tuple[DataflowSpec, ...]
    unresolved: tuple[Unresolved, ...]
    notes: tuple[str, ...]


def check(options: Options, selection: Selection | None = None) -> CheckResult:
    """What is wrong, or what is wrong with the nodes of a selection. Raises `UsageError` for mistakes in options and settings."""
    if selection is not None:
        return _check_selected(options, selection)
    run = prepare(options)
    key = run_key(run)
    known = run.cache.get("runs", [key]).get(key) if run.cache is not None and key else None
    if known is not None:
        diagnostics, summary, notes = remembered.from_row(known)
    else:
        from dagcheck.project.judgement import judge

        judgement = judge(run)
        diagnostics, summary, notes = judgement.diagnostics, judgement.summary, judgement.notes
        if run.cache is not None and key:
            run.cache.put("runs", {key: remembered.to_row(diagnostics, summary, notes)})
    return CheckResult(diagnostics, summary, _finished(run, notes), _line_of(run), run.settings.fail_on)


def graph(options: Options, selection: Selection | None = None) -> GraphResult:
    """The dataflows. Raises `UsageError` for mistakes in options, settings and selectors."""
    from dagcheck.project.judgement import judge

    run = prepare(options)
    judgement = judge(run)
    chosen, remarks = None, list[str]()
    if selection is not None:
        from dagcheck.project.selecting import selected, strangers

        chosen = selected(judgement.dataflows, selection, options)
        remarks = strangers(judgement.dataflows, selection)
    notes = _finished(run, judgement.notes)
    told = (judgement.dataflows, judgement.diagnostics, judgement.summary, notes)
    return GraphResult(*told, chosen, _line_of(run), run.settings, tuple(remarks))


def _check_selected(options: Options, selection: Selection) -> CheckResult:
    """The findings that name a selected node, and those without a node in the files of selected ones."""
    from dagcheck.project.selecting import concerning

    result = graph(options, selection)
    kept = concerning(result.diagnostics, result.dataflows, result.chosen or {})
    counts = [sum(1 for item in kept if item.severity == level) for level in ("error", "warning", "info")]
    summary = result.summary._replace(errors=counts[0], warnings=counts[1], infos=counts[2])
    return CheckResult(kept, summary, (*result.notes, *result.strangers), result.excerpt, result.settings.fail_on)


def dataflows(options: Options) -> ListResult:
    """Which dataflows there are. Raises `UsageError` for mistakes in options and settings."""
    from dagcheck.project.analysis import specifications
    from dagcheck.project.packages import packages_read

    run = prepare(options)
    with packages_read(run.scene, run.cache):
        found = specifications(run.scene, run.settings, run.options, run.sources, run.cache)
    run.sources.keep()
    return ListResult(tuple(found.specs), found.unresolved, _finished(run, tuple(found.notes)))


def _finished(run: Run, notes: tuple[str, ...]) -> tuple[str, ...]:
    """All notes of a run that is over."""
    if run.cache is not None:
        run.cache.close()
    unread = [f"{item.path} was not read: {item.reason}." for item in run.sources.unreadable()]
    return (*run.notes, *notes, *unread)


def _line_of(run: Run) -> LineOf:
    texts: dict[str, list[str]] = {}

    def line_of(path: str, line: int) -> str | None:
        if path not in texts:
            texts[path] = run.sources.text(path).split("\n")
        lines = texts[path]
        return lines[line - 1] if 0 < line <= len(lines) else None

    return line_of
