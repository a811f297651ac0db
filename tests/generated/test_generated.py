"""Do dagcheck and real Hamilton agree on dataflows that nobody wrote?

The dataflows are the same in every run. `tests.generated.campaign` tries as many others as one has time for.
"""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, settings

from tests.generated.agreement import judge
from tests.generated.choice import Choice
from tests.generated.dataflows import Generated, dataflows
from tests.generated.every_configuration import judge_space
from tests.generated.variants import generate_variants
from tests.harness.oracle import Oracle

COUNT = 100


SPACES = 25
"""Small dataflows that are tried in every configuration."""


def test_what_is_said_of_all_configurations_is_what_hamilton_says_of_each(tmp_path: Path, oracle: Oracle) -> None:
    outcomes = []
    for number in range(SPACES):
        generated = generate_variants(Choice(Random(number)))
        folder = tmp_path / str(number)
        folder.mkdir()
        outcomes.append(judge_space(generated, folder, oracle))
        found = outcomes[-1].disagreements
        assert not found, f"number {number}:\n{generated!r}\n{found[0]}"
    verdicts = [verdict for outcome in outcomes for verdict in outcome.verdicts]
    rejected = sum(verdict.rejection is not None for verdict in verdicts)
    assert len(verdicts) > SPACES * 10
    assert len(verdicts) * 0.1 < rejected < len(verdicts) * 0.9, "both verdicts are to be met"


def test_generated_dataflows_are_to_dagcheck_what_they_are_to_hamilton(tmp_path: Path, oracle: Oracle) -> None:
    numbers = itertools.count()
    disagreeing: list[str] = []
    rejected = 0

    @settings(
        max_examples=COUNT,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(dataflows())
    def run(generated: Generated) -> None:
        nonlocal rejected
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        outcome = judge(generated, folder, oracle)
        shutil.rmtree(folder)
        rejected += any(verdict.rejection for verdict in outcome.verdicts)
        if outcome.disagreements:
            disagreeing.append(f"{generated!r}\n{outcome.disagreements[0]}")

    run()
    assert rejected >= COUNT * 0.3, "too few of the dataflows are wrong"
    assert disagreeing == [], "\n\n".join(disagreeing)
