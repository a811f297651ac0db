"""`dagcheck graph`: the nodes of real modules, as trees and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.analysis import Answer, run

SPEND = '''\
"""Marketing spend."""

import pandas as pd
from hamilton.function_modifiers import config


@config.when(region="US")
def spend__us(raw: pd.DataFrame) -> pd.Series:
    """What was spent."""
    return raw["spend"]


@config.when(region="UK")
def spend__uk(raw: pd.DataFrame, rate: float = 1.2) -> pd.Series:
    return raw["spend"] * rate


def mean_spend(spend: pd.Series) -> float:
    return spend.mean()
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spend.py").write_text(SPEND)
    return tmp_path


def graph(folder: Path, *arguments: str) -> Answer:
    return run(["graph", "--project", str(folder), "--no-cache", *arguments])


def nodes(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    (dataflow,) = json.loads(graph(folder, "--format", "json", *arguments).stdout)["dataflows"]
    rows: list[dict[str, Any]] = dataflow["nodes"]
    return rows


def test_the_tree_is_the_default_and_needs_no_unicode(folder: Path) -> None:
    answer = graph(folder)
    assert answer.status == 0
    assert answer.stdout == (
        "spend  (file: spend.py)\n"
        "modules: spend\n"
        "nodes: 2 from functions, 3 inputs\n"
        "\n"
        "mean_spend: float\n"
        '|-- spend: pd.Series  when region="UK"\n'
        '|   |-- raw: pd.DataFrame  input, when region in {"UK", "US"}\n'
        '|   `-- rate: float  input, optional, when region="UK"\n'
        '|-- spend: pd.Series  when region="US"\n'
        '|   `-- raw: pd.DataFrame  input, when region in {"UK", "US"}\n'
        '`-- spend: pd.Series  input, when region not in {"UK", "US"}\n'
    )
    assert answer.stderr == "Checked 1 file, 1 dataflow, 2 nodes: no findings.\n"


def test_json_has_one_row_a_variant_and_one_an_input(folder: Path) -> None:
    rows = nodes(folder)
    assert [(row["name"], row["kind"], row.get("when")) for row in rows if row["kind"] == "function"] == [
        ("mean_spend", "function", None),
        ("spend", "function", [{"region": {"in": ["UK"]}}]),
        ("spend", "function", [{"region": {"in": ["US"]}}]),
    ]
    assert {row["name"] for row in rows if row["kind"] == "input"} >= {"raw", "rate"}


def test_a_fixed_configuration_leaves_hamiltons_nodes(folder: Path) -> None:
    rows = nodes(folder, "--config", "region=US")
    assert sorted((row["name"], row["kind"]) for row in rows) == [
        ("mean_spend", "function"),
        ("raw", "input"),
        ("region", "config"),
        ("spend", "function"),
    ]
    assert not any("when" in row for row in rows)


def test_findings_are_answers_and_leave_status_0(folder: Path) -> None:
    (folder / "spend.py").write_text(SPEND + "\n\ndef broken(spend):\n    return 1\n")
    answer = graph(folder, "--format", "json")
    assert answer.status == 0
    assert {row["rule"] for row in json.loads(answer.stdout)["diagnostics"]} >= {"missing-return-type"}
    assert "Found" in answer.stderr


def test_the_same_graph_goes_to_files(folder: Path, tmp_path: Path) -> None:
    for form in ("tree", "json"):
        answer = graph(folder, "--format", form, "--output", f"{form}:{tmp_path / form}")
        written = (tmp_path / form).read_text(encoding="utf-8")
        assert written.replace("├──", "|--").replace("└──", "`--").replace("│", "|") == answer.stdout


def test_the_answer_is_the_same_bytes_each_time(folder: Path) -> None:
    (folder / "other.py").write_text(SPEND.replace("spend", "cost"))
    for form in ("tree", "json"):
        assert len({graph(folder, "--format", form).stdout for _ in range(3)}) == 1
