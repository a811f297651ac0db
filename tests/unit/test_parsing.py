from __future__ import annotations

import ast
import sys
import warnings

import pytest

from dagcheck.source.parsing import SyntaxFault, column_converter, parse, span_at
from dagcheck.span import Span


def fault(text: str) -> SyntaxFault:
    found = parse(text)
    assert isinstance(found, SyntaxFault), ast.dump(found)
    return found


def marked(text: str) -> str:
    """The part of the text that the fault points at."""
    span = fault(text).span
    lines = text.split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    middle = lines[span.line : span.end_line - 1]
    return "\n".join(
        [lines[span.line - 1][span.column - 1 :], *middle, lines[span.end_line - 1][: span.end_column - 1]]
    )


def test_valid_text_gives_a_tree() -> None:
    tree = parse("x = 1\n")
    assert isinstance(tree, ast.Module)
    assert isinstance(tree.body[0], ast.Assign)


def test_the_empty_text_is_an_empty_module() -> None:
    tree = parse("")
    assert isinstance(tree, ast.Module)
    assert tree.body == []


def test_a_missing_final_newline_is_no_fault() -> None:
    assert isinstance(parse("def f(): pass"), ast.Module)


@pytest.mark.parametrize(
    ("text", "line", "column", "points_at"),
    [
        ("x = (1,\n", 1, 5, "("),
        ("üü = (1,\n", 1, 6, "("),
        ("x = 'abc\n", 1, 5, "'"),
        ("é = 'é' 'abc\n", 1, 9, "'"),
        ("x = 1\nüü = '''abc\nfoo\n", 2, 6, "'"),
        ("x = 'üüü' y\n", 1, 11, "y"),
        ("if x:\n\ty = 1 2\n", 2, 8, "2"),
        ("é f() = 1\n", 1, 3, "f"),
        ("é = 'é' + €\n", 1, 11, "€"),
        ("x\xa0= 1\n", 1, 2, "\xa0"),
        ("é = (]\n", 1, 6, "]"),
        ("\x0cx = 1 2\n", 1, 8, "2"),
        ("f(é=1, é)\n", 1, 9, ")"),
        ("def f():\nx = 1\n", 2, 1, "x"),
        ("é = 1\nx = '\0'\n", 2, 6, "\0"),
    ],
)
def test_columns_count_code_points(text: str, line: int, column: int, points_at: str) -> None:
    span = fault(text).span
    assert (span.line, span.column) == (line, column)
    assert marked(text) == points_at


def test_a_fault_at_the_end_of_a_line_is_one_column_past_it() -> None:
    assert fault("é = 'ü' +\n").span[:2] == (1, 10)


def test_a_block_missing_at_the_end_of_the_text_is_reported_inside_it() -> None:
    for text in ("def f():", "def f():\n"):
        found = fault(text)
        assert "expected an indented block" in found.message
        assert found.span == Span(1, 9, 1, 9)


@pytest.mark.parametrize(
    ("text", "line", "points_at"),
    [
        ("x = 1\n   y = 2\n", 2, "y = 2"),
        ("if x:\n    y\n  ü = 'é'\n", 3, "ü = 'é'"),
        ("if x:\n        y\n\tz\n", 3, "z"),
    ],
)
def test_a_fault_in_the_indentation_points_at_what_is_indented(text: str, line: int, points_at: str) -> None:
    assert fault(text).span.line == line
    assert marked(text) == points_at


def test_a_fault_that_spans_lines_keeps_its_end() -> None:
    assert fault("é = (1\n\n\n+ 2 3)\n").span == Span(1, 6, 4, 5)


@pytest.mark.parametrize("text", ["foo(f'{x} {a b}', 1)\n", "é = f'{a b}'\n", "x = 1\ny = f'''\nz {a b}'''\n"])
def test_a_fault_inside_an_f_string_points_into_it(text: str) -> None:
    assert marked(text) == "a b"


def test_a_number_with_too_many_digits_is_a_fault_without_advice() -> None:
    found = fault("\né = " + "9" * 5000 + "\n")
    assert "integer string conversion" in found.message
    assert "sys." not in found.message


def test_a_lone_surrogate_is_a_fault_where_it_stands() -> None:
    assert fault("a = 1\nb = '\ud800'\n").span == Span(2, 6, 2, 7)


@pytest.mark.parametrize(
    "text",
    [
        "-" * 50_000 + "1",
        "(" * 50_000,
        "a" + ".b" * 50_000,
        "1" + "+1" * 50_000,
        "x = " + "lambda:" * 5_000 + "1",
        "".join(" " * depth + "if a:\n" for depth in range(300)),
        "if a: pass\n" + "elif a: pass\n" * 50_000,
    ],
)
def test_code_nested_too_deeply_gives_a_value_and_no_exception(text: str) -> None:
    found = parse(text)
    assert isinstance(found, ast.Module) or found.message


def test_unbalanced_nesting_is_a_fault() -> None:
    assert "too many nested parentheses" in fault("(" * 50_000).message


def test_warnings_are_neither_printed_nor_raised(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(parse("x = '\\d'\ny = 1if x else 2\n"), ast.Module)
    assert capfd.readouterr() == ("", "")


def test_ascii_text_needs_no_column_converter() -> None:
    assert column_converter("x = 'a'\n") is None


def test_byte_columns_become_code_points() -> None:
    text = "x = 1\né = 'ü😀' + y\n"
    column = column_converter(text)
    assert column is not None
    tree = ast.parse(text)
    places = {node.id: column(node.lineno, node.col_offset) for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert places == {"x": 1, "é": 1, "y": text.split("\n")[1].index("y") + 1}


def test_the_columns_of_an_ascii_line_in_a_non_ascii_text_are_plain() -> None:
    column = column_converter("x = 1\n# é\n")
    assert column is not None
    assert column(1, 4) == 5


def test_a_span_of_one_character_knows_its_line() -> None:
    assert span_at("a\nbc\n", 0) == Span(1, 1, 1, 2)
    assert span_at("a\nbc\n", 3) == Span(2, 2, 2, 3)


def test_the_grammar_is_that_of_the_running_interpreter() -> None:
    nested_quotes = parse("x = f'{d['a']}'\n")
    assert isinstance(nested_quotes, ast.Module) == (sys.version_info >= (3, 12))
