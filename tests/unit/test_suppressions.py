from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dagcheck.source.suppressions import Suppression, suppressions
from dagcheck.span import Span


def only(text: str) -> Suppression:
    [found] = suppressions(text)
    return found


def test_a_comment_beside_code_names_rules_for_its_line() -> None:
    assert only("x = 1\ny = 2  # dagcheck: ignore[type-mismatch] in euros\n") == Suppression(
        line=2,
        rules=("type-mismatch",),
        for_file=False,
        span=Span(2, 8, 2, 50),
        reason="in euros",
    )


@pytest.mark.parametrize(
    ("comment", "rules", "reason"),
    [
        ("# dagcheck: ignore[a, b-c]", ("a", "b-c"), ""),
        ("# dagcheck: ignore[a,b,]", ("a", "b"), ""),
        ("# dagcheck: ignore[ a ]", ("a",), ""),
        ("#dagcheck:ignore[a]", ("a",), ""),
        ("#  dagcheck:  ignore [a]  because", ("a",), "because"),
        ("# dagcheck: ignore", None, ""),
        ("# dagcheck: ignore the column is gone", None, "the column is gone"),
        ("# dagcheck: ignore: the column is gone", None, ": the column is gone"),
        ("# dagcheck: ignore[a] (see [1])", ("a",), "(see [1])"),
    ],
)
def test_spellings(comment: str, rules: tuple[str, ...] | None, reason: str) -> None:
    found = only(f"x = 1  {comment}\n")
    assert (found.rules, found.reason, found.problem) == (rules, reason, "")


def test_other_tools_may_share_the_comment() -> None:
    found = only("x = 1  # noqa: E501  # dagcheck: ignore[a] why  # pragma: no cover\n")
    assert (found.rules, found.reason) == (("a",), "why")
    assert found.span == Span(1, 22, 1, 47)


def test_two_suppressions_may_share_a_comment() -> None:
    text = "x = 1  # dagcheck: ignore[a] one # dagcheck: ignore[b] two\n"
    assert [(found.rules, found.reason) for found in suppressions(text)] == [(("a",), "one"), (("b",), "two")]


def test_columns_count_code_points() -> None:
    assert only("é = 'ü😀'  # dagcheck: ignore[a]\n").span == Span(1, 11, 1, 32)


@pytest.mark.parametrize(
    "text",
    [
        "x = '# dagcheck: ignore[a]'\n",
        'def f():\n    """\n    # dagcheck: ignore[a]\n    """\n',
        "x = 1  # dagcheck ignore[a]\n",
        "x = 1  # mydagcheck: ignore[a]\n",
        "x = 1  # see dagcheck: ignore[a]\n",
        "x = 1  # Dagcheck: ignore[a]\n",
        "x = 1  # dagcheck:\n",
        "dagcheck: int = 1\n",
        "x = 1\n",
        "",
    ],
)
def test_near_misses_are_no_suppressions(text: str) -> None:
    assert suppressions(text) == ()


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("x = 1  # dagcheck: ignored[a]", "`ignored` is no instruction"),
        ("x = 1  # dagcheck: disable=a", "`disable` is no instruction"),
        ("x = 1  # dagcheck: ignore-files[a]", "`ignore-files` is no instruction"),
        ("x = 1  # dagcheck: ignore[a", "the bracket is not closed"),
        ("x = 1  # dagcheck: ignore[a # b", "the bracket is not closed"),
        ("x = 1  # dagcheck: ignore[]", "the brackets name no rule"),
        ("x = 1  # dagcheck: ignore[ , ]", "the brackets name no rule"),
        ("x = 1  # dagcheck: ignore-file[a]", "must stand on a line of its own"),
    ],
)
def test_what_is_written_wrongly_suppresses_nothing_and_says_why(comment: str, problem: str) -> None:
    found = only(f"{comment}\n")
    assert problem in found.problem
    assert not found.covers("a", 1)


@pytest.mark.parametrize("indentation", ["", "    "])
def test_a_file_is_suppressed_from_a_line_of_its_own(indentation: str) -> None:
    found = only(f"if x:\n    y\n{indentation}# dagcheck: ignore-file[a, b] generated\n")
    assert (found.line, found.for_file, found.rules, found.reason) == (3, True, ("a", "b"), "generated")


def test_a_whole_file_can_be_suppressed() -> None:
    found = only("# dagcheck: ignore-file\n")
    assert found.covers("any-rule", 99)


def test_a_suppression_covers_its_line_and_rules_only() -> None:
    found = only("x = 1  # dagcheck: ignore[a]\n")
    assert found.covers("a", 1)
    assert not found.covers("b", 1)
    assert not found.covers("a", 2)


def test_one_without_brackets_covers_all_rules_of_its_line() -> None:
    found = only("x = 1  # dagcheck: ignore\n")
    assert found.covers("a", 1)
    assert not found.covers("a", 2)


def test_one_for_the_file_covers_its_rules_in_every_line() -> None:
    found = only("# dagcheck: ignore-file[a]\n")
    assert found.covers("a", 7)
    assert not found.covers("b", 1)


def test_each_line_of_a_call_or_decorator_has_its_own() -> None:
    text = "@tag(\n    a='1',  # dagcheck: ignore[a]\n)  # dagcheck: ignore[b]\ndef f():  # dagcheck: ignore[c]\n    pass\n"
    assert [(found.line, found.rules) for found in suppressions(text)] == [(2, ("a",)), (3, ("b",)), (4, ("c",))]


@pytest.mark.parametrize(
    "rest",
    ["x = (1,\n", "x = '''abc\n", "  y = 1\n z = 2\n", "x = 'abc\n", "\0\n", "x = $\n", "if x:\n        y\n\tz\n"],
)
def test_what_stands_before_a_fault_in_the_syntax_counts(rest: str) -> None:
    found = suppressions("x = 1  # dagcheck: ignore[a]\n" + rest)
    assert [suppression.rules for suppression in found] in ([("a",)], [])


def test_form_feeds_do_not_shift_lines() -> None:
    assert only("x = '\x0c\x1c\u2028'\n\x0cy = 1  # dagcheck: ignore[a]\n").line == 2


def test_only_texts_that_mention_dagcheck_are_tokenized() -> None:
    script = (
        "import sys; from dagcheck.source.suppressions import suppressions\n"
        "suppressions('x = 1  # noqa\\n'); print('tokenize' in sys.modules)\n"
        "suppressions('x = 1  # dagcheck: ignore\\n'); print('tokenize' in sys.modules)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True"]
