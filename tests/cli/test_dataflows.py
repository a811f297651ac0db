"""`dagcheck dataflows` and `dagcheck init`: what they list, and what they write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.harness.analysis import run

SPEND = "def spend_per_day(spend: float, days: int) -> float:\n    return spend / days\n"
SCRIPT = """\
import sys
from hamilton import driver
import spend

def main(region="US"):
    config = {"region": region, "rates": [0.1, 0.2], "day's limit": None}
    dr = driver.Builder().with_modules(spend).with_config(config).build()
    return dr.execute(["spend_per_day"], inputs={"spend": 1.0, "days": 2}, overrides={"spend_per_day": 2.0})

def other(modules):
    return driver.Driver({}, *modules)

small = driver.Driver({"region": "UK", "grain": {"unit": "day"}}, spend, allow_module_overrides=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spend.py").write_text(SPEND, encoding="utf-8")
    (tmp_path / "run.py").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


def test_each_dataflow_is_told_with_what_is_asked_of_it(folder: Path) -> None:
    document = json.loads(run(["dataflows", "--project", str(folder), "--no-cache", "--format", "json"]).stdout)
    main, small = document["dataflows"]
    assert document["schema_version"] == 1
    assert main["name"] == "run.main"
    assert main["origin"] == {"kind": "driver", "path": "run.py", "line": 7}
    assert main["modules"] == [{"name": "spend", "path": "spend.py"}]
    assert main["config"] == {"region": "US", "rates": [0.1, 0.2], "day's limit": None}
    assert (main["config_complete"], main["outputs"], main["inputs"]) == (True, ["spend_per_day"], ["spend", "days"])
    assert main["overrides"] == ["spend_per_day"]
    assert main["calls"] == [
        {
            "method": "execute",
            "path": "run.py",
            "line": 8,
            "function": "main",
            "outputs": ["spend_per_day"],
            "inputs": ["spend", "days"],
            "overrides": ["spend_per_day"],
            "complete": True,
        }
    ]
    assert (small["name"], small["calls"]) == ("run.small", [])


def test_what_is_not_resolved_is_told_with_the_expression_that_stopped_it(folder: Path) -> None:
    document = json.loads(run(["dataflows", "--project", str(folder), "--no-cache", "--format", "json"]).stdout)
    assert document["unresolved"] == [
        {
            "path": "run.py",
            "line": 11,
            "reason": "`modules` is the parameter `modules` of `other`",
            "cause": {"path": "run.py", "line": 10, "column": 11},
        }
    ]
    shown = run(["dataflows", "--project", str(folder), "--no-cache"]).stdout
    assert "not resolved  (driver run.py:11)" in shown
    assert "is the parameter `modules` of `other` (run.py:10)" in shown


def test_init_writes_what_discovery_found_and_reads_the_same_back(folder: Path) -> None:
    before = json.loads(run(["dataflows", "--project", str(folder), "--no-cache", "--format", "json"]).stdout)
    answer = run(["init", "--project", str(folder)])
    assert (answer.status, answer.stdout) == (0, f"{folder / 'dagcheck.toml'}\n")
    after = json.loads(run(["dataflows", "--project", str(folder), "--no-cache", "--format", "json"]).stdout)
    assert [flow["name"] for flow in after["dataflows"]] == [flow["name"] for flow in before["dataflows"]]
    assert [flow["modules"] for flow in after["dataflows"]] == [flow["modules"] for flow in before["dataflows"]]
    assert {flow["origin"]["kind"] for flow in after["dataflows"]} == {"settings"}
    small = after["dataflows"][1]
    assert small["config"] == {"region": "UK", "grain": {"unit": "day"}}
    assert "# not declared: the driver at run.py:11" in (folder / "dagcheck.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["dagcheck.toml", "pyproject.toml"])
def test_init_never_overwrites(folder: Path, name: str) -> None:
    text = "select = []\n" if name == "dagcheck.toml" else "[tool.dagcheck]\nselect = []\n"
    (folder / name).write_text(text, encoding="utf-8")
    answer = run(["init", "--project", str(folder)])
    assert (answer.status, answer.stdout) == (2, "")
    assert "nothing is overwritten" in answer.stderr
    assert (folder / name).read_text(encoding="utf-8") == text
    assert sorted(path.name for path in folder.glob("*.toml")) == [name]


def test_init_leaves_a_pyproject_without_settings_alone(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[project]\nname = 'spend'\n", encoding="utf-8")
    assert run(["init", "--project", str(folder)]).status == 0
    assert (folder / "pyproject.toml").read_text(encoding="utf-8") == "[project]\nname = 'spend'\n"


def test_init_without_a_dataflow_writes_nothing(tmp_path: Path) -> None:
    answer = run(["init", "--project", str(tmp_path)])
    assert (answer.status, answer.stderr) == (2, "dagcheck: no dataflow found, so there is nothing to write\n")
    assert list(tmp_path.iterdir()) == []


def test_names_on_the_command_line_are_for_one_dataflow(folder: Path) -> None:
    answer = run(["check", "--project", str(folder), "--no-cache", "--final-vars", "spend_per_day"])
    assert answer.status == 2
    assert "say which with --dataflow: run.main, run.small" in answer.stderr


def test_names_on_the_command_line_are_checked_like_a_call(folder: Path) -> None:
    arguments = ["check", "--project", str(folder), "--no-cache", "--module", "spend", "--format", "json"]
    asked = json.loads(run([*arguments, "--final-vars", "spend_per_dai", "spend_per_day", "--inputs", "spend"]).stdout)
    assert [(item["rule"], item["path"], item["line"]) for item in asked["diagnostics"]] == [
        ("unknown-output", "spend.py", 1),
        ("missing-input", "spend.py", 1),
    ]
    assert json.loads(run([*arguments, "--final-vars", "spend_per_day"]).stdout)["diagnostics"] == []
