"""Is impact right over every commit of a history, told from git's objects alone, and quick in a project of a thousand nodes?"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.harness import analysis, repository
from tests.mutation.campaign import arguments_of
from tests.mutation.execution import Subject, run
from tests.mutation.mutants import mutants
from tests.mutation.programs import fixtures

COMMITS = 32
SECONDS = 1.0
"""Of processor time, in a project of 1,000 nodes: what else the machine does has no part in it."""


@pytest.mark.parametrize("name", ["regions 1", "training"])
def test_impact_is_right_over_every_commit_of_a_history(name: str, tmp_path: Path) -> None:
    subject = next(subject for subject in fixtures() if subject.name == name)
    place = tmp_path / "history"
    shutil.copytree(subject.folder, place, ignore=shutil.ignore_patterns("__pycache__", "*.toml"))
    repository.git(place, "init", "--quiet")
    repository.git(place, "add", "--all")
    repository.git(place, "commit", "--quiet", "--message", "0")
    values = run(subject, place)
    random, seen = Random(name), 0
    for number in range(1, 6 * COMMITS):
        path = random.choice([path for path in sorted(place.rglob("*.py")) if counts(path.relative_to(place))])
        before = path.read_text(encoding="utf-8")
        path.write_text(random.choice(list(mutants(path.name, before))).text, encoding="utf-8")
        after = run(subject, place)
        if after is None or values is None:
            path.write_text(before, encoding="utf-8")
            continue
        repository.git(place, "commit", "--quiet", "--all", "--allow-empty", "--message", str(number))
        assert not missed(place, subject, values, after), f"commit {number}: {path.name}"
        values, seen = after, seen + 1
        if seen == COMMITS // 2:
            break
    assert seen == COMMITS // 2  # twice


def missed(place: Path, subject: Subject, before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The nodes that changed with the last commit and are not named, by a clone in which nothing is checked out."""
    clone = place.with_name("clone")
    repository.git(place, "clone", "--quiet", "--shared", "--no-checkout", str(place), str(clone))
    document = analysis.impact(clone, ["--base", "HEAD~1", "--head", "HEAD", *arguments_of(subject, clone)])
    shutil.rmtree(clone)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    removed = {change["node"] for change in document["changes"] if change["kind"] == "removed"}
    renamed = {change["renamed_from"] for change in document["changes"]}
    return changed - {row["node"] for row in document["affected"]} - removed - renamed


def counts(path: Path) -> bool:
    return path.name not in ("run.py", "__init__.py") and path.parts[0] not in ("tests", "scripts")


def test_a_commit_in_a_project_of_a_thousand_nodes_takes_less_than_a_second(tmp_path: Path) -> None:
    importlib.import_module("benchmarks.generate").write_project(tmp_path, 1000, 50)
    repository.git(tmp_path, "init", "--quiet")
    repository.git(tmp_path, "add", "--all")
    repository.git(tmp_path, "commit", "--quiet", "--message", "0")
    files = [path for path in sorted(tmp_path.rglob("*.py")) if "return" in path.read_text(encoding="utf-8")]
    random = Random(0)
    for number in range(4):
        path = random.choice(files)
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("window = max(2, ", "window = max(3, ", 1), encoding="utf-8")
        repository.git(tmp_path, "commit", "--quiet", "--all", "--allow-empty", "--message", str(number + 1))
        seconds, document = timed(tmp_path)
        assert len({(change["path"], change["line"]) for change in document["changes"]}) <= 1
        assert number == 0 or seconds < SECONDS  # the first one fills the cache


def timed(folder: Path) -> tuple[float, dict[str, Any]]:
    """The processor time of a process, and what it says."""
    command = [sys.executable, "-m", "dagcheck", "impact", "--base", "HEAD~1", "--head", "HEAD", "--format", "json"]
    before = os.times()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    document: dict[str, Any] = json.loads(done.stdout)
    return used, document
