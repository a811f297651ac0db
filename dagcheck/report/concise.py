"""How are findings said in one line each?

`path:line:column: severity[rule] message`, the form that editors and `grep` read.
"""

from __future__ import annotations

from collections.abc import Iterable

from dagcheck.diagnostics import Diagnostic
from dagcheck.report.text import Line, Piece, painted, printable


def concise(diagnostics: Iterable[Diagnostic], color: bool = False) -> str:
    """One line a finding, in the order given; "" for none."""
    return painted(map(finding_line, diagnostics), color)


def finding_line(diagnostic: Diagnostic) -> Line:
    """One finding."""
    span = diagnostic.location.span
    return (
        Piece(printable(diagnostic.location.path), "strong"),
        Piece(f":{span.line}:{span.column}: ", "dim"),
        Piece(f"{diagnostic.severity}[{diagnostic.rule}]", diagnostic.severity),
        Piece(f" {printable(diagnostic.message)}"),
    )
