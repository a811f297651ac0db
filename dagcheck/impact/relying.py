"""How does a node rely on distributions that are locked in another version, and where can that not be told?

A node relies on a distribution when code that runs for it, at any distance, refers to a package of it. That it is given values of
such a package (as its annotations say) may be enough for it to use its code; that is told as uncertain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from dagcheck.graph.dataflow import Dataflow
from dagcheck.impact.fingerprint import Fingerprints
from dagcheck.impact.outcome import ChangedVersion, Uncertain
from dagcheck.impact.versions import UNKNOWN, Reliance, Versions, said
from dagcheck.names.linking import WHOLE, Key, Target
from dagcheck.names.outsiders import Outsiders
from dagcheck.nodes.node import Node


class Relying:
    """The nodes of the head and the changed distributions. State: who was found to use which."""

    def __init__(self, fingerprints: Fingerprints, versions: Versions, name_of: Callable[[str], str]) -> None:
        """`name_of` gives the dotted name of a file."""
        self._fingerprints = fingerprints
        self._versions = versions
        self._outsiders = Outsiders(fingerprints.linker, versions.labels)
        self._name_of = name_of
        self._users: dict[str, set[str]] = {}

    def of(self, node: Node) -> Reliance | None:
        """What a node uses that is locked in another version; None where there is nothing."""
        targets = self._fingerprints.reliance(node, self._outsiders)
        ways = {
            label: self._way(node, label, target) for label, target in targets.items() if not label.startswith(UNKNOWN)
        }
        if not ways:
            return None
        nearest = sorted(ways, key=lambda label: (len(ways[label]), label))
        for label in nearest:
            self._users.setdefault(label, set()).add(node.name)
        changes = [self._versions.changes[label] for label in nearest]
        way = ways[nearest[0]]
        through = ", ".join(f"`{name}`" for name in way[:-1]) if len(nearest) == 1 else ""
        words = f"it uses {said(changes)}{f', by way of {through}' if through else ''}"
        return Reliance(way, words, all(change.is_likely for change in changes))

    def uncertain(self, flows: Iterable[Dataflow], known: Collection[tuple[str, str]]) -> Iterator[Uncertain]:
        """The nodes, but for the `known` ones, of which nobody can tell whether a changed version reaches them."""
        for flow in flows:
            for node in flow.nodes:
                reason = "" if (flow.name, node.name) in known else self._doubt(node)
                if reason:
                    yield Uncertain(node.name, flow.name, reason)

    def changed(self) -> tuple[ChangedVersion, ...]:
        """All changed distributions, those that most nodes use first."""
        rows = [
            ChangedVersion(change, len(self._users.get(name, ()))) for name, change in self._versions.changes.items()
        ]
        return tuple(sorted(rows, key=lambda row: (-row.nodes, row.change.distribution)))

    def _doubt(self, node: Node) -> str:
        unknown = sorted(self._fingerprints.reliance(node, self._outsiders))
        if unknown and unknown[0].startswith(UNKNOWN):
            package = unknown[0].removeprefix(UNKNOWN)
            return f"it uses `{package}`, and to which of the locked distributions that belongs is not known"
        labels = {label for name in self._fingerprints.annotated(node) for label in self._versions.labels(name)}
        given = [change for label, change in sorted(self._versions.changes.items()) if label in labels]
        return f"its values may use {said(given)}, as its annotations say" if given else ""

    def _way(self, node: Node, label: str, target: Target) -> tuple[str, ...]:
        """The names on the way to a distribution: project code, then distributions that require each other."""
        if target.key is None:
            return self._versions.chain(target.outside, label)
        found = self._outsiders.way([target.key], label)
        if found is None:
            return (label,)
        keys, outside = found
        own = self._fingerprints.keys(node)
        names = [self._name(key) for key in (target.key, *keys) if key not in own and key.name != WHOLE]
        return (*dict.fromkeys(names), *self._versions.chain(outside, label))

    def _name(self, key: Key) -> str:
        return f"{self._name_of(key.path)}.{key.name}".rstrip(".")
