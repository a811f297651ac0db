"""`syntax-error`: a file that is no Python."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FileUnit, finding, rule
from dagcheck.span import Location


@rule(summary="A file is not valid Python", level="file", group="source")
def syntax_error(unit: FileUnit) -> Iterator[Diagnostic]:
    """In the words of Python's own parser."""
    if unit.fault is not None:
        yield finding(unit.fault.message, Location(unit.path, unit.fault.span), "import")
