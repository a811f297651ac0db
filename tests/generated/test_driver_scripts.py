"""Does dagcheck see in scripts that nobody wrote what real Hamilton does when it runs them?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generated.driver_scripts import FILES, Script
from tests.harness import analysis
from tests.harness.cases import Case
from tests.harness.oracle import Oracle
from tests.harness.scripts import driver_problems

SEEDS = range(24)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_script_that_nobody_wrote_is_read_as_hamilton_runs_it(seed: int, tmp_path: Path, oracle: Oracle) -> None:
    disagreement = compare_script(seed, tmp_path, oracle)
    assert not disagreement, f"seed {seed}\n{disagreement}\n{Script(seed).text()}"


def compare_script(seed: int, folder: Path, oracle: Oracle) -> str:
    """What is different, "" if nothing is."""
    for name, text in {**FILES, "run.py": Script(seed).text()}.items():
        (folder / name).write_text(text, encoding="utf-8")
    run = oracle.run_script(folder, "run.py")
    assert run.error is None, f"{run.error}\n{Script(seed).text()}"
    case = Case(Path("generated"), (), 1, (), ())
    problems = [problem.message for problem in driver_problems(case, folder, run)]
    if "NEVER" not in Script(seed).text():  # else some way through the script may well be wrong
        problems += [str(item["message"]) for item in analysis.check(folder) if item["severity"] == "error"]
    return "\n".join(problems)
