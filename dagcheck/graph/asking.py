"""What does a call of a driver need of a dataflow?

A `View` is a dataflow as one call sees it: under the driver's configuration, with what the call overrides, from the outputs that
it asks for upstream (`hamilton.graph.FunctionGraph.get_upstream_nodes`). An override cuts what is above it, unless it names an
input; a loader takes the place of its node; an optional dependency that is given nowhere is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dagcheck.dataflows.specification import DriverCall, Materializer
from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, holds, mentions, without
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.values import Construction
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.settling import Reader
from dagcheck.nodes.arguments import binding
from dagcheck.nodes.node import Node


class Needed(NamedTuple):
    """An input that the outputs need: who requires it (None: a saver or loader of the call), in which configurations."""

    name: str
    reader: Reader | None
    condition: Condition


class View(NamedTuple):
    """A dataflow as one call sees it.

    `config` are the keys that are known to be given, with their values; `is_fixed`: there are no others. `nodes` are those that
    the call computes, `inputs` those that it needs from outside, given or not, `optional` the names of inputs that are read
    but need not be given.
    """

    dataflow: Dataflow
    call: DriverCall
    config: Mapping[str, Any]
    is_fixed: bool
    nodes: tuple[Node, ...]
    inputs: tuple[Needed, ...]
    optional: frozenset[str]

    @property
    def given(self) -> frozenset[str]:
        """The names of the inputs that the call gives."""
        return frozenset(given.name for given in self.call.inputs)


def view(dataflow: Dataflow, call: DriverCall) -> View:
    """What this call sees of the dataflow, and what it needs."""
    own = dataflow.space.fixed if dataflow.space.fixed is not None else call.config
    config = own if own is not None else dataflow.spec.assume
    walk = _Walk(dataflow, call, own)
    for asked in call.outputs:
        walk.visit(asked.name, ALWAYS, None, False)
    for saver in call.materializers:
        if saver.kind == "to":
            for part in saver.dependencies:
                walk.visit(part.name, ALWAYS, None, False)
            walk.visit_sources(saver)
    walk.finish()
    nodes, inputs = tuple(walk.nodes), tuple(walk.inputs.values())
    is_fixed = own is not None and not walk.open_keys
    return View(dataflow, call, config, is_fixed, nodes, inputs, frozenset(walk.optional))


def exists(dataflow: Dataflow, call: DriverCall, name: str) -> bool:
    """Is there a node or an input of this name, as far as the configuration tells?"""
    walk = _Walk(dataflow, call, dataflow.space.fixed if dataflow.space.fixed is not None else call.config)
    if any(walk.alive(node) != NEVER for node in dataflow.producers.get(name, ())):
        return True
    if name not in dataflow.readers and name in dataflow.verdicts and dataflow.verdicts[name].inputs:
        return True  # what read it was replaced by a loader
    return any(walk.alive(reader.node) != NEVER for reader in dataflow.readers.get(name, ()))


def known_names(dataflow: Dataflow, *, with_materializers: bool = True) -> frozenset[str]:
    """Every name that any function of the dataflow makes or reads, in whichever configuration; savers and loaders too."""
    nodes = [node for part in dataflow.parts for node in part.nodes if with_materializers or node.origin.function]
    return frozenset({node.name for node in nodes} | {part.name for node in nodes for part in node.dependencies})


def read_names(dataflow: Dataflow) -> frozenset[str]:
    """Every name that any function of the dataflow reads, in whichever configuration."""
    return frozenset(part.name for part_ in dataflow.parts for node in part_.nodes for part in node.dependencies)


class _Walk:
    """The way upstream from the outputs. State: what was met. `open_keys` are given with values that are not known."""

    def __init__(self, dataflow: Dataflow, call: DriverCall, config: Mapping[str, Any] | None) -> None:
        self._dataflow = dataflow
        self._overrides = {given.name for given in call.overrides}
        self._loaders = {item.name: item for item in call.materializers if item.kind == "from_"}
        self._config = config if dataflow.space.fixed is None else None
        mentioned = dataflow.space.mentioned
        self.open_keys = {key for key, item in (self._config or {}).items() if key in mentioned and not is_plain(item)}
        self._pending: list[tuple[str, Condition, Reader | None, bool]] = []
        self._seen: set[Node] = set()
        self.nodes: list[Node] = []
        self.inputs: dict[str, Needed] = {}
        self.optional: set[str] = set()

    def alive(self, node: Node) -> Condition:
        """In which configurations of the call a node exists."""
        if self._config is None:
            return node.condition
        if node.name in self._config:
            return NEVER
        if self.open_keys and not self.open_keys.isdisjoint(mentions(node.condition)):
            return node.condition
        verdict = holds(node.condition, {key: item for key, item in self._config.items() if is_plain(item)})
        return NEVER if verdict is False else ALWAYS

    def visit(self, name: str, condition: Condition, reader: Reader | None, is_needed: bool = True) -> None:
        """Something wants this name where `condition` holds; an output that is an input is not needed by that."""
        self._pending.append((name, condition, reader, is_needed))

    def visit_sources(self, materializer: Materializer) -> None:
        """A saver or loader needs what it is given as `source("name")`."""
        call = materializer.call
        for _, value in call.keywords if isinstance(call, Construction) else ():
            bound = binding(value) if isinstance(value, Construction) else None
            if bound is not None and bound.kind == "source" and isinstance(bound.content, str):
                self.visit(str(bound.content), ALWAYS, None)

    def finish(self) -> None:
        """Go on until nothing more is needed."""
        while self._pending:
            name, condition, reader, is_needed = self._pending.pop(0)
            loader = self._loaders.get(name)
            if loader is not None:
                self.visit_sources(loader)
                continue
            outside: Condition | None = condition
            for node, alive in self._producers(name):
                met = both(condition, alive)
                if met == NEVER:
                    continue
                outside = None if outside is None else without(outside, alive)
                self._enter(node, condition if met is None else met)
            if outside is not None and outside != NEVER:
                self._meet_input(name, outside, reader, is_needed)

    def _producers(self, name: str) -> Iterator[tuple[Node, Condition]]:
        for node in self._dataflow.producers.get(name, ()):
            alive = self.alive(node)
            if alive != NEVER:
                yield node, alive

    def _enter(self, node: Node, condition: Condition) -> None:
        if node in self._seen:
            return
        self._seen.add(node)
        self.nodes.append(node)
        if node.name in self._overrides:
            return
        for dependency in node.dependencies:
            self.visit(dependency.name, condition, Reader(node, dependency))

    def _meet_input(self, name: str, condition: Condition, reader: Reader | None, is_needed: bool) -> None:
        if not is_needed or (reader is not None and reader.dependency.optional):
            self.optional.add(name)
            return
        before = self.inputs.get(name)
        if before is None or (before.reader is None and reader is not None):
            self.inputs[name] = Needed(name, reader, condition)
