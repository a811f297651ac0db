"""Which names of nodes do calls of drivers spell out?

Final variables, inputs, overrides, configuration, the names that questions about the graph are asked of, and the keys by which
results are looked up. A list or dictionary that a variable of the same file was given counts where the variable is used.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Spelled(NamedTuple):
    """A name in a driver's call: a string literal, or the name of a keyword of `dict(...)`. `kind` says what it is for."""

    name: str
    node: ast.Constant | ast.keyword
    kind: str


_LISTS = {
    "execute": "output", "raw_execute": "output", "validate_execution": "output", "visualize_execution": "output",
    "export_execution": "output", "materialize": "", "validate_materialization": "", "visualize_materialization": "",
}  # fmt: skip
_KEYWORDS = {
    "final_vars": "output", "additional_vars": "output", "inputs": "input", "overrides": "override",
    "dependencies": "output", "upstream_node_name": "output", "downstream_node_name": "output",
}  # fmt: skip
_QUESTIONS = {
    "display_downstream_of", "display_upstream_of", "what_is_downstream_of", "what_is_upstream_of",
    "what_is_the_path_between", "visualize_path_between",
}  # fmt: skip
_CONFIGURING = {"with_config", "Driver", "AsyncDriver"}
_RUNNING = {"execute", "raw_execute", "materialize"}


def driver_names(tree: ast.Module) -> Iterator[Spelled]:
    """All names in calls of drivers, and in what becomes of their results."""
    assigned = _assigned(tree)
    results = {name for name, value in assigned.items() if any(_is_run(part) for part in value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node, assigned)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Constant, ast.List)):
            is_result = _is_run(node.value) or (isinstance(node.value, ast.Name) and node.value.id in results)
            if is_result:
                yield from _strings(node.slice, "result", {})


def _in_call(call: ast.Call, assigned: Mapping[str, list[ast.expr]]) -> Iterator[Spelled]:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {word.arg: word.value for word in call.keywords if word.arg is not None}
    if method in _LISTS:
        pairs = [(given[name], kind) for name, kind in _KEYWORDS.items() if name in given]
        if _LISTS[method] and call.args:
            pairs.append((call.args[0], _LISTS[method]))
        if method == "execute":
            pairs += [
                (part, kind) for part, kind in zip(call.args[1:], ("override", "", "input"), strict=False) if kind
            ]
    elif method in _QUESTIONS:
        pairs = [(part, "output") for part in (*call.args, *(given[name] for name in _KEYWORDS if name in given))]
    elif method in _CONFIGURING:
        pairs = [(part, "config") for part in call.args[:1] if isinstance(part, (ast.Dict, ast.Call, ast.Name))]
    elif _is_materializer(call.func):
        pairs = [(given[name], "output") for name in ("dependencies", "target") if name in given]
    else:
        pairs = []
    for value, kind in pairs:
        yield from _strings(value, kind, assigned)


def _is_materializer(function: ast.expr) -> bool:
    """`to.json(...)`, `from_.csv(...)`."""
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value
    return isinstance(owner, ast.Name) and owner.id in ("to", "from_")


def _strings(value: ast.expr, kind: str, assigned: Mapping[str, list[ast.expr]]) -> Iterator[Spelled]:
    """The strings of a literal: a list's elements, a dictionary's keys."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield Spelled(value.value, value, kind)
    elif isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        for part in value.elts:
            yield from _strings(part, kind, assigned)
    elif isinstance(value, ast.Dict):
        for key, part in zip(value.keys, value.values, strict=True):
            yield from _strings(key if key is not None else part, kind, assigned)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
        yield from (Spelled(word.arg, word, kind) for word in value.keywords if word.arg is not None)
    elif isinstance(value, ast.BinOp):
        yield from _strings(value.left, kind, assigned)
        yield from _strings(value.right, kind, assigned)
    elif isinstance(value, ast.Name):
        for part in assigned.get(value.id, ()):
            if isinstance(part, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Call)):
                yield from _strings(part, kind, {})


def _assigned(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Name -> every value that a simple assignment anywhere in the file gives it."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found.setdefault(node.target.id, []).append(node.value)
    return found


def _is_run(value: ast.expr) -> bool:
    """Is this a call that runs a dataflow, awaited or not?"""
    if isinstance(value, ast.Await):
        value = value.value
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _RUNNING
