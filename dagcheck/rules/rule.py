"""What is a rule?

A rule is a function that looks at one unit and yields what is wrong with it. Its *level* says what the unit is: a file, a
function (by the faults found while its nodes were made), a name (who makes it, who reads it), a dataflow, a call of a driver,
the project, or a change between two states of a dataflow, which only `dagcheck impact` sees.
The rule's name is the function's, in kebab case, so that file, page, suppression and output cannot disagree.

Rules judge and never compute: what they need is asked of the unit. They do not render either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from dagcheck.dataflows.specification import DriverCall, Unresolved
from dagcheck.diagnostics import Annotation, Certainty, Diagnostic, HamiltonVerdict, Severity
from dagcheck.evaluation.conditions import Condition, asks_for_kind, is_opaque
from dagcheck.evaluation.values import Unknown
from dagcheck.graph.asking import View
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.losses import Loss
from dagcheck.graph.names import NameVerdict
from dagcheck.graph.space import witness_of
from dagcheck.nodes.node import Fault, Node
from dagcheck.settings import Conventions
from dagcheck.source.mutations import Mutation
from dagcheck.source.parsing import SyntaxFault
from dagcheck.source.suppressions import Suppression
from dagcheck.span import Location

Level = Literal["file", "function", "name", "dataflow", "call", "project", "comment", "body", "change"]
Status = Literal["stable", "preview", "deprecated", "removed"]


class FileUnit(NamedTuple):
    """A file, and what keeps it from being Python."""

    path: str
    fault: SyntaxFault | None


class FunctionUnit(NamedTuple):
    """What was found wrong while a function's nodes were made, in one dataflow."""

    dataflow: Dataflow
    path: str
    fault: Fault


class NameUnit(NamedTuple):
    """A name of a dataflow, with Hamilton's verdict on it."""

    dataflow: Dataflow
    name: str
    verdict: NameVerdict


class CallUnit(NamedTuple):
    """A call of a driver, or what settings and command line ask for, with what it needs of its dataflow."""

    dataflow: Dataflow
    call: DriverCall
    view: View


class BodyUnit(NamedTuple):
    """A function that makes nodes, and what it changes in place of what it is given."""

    dataflow: Dataflow
    path: str
    function: str
    mutations: tuple[Mutation, ...]


class CommentUnit(NamedTuple):
    """A comment that suppresses nothing, or not all that it names: `unused` are the names in vain, `known` those of all rules.

    `is_sure`: everything in its file could be read.
    """

    path: str
    comment: Suppression
    unused: tuple[str, ...]
    known: tuple[str, ...]
    is_sure: bool


class ProjectUnit(NamedTuple):
    """All dataflows of a project, the drivers that could not be resolved, and what the project asks of its nodes."""

    dataflows: tuple[Dataflow, ...]
    unresolved: tuple[Unresolved, ...]
    conventions: Conventions = Conventions()


Unit = BodyUnit | FileUnit | CommentUnit | FunctionUnit | NameUnit | CallUnit | ProjectUnit | Dataflow | Loss

Check = Callable[[Any], Iterator[Diagnostic]]


class Rule(NamedTuple):
    """A rule with its metadata; `default` is False for rules that speak only when selected."""

    name: str
    summary: str
    level: Level
    group: str
    severity: Severity
    check: Check
    status: Status = "stable"
    default: bool = True
    also: Level | None = None
    """A second level at which the rule looks."""

    def looks_at(self, level: Level) -> bool:
        """Is the rule asked about units of this level?"""
        return level in (self.level, self.also)


def rule(
    *,
    summary: str,
    level: Level,
    group: str,
    severity: Severity = "error",
    default: bool = True,
    also: Level | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a function that yields `finding(...)`s."""

    def make(check: Check) -> Rule:
        name = getattr(check, "__name__", "").replace("_", "-")
        return Rule(name, summary, level, group, severity, check, "stable", default, also)

    return make


def apply(rule: Rule, unit: Unit) -> Iterator[Diagnostic]:
    """The rule's diagnostics on one unit, with the rule's name and severity filled in."""
    for diagnostic in rule.check(unit):
        severity = diagnostic.severity if diagnostic.rule == _OWN_SEVERITY else rule.severity
        yield diagnostic._replace(rule=rule.name, severity=severity)


def finding(
    message: str,
    location: Location,
    hamilton: HamiltonVerdict,
    *,
    label: str = "",
    related: tuple[Annotation, ...] = (),
    advice: str = "",
    nodes: tuple[str, ...] = (),
    dataflow: Dataflow | None = None,
    config: tuple[tuple[str, Any], ...] = (),
    certainty: Certainty = "certain",
    severity: Severity | None = None,
) -> Diagnostic:
    """A diagnostic without its rule's name; `severity` differs from the rule's only where that is said."""
    own = "" if severity is None else _OWN_SEVERITY
    dataflows = () if dataflow is None else (dataflow.name,)
    if dataflow is not None and not dataflow.spec.is_certain:
        certainty = "likely"
    return Diagnostic(
        own,
        severity or "error",
        certainty,
        hamilton,
        message,
        location,
        label,
        related,
        advice,
        nodes,
        dataflows,
        tuple([(key, value) for key, value in config if not isinstance(value, Unknown)]),
    )


def from_fault(unit: FunctionUnit, name: str) -> Iterator[Diagnostic]:
    """The finding that a fault of this rule's name stands for."""
    fault = unit.fault
    if fault.rule != name:
        return
    yield finding(
        fault.message,
        Location(fault.path or unit.path, fault.span),
        fault.hamilton,
        label=fault.label,
        related=tuple(Annotation(location, words) for location, words in fault.related),
        advice=fault.help,
        nodes=fault.nodes,
        dataflow=unit.dataflow,
        config=witness_of(unit.dataflow.space, fault.condition) if fault.hamilton != "import" else (),
        certainty="certain" if fault.hamilton in ("import", "silent") else _certainty_of_fault(unit),
        severity=None if fault.severity == "error" else fault.severity,
    )


def _certainty_of_fault(unit: FunctionUnit) -> Certainty:
    """What only a value of another kind than all that the dataflow speaks of would bring about is no more than likely."""
    space, condition = unit.dataflow.space, unit.fault.condition
    found = witness_of(space, condition) if asks_for_kind(condition) and space.fixed is None else ()
    is_strange = any(value not in space.mentioned.get(key, ()) for key, value in found)
    return "likely" if is_strange else certainty_in(condition)


def certainty_in(condition: Condition) -> Certainty:
    """How sure a finding is that shows where `condition` holds: what hangs on an unreadable predicate is only likely."""
    return "likely" if is_opaque(condition) else "certain"


def certainty_in_whole(dataflow: Dataflow, condition: Condition) -> Certainty:
    """How sure a finding is that says what is missing: only a dataflow known to be whole can miss anything."""
    whole = dataflow.complete and dataflow.origin.kind != "file"
    return certainty_in(condition) if whole else "likely"


def certainty_of_input(dataflow: Dataflow, condition: Condition) -> Certainty:
    """How sure a finding is that takes a name for an input: where nodes may be missing, one of them may make it."""
    return certainty_in(condition) if dataflow.complete else "likely"


def place(node: Node) -> Location:
    """Where a node's name is decided."""
    return Location(node.path or node.origin.path, node.span)


_OWN_SEVERITY = "own-severity"
