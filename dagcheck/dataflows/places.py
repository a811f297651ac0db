"""Around which function, or after which variable, is a place called?

A driver's construction names its dataflow: by the function or method around it, else by the variable that it is assigned to.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.source.syntax import Statement, blocks, header_of
from dagcheck.span import Span


def enclosing(statements: Sequence[Statement], span: Span) -> tuple[str, str]:
    """The function (or `Class.method`) around a span and the variable that its statement assigns; "" where there is none."""
    for statement in statements:
        kind, place = statement[0], statement[1]
        if kind == "def":
            header = header_of(statement)
            if header.first_line <= span.line <= header.end_line:
                return header.name, ""
            continue
        if place is None or not (place[0] <= span.line <= place[2]):
            continue
        if kind == "class":
            inner, variable = enclosing(statement[6], span)
            return (f"{statement[2]}.{inner}" if inner else "", variable if inner else f"{statement[2]}.{variable}")
        for block in blocks(statement):
            found = enclosing(block, span)
            if found != ("", ""):
                return found
        return "", _assigned(statement)
    return "", ""


def _assigned(statement: Statement) -> str:
    if statement[0] == "assign" and len(statement[2]) == 1:
        target = statement[2][0]
    elif statement[0] == "annassign":
        target = statement[2]
    else:
        return ""
    return target[2] if target[0] == "name" else target[3] if target[0] == "attr" else ""
