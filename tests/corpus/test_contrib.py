"""Does dagcheck see in dataflows that nobody here wrote what Hamilton builds? Names, kinds, edges, types and tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.corpus.dataflows import CONTRIB, SITE_PACKAGES, TOO_BIG, CorpusCase, corpus_cases, names
from tests.harness import analysis
from tests.harness.compare import compare
from tests.harness.oracle import Oracle

CASES = corpus_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {json.dumps(case.config)}")
def test_dagcheck_sees_what_hamilton_builds(
    case: CorpusCase, tmp_path: Path, oracle: Oracle, record_property: Callable[[str, object], None]
) -> None:
    verdict = oracle.ask(CONTRIB, [case.module], case.config, roots=())
    assert verdict.rejection is None, f"is tests/corpus/requirements.txt installed?\n{verdict.rejection}"
    place = ["--root", str(SITE_PACKAGES), "--module", case.module]
    graphs = analysis.graph(tmp_path, [*place, "--config", json.dumps(case.config)])
    (dataflow,) = graphs.dataflows
    comparison = compare(verdict, dataflow["nodes"], graphs.diagnostics, [case.module])
    exact = not comparison.differences and not comparison.unknown
    counts = {"dataflows": case.first, "configurations": 1, "nodes": comparison.nodes, "edges": comparison.edges}
    record_property("compared", {**counts, "exact": exact})
    assert not comparison.differences, "\n".join(comparison.differences)
    assert not comparison.unknown, f"types that dagcheck does not know: {', '.join(comparison.unknown)}"
    assert dataflow["complete"], "dagcheck says that the graph is not complete"


def test_every_dataflow_is_compared_or_says_why_not() -> None:
    compared = {case.name for case in CASES}
    assert len(names()) == 22
    assert compared | TOO_BIG.keys() == set(names())
    assert not compared & TOO_BIG.keys()


@pytest.mark.parametrize("name", TOO_BIG)
def test_what_is_not_compared_really_lacks_its_package(name: str, oracle: Oracle) -> None:
    package, _ = TOO_BIG[name]
    assert find_spec(package) is None, f"{package} is installed: {name} can be compared"
    rejection = oracle.ask(CONTRIB, [f"hamilton.contrib.{name}"], {}, roots=()).rejection
    assert rejection is not None
    assert rejection.type == "ModuleNotFoundError", str(rejection)
