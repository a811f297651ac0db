"""Do the fixtures come to what their READMEs say, and to what real Hamilton builds?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.harness import analysis
from tests.harness.compare import compare
from tests.harness.oracle import Oracle

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FAULTS = FIXTURES / "faults"
EXPECTED: list[dict[str, Any]] = json.loads((FAULTS / "expected.json").read_text(encoding="utf-8"))
SOUND = ("quickstart", "regions", "training", "assistant")
ROOTS = {"training": ("src",)}


def cases() -> list[tuple[str, int]]:
    """Every dataflow and configuration that the settings of the sound fixtures declare."""
    return [(name, index) for name in SOUND for index in range(len(analysis.graph(FIXTURES / name).dataflows))]


@pytest.mark.parametrize(("name", "index"), cases())
def test_a_sound_fixture_is_what_hamilton_builds(name: str, index: int, oracle: Oracle) -> None:
    graphs = analysis.graph(FIXTURES / name)
    dataflow = graphs.dataflows[index]
    modules = [module["name"] for module in dataflow["modules"]]
    config = dataflow["config"] or {}
    verdict = oracle.ask(FIXTURES / name, modules, config, roots=ROOTS.get(name, (".",)))
    assert verdict.rejection is None
    comparison = compare(verdict, dataflow["nodes"], graphs.diagnostics, modules)
    assert not comparison.differences, "\n".join(comparison.differences)
    assert not comparison.unknown
    assert dataflow["complete"]


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_wrong_with_a_sound_fixture(name: str) -> None:
    answer = analysis.run(["check", str(FIXTURES / name), "--no-cache"])
    assert (answer.status, answer.stdout) == (0, "")


def test_each_planted_fault_is_found_once_at_its_line_with_the_other_place() -> None:
    found = [_summary(diagnostic) for diagnostic in analysis.check(FAULTS)]
    planted = [(e["rule"], e["path"], e["line"], e["severity"], e["hamilton"], _other(e)) for e in EXPECTED]
    assert sorted(found, key=str) == sorted(planted, key=str)
    assert analysis.run(["check", str(FAULTS), "--no-cache"]).status == 1


@pytest.mark.parametrize("fault", EXPECTED, ids=lambda fault: fault["rule"])
def test_hamilton_says_of_a_planted_fault_what_its_entry_says(fault: dict[str, Any], oracle: Oracle) -> None:
    seen = fault["seen_with"]
    verdict = oracle.ask(FAULTS, seen["modules"], seen["config"])
    if fault["hamilton"] in ("import", "build"):
        assert verdict.rejection is not None
        assert verdict.rejection.stage == fault["hamilton"]
        assert seen["message"] in verdict.rejection.message
    else:
        assert verdict.rejection is None


def _summary(diagnostic: Mapping[str, Any]) -> tuple[object, ...]:
    places = [(place["path"], place["line"]) for place in diagnostic["related"]]
    other = places[0] if places and diagnostic["rule"] != "unresolved-modifier" else None
    named = ("rule", "path", "line", "severity", "hamilton")
    return (*(diagnostic[key] for key in named), other)


def _other(fault: Mapping[str, Any]) -> tuple[str, int] | None:
    return None if fault["related_path"] is None else (fault["related_path"], fault["related_line"])
