"""Do dagcheck and Hamilton mean the same graph? Both are written as one line per fact, and the lines must be the same.

Compared: names, kinds (Hamilton calls a configuration key an input), roles, types, dependencies with their types and
optional flags, tags. Not compared: order, documentation, places. Types are compared by structure; names that belong to
no module of the project by root package and class name, because packages rewrite `__module__` (`pandas.DataFrame` is
`pandas.core.frame.DataFrame`); what is `Annotated` onto a type not at all, because it has no text of its own.
A type that dagcheck does not know (null) hides Hamilton's and is counted.
"""

from __future__ import annotations

import ast
import difflib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.harness.oracle import Rejection, Verdict

UNKNOWN = "?"


class Comparison(NamedTuple):
    """`differences`: lines to print, none if the graphs agree. `unknown`: the nodes with an unknown type, own or read.

    `nodes` and `edges` count what was compared.
    """

    differences: tuple[str, ...]
    unknown: tuple[str, ...]
    nodes: int
    edges: int


class Fact(NamedTuple):
    """One line of a graph, about one node: text, a type ("" if it is about none), text."""

    node: str
    head: str
    type: str
    tail: str

    def __str__(self) -> str:
        return self.head + self.type + self.tail


def compare(
    verdict: Verdict,
    nodes: Sequence[Mapping[str, Any]],
    diagnostics: Iterable[Mapping[str, Any]],
    modules: Collection[str] = (),
) -> Comparison:
    """Hamilton's verdict against one dataflow of `dagcheck graph --format json` for the same, fully fixed configuration.

    `modules` are the project's own: their names are compared in full.
    """
    roots = {module.partition(".")[0] for module in modules}
    differences = tuple(_verdict_lines(verdict.rejection, list(diagnostics)))
    if verdict.rejection:
        return Comparison(differences, (), 0, 0)
    ours = _facts(nodes, roots)
    theirs = {
        key: fact._replace(type=UNKNOWN) if key in ours and ours[key].type == UNKNOWN else fact
        for key, fact in _facts(verdict.nodes, roots).items()
    }
    differences += tuple(_diff(theirs.values(), ours.values()))
    unknown = dict.fromkeys(fact.node for fact in ours.values() if fact.type == UNKNOWN)
    edges = sum(len(node["dependencies"]) for node in verdict.nodes)
    return Comparison(differences, tuple(unknown), len(verdict.nodes), edges)


def canonical_type(text: str | None, roots: Collection[str] = ()) -> str:
    """The type in the form in which two of them are compared: shortened names, sorted unions, `?` for unknown."""
    if text is None:
        return UNKNOWN
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return text
    return _canonical(tree, roots)


def _verdict_lines(rejection: Rejection | None, diagnostics: list[Mapping[str, Any]]) -> Iterable[str]:
    """One line if dagcheck and Hamilton do not agree on whether, and when, these modules are rejected."""
    errors = [item for item in diagnostics if item["severity"] == "error" and item["hamilton"] in {"import", "build"}]
    stages = {item["hamilton"] for item in errors}
    if rejection is None:
        for item in errors:
            place = f"{item['path']}:{item['line']}"
            yield f"Hamilton builds this, dagcheck says {place}: error[{item['rule']}] {item['message']}"
    elif not errors:
        yield f"Hamilton rejects this, dagcheck does not: {rejection}"
    elif rejection.stage not in stages:
        said = "; ".join(f"{item['rule']} at {item['hamilton']}" for item in errors)
        yield f"Hamilton rejects this at another stage than dagcheck says ({said}): {rejection}"


def _facts(nodes: Sequence[Mapping[str, Any]], roots: Collection[str]) -> dict[tuple[object, ...], Fact]:
    """Every fact of the graph, by what it is about."""
    facts: dict[tuple[object, ...], Fact] = {}
    seen: Counter[str] = Counter()
    for node in nodes:
        name = node["name"]
        same = seen[name]
        seen[name] += 1
        kind = "input" if node["kind"] == "config" else node["kind"]
        role = "" if node["role"] == "standard" else f" [{node['role']}]"
        facts[name, same] = Fact(name, f"{name}: ", canonical_type(node["type"], roots), f" [{kind}]{role}")
        facts[name, same, "tags"] = Fact(name, f"{name} has tags ", "", json.dumps(node["tags"], sort_keys=True))
        for read in node["dependencies"]:
            head = f"{name} reads {read['name']}{'?' if read['optional'] else ''}: "
            facts[name, same, "reads", read["name"]] = Fact(name, head, canonical_type(read["type"], roots), "")
    return facts


def _diff(theirs: Iterable[Fact], ours: Iterable[Fact]) -> Iterable[str]:
    lines = difflib.ndiff(sorted(map(str, theirs)), sorted(map(str, ours)))
    changed = [line.rstrip() for line in lines if line[0] in "+-"]
    if changed:
        yield "(- Hamilton, + dagcheck)"
        yield from changed


def _canonical(tree: ast.expr, roots: Collection[str]) -> str:
    if isinstance(tree, (ast.Name, ast.Attribute)):
        return _short(ast.unparse(tree), roots)
    if isinstance(tree, ast.Subscript):
        return _canonical_alias(tree, roots)
    if isinstance(tree, ast.Constant) and tree.value is None:
        return "NoneType"
    if isinstance(tree, (ast.List, ast.Tuple)):
        inner = ", ".join(_canonical(item, roots) for item in tree.elts)
        return f"[{inner}]" if isinstance(tree, ast.List) else f"({inner})"
    return ast.unparse(tree)


def _canonical_alias(alias: ast.Subscript, roots: Collection[str]) -> str:
    name = _canonical(alias.value, roots)
    items = alias.slice.elts if isinstance(alias.slice, ast.Tuple) else [alias.slice]
    if name == "typing.Literal":
        return f"{name}[{', '.join(sorted(ast.unparse(item) for item in items))}]"
    inner = [_canonical(item, roots) for item in items]
    if name == "typing.Union":
        inner = sorted(set(inner))
    elif name == "typing.Annotated":
        inner = [inner[0], "..."]
    return f"{name}[{', '.join(inner) or '()'}]"


def _short(name: str, roots: Collection[str]) -> str:
    first, *rest = name.split(".")
    if not rest or first in roots:
        return name
    return f"{first.lstrip('_')}.{rest[-1]}"
