"""Is the text of a document what the client's is, whatever its units and its newlines?"""

from __future__ import annotations

from random import Random

import pytest
from lsprotocol import types as lsp

from dagcheck.lsp.buffers import Buffer, LineMap, split_lines, to_place, to_range
from dagcheck.span import Span

UNITS = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}
PIECES = ("🚲", "é", "a", "\n", "\r\n", "\r", "😀", "e\u0301", "\u2028", "\x0c", " ", "def f(x: int) -> int:\n", "")


def position(text: str, at: int, encoding: str) -> lsp.Position:
    """The position of a character, as a client counts."""
    before = split_lines(text[:at])
    return lsp.Position(len(before) - 1, UNITS[encoding](before[-1]))


@pytest.mark.parametrize("encoding", UNITS)
@pytest.mark.parametrize("seed", range(5))
def test_edits_at_random_places(encoding: str, seed: int) -> None:
    random = Random(seed)
    text = "".join(random.choice(PIECES) for _ in range(30))
    buffer = Buffer(text, encoding)
    for version in range(200):
        cuts = [at for at in range(len(text) + 1) if not (text[at - 1 : at] == "\r" and text[at : at + 1] == "\n")]
        start, end = sorted((random.choice(cuts), random.choice(cuts)))
        end = min(end, start + 9) if min(end, start + 9) in cuts else start
        where = lsp.Range(position(text, start, encoding), position(text, end, encoding))
        piece = random.choice(PIECES)
        buffer.change([lsp.TextDocumentContentChangePartial(where, piece)], version)
        text = text[:start] + piece + text[end:]
        assert buffer.text == text


@pytest.mark.parametrize("encoding", UNITS)
def test_places_and_ranges_are_each_others_inverse(encoding: str) -> None:
    rows = ["x = '🚲😀é'  # 🚲", "", "größe: int"]
    for line, row in enumerate(rows, 1):
        for column in range(1, len(row) + 2):
            found = to_range(Span(line, column, line, column), rows, encoding)
            assert to_place(found.start, rows, encoding) == (line, column)


@pytest.mark.parametrize("encoding", UNITS)
@pytest.mark.parametrize("place", [lsp.Position(99, 0), lsp.Position(0, 99), lsp.Position(0, 2), lsp.Position(1, 1)])
def test_a_position_that_is_none_means_the_nearest_that_is_one(encoding: str, place: lsp.Position) -> None:
    buffer = Buffer("🚲🚲\nb", encoding)
    buffer.change([lsp.TextDocumentContentChangePartial(lsp.Range(place, place), "|")], 1)
    assert buffer.text.replace("|", "") == "🚲🚲\nb"
    assert buffer.text.count("|") == 1


def test_lines_before_and_behind_an_edit_have_counterparts() -> None:
    found = LineMap(["a", "b", "c", "d"], ["a", "x", "y", "c", "d"])
    assert [found.earlier(line) for line in range(1, 6)] == [1, None, None, 3, 4]
    assert [found.later(line) for line in range(1, 5)] == [1, None, 4, 5]
    same = LineMap(["a"], ["a"])
    assert (same.earlier(1), same.later(1)) == (1, 1)
