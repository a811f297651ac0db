from __future__ import annotations

from typing import Any

import pytest

from dagcheck.settings.documents import read_toml
from dagcheck.settings.positions import Path, key_spans
from dagcheck.span import Span

DOCUMENT = '''\
# a comment with [brackets] and = signs
title = "x # no comment"  # a comment
"quoted key" = 1
'literal.key' = 2
"esc\\"aped" = 3
a.b . c = 4
"größe" = 5
text = """
[not.a.table]
key = "inside" \\""" still
"""
ends = """with quotes"""""
literal = \'\'\'
[no] \\\'\'\'
date = 1979-05-27 07:32:00Z
numbers = [ 1, 2.5, # one
   [3, 4], "x, ]", # two
   { k = "v", l.m = [true] },
]
empty = []
inline = { a = 1, "b c" = { d = [1] }, e = {} }

  [ table . sub ]
  key = inf
[table."x.y"]
key = -1_000
[[list]]
name = "first"
[list.inner]
deep = true
[[list.inner.list]]
[[list]]
name = "second"
[[list.inner]]
one = 1
[[list.inner]]
two = 2
[last]
key=1'''


def leaves(value: Any, path: Path = ()) -> dict[Path, Any]:
    """Every path of a document, to containers too."""
    children: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {} if not path else {path: value}
    for key, child in children:
        found |= leaves(child, (*path, key))
    return found


def at(text: str, span: Span) -> str:
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def test_every_key_and_value_of_a_document_has_a_place() -> None:
    document, text = read_toml("x.toml", DOCUMENT.encode())
    assert key_spans(text).keys() == leaves(document).keys()


def test_a_key_is_where_it_is_written() -> None:
    for path, span in key_spans(DOCUMENT).items():
        written = at(DOCUMENT, span)
        if isinstance(path[-1], str):
            assert written.strip("\"'").replace('\\"', '"') == path[-1], path


def test_values_in_lists_are_where_they_begin() -> None:
    spans = key_spans(DOCUMENT)
    first = [at(DOCUMENT, spans["numbers", index]) for index in range(4)]
    assert first == ["1", "2", "[", '"']
    assert at(DOCUMENT, spans["numbers", 2, 1]) == "4"


def test_tables_in_a_list_are_told_apart() -> None:
    spans = key_spans(DOCUMENT)
    lines = DOCUMENT.split("\n")
    assert lines[spans["list", 0, "name"].line - 1] == 'name = "first"'
    assert lines[spans["list", 1, "name"].line - 1] == 'name = "second"'
    assert lines[spans["list", 1, "inner", 1, "two"].line - 1] == "two = 2"
    assert lines[spans["list", 1].line - 1] == "[[list]]"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_and_columns_are_those_of_an_editor(newline: str) -> None:
    text = newline.join(["[tool.dagcheck]", "größe.x = 1", "  y = ['ü', 'b']", ""])
    spans = key_spans(text)
    assert spans["tool", "dagcheck", "größe", "x"] == Span(2, 7, 2, 8)
    assert spans["tool", "dagcheck", "y", 1] == Span(3, 13, 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "[",
        "[a",
        "a",
        "a =",
        "a = [",
        "a = {",
        'a = "',
        'a = """',
        "a = '",
        "= 1",
        "]",
        "a.",
        '"',
        "\\",
        "[" * 9999,
    ],
)
def test_broken_documents_give_what_there_is_and_no_error(text: str) -> None:
    assert isinstance(key_spans(text), dict)


@pytest.mark.parametrize("cut", range(0, len(DOCUMENT), 7))
def test_a_document_that_stops_anywhere_gives_what_stands_before(cut: int) -> None:
    text = DOCUMENT[:cut]
    last = text.count("\n") + 1
    before = {path: span for path, span in key_spans(DOCUMENT).items() if span.line < last}
    assert {path: span for path, span in key_spans(text).items() if span.line < last} == before
