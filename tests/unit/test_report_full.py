"""The full form of a finding, line by line as a person sees it."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from dagcheck.diagnostics import Annotation, Diagnostic, Fix
from dagcheck.report.full import full
from dagcheck.span import Location, Span

SOURCES = {
    "features/spend.py": """\
import pandas as pd


@config.when(region="US")
def spend__us(raw: pd.DataFrame) -> pd.Series:
    return raw.spend

def spend(raw: pd.DataFrame) -> pd.Series:
    return raw.spend
""",
    "features/base.py": "def spend() -> int: ...\n",
    "wide.py": "def 合計(支出: int, e\u0301t: int): ...\n\tdef tabbed(\tx): ...\n'\x1b[31mred' + rest\n",
    "long.py": "def " + ", ".join(f"parameter_{number}: int" for number in range(40)) + "): ...\n",
}


def line_of(path: str, line: int) -> str | None:
    lines = SOURCES.get(path, "").splitlines(keepends=True)
    return lines[line - 1] if line <= len(lines) else None


def at(path: str, line: int, column: int, end_column: int, end_line: int = 0) -> Location:
    return Location(path, Span(line, column, end_line or line, end_column))


def finding(location: Location, **fields: object) -> Diagnostic:
    plain = Diagnostic("duplicate-node", "error", "certain", "build", "two functions make the node `spend`", location)
    return plain._replace(**fields)  # type: ignore[arg-type]


def shown(diagnostic: Diagnostic, width: int = 80, several: bool = False) -> str:
    return full([diagnostic], line_of, width=width, has_several_dataflows=several)


def test_places_of_one_file_share_an_excerpt_and_other_files_follow() -> None:
    diagnostic = finding(
        at("features/spend.py", 8, 5, 10),
        label="made again here",
        related=(
            Annotation(at("features/spend.py", 5, 5, 14), "made here in region US"),
            Annotation(at("features/base.py", 1, 5, 10), "and here"),
        ),
        config=(("region", "US"),),
        dataflows=("training", "scoring"),
        help="rename one of them, or give it a condition that excludes the other",
        fix=Fix("rename to `spend_2`", False),
    )
    assert shown(diagnostic, several=True) == dedent("""\
        error[duplicate-node]: two functions make the node `spend`
         --> features/spend.py:8:5
          |
        5 | def spend__us(raw: pd.DataFrame) -> pd.Series:
          |     --------- made here in region US
        ...
        8 | def spend(raw: pd.DataFrame) -> pd.Series:
          |     ^^^^^ made again here
          |
         ::: features/base.py:1:5
          |
        1 | def spend() -> int: ...
          |     ----- and here
          |
          = in configuration: region="US"
          = in dataflows: training and scoring
          = help: rename one of them, or give it a condition that excludes the other
          = fix: rename to `spend_2`

    """)


def test_the_dataflow_is_named_only_where_there_are_several() -> None:
    diagnostic = finding(at("features/base.py", 1, 5, 10), dataflows=("training",))
    assert "dataflow" not in shown(diagnostic, several=False)
    assert "  = in dataflow: training\n" in shown(diagnostic, several=True)
    many = diagnostic._replace(dataflows=tuple("abcdef"))
    assert "  = in dataflows: a, b, c, d and 2 more\n" in shown(many, several=True)


def test_one_hidden_line_is_shown_and_more_become_dots() -> None:
    near = finding(at("features/spend.py", 6, 5, 11), related=(Annotation(at("features/spend.py", 4, 1, 2), "here"),))
    assert "5 | def spend__us" in shown(near)
    assert "..." not in shown(near)
    far = near._replace(related=(Annotation(at("features/spend.py", 1, 1, 7), "here"),))
    assert "\n...\n" in shown(far)


@pytest.mark.parametrize(
    ("hamilton", "note"),
    [
        ("import", None),
        ("build", None),
        ("execution", "Hamilton builds this without complaint and fails at execution"),
        ("silent", "Hamilton does not notice this"),
    ],
)
def test_it_says_when_hamilton_is_laxer(hamilton: str, note: str | None) -> None:
    text = shown(finding(at("features/base.py", 1, 5, 10), hamilton=hamilton))
    assert ("= note" in text) == (note is not None)
    assert note is None or f"  = note: {note}\n" in text


def test_an_info_says_nothing_about_hamilton_and_a_likely_finding_says_that_it_is() -> None:
    info = finding(at("features/base.py", 1, 5, 10), severity="info", hamilton="silent")
    assert "= note" not in shown(info)
    assert "  = note: this is likely, not certain\n" in shown(info._replace(certainty="likely"))


def test_strokes_stand_below_wide_characters_combining_marks_and_tabs() -> None:
    assert shown(finding(at("wide.py", 1, 8, 10), label="wide")).splitlines()[3:5] == [
        "1 | def 合計(支出: int, e\u0301t: int): ...",
        "  |          ^^^^ wide",
    ]
    assert shown(finding(at("wide.py", 1, 17, 20))).splitlines()[4] == "  |                     ^^"
    assert shown(finding(at("wide.py", 2, 14, 15), label="x")).splitlines()[3:5] == [
        "2 |     def tabbed( x): ...",
        "  |                 ^ x",
    ]


def test_terminal_escapes_in_source_and_words_are_shown_not_obeyed() -> None:
    diagnostic = finding(
        at("wide.py", 3, 14, 18),
        message="bad\x1b[0m\nname",
        label="\x1b]0;title\x07",
        help="\x9b1m",
        config=(("k", "\x1b"),),
    )
    text = shown(diagnostic)
    assert "\x1b" not in text
    assert "\x9b" not in text
    assert text.splitlines()[0] == r"error[duplicate-node]: bad\x1b[0m\nname"
    assert text.splitlines()[3:5] == [r"3 | '\x1b[31mred' + rest", r"  |                 ^^^^ \x1b]0;title\x07"]


def test_a_long_line_is_cut_around_the_span() -> None:
    start = SOURCES["long.py"].index("parameter_20")
    text = shown(finding(at("long.py", 1, start + 1, start + 13), label="this one"), width=60)
    source, strokes = text.splitlines()[3:5]
    assert source.startswith("1 | ...")
    assert source.endswith("...")
    column = strokes.index("^")
    assert source[column : column + 12] == "parameter_20"
    assert strokes[column:] == "^^^^^^^^^^^^ this one"
    assert all(len(line) <= 60 for line in text.splitlines())


@pytest.mark.parametrize("name", ["parameter_0", "parameter_1", "parameter_38", "parameter_39"])
@pytest.mark.parametrize("width", [40, 61, 80, 200])
def test_wherever_the_span_lies_in_a_long_line_it_is_visible(name: str, width: int) -> None:
    start = SOURCES["long.py"].index(f"{name}:")
    source, strokes = shown(finding(at("long.py", 1, start + 1, start + 1 + len(name))), width=width).splitlines()[3:5]
    column = strokes.index("^")
    assert source[column : column + strokes.count("^")] == name
    assert len(source) <= width


def test_a_label_without_room_beside_the_strokes_goes_below_them() -> None:
    label = "this label has far too many words to stand beside the strokes of its span"
    rows = shown(finding(at("features/spend.py", 8, 33, 42), label=label), width=60).splitlines()[3:-2]
    assert rows == [
        "8 | def spend(raw: pd.DataFrame) -> pd.Series:",
        "  |                                 ^^^^^^^^^",
        "  |                             this label has far too many",
        "  |                             words to stand beside the",
        "  |                             strokes of its span",
    ]


def test_a_span_over_several_lines_shows_its_first() -> None:
    rows = shown(finding(at("features/spend.py", 8, 5, 21, end_line=9), label="all of this")).splitlines()[3:5]
    assert rows == [
        "8 | def spend(raw: pd.DataFrame) -> pd.Series:",
        "  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^... all of this",
    ]


@pytest.mark.parametrize(("column", "end"), [(1, 1), (200, 210), (24, 24)])
def test_an_empty_or_impossible_span_still_gets_a_stroke(column: int, end: int) -> None:
    assert shown(finding(at("features/base.py", 1, column, end))).splitlines()[4].count("^") == 1


def test_without_source_the_place_and_the_label_remain() -> None:
    text = shown(finding(at("gone.py", 12, 3, 4), label="defined again"))
    assert text == (
        "error[duplicate-node]: two functions make the node `spend`\n"
        "  --> gone.py:12:3\n"
        "   = line 12: defined again\n"
        "\n"
    )


def test_long_help_wraps_below_its_first_word() -> None:
    text = shown(
        finding(at("features/base.py", 1, 5, 10), help="one two three four five six seven eight nine"), width=44
    )
    assert text.splitlines()[6:] == ["  = help: one two three four five six seven", "          eight nine", ""]


def test_a_crowd_of_places_is_cut_and_counted() -> None:
    related = tuple(Annotation(at("features/base.py", 1, 5, 10), f"place {number}") for number in range(30))
    text = shown(finding(at("features/spend.py", 8, 5, 10), related=related))
    assert text.count("- place ") == 11
    assert "  = note: 19 more places are involved\n" in text


def test_no_finding_is_no_text_and_colour_changes_no_character() -> None:
    assert full([], line_of) == ""
    diagnostic = finding(at("features/spend.py", 8, 5, 10), label="here", help="do this", config=(("a", 1),))
    colored = full([diagnostic], line_of, color=True)
    assert "\x1b[1;31merror[duplicate-node]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == full([diagnostic], line_of)
