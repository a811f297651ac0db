"""Is what a workspace says after any edits what a fresh look at the same texts says?"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from random import Random

import pytest

from dagcheck.project.workspace import View, Workspace
from dagcheck.settings import UsageError

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from generate import write_project

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def assert_as_fresh(workspace: Workspace) -> None:
    """The workspace's dataflows and findings equal those of a workspace that never saw another text."""
    view = workspace.view()
    fresh = Workspace(workspace.root)
    for path in view.run.scene.files or ():
        buffer = view.sources.buffer(path)
        if buffer is not None:
            fresh.put(path, buffer)
    other = fresh.view()
    assert view.diagnostics == other.diagnostics
    assert view.summary == other.summary
    assert [_comparable(view, index) for index in range(len(view.dataflows))] == [
        _comparable(other, index) for index in range(len(other.dataflows))
    ]


def _comparable(view: View, index: int) -> tuple[object, ...]:
    dataflow = view.dataflows[index]
    spec = re.sub(r" at 0x[0-9a-f]+", "", repr(dataflow.spec))  # values that the evaluator makes have no equals
    return (dataflow[1:9], spec, list(dataflow.entries))


def edited(text: str, random: Random) -> str:
    """A text after one of the edits that people make, some of which break it."""
    lines = text.split("\n")
    at = random.randrange(len(lines))
    kind = random.randrange(7)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[random.randrange(len(lines))])
    elif kind == 2:
        lines[at] = lines[at].replace("spend", "margin")
    elif kind == 3:
        lines[at] = lines[at].replace("int", "str").replace("float", "int")
    elif kind == 4:
        lines.append(f"def fresh_{random.randrange(5)}(raw_0: pd.Series, fresh_1: float) -> float:\n    return 1.0\n")
    elif kind == 5:
        lines[at] += " ("
    else:
        lines.insert(at, "")
    return "\n".join(lines)


def edit_at_random(workspace: Workspace, paths: list[str], random: Random, back: float) -> None:
    """Edit 40 times, with the chance `back` to what a file was at first; every eighth state is held to a fresh run."""
    originals = {path: workspace.text(path) for path in paths}
    for step in range(40):
        path = random.choice(paths)
        text = originals[path] if random.random() < back else edited(workspace.text(path), random)
        workspace.put(path, text)
        workspace.view()
        if step % 8 == 7:
            assert_as_fresh(workspace)


@pytest.mark.parametrize("seed", range(4))
def test_edits_in_a_generated_project(tmp_path: Path, seed: int) -> None:
    write_project(tmp_path / "project", 120, 6, seed)
    workspace = Workspace(str(tmp_path / "project"))
    paths = [path for path in workspace.view().run.scene.files or () if "part" in path]
    edit_at_random(workspace, paths, Random(seed), back=0.3)


@pytest.mark.parametrize("name", ["faults", "regions", "training", "assistant"])
def test_edits_in_a_fixture(tmp_path: Path, name: str) -> None:
    shutil.copytree(FIXTURES / name, tmp_path / name)
    workspace = Workspace(str(tmp_path / name))
    edit_at_random(workspace, list(workspace.view().run.scene.files or ()), Random(name), back=0.4)


def test_nodes_of_unchanged_files_are_the_same_objects(tmp_path: Path) -> None:
    write_project(tmp_path / "project", 100, 5)
    workspace = Workspace(str(tmp_path / "project"))
    before = workspace.view().dataflows[0]
    path = "features/part_0002.py"
    workspace.put(path, workspace.text(path) + "\ndef late(raw_0: pd.Series) -> float:\n    return 1.0\n")
    after = workspace.view().dataflows[0]
    assert [new is old for new, old in zip(after.parts, before.parts, strict=True)] == [True, True, False, True, True]
    touched = {node.name for node in after.parts[2].nodes}
    touched |= {part.name for node in after.parts[2].nodes for part in node.dependencies}
    kept = [name for name in before.verdicts if name not in touched]
    assert len(kept) > 20
    assert all(after.verdicts[name] is before.verdicts[name] for name in kept)


def test_what_is_only_supposed_leaves_nothing_behind(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "quickstart", tmp_path / "quickstart")
    workspace = Workspace(str(tmp_path / "quickstart"))
    before = workspace.view()
    supposed = workspace.supposing({"costs.py": "def broken(:\n"})
    assert [diagnostic.rule for diagnostic in supposed.diagnostics] == ["syntax-error"]
    assert workspace.view() is before
    assert workspace.text("costs.py") == before.run.sources.text("costs.py")
    workspace.put("costs.py", workspace.text("costs.py") + "\n")
    assert workspace.view().diagnostics == ()


def test_a_broken_text_leaves_what_was_known_before(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "quickstart", tmp_path / "quickstart")
    workspace = Workspace(str(tmp_path / "quickstart"))
    names = set(workspace.view().dataflows[0].producers)
    workspace.put("costs.py", workspace.text("costs.py") + "\ndef half(")
    view = workspace.view()
    assert set(view.dataflows[0].producers) < names
    assert set(view.known[0].producers) == names
    assert [diagnostic.rule for diagnostic in view.diagnostics] == ["syntax-error"]


def test_files_that_come_and_go_are_seen_when_told(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "quickstart", tmp_path / "quickstart")
    workspace = Workspace(str(tmp_path / "quickstart"))
    workspace.view()
    (tmp_path / "quickstart" / "dagcheck.toml").write_text('[[dataflow]]\nname = "bill"\nmodules = ["nowhere"]\n')
    workspace.list_again()
    with pytest.raises(UsageError, match="nowhere"):
        workspace.view()
    (tmp_path / "quickstart" / "nowhere.py").write_text("def a(b: int) -> int:\n    return b\n")
    workspace.list_again()
    assert [dataflow.name for dataflow in workspace.view().dataflows] == ["bill", "run.main"]
    assert_as_fresh(workspace)


def test_a_driver_whose_modules_come_from_a_function_that_is_edited(tmp_path: Path) -> None:
    texts = {
        "spend.py": "def spend(raw: int) -> int:\n    return raw\n",
        "signups.py": "def signups(raw: int) -> int:\n    return raw\n",
        "chosen.py": "import signups\nimport spend\n\n\ndef modules():\n    return [spend]\n",
        "run.py": "from hamilton import driver\nimport chosen\n\ndr = driver.Driver({}, *chosen.modules())\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    workspace = Workspace(str(tmp_path))
    assert [module for module, _ in workspace.view().dataflows[0].modules] == ["spend"]
    workspace.put("chosen.py", texts["chosen.py"].replace("[spend]", "[spend, signups]"))
    assert [module for module, _ in workspace.view().dataflows[0].modules] == ["spend", "signups"]
    assert_as_fresh(workspace)
