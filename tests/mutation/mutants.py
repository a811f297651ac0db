"""How can a program be changed a little? Every place of a text where one of a few operators applies, and the text after it.

Constants, operators, comparisons, defaults, arguments of decorators, names of helpers and of dependencies; statements, decorators
and whole functions taken out; functions renamed. All of it keeps the text readable by Python.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple


class Mutant(NamedTuple):
    """A changed text: which file, what was done at which line, and what it became."""

    path: str
    line: int
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class _Edit(NamedTuple):
    """Replace what stands between two places by something else."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    what: str


_OPERATORS: dict[type, tuple[str, type]] = {
    ast.Add: ("-", ast.Sub),
    ast.Sub: ("+", ast.Add),
    ast.Mult: ("+", ast.Add),
    ast.Div: ("*", ast.Mult),
    ast.FloorDiv: ("*", ast.Mult),
    ast.Mod: ("+", ast.Add),
}
_COMPARISONS: dict[type, type] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """All mutants of one file, each but one edit away from it."""
    tree = ast.parse(text)
    names = _names(tree)
    for edit in _edits(tree, names):
        changed = _applied(text, edit)
        if changed != text and _parses(changed):
            yield Mutant(path, edit.start[0], edit.what, changed)


def _edits(tree: ast.Module, names: dict[str, list[str]]) -> Iterator[_Edit]:
    documentation = {id(node) for node in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            yield from _constant(node)
        elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            yield _binary(node)
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
            changed = ast.Compare(node.left, [_COMPARISONS[type(node.ops[0])](), *node.ops[1:]], node.comparators)
            yield _replaced(node, f"({ast.unparse(changed)})", "a comparison turned round")
        elif isinstance(node, ast.Call):
            yield from _call(node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from _name(node, names)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _function(node)
        elif isinstance(node, ast.Return) and node.value is not None:
            yield _replaced(node, "return None", "nothing returned")
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr)) and not _is_text(node):
            yield _replaced(node, "pass", "a statement of the module taken out")


def _constant(node: ast.Constant) -> Iterator[_Edit]:
    value = node.value
    if isinstance(value, bool):
        yield _replaced(node, repr(not value), "a truth value turned round")
    elif isinstance(value, (int, float)):
        yield _replaced(node, repr(value + 1), "a number changed")
    elif isinstance(value, str) and node.end_lineno == node.lineno:
        yield _replaced(node, repr(f"{value}_x"), "a text changed")


def _binary(node: ast.BinOp) -> _Edit:
    operator = _OPERATORS[type(node.op)][1]()
    return _replaced(node, f"({ast.unparse(ast.BinOp(node.left, operator, node.right))})", "an operator changed")


def _call(node: ast.Call) -> Iterator[_Edit]:
    if len(node.args) >= 2 and not any(isinstance(part, ast.Starred) for part in node.args):
        first, second, *rest = node.args
        changed = ast.Call(node.func, [second, first, *rest], node.keywords)
        yield _replaced(node, ast.unparse(changed), "two arguments swapped")
    if node.keywords:
        changed = ast.Call(node.func, node.args, node.keywords[:-1])
        yield _replaced(node, ast.unparse(changed), "a keyword argument taken out")


def _name(node: ast.Name, names: dict[str, list[str]]) -> Iterator[_Edit]:
    for alike in names.values():
        if node.id in alike and len(alike) > 1:
            other = alike[(alike.index(node.id) + 1) % len(alike)]
            yield _replaced(node, other, "a name changed")


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Edit]:
    first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
    column = node.col_offset
    whole = ((first, column), (node.end_lineno or 0, node.end_col_offset or 0))
    yield _Edit(*whole, "pass", "a function taken out")
    start = column + (4 if isinstance(node, ast.FunctionDef) else 10)
    yield _Edit((node.lineno, start), (node.lineno, start + len(node.name)), f"{node.name}_x", "a function renamed")
    for part in node.decorator_list:
        yield _Edit((part.lineno, part.col_offset - 1), _end(part), "", "a decorator taken out")
    for statement in node.body[:-1]:
        if not _is_text(statement):
            yield _replaced(statement, "pass", "a statement taken out")
    for argument in node.args.args:
        yield _Edit(
            (argument.lineno, argument.col_offset),
            (argument.lineno, argument.col_offset + len(argument.arg.encode())),
            f"{argument.arg}_x",
            "a parameter renamed",
        )


def _names(tree: ast.Module) -> dict[str, list[str]]:
    """Names of the module that may stand for each other: functions, and constants."""
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    constants = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    return {"functions": functions, "constants": constants}


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _replaced(node: ast.expr | ast.stmt, text: str, what: str) -> _Edit:
    return _Edit((node.lineno, node.col_offset), _end(node), text, what)


def _end(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _applied(text: str, edit: _Edit) -> str:
    lines = text.encode().split(b"\n")
    (first, start), (last, end) = edit.start, edit.end
    head, tail = lines[first - 1][:start], lines[last - 1][end:]
    lines[first - 1 : last] = [head + edit.text.encode() + tail]
    return b"\n".join(lines).decode()


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
