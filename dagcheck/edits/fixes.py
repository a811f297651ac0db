"""How could a finding be mended?

A fix is *safe* when nothing else changes by it: what runs, runs to the same values. A fix that takes a guess (a misspelt name, a type
that readers ask for) is not. No fix is made that brings a finding of its own: the changed texts are analysed first, and what
does not come out clean is left undone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.edits.edit import Edit, State, Suppose, applied, by_file
from dagcheck.edits.imports import insertion, needed
from dagcheck.edits.sameness import new_findings
from dagcheck.nodes.node import Node
from dagcheck.source.suppressions import suppressions
from dagcheck.span import Location, Span


class Mending(NamedTuple):
    """A fix of one finding: what to tell the user, and the edits."""

    diagnostic: Diagnostic
    title: str
    safe: bool
    edits: tuple[Edit, ...]


def mendings(diagnostic: Diagnostic, state: State) -> list[Mending]:
    """The fixes of a finding."""
    make = _BY_RULE.get(diagnostic.rule)
    found = make(diagnostic, state) if make is not None else []
    return found or _misspelt(diagnostic, state)


def mend_all(
    state: State, suppose: Suppose, *, unsafe: bool, chosen: Callable[[Diagnostic], bool] = lambda _: True
) -> tuple[list[Mending], list[Mending]]:
    """The fixes that can be made together without a new finding, and those that were left out."""
    wanted = [
        fix for each in state.diagnostics if chosen(each) for fix in mendings(each, state)[:1] if fix.safe or unsafe
    ]
    together = _apart(wanted)
    if _brings_nothing(state, suppose, together):
        return together, [fix for fix in wanted if fix not in together]
    kept: list[Mending] = []
    for fix in together:
        if _brings_nothing(state, suppose, [*kept, fix]):
            kept.append(fix)
    return kept, [fix for fix in wanted if fix not in kept]


def brings_nothing(state: State, suppose: Suppose, fix: Mending) -> bool:
    """Does a fix bring no finding of its own?"""
    return _brings_nothing(state, suppose, [fix])


def _brings_nothing(state: State, suppose: Suppose, fixes: Sequence[Mending]) -> bool:
    files = by_file(edit for fix in fixes for edit in fix.edits)
    after = suppose({path: applied(state.places.text(path), edits) for path, edits in files.items()})
    mended = {id(fix.diagnostic) for fix in fixes}
    remaining = [each for each in state.diagnostics if id(each) not in mended]
    uncovered = (
        "unused-ignore"  # no fix writes such a comment; that one is idle may be seen only now, and is mended next
    )
    return not new_findings(remaining, [each for each in after.diagnostics if each.rule != uncovered], moved=True)


def _apart(fixes: Iterable[Mending]) -> list[Mending]:
    """Fixes that do not touch each other's places."""
    kept: list[Mending] = []
    taken: set[Edit] = set()
    for fix in fixes:
        others = [edit for edit in taken if edit not in fix.edits]
        if not any(_overlap(edit, other) for edit in fix.edits for other in others):
            kept.append(fix)
            taken.update(fix.edits)
    return kept


def _overlap(one: Edit, other: Edit) -> bool:
    a, b = one.location.span, other.location.span
    if one.location.path != other.location.path:
        return False
    if a[:2] == a[2:] and b[:2] == b[2:]:
        return False  # two insertions stand one behind the other
    return a[:2] < b[2:] and b[:2] < a[2:]


# --- annotations


def _missing_parameter_type(diagnostic: Diagnostic, state: State) -> list[Mending]:
    """The annotation of the node that the parameter reads."""
    path, span = diagnostic.location
    written = _spelled(state, diagnostic.location)
    name = written.partition("=")[0].strip()
    if not name.isidentifier():
        return []
    for flow in state.places.dataflows_of(path):
        for node in flow.producers.get(name, ()):
            added = _annotation(state, path, node)
            if added is not None:
                place = Span(span.line, span.column + len(name), span.line, span.column + len(name))
                edits = (Edit(Location(path, place), f": {node.annotation}"), *added)
                return [Mending(diagnostic, f"Annotate `{name}` as `{node.annotation}`, as it is made", True, edits)]
    return []


def _missing_return_type(diagnostic: Diagnostic, state: State) -> list[Mending]:
    """The annotation that all readers ask for; a guess, for the function may return something else."""
    path, span = diagnostic.location
    function = next((each for each in state.places.functions(path).values() if each.header.place[0] == span.line), None)
    name = diagnostic.nodes[0] if diagnostic.nodes else ""
    if function is None or function.header.returns is not None:
        return []
    readers = [reader for flow in state.places.dataflows_of(path) for reader in flow.readers.get(name, ())]
    wanted = {reader.dependency.annotation for reader in readers}
    if len(wanted) != 1 or not next(iter(wanted)):
        return []
    node = readers[0].node._replace(annotation=next(iter(wanted)))
    added = _annotation(state, path, node)
    colon = _end_of_signature(state.places.text(path), function.header.place[0], function.header.parameters)
    if added is None or colon is None:
        return []
    edits = (Edit(Location(path, colon), f" -> {node.annotation}"), *added)
    return [Mending(diagnostic, f"Annotate `{name}` as `{node.annotation}`, as it is read", False, edits)]


def _annotation(state: State, path: str, node: Node) -> list[Edit] | None:
    """The imports that the annotation of a node needs in a file; None when it cannot be written there."""
    source, home = state.places.source(path), state.places.source(node.origin.path)
    if not node.annotation or "\n" in node.annotation or source is None:
        return None
    lines = needed(node.annotation, source, home, node.origin.module)
    return None if lines is None else insertion(source.text, source.facts.statements, path, lines)


def _end_of_signature(text: str, line: int, parameters: Sequence[object]) -> Span | None:
    """Where the return annotation goes: before the colon that ends the `def` line."""
    from io import StringIO
    from tokenize import TokenError, generate_tokens

    rows = text.split("\n")[line - 1 :]
    depth = 0
    try:
        for token in generate_tokens(StringIO("\n".join(rows)).readline):
            depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
            if token.string == ":" and depth == 0:
                place = line + token.start[0] - 1
                return Span(place, token.start[1] + 1, place, token.start[1] + 1)
    except (TokenError, SyntaxError):
        pass
    return None


# --- names


def _misspelt(diagnostic: Diagnostic, state: State) -> list[Mending]:
    """What the advice says was meant, where the text at the place has the word that was written."""
    meant = re.search(r"did you mean `([\w-]+)`", diagnostic.help)
    if meant is None:
        return []
    span, rows = diagnostic.location.span, state.places.text(diagnostic.location.path).split("\n")
    for word in re.findall(r"`([\w-]+)`", diagnostic.message):
        if word == meant[1]:
            continue
        for number in range(span.line, span.end_line + 1):
            first = span.column - 1 if number == span.line else 0
            last = span.end_column - 1 if number == span.end_line else len(rows[number - 1])
            found = [each for each in re.finditer(rf"\b{word}\b", rows[number - 1]) if first <= each.start() and each.end() <= last]  # fmt: skip
            if len(found) == 1:
                place = Span(number, found[0].start() + 1, number, found[0].end() + 1)
                edit = Edit(Location(diagnostic.location.path, place), meant[1])
                return [Mending(diagnostic, f"Write `{meant[1]}` instead of `{word}`", False, (edit,))]
    return []


# --- modifiers


def _deprecated_modifier(diagnostic: Diagnostic, state: State) -> list[Mending]:
    source = state.places.source(diagnostic.location.path)
    scopes = state.places.scopes(diagnostic.location.path)
    if source is None or scopes is None:
        return []
    from dagcheck.edits.deprecated import replaced_modifier  # libcst takes a fifth of a second

    found = replaced_modifier(source, scopes, diagnostic.location.span)
    return [] if found is None else [Mending(diagnostic, found[0], True, tuple(found[1]))]


def _spelled(state: State, location: Location) -> str:
    span = location.span
    row = state.places.text(location.path).split("\n")[span.line - 1]
    return row[span.column - 1 : span.end_column - 1] if span.line == span.end_line else ""


# --- suppressions


def _unused_ignore(diagnostic: Diagnostic, state: State) -> list[Mending]:
    """Take the comment away, and the line with it where nothing else stands there; or only the names that it does not need."""
    if "did you mean" in diagnostic.help:
        return []  # there is something that it was meant to silence
    path, span = diagnostic.location
    text = state.places.text(path)
    comment = next((each for each in suppressions(text) if each.span == span), None)
    if comment is None:
        return []
    idle = re.findall(r"`([^`]+)`", diagnostic.message)
    needed_rules = [name for name in comment.rules or () if name not in idle]
    rows = text.split("\n")
    if needed_rules and not comment.problem:
        return [Mending(diagnostic, "Take the name away", True, (_relisted(path, rows, span, needed_rules),))]
    edit = _uncommented(path, rows, span)
    return [Mending(diagnostic, "Take the comment away", True, (edit,))]


def _relisted(path: str, rows: Sequence[str], span: Span, names: Sequence[str]) -> Edit:
    """The list in the brackets of a comment, with these names only."""
    row = rows[span.line - 1]
    start = row.index("[", span.column - 1) + 1
    return Edit(Location(path, Span(span.line, start + 1, span.line, row.index("]", start) + 1)), ", ".join(names))


def _uncommented(path: str, rows: Sequence[str], span: Span) -> Edit:
    """A line without one of its comments."""
    row = rows[span.line - 1]
    head, tail = row[: span.column - 1].rstrip(), row[span.end_column - 1 :].strip()
    if not head and not tail and span.line < len(rows):
        return Edit(Location(path, Span(span.line, 1, span.line + 1, 1)), "")
    start = len(head) if head else span.column - 1 if tail else 0
    place = Span(span.line, start + 1, span.line, len(row) + 1)
    return Edit(Location(path, place), f"  {tail}" if tail and head else tail)


_BY_RULE: dict[str, Callable[[Diagnostic, State], list[Mending]]] = {
    "missing-parameter-type": _missing_parameter_type,
    "missing-return-type": _missing_return_type,
    "deprecated-modifier": _deprecated_modifier,
    "unused-ignore": _unused_ignore,
}
