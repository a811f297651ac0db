"""Is the search for drivers total, bounded, and the same in every run? Texts that are meant to make it go wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.harness.analysis import dataflows

SPEND = "def spend_per_day(spend: float, days: int) -> float:\n    return spend / days\n"
HEAD = "from hamilton import driver\nimport spend\n\n\n"
FLAGS = ", ".join(f"flag_{number}" for number in range(30))
TESTS = "".join(f"    if flag_{number}:\n        config['key_{number}'] = {number}\n" for number in range(30))


def found(folder: Path, script: str) -> dict[str, Any]:
    (folder / "spend.py").write_text(SPEND, encoding="utf-8")
    (folder / "run.py").write_text(HEAD + script, encoding="utf-8")
    return dataflows(folder)


@pytest.mark.parametrize(
    "script",
    [
        f"def main({FLAGS}):\n    config = {{}}\n{TESTS}    return driver.Driver(config, spend)\n",
        "def main(n):\n    return main(n - 1) if n else driver.Driver({}, spend)\n",
        "def main():\n    while True:\n        dr = driver.Driver({}, spend)\n",
        "def main(items):\n    while items:\n        dr = driver.Driver({}, spend)\n        dr.execute(items.pop())\n",
        "class A(driver.Driver):\n    def __init__(self, *m):\n        A(*m)\n        super().__init__({}, *m)\n\n\nA(spend)\n",
        "dr = driver.Driver({}, spend)\ndr.dr = dr\ndr.execute([dr], inputs={dr: dr})\n",
        "b = driver.Builder()\nfor _ in range(10 ** 9):\n    b.with_config({_: _})\ndr = b.with_modules(spend).build()\n",
        "def f(x):\n    yield from f(x)\n    yield driver.Driver({}, spend)\n\n\nfor d in f(1):\n    d.execute(['x'])\n",
        "make = lambda *a, **k: make(*a, **k)\nmake(driver.Driver({}, spend))\n",
        "dr = driver.Driver(*driver.Driver, **driver)\ndr.execute(*dr, **dr)\ndriver.Builder.build(1)\n",
        "dr = driver.Driver({}, spend)\ndr.execute()\ndr.execute(None, 1, 2, 3, 4, 5, 6)\ndr.materialize(1, *dr)\n",
        "import run\n\n\ndef main():\n    return run.main()\n\n\ndr = run.main() or driver.Driver({}, spend, run)\n",
        "dr = driver.Driver({[]: 1, **{1: 2}, 'a': {}}, spend)\ndr.execute({'x': 1}, inputs=[('a', 1)])\n",
    ],
)
def test_no_text_makes_the_search_fail_or_linger(tmp_path: Path, script: str) -> None:
    start = time.monotonic()
    document = found(tmp_path, script)
    assert time.monotonic() - start < 20
    assert set(document) == {"schema_version", "dataflows", "unresolved"}


def test_many_flags_leave_the_rest_unknown_and_not_guessed(tmp_path: Path) -> None:
    document = found(
        tmp_path, f"def main({FLAGS}):\n    config = {{}}\n{TESTS}    return driver.Driver(config, spend)\n"
    )
    (flow,) = document["dataflows"]
    assert (flow["name"], flow["config"], flow["config_complete"]) == ("run.main", {}, False)


def test_the_answer_does_not_hang_on_the_hash_seed(tmp_path: Path) -> None:
    found(
        tmp_path,
        "def main(kind, flag, name='x'):\n"
        "    modules = {spend} if kind in {'a', 'b', 'c'} else [spend]\n"
        "    dr = driver.Driver({'kind': kind, 'name': name, 'flag': bool(flag)}, *modules)\n"
        "    return dr.execute({'spend_per_day', 'spend', 'days'} if flag else ['spend'], inputs={'spend': 1.0})\n",
    )
    answers = set()
    for seed in ("0", "1", "7"):
        command = [sys.executable, "-m", "dagcheck", "dataflows", "--format", "json", "--no-cache"]
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
        answers.add(run.stdout)
    assert len(answers) == 1
    assert len(json.loads(answers.pop())["dataflows"]) >= 1


def test_a_project_without_drivers_does_not_load_the_search(tmp_path: Path) -> None:
    (tmp_path / "spend.py").write_text(
        "from hamilton.function_modifiers import tag\n\n\n@tag(a='b')\n" + SPEND, encoding="utf-8"
    )
    script = (
        "import sys\nfrom dagcheck.cli import main\nmain(['check', '--no-cache'])\n"
        "print(sorted(name for name in sys.modules if name.startswith('dagcheck.dataflows')))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "dagcheck.dataflows.scripts" in run.stdout
    assert "search" not in run.stdout
    assert "exploration" not in run.stdout
