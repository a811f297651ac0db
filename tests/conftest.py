"""What the whole suite shares: the oracle, options, and the counts and snapshots that are told at the end."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))  # for `tests.harness`, however pytest was started

from tests.harness.oracle import Oracle  # noqa: E402
from tests.harness.snapshots import Rewrite, rewrite  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("dagcheck")
    group.addoption("--update-snapshots", action="store_true", help="rewrite the snapshot blocks of Markdown suites")
    group.addoption("--oracle-only", action="store_true", help="check Markdown suites against Hamilton, not dagcheck")


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Real Hamilton, warm."""
    with contextlib.closing(Oracle()) as warm:
        yield warm


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Rewrite snapshots and say what was compared. Properties of reports arrive here from worker processes as well."""
    compared: Counter[str] = Counter()
    rewrites = []
    for reports in terminalreporter.stats.values():
        calls = [report for report in reports if getattr(report, "when", None) == "call"]
        for name, value in (pair for report in calls for pair in report.user_properties):
            if name == "compared":
                compared.update(value)
            elif name == "snapshot":
                rewrites.append(Rewrite(*value))
    for path in rewrite(rewrites):
        terminalreporter.write_line(f"snapshots rewritten: {path}")
    if compared:
        counts = ", ".join(f"{count} {what}" for what, count in compared.items())
        terminalreporter.write_line(f"corpus, dagcheck against Hamilton: {counts}")
