"""Which nodes of a function does a modifier act on?

Hamilton's targeting (`NodeTransformer.select_nodes`): None means the *final* nodes, those that no other node of this function
reads and that are not marked as internal; `...` means all; a name or a list of names means exactly those, which must exist.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.values import Value
from dagcheck.nodes.node import Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use

_NOT_FINAL = "hamilton.non_final_node"


def select(
    subject: Subject, use: Use, target: Value, nodes: Sequence[Node], option: str = "target_"
) -> list[Node] | None:
    """The targeted nodes; None when the target, which the modifier calls `option`, is unknown or wrong, which is noted."""
    if target is None:
        return final_nodes(nodes)
    if target is ...:
        return list(nodes)
    if not is_plain(target):
        subject.unresolved(use, target, ("keyword", option), complete=True)
        return None
    wanted = [target] if isinstance(target, str) else target
    if not isinstance(wanted, Collection) or not all(isinstance(name, str) for name in wanted):
        message = f"`{option}` takes a node name, a list of names, `...` or None"
        subject.reject(use, message, ("keyword", option), hamilton="build")
        return None
    found = [node for node in nodes if node.name in wanted and subject.decide(node.condition)]
    missing = sorted(set(wanted) - {node.name for node in found})
    if missing or (len(found) != len(wanted) and not isinstance(target, str)):
        if subject.complete:
            names = ", ".join(f"`{name}`" for name in missing) or "a name given twice"
            made = ", ".join(f"`{node.name}`" for node in nodes)
            message = f"`{option}` names {names}, which `{subject.function.header.name}` does not make"
            subject.reject(use, message, ("keyword", option), hamilton="build", advice=f"this function makes {made}")
        return None
    return found


def alive(subject: Subject, nodes: Sequence[Node]) -> list[Node]:
    """The nodes that exist where this expansion takes place, as far as it takes to tell whether they are more than one.

    Those inside of a subdag may exist in fewer configurations than the function.
    """
    sure = [node for node in nodes if node.condition in (ALWAYS, subject.condition)]
    found = list(sure)
    for node in nodes:
        if node not in sure and (len(found) > 1 or subject.decide(node.condition)):
            found.append(node)
    return [node for node in nodes if node in found]


def final_nodes(nodes: Sequence[Node]) -> list[Node]:
    """The nodes that no other node of the function reads."""
    read = {dependency.name for node in nodes for dependency in node.dependencies}
    return [node for node in nodes if node.name not in read and not dict(node.tags).get(_NOT_FINAL)]


def unchosen(nodes: Sequence[Node], chosen: Sequence[Node]) -> list[Node]:
    """The nodes that stay beside those that a modifier takes (`NodeTransformer.compliment`).

    Hamilton loses a node there that it holds to be equal to a chosen one, of which it compares the name without its namespace.
    """
    return [node for node in nodes if not any(pick is node or _is_equal(pick, node) for pick in chosen)]


def _is_equal(pick: Node, node: Node) -> bool:
    """Hamilton's `Node.__eq__`, asked of a chosen node about another one."""
    is_named = pick.name.endswith(f".{node.name}") if "." in pick.name else pick.name == node.name
    return is_named and (pick.type, pick.documentation, pick.role, dict(pick.tags)) == (
        node.type,
        node.documentation,
        node.role,
        dict(node.tags),
    )


def transform(
    subject: Subject,
    use: Use,
    target: Value,
    nodes: list[Node],
    action: Callable[[Node], list[Node]],
    *,
    option: str = "target_",
) -> list[Node]:
    """Replace each targeted node by what `action` makes of it, after the nodes that stay as they are."""
    chosen = select(subject, use, target, nodes, option)
    if chosen is None:
        return nodes
    return unchosen(nodes, chosen) + [made for node in chosen for made in action(node)]


def single(subject: Subject, use: Use, nodes: list[Node], action: Callable[[Node], list[Node]]) -> list[Node]:
    """Like `transform` on the final nodes, of which there must be exactly one (`SingleNodeNodeTransformer`)."""
    chosen = final_nodes(nodes)
    if len(chosen) != 1:
        if subject.complete:
            names = ", ".join(f"`{node.name}`" for node in chosen) or "none"
            message = f"`@{use.name}` needs exactly one final node to work on, but finds {len(chosen)} ({names})"
            subject.reject(use, message, hamilton="build")
        return nodes
    return unchosen(nodes, chosen) + action(chosen[0])
