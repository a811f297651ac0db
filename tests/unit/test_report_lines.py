"""The forms that need one line: concise findings, the summary, counts per rule."""

from __future__ import annotations

import pytest

from dagcheck.diagnostics import Diagnostic, Severity
from dagcheck.report.concise import concise
from dagcheck.report.summary import Summary, statistics, summary_line
from dagcheck.span import Location, Span


def finding(
    rule: str = "type-mismatch", severity: Severity = "error", message: str = "no", path: str = "a.py"
) -> Diagnostic:
    return Diagnostic(rule, severity, "certain", "build", message, Location(path, Span(3, 7, 3, 9)))


def test_concise_is_one_greppable_line_a_finding() -> None:
    assert concise([finding(message="`a` is not `b`"), finding("hidden-node", "warning")]) == (
        "a.py:3:7: error[type-mismatch] `a` is not `b`\na.py:3:7: warning[hidden-node] no\n"
    )
    assert concise([]) == ""


def test_line_breaks_and_escapes_in_names_cannot_forge_a_line() -> None:
    assert concise([finding(message="x\nb.py:1:1: error[y] z", path="a\x1b[2J\n.py")]).count("\n") == 1
    assert "\x1b" not in concise([finding(path="a\x1b[2J.py")])


@pytest.mark.parametrize(
    ("summary", "sentence"),
    [
        (Summary(3, 1, 12, 0, 0, 0, 0), "Checked 3 files, 1 dataflow, 12 nodes: no findings."),
        (
            Summary(1, 0, 0, 0, 0, 0, 1),
            "Checked 1 file, 0 dataflows, 0 nodes: no findings; 1 expression could not be resolved.",
        ),
        (
            Summary(5, 1, 1042, 3, 1, 0, 2),
            "Found 3 errors and 1 warning in 5 files, 1 dataflow, 1042 nodes; 2 expressions could not be resolved.",
        ),
        (Summary(2, 2, 4, 1, 2, 3, 0), "Found 1 error, 2 warnings and 3 infos in 2 files, 2 dataflows, 4 nodes."),
        (Summary(2, 2, 4, 0, 0, 1, 0), "Found 1 info in 2 files, 2 dataflows, 4 nodes."),
    ],
)
def test_the_summary_is_one_sentence(summary: Summary, sentence: str) -> None:
    assert summary_line(summary) == sentence


def test_statistics_count_rules_most_frequent_first_then_worst() -> None:
    rows = [finding("b"), finding("a", "warning"), *[finding("c", "info")] * 11, finding("a")]
    assert statistics(rows) == "11 info    c\n 1 error   a\n 1 error   b\n 1 warning a\n"
    assert statistics([]) == ""
