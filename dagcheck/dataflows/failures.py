"""Which lines are meant to fail?

What stands below `with pytest.raises(...)`, `self.assertRaises(...)` or `suppress(...)`, in a test that is expected to fail, or in a test's
`try` with handlers, is wrong on purpose, and so is all that is called from there: a driver that is built on that way is no dataflow, and
a call that is made asks for nothing. Only a file that has one of the signs is parsed for that.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from dagcheck.dataflows.declared import is_test_module
from dagcheck.source.facts import Source
from dagcheck.source.parsing import SyntaxFault, parse
from dagcheck.span import Location

_MANAGERS = frozenset(
    {"raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "assert_raises", "suppress"}
)
_MARKS = frozenset({"xfail", "expectedFailure"})
_SIGNS = (*_MANAGERS, *_MARKS)
_TRY = "except"

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BLOCKS = ast.stmt | ast.excepthandler | ast.match_case


class Failures:
    """The lines of the project's files that are meant to fail. State: what was looked at."""

    def __init__(self, source_of: Callable[[str], Source | None]) -> None:
        self._source_of = source_of
        self._known: dict[str, list[tuple[int, int]]] = {}

    def cover(self, *locations: Location) -> bool:
        """Is one of these places meant to fail?"""
        return any(self._covers(location) for location in locations)

    def _covers(self, location: Location) -> bool:
        if location.path not in self._known:
            source = self._source_of(location.path)
            is_test = is_test_module(location.path)
            self._known[location.path] = [] if source is None else failing_lines(source.text, is_test=is_test)
        return any(first <= location.span.line <= last for first, last in self._known[location.path])


def failing_lines(text: str, *, is_test: bool = False) -> list[tuple[int, int]]:
    """The first and last lines of what is meant to fail."""
    if not any(sign in text for sign in _SIGNS) and not (is_test and _TRY in text):
        return []
    tree = parse(text)
    return [] if isinstance(tree, SyntaxFault) else sorted(set(_failing(tree, is_test)))


def _failing(tree: ast.Module, is_test: bool) -> Iterator[tuple[int, int]]:
    """The statements are gone through one by one, with the parameters of the function around: these may expect an exception."""
    pending: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while pending:
        node, parameters = pending.pop()
        if isinstance(node, ast.stmt) and _fails(node, parameters):
            yield node.lineno, node.end_lineno or node.lineno
        elif is_test and isinstance(node, ast.Try) and node.handlers:
            yield node.lineno, node.body[-1].end_lineno or node.lineno
        inner = _parameters(node) if isinstance(node, Function) else parameters
        inside = (child for child in ast.iter_child_nodes(node) if isinstance(child, _BLOCKS))
        pending += [(child, inner) for child in inside]


def _fails(node: ast.stmt, parameters: frozenset[str]) -> bool:
    """Is all of a statement meant to fail?"""
    if isinstance(node, ast.With | ast.AsyncWith):
        return any(_expects(item, parameters) for item in node.items)
    return isinstance(node, Function | ast.ClassDef) and any(_name(part) in _MARKS for part in node.decorator_list)


def _expects(item: ast.withitem, parameters: frozenset[str]) -> bool:
    """Is an exception expected by this, or by what a parameter may be?"""
    expression = item.context_expr
    return _name(expression) in (_MANAGERS if isinstance(expression, ast.Call) else parameters)


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    given = function.args
    return frozenset(part.arg for part in (*given.posonlyargs, *given.args, *given.kwonlyargs))


def _name(expression: ast.expr) -> str:
    """The last part of a name, called or not."""
    if isinstance(expression, ast.Call):
        return _name(expression.func)
    return (
        expression.attr
        if isinstance(expression, ast.Attribute)
        else expression.id
        if isinstance(expression, ast.Name)
        else ""
    )
