"""Does dagcheck see in dataflows that nobody here wrote what Hamilton builds? Names, kinds, edges, types and tags.

Hamilton imports them from where they are installed. dagcheck gets a project with nothing but their files: what is
installed beside them is third-party code to it, as it is to their authors, and it reads the classes of that code there.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.corpus.dataflows import CONTRIB, NEEDS_PYTHON, NOT_BUILT, TOO_BIG, CorpusCase, corpus_cases, names
from tests.harness import analysis
from tests.harness.compare import compare
from tests.harness.oracle import Oracle

CASES = corpus_cases()


def is_compared(case: CorpusCase) -> bool:
    """Can both sides make the graph?"""
    return str(case) not in NOT_BUILT and sys.version_info >= NEEDS_PYTHON.get(case.name, (3, 10))


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that contains the corpus under its own name."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(CONTRIB, folder / "hamilton" / "contrib", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Real Hamilton; one of the dataflows makes a client when it is imported, and the client wants a key."""
    with contextlib.closing(Oracle(environment={"OPENAI_API_KEY": "none"})) as warm:
        yield warm


@pytest.mark.parametrize("case", [case for case in CASES if is_compared(case)], ids=str)
def test_dagcheck_sees_what_hamilton_builds(
    case: CorpusCase, project: Path, oracle: Oracle, record_property: Callable[[str, object], None]
) -> None:
    verdict = oracle.ask(CONTRIB, [case.module], case.config, roots=(), stand_ins=case.stand_ins)
    assert verdict.rejection is None, f"is tests/corpus/requirements.txt installed?\n{verdict.rejection}"
    graphs = analysis.graph(project, arguments(case, project))
    (dataflow,) = graphs.dataflows
    comparison = compare(verdict, dataflow["nodes"], graphs.diagnostics, [case.module])
    exact = not comparison.differences and not comparison.unknown
    counts = {"dataflows": case.first, "configurations": 1, "nodes": comparison.nodes, "edges": comparison.edges}
    record_property("compared", {**counts, "configurations exact": exact})
    assert not comparison.differences, "\n".join(comparison.differences)
    assert not comparison.unknown, f"types that dagcheck does not know: {', '.join(comparison.unknown)}"
    assert dataflow["complete"], "dagcheck says that the graph is not complete"


def test_over_all_configurations_there_is_one_output_that_one_of_them_lacks(project: Path) -> None:
    told = [
        part
        for name in names()
        for part in analysis.check(project, ["--root", str(project), "--module", f"hamilton.contrib.{name}"])
    ]
    (found,) = told
    assert (found["rule"], found["config"]) == ("missing-variant", {"start": "presaved"})
    assert "`training_and_validation_set_metrics` reads `fit_trainer_eval_metrics`" in found["message"]


@pytest.mark.parametrize("case", [case for case in CASES if str(case) in NOT_BUILT], ids=str)
def test_what_a_stand_in_cannot_stand_in_for(case: CorpusCase, project: Path, oracle: Oracle) -> None:
    rejection = oracle.ask(CONTRIB, [case.module], case.config, roots=(), stand_ins=case.stand_ins).rejection
    assert rejection is not None
    assert f"<class '{NOT_BUILT[str(case)]}'>" in rejection.message
    graphs = analysis.graph(project, arguments(case, project))
    assert graphs.dataflows[0]["complete"]
    assert [item for item in graphs.diagnostics if item["severity"] == "error"] == []


def test_the_corpus_is_whole() -> None:
    assert len(names()) == 22
    assert {case.name for case in CASES} == set(names())
    assert NOT_BUILT.keys() <= {str(case) for case in CASES}
    assert NEEDS_PYTHON.keys() <= set(names())
    assert TOO_BIG.keys() <= set(names())


@pytest.mark.parametrize("package", sorted({package for packages in TOO_BIG.values() for package in packages}))
def test_stand_ins_are_for_packages_that_are_not_installed(package: str) -> None:
    assert find_spec(package) is None, f"{package} is installed: what imports it can be compared without a stand-in"


@pytest.mark.parametrize("name", TOO_BIG)
def test_what_has_stand_ins_cannot_do_without(name: str, oracle: Oracle) -> None:
    for package in TOO_BIG[name]:
        others = [other for other in TOO_BIG[name] if other != package]
        rejection = oracle.ask(CONTRIB, [f"hamilton.contrib.{name}"], {}, roots=(), stand_ins=others).rejection
        assert rejection is not None, f"{name} does not import {package}"
        assert rejection.type == "ModuleNotFoundError", str(rejection)


def arguments(case: CorpusCase, project: Path) -> list[str]:
    """Where a dataflow is, under which configuration, and where the packages are that it imports."""
    config = ["--config", json.dumps(case.config)]
    return ["--root", str(project), "--module", case.module, *config, "--python", sys.prefix]
