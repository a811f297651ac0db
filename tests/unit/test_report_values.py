"""Values of configurations in words and in JSON: total, deterministic, and honest about what is no JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dagcheck.evaluation.boxes import Unhashable
from dagcheck.evaluation.values import Construction, Member, Module, Reference, Subscripted, Unknown
from dagcheck.report.values import ABSENT, as_json, condition_in_words, settings_in_words, written

FRAME = Reference("pandas.DataFrame")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("US", '"US"'),
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ("a\nb", '"a\\nb"'),
        (None, "None"),
        (1.5, "1.5"),
        (b"x", "b'x'"),
        (..., "Ellipsis"),
        ([1, "a"], '[1, "a"]'),
        ((1,), "(1,)"),
        ((), "()"),
        ({"k": (1, 2)}, '{"k": (1, 2)}'),
        ({"b", "a"}, '{"a", "b"}'),
        (set(), "set()"),
        (frozenset({2, 1}), "frozenset({1, 2})"),
        (frozenset(), "frozenset()"),
        (FRAME, "pandas.DataFrame"),
        (Reference("builtins.int"), "int"),
        (Module("features.spend"), "features.spend"),
        (Member(FRAME, "T"), "pandas.DataFrame.T"),
        (Subscripted(Reference("builtins.list"), (Reference("builtins.int"),)), "list[int]"),
        (Construction(FRAME, (1,), (("copy", True),)), "pandas.DataFrame(1, copy=True)"),
        (Unknown("a call"), "<unknown: a call>"),
        (Unhashable("[1]"), "[1]"),
    ],
)
def test_a_value_is_written_as_in_python(value: Any, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "x", [1, [None]], {"a": {"b": []}}, ABSENT])
def test_json_values_are_themselves(value: Any) -> None:
    assert as_json(value) == value
    assert json.loads(json.dumps(as_json(value))) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1, 2), "(1, 2)"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ({1: 2}, "{1: 2}"),
        ({"$absent": False}, '{"$absent": False}'),
        ([1, {2}], "[1, {2}]"),
        (b"x", "b'x'"),
        (FRAME, "pandas.DataFrame"),
    ],
)
def test_what_json_cannot_say_is_written_instead(value: Any, text: str) -> None:
    assert as_json(value) == {"$repr": text}


def test_a_configuration_reads_on_one_line() -> None:
    assert (
        settings_in_words((("region", "US"), ("debug", True), ("mode", ABSENT)))
        == 'region="US", debug=True, mode absent'
    )


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ([{"region": {"in": ["US"]}}], 'region="US"'),
        ([{"region": {"not_in": ["US"]}}], 'region!="US"'),
        ([{"region": {"in": ["US", ABSENT]}}], 'region in {"US", absent}'),
        ([{"region": {"not_in": [1, 2]}}], "region not in {1, 2}"),
        ([{"region": {"in": [ABSENT]}}], "region absent"),
        ([{"region": {"not_in": [ABSENT]}}], "region given"),
        ([{"region": {"part_of": "US,UK"}}], 'region in "US,UK"'),
        ([{"x": {"in": [{"$repr": "(1, 2)"}]}}], "x=(1, 2)"),
        ([{"a": {"in": [1]}, "b": {"in": [2]}}], "a=1 and b=2"),
        ([{"a": {"in": [1]}, "b": {"in": [2]}}, {"c": {"in": [3]}}], "(a=1 and b=2) or c=3"),
        ([{"a": {"in": list(range(20))}}], "a in {0, 1, 2, 3, 4, 5, 6, ... 13 more}"),
    ],
)
def test_a_condition_reads_on_one_line(when: list[dict[str, Any]], words: str) -> None:
    assert condition_in_words(when) == words
