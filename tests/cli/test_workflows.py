"""Do the workflows of docs/workflows work? Their steps are run here, with stand-ins for what talks to GitHub and GitLab."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.repository import commit, git, make

WORKFLOWS = Path(__file__).resolve().parents[2] / "docs" / "workflows"
MARKER = "<!-- dagcheck:impact -->"
PRICE = "def price(cost: float) -> float:\n    return cost * {rate}\n"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


def scripts(name: str) -> list[str]:
    """The commands of a workflow in order: blocks below `run: |` or `- |`, and single lines."""
    lines = (WORKFLOWS / name).read_text(encoding="utf-8").split("\n")
    found: list[str] = []
    for index, line in enumerate(lines):
        match = re.match(r"(\s*)(?:run:|-) (\||(?:python|dagcheck) .*)$", line)
        if match is None:
            continue
        if match[2] != "|":
            found.append(match[2])
            continue
        depth = len(match[1]) + 2
        block = []
        for further in lines[index + 1 :]:
            if further.strip() and len(further) - len(further.lstrip()) < depth:
                break
            block.append(further[depth:])
        found.append("\n".join(block))
    return found


class Runner:
    """A checkout of a pull request, and programs that stand in for `gh` and `curl` and write down what they are asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.programs = folder / "checkout", folder / "programs"
        self.programs.mkdir()
        make(self.folder)
        self.known: list[dict[str, Any]] = []
        self._program("dagcheck", f'exec "{sys.executable}" -m dagcheck "$@"')
        self._program("python", f'[ "$2" = pip ] || exec "{sys.executable}" "$@"')
        note = 'printf "%s\\n" "$*" >> "$CALLS"; case "$*" in *POST*|*PATCH*|*PUT*) cp impact.md "$CALLS.body";; '
        self._program("gh", note + '*) cat "$KNOWN.ids";; esac')
        self._program("curl", note + '*) cat "$KNOWN";; esac')

    def _program(self, name: str, text: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, name: str) -> list[str]:
        """Run a workflow's commands; what was asked of the stand-ins."""
        calls, known = self.programs / "calls", self.programs / "known.json"
        calls.unlink(missing_ok=True)
        known.write_text(json.dumps(self.known), encoding="utf-8")
        Path(f"{known}.ids").write_text("".join(f"{item['id']}\n" for item in self.known), encoding="utf-8")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "CI", "GITHUB"))},
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "CALLS": str(calls), "KNOWN": str(known), "GITHUB_STEP_SUMMARY": str(self.programs / "summary.md"),
            "GITHUB_REPOSITORY": "owner/name", "PULL_REQUEST": "7", "GH_TOKEN": "token", "DAGCHECK_TOKEN": "token",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(self.folder, "rev-parse", "HEAD^1"), "CI_PROJECT_ID": "3",
            "CI_API_V4_URL": "https://gitlab.example.com/api/v4", "CI_MERGE_REQUEST_IID": "7",
        }  # fmt: skip
        for script in scripts(name):
            command = ["bash", "-e", "-o", "pipefail", "-c", script]
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []

    def body(self) -> str:
        """The last comment that was sent."""
        return (self.programs / "calls.body").read_text(encoding="utf-8")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """The merge of a branch into main: its first parent is main."""
    made = Runner(tmp_path)
    commit(made.folder, {"shop.py": PRICE.format(rate=1.5), "dagcheck.toml": settings()}, "main")
    git(made.folder, "checkout", "--quiet", "-b", "work")
    commit(made.folder, {"shop.py": PRICE.format(rate=1.6), "dagcheck.toml": settings()}, "work")
    git(made.folder, "checkout", "--quiet", "main")
    git(made.folder, "merge", "--quiet", "--no-ff", "--message", "merge", "work")
    return made


def settings() -> str:
    return '[[dataflow]]\nname = "shop"\nmodules = ["shop"]\n'


WRITES = {"github-impact.yml": ("POST", "PATCH"), "gitlab-impact.yml": ("POST", "PUT")}


@pytest.mark.parametrize("name", WRITES)
def test_a_workflow_comments_once_and_then_keeps_its_comment_up_to_date(runner: Runner, name: str) -> None:
    first, again = WRITES[name]
    assert [first in call for call in runner.run(name)] == [False, True]
    assert runner.body().startswith(MARKER)
    assert "`price`" in runner.body()
    runner.known = [{"id": 41, "body": f"{MARKER}\nof an earlier push"}]
    calls = runner.run(name)
    assert [again in call and "41" in call for call in calls] == [False, True]


@pytest.mark.parametrize("name", WRITES)
def test_a_workflow_says_nothing_where_nothing_changed(runner: Runner, name: str) -> None:
    git(runner.folder, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    assert len(runner.run(name)) == 1
    runner.known = [{"id": 41, "body": f"{MARKER}\nof an earlier push"}]
    assert len(runner.run(name)) == 2
    assert "### No node changed" in runner.body()


def test_the_summary_of_the_job_has_the_report(runner: Runner) -> None:
    runner.run("github-impact.yml")
    assert (runner.programs / "summary.md").read_text(encoding="utf-8") == runner.body()


@pytest.mark.parametrize("name", WRITES)
def test_every_command_of_a_workflow_is_run_here(name: str) -> None:
    text = (WORKFLOWS / name).read_text(encoding="utf-8")
    assert len(scripts(name)) == 3
    assert all(part in "\n".join(scripts(name)) for part in re.findall(r"dagcheck impact --base \S+", text)[:1])
