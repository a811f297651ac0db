"""Is nothing missed that changes, and nothing named that does not? Against execution, and under changes that change nothing.

The campaign here is small; `docs/contributing.md` has the command for a large one.
"""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness import analysis, repository
from tests.mutation.campaign import arguments_of, campaign
from tests.mutation.execution import Subject
from tests.mutation.mutants import mutants
from tests.mutation.programs import fixtures, generated

MUTANTS = 24


def test_every_node_that_changes_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally = campaign(MUTANTS, seed=3, folder=tmp_path, programs=2)
    with capsys.disabled():
        print(f"\n{tally}")
    assert [f"{verdict.subject}: {verdict.mutant}: {sorted(verdict.missed)}" for verdict in tally.missed] == []
    assert len(tally.built) >= MUTANTS
    assert sum(1 for verdict in tally.built if verdict.changed) > MUTANTS // 2
    assert tally.precision > 0.3


def test_there_are_mutants_of_every_kind() -> None:
    subject = fixtures()[1]
    kinds = {
        mutant.what
        for path in subject.folder.glob("*.py")
        for mutant in mutants(path.name, path.read_text(encoding="utf-8"))
    }
    assert len(kinds) >= 12


def unparsed(text: str) -> str:
    """Comments gone, quotes, parentheses, line breaks and blank lines otherwise."""
    return ast.unparse(ast.parse(text)) + "\n"


def spread(text: str) -> str:
    """A comment above and behind every line of code at the top."""
    lines = [f"# more\n\n\n{line}" if re.match(r"(def|@|[A-Z_]+ =)", line) else line for line in text.split("\n")]
    return "# the first line\n" + "\n".join(lines) + "\n# the last line\n"


def postponed(text: str) -> str:
    """Annotations are texts from now on."""
    tree = ast.parse(text)
    documented = ast.get_docstring(tree) is not None
    lines = text.split("\n")
    at = (tree.body[0].end_lineno or 0) if documented else 0
    return "\n".join([*lines[:at], "from __future__ import annotations", *lines[at:]])


def aliased(text: str) -> str:
    """pandas, numpy and the helpers go by other names."""
    for name in ("pd", "np", "h"):
        text = re.sub(rf"\b{name}\.", f"{name}_too.", text)
        text = re.sub(rf"^(import [\w.]+ as {name})$", r"\1_too", text, flags=re.MULTILINE)
    return text


def without_docstrings(text: str) -> str:
    """What documents a function says something else."""
    return re.sub(r'^(    """)(?=\w)', r"\1Said otherwise. ", text, flags=re.MULTILINE)


def reordered(text: str) -> str:
    """Functions that nothing at the top refers to, in the opposite order, at the end."""
    tree = ast.parse(text)
    used = {
        name.id
        for node in tree.body
        for part in ([node] if not isinstance(node, ast.FunctionDef) else node.decorator_list)
        for name in ast.walk(part)
        if isinstance(name, ast.Name)
    }
    moved = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name not in used and not node.decorator_list
    ]
    rest = [node for node in tree.body if node not in moved]
    return "\n\n\n".join(ast.unparse(node) for node in [*rest, *moved[::-1]]) + "\n"


SUBJECTS = ("quickstart", "regions 0", "training", "assistant", "generated")
CHANGES = (unparsed, spread, postponed, aliased, without_docstrings, reordered)


def subject_of(name: str, folder: Path) -> Subject:
    if name == "generated":
        return generated(5, folder)
    return next(subject for subject in fixtures() if subject.name == name)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", SUBJECTS)
def test_what_changes_no_behaviour_is_no_change_of_behaviour(
    name: str, change: Callable[[str], str], tmp_path: Path
) -> None:
    subject = subject_of(name, tmp_path / "program")
    place = tmp_path / "work"
    shutil.copytree(subject.folder, place, ignore=shutil.ignore_patterns("__pycache__", "*.toml"))
    repository.git(place, "init", "--quiet")
    repository.git(place, "add", "--all")
    repository.git(place, "commit", "--quiet", "--message", "before")
    for path in place.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(change(text), encoding="utf-8")
    document = analysis.impact(place, arguments_of(subject, place))
    assert [row for row in document["changes"] if row["effect"] != "metadata"] == []
    assert document["affected"] == []


@pytest.mark.parametrize("name", ["quickstart", "regions 0", "regions 2", "training", "generated"])
def test_what_is_downstream_is_what_hamilton_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = subject_of(name, tmp_path / "program")
    expected = hamiltons(subject, monkeypatch)
    options = arguments_of(subject, subject.folder)
    answer = analysis.graph(subject.folder, options)
    names = [node["name"] for node in answer.dataflows[0]["nodes"] if node["kind"] == "function"]
    assert set(names) == expected.keys()
    for start in names:
        nodes = analysis.graph(subject.folder, [f"{start}+", *options]).dataflows[0]["nodes"]
        assert {node["name"] for node in nodes} == expected[start], start


def hamiltons(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """For every node what Hamilton's `what_is_downstream_of` gives."""

    from hamilton import driver

    for root in subject.roots:
        monkeypatch.syspath_prepend(str(subject.folder / root))
    tops = {name.partition(".")[0] for name in subject.modules} | {"kit", "inner"}
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        monkeypatch.delitem(sys.modules, name)
    modules: list[Any] = [importlib.import_module(name) for name in subject.modules]
    built = driver.Builder().with_config(dict(subject.config)).with_modules(*modules).build()
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        monkeypatch.delitem(sys.modules, name)
    own = [node.name for node in built.graph.nodes.values() if not node.user_defined]
    return {name: {item.name for item in built.what_is_downstream_of(name)} for name in own}
