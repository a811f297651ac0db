"""Findings made by hand, in place of an analysis: what the commands do with a result, whatever the analysis thinks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dagcheck.cli import check as command
from dagcheck.diagnostics import Annotation, Diagnostic, Severity
from dagcheck.project import CheckResult
from dagcheck.report.summary import Summary
from dagcheck.settings import Options
from dagcheck.span import Location, Span

SOURCE = ["def spend(raw: int) -> int:", "def spend(raw: str) -> int:"]


def finding(severity: Severity = "error", rule: str = "duplicate-node") -> Diagnostic:
    """One finding in `spend.py`, with another place."""
    return Diagnostic(
        rule,
        severity,
        "certain",
        "build",
        "two functions make the node `spend`",
        Location("spend.py", Span(2, 5, 2, 10)),
        label="made again here",
        related=(Annotation(Location("spend.py", Span(1, 5, 1, 10)), "made here"),),
        dataflows=("spend",),
    )


def result(*findings: Diagnostic, fail_on: Severity = "error", notes: tuple[str, ...] = ()) -> CheckResult:
    """The result of a check with these findings, in one file, one dataflow, three nodes."""
    errors, warnings, infos = (sum(row.severity == one for row in findings) for one in ("error", "warning", "info"))
    return CheckResult(
        diagnostics=findings,
        summary=Summary(1, 1, 3, errors, warnings, infos, 0),
        notes=notes,
        fail_on=fail_on,
        excerpt=lambda path, line: SOURCE[line - 1] if path == "spend.py" else None,
    )


Finds = Callable[[CheckResult], list[Options]]


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> Finds:
    """Lets `dagcheck check` come to a result; returns the list that receives the options it was asked with."""

    def stand_in(answer: CheckResult) -> list[Options]:
        asked: list[Options] = []

        def check(options: Options, selection: object = None) -> CheckResult:
            asked.append(options)
            return answer

        monkeypatch.setattr(command, "check", check)
        return asked

    return stand_in
