"""What does each name at the top of a module stand for, in canonical form?

A *symbol* is such a name with all that binds or changes it: a function by its pieces, a class, values, imports, and the
statements that run when the module is imported and might change what the name stands for (`TABLE["k"] = 1`,
`register(TABLE)`). Statements that mention no name of the module belong to the symbol `""`: what importing the module does.

A *piece* is some code with a role, so that later stages can tell a changed body from a changed default. Like facts, symbols
are a function of the text alone. Unlike facts they need every body, so nobody asks for them while checking.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from dagcheck.source.binding_names import bound_names, import_name, names_bound_by, parts_of
from dagcheck.source.canonical import Chain, function_scope, plain_annotation, without_docstring, written
from dagcheck.source.parsing import SyntaxFault, parse

SCHEMA = 1
"""Changes whenever what is written down changes its meaning."""

EFFECTS = ""
"""The name of the symbol that stands for what importing the module does besides binding names."""


class Piece(NamedTuple):
    """Some code of a symbol.

    `role` is `decorator`, `defaults`, `signature`, `annotations` or `body` for functions, `value` for what binds a name
    otherwise, `effect` for a statement that may change it, `documentation`. `runs`: it runs when the module is imported.
    """

    role: str
    digest: bytes
    references: tuple[Chain, ...] = ()
    changed: tuple[Chain, ...] = ()
    dynamic: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Does this code run when the module is imported?"""
        return self.role in ("decorator", "defaults", "value", "effect")


class Symbol(NamedTuple):
    """A name at the top of a module. `kind` is `function`, `class`, `value` or `import`; `lines` are (first, last) pairs."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    imports: tuple[str, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()


class ModuleSymbols(NamedTuple):
    """The symbols of one text; `stars` are the modules of its `from ... import *`; `imported` all that it imports anywhere."""

    symbols: dict[str, Symbol]
    stars: tuple[str, ...]
    imported: tuple[str, ...]


NOTHING = ModuleSymbols({}, (), ())


def module_symbols(text: str) -> ModuleSymbols:
    """The symbols of a text; none when it does not parse."""
    tree = parse(text)
    if isinstance(tree, SyntaxFault):
        return NOTHING
    collector = _Collector(tree)
    try:
        for statement in tree.body:
            collector.add(statement, [])
    except RecursionError:
        return NOTHING
    return collector.result()


def to_row(module: ModuleSymbols) -> tuple[Any, ...]:
    """The symbols as exact built-in types, for `marshal`."""
    symbols = [
        (name, symbol.kind, tuple([tuple(piece) for piece in symbol.pieces]), symbol.imports, symbol.lines)
        for name, symbol in module.symbols.items()
    ]
    return (tuple(symbols), module.stars, module.imported)


def from_row(row: tuple[Any, ...]) -> ModuleSymbols:
    """The inverse of `to_row`."""
    symbols = {
        name: Symbol(kind, tuple([Piece._make(piece) for piece in pieces]), imports, lines)
        for name, kind, pieces, imports, lines in row[0]
    }
    return ModuleSymbols(symbols, row[1], row[2])


class _Collector:
    """Gathers symbols, statement by statement."""

    def __init__(self, tree: ast.Module) -> None:
        not_imported = (node for node in parts_of(tree.body) if not isinstance(node, (ast.Import, ast.ImportFrom)))
        self._own = {name for node in not_imported for name in names_bound_by(node)}
        self._symbols: dict[str, Symbol] = {}
        self._stars: list[str] = []
        self._imported = [
            import_name(node, alias)[1]
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        ]

    def result(self) -> ModuleSymbols:
        imported = tuple(dict.fromkeys(self._imported))
        return ModuleSymbols(self._symbols, tuple(dict.fromkeys(self._stars)), imported)

    def add(self, node: ast.stmt, tests: list[ast.expr]) -> None:
        """One statement, which runs when `tests` hold."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self._add_import(node, tests)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._put(node.name, "function", [*_pieces(node), *_tests(tests)], node)
        elif isinstance(node, ast.ClassDef):
            pieces = [_piece("value", [node], annotations=False), *_class_documentation(node), *_tests(tests)]
            self._put(node.name, "class", pieces, node)
        elif isinstance(node, ast.If) and (_is_for_types(node.test) or _is_for_scripts(node.test)):
            for inner in [*(node.body if _is_for_types(node.test) else ()), *node.orelse]:
                self.add(inner, tests)
        elif isinstance(node, ast.If):
            for inner in node.body:
                self.add(inner, [*tests, node.test])
            for inner in node.orelse:
                self.add(inner, [*tests, ast.UnaryOp(ast.Not(), node.test)])
        elif not _is_constant(node):
            self._add_other(node, tests)

    def _add_import(self, node: ast.Import | ast.ImportFrom, tests: list[ast.expr]) -> None:
        for alias in node.names:
            name, what = import_name(node, alias)
            if alias.name == "*":
                self._stars.append(what)
                continue
            self._put(name, "import", _tests(tests), node)
            self._symbols[name] = self._symbols[name]._replace(
                imports=tuple(dict.fromkeys((*self._symbols[name].imports, what)))
            )

    def _add_other(self, node: ast.stmt, tests: list[ast.expr]) -> None:
        """A statement that binds names, changes what they stand for, or does something else."""
        bound = bound_names([node])
        piece = _piece("value" if bound else "effect", [node, *tests])
        for name in sorted(bound):
            self._put(name, "value", [piece], node)
        for part in parts_of([node]) if bound else ():
            if isinstance(part, (ast.Import, ast.ImportFrom)):
                self._add_import(part, [])
        effect = piece._replace(role="effect")
        changed = {chain[0] for chain in piece.changed} - bound
        if isinstance(node, ast.Expr):
            changed |= {chain[0] for chain in piece.references}
        touched = sorted(name for name in changed if name in self._own)
        for name in touched or ([] if bound else [EFFECTS]):
            self._put(name, "value", [effect], node)
        if touched and any(chain[0] not in self._own for chain in piece.changed):
            self._put(EFFECTS, "value", [effect], node)

    def _put(self, name: str, kind: str, pieces: Sequence[Piece], node: ast.stmt) -> None:
        decorators = getattr(node, "decorator_list", ())
        first = min([node.lineno, *(part.lineno for part in decorators)])
        lines = (first, node.end_lineno or node.lineno)
        before = self._symbols.get(name)
        if before is None:
            self._symbols[name] = Symbol(kind, tuple(pieces), (), (lines,))
            return
        kinds = {before.kind, kind}
        joined = (
            kind if len(kinds) == 1 else next((one for one in ("value", "class", "function") if one in kinds), kind)
        )
        if joined == "value" and kinds & {"function", "class"} and all(piece.role == "effect" for piece in pieces):
            joined = before.kind
        self._symbols[name] = Symbol(joined, (*before.pieces, *pieces), before.imports, (*before.lines, lines))


def _pieces(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[Piece]:
    """The pieces of a function."""
    arguments = node.args
    listed = [*arguments.posonlyargs, *arguments.args]
    positional = list(zip(listed[::-1], arguments.defaults[::-1], strict=False))[::-1]
    keyword = [pair for pair in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if pair[1] is not None]
    defaults: list[ast.AST] = []
    for argument, default in [*positional, *keyword]:
        defaults += [ast.Constant(argument.arg), *([default] if default is not None else [])]
    every = [*listed, *arguments.kwonlyargs, *(part for part in (arguments.vararg, arguments.kwarg) if part)]
    annotations = [plain_annotation(part.annotation) for part in every if part.annotation is not None]
    annotations += [] if node.returns is None else [plain_annotation(node.returns)]
    scope = function_scope(node)
    found = [_piece("decorator", [decorator]) for decorator in node.decorator_list]
    found.append(_piece("signature", [_signature(node)]))
    found.append(_piece("defaults", defaults))
    found.append(_piece("annotations", annotations))
    body = written(without_docstring(node.body), (scope,), annotations=False)
    found.append(Piece("body", *body))
    documentation = ast.get_docstring(node, clean=True)
    return [
        *found,
        *([] if documentation is None else [Piece("documentation", written([ast.Constant(documentation)])[0])]),
    ]


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
    """The parameters by name and kind, and whether the function is asynchronous, as syntax."""
    arguments = node.args
    rows: list[ast.expr] = [ast.Constant(isinstance(node, ast.AsyncFunctionDef))]
    groups = (arguments.posonlyargs, arguments.args, [arguments.vararg], arguments.kwonlyargs, [arguments.kwarg])
    named = ([ast.Constant(part.arg) for part in group if part is not None] for group in groups)
    rows += [ast.Tuple(list[ast.expr](names), ast.Load()) for names in named]
    return ast.Tuple(rows, ast.Load())


def _piece(role: str, nodes: Sequence[ast.AST], *, annotations: bool = True) -> Piece:
    return Piece(role, *written(nodes, annotations=annotations))


def _tests(tests: Iterable[ast.expr]) -> list[Piece]:
    return [_piece("value", list(tests))] if tests else []


def _class_documentation(node: ast.ClassDef) -> list[Piece]:
    documentation = ast.get_docstring(node, clean=True)
    return [] if documentation is None else [Piece("documentation", written([ast.Constant(documentation)])[0])]


def _is_for_types(test: ast.expr) -> bool:
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return name == "TYPE_CHECKING"


def _is_for_scripts(test: ast.expr) -> bool:
    """`__name__ == "__main__"`: what stands below is not part of the module when others import it."""
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
