"""Does a workspace forget what nobody asks for any more? Held to Python's count of allocated blocks, which no page or hole blurs."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dagcheck.bounded import Bounded
from dagcheck.project.editing import index_of
from dagcheck.project.workspace import Workspace

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FEATURES, SCRIPT, NEW = "src/bike_demand/features.py", "scripts/predict.py", "src/bike_demand/new_{}.py"
EDITS = 60
BLOCKS_PER_EDIT = 2.0
"""A leak has at least ten: an entry with its key and what it holds."""

Edit = Callable[[Workspace, int], None]


def test_a_full_mapping_forgets_its_older_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bounded, "MOST", 4)
    known: Bounded[int, int] = Bounded()
    for number in range(5):
        known[number] = number
    assert list(known) == [2, 3, 4]
    known[3] = 9
    assert known == {2: 2, 3: 9, 4: 4}


def typed(path: str, addition: str) -> Edit:
    """Put another text each time at the end of a file: `{}` is a number."""

    def edit(workspace: Workspace, number: int) -> None:
        text = Path(workspace.absolute(path)).read_text(encoding="utf-8")
        workspace.put(path, text + addition.replace("{}", str(number)))

    return edit


def came_and_went(workspace: Workspace, number: int) -> None:
    """A file was there for a moment."""
    path = NEW.format(number)
    file = Path(workspace.absolute(path))
    text = f"from hamilton.function_modifiers import tag\n@tag(a='b')\ndef new_{number}(felt_temperature: int) -> int:\n    return 1\n"
    file.write_text(text, encoding="utf-8")
    for _ in range(2):
        workspace.list_again()
        workspace.read_again(path)
        workspace.view()
        file.unlink(missing_ok=True)


def declared(workspace: Workspace, number: int) -> None:
    """The settings have another dataflow each time."""
    file = Path(workspace.absolute("pyproject.toml"))
    head = file.read_text(encoding="utf-8").partition("\n# typed\n")[0]
    table = f"[[tool.dagcheck.dataflow]]\nname = 'more{number}'\nmodules = ['bike_demand.features']\nconfig = {{ a = '{number}' }}"
    file.write_text(f"{head}\n# typed\n{table}\n", encoding="utf-8")
    workspace.list_again()


def packaged(workspace: Workspace, number: int) -> None:
    """Names that an installed package may have or not."""
    typed(
        FEATURES,
        "\nimport shapes\nfrom shapes.part{} import Part\n\ndef late(felt_temperature: shapes.Square{}, x: Part) -> shapes.Square:\n    return x\n",
    )(workspace, number)


DRIVEN = (
    "\nfrom bike_demand import features\nfrom hamilton import driver\n"
    "made = driver.Builder().with_modules(features).with_config({'scale': 'v{}'}).build()\nmade.execute(['felt_temperature'])\n"
)
EDITINGS: dict[str, Edit] = {
    "bodies": typed(FEATURES, "\n\ndef late(felt_temperature: int) -> int:\n    return {}\n"),
    "names of functions": typed(FEATURES, "\n\ndef late_{}(felt_temperature: int) -> int:\n    return 1\n"),
    "names of inputs": typed(FEATURES, "\n\ndef late(input_{}: int) -> int:\n    return 1\n"),
    "classes": typed(FEATURES, "\n\nclass C{}: pass\n\ndef late(felt_temperature: C{}) -> list[C{}]:\n    return 1\n"),
    "foreign classes": typed(
        FEATURES, "\n\nimport pandas\ndef late(felt_temperature: pandas.C{}) -> pandas.X{}:\n    return 1\n"
    ),
    "literals": typed(
        FEATURES,
        "\n\nfrom typing import Literal\ndef late(felt_temperature: Literal['{}']) -> Literal[{}]:\n    return 1\n",
    ),
    "imports": typed(
        FEATURES,
        "\n\nimport m{}\nfrom numpy.m{} import b\n\ndef late(felt_temperature: m{}.C, b: b) -> int:\n    return 1\n",
    ),
    "imports of the project": typed(FEATURES, "\n\nfrom bike_demand.m{} import x\nfrom bike_demand import y{}\n"),
    "keys of the configuration": typed(
        PREDICTION := "src/bike_demand/prediction.py",
        "\n\n@config.when(key_{}='v{}')\ndef late(felt_temperature: int) -> int:\n    return 1\n",
    ),
    "configurations of drivers": typed(SCRIPT, DRIVEN),
    "dataflows": typed(SCRIPT, DRIVEN.replace("made", "made_{}")),
    "files": came_and_went,
    "settings": declared,
    "packages": packaged,
}


@pytest.mark.parametrize("name", EDITINGS)
def test_edits_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(Bounded, "MOST", 40)
    shutil.copytree(FIXTURES / "training", tmp_path / "training")
    package = tmp_path / "training" / ".venv" / "lib" / "python3.11" / "site-packages" / "shapes"
    if name == "packages":
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("class Square: pass\n", encoding="utf-8")
        (tmp_path / "training" / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n", encoding="utf-8")
    workspace = Workspace(str(tmp_path / "training"))
    sizes = []
    for number in range(3 * EDITS):
        EDITINGS[name](workspace, number)
        index_of(workspace.view())
        if number % EDITS == EDITS - 1:
            gc.collect()
            sizes.append(sys.getallocatedblocks())
    assert (sizes[-1] - sizes[0]) / (2 * EDITS) < BLOCKS_PER_EDIT, sizes
