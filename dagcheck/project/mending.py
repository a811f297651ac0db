"""Which findings of a run could be mended? Each gets the title of its fix, and whether that is safe."""

from __future__ import annotations

from dagcheck.diagnostics import Diagnostic, Fix
from dagcheck.edits.edit import State
from dagcheck.edits.fixes import mendings
from dagcheck.graph.dataflow import Dataflow
from dagcheck.occurrences.index import Index
from dagcheck.project.run import Run


def with_fixes(
    run: Run, dataflows: tuple[Dataflow, ...], diagnostics: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """The findings, with their fixes."""
    places = Index(dataflows, run.sources.source, run.scene.modules, run.scene.files or run.sources.read_paths())
    state = State(dataflows, diagnostics, places)
    found = []
    for diagnostic in diagnostics:
        fixes = mendings(diagnostic, state)
        fix = Fix(fixes[0].title, fixes[0].safe) if fixes else None
        found.append(diagnostic._replace(fix=fix))
    return tuple(found)
