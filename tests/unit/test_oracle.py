"""Does the oracle tell the truth, whole and undisturbed?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests.harness.oracle import CAN_FORK, Oracle, OracleError

VARIANTS = """\
from hamilton.function_modifiers import config, tag
import pandas as pd
print("imported")

@tag(owner="growth", regions=["US"])
@config.when(region="US")
def price__us(cost: int, rate: float = 1.0) -> pd.DataFrame:
    "The price."
"""


def module(folder: Path, text: str, name: str = "flow") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def plain() -> Iterator[Oracle]:
    """An oracle that starts a process for each question."""
    with contextlib.closing(Oracle(fork=False)) as oracle:
        yield oracle


def test_a_node_is_told_in_full(oracle: Oracle, tmp_path: Path) -> None:
    verdict = oracle.ask(module(tmp_path, VARIANTS), ["flow"], {"region": "US"})
    assert verdict.rejection is None
    assert verdict.nodes[0] == {
        "name": "price",
        "kind": "function",
        "role": "standard",
        "type": f"{pd.DataFrame.__module__}.DataFrame",
        "dependencies": [
            {"name": "cost", "type": "int", "optional": False},
            {"name": "rate", "type": "float", "optional": True},
        ],
        "tags": {"module": "flow", "hamilton.config": "region", "owner": "growth", "regions": ["US"]},
        "documentation": "The price.",
        "function": "price__us",
        "path": "flow.py",
        "line": 5,
    }
    assert [(node["name"], node["kind"]) for node in verdict.nodes[1:]] == [
        ("cost", "input"),
        ("rate", "input"),
        ("region", "input"),
    ]
    assert verdict.output == "imported\n"


def test_every_question_has_a_fresh_process(oracle: Oracle, tmp_path: Path) -> None:
    folder = module(tmp_path, VARIANTS.replace("price__us", "price__a__b"))
    for _ in range(3):
        assert oracle.ask(folder, ["flow"], {"region": "US"}).nodes[0]["name"] == "price__a"


def test_two_folders_may_have_modules_of_one_name(oracle: Oracle, tmp_path: Path) -> None:
    for name in ("a", "b", "random"):
        folder = module(tmp_path / name, f"def {name}(x: int) -> int: ...", "random")
        assert oracle.ask(folder, ["random"]).nodes[0]["name"] == name


def test_nothing_of_the_harness_or_the_repository_can_be_imported(oracle: Oracle, tmp_path: Path) -> None:
    for name in ("type_text", "tests", "conftest", "fixtures"):
        rejection = oracle.ask(module(tmp_path, f"import {name}"), ["flow"]).rejection
        assert rejection is not None
        assert rejection.type == "ModuleNotFoundError", name


def test_without_fork_the_answers_are_the_same(oracle: Oracle, plain: Oracle, tmp_path: Path) -> None:
    folder = module(tmp_path, VARIANTS)
    assert CAN_FORK
    for modules, config in ((["flow"], {"region": "US"}), (["flow"], {}), (["nowhere"], {})):
        assert plain.ask(folder, modules, config)._replace(output="") == oracle.ask(folder, modules, config)._replace(
            output=""
        )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def a(:\n", ("import", "SyntaxError", "flow", "flow.py", 1)),
        ("x = 1\nraise KeyError('no')\n", ("import", "KeyError", "flow", "flow.py", 2)),
        ("import sys\nsys.exit(3)\n", ("import", "SystemExit", "flow", "flow.py", 2)),
        ("def a(x: int): ...\n", ("build", "ValueError", None, None, None)),
    ],
)
def test_a_rejection_says_when_and_where(
    oracle: Oracle, tmp_path: Path, text: str, told: tuple[str | int | None, ...]
) -> None:
    rejection = oracle.ask(module(tmp_path, text), ["flow"]).rejection
    assert rejection is not None
    assert (rejection.stage, rejection.type, rejection.module, rejection.path, rejection.line) == told


def test_modules_may_override_each_other_if_allowed(oracle: Oracle, tmp_path: Path) -> None:
    module(tmp_path, "def a(x: int) -> int: ...")
    module(tmp_path, "def a(y: int) -> str: ...", "other")
    assert oracle.ask(tmp_path, ["flow", "other"]).rejection is not None
    verdict = oracle.ask(tmp_path, ["flow", "other"], allow_module_overrides=True)
    assert verdict.nodes[0]["type"] == "str"


def test_import_roots_are_searched(oracle: Oracle, tmp_path: Path) -> None:
    module(tmp_path / "src", "def a(x: int) -> int: ...")
    assert oracle.ask(tmp_path, ["flow"], roots=["src"]).nodes[0]["path"] == "src/flow.py"


@pytest.mark.parametrize("fork", [True, False])
def test_a_process_that_dies_or_hangs_is_no_verdict(tmp_path: Path, fork: bool) -> None:
    with contextlib.closing(Oracle((), fork=fork, time_limit=2.0)) as oracle:
        folder = module(tmp_path, "import os\nprint('last words', flush=True)\nos._exit(3)\n")
        with pytest.raises(OracleError, match=r"(?s)status 3.*last words"):
            oracle.ask(folder, ["flow"])
        with pytest.raises(OracleError, match="no answer after 2"):
            oracle.ask(module(tmp_path, "import time\ntime.sleep(60)\n"), ["flow"])


def test_the_modules_leave_nothing_behind(oracle: Oracle, tmp_path: Path) -> None:
    oracle.ask(module(tmp_path, VARIANTS), ["flow"])
    assert [path.name for path in tmp_path.iterdir()] == ["flow.py"]
