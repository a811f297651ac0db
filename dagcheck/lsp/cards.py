"""What is there to say about a node, in a few lines?

A hover's card: type, documentation, the configurations it exists in, its dataflows, and how much lies up and down from it. A code
lens has the numbers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dagcheck.evaluation.conditions import ALWAYS, Condition, is_opaque
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.entries import boxes_of
from dagcheck.lsp.folders import Folder
from dagcheck.nodes.node import Node


def card(folder: Folder, flows: Iterable[Dataflow], name: str) -> str:
    """The card of a node or input, in Markdown."""
    flows = list(flows)
    nodes = list(dict.fromkeys(node for flow in flows for node in flow.producers.get(name, ())))
    parts = [_signature(name, nodes, flows)]
    documented = next((node.documentation for node in nodes if node.documentation), "")
    if documented:
        parts.append(_dedented(documented))
    parts += [f"- {words}" for words in _variants(nodes)]
    if len(nodes) == 1 and (words := _when(nodes[0].condition)):
        parts.append(f"Exists where {words}.")
    parts.append(_counts(folder, flows, name, has_producer=bool(nodes)))
    return "\n\n".join(parts)


def numbers(folder: Folder, flow: Dataflow, name: str) -> tuple[int, int, int]:
    """How many nodes lie upstream and downstream of a name, and how many outputs downstream, itself included."""
    key = f"{id(flow)}\0{name}"
    known = folder.lenses.get(key)
    if known is None:
        up = reached(
            name, lambda each: (part.name for node in flow.producers.get(each, ()) for part in node.dependencies)
        )
        down = reached(name, lambda each: (reader.node.name for reader in flow.readers.get(each, ())))
        outputs = outputs_of(flow)
        known = folder.lenses[key] = (len(up), len(down), len(outputs & (down | {name})))
    return known


def lens(folder: Folder, flows: Iterable[Dataflow], name: str) -> str:
    """The words of a code lens: of the dataflow in which most hangs on the node."""
    up, down, outputs = max(numbers(folder, flow, name) for flow in flows)
    words = [f"{up} upstream", f"{down} downstream"]
    if outputs:
        words.append("1 output" if outputs == 1 else f"{outputs} outputs")
    return ", ".join(words)


def reached(name: str, following: Callable[[str], Iterable[str]]) -> set[str]:
    """All names that can be reached from one, itself left out unless it lies on a cycle."""
    found: set[str] = set()
    pending = [name]
    while pending:
        for each in following(pending.pop()):
            if each not in found:
                found.add(each)
                pending.append(each)
    return found


def outputs_of(flow: Dataflow) -> set[str]:
    """What is asked of a dataflow, by its settings and by the drivers that run it."""
    return {asked.name for asked in flow.spec.outputs}


def annotation_of(flows: Iterable[Dataflow], name: str) -> str:
    """The type of a node or input as it is written."""
    for flow in flows:
        for node in flow.producers.get(name, ()):
            if node.annotation:
                return node.annotation
        verdict = flow.verdicts.get(name)
        for item in verdict.inputs if verdict is not None else ():
            if item.annotation:
                return item.annotation
    return ""


def _signature(name: str, nodes: list[Node], flows: list[Dataflow]) -> str:
    kind = "node" if nodes else "input"
    annotation = annotation_of(flows, name)
    return f"```python\n({kind}) {name}{': ' if annotation else ''}{annotation}\n```"


def _variants(nodes: list[Node]) -> list[str]:
    """One line for each of several nodes of the name."""
    if len(nodes) < 2:
        return []
    return [
        f"`{node.origin.module}.{node.origin.function}`: `{node.annotation}`"
        + (f", where {words}" if (words := _when(node.condition)) else "")
        for node in nodes
    ]


def _when(condition: Condition) -> str:
    """A condition in words, "" for always."""
    if condition == ALWAYS or is_opaque(condition):
        return ""
    return " or ".join(_box(box) for box in boxes_of(condition))


def _box(box: Mapping[str, Mapping[str, object]]) -> str:
    return " and ".join(_pair(key, allowed) for key, allowed in box.items())


def _pair(key: str, allowed: Mapping[str, object]) -> str:
    ((kind, values),) = list(allowed.items())[:1]
    if kind == "part_of":
        return f"`{key}` is part of `{values}`"
    listed = [_shown(each) for each in values] if isinstance(values, list) else []
    if len(listed) == 1:
        return f"`{key}` is {'' if kind == 'in' else 'not '}{listed[0]}"
    return f"`{key}` is {'one' if kind == 'in' else 'none'} of {', '.join(listed)}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "absent" if "$absent" in value else f"`{value.get('$repr')}`"
    return f"`{value!r}`"


def _counts(folder: Folder, flows: list[Dataflow], name: str, *, has_producer: bool) -> str:
    lines = []
    for flow in flows:
        up, down, outputs = numbers(folder, flow, name)
        before = f"{up} upstream, " if has_producer else ""
        after = f", {outputs} {'output' if outputs == 1 else 'outputs'}" if outputs else ""
        lines.append(f"`{flow.name}`: {before}{down} downstream{after}")
    return "  \n".join(dict.fromkeys(lines))


def _dedented(text: str) -> str:
    from inspect import cleandoc

    return cleandoc(text)
