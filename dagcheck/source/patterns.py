"""What does a pattern of a `match` statement ask, as a compact tuple?

`("value", expression)`, `("singleton", constant)`, `("capture", pattern or None, name or None)`, `("or", patterns)`, `("sequence", patterns)`,
`("star", name or None)`, `("mapping", keys, patterns, rest or None)`, `("class", expression, patterns, names with patterns)`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

Compact = Callable[[ast.expr], tuple[Any, ...]]


def pattern(node: ast.pattern, compact: Compact) -> tuple[Any, ...]:
    """The tuple of a pattern; `compact` gives that of an expression."""
    if isinstance(node, ast.MatchValue):
        return ("value", compact(node.value))
    if isinstance(node, ast.MatchSingleton):
        return ("singleton", node.value)
    if isinstance(node, ast.MatchAs):
        return ("capture", None if node.pattern is None else pattern(node.pattern, compact), node.name)
    if isinstance(node, ast.MatchStar):
        return ("star", node.name)
    if isinstance(node, ast.MatchMapping):
        return ("mapping", tuple(map(compact, node.keys)), _all(node.patterns, compact), node.rest)
    if isinstance(node, ast.MatchClass):
        named = tuple(zip(node.kwd_attrs, _all(node.kwd_patterns, compact), strict=True))
        return ("class", compact(node.cls), _all(node.patterns, compact), named)
    assert isinstance(node, (ast.MatchOr, ast.MatchSequence))
    return ("or" if isinstance(node, ast.MatchOr) else "sequence", _all(node.patterns, compact))


def _all(nodes: list[ast.pattern], compact: Compact) -> tuple[tuple[Any, ...], ...]:
    return tuple([pattern(node, compact) for node in nodes])
