"""Do the rules, their pages and the index in docs/rules.md say the same? `pytest --update-snapshots` rewrites the index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagcheck.rules import RULES
from dagcheck.rules.rule import Rule

ROOT = Path(__file__).resolve().parents[2]
INDEX = ROOT / "docs" / "rules.md"
PAGES = sorted(ROOT.glob("dagcheck/rules/*.md"))
SECTIONS = ["What it does", "Why it matters", "Example", "Fix", "What it cannot see"]
LONGEST_PAGE = 95

_OPENING = """\
# Rules

A rule is named after the fault that it finds. `dagcheck rule NAME` shows its page, `# dagcheck: ignore[NAME]` at the end of a line
keeps it quiet there. *Severity* says how bad a finding is; without `--fail-on`, only errors make `dagcheck check` fail.

<!-- Made from RULES by tests/unit/test_rule_pages.py: run it with --update-snapshots instead of editing this file. -->
"""


def index() -> str:
    """What docs/rules.md has to say: a table for each group, in the order of RULES."""
    return "\n".join([_OPENING, *_groups()])


def test_the_index_is_made_from_the_rules(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-snapshots"):
        INDEX.write_text(index(), encoding="utf-8", newline="\n")
    assert INDEX.read_text(encoding="utf-8") == index(), "pytest --update-snapshots rewrites it"


def test_each_rule_has_a_page_and_each_page_a_rule() -> None:
    assert [page.stem for page in PAGES] == sorted(_file_name(rule) for rule in RULES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_opens_with_the_name_of_its_rule_and_a_sentence(page: Path) -> None:
    title, empty, sentence = page.read_text(encoding="utf-8").splitlines()[:3]
    assert (title, empty) == (f"# {page.stem.replace('_', '-')}", "")
    assert re.match(r"[A-Z].*[.,\w]$", sentence)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_its_five_sections_in_order(page: Path) -> None:
    assert re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE) == SECTIONS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_can_be_read_in_five_minutes(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_PAGE
    assert [line for line in lines if len(line) > 120] == []


def _groups() -> Iterator[str]:
    for group in dict.fromkeys(rule.group for rule in RULES):
        yield f"## {group.capitalize()}\n"
        yield "| rule | severity | what it finds |\n|---|---|---|"
        for rule in RULES:
            if rule.group == group:
                summary = rule.summary if rule.default else f"{rule.summary} (off until selected)"
                yield f"| [`{rule.name}`](../dagcheck/rules/{_file_name(rule)}.md) | {rule.severity} | {summary} |"
        yield ""


def _file_name(rule: Rule) -> str:
    return rule.name.replace("-", "_")
