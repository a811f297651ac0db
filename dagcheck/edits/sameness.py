"""Are two states of a project the same up to names?

Nodes correspond when the same function made them, in the same order; that gives new names for old ones. With these put in, every
dataflow must have the same nodes with the same types, dependencies, conditions and tags, and the same inputs, and nothing may be
wrong that was not wrong before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dagcheck.diagnostics import Diagnostic
from dagcheck.edits.edit import State
from dagcheck.graph.dataflow import Dataflow
from dagcheck.nodes.node import Dependency, Node


def renamed_nodes(before: State, after: State, old: str, new: str) -> dict[str, str] | str:
    """Old name -> new name of all nodes that are called otherwise now, or why the states do not correspond."""
    names = {old: new}
    if [flow.spec.modules for flow in before.dataflows] != [flow.spec.modules for flow in after.dataflows]:
        return "afterwards other modules would be dataflows"
    for was, is_ in zip(before.dataflows, after.dataflows, strict=True):
        then, now = _by_function(was), _by_function(is_)
        if then.keys() != now.keys():
            return _lost(then.keys(), now.keys(), was, is_)
        for key, nodes in then.items():
            if len(nodes) != len(now[key]):
                return f"`{nodes[0].origin.function}` would make {len(now[key])} nodes instead of {len(nodes)}"
            for one, other in zip(nodes, now[key], strict=True):
                if names.setdefault(one.name, other.name) != other.name:
                    return (
                        f"`{one.name}` would be called `{names[one.name]}` in one place and `{other.name}` in another"
                    )
    return {one: other for one, other in names.items() if one != other}


def differences(before: State, after: State, names: Mapping[str, str]) -> list[str]:
    """How the states differ, the names apart; empty when they do not."""
    found: list[str] = []
    for was, is_ in zip(before.dataflows, after.dataflows, strict=True):
        then = Counter(_shape(node, names) for node in was.nodes)
        now = Counter(_shape(node, {}) for node in is_.nodes)
        lost = list((then - now).keys())[:3]
        found += [f"`{shape[0]}` would not be in dataflow `{was.name}` as it was before" for shape in lost]
        if not found and _inputs(was, names) != _inputs(is_, {}):
            found.append(f"the inputs of dataflow `{was.name}` would not be the same")
    return found or new_findings(before.diagnostics, after.diagnostics)


def new_findings(before: Iterable[Diagnostic], after: Iterable[Diagnostic], *, moved: bool = False) -> list[str]:
    """What is wrong now and was not; `moved`: lines may have moved, so what a finding says tells it from others."""

    def mark(each: Diagnostic) -> tuple[object, ...]:
        return (each.rule, each.location.path, each.message if moved else each.location.span.line)

    known = Counter(map(mark, before))
    found = []
    for each in after:
        key = mark(each)
        known[key] -= 1
        if known[key] < 0:
            found.append(f"{each.location.path}:{each.location.span.line}: {each.message} [{each.rule}]")
    return found


def _by_function(flow: Dataflow) -> dict[tuple[str, int], list[Node]]:
    """The nodes of each function, by its place; lines do not move when names change."""
    found: dict[tuple[str, int], list[Node]] = {}
    for node in flow.nodes:
        found.setdefault((node.origin.path, node.origin.line), []).append(node)
    return found


def _lost(then: Iterable[tuple[str, int]], now: Iterable[tuple[str, int]], was: Dataflow, is_: Dataflow) -> str:
    path, line = min(set(then) ^ set(now))
    node = next((each for flow in (was, is_) for each in flow.nodes if each.origin[2:4] == (path, line)), None)
    name = node.origin.function if node is not None else "?"
    return f"{path}:{line}: `{name}` would not be a node as it was before"


def _shape(node: Node, names: Mapping[str, str]) -> tuple[Any, ...]:
    """All of a node that must stay, with the new names put in."""
    reads = tuple(sorted((_dependency(part, names) for part in node.dependencies), key=repr))
    tags = tuple((key, _renamed(value, names) if key.startswith("hamilton.") else value) for key, value in node.tags)
    return (names.get(node.name, node.name), node.type, reads, node.condition, node.role, tags, node.origin.modifiers)


def _dependency(part: Dependency, names: Mapping[str, str]) -> tuple[Any, ...]:
    return (names.get(part.name, part.name), part.type, part.optional, part.annotation, part.default)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    return names.get(value, value) if isinstance(value, str) else value


def _inputs(flow: Dataflow, names: Mapping[str, str]) -> list[tuple[Any, ...]]:
    rows: Sequence[tuple[Any, ...]] = [
        (names.get(name, name), item.type, item.optional, item.condition)
        for name, verdict in flow.verdicts.items()
        for item in verdict.inputs
    ]
    return sorted(rows, key=repr)
