"""Does dagcheck see in dataflows that nobody here wrote what Hamilton builds? Names, kinds, edges, types and tags.

Hamilton imports them from where they are installed. dagcheck gets a project with nothing but their files: what is
installed beside them is third-party code to it, as it is to their authors.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.corpus.dataflows import CONTRIB, MOVED, TOO_BIG, CorpusCase, corpus_cases, names
from tests.harness import analysis
from tests.harness.compare import compare
from tests.harness.oracle import Oracle, Verdict

CASES = corpus_cases()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that contains the corpus under its own name."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(CONTRIB, folder / "hamilton" / "contrib", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {json.dumps(case.config)}")
def test_dagcheck_sees_what_hamilton_builds(
    case: CorpusCase, project: Path, oracle: Oracle, record_property: Callable[[str, object], None]
) -> None:
    verdict = oracle.ask(CONTRIB, [case.module], case.config, roots=())
    assert verdict.rejection is None, f"is tests/corpus/requirements.txt installed?\n{verdict.rejection}"
    config = ["--config", json.dumps(case.config)]
    graphs = analysis.graph(project, ["--root", str(project), "--module", case.module, *config])
    (dataflow,) = graphs.dataflows
    comparison = compare(with_moved_classes(verdict), dataflow["nodes"], graphs.diagnostics, [case.module])
    exact = not comparison.differences and not comparison.unknown
    counts = {"dataflows": case.first, "configurations": 1, "nodes": comparison.nodes, "edges": comparison.edges}
    record_property("compared", {**counts, "exact": exact})
    assert not comparison.differences, "\n".join(comparison.differences)
    assert not comparison.unknown, f"types that dagcheck does not know: {', '.join(comparison.unknown)}"
    assert dataflow["complete"], "dagcheck says that the graph is not complete"


def with_moved_classes(verdict: Verdict) -> Verdict:
    """The verdict with classes named by the package that the dataflows import them from."""
    text = json.dumps(verdict.nodes)
    for home, imported_from in MOVED.items():
        text = text.replace(f'"{home}.', f'"{imported_from}.')
    return verdict._replace(nodes=tuple(json.loads(text)))


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
