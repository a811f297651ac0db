"""Which functions are in a module that is made of a text at run time?

`ad_hoc_utils.module_from_source(text)` and `create_module(text)` make a module of a text. Where the text is one literal, written out as
it is, perhaps within `textwrap.dedent(...)`, its lines are lines of the file that it stands in: then everything in it has a place,
and its functions are read like any others. Of any other text only a run could tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent
from typing import NamedTuple

from dagcheck.dataflows.drivers import MadeModule
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import Function, Scope
from dagcheck.evaluation.values import Text, Unknown, Value
from dagcheck.source.facts import module_facts
from dagcheck.source.syntax import Statement, blocks, header_of
from dagcheck.span import Location

_OPENING = re.compile(r"[rRuU]?(\"\"\"|''')")


class _Written(NamedTuple):
    """A literal as it stands in its file: the line on which its content begins, the content, and whether it is dedented.

    `is_behind`: its first line stands behind the quotes.
    """

    line: int
    content: str
    is_dedented: bool = False
    is_behind: bool = True


def dedented(literal: Text) -> Text:
    """What `textwrap.dedent` makes of a literal; it is still the one that stands there."""
    made = Text(dedent(literal))
    made.location = literal.location
    return made


def made_of_text(machine: Machine, given: Value, name: Value, file: str, location: Location) -> MadeModule | Unknown:
    """The module that is made of a text; `file` is the text of the file at `location`, where the call stands."""
    if isinstance(given, Unknown):
        return given
    is_here = isinstance(given, Text) and given.location.path == location.path
    written = _written(given, file) if is_here else None
    if written is None:
        return Unknown(
            "`module_from_source` is given a text that is not written out as one literal in the same file", location
        )
    statements = _statements(written)
    if isinstance(statements, str):
        return Unknown(f"`module_from_source` is given a text that {statements}", location)
    outer = Scope("", location.path)
    inner = Scope("", location.path, outer)
    outer.names = inner.names  # the module's own names, which nothing at the top of the file binds
    machine.execute(statements, inner)
    return _module(statements, inner, name, location)


def _module(statements: Sequence[Statement], scope: Scope, name: Value, place: Location) -> MadeModule | Unknown:
    defined = [header_of(statement).name for statement in statements if statement[0] == "def"]
    found = [value for value in scope.names.values() if isinstance(value, Function) and value.scope is scope]
    for word in defined:
        if not isinstance(scope.names.get(word), Function):
            return Unknown(
                f"`module_from_source` is given a text in which `{word}` is no function that can be read", place
            )
    if len({id(function) for function in found}) < len(found):
        return Unknown("`module_from_source` is given a text in which a function has two names", place)
    return MadeModule(tuple(part for part in found if not part.name.startswith("_")), name)


def _written(literal: Text, file: str) -> _Written | None:
    """The literal as it stands in the text of its file; None where it is not there as it is."""
    span, lines = literal.location.span, file.split("\n")
    between = lines[span.line - 1 : span.end_line]
    if not between:
        return None
    between[-1] = between[-1][: span.end_column - 1]
    between[0] = between[0][span.column - 1 :]
    text = "\n".join(between)
    opening = _OPENING.match(text)
    if opening is None or not text.endswith(opening[1]) or len(text) < opening.end() + 3:
        return None
    content = text[opening.end() : -3]
    if content == literal:
        return _Written(span.line, content)
    if content == f"\\\n{literal}":
        return _Written(span.line + 1, content[2:], is_behind=False)
    return _Written(span.line, content, is_dedented=True) if dedent(content) == literal else None


def _statements(written: _Written) -> Sequence[Statement] | str:
    """The statements of a literal at their places in the file, or what is wrong with it."""
    first, _, rest = written.content.partition("\n")
    is_behind = written.is_behind and bool(first.strip())
    if written.is_dedented and is_behind:
        return "begins on the line of its quotes"
    content = f"if 1:\n{rest}" if written.is_dedented else written.content
    facts = module_facts("\n" * (written.line - 1) + content)
    if facts.fault is not None:
        return "does not parse"
    statements: Sequence[Statement] = facts.statements
    if written.is_dedented and statements:
        statements = next(iter(blocks(statements[0])), ())
    begins = [header_of(statement).first_line for statement in statements if statement[0] == "def"]
    return "begins on the line of its quotes" if is_behind and written.line in begins else statements
