"""Is the code as small as it promises? The budgets of docs/architecture.md, counted on the syntax tree."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import TypeAlias

import pytest

from dagcheck.rules import RULES

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dagcheck"
SOURCES = sorted(PACKAGE.rglob("*.py"))
DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "shared", "stuff"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions() -> list[tuple[str, int]]:
    """Every function with its length in lines, decorators left out."""
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, Function)
    ]


def lengths() -> list[tuple[str, int]]:
    """Every file with its length in lines."""
    return [(str(path.relative_to(ROOT)), len(path.read_text(encoding="utf-8").splitlines())) for path in SOURCES]


def test_no_file_is_longer_than_400_lines() -> None:
    assert [name for name, length in lengths() if length > 400] == []


def test_the_median_file_has_at_most_120_lines() -> None:
    assert median(length for _, length in lengths()) <= 120


def test_no_function_is_longer_than_60_lines() -> None:
    assert [name for name, length in functions() if length > 60] == []


def test_the_median_function_has_at_most_9_lines_and_nine_in_ten_at_most_30() -> None:
    sizes = [length for _, length in functions()]
    assert (median(sizes) <= 9, quantiles(sizes, n=10)[-1] <= 30) == (True, True), (
        median(sizes),
        quantiles(sizes, n=10),
    )


def test_no_file_is_a_drawer() -> None:
    stems = {part.strip("_") for path in SOURCES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert stems & DRAWERS == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


def test_every_rule_file_is_in_the_list_and_has_a_page() -> None:
    folder = PACKAGE / "rules"
    written = {path.stem for path in folder.glob("*.py") if _holds_a_rule(path)}
    assert sorted(rule.name.replace("-", "_") for rule in RULES) == sorted(written)
    assert {path.stem for path in folder.glob("*.md")} == written


def _holds_a_rule(path: Path) -> bool:
    decorators = [each for node in tree(path).body if isinstance(node, Function) for each in node.decorator_list]
    return any(isinstance(each, ast.Call) and ast.unparse(each.func) == "rule" for each in decorators)
