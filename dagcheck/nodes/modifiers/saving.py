"""`save_to.*` and `datasaver`: where do data leave the dataflow?

Source: `hamilton.function_modifiers.adapters`. `save_to` adds a node after one node of the function, `save.<node>` or the name
that `output_name_` gives it; that node is final from then on, and what stands above works on it. Everything is checked at build.
`datasaver` only marks a function that saves by itself; its return annotation must be the very object `dict`.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.values import Value
from dagcheck.nodes.annotating import is_postponed, is_text
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.modifiers.adapter_use import METADATA, Request, chosen, inputs, request
from dagcheck.nodes.modifiers.metadata import with_tags
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import select, unchosen
from dagcheck.nodes.uses import Use
from dagcheck.types.model import ClassType, UnknownType
from dagcheck.types.printing import brief


def save_to(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@save_to.json(path=source("path"), output_name_="saved", target_="f")`: one more node, which saves."""
    asked = request(subject, use, "save")
    target, name = use.keyword("target_"), use.keyword("output_name_")
    picked = select(subject, use, target, nodes)
    if picked is None:
        return nodes
    if len(picked) != 1:
        if subject.complete:
            names = ", ".join(f"`{node.name}`" for node in picked) or "none"
            message = f"`@{use.name}` saves exactly one node, but finds {len(picked)} ({names})"
            asked.reject(message, stage="build", advice='name the one to save: `target_="..."`' if picked else "")
        return nodes
    if target is not None and not isinstance(target, str):
        asked.reject("`target_` takes the name of one node here", ("value", "target_"), stage="build")
        return nodes
    if name is not None and not isinstance(name, str):
        if is_plain(name):
            message = f"`output_name_` is the name of a node, it cannot be {describe(name)}"
            asked.reject(message, ("value", "output_name_"), stage="build")
        else:
            subject.unresolved(use, name, ("value", "output_name_"))
        return nodes
    (node,) = picked
    return [*unchosen(nodes, picked), _saver(asked, node, name), node]


def _saver(asked: Request, node: Node, name: str | None) -> Node:
    """The node that saves another, under its own name if it is given one."""
    adapter = chosen(asked, node.type, "build")
    reads = inputs(asked, adapter)
    reads[node.name] = Dependency(node.name, node.type, False, blame(asked.use))
    tags: dict[str, Value] = {"hamilton.data_saver": True, "hamilton.data_saver.sink": asked.key}
    if adapter is not None and adapter.name:
        tags["hamilton.data_saver.classname"] = adapter.name
    origin, span = asked.subject.origin(asked.use.name), blame(asked.use, ("value", "output_name_"))
    own = f"save.{node.name}" if name is None else name
    return with_tags(Node(own, METADATA, tuple(reads.values()), node.condition, "standard", origin, span), tags)


def datasaver(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@datasaver()` on a function that saves its arguments and returns a `dict` about that."""
    _check_annotation(subject, use)
    tags: dict[str, Value] = {
        "hamilton.data_saver": True,
        "hamilton.data_saver.sink": subject.name,
        "hamilton.data_saver.classname": f"{subject.name}()",
    }
    origin = subject.origin(use.name)
    return [with_tags(node._replace(origin=origin), tags) for node in nodes]


def _check_annotation(subject: Subject, use: Use) -> None:
    """Hamilton compares the annotation as it stands with `dict`, so one that is text is refused."""
    returns, function = subject.signature.returns, subject.function.source
    if returns is None or isinstance(returns, UnknownType):
        return
    message = f"`@datasaver` needs the return annotation `dict`, not `{subject.signature.annotation or brief(returns)}`"
    if returns != ClassType("class", "dict"):
        subject.reject(use, message, advice="write `-> dict`")
    elif is_text(function, function.header.returns):
        why = "`from __future__ import annotations` turns it" if is_postponed(function) else "quotes turn it"
        advice = f"{why} into text, and Hamilton does not resolve that"
        subject.reject(use, "`@datasaver` needs the return annotation `dict` itself, not as text", advice=advice)
