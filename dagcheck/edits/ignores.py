"""Which comments would silence a finding? One on its line, one on the line of its function, one for its file."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.edits.edit import Edit, State
from dagcheck.occurrences.functions import headers
from dagcheck.source.suppressions import suppressions
from dagcheck.span import Location, Span


def ignores(diagnostic: Diagnostic, state: State) -> Iterator[tuple[str, list[Edit]]]:
    """Titles and edits; a comment that stands there already gets one more rule."""
    path, rule, line = diagnostic.location.path, diagnostic.rule, diagnostic.location.span.line
    source = state.places.source(path)
    if source is None or rule == "syntax-error" or not path.endswith(".py"):
        return  # settings have no such comments
    text = state.places.text(path)
    if not _is_in_string(text, line):
        yield f"Ignore `{rule}` in this line", [_comment(text, path, line, rule)]
    around = next((each for each in headers(source.facts.statements) if each.first_line <= line <= each.end_line), None)
    if around is not None and around.place[0] != line and not _is_in_string(text, around.place[0]):
        yield f"Ignore `{rule}` in this function", [_comment(text, path, around.place[0], rule)]
    yield f"Ignore `{rule}` in this file", [_in_file(text, path, rule)]


def _comment(text: str, path: str, line: int, rule: str) -> Edit:
    row = text.split("\n")[line - 1]
    for each in suppressions(text):
        if each.line == line and each.rules is not None and not each.for_file and not each.problem:
            at = row.index("]", each.span.column) + 1
            return Edit(Location(path, Span(line, at, line, at)), f", {rule}")
    end = len(row.rstrip()) + 1
    return Edit(Location(path, Span(line, end, line, len(row) + 1)), f"  # dagcheck: ignore[{rule}]")


def _in_file(text: str, path: str, rule: str) -> Edit:
    for each in suppressions(text):
        if each.for_file and each.rules is not None and not each.problem:
            row = text.split("\n")[each.line - 1]
            at = row.index("]", each.span.column) + 1
            return Edit(Location(path, Span(each.line, at, each.line, at)), f", {rule}")
    first = text.split("\n", 2)
    line = 1 + sum(1 for row in first[:2] if row.startswith("#!") or (row.startswith("#") and "coding" in row))
    return Edit(Location(path, Span(line, 1, line, 1)), f"# dagcheck: ignore-file[{rule}]\n")


def _is_in_string(text: str, line: int) -> bool:
    """Does the line end inside a string that goes on, or with a backslash? A comment there would be none."""
    from io import StringIO
    from tokenize import TokenError, generate_tokens

    if text.split("\n")[line - 1].endswith("\\"):
        return True
    try:
        for token in generate_tokens(StringIO(text, newline="\n").readline):
            if token.start[0] <= line < token.end[0] and token.start[0] != token.end[0]:
                return True
            if token.start[0] > line:
                return False
    except (TokenError, SyntaxError):
        return False
    return False
