"""Which findings does the author of this text not want to hear of?

    spend: int = 1  # dagcheck: ignore[type-mismatch] measured in euros
    # dagcheck: ignore-file[missing-return-type]

Terms: a *suppression* is such a comment; without brackets it means all rules. One beside code holds for the findings of its
line; which line stands for a whole function is for the caller to say. One for a file stands on a line of its own. A
suppression with a `problem` is written wrongly and suppresses nothing. Whether rules of that name exist is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dagcheck.span import Span

_COMMENT = r"#\s*dagcheck:\s*(?P<word>[\w-]+)(?P<list>\s*\[(?P<rules>[^\]]*)(?P<closed>\])?)?(?P<reason>[^#]*)"


class Suppression(NamedTuple):
    """One comment. `rules` is None for all rules; `span` covers the comment without what else stands on the line."""

    line: int
    rules: tuple[str, ...] | None
    for_file: bool
    span: Span
    reason: str = ""
    problem: str = ""

    def covers(self, rule: str, line: int) -> bool:
        """Whether a finding of this rule, with this line standing for it, is not to be shown."""
        if self.problem or not (self.for_file or self.line == line):
            return False
        return self.rules is None or rule in self.rules


def suppressions(text: str) -> tuple[Suppression, ...]:
    """All suppressions of a text, in order. Texts without `dagcheck:` are not looked at any closer."""
    if "dagcheck:" not in text:
        return ()
    found = []
    for line, column, comment, own_line in _comments(text):
        for match in re.finditer(_COMMENT, comment):
            start, end = column + match.start(), column + len(comment[: match.end()].rstrip())
            found.append(_suppression(match, Span(line, start, line, end), own_line=own_line))
    return tuple(found)


def _suppression(match: re.Match[str], span: Span, *, own_line: bool) -> Suppression:
    rules = None
    if match["list"] is not None:
        rules = tuple(rule for part in match["rules"].split(",") if (rule := part.strip()))
    reason = match["reason"].strip()
    for_file = match["word"] == "ignore-file"
    return Suppression(span.line, rules, for_file, span, reason, _problem(match, rules, own_line=own_line))


def _problem(match: re.Match[str], rules: tuple[str, ...] | None, *, own_line: bool) -> str:
    if match["word"] not in {"ignore", "ignore-file"}:
        return f"`{match['word']}` is no instruction; write `ignore[rule]` or `ignore-file[rule]`"
    if match["list"] is not None and not match["closed"]:
        return "the bracket is not closed"
    if rules == ():
        return "the brackets name no rule"
    if match["word"] == "ignore-file" and not own_line:
        return "`ignore-file` must stand on a line of its own"
    return ""


def _comments(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """(line, column, comment, whether it has the line for itself); up to where the text stops being Python."""
    from io import StringIO
    from tokenize import COMMENT, TokenError, generate_tokens

    try:
        for token in generate_tokens(StringIO(text, newline="\n").readline):
            if token.type == COMMENT:
                row, offset = token.start
                yield row, offset + 1, token.string, not token.line[:offset].strip()
    except (TokenError, SyntaxError):
        return
