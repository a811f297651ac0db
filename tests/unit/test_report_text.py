"""Words on a terminal: nothing of the user's moves the cursor, everything stands where it should."""

from __future__ import annotations

import pytest

from dagcheck.report.text import Piece, cells, counted, joined, markdown, painted, printable, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 支出 👍", "plain é 支出 👍"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x9b31m", r"\x9b31m"),
        ("if admin\u202e # \u2066", r"if admin\u202e # \u2066"),
        ("zero\u200bwidth\u2028", r"zero\u200bwidth\u2028"),
        ("bad\udc80name", r"bad\udc80name"),
    ],
)
def test_what_could_deceive_or_move_the_cursor_becomes_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("支出", 4), ("e\u0301", 1), ("ﾊﾝ", 2), ("👍", 2), ("한", 2), ("\u1112\u1161", 2), ("", 0)],
)
def test_cells_are_the_columns_of_a_terminal(text: str, width: int) -> None:
    assert cells(text) == width


def test_words_wrap_at_spaces_and_a_long_word_stays_whole() -> None:
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("one two three", 6) == ["one", "two", "three"]
    assert wrapped("x supercalifragilistic y", 8) == ["x", "supercalifragilistic", "y"]
    assert wrapped("支出 支出", 8) == ["支出", "支出"]
    assert wrapped("支出 支出", 9) == ["支出 支出"]
    assert wrapped("", 8) == [""]


def test_paint_adds_escapes_only_in_colour_and_never_trailing_blanks() -> None:
    line = (Piece("error", "error"), Piece(": x "), Piece("  ", "dim"))
    assert painted([line, ()], color=False) == "error: x\n\n"
    assert painted([line], color=True) == "\x1b[1;31merror\x1b[0m: x\n"


def test_lists_and_counts_read_well() -> None:
    assert [joined(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [counted(number, "node") for number in (0, 1, 2)] == ["0 nodes", "1 node", "2 nodes"]


def test_a_page_is_rendered_whatever_language_its_blocks_claim() -> None:
    page = (
        "# duplicate-node\n\nSome `code`.\n\n```python\ndef f(): ...\n```\n\n```graph\na -> b\n```\n\n~~~\nbare\n~~~\n"
    )
    shown = markdown(page, 60)
    assert "\x1b[" in shown
    assert "```" not in shown
    for word in ("duplicate-node", "code", "a -> b", "bare"):
        assert word in shown
    assert all(line == line.rstrip() for line in shown.splitlines())
