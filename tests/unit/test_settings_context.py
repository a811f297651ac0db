from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dagcheck.settings import UsageError
from dagcheck.settings.context import RunContext, configuration, run_context


def complaint(*values: str, file: str | None = None, cwd: str = "", option: str = "--config") -> list[str]:
    with pytest.raises(UsageError) as caught:
        run_context(values, file, cwd, option)
    return list(caught.value.messages)


def from_file(folder: Path, content: str, name: str = "config.json", values: tuple[str, ...] = ()) -> RunContext:
    (folder / name).write_text(content, encoding="utf-8")
    return run_context(values, name, str(folder))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("US", "US"),
        ("3", 3),
        ("3.5", 3.5),
        ("true", True),
        ("True", "True"),
        ("null", None),
        ("None", "None"),
        ('"3"', "3"),
        ("[1, 2]", [1, 2]),
        ('{"a": 1}', {"a": 1}),
        ("", ""),
        ("a=b", "a=b"),
        (" US", " US"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("{broken", "{broken"),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_a_value_is_json_where_it_can_be_and_a_string_elsewhere(written: str, value: Any) -> None:
    assert configuration([f"key={written}"]) == {"key": value}


def test_an_object_gives_many_keys() -> None:
    assert configuration(['{"region": "US", "depth": {"n": 1}}']) == {"region": "US", "depth": {"n": 1}}
    assert configuration([' {"a": 1}']) == {"a": 1}


def test_later_values_win() -> None:
    assert configuration(["a=1", '{"a": 2, "b": 2}', "b=3"]) == {"a": 2, "b": 3}


def test_nothing_given_is_not_the_empty_configuration() -> None:
    assert configuration([]) is None
    assert configuration(["{}"]) == {}


@pytest.mark.parametrize("value", ["region", "", "=US", " =US", "[1]", "3"])
def test_what_is_neither_is_told(value: str) -> None:
    assert complaint(value) == [f"--config {value}: expected KEY=VALUE or a JSON object"]
    assert complaint(value, option="--assume") == [f"--assume {value}: expected KEY=VALUE or a JSON object"]


def test_a_broken_object_is_told_with_its_place() -> None:
    assert complaint('{"a" 1}') == ["--config {\"a\" 1}:1:6: expecting ':' delimiter"]
    assert complaint('{"a": NaN}') == ['--config {"a": NaN}: NaN is no JSON']


def test_a_file_gives_the_configuration(tmp_path: Path) -> None:
    assert from_file(tmp_path, '{"region": "US"}').config == {"region": "US"}
    assert from_file(tmp_path, "region = 'US'\n[deep]\nn = 1\n", "config.toml").config == {
        "region": "US",
        "deep": {"n": 1},
    }
    assert from_file(tmp_path, "{}") == RunContext({})


def test_options_win_over_the_file(tmp_path: Path) -> None:
    assert from_file(tmp_path, '{"a": 1, "b": 1}', values=("b=2", "c=3")).config == {"a": 1, "b": 2, "c": 3}


def test_a_context_of_hamiltons_command_line_is_understood(tmp_path: Path) -> None:
    context = {
        "HAMILTON_CONFIG": {"region": "US"},
        "HAMILTON_FINAL_VARS": ["model"],
        "HAMILTON_INPUTS": {"raw": 1, "n": 2},
        "HAMILTON_OVERRIDES": {"spend": 3},
    }
    expected = RunContext({"region": "US"}, ("model",), ("raw", "n"), ("spend",))
    assert from_file(tmp_path, json.dumps(context)) == expected
    toml = "HAMILTON_CONFIG = {region = 'US'}\nHAMILTON_FINAL_VARS = ['model']\nHAMILTON_INPUTS = ['raw', 'n']\n"
    assert from_file(tmp_path, toml, "context.toml") == expected._replace(overrides=None)


def test_a_context_may_leave_things_out(tmp_path: Path) -> None:
    assert from_file(tmp_path, '{"HAMILTON_FINAL_VARS": ["model"]}') == RunContext(final_vars=("model",))
    assert from_file(tmp_path, '{"HAMILTON_FINAL_VARS": []}', values=("a=1",)) == RunContext({"a": 1}, ())


def test_a_key_that_only_resembles_hamiltons_is_configuration(tmp_path: Path) -> None:
    assert from_file(tmp_path, '{"HAMILTON_CONFIGS": 1}') == RunContext({"HAMILTON_CONFIGS": 1})


def test_all_mistakes_in_a_context_are_told(tmp_path: Path) -> None:
    context = (
        '{"HAMILTON_CONFIG": [], "HAMILTON_FINAL_VARS": {"a": 1}, "HAMILTON_INPUTS": "raw", "HAMILTON_OVERRIDES": [1]}'
    )
    (tmp_path / "c.json").write_text(context, encoding="utf-8")
    assert complaint(file="c.json", cwd=str(tmp_path)) == [
        "c.json: HAMILTON_CONFIG must be a mapping",
        "c.json: HAMILTON_FINAL_VARS must be a list of names",
        "c.json: HAMILTON_INPUTS must be a list of names or a mapping",
        "c.json: HAMILTON_OVERRIDES must be a list of names or a mapping",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.json", b'{"a": 1\n "b": 2}', "c.json:2:2: expecting ',' delimiter"),
        ("c.json", b"[1]", "c.json:1:1: expected a mapping from keys to values"),
        ("c.json", b"\xe9", "c.json:1:1: no UTF-8"),
        ("c.json", b"", "c.json:1:1: expecting value"),
        ("c.json", b'{"a": Infinity}', "c.json: Infinity is no JSON"),
        ("c.json", b"[" * 100_000, "c.json: nested too deeply"),
        ("c.toml", b"a = 1\nb\n", "c.toml:2:2: expected '=' after a key in a key/value pair"),
        (
            "c.py",
            b"HAMILTON_CONFIG = {}",
            "--config-file c.py: Python files are never run; write the mapping as JSON or TOML",
        ),
    ],
)
def test_a_faulty_file_is_told_with_the_place(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert complaint(file=name, cwd=str(tmp_path)) == [message]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert complaint(file="gone.json", cwd=str(tmp_path)) == ["--config-file gone.json: No such file or directory"]
    assert complaint(file=".", cwd=str(tmp_path)) == ["--config-file .: Is a directory"]
