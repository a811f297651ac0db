"""Do fixes and ignores hold over everything there is: the fixtures, the rules' pages, all suites?"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from dagcheck.diagnostics import Diagnostic
from dagcheck.edits.edit import applied, by_file
from dagcheck.edits.ignores import ignores
from dagcheck.project.editing import mend, state_of
from dagcheck.project.workspace import Workspace
from tests.harness.cases import Case, cases
from tests.harness.markdown import SuiteError
from tests.harness.oracle import Oracle
from tests.harness.runner import write

ROOT = Path(__file__).resolve().parents[2]
SUITES = sorted([*ROOT.glob("dagcheck/rules/*.md"), *ROOT.glob("tests/cases/**/*.md")])
FIXTURES = sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir())


def marks(found: tuple[Diagnostic, ...]) -> Counter[tuple[str, str, str]]:
    """Findings without their places, which fixes move."""
    return Counter((each.rule, each.location.path, each.message) for each in found)


def facts(nodes: Sequence[Mapping[str, Any]]) -> list[str]:
    """The nodes without their lines, which imports move."""
    return sorted(repr({key: value for key, value in node.items() if "line" not in key}) for node in nodes)


def folders(suite: Path, scratch: Path) -> Iterator[tuple[Case, Path]]:
    """Each case of a suite, written to a folder of its own."""
    own_rule = suite.stem.replace("_", "-") if suite.parent.name == "rules" else ""
    try:
        found = cases(suite, own_rule)
    except SuiteError:  # `tests/test_cases.py` says so
        return
    for number, case in enumerate(found):
        write(case, scratch / str(number))
        yield case, scratch / str(number)


def mended(folder: Path, *, unsafe: bool) -> list[str]:
    """What is wrong with the fixes of a project, which are made."""
    workspace = Workspace(str(folder))
    before = marks(workspace.view().diagnostics)
    done = mend(workspace, unsafe=unsafe)
    for path, _, text in done.texts:
        workspace.put(path, text)
    after = marks(workspace.view().diagnostics)
    problems = [f"{folder}: brings {each}" for each in (after - before)]
    again = mend(workspace, unsafe=unsafe)
    if again.texts:
        problems.append(f"{folder}: not done at once: {[fix.title for fix in again.done]}")
    for path, _, text in done.texts:
        (folder / path).write_text(text, encoding="utf-8", newline="")
    return problems


def silenced(folder: Path) -> list[str]:
    """What is wrong with the comments that are offered for each finding."""
    workspace = Workspace(str(folder))
    view = workspace.view()
    problems = []
    for diagnostic in view.diagnostics[:12]:
        for title, edits in ignores(diagnostic, state_of(view)):
            texts = {path: applied(workspace.text(path), found) for path, found in by_file(edits).items()}
            before, after = marks(view.diagnostics), marks(workspace.supposing(texts).diagnostics)
            mark = (diagnostic.rule, diagnostic.location.path, diagnostic.message)
            if after[mark] >= before[mark]:
                problems.append(f"{folder}: `{title}` does not silence {mark}")
            problems += [f"{folder}: `{title}` brings {each}" for each in (after - before)]
    return problems


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.stem)
def test_fixes_bring_no_finding_and_are_done_at_once(tmp_path: Path, suite: Path, *, unsafe: bool) -> None:
    assert [words for _, folder in folders(suite, tmp_path) for words in mended(folder, unsafe=unsafe)] == []


@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.stem)
def test_each_comment_that_is_offered_silences_its_finding(tmp_path: Path, suite: Path) -> None:
    assert [words for _, folder in folders(suite, tmp_path) for words in silenced(folder)] == []


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("name", FIXTURES)
def test_fixes_of_the_fixtures(tmp_path: Path, name: str, *, unsafe: bool) -> None:
    shutil.copytree(ROOT / "fixtures" / name, tmp_path / name)
    assert mended(tmp_path / name, unsafe=unsafe) == []
    assert silenced(tmp_path / name) == []


@pytest.mark.parametrize("suite", ["deprecated_modifier", "unused_ignore", "missing_parameter_type", "deprecated"])
def test_what_hamilton_builds_stays_as_it_was(tmp_path: Path, suite: str, oracle: Oracle) -> None:
    (path,) = [each for each in SUITES if each.stem == suite]
    for case, folder in folders(path, tmp_path):
        if not case.modules:
            continue
        config = case.configs[0]
        before = oracle.ask(folder, case.modules, config, roots=case.roots, stand_ins=case.stand_ins)
        assert mended(folder, unsafe=False) == []
        after = oracle.ask(folder, case.modules, config, roots=case.roots, stand_ins=case.stand_ins)
        if before.rejection is None:
            assert after.rejection is None, case.titles
            assert facts(after.nodes) == facts(before.nodes), case.titles
