"""Can a variant exist at all?

Conditions of a stack may exclude each other, a collection of values may be empty, and a condition on a key of the node's own name
holds only where the configuration takes the node's place (`hamilton.graph.create_function_graph`).
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation.conditions import ALWAYS, NEVER, both, one_of
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.node import Fault, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.span import Location, Span

_ON_PURPOSE = frozenset({"hamilton_exclude", "mutate"})


def contradiction(subject: Subject, uses: Sequence[Use], last: Use) -> list[Fault]:
    """What to say of a function that its stack of conditions lets exist nowhere, since `last`; nothing of what is meant so."""
    if subject.setting.config is not None or any(use.name in _ON_PURPOSE for use in uses):
        return []
    before = uses[: uses.index(last)]
    why = "its conditions exclude each other" if before else "its condition never holds"
    related = tuple(
        (Location(use.application.path, Span(*use.application.place)), "excludes the other condition") for use in before
    )
    return [_fault(subject, last, f"no configuration has this variant of `{subject.name}`: {why}", related)]


def replaced(subject: Subject, uses: Sequence[Use], nodes: Sequence[Node]) -> list[Fault]:
    """What to say of a function all of whose nodes want a key of their own name, which takes their place."""
    if subject.setting.config is not None or not uses or not nodes:
        return []
    if not all(
        any(key == node.name for box in node.condition.boxes for key, _ in box)
        and both(node.condition, one_of(node.name, [None])) == NEVER
        for node in nodes
    ):
        return []
    name = nodes[0].name
    message = (
        f"no configuration has this variant of `{name}`: where the key `{name}` is given, it takes the node's place"
    )
    return [_fault(subject, uses[0], message, ())]


def _fault(subject: Subject, use: Use, message: str, related: tuple[tuple[Location, str], ...]) -> Fault:
    fault = Fault("unreachable-variant", message, blame(use), ALWAYS, "silent", (subject.name,), related)
    return fault._replace(
        severity="warning", path=use.application.path, help="drop the function, or mend its conditions"
    )
