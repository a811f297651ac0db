"""What do the comments in a case's files expect?

`# error: [rule] "part of the message"` (also `warning`, `info`; the message may be left out) expects that diagnostic on
its line; several follow each other on one line. Where a line has no room, `# error-below: [rule]` stands on a line of its
own above it. In the page of a rule, `# error` and `# error: "part"` mean that rule.

`# nodes: a, b` on one of a function's decorator or `def` lines, or on a line of its own right above, lists the names of
all nodes that come from the function in any configuration; `# no nodes` says that there are none.

Comments that look like one of these and are not are errors. Matching against what dagcheck found is `matching`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_SEVERITY = r"(?P<severity>error|warning|info)(?P<below>-below)?"
_EXPECTATION = re.compile(
    rf'#\s*{_SEVERITY}\b(?P<colon>:?)(?:\s*\[(?P<rule>[a-z-]+)\])?(?:\s*"(?P<message>[^"]*)")?\s*'
)
_NODES = re.compile(r"#\s*(?:nodes:\s*(?P<names>[^#]*[^#\s])|(?P<none>no nodes))\s*")
_START = re.compile(r"#\s*(?:(?:error|warning|info)s?(?:-\w+)?\s*(?:[:\[\"]|$)|nodes?\s*:|no nodes?\b)", re.IGNORECASE)
_NEAR_MISS = re.compile(r"#\s*(?!dagcheck:|type:|noqa)[\w-]+\s*:?\s*\[[\w-]+\]")


class Expected(NamedTuple):
    """A diagnostic that must be found on `line` of its file; `message` is a part of its text."""

    line: int
    severity: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}[{self.rule}]" + f' "{self.message}"' * bool(self.message)


class ExpectedNodes(NamedTuple):
    """The names of all nodes of the function whose statement (decorators included) is at `first` to `last`.

    `line` is that of the `def`, `at` that of the comment.
    """

    at: int
    first: int
    line: int
    last: int
    function: str
    names: frozenset[str]


class CommentError(Exception):
    """A comment that is almost an expectation; `line` is that of its file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def expected_diagnostics(text: str, own_rule: str = "") -> tuple[Expected, ...]:
    """Every expectation in a file's text, in order; `own_rule` is what a bare one means. Raises CommentError."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        for match in _comments(number, line):
            if match.re is _EXPECTATION:
                target = _target(lines, number, below=bool(match["below"]))
                found.append(_expected(number, target, match, own_rule))
    return tuple(found)


def expected_nodes(text: str) -> tuple[ExpectedNodes, ...]:
    """Every `# nodes:` and `# no nodes` in a file's text. Raises CommentError."""
    marked = {
        number: frozenset(name.strip() for name in (match["names"] or "").split(",") if name.strip())
        for number, line in enumerate(text.splitlines(), 1)
        for match in _comments(number, line)
        if match.re is _NODES
    }
    if not marked:
        return ()
    functions = list(_functions(text, min(marked)))
    return tuple(_expected_nodes(number, names, functions) for number, names in marked.items())


def _comments(number: int, line: str) -> Iterator[re.Match[str]]:
    """The expectations at the end of one line."""
    start = _START.search(line) or _NEAR_MISS.search(line)
    position = start.start() if start else len(line)
    while position < len(line):
        match = _EXPECTATION.match(line, position) or _NODES.match(line, position)
        if not match or match.end() == position:
            raise CommentError(number, f"this is no expectation: {line[position:]}")
        yield match
        position = match.end()


def _target(lines: list[str], number: int, *, below: bool) -> int:
    alone = lines[number - 1].lstrip().startswith("#") and bool(_START.match(lines[number - 1].lstrip()))
    if alone and not below:
        raise CommentError(number, "on a line of its own an expectation ends in -below: `# error-below: [rule]`")
    if not below:
        return number
    if not alone:
        raise CommentError(number, "an expectation that ends in -below stands on a line of its own")
    while number < len(lines) and _START.match(lines[number].lstrip()):
        number += 1
    if number == len(lines):
        raise CommentError(number, "there is no line below")
    return number + 1


def _expected(number: int, target: int, match: re.Match[str], own_rule: str) -> Expected:
    rule = match["rule"] or own_rule
    if not rule:
        raise CommentError(number, "an expectation names its rule: `# error: [rule]`")
    if bool(match["colon"]) != bool(match["rule"] or match["message"] is not None):
        raise CommentError(number, "a colon stands between the severity and what follows, and only there")
    return Expected(target, match["severity"], rule, match["message"] or "")


def _functions(text: str, line: int) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        raise CommentError(line, "a file that cannot be parsed has no nodes to list") from None
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def _expected_nodes(
    number: int, names: frozenset[str], functions: Iterable[ast.FunctionDef | ast.AsyncFunctionDef]
) -> ExpectedNodes:
    for function in functions:
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        if first - 1 <= number < function.body[0].lineno or number == function.lineno:
            last = function.end_lineno or function.lineno
            return ExpectedNodes(number, first, function.lineno, last, function.name, names)
    raise CommentError(number, "there is no function whose nodes these could be")
