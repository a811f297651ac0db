"""Which nodes do the functions and modules that a modifier is given make, and how do they come under its namespace?

Source: `hamilton.function_modifiers.recursive`: `subdag.collect_functions`, `collect_nodes` and `add_namespace`, which
`subdag` and `with_columns` share. The functions are expanded under a configuration of their own; their nodes are marked as
internal, so that later modifiers act on the outer node only.
"""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, either, mentions, substituted, without
from dagcheck.evaluation.ignorance import describe, explain, is_plain
from dagcheck.evaluation.objects import Function, Lambda
from dagcheck.evaluation.values import Module, Unknown, Value
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.modifiers.metadata import with_tags
from dagcheck.nodes.node import Dependency, Fault, Node
from dagcheck.nodes.subject import Setting, Subject
from dagcheck.nodes.uses import Use

NOT_FINAL = "hamilton.non_final_node"


class Overlay(NamedTuple):
    """The inner configuration: keys with a value, and keys that take the value of an outer key.

    `only`: the outer keys that can be seen inside, None where all can.
    """

    values: dict[str, Value]
    sources: dict[str, str]
    only: frozenset[str] | None = None


def nodes_inside(subject: Subject, use: Use, overlay: Overlay) -> list[Node]:
    """The nodes of the functions and modules among a modifier's arguments, with conditions on the outer configuration."""
    if not use.arguments:
        subject.reject(use, f"`@{use.name}` names no module or function to take its nodes from")
    setting = subject.setting.under(overlay.values, overlay.only)
    found: list[Node] = []
    for function in _functions(subject, use, setting):
        if setting.is_expanding(function):
            message = f"`@{use.name}` contains `{function.name}`, of which it is a part: that never ends"
            subject.reject(use, message, hamilton="build")
            continue
        work = setting.expansion(function, ALWAYS)
        subject.complete = subject.complete and work.complete
        subject.needs_config = subject.needs_config or work.needs_config
        for fault in work.faults:
            condition = _outer(subject, use, fault.condition, overlay)
            if condition != NEVER or fault.hamilton == "import":
                path = fault.path or function.source.scope.path
                subject.faults.append(fault._replace(condition=condition, path=path))
        for node in work.nodes:
            condition = _outer(subject, use, node.condition, overlay)
            if condition != NEVER:
                found.append(with_tags(node._replace(condition=condition), {NOT_FINAL: True}))
    return found


def placed(nodes: list[Node], namespace: str, given: set[str]) -> list[Node]:
    """Nodes in the namespace, in as many variants as there are ways for what they read to be inside.

    `given` are names that are inside in any case; the others are where one of the nodes makes them.
    """
    alive: dict[str, Condition] = {}
    for node in nodes:
        known = alive.get(node.name, NEVER)
        alive[node.name] = either(known, node.condition) or known
    return [
        moved(node._replace(condition=condition), namespace, names)
        for node in nodes
        for condition, names in _cases(node, alive, given)
    ]


def moved(node: Node, namespace: str, names: set[str]) -> Node:
    """A node in the namespace; it reads what is inside there, and all else where it was."""
    dependencies: dict[str, Dependency] = {}
    for part in node.dependencies:
        name = f"{namespace}.{part.name}" if part.name in names else part.name
        dependencies[name] = part._replace(name=name)
    return node._replace(name=f"{namespace}.{node.name}", dependencies=tuple(dependencies.values()))


def _cases(node: Node, alive: dict[str, Condition], given: set[str]) -> list[tuple[Condition, set[str]]]:
    """The conditions under which different ones of the names that a node reads are inside, with these names."""
    cases: list[tuple[Condition, set[str]]] = [(node.condition, set(given))]
    for part in node.dependencies:
        if part.name in given or part.name not in alive:
            continue
        split: list[tuple[Condition, set[str]]] = []
        for condition, names in cases:
            there, gone = both(condition, alive[part.name]), without(condition, alive[part.name])
            if there is None or gone is None or gone == NEVER:
                split.append((condition, names | {part.name}))
                continue
            split.append((gone, names))
            if there != NEVER:
                split.append((there, names | {part.name}))
        cases = split
    return cases


def _functions(subject: Subject, use: Use, setting: Setting) -> list[Function]:
    found: list[Function] = []
    for index, item in enumerate(use.arguments):
        if isinstance(item, Function):
            found.append(item)
        elif isinstance(item, Module):
            there = setting.functions(item.module)
            found.extend(part for part in there if not _comes_later(subject, use, part))
        elif isinstance(item, Lambda):
            message = f"`@{use.name}` takes no lambda: it has no return annotation"
            subject.reject(use, message, ("argument", index), hamilton="build")
        elif is_plain(item):
            message = f"`@{use.name}` takes modules and functions; Hamilton finds none in {describe(item)}"
            span = blame(use, ("argument", index))
            fault = Fault("invalid-modifier", message, span, subject.condition, "silent", (subject.name,))
            subject.faults.append(fault._replace(severity="warning", path=use.application.path))
        else:
            reason = explain(item) if not isinstance(item, Unknown) else item
            subject.unresolved(use, reason, ("argument", index))
    return found


def _comes_later(subject: Subject, use: Use, function: Function) -> bool:
    """Is a function not there yet when a modifier of its own module looks for functions, while it takes hold?"""
    own, other = subject.function.source, function.source
    if use.name == "parameterized_subdag" or own.scope.outermost is not other.scope.outermost:
        return False
    return other.header.place >= own.header.place


def _outer(subject: Subject, use: Use, condition: Condition, overlay: Overlay) -> Condition:
    """An inner condition in terms of the outer configuration."""
    unreadable = next((value for value in overlay.values.values() if not is_plain(value)), None)
    if unreadable is not None:
        known = {key: value for key, value in overlay.values.items() if is_plain(value)}
        if any(key in overlay.values and key not in known for box in condition.boxes for key, _ in box):
            subject.unresolved(use, unreadable, ("value", "config"))
    values = overlay.values
    if overlay.only is not None:
        values = {**{key: None for key in mentions(condition) if key not in overlay.only}, **values}
    met = both(subject.condition, substituted(condition, values, overlay.sources))
    return subject.condition if met is None else met
