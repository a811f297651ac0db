"""How much was read, and what came of it? One sentence, always; counts per rule on demand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dagcheck.diagnostics import SEVERITIES, Diagnostic
from dagcheck.report.text import counted, joined


class Summary(NamedTuple):
    """The figures of one run: what was read, findings by severity, expressions that could not be resolved."""

    files: int
    dataflows: int
    nodes: int
    errors: int
    warnings: int
    infos: int
    unresolved: int


def summary_line(summary: Summary) -> str:
    """What was read, what was found, and what could not be resolved, as one sentence."""
    read = ((summary.files, "file"), (summary.dataflows, "dataflow"), (summary.nodes, "node"))
    scope = ", ".join(counted(number, noun) for number, noun in read)
    figures = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info"))
    found = [counted(number, noun) for number, noun in figures if number]
    sentence = f"Found {joined(found)} in {scope}" if found else f"Checked {scope}: no findings"
    rest = f"; {counted(summary.unresolved, 'expression')} could not be resolved" if summary.unresolved else ""
    return f"{sentence}{rest}."


def statistics(diagnostics: Iterable[Diagnostic]) -> str:
    """Findings counted per rule and severity, most frequent first: `12 error   duplicate-node`. "" for none."""
    counts: dict[tuple[int, str], int] = {}
    for diagnostic in diagnostics:
        key = (SEVERITIES.index(diagnostic.severity), diagnostic.rule)
        counts[key] = counts.get(key, 0) + 1
    figures = max((len(str(count)) for count in counts.values()), default=0)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:>{figures}} {SEVERITIES[rank]:<7} {rule}\n" for (rank, rule), count in ranked)
