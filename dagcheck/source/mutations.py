"""Which of its parameters does this function change in place?

Reads a function's body once, from top to bottom. A name stands for a parameter until it is bound to something else; where branches
differ, it does not any more. What a method does to an object is only known for types that the annotation names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dagcheck.source.syntax import Locate, Place


class Mutation(NamedTuple):
    """One statement or call that changes a parameter; `how` is what it does, in a few words."""

    parameter: str
    how: str
    place: Place


_SEQUENCES = "append extend insert remove pop clear sort reverse"
_MAPPINGS = "update setdefault pop popitem clear"
_SETS = "add discard remove pop clear update"
_METHODS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("list", "List", "MutableSequence", "deque", "bytearray"), frozenset(_SEQUENCES.split())),
    **dict.fromkeys(
        ("dict", "Dict", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict", "Counter"),
        frozenset(_MAPPINGS.split()),
    ),
    **dict.fromkeys(("set", "Set", "MutableSet"), frozenset(_SETS.split())),
    "DataFrame": frozenset(["insert", "pop", "update"]),
    "Series": frozenset(["pop", "update"]),
    "ndarray": frozenset(["fill", "itemset", "partition", "put", "resize", "sort"]),
}
"""By the last part of an annotation's name: the methods that change the object itself."""

_FUNCTIONS = frozenset(["shuffle", "heapify", "heappush", "heappop", "setattr", "delattr"])
"""Functions that change their first argument, by the last part of their names."""


def mutations(function: ast.FunctionDef | ast.AsyncFunctionDef, locate: Locate) -> list[Mutation]:
    """The changes in the order of the text; `locate` tells the place of a node."""
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    reader = _Reader({part.arg: _kind(part.annotation) for part in parameters}, locate)
    reader.block(function.body, {part.arg: part.arg for part in parameters})
    return reader.found


class _Reader:
    """Reads statements. State: what was found. Names are handed from statement to statement, name -> parameter."""

    def __init__(self, kinds: dict[str, str], locate: Locate) -> None:
        self.found: list[Mutation] = []
        self._kinds = kinds
        self._locate = locate

    def block(self, statements: Iterable[ast.stmt], names: dict[str, str]) -> None:
        """Follow statements one after the other."""
        for statement in statements:
            self._statement(statement, names)

    def _statement(self, statement: ast.stmt, names: dict[str, str]) -> None:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.pop(statement.name, None)
            return
        for call in _calls(statement):
            self._call(call, names)
        if isinstance(statement, ast.Assign):
            self._assign(statement.targets, statement.value, names)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self._assign([statement.target], statement.value, names)
        elif isinstance(statement, ast.AugAssign):
            self._augment(statement, names)
        elif isinstance(statement, ast.Delete):
            for target in statement.targets:
                self._store(target, "deletes from it", names)
        else:
            self._compound(statement, names)

    def _compound(self, statement: ast.stmt, names: dict[str, str]) -> None:
        """Follow the blocks of a statement; what one of them binds anew is no parameter afterwards."""
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            self._assign([statement.target], None, names)
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            self._assign([item.optional_vars for item in statement.items if item.optional_vars], None, names)
        after = dict(names)
        for block in _blocks(statement):
            inner = dict(names)
            self.block(block, inner)
            after = {name: parameter for name, parameter in after.items() if inner.get(name) == parameter}
        names.clear()
        names.update(after)

    def _assign(self, targets: Iterable[ast.expr], value: ast.expr | None, names: dict[str, str]) -> None:
        alias = names.get(value.id) if isinstance(value, ast.Name) else None
        for target in targets:
            for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else (target,):
                if isinstance(part, ast.Name):
                    names.pop(part.id, None)
                    if alias is not None and part is target:
                        names[part.id] = alias
                else:
                    self._store(part, "assigns into it", names)

    def _augment(self, statement: ast.AugAssign, names: dict[str, str]) -> None:
        target = statement.target
        if not isinstance(target, ast.Name):
            self._store(target, "assigns into it", names)
        elif target.id in names and self._kinds.get(names[target.id], "") in _METHODS:
            self._note(names[target.id], "adds to it in place", target)
        else:
            names.pop(target.id, None)

    def _store(self, target: ast.expr, how: str, names: dict[str, str]) -> None:
        if isinstance(target, ast.Name):
            names.pop(target.id, None)
            return
        parameter = names.get(_root(target))
        if parameter is not None:
            self._note(parameter, how, target)

    def _call(self, call: ast.Call, names: dict[str, str]) -> None:
        function = call.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in _FUNCTIONS and call.args and isinstance(call.args[0], ast.Name) and call.args[0].id in names:
            self._note(names[call.args[0].id], f"`{name}` changes it", call)
            return
        if not isinstance(function, ast.Attribute):
            return
        parameter = names.get(_root(function.value))
        if parameter is None:
            return
        is_in_place = any(part.arg == "inplace" and _is_true(part.value) for part in call.keywords)
        is_own = isinstance(function.value, ast.Name) and name in _METHODS.get(self._kinds.get(parameter, ""), ())
        if is_in_place or is_own:
            self._note(parameter, f"`.{name}({'inplace=True' if is_in_place else ''})` changes it", call)

    def _note(self, parameter: str, how: str, node: ast.expr) -> None:
        place = self._locate(node)
        if place is not None:
            self.found.append(Mutation(parameter, how, place))


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls of a statement itself, without those in its blocks or in functions inside of it."""
    pending: list[ast.AST] = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr)]
    pending += [item.context_expr for item in getattr(statement, "items", ())]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield node
        pending[:0] = ast.iter_child_nodes(node)


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    blocks = [getattr(statement, field) for field in ("body", "orelse", "finalbody") if getattr(statement, field, None)]
    blocks += [part.body for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))]
    return blocks


def _root(expression: ast.expr) -> str:
    """The name that a chain of attributes and subscripts starts from; "" for none."""
    while isinstance(expression, (ast.Subscript, ast.Attribute)):
        expression = expression.value
    return expression.id if isinstance(expression, ast.Name) else ""


def _kind(annotation: ast.expr | None) -> str:
    """The last part of the name of an annotation's class."""
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.partition("[")[0].rpartition(".")[2].strip()
    return annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")


def _is_true(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is True
