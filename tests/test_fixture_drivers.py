"""Do the drivers of the fixtures tell their dataflows, without a setting or an argument?"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.harness import analysis
from tests.harness.compare import compare
from tests.harness.oracle import Oracle, Verdict

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
WITH_DRIVERS = ("quickstart", "regions", "training", "assistant", "deliveries")
SCRIPTS = ("daily.py", "weekly.py", "quote.py", "live.py", "complaints.py")


@pytest.fixture
def bare(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A fixture without its settings, as a repository of its own."""
    folder: Path = tmp_path / str(request.param)
    shutil.copytree(FIXTURES / request.param, folder)
    (folder / ".git").mkdir()
    (folder / "dagcheck.toml").unlink(missing_ok=True)
    project = folder / "pyproject.toml"
    if project.exists():
        project.write_text(project.read_text(encoding="utf-8").split("[tool.dagcheck]")[0], encoding="utf-8")
    return folder


def listed(folder: Path) -> list[dict[str, Any]]:
    """What `dagcheck dataflows` lists, run without arguments in a folder."""
    answer = analysis.run_process(["dataflows", "--format", "json", "--no-cache"], folder)
    assert answer.status == 0, answer.stderr
    document = json.loads(answer.stdout)
    assert document["unresolved"] == []
    found: list[dict[str, Any]] = document["dataflows"]
    return found


@pytest.mark.parametrize("bare", WITH_DRIVERS, indirect=True)
def test_nothing_is_wrong_where_nothing_is_said(bare: Path) -> None:
    answer = analysis.run_process(["check", "--no-cache"], bare)
    assert (answer.status, answer.stdout) == (0, ""), answer.stdout


@pytest.mark.parametrize("bare", ["quickstart", "regions", "training", "assistant"], indirect=True)
def test_drivers_tell_what_the_settings_would(bare: Path) -> None:
    declared = analysis.dataflows(FIXTURES / bare.name)["dataflows"]
    found = {(modules_of(flow), json.dumps(flow["config"], sort_keys=True)) for flow in listed(bare)}
    for flow in declared:
        if flow["origin"]["kind"] == "settings" and flow["config_complete"]:
            assert (modules_of(flow), json.dumps(flow["config"], sort_keys=True)) in found
    assert {modules_of(flow) for flow in declared} == {modules for modules, _ in found}


@pytest.mark.parametrize("bare", ["deliveries"], indirect=True)
def test_five_drivers_are_five_dataflows(bare: Path) -> None:
    names = ["complaints.main", "live.Board.__init__", "quote.main", "daily.main", "weekly.main"]
    assert [flow["name"] for flow in listed(bare)] == names


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_graph_of_each_driver_is_what_hamilton_builds(script: str, tmp_path: Path, oracle: Oracle) -> None:
    folder = tmp_path / "deliveries"
    shutil.copytree(FIXTURES / "deliveries", folder)
    run = oracle.run_script(folder, script)
    assert run.error is None
    graphs = analysis.graph(folder)
    assert len(run.drivers) == 1
    (driver,) = run.drivers
    same = [flow for flow in graphs.dataflows if [part["name"] for part in flow["modules"]] == driver["modules"]]
    (flow,) = [flow for flow in same if flow["config"] == driver["config"]]
    own = [part["name"] for part in flow["modules"]]
    assert compare(Verdict(tuple(driver["nodes"]), None, ""), flow["nodes"], graphs.diagnostics, own).differences == ()


def test_a_run_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "deliveries"
    shutil.copytree(FIXTURES / "deliveries", folder)
    before = sorted(os.listdir(folder))
    assert analysis.run_process(["dataflows", "--no-cache"], folder).status == 0
    assert sorted(os.listdir(folder)) == before


def modules_of(flow: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(part["name"] for part in flow["modules"]))
