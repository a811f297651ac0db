"""What is a node?

A *node* is one unit of a dataflow: a name, a type, and the *dependencies* it reads by name. Its *origin* is the
function it was made from and the place that decides its name (the `def`, or the modifier's argument for generated nodes).
The *condition* says in which configurations it exists. Its *role* is Hamilton's: standard, expand (Parallelizable), collect.

Nodes are plain values: hashable, comparable, without references to code. How they are made is `dagcheck.nodes.expansion`.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from dagcheck.diagnostics import Severity
from dagcheck.evaluation.conditions import Condition
from dagcheck.span import Location, Span
from dagcheck.types.model import Type

Role = Literal["standard", "expand", "collect"]


class Dependency(NamedTuple):
    """One name that a node reads. `optional`: the parameter had a default (never `Optional[...]`).

    `span` is the place to blame: the parameter, or the argument of the modifier that bound it.
    `default` is the source text of the default, "" when required.
    """

    name: str
    type: Type
    optional: bool
    span: Span
    annotation: str = ""
    default: str = ""


class Origin(NamedTuple):
    """Where a node comes from: the function as written, its `def`, and the modifiers that shaped the node."""

    function: str
    module: str
    path: str
    line: int
    end_line: int
    modifiers: tuple[str, ...] = ()


class Node(NamedTuple):
    """One node in the configurations of `condition`. `span` is the place that decides its name."""

    name: str
    type: Type
    dependencies: tuple[Dependency, ...]
    condition: Condition
    role: Role
    origin: Origin
    span: Span
    annotation: str = ""
    documentation: str = ""
    tags: tuple[tuple[str, Any], ...] = ()
    path: str = ""
    """The file of `span`, where it is not that of the function: an alias, a re-export."""


class Fault(NamedTuple):
    """Something wrong with one function, found while its nodes were made; rules turn it into a diagnostic.

    `rule` names the rule that speaks of it; `hamilton` as in `Diagnostic`; `related` are other places with their part in it.
    """

    rule: str
    message: str
    span: Span
    condition: Condition
    hamilton: Literal["import", "build", "execution", "silent"]
    nodes: tuple[str, ...] = ()
    related: tuple[tuple[Location, str], ...] = ()
    help: str = ""
    label: str = ""
    severity: Severity = "error"
    path: str = ""
    """The file of `span`, where it is not that of the module whose nodes were made."""
