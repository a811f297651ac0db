"""What does dagcheck say? Calls its command line, in this process or in one of its own, and reads the JSON.

Only the contract of the command line is used, so that the tests hold whatever is inside. No environment of the machine
plays a part: without `--python`, names of third-party packages are known from what dagcheck brings along.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock


class Answer(NamedTuple):
    """How one command ended and what it printed."""

    status: int
    stdout: str
    stderr: str


class Graphs(NamedTuple):
    """`dagcheck graph --format json`."""

    dataflows: tuple[dict[str, Any], ...]
    diagnostics: tuple[dict[str, Any], ...]


class AnalysisError(Exception):
    """dagcheck could not answer: status 2."""


def check(folder: Path, arguments: Sequence[str] = ()) -> tuple[dict[str, Any], ...]:
    """The diagnostics of `dagcheck check --format json` on a folder."""
    return tuple(_json(folder, "check", arguments)["diagnostics"])


def graph(folder: Path, arguments: Sequence[str] = ()) -> Graphs:
    """The dataflows and diagnostics of `dagcheck graph --format json` on a folder."""
    document = _json(folder, "graph", arguments)
    return Graphs(tuple(document["dataflows"]), tuple(document["diagnostics"]))


def impact(folder: Path, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """The document of `dagcheck impact --format json` on a repository."""
    return _json(folder, "impact", arguments)


def dataflows(folder: Path, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """The document of `dagcheck dataflows --format json` on a folder."""
    return _json(folder, "dataflows", arguments)


def rendered(folder: Path, arguments: Sequence[str] = ()) -> str:
    """What `dagcheck check` shows a person, without colour."""
    return _answered(["check", *_always(folder), "--format", "full", "--color", "never", *arguments]).stdout


def run(arguments: Sequence[str]) -> Answer:
    """One command in this process, as fast as it gets."""
    from dagcheck.cli import main

    out, err = io.StringIO(), io.StringIO()
    with _sheltered(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(list(arguments))
    return Answer(status, out.getvalue(), err.getvalue())


def run_process(arguments: Sequence[str], folder: Path) -> Answer:
    """One command as a person runs it: a process of its own, in that folder."""
    command = [sys.executable, "-m", "dagcheck", *arguments]
    with _sheltered():
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120)
    return Answer(done.returncode, done.stdout, done.stderr)


def _json(folder: Path, command: str, arguments: Sequence[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_answered([command, *_always(folder), "--format", "json", *arguments]).stdout)
    return document


def _always(folder: Path) -> list[str]:
    return ["--project", str(folder), "--no-cache", "--jobs", "1"]


def _answered(arguments: Sequence[str]) -> Answer:
    answer = run(arguments)
    if answer.status not in {0, 1}:
        raise AnalysisError(f"dagcheck {' '.join(arguments)}\nended with status {answer.status}\n{answer.stderr}")
    return answer


@contextlib.contextmanager
def _sheltered() -> Iterator[None]:
    """No virtual environment to read from; a traceback where dagcheck fails."""
    with mock.patch.dict(os.environ, {"DAGCHECK_DEBUG": "1"}):
        os.environ.pop("VIRTUAL_ENV", None)
        yield
