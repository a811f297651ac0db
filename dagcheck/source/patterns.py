"""How is a `match` statement written down as plain data?

A case is `(pattern, guard, body)`. Patterns: `("value", expression)` for literals and dotted names, `("any", name)` for what takes
everything and binds a name or none, `("or", patterns)`, and `("other", names)` for all that looks inside, with the names it binds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any


def compact_cases(
    node: ast.Match, expression: Callable[[ast.expr], Any], block: Callable[[list[ast.stmt]], Any]
) -> tuple[Any, ...]:
    """The cases of a `match` statement; `expression` and `block` write down what is inside."""
    return tuple(
        [
            (
                _pattern(case.pattern, expression),
                None if case.guard is None else expression(case.guard),
                block(case.body),
            )
            for case in node.cases
        ]
    )


def _pattern(node: ast.pattern, expression: Callable[[ast.expr], Any]) -> tuple[Any, ...]:
    if isinstance(node, ast.MatchValue):
        return ("value", expression(node.value))
    if isinstance(node, ast.MatchSingleton):
        return ("value", ("const", None, node.value, type(node.value).__name__))
    if isinstance(node, ast.MatchOr):
        return ("or", tuple([_pattern(part, expression) for part in node.patterns]))
    if isinstance(node, ast.MatchAs) and node.pattern is None:
        return ("any", node.name)
    names = {
        name
        for part in ast.walk(node)
        if (name := getattr(part, "rest" if isinstance(part, ast.MatchMapping) else "name", None)) is not None
    }
    return ("other", tuple(sorted(names)))
