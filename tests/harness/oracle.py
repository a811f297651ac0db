"""What would real Hamilton say? The client's side of the oracle: ask, and get an answer as plain values.

`Oracle` keeps one warm process for as long as it lives (see `oracle_server`); where a process cannot fork, each question
costs a process of its own (see `oracle_build`). The oracle only tells; `compare` judges.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
WARM = ("hamilton.driver", "hamilton.function_modifiers", "numpy", "pandas")
CAN_FORK = hasattr(os, "fork")


class Rejection(NamedTuple):
    """Hamilton raised: at which stage ("import" or "build"), what, and where in the modules, as far as the trace tells."""

    stage: str
    type: str
    message: str
    module: str | None
    path: str | None
    line: int | None

    def __str__(self) -> str:
        place = f" at {self.path}:{self.line}" if self.path else ""
        return f"{self.type} during {self.stage}{place}: {self.message}"


class Verdict(NamedTuple):
    """`nodes` as `oracle_build` tells them, or why there are none; `output` is what the modules printed."""

    nodes: tuple[dict[str, Any], ...]
    rejection: Rejection | None
    output: str


class ScriptVerdict(NamedTuple):
    """The drivers that a script built (see `oracle_script`), and what it raised; `output` is what it printed."""

    drivers: tuple[dict[str, Any], ...]
    error: Rejection | None
    output: str


class OracleError(Exception):
    """The oracle itself failed: no verdict."""


class Oracle:
    """Asks real Hamilton. `close` ends the warm process."""

    def __init__(
        self,
        warm: Sequence[str] = WARM,
        *,
        fork: bool = CAN_FORK,
        time_limit: float = 60.0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`time_limit` in seconds for each question; `environment`: variables that the modules want to see."""
        self._warm = tuple(warm)
        self._environment = {**_environment(), **(environment or {})}
        self._fork = fork
        self._time_limit = time_limit
        self._server: subprocess.Popen[str] | None = None

    def ask(
        self,
        folder: Path,
        modules: Sequence[str],
        config: Mapping[str, Any] | None = None,
        *,
        roots: Sequence[str] = (".",),
        allow_module_overrides: bool = False,
        stand_ins: Sequence[str] = (),
    ) -> Verdict:
        """Hamilton's verdict on these modules, in this order, under this configuration. Each call is a fresh process.

        `stand_ins` are packages that something takes the place of which can be imported and does nothing.
        """
        request = {
            "folder": str(folder.resolve()),
            "modules": list(modules),
            "roots": list(roots),
            "config": dict(config or {}),
            "allow_module_overrides": allow_module_overrides,
            "stand_ins": list(stand_ins),
        }
        answer = self._answer(request)
        return _verdict(answer, answer["output"])

    def ask_each(
        self,
        folder: Path,
        modules: Sequence[str],
        configs: Sequence[Mapping[str, Any]],
        *,
        allow_module_overrides: bool = False,
    ) -> list[Verdict]:
        """Hamilton's verdicts under several configurations: one fresh process, which imports the modules anew for each.

        That is many times as fast as `ask`, and not quite as strict: what Python remembers of classes is shared.
        """
        request = {
            "folder": str(folder.resolve()),
            "modules": list(modules),
            "roots": ["."],
            "configs": [dict(config) for config in configs],
            "allow_module_overrides": allow_module_overrides,
            "stand_ins": [],
        }
        answer = self._answer(request)
        return [_verdict(each, answer["output"]) for each in answer["answers"]]

    def run_script(
        self, folder: Path, script: str, *, then: str = "", roots: Sequence[str] = (".",), stand_ins: Sequence[str] = ()
    ) -> ScriptVerdict:
        """The drivers that a script builds when it runs, and then these statements in its names. A fresh process."""
        request = {
            "folder": str(folder.resolve()),
            "modules": [],
            "roots": list(roots),
            "script": script,
            "then": then,
            "stand_ins": list(stand_ins),
        }
        answer = self._answer(request)
        error = Rejection(**answer["error"]) if "error" in answer else None
        return ScriptVerdict(tuple(answer["drivers"]), error, answer["output"])

    def close(self) -> None:
        """End the warm process, if there is one."""
        if self._server is not None:
            self._server.communicate()
            self._server = None

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        request["time_limit"] = self._time_limit
        answer = self._ask_server(request) if self._fork else self._ask_process(request)
        if "died" in answer:
            place = f"{request['modules']} in {request['folder']}"
            raise OracleError(f"Hamilton's process {answer['died']} on {place}\n{answer['output']}")
        return answer

    def _ask_server(self, request: dict[str, Any]) -> dict[str, Any]:
        server = self._server = self._server or self._start()
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            server.stdin.write(json.dumps(request) + "\n")
            server.stdin.flush()
            line = server.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self._server = None
            raise OracleError(f"the oracle's server ended with status {server.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.harness.oracle_server", *self._warm]
        return subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def _ask_process(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.harness.oracle_build"],
                input=json.dumps(request),
                cwd=REPOSITORY,
                env=self._environment,
                capture_output=True,
                encoding="utf-8",
                timeout=self._time_limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"died": f"gave no answer after {self._time_limit} s", "output": ""}
        if not done.stdout:
            return {"died": f"ended with status {done.returncode} before it could answer", "output": done.stderr}
        return {**json.loads(done.stdout), "output": done.stderr}


def _verdict(answer: dict[str, Any], output: str) -> Verdict:
    rejection = Rejection(**answer["error"]) if "error" in answer else None
    return Verdict(tuple(answer.get("nodes", ())), rejection, output)


def _environment() -> dict[str, str]:
    """This process's environment without what could change the verdict or be heard outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HAMILTON_"))}
    return {**kept, "HAMILTON_TELEMETRY_ENABLED": "false", "PYTHONDONTWRITEBYTECODE": "1"}
