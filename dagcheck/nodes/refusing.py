"""Which calls does Hamilton refuse that are no modifiers?

`source`, `value` and `group` are called wherever a module pleases, in tables and constants too. Of these only `group` looks at what
it is given; what it refuses fails the import there. That calls have as many arguments as they take is checked where modifiers are
applied (`dagcheck.nodes.modifiers.calling`).
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation.values import Construction, Reference, Value


def refusal(name: str, arguments: Sequence[Value], keywords: Sequence[tuple[str, Value]]) -> str:
    """The exception, and its words, with which Hamilton certainly refuses this call of something that is no modifier; "" for none."""
    if not (name.startswith("hamilton.function_modifiers.") and name.endswith(".group")):
        return ""
    from dagcheck.nodes.arguments import binding
    from dagcheck.nodes.modifiers.grouping import group_problem

    bound = binding(Construction(Reference(name), tuple(arguments), tuple(keywords)))
    is_known = all(part.kind != "unknown" for _, part in bound.content) if bound.kind == "group" else False
    problem = group_problem(bound) if is_known else ""
    return f"InvalidDecoratorException: {problem}" if problem else ""
