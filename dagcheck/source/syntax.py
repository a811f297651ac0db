"""How is code written down as plain data?

Expressions and statements become nested tuples `(kind, place, ...)`: small, hashable, quick to store and load, and free of
references to syntax nodes, so that a tree can be dropped as soon as its facts are taken. `place` is
`(line, column, end line, end column)` like a `Span`, or None in annotations, which are shared by all that spell them alike.

Expression kinds and what follows the place:
  const value type | name id | attr owner name | call callee arguments keywords | subscript owner index | slice lower upper step
  list items | tuple items | set items | dict pairs (key None for `**`) | star value | binary op left right | unary op operand
  logic op operands | compare left (op, right)... | choice test body orelse | lambda parameters body | format parts
  comprehension kind element generators | walrus target value | await value | yield value | opaque what

Statement kinds: see `_STATEMENTS`. A function keeps its header; its body is a range of lines, read again when someone asks
(`function_body`). The names of kinds are ours; what they mean is Python's language reference, sections 6 to 8.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from dagcheck.source.patterns import pattern

Place: TypeAlias = "tuple[int, int, int, int]"
Expression: TypeAlias = "tuple[Any, ...]"
Statement: TypeAlias = "tuple[Any, ...]"
Locate: TypeAlias = "Callable[[Any], Place | None]"


class Parameter(NamedTuple):
    """One parameter (stored as a plain tuple, see `Parameter._make`): kind is `positional`, `standard`, `star`, `keyword` or `double-star`; place covers name and annotation."""

    name: str
    kind: str
    annotation: Expression | None
    default: Expression | None
    place: Place


class Header(NamedTuple):
    """A function as far as its first line tells, and where its body stands (lines, inclusive). Stored as a plain tuple."""

    name: str
    decorators: tuple[Expression, ...]
    parameters: tuple[Any, ...]
    returns: Expression | None
    returns_place: Place | None
    documentation: str | None
    is_async: bool
    place: Place
    name_place: Place
    first_line: int
    end_line: int
    type_parameters: tuple[str, ...] = ()


def compact_expression(node: ast.expr, locate: Locate) -> Expression:
    """The tuple of one expression; kinds that are never evaluated become `opaque`."""
    convert = _EXPRESSIONS.get(type(node))
    if convert is None:
        return ("opaque", locate(node), type(node).__name__.lower())
    return convert(node, locate)


def compact_statements(body: Iterable[ast.stmt], locate: Locate) -> tuple[Statement, ...]:
    """The tuples of a block of statements, in order."""
    return tuple([_statement(node, locate) for node in body])


def blocks(statement: Statement) -> tuple[tuple[Statement, ...], ...]:
    """The blocks inside a statement that run when it does, in order; those of functions and classes are their own."""
    kind = statement[0]
    if kind in ("if", "for", "while"):
        inner: tuple[tuple[Statement, ...], ...] = statement[-2:]
        return inner
    if kind == "with":
        return (statement[3],)
    if kind == "match":
        return tuple([case[2] for case in statement[3]])
    if kind == "try":
        return (statement[2], *(handler[2] for handler in statement[3]), statement[4], statement[5])
    return ()


def without_place(node: Any) -> None:
    """The `locate` of annotations: no place at all."""


def _statement(node: ast.stmt, locate: Locate) -> Statement:
    convert = _STATEMENTS.get(type(node))
    if convert is None:
        return ("opaque", locate(node), type(node).__name__.lower(), _bound_names(node))
    return convert(node, locate)


def _all(nodes: Iterable[ast.expr], locate: Locate) -> tuple[Expression, ...]:
    return tuple([compact_expression(node, locate) for node in nodes])


def _maybe(node: ast.expr | None, locate: Locate) -> Expression | None:
    return None if node is None else compact_expression(node, locate)


# --- expressions


def _call(node: ast.Call, locate: Locate) -> Expression:
    keywords = tuple([(word.arg, compact_expression(word.value, locate), locate(word)) for word in node.keywords])
    return ("call", locate(node), compact_expression(node.func, locate), _all(node.args, locate), keywords)


def _compare(node: ast.Compare, locate: Locate) -> Expression:
    rights = zip(node.ops, node.comparators, strict=True)
    pairs = tuple([(type(op).__name__, compact_expression(right, locate)) for op, right in rights])
    return ("compare", locate(node), compact_expression(node.left, locate), pairs)


def _dict(node: ast.Dict, locate: Locate) -> Expression:
    pairs = zip(node.keys, node.values, strict=True)
    return ("dict", locate(node), tuple([(_maybe(k, locate), compact_expression(v, locate)) for k, v in pairs]))


def _format(node: ast.JoinedStr, locate: Locate) -> Expression:
    parts: list[Any] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value, spec = compact_expression(part.value, locate), _maybe(part.format_spec, locate)
            parts.append((value, part.conversion, spec))
        else:
            parts.append(compact_expression(part, locate))
    return ("format", locate(node), tuple(parts))


def _comprehension(kind: str) -> Callable[[Any, Locate], Expression]:
    def convert(node: Any, locate: Locate) -> Expression:
        element = (
            (compact_expression(node.key, locate), compact_expression(node.value, locate))
            if kind == "dict"
            else compact_expression(node.elt, locate)
        )
        generators = tuple(
            [
                (
                    compact_expression(part.target, locate),
                    compact_expression(part.iter, locate),
                    _all(part.ifs, locate),
                    bool(part.is_async),
                )
                for part in node.generators
            ]
        )
        return ("comprehension", locate(node), kind, element, generators)

    return convert


def _lambda(node: ast.Lambda, locate: Locate) -> Expression:
    return ("lambda", locate(node), _parameters(node.args, locate), compact_expression(node.body, locate))


def _parameters(node: ast.arguments, locate: Locate) -> tuple[Any, ...]:
    positional = [*node.posonlyargs, *node.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)
    rows: list[tuple[ast.arg, str, ast.expr | None]] = []
    for index, argument in enumerate(positional):
        rows.append((argument, "positional" if index < len(node.posonlyargs) else "standard", defaults[index]))
    if node.vararg:
        rows.append((node.vararg, "star", None))
    rows += [
        (argument, "keyword", default) for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
    ]
    if node.kwarg:
        rows.append((node.kwarg, "double-star", None))
    return tuple([_parameter(*row, locate) for row in rows])


def _parameter(node: ast.arg, kind: str, default: ast.expr | None, locate: Locate) -> tuple[Any, ...]:
    return (node.arg, kind, _maybe(node.annotation, without_place), _maybe(default, locate), locate(node))


_EXPRESSIONS: dict[type, Callable[[Any, Locate], Expression]] = {
    ast.Constant: lambda n, at: ("const", at(n), n.value, type(n.value).__name__),
    ast.Name: lambda n, at: ("name", at(n), n.id),
    ast.Attribute: lambda n, at: ("attr", at(n), compact_expression(n.value, at), n.attr),
    ast.Call: _call,
    ast.Subscript: lambda n, at: ("subscript", at(n), compact_expression(n.value, at), compact_expression(n.slice, at)),
    ast.Slice: lambda n, at: ("slice", at(n), _maybe(n.lower, at), _maybe(n.upper, at), _maybe(n.step, at)),
    ast.List: lambda n, at: ("list", at(n), _all(n.elts, at)),
    ast.Tuple: lambda n, at: ("tuple", at(n), _all(n.elts, at)),
    ast.Set: lambda n, at: ("set", at(n), _all(n.elts, at)),
    ast.Dict: _dict,
    ast.Starred: lambda n, at: ("star", at(n), compact_expression(n.value, at)),
    ast.BinOp: lambda n, at: (
        "binary",
        at(n),
        type(n.op).__name__,
        compact_expression(n.left, at),
        compact_expression(n.right, at),
    ),
    ast.UnaryOp: lambda n, at: ("unary", at(n), type(n.op).__name__, compact_expression(n.operand, at)),
    ast.BoolOp: lambda n, at: ("logic", at(n), type(n.op).__name__, _all(n.values, at)),
    ast.Compare: _compare,
    ast.IfExp: lambda n, at: (
        "choice",
        at(n),
        compact_expression(n.test, at),
        compact_expression(n.body, at),
        compact_expression(n.orelse, at),
    ),
    ast.Lambda: _lambda,
    ast.JoinedStr: _format,
    ast.ListComp: _comprehension("list"),
    ast.SetComp: _comprehension("set"),
    ast.DictComp: _comprehension("dict"),
    ast.GeneratorExp: _comprehension("generator"),
    ast.Await: lambda n, at: ("await", at(n), compact_expression(n.value, at)),
    ast.Yield: lambda n, at: ("yield", at(n), _maybe(n.value, at)),
    ast.YieldFrom: lambda n, at: ("yield from", at(n), compact_expression(n.value, at)),
    ast.NamedExpr: lambda n, at: ("walrus", at(n), n.target.id, compact_expression(n.value, at)),
}


# --- statements


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, locate: Locate) -> Statement:
    return ("def", locate(node), tuple(_header(node, locate)))


def header_of(statement: Statement) -> Header:
    """The header of a `def` statement."""
    header = Header._make(statement[2])
    return header._replace(parameters=parameters_of(header.parameters))


def parameters_of(rows: tuple[Any, ...]) -> tuple[Parameter, ...]:
    """Stored parameters with the names of their fields."""
    return tuple([Parameter._make(row) for row in rows])


def _header(node: ast.FunctionDef | ast.AsyncFunctionDef, locate: Locate) -> Header:
    place = locate(node) or (0, 0, 0, 0)
    # No syntax node carries the name's place: it stands after `def` or `async def` in any sane formatting.
    start = place[1] + (10 if isinstance(node, ast.AsyncFunctionDef) else 4)
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    return Header(
        node.name,
        _all(node.decorator_list, locate) if node.decorator_list else (),
        _parameters(node.args, locate),
        _maybe(node.returns, without_place),
        None if node.returns is None else locate(node.returns),
        _documentation(node.body),
        isinstance(node, ast.AsyncFunctionDef),
        place,
        (place[0], start, place[0], start + len(node.name)),
        first,
        node.end_lineno or node.lineno,
        _type_parameters(node),
    )


def _type_parameters(node: Any) -> tuple[str, ...]:
    """The names between brackets after the name of a `def`, a `class` or a `type` (Python 3.12)."""
    return tuple([part.name for part in getattr(node, "type_params", ())])


def _documentation(body: list[ast.stmt]) -> str | None:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return first.value.value if is_text else None  # type: ignore[attr-defined]


def _class(node: ast.ClassDef, locate: Locate) -> Statement:
    keywords = tuple([(word.arg, compact_expression(word.value, locate), locate(word)) for word in node.keywords])
    return (
        "class",
        locate(node),
        node.name,
        _all(node.bases, locate),
        keywords,
        _all(node.decorator_list, locate),
        compact_statements(node.body, locate),
        _type_parameters(node),
    )


def _try(node: Any, locate: Locate) -> Statement:
    handlers = tuple(
        [(_maybe(part.type, locate), part.name, compact_statements(part.body, locate)) for part in node.handlers]
    )
    return (
        "try",
        locate(node),
        compact_statements(node.body, locate),
        handlers,
        compact_statements(node.orelse, locate),
        compact_statements(node.finalbody, locate),
    )


def _loop(kind: str) -> Callable[[Any, Locate], Statement]:
    def convert(node: Any, locate: Locate) -> Statement:
        blocks = compact_statements(node.body, locate), compact_statements(node.orelse, locate)
        if kind == "for":
            target, iterable = compact_expression(node.target, locate), compact_expression(node.iter, locate)
            return ("for", locate(node), target, iterable, *blocks)
        return (kind, locate(node), compact_expression(node.test, locate), *blocks)

    return convert


def _match(node: Any, locate: Locate) -> Statement:
    def case(part: ast.match_case) -> tuple[Any, ...]:
        asked = pattern(part.pattern, lambda inner: compact_expression(inner, locate))
        return (asked, _maybe(part.guard, locate), compact_statements(part.body, locate))

    return ("match", locate(node), compact_expression(node.subject, locate), tuple(map(case, node.cases)))


def _with(node: Any, locate: Locate) -> Statement:
    items = tuple(
        [(compact_expression(item.context_expr, locate), _maybe(item.optional_vars, locate)) for item in node.items]
    )
    return ("with", locate(node), items, compact_statements(node.body, locate))


def _aliases(names: list[ast.alias]) -> tuple[tuple[str, str | None], ...]:
    return tuple([(alias.name, alias.asname) for alias in names])


def _annotated_assignment(node: ast.AnnAssign, locate: Locate) -> Statement:
    target = compact_expression(node.target, locate)
    annotation = compact_expression(node.annotation, without_place)
    return ("annassign", locate(node), target, annotation, _maybe(node.value, locate))


def _bound_names(node: ast.stmt) -> tuple[str, ...]:
    """Every name that a statement we do not interpret might bind."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    names |= {
        part.name
        for part in ast.walk(node)
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.MatchAs, ast.MatchStar))
        and part.name
    }
    return tuple(sorted(names))


_STATEMENTS: dict[type, Callable[[Any, Locate], Statement]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: lambda n, at: ("import", at(n), _aliases(n.names)),
    ast.ImportFrom: lambda n, at: ("from", at(n), n.module, n.level, _aliases(n.names)),
    ast.Assign: lambda n, at: ("assign", at(n), _all(n.targets, at), compact_expression(n.value, at)),
    ast.AnnAssign: _annotated_assignment,
    ast.AugAssign: lambda n, at: (
        "augassign",
        at(n),
        compact_expression(n.target, at),
        type(n.op).__name__,
        compact_expression(n.value, at),
    ),
    ast.Expr: lambda n, at: ("expr", at(n), compact_expression(n.value, at)),
    ast.If: _loop("if"),
    ast.For: _loop("for"),
    ast.AsyncFor: _loop("for"),
    ast.While: _loop("while"),
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.Try: _try,
    ast.Return: lambda n, at: ("return", at(n), _maybe(n.value, at)),
    ast.Raise: lambda n, at: ("raise", at(n), _maybe(n.exc, at)),
    ast.Assert: lambda n, at: ("assert", at(n), compact_expression(n.test, at)),
    ast.Pass: lambda n, at: ("pass", at(n)),
    ast.Break: lambda n, at: ("break", at(n)),
    ast.Continue: lambda n, at: ("continue", at(n)),
    ast.Global: lambda n, at: ("global", at(n), tuple(n.names)),
    ast.Nonlocal: lambda n, at: ("nonlocal", at(n), tuple(n.names)),
    ast.Delete: lambda n, at: ("delete", at(n), _all(n.targets, at)),
}
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = _try
if hasattr(ast, "TypeAlias"):
    _STATEMENTS[ast.TypeAlias] = lambda n, at: ("alias", at(n), n.name.id, compact_expression(n.value, without_place))
