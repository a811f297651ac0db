"""What does a `graph` block say about a graph, and is it true?

Lines, in any order, of three sorts; of each sort that occurs, all must be there:

    a, b? -> c              edges: c reads a and b, b optionally
    c: list[int]            a function's node and its type, `[expand]` or `[collect]` behind it if it has that role
    a: int [input]          an input (a configuration key that no node reads is one too)

The type may be left out (`a [input]`), then it is not compared; `?` is a type that dagcheck does not know. Types are
compared like those of Hamilton, see `compare.canonical_type`; unions may be written `int | None`.
Only in a block for all configurations, ` when k in ["a"] and ...` may follow, and then must follow where it holds:
`or` between alternatives, `not in` for the complement, `absent` for no value.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.harness.compare import UNKNOWN, canonical_type

_EDGES = re.compile(r"(?P<sources>.+?)\s*->\s*(?P<target>[^>]+)$")
_NODE = re.compile(
    r"(?P<name>[^:\[\]<>=]+?)(?::\s+(?P<type>.+?))?(?:\s+\[(?P<mark>input|expand|collect)\])?(?:\s+when\s+(?P<when>.+))?$"
)


class Line(NamedTuple):
    """One fact. `sort` is "edge", "function" or "input"; `type` None: not compared."""

    sort: str
    text: str
    type: str | None = None


def parse(text: str, roots: Collection[str] = ()) -> tuple[Line, ...]:
    """The facts of a block; raises ValueError for a line that is none."""
    return tuple(fact for line in text.splitlines() if line.strip() for fact in _parse_line(line.strip(), roots))


def differences(expected: Sequence[Line], nodes: Iterable[Mapping[str, Any]], roots: Collection[str] = ()) -> list[str]:
    """What is in the block and not in the graph ("-"), and the other way round ("+"). `nodes` as in the JSON of a graph."""
    sorts = {line.sort for line in expected}
    typed = {line.text for line in expected if line.type is not None}
    untyped = {line.text for line in expected if line.type is None}
    found = {
        fact._replace(type=None) if fact.text in untyped and fact.text not in typed else fact
        for fact in _facts(nodes, roots)
        if fact.sort in sorts
    }
    missing = [f"- {_told(line)}" for line in expected if line not in found]
    return missing + [f"+ {_told(line)}" for line in sorted(found - set(expected), key=str)]


def condition_text(when: Sequence[Mapping[str, Mapping[str, Any]]] | None) -> str:
    """A condition of the JSON as one line, "" for none."""
    boxes = [" and ".join(sorted(_part(key, part) for key, part in box.items())) for box in when or ()]
    return " or ".join(sorted(boxes))


def _parse_line(line: str, roots: Collection[str]) -> Iterable[Line]:
    if edges := _EDGES.match(line):
        for source in edges["sources"].split(","):
            yield Line("edge", f"{source.strip()} -> {edges['target'].strip()}")
        return
    node = _NODE.match(line)
    if not node:
        raise ValueError(f"this is neither an edge nor a node: {line}")
    when = " or ".join(sorted(" and ".join(sorted(box.split(" and "))) for box in (node["when"] or "").split(" or ")))
    yield _node(node["name"], node["mark"] or "", when, _parse_type(node["type"], roots))


def _parse_type(text: str | None, roots: Collection[str]) -> str | None:
    if text is None or text == UNKNOWN:
        return text
    return canonical_type(ast.unparse(_Unions().visit(ast.parse(text, mode="eval"))), roots)


class _Unions(ast.NodeTransformer):
    """`int | None` -> `typing.Union[int, None]`, flattened."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        members: list[ast.expr] = []
        for side in (self.visit(node.left), self.visit(node.right)):
            is_union = isinstance(side, ast.Subscript) and ast.unparse(side.value) == "typing.Union"
            members += side.slice.elts if is_union else [side]
        union = ast.parse("typing.Union", mode="eval").body
        return ast.Subscript(union, ast.Tuple(members, ast.Load()), ast.Load())


def _facts(nodes: Iterable[Mapping[str, Any]], roots: Collection[str]) -> Iterable[Line]:
    for node in nodes:
        mark = "input" if node["kind"] in {"input", "config"} else node["role"].replace("standard", "")
        yield _node(node["name"], mark, condition_text(node.get("when")), canonical_type(node["type"], roots))
        for read in node["dependencies"]:
            yield Line("edge", f"{read['name']}{'?' * read['optional']} -> {node['name']}")


def _node(name: str, mark: str, when: str, type_: str | None) -> Line:
    text = name + (f" [{mark}]" if mark else "") + (f" when {when}" if when else "")
    return Line("input" if mark == "input" else "function", text, type_)


def _part(key: str, part: Mapping[str, Any]) -> str:
    ((operator, values),) = part.items()
    if operator == "part_of":
        return f"{key} part of {json.dumps(values)}"
    texts = sorted("absent" if value == {"$absent": True} else json.dumps(value) for value in values)
    return f"{key} {operator.replace('_', ' ')} [{', '.join(texts)}]"


def _told(line: Line) -> str:
    name, _, rest = line.text.partition(" ") if line.sort != "edge" else (line.text, "", "")
    return name + (f": {line.type}" if line.type is not None else "") + (f" {rest}" if rest else "")
