"""`unresolved-driver`: a driver whose modules are only known once the code runs."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.rules.rule import ProjectUnit, finding, rule


@rule(
    summary="Which modules a driver has is only known once the code runs",
    level="project",
    group="source",
    severity="info",
)
def unresolved_driver(unit: ProjectUnit) -> Iterator[Diagnostic]:
    """Says what is not known, so that silence is never mistaken for soundness."""
    for item in unit.unresolved:
        related = () if item.cause is None else (Annotation(item.cause, "this cannot be read"),)
        yield finding(
            f"the modules of this driver are not known: {item.reason}",
            item.location,
            "silent",
            label="not checked",
            related=related,
            advice="declare the dataflow in the settings; `dagcheck init` makes a start",
        )
