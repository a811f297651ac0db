"""What does this text say as Python? A syntax tree, or the fault that prevents one.

Terms: a *fault* is what CPython's parser objects to, with a span in code points, clamped to the text so that every
report can show it. The grammar is that of the running interpreter. The text has Python's newlines already
(`dagcheck.source.decoding` sees to that); nothing here reads files, and nothing is compiled or executed.

One limit is CPython's own: version 3.10 overflows its C stack on chains of some 100,000 operators in one expression.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable
from typing import NamedTuple

from dagcheck.span import NOWHERE, Span


class SyntaxFault(NamedTuple):
    """Why a text is no Python, in CPython's words, and where."""

    message: str
    span: Span


def parse(text: str) -> ast.Module | SyntaxFault:
    """The syntax tree of `text`, or why there is none. Never raises and never prints a warning."""
    if "\0" in text:
        return SyntaxFault("source code cannot contain null bytes", span_at(text, text.index("\0")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return SyntaxFault(_words(error), _span(error, text.split("\n")))
        except (RecursionError, MemoryError):
            return SyntaxFault("the code is nested too deeply for Python's parser", NOWHERE)
        except UnicodeEncodeError as error:
            return SyntaxFault("source code cannot contain lone surrogates", span_at(text, error.start))
        except (ValueError, OverflowError) as error:
            return SyntaxFault(str(error), NOWHERE)


def column_converter(text: str) -> Callable[[int, int], int] | None:
    """From `ast`'s places to ours: (1-based line, 0-based UTF-8 byte offset) -> 1-based column in code points.

    None when the text is pure ASCII: there the column is the byte offset plus one.
    """
    if text.isascii():
        return None
    lines = text.split("\n")

    def column(line: int, byte_offset: int) -> int:
        row = lines[line - 1]
        if row.isascii():
            return byte_offset + 1
        return len(row.encode("utf-8", "surrogatepass")[:byte_offset].decode("utf-8", "replace")) + 1

    return column


def span_at(text: str, index: int) -> Span:
    """The span of the one character at `index`, 0-based in code points."""
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    return Span(line, column, line, column + 1)


def _words(error: SyntaxError) -> str:
    """CPython's message without its advice to change the interpreter's settings."""
    return str(error.msg).partition("; use sys.set_int_max_str_digits()")[0]


def _span(error: SyntaxError, lines: list[str]) -> Span:
    """Where CPython points, inside the text, at least one character wide unless at the end of its line."""
    line = min(max(error.lineno or 1, 1), len(lines))
    row = lines[line - 1]
    if _means_the_line(error):
        return Span(line, len(row) - len(row.lstrip()) + 1, line, len(row) + 1)
    shift = _shift(error, row)
    column = min(max((error.offset or 1) + shift, 1), len(row) + 1)
    end_line = min(max(error.end_lineno or line, line), len(lines))
    end_column = min((error.end_offset or 0) + shift, len(lines[end_line - 1]) + 1)
    if (end_line, end_column) <= (line, column):
        return Span(line, column, line, min(column, len(row)) + 1)
    return Span(line, column, end_line, end_column)


def _means_the_line(error: SyntaxError) -> bool:
    """Whether the fault is in the indentation or has no column: CPython then gives none or a misleading one."""
    expects_block = str(error.msg).startswith("expected an indented block")
    return (isinstance(error, IndentationError) and not expects_block) or not error.offset


def _shift(error: SyntaxError, row: str) -> int:
    """How far CPython's columns are off: before 3.12 it parses what stands between an f-string's braces by itself,
    in parentheses, and counts columns from there."""
    text = (error.text or "").strip()
    if sys.version_info >= (3, 12) or not (text.startswith("(") and text.endswith(")")):
        return 0
    return max(row.find(text[1:-1]) - 1, 0) if text not in row else 0
