"""Which repository builds drivers in hundreds of test files? A generated one, for what an edit of one of them costs.

`DriversProject` writes modules of features, a helper that builds drivers, and test files: each builds one by a fixture and an
open flag, one through the helper, and one for a parametrized test. Run as a script: `python benchmarks/drivers.py FOLDER [FILES]`.
"""

from __future__ import annotations

import sys
from pathlib import Path

FEATURES = 20
FILES = 300

HELPER = """\
from hamilton import driver

DEFAULTS = {"region": "US"}


def build(*modules, **config):
    return driver.Builder().with_modules(*modules).with_config({**DEFAULTS, **config}).build()
"""
TEST = """\
import features.part_{other} as other
import pytest
from features import part_{own}
from hamilton import driver
from support import build


def make(flag=False):
    builder = driver.Builder().with_modules(part_{own}).with_config({{"number": {number}}})
    if flag:
        builder = builder.with_modules(other)
    return builder.build()


@pytest.fixture
def dr():
    return make()


def test_one(dr):
    assert dr.execute(["node_{own}_3"], inputs={{"raw": 1}})


def test_two():
    dr = build(part_{own}, window={number})
    result = dr.execute(["node_{own}_19", "node_{own}_1"], inputs={{"raw": 2}})
    assert result


@pytest.mark.parametrize("name", ["node_{own}_1", "node_{own}_2", "node_{own}_4"])
def test_three(name):
    dr = driver.Driver({{"key": {number}}}, part_{own})
    assert dr.execute([name], inputs={{"raw": 3}})


def test_four():
    with pytest.raises(ValueError):
        make(True).execute(["nothing"])
"""


class DriversProject:
    """The generated repository. State: the edits so far."""

    def __init__(self, folder: Path, files: int = FILES) -> None:
        self.folder = folder
        self._edits = 0
        for name in ("features", "tests"):
            (folder / name).mkdir(parents=True)
        _write(folder / "features" / "__init__.py", '"""Generated."""\n')
        _write(folder / "support.py", HELPER)
        for part in range(FEATURES):
            _write(folder / "features" / f"part_{part}.py", _features(part))
        for number in range(files):
            own, other = number % FEATURES, (number * 7 + 3) % FEATURES
            _write(folder / "tests" / f"test_{number}.py", TEST.format(own=own, other=other, number=number))

    def edit(self) -> None:
        """Change one test."""
        self._edits += 1
        path = self.folder / "tests" / "test_5.py"
        _write(path, f"{path.read_text(encoding='utf-8')}# edit {self._edits}\n")


def _features(part: int) -> str:
    functions = [f"WINDOW = {part}\n"]
    before = "raw"
    for number in range(20):
        name = f"node_{part}_{number}"
        functions.append(f"def {name}({before}: int) -> int:\n    return {before} + WINDOW\n")
        before = name
    return "\n\n".join(functions)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    DriversProject(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else FILES)
