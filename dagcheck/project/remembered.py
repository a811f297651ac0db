"""What did the same run say before?

A run's verdict depends on the options, the settings' text, the files' texts and dagcheck itself. If all of these are as they
were, the verdict is too: it is read from one small file, and nothing is parsed, evaluated or built.
"""

from __future__ import annotations

from typing import Any

from dagcheck.diagnostics import Annotation, Diagnostic, Fix
from dagcheck.report.summary import Summary
from dagcheck.span import Location, Span

Row = tuple[Any, ...]


def to_row(diagnostics: tuple[Diagnostic, ...], summary: Summary, notes: tuple[str, ...]) -> Row:
    """A verdict as exact built-in types, for `marshal`."""
    return (tuple([_diagnostic_row(diagnostic) for diagnostic in diagnostics]), tuple(summary), notes)


def from_row(row: Row) -> tuple[tuple[Diagnostic, ...], Summary, tuple[str, ...]]:
    """The inverse of `to_row`."""
    diagnostics, summary, notes = row
    return tuple([_diagnostic_from(item) for item in diagnostics]), Summary(*summary), notes


def _diagnostic_row(diagnostic: Diagnostic) -> Row:
    from dagcheck.report.values import as_json  # known already where there is something to keep

    plain = diagnostic._replace(
        location=_location_row(diagnostic.location),  # type: ignore[arg-type]
        related=tuple([(_location_row(part.location), part.message) for part in diagnostic.related]),  # type: ignore[misc]
        config=tuple([(str(key), as_json(value)) for key, value in diagnostic.config]),
        fix=None if diagnostic.fix is None else tuple(diagnostic.fix),  # type: ignore[arg-type]
    )
    return tuple(plain)


def _diagnostic_from(row: Row) -> Diagnostic:
    diagnostic = Diagnostic._make(row)
    return diagnostic._replace(
        location=_location_from(diagnostic.location),
        related=tuple([Annotation(_location_from(place), words) for place, words in diagnostic.related]),
        fix=None if diagnostic.fix is None else Fix._make(diagnostic.fix),
    )


def _location_row(location: Location) -> Row:
    return (location.path, tuple(location.span))


def _location_from(row: Row) -> Location:
    return Location(row[0], Span._make(row[1]))
