"""Which names does a block of code bind itself?

Python decides per function, before anything runs: a name that is assigned anywhere in its body is local, unless `global` or
`nonlocal` says otherwise. Functions and classes inside have blocks of their own and are not entered; what a comprehension
binds stays inside it, but for `:=`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NAMED = (*_FUNCTIONS, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


LOCAL_IMPORT = "import "
"""How the first part of a chain begins that an import stands behind: `import <level> <module> <name>`."""


def bound_names(nodes: Iterable[ast.AST], imports: dict[str, str] | None = None) -> set[str]:
    """The names that these statements or targets bind; `imports` takes those that nothing but an import binds.

    Each with what it imports, as `import_name` says it.
    """
    found: set[str] = set()
    imported: dict[str, set[str]] = {}
    for node in parts_of(nodes):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                name, what = import_name(node, alias)
                imported.setdefault(name, set()).add(what)
        else:
            found.update(names_bound_by(node))
    if imports is not None:
        imports.update({name: min(what) for name, what in imported.items() if len(what) == 1 and name not in found})
    return found | set(imported)


def declared_outside(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that `global` and `nonlocal` give away."""
    return {name for node in parts_of(nodes) if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}


def parts_of(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All syntax that runs in the block itself; of functions and classes inside only that they are there."""
    pending = list(nodes)
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            pending += [*node.decorator_list]
        elif isinstance(node, _COMPREHENSIONS):
            pending += [part for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
        elif not isinstance(node, ast.Lambda):
            pending += ast.iter_child_nodes(node)


def import_name(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, str]:
    """The name that an import binds, and what it imports as the first part of a chain."""
    if isinstance(node, ast.Import):
        dotted = alias.name if alias.asname else alias.name.partition(".")[0]
        return alias.asname or dotted, f"{LOCAL_IMPORT}0 {dotted} "
    return alias.asname or alias.name, f"{LOCAL_IMPORT}{node.level} {node.module or ''} {alias.name}"


def names_bound_by(node: ast.AST) -> Iterator[str]:
    """The names that this piece of syntax binds by itself, imports apart."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, _NAMED) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
