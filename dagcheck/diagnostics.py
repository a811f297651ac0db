"""What is a finding? Pure data, knowing only places.

Terms: *severity* says how bad a finding is, *certainty* how sure dagcheck is; they are independent.
`hamilton` says when Hamilton itself would notice the fault. Rules make diagnostics, reports render them;
neither judgement nor wording of output formats lives here.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from dagcheck.span import Location

Severity = Literal["error", "warning", "info"]
Certainty = Literal["certain", "likely"]
HamiltonVerdict = Literal["import", "build", "execution", "silent"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From worst to mildest."""


class Annotation(NamedTuple):
    """A related place with the words that explain its part in the finding."""

    location: Location
    message: str


class Fix(NamedTuple):
    """A way to mend the finding; `safe` promises that no other behaviour changes."""

    title: str
    safe: bool


class Diagnostic(NamedTuple):
    """One finding.

    `message` is one sentence without a trailing full stop; `label` is the short text that stands under the
    primary excerpt. `config` is the witness: the smallest configuration in which the fault shows, as sorted
    (key, value) pairs, () for "in every configuration". `dataflows` and `nodes` are names.
    """

    rule: str
    severity: Severity
    certainty: Certainty
    hamilton: HamiltonVerdict
    message: str
    location: Location
    label: str = ""
    related: tuple[Annotation, ...] = ()
    help: str = ""
    nodes: tuple[str, ...] = ()
    dataflows: tuple[str, ...] = ()
    config: tuple[tuple[str, Any], ...] = ()
    fix: Fix | None = None


def order(diagnostic: Diagnostic) -> tuple[object, ...]:
    """The fixed output order: path, span, rule, then everything else that can differ."""
    location = diagnostic.location
    return (location.path, location.span, diagnostic.rule, diagnostic.message, diagnostic.dataflows)
