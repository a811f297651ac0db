"""Does a change ever reach a node that `dagcheck impact` does not name? Mutates programs, runs them before and after, and compares.

Run as a script: `python -m tests.mutation.campaign --mutants 500 --seed 0`. Every node whose value or existence is another must be
among the affected nodes, or among the removed ones; the share of affected nodes that did change is printed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.harness import analysis, repository
from tests.mutation.execution import Subject, run
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.programs import fixtures, generated


class Verdict(NamedTuple):
    """What came of one mutant: nodes that changed, nodes named as affected, and those missed. `rejected`: it does not build."""

    subject: str
    mutant: Mutant
    changed: frozenset[str]
    affected: frozenset[str]
    missed: frozenset[str]
    rejected: bool = False


class Tally(NamedTuple):
    """The figures of a campaign."""

    verdicts: tuple[Verdict, ...]

    @property
    def built(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if not verdict.rejected]

    @property
    def missed(self) -> list[Verdict]:
        return [verdict for verdict in self.built if verdict.missed]

    @property
    def precision(self) -> float:
        """The share of nodes named as affected that did change."""
        named = sum(len(verdict.affected) for verdict in self.built)
        return sum(len(verdict.affected & verdict.changed) for verdict in self.built) / max(named, 1)

    def __str__(self) -> str:
        words = f"{len(self.built)} mutants ran, {len(self.verdicts) - len(self.built)} did not build"
        changed = sum(1 for verdict in self.built if verdict.changed)
        return f"{words}; {changed} changed a node, {len(self.missed)} missed one; precision {self.precision:.3f}"


def campaign(count: int, seed: int, folder: Path, programs: int) -> Tally:
    """Try so many mutants that build, spread over all fixtures and some generated programs."""
    subjects = [
        *fixtures(),
        *(generated(seed * 1000 + number, folder / f"program{number}") for number in range(programs)),
    ]
    share = -(-count // len(subjects))
    verdicts = [
        verdict
        for index, subject in enumerate(subjects)
        for verdict in _tried(subject, folder / f"work{index}", share, seed)
    ]
    return Tally(tuple(verdicts))


def _tried(subject: Subject, place: Path, count: int, seed: int) -> Iterator[Verdict]:
    shutil.copytree(
        subject.folder,
        place,
        ignore=shutil.ignore_patterns("__pycache__", ".dagcheck_cache", "dagcheck.toml", "pyproject.toml"),
    )
    repository.git(place, "init", "--quiet")
    repository.git(place, "add", "--all")
    repository.git(place, "commit", "--quiet", "--message", "before")
    before, again = run(subject, place), run(subject, place)
    assert before is not None, f"{subject.name} does not run"
    assert again is not None
    stable = {name for name in before if before[name] == again[name]}
    random, ran = Random(seed), 0
    listed = [path for path in sorted(place.rglob("*.py")) if _counts(path.relative_to(place))]
    every = [mutant for path in listed for mutant in mutants(path.relative_to(place).as_posix(), path.read_text())]
    random.shuffle(every)
    for mutant in every:
        if ran >= count:
            return
        path = place / mutant.path
        original = path.read_text()
        path.write_text(mutant.text)
        try:
            verdict = _judged(subject, place, mutant, before, stable)
        finally:
            path.write_text(original)
        ran += not verdict.rejected
        yield verdict


def _judged(subject: Subject, place: Path, mutant: Mutant, before: dict[str, str], stable: set[str]) -> Verdict:
    after = run(subject, place)
    if after is None:
        return Verdict(subject.name, mutant, frozenset(), frozenset(), frozenset(), rejected=True)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)} & (
        stable | (after.keys() - before.keys())
    )
    document = analysis.impact(place, arguments_of(subject, place))
    affected = {row["node"] for row in document["affected"]}
    removed = {change["node"] for change in document["changes"] if change["kind"] == "removed"}
    removed |= {change["renamed_from"] for change in document["changes"] if change["renamed_from"]}
    missed = changed - affected - removed
    return Verdict(subject.name, mutant, frozenset(changed), frozenset(affected), frozenset(missed))


def arguments_of(subject: Subject, place: Path) -> list[str]:
    """The options that make dagcheck look at what is run."""
    arguments = [part for root in subject.roots for part in ("--root", str(place / root))]
    arguments += [part for module in subject.modules for part in ("--module", module)]
    return [*arguments, "--config", json.dumps(dict(subject.config))]


def _counts(path: Path) -> bool:
    """Scripts and tests are no part of the dataflow."""
    return path.name not in ("run.py", "ask.py", "language_model.py") and path.parts[0] not in ("tests", "scripts")


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 if a node was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programs", type=int, default=12)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tally = campaign(asked.mutants, asked.seed, Path(folder), asked.programs)
    for verdict in tally.missed:
        print(f"MISSED {verdict.subject}: {verdict.mutant}: {', '.join(sorted(verdict.missed))}")
    print(tally)
    return 1 if tally.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
