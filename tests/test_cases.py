"""Does dagcheck do what its Markdown suites say? Each heading with code blocks is one test.

Suites are `tests/cases/**/*.md` and the pages of the rules, `dagcheck/rules/*.md`. How a suite is written stands in
`tests/harness/cases.py` and `tests/harness/expectations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dagcheck.rules import RULES
from tests.harness.cases import Case, cases
from tests.harness.markdown import SuiteError
from tests.harness.oracle import Oracle
from tests.harness.problem import Problem
from tests.harness.runner import run_case

ROOT = Path(__file__).resolve().parents[1]
SUITES = sorted(ROOT.glob("tests/cases/**/*.md"))
PAGES = sorted(ROOT.glob("dagcheck/rules/*.md"))


def collected() -> Iterator[object]:
    """One parameter for each case; for a suite with a mistake in it, one that says so."""
    for path in [*SUITES, *PAGES]:
        own_rule = path.stem.replace("_", "-") if path in PAGES else ""
        relative = path.relative_to(ROOT).as_posix()
        try:
            found = cases(path, own_rule)
        except SuiteError as error:
            yield pytest.param(str(error), id=relative)
            continue
        for case in found:
            yield pytest.param(case, id=f"{relative}: {' / '.join(case.titles[1:] or case.titles)}")


@pytest.mark.parametrize("case", list(collected()))
def test_case(
    case: Case | str,
    tmp_path: Path,
    oracle: Oracle,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    if isinstance(case, str):
        pytest.fail(case, pytrace=False)
    outcome = run_case(case, tmp_path / "case", oracle, with_dagcheck=not request.config.getoption("--oracle-only"))
    problems = list(outcome.problems)
    if case.snapshot and outcome.snapshot is not None and outcome.snapshot != case.snapshot.text:
        if request.config.getoption("--update-snapshots"):
            record_property("snapshot", (str(case.suite), case.snapshot.line, outcome.snapshot))
        else:
            message = f"the snapshot is another now (--update-snapshots rewrites it):\n{outcome.snapshot}"
            problems.append(Problem(case.snapshot.line, message))
    if problems:
        suite = case.suite.relative_to(ROOT)
        pytest.fail("\n".join(f"{suite}:{problem.line}: {problem.message}" for problem in problems), pytrace=False)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_a_rule_has_a_page_with_a_case_that_fires_and_a_near_miss_that_does_not(rule: str) -> None:
    page = ROOT / "dagcheck" / "rules" / f"{rule.replace('-', '_')}.md"
    assert page in PAGES, f"{rule} has no page: {page.relative_to(ROOT)}"
    expected = [
        {item.rule for file in case.files for item in file.diagnostics} for case in cases(page, rule) if case.files
    ]
    assert any(rule in rules for rules in expected), f"no case of {page.name} expects {rule}"
    assert any(rule not in rules for rules in expected), f"no case of {page.name} shows when {rule} keeps quiet"


def test_every_page_is_that_of_a_rule() -> None:
    assert {page.stem.replace("_", "-") for page in PAGES} <= {rule.name for rule in RULES}
