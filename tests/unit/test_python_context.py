"""A context of Hamilton's command line in Python is read, never run."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagcheck.project.contexts import python_context
from dagcheck.settings import UsageError
from dagcheck.settings.context import RunContext, run_context


def context(folder: Path, text: str) -> RunContext:
    (folder / "context.py").write_text(text, encoding="utf-8")
    return python_context("context.py", str(folder))


def complaint(folder: Path, text: str) -> list[str]:
    with pytest.raises(UsageError) as raised:
        context(folder, text)
    return list(raised.value.messages)


def test_the_four_names_are_taken(tmp_path: Path) -> None:
    text = """
REGIONS = ["US", "EU"]
HAMILTON_CONFIG = {"region": REGIONS[0], "depth": 1 + 2}
HAMILTON_FINAL_VARS = ["model", *(f"spend_{region.lower()}" for region in REGIONS)]
HAMILTON_INPUTS = dict(raw=open("data.csv").read(), n=3)
HAMILTON_OVERRIDES = {}
OTHER = print("run")
"""
    expected = RunContext(
        {"region": "US", "depth": 3}, ("model", "spend_us", "spend_eu"), inputs=("raw", "n"), overrides=()
    )
    assert context(tmp_path, text) == expected


def test_neighbours_are_followed(tmp_path: Path) -> None:
    (tmp_path / "regions.py").write_text("DEFAULT = 'US'\n", encoding="utf-8")
    text = "from regions import DEFAULT\nHAMILTON_CONFIG = {'region': DEFAULT}\n"
    assert context(tmp_path, text).config == {"region": "US"}


def test_what_a_run_decides_is_left_open(tmp_path: Path) -> None:
    text = "import os\nHAMILTON_CONFIG = {'region': os.environ['REGION'], 'depth': 3}\n"
    assert context(tmp_path, text) == RunContext(config=None, assume={"depth": 3})


def test_options_are_laid_over_what_is_known(tmp_path: Path) -> None:
    text = "import os\nHAMILTON_CONFIG = {'region': os.environ['REGION'], 'depth': 3}\n"
    (tmp_path / "context.py").write_text(text, encoding="utf-8")
    found = run_context(["region=US"], "context.py", str(tmp_path), read_python=python_context)
    assert found == RunContext(config={"depth": 3, "region": "US"})


def test_all_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    text = """
HAMILTON_CONFIG = ["US"]
HAMILTON_FINAL_VARS = open("names.txt").read()
HAMILTON_INPUTS = [3]
HAMILTON_OVERRIDES = 5
"""
    assert complaint(tmp_path, text) == [
        "context.py: HAMILTON_CONFIG must be a mapping",
        "context.py:3:23: HAMILTON_FINAL_VARS cannot be read without running the file: `open(...).read` reads a file",
        "context.py: HAMILTON_INPUTS must be made of names",
        "context.py: HAMILTON_OVERRIDES must be a list of names or a mapping",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "HAMILTON_CONFIGS = {}\n",
            "binds none of HAMILTON_CONFIG, HAMILTON_FINAL_VARS, HAMILTON_INPUTS, HAMILTON_OVERRIDES",
        ),
        ("x = (\n", "line 1: '(' was never closed"),
    ],
)
def test_a_file_that_is_no_context_is_told(tmp_path: Path, text: str, message: str) -> None:
    assert complaint(tmp_path, text) == [f"--config-file context.py: {message}"]
