"""`dagcheck rule`: every rule has a page, and a misspelt name finds its way."""

from __future__ import annotations

import json

import pytest

from dagcheck.rules import RULES
from tests.harness.analysis import run

NAMES = [rule.name for rule in RULES]


def test_without_a_name_all_rules_are_listed_with_severity_and_summary() -> None:
    answer = run(["rule"])
    assert (answer.status, answer.stderr) == (0, "")
    rows = [line.split() for line in answer.stdout.splitlines() if line.startswith("  ")]
    assert sorted(row[0] for row in rows) == sorted(NAMES)
    assert {row[1] for row in rows} <= {"error", "warning", "info"}
    assert all(len(row) > 2 for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_a_page_in_plain_and_in_colour(name: str) -> None:
    plain = run(["rule", name])
    assert (plain.status, plain.stderr) == (0, "")
    assert name in plain.stdout.splitlines()[0]
    assert "\x1b" not in plain.stdout
    colored = run(["rule", name, "--color", "always"])
    assert "\x1b[" in colored.stdout
    assert "```" not in colored.stdout


def test_json_carries_what_is_known_of_each_rule() -> None:
    document = json.loads(run(["rule", "--format", "json"]).stdout)
    assert document["schema_version"] == 1
    assert [row["name"] for row in document["rules"]] == NAMES
    assert list(document["rules"][0]) == ["name", "summary", "severity", "group", "level", "status", "default", "page"]
    (one,) = json.loads(run(["rule", NAMES[0], "--format", "json"]).stdout)["rules"]
    assert one == document["rules"][0]


def test_underscores_and_capitals_are_no_mistake() -> None:
    assert run(["rule", "Duplicate_Node"]).stdout == run(["rule", "duplicate-node"]).stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("duplicate-nod", "did you mean duplicate-node?"),
        ("sintax-error", "did you mean syntax-error?"),
        ("zzzzzz", "`dagcheck rule` lists all rules"),
    ],
)
def test_an_unknown_rule_is_status_2_with_the_nearest_names(name: str, hint: str) -> None:
    assert run(["rule", name]) == (2, "", f"dagcheck: unknown rule {name!r}; {hint}\n")
