"""Is a dataflow after a rename what it was, up to the name? Real Hamilton says so, and so does running it."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dagcheck.edits.edit import Refused
from dagcheck.edits.rename import Rename
from dagcheck.project.editing import rename_in, write
from dagcheck.project.workspace import Workspace
from tests.generated.choice import Choice
from tests.generated.dataflows import generate
from tests.harness.oracle import Oracle

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from generate import CONFIG, write_project

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SCRIPTS: dict[str, list[list[str]]] = {
    "quickstart": [["run.py"]],
    "regions": [["run.py"]],
    "assistant": [["ask.py", "Are photographs with flash allowed?"]],
    "training": [
        ["scripts/train.py", "data/rides.csv", "model.json"],
        ["scripts/predict.py", "data/forecast.csv", "model.json"],
    ],
}
EXPLAINED = (
    "in the data",
    "column of the data",
    "does not spell its name out",
    "choose one with --dataflow",
    "key of the configuration",
)
"""Reasons for which a rename may be refused in what is sound."""


def names_of(workspace: Workspace) -> list[str]:
    """Every node and input that is written as one word."""
    flows = workspace.view().dataflows
    return sorted({name for flow in flows for name in (*flow.producers, *flow.readers) if name.isidentifier()})


def other(name: str) -> str:
    """A name of the same length that nothing is called."""
    return name[:-1] + ("q" if name[-1] != "q" else "z")


def mapped(value: Any, names: Mapping[str, str]) -> Any:
    """A graph's facts with new names put in for old ones."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {key: _tags(part, names) if key == "tags" else mapped(part, names) for key, part in value.items()}
    return [mapped(part, names) for part in value] if isinstance(value, Sequence) else value


def _tags(tags: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Only Hamilton's own tags speak of nodes."""
    return {key: mapped(value, names) if key.startswith("hamilton.") else value for key, value in tags.items()}


def graphs(workspace: Workspace, folder: Path, oracle: Oracle) -> list[Any]:
    """Every dataflow as Hamilton builds it, as facts that do not depend on the order of functions."""
    found = []
    for flow in workspace.view().dataflows:
        modules = [module.name for module in flow.spec.modules]
        roots = ("src",) if (folder / "src").is_dir() else (".",)
        verdict = oracle.ask(folder, modules, dict(flow.config or {}), roots=roots)
        found.append((verdict.nodes, verdict.rejection and verdict.rejection.type))
    return found


def comparable(nodes: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    rows = [{key: value for key, value in node.items() if key not in ("documentation", "function")} for node in nodes]
    for row in rows:
        row["dependencies"] = sorted(row.get("dependencies", ()), key=lambda part: mapped(json.dumps(part), names))
    return sorted(json.dumps(_sorted(mapped(row, names)), sort_keys=True, default=str) for row in rows)


def _sorted(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "dependencies": sorted(row["dependencies"], key=str)}


def output(folder: Path, name: str) -> str:
    """What the scripts of a fixture print."""
    said = ""
    for script in SCRIPTS[name]:
        done = subprocess.run(
            [sys.executable, *script], cwd=folder, capture_output=True, text=True, check=True,
            env={"PYTHONPATH": str(folder / "src"), "PATH": "", "HOME": str(folder), "HAMILTON_TELEMETRY_ENABLED": "false"},
        )  # fmt: skip
        said += done.stdout
    return said


@pytest.mark.parametrize("fixture", SCRIPTS)
def test_every_name_of_a_fixture_can_be_renamed_or_says_why_not(fixture: str) -> None:
    workspace = Workspace(str(FIXTURES / fixture))
    refused = {}
    names = names_of(workspace)
    for name in names:
        found = rename_in(workspace, name, other(name))
        if isinstance(found, Refused):
            refused[name] = found.reasons
    unexplained = {name: why for name, why in refused.items() if not any(words in why[0] for words in EXPLAINED)}
    assert unexplained == {}
    assert len(refused) < len(names) / 2


@pytest.mark.parametrize(("fixture", "seed"), list(itertools.product(SCRIPTS, range(1))))
def test_a_renamed_fixture_is_the_same_to_hamilton_and_runs_alike(
    fixture: str, seed: int, tmp_path: Path, oracle: Oracle
) -> None:
    folder = tmp_path / fixture
    shutil.copytree(FIXTURES / fixture, folder)
    workspace = Workspace(str(folder))
    before, said = graphs(workspace, folder, oracle), output(folder, fixture)
    random = Random(f"{fixture} {seed}")
    names: dict[str, str] = {}
    for name in random.sample(names_of(workspace), 8):
        found = rename_in(workspace, name, other(name))
        if isinstance(found, Rename):
            write(workspace, found.edits)
            names |= found.names
    assert len(names) >= 2
    after = graphs(workspace, folder, oracle)
    for (was, _), (is_, rejection) in zip(before, after, strict=True):
        assert rejection is None
        assert comparable(is_, {}) == comparable(was, names)
    back = {new: old for old, new in names.items()}
    assert re.sub(r"\w+", lambda match: back.get(match[0], match[0]), output(folder, fixture)) == said


def test_renames_in_generated_dataflows(tmp_path: Path, oracle: Oracle) -> None:
    renamed, refused = 0, []
    for number in range(150):
        if renamed == 12:
            break
        random = Random(f"rename {number}")
        generated = generate(Choice(random))
        folder = tmp_path / str(number)
        for path, text in generated.files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        modules = "".join(f"    {json.dumps(name)},\n" for name in dict.fromkeys(generated.modules))
        settings = f'[[dataflow]]\nname = "flow"\nallow-module-overrides = {str(generated.overrides).lower()}\nmodules = [\n{modules}]\n'
        (folder / "dagcheck.toml").write_text(settings, encoding="utf-8")
        workspace = Workspace(str(folder))
        names = names_of(workspace)
        config = dict(generated.configs[0])
        modules_ = list(dict.fromkeys(generated.modules))
        before = oracle.ask(folder, modules_, config, allow_module_overrides=generated.overrides)
        if before.rejection is not None or not names:
            continue
        name = random.choice([each for each in names if each not in config] or names)
        found = rename_in(workspace, name, "other_name")
        if isinstance(found, Refused):
            refused.append((name, found.reasons[0], repr(generated)))
            continue
        write(workspace, found.edits)
        after = oracle.ask(folder, modules_, config, allow_module_overrides=generated.overrides)
        assert after.rejection is None, f"{name}\n{after.rejection}\n{generated!r}"
        assert comparable(after.nodes, {}) == comparable(before.nodes, found.names), f"{name}\n{generated!r}"
        renamed += 1
    assert renamed >= 12, "\n".join(f"{name}: {why}" for name, why, _ in refused)


RUN = """
import importlib, json, sys
import pandas as pd
from hamilton import base, driver
sys.path.insert(0, sys.argv[1])
names = json.loads(sys.argv[2])
built = driver.Builder().with_modules(*map(importlib.import_module, names)).with_config({"region": "US"}).build()
inputs = {"raw_0": pd.Series([1.0, 2.0]), "raw_1": pd.DataFrame({"a": [1]}), "raw_2": 2.5, "raw_3": 3, "raw_4": "four"}
given = json.loads(sys.argv[3])
inputs = {given.get(name, name): value for name, value in inputs.items()}
wanted = [each.name for each in built.list_available_variables() if not each.is_external_input]
values = built.execute(wanted, inputs=inputs)
print(json.dumps({name: str(value) for name, value in values.items()}))
"""


def values_of(folder: Path, modules: list[str], names: Mapping[str, str]) -> dict[str, str]:
    command = [sys.executable, "-c", RUN, str(folder), json.dumps(modules), json.dumps(names)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_renamed_project_runs_to_the_same_values(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    modules = write_project(folder, 80, 5, seed=3)
    workspace = Workspace(str(folder))
    assert CONFIG == {"region": "US"}
    before = values_of(folder, modules, {})
    random = Random(5)
    names: dict[str, str] = {}
    for name in random.sample(names_of(workspace), 25):
        found = rename_in(workspace, name, f"{name}_anew")
        if isinstance(found, Rename):
            write(workspace, found.edits)
            names |= found.names
        else:
            assert "in the data" in found.reasons[0]
    assert len(names) > 12
    assert workspace.view().diagnostics == ()
    after = values_of(folder, modules, names)
    assert after == {names.get(name, name): value for name, value in before.items()}


FUNCTIONS = (
    "def spend(raw: int) -> float:\n    return raw\n\n\ndef doubled(spend: float) -> float:\n    return spend * 2\n"
)
HEAD = "from hamilton import ad_hoc_utils, driver\n\n"
TAIL = 'dr = driver.Builder().with_modules(made).build()\ndr.execute(["doubled", "spend"], inputs={"raw": 1})\n'


def test_a_module_made_of_functions_is_renamed_and_one_made_of_a_text_is_not(tmp_path: Path) -> None:
    of_functions = f"{HEAD}{FUNCTIONS}\nmade = ad_hoc_utils.create_temporary_module(spend, doubled)\n{TAIL}"
    of_text = f'{HEAD}made = ad_hoc_utils.module_from_source("""\n{FUNCTIONS}""")\n{TAIL}'
    script = tmp_path / "run.py"
    script.write_text(of_functions, encoding="utf-8")
    workspace = Workspace(str(tmp_path))
    found = rename_in(workspace, "spend", "cost")
    assert isinstance(found, Rename)
    write(workspace, found.edits)
    assert script.read_text(encoding="utf-8") == of_functions.replace("spend", "cost")
    script.write_text(of_text, encoding="utf-8")
    assert not isinstance(rename_in(Workspace(str(tmp_path)), "spend", "cost"), Rename)
