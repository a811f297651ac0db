"""Which nodes are not what they were?

Compares one dataflow in two states. Nodes are matched by name, variants of a name by the function and then by their conditions;
what is left over is removed, added, or, where all facets agree, renamed. What a change means for others is judged in
`dagcheck.impact.effects`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dagcheck.diagnostics import Certainty
from dagcheck.graph.dataflow import Dataflow
from dagcheck.impact.fingerprint import Fingerprint, Fingerprints
from dagcheck.nodes.node import Node

if TYPE_CHECKING:  # only those who ask for lock files need them
    from dagcheck.impact.versions import Reliance

Kind = Literal["added", "removed", "renamed", "moved", "modified"]
Effect = Literal["breaking", "behaviour", "metadata"]
Facet = Literal["interface", "body", "modifiers", "condition", "metadata", "helpers"]

EFFECTS: tuple[Effect, ...] = ("breaking", "behaviour", "metadata")
"""From worst to mildest."""
FACETS: tuple[Facet, ...] = ("interface", "body", "modifiers", "condition", "metadata", "helpers")


class State(NamedTuple):
    """One dataflow in one state of the project; `reliance` tells what nodes of the head have of changed distributions."""

    dataflow: Dataflow
    fingerprints: Fingerprints
    reliance: Callable[[Node], Reliance | None] = lambda node: None

    def fingerprint(self, node: Node) -> Fingerprint:
        """The fingerprint of one of its nodes."""
        return self.fingerprints.of(node, self.dataflow.spec.config)


class Difference(NamedTuple):
    """A node that is not what it was: `before` and `after`, None where it is not there.

    `facets` are those that differ. Where only what importing its module does is another, it is `likely` that it matters.
    `reliance` says which distributions it uses that are locked in other versions.
    """

    kind: Kind
    before: Node | None
    after: Node | None
    facets: tuple[Facet, ...] = ()
    certainty: Certainty = "certain"
    reliance: Reliance | None = None

    @property
    def name(self) -> str:
        """The node's name, the new one if it has one."""
        node = self.after or self.before
        return "" if node is None else node.name


def differences(base: State | None, head: State | None, is_same: Callable[[str], bool]) -> list[Difference]:
    """The nodes that differ, in the order of the head; removed ones stand where they stood.

    `is_same` tells the files that are the same in both states, all that they reach included.
    """
    before = () if base is None else base.dataflow.nodes
    after = () if head is None else head.dataflow.nodes
    pairs, removed, added = _matched(before, after)
    found: list[Difference] = []
    for old, new in pairs:
        if (old is new or old == new) and is_same(new.origin.path) and is_same(new.path or new.origin.path):
            continue
        if base is not None and head is not None:
            found += _compared(old, new, base, head)
    if base is not None and head is not None:
        renamed = list(_renamed(removed, added, base, head))
        found += renamed
        gone = {id(difference.before) for difference in renamed} | {id(difference.after) for difference in renamed}
        removed = [node for node in removed if id(node) not in gone]
        added = [node for node in added if id(node) not in gone]
    found += [Difference("added", None, node) for node in added]
    found += [Difference("removed", node, None) for node in removed]
    return sorted(found, key=_order(before, after))


def changed_settings(base: State | None, head: State | None) -> dict[str, tuple[Any, Any]]:
    """The configuration keys whose fixed value differs, with both values; a missing one is None."""
    if base is None or head is None:
        return {}
    old, new = base.dataflow.spec.config or {}, head.dataflow.spec.config or {}
    return {
        key: (old.get(key), new.get(key)) for key in sorted({*old, *new}) if repr(old.get(key)) != repr(new.get(key))
    }


def _order(before: Sequence[Node], after: Sequence[Node]) -> Callable[[Difference], tuple[int, int]]:
    places = {id(node): index for index, node in enumerate(after)}
    old = {id(node): index for index, node in enumerate(before)}

    def key(difference: Difference) -> tuple[int, int]:
        if difference.after is not None:
            return places[id(difference.after)], 0
        return old[id(difference.before)], 1

    return key


def _matched(before: Sequence[Node], after: Sequence[Node]) -> tuple[list[tuple[Node, Node]], list[Node], list[Node]]:
    """Pairs of nodes that are the same one, nodes that are gone, nodes that are new."""
    old, new = _by_name(before), _by_name(after)
    pairs: list[tuple[Node, Node]] = []
    removed: list[Node] = []
    added: list[Node] = []
    for name, nodes in new.items():
        earlier = list(old.pop(name, ()))
        if len(nodes) == len(earlier) == 1:
            pairs.append((earlier[0], nodes[0]))
            continue
        left = list(nodes)
        for alike in (_by_function, _by_condition, _by_nothing):
            for node in list(left):
                match = next((other for other in earlier if alike(other) == alike(node)), None)
                if match is not None:
                    pairs.append((match, node))
                    earlier.remove(match)
                    left.remove(node)
        added += left
        removed += earlier
    removed += [node for nodes in old.values() for node in nodes]
    return pairs, removed, added


def _by_name(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.name, []).append(node)
    return found


def _by_function(node: Node) -> tuple[Any, ...]:
    return node.origin.function, node.condition


def _by_condition(node: Node) -> Any:
    return node.condition


def _by_nothing(node: Node) -> Any:
    return node.origin.function


def _compared(old: Node, new: Node, base: State, head: State) -> Iterator[Difference]:
    before, after = base.fingerprint(old), head.fingerprint(new)
    reliance = head.reliance(new)
    found = _differing(before, after)
    facets = _with_helpers(found, reliance)
    if facets:
        kind: Kind = "modified"
        if facets == ("metadata",) and before.place != after.place:
            kind = "moved"
        guessed = found == ("helpers",) and head.fingerprints.guesses(new)
        if reliance is not None and not found:
            guessed = reliance.is_likely
        yield Difference(kind, old, new, facets, "likely" if guessed else "certain", reliance)
    elif before.place != after.place:
        yield Difference("moved", old, new, ("metadata",))
    elif before.import_ != after.import_:
        yield Difference("modified", old, new, ("helpers",), "likely")


def _with_helpers(facets: tuple[Facet, ...], reliance: Reliance | None) -> tuple[Facet, ...]:
    """The facets, `helpers` among them where a distribution is another."""
    wanted = facets if reliance is None else (*facets, "helpers")
    return tuple(facet for facet in FACETS if facet in wanted)


def _differing(before: Fingerprint, after: Fingerprint) -> tuple[Facet, ...]:
    return tuple(facet for facet in FACETS if getattr(before, facet) != getattr(after, facet))


def _renamed(removed: Sequence[Node], added: Sequence[Node], base: State, head: State) -> Iterator[Difference]:
    """Nodes that only have another name: all facets agree but for metadata."""
    if not removed or not added:
        return
    old: dict[tuple[bytes, ...], list[Node]] = {}
    for node in removed:
        old.setdefault(_identity(base.fingerprint(node)), []).append(node)
    for node in added:
        fingerprint = head.fingerprint(node)
        candidates = old.get(_identity(fingerprint), [])
        if not candidates or not (node.origin.modifiers or _has_code(node, head)):
            continue
        before = candidates.pop(0)
        reliance = head.reliance(node)
        facets = _with_helpers(_differing(base.fingerprint(before), fingerprint), reliance)
        yield Difference("renamed", before, node, facets, reliance=reliance)


def _identity(fingerprint: Fingerprint) -> tuple[bytes, ...]:
    return fingerprint.interface, fingerprint.body, fingerprint.modifiers, fingerprint.condition, fingerprint.helpers


def _has_code(node: Node, state: State) -> bool:
    return bool(state.fingerprints.keys(node))


def by_name(found: Iterable[Difference]) -> Mapping[str, list[Difference]]:
    """Differences by the name of the node."""
    names: dict[str, list[Difference]] = {}
    for difference in found:
        names.setdefault(difference.name, []).append(difference)
    return names
