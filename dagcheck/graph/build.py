"""How do the nodes of several modules become one dataflow?

Follows `hamilton.graph.create_function_graph`: modules in order, each with its functions in order; a configuration key of a
node's name takes the node's place; with overrides allowed the last definition wins. Duplicates are kept, for they are
findings, not states. Nodes that exist in no configuration of the space are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.conditions import NEVER, Condition, both, is_opaque, without
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import NameVerdict, Strictness, Surroundings, judge
from dagcheck.graph.settling import Match, Reader
from dagcheck.graph.space import Space, narrow, not_given, space_of
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Fault, Node
from dagcheck.types.assignability import Assignability, Maybe
from dagcheck.types.model import Type


def build(
    spec: DataflowSpec, modules: Sequence[ModuleNodes], match: Match, strictness: Strictness | None = None
) -> Dataflow:
    """The dataflow of a specification; `modules` are its modules' nodes, in its order."""
    space = space_of(spec, dict.fromkeys(node.condition for module in modules for node in module.nodes))
    if spec.loosened:
        match = loosened(match, spec.loosened)
    nodes: list[Node] = []
    elsewhere: dict[str, tuple[Node, ...]] = {}
    for module in modules:
        inside, outside = narrowed(module, space)
        nodes += inside
        for node in outside:
            elsewhere[node.name] = (*elsewhere.get(node.name, ()), node)
    reading: Sequence[Node] = nodes
    if spec.allow_module_overrides:
        nodes, reading = _overridden(nodes), _placed(nodes)
    order = {module.path: index for index, module in enumerate(modules)}
    producers = producers_of(nodes, order)
    readers = readers_of(reading)
    complete = all(module.complete for module in modules) and not any(is_opaque(node.condition) for node in nodes)
    flags = (faults_in(space, modules), complete, strictness is not None, elsewhere)
    dataflow = Dataflow(spec, space, tuple(modules), tuple(nodes), producers, readers, {}, *flags)
    names = [*producers, *(name for name in readers if name not in producers)]
    return dataflow._replace(verdicts={name: verdict_on(name, dataflow, match, strictness) for name in names})


def withheld(dataflow: Dataflow, match: Match) -> int:
    """How many edges Hamilton itself would refuse, and an adapter may let pass."""
    return sum(
        match(reader.dependency.type, producer.type).kind == "no"
        and both(reader.node.condition, producer.condition) != NEVER
        for name, producers in dataflow.producers.items()
        for producer in producers
        for reader in dataflow.readers.get(name, ())
    )


def loosened(match: Match, why: str) -> Match:
    """The same verdicts, but where Hamilton says no, an adapter may say yes."""

    def asks_adapter(parameter: Type, node: Type) -> Assignability:
        verdict = match(parameter, node)
        return Maybe(why) if verdict.kind == "no" else verdict

    return asks_adapter


def narrowed(module: ModuleNodes, space: Space) -> tuple[list[Node], list[Node]]:
    """The nodes of a module that exist in the space, and those that only exist outside of it."""
    nodes: list[Node] = []
    outside: list[Node] = []
    for node in module.nodes:
        condition = narrow(space, node.condition, node.name)
        if condition == NEVER:
            outside.append(node)
        else:
            nodes.append(node if condition == node.condition else node._replace(condition=condition))
    return nodes, outside


def verdict_on(name: str, dataflow: Dataflow, match: Match, strictness: Strictness | None) -> NameVerdict:
    """What Hamilton decides about a name of a dataflow; `match` is what is left of types once they are loosened."""
    made, read = dataflow.producers.get(name, ()), dataflow.readers.get(name, ())
    space = dataflow.space
    around = Surroundings(
        space.condition, not_given(space, name), name in dataflow.elsewhere, dataflow.spec.input_types.get(name)
    )
    return judge(name, made, read, around, match, strictness=strictness)


def _overridden(nodes: list[Node]) -> list[Node]:
    """The last definition of a name wins, in the earlier one's position."""
    kept: list[Node] = []
    positions: dict[str, list[int]] = {}
    for node in nodes:
        merged = False
        for index in positions.get(node.name, ()):
            rest: Condition | None = without(kept[index].condition, node.condition)
            if rest == NEVER and not merged:
                kept[index], merged = node, True
            elif rest is not None:
                kept[index] = kept[index]._replace(condition=rest)
        if not merged:
            positions.setdefault(node.name, []).append(len(kept))
            kept.append(node)
    return [node for node in kept if node.condition != NEVER]


class _Slot(NamedTuple):
    """The place in Hamilton's order at which a name stands in the configurations of `condition`, and who holds it there."""

    condition: Condition
    holders: list[Node]


def _placed(nodes: Sequence[Node]) -> list[Node]:
    """The nodes that are left where later ones override earlier ones, in Hamilton's order in every configuration.

    A name stands where its first definition does. In which configurations there is one may differ, and then so do the places of
    the one that is left: it is there once for each.
    """
    slots: list[_Slot] = []
    by_name: dict[str, list[_Slot]] = {}
    for node in nodes:
        rest: Condition | None = node.condition
        for slot in by_name.setdefault(node.name, []):
            inside = None if rest is None else both(rest, slot.condition)
            if inside is None or inside == NEVER:
                continue
            slot.holders[:] = [*_less(slot.holders, inside), node._replace(condition=inside)]
            rest = without(node.condition if rest is None else rest, slot.condition)
        if rest != NEVER:
            slot = _Slot(node.condition if rest is None else rest, [])
            slot.holders.append(node._replace(condition=slot.condition))
            by_name[node.name].append(slot)
            slots.append(slot)
    return [node for slot in slots for node in slot.holders]


def _less(nodes: Sequence[Node], condition: Condition) -> list[Node]:
    """The nodes where the condition does not hold; where that cannot be said, they stay as they are."""
    left = [(node, without(node.condition, condition)) for node in nodes]
    return [node if rest is None else node._replace(condition=rest) for node, rest in left if rest != NEVER]


def producers_of(nodes: Sequence[Node], order: Mapping[str, int]) -> dict[str, tuple[Node, ...]]:
    """The nodes by name; those of one name in the order of modules and functions, as a reader meets them."""
    found: dict[str, tuple[Node, ...]] = {}
    for node in nodes:
        before = found.get(node.name)
        found[node.name] = (node,) if before is None else tuple(sorted((*before, node), key=_reading_order(order)))
    return found


def _reading_order(order: Mapping[str, int]) -> Callable[[Node], tuple[int, int]]:
    def key(node: Node) -> tuple[int, int]:
        path = node.path or node.origin.path
        # Nodes of one function keep the order in which they were made.
        return (order.get(path, len(order)), node.span.line if node.path else node.origin.line)

    return key


def readers_of(nodes: Sequence[Node]) -> dict[str, tuple[Reader, ...]]:
    """Who reads each name, in the order of the nodes."""
    found: dict[str, list[Reader]] = {}
    for node in nodes:
        for dependency in node.dependencies:
            found.setdefault(dependency.name, []).append(Reader(node, dependency))
    return {name: tuple(readers) for name, readers in found.items()}


def faults_in(space: Space, modules: Sequence[ModuleNodes]) -> tuple[tuple[str, Fault], ...]:
    """The faults of functions that exist in this space; what fails at import fails in every configuration."""
    found: list[tuple[str, Fault]] = []
    for module in modules:
        for fault in module.faults:
            if fault.hamilton == "import":
                found.append((module.path, fault))
                continue
            condition = narrow(space, fault.condition, "")
            if condition != NEVER:
                found.append((module.path, fault._replace(condition=condition)))
    return tuple(found)
