"""What do a driver's savers and loaders do to its graph, and which of them does Hamilton refuse?

Source: `hamilton.io.materialization.modify_graph`. Savers are made of the graph of the modules, so that none of them sees another,
and then loaders of the graph with the savers. Of two of one name the later counts. A loader takes the place of what it
loads into; what that read before stays where it is, and becomes an input without readers if nothing else reads it. All that was wrong
with the graph of the modules stays wrong: Hamilton builds that first. `with_materializers` changes the driver's own graph,
`materialize` and its like a copy of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Literal

from dagcheck.dataflows.specification import DataflowSpec, DriverCall, Materializer
from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.values import Construction, Text
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import NameVerdict
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.materializer_refusals import Named, Refusal, loader_refusal, saver_refusal
from dagcheck.nodes.materializing import loader_nodes, saver_nodes
from dagcheck.nodes.module import ModuleNodes, without
from dagcheck.nodes.node import Fault, Node
from dagcheck.types.model import ANY, Type, UnknownType

Remake = Callable[[DataflowSpec, Sequence[ModuleNodes]], Dataflow]

Stage = Literal["build", "execution"]

_RULE = "invalid-materializer"


def with_materializers(bare: Dataflow, hierarchy: Hierarchy, has_own_adapters: bool, make: Remake) -> Dataflow:
    """The dataflow with the nodes that savers and loaders add, and with what Hamilton refuses of all of them.

    `bare` is the dataflow of the modules alone. Where the project registers adapters of its own, these may serve any type.
    """
    judge = None if has_own_adapters else hierarchy
    faults = list(_faults(bare, bare.spec.materializers, judge, "build"))
    made = bare
    if bare.spec.materializers:
        replaced, nodes = _added(bare, hierarchy)
        added = ModuleNodes("", bare.spec.origin.path, tuple(nodes), (), False, True, False)
        made = make(bare.spec, [*(without(part, replaced) for part in bare.parts), added])
        if replaced:
            made = _with_what_was(bare, made, replaced)._replace(parts=(*bare.parts, added))
    for call in bare.spec.calls:
        if call.is_certain and call.knows_config:
            faults += [*_faults(made, call.materializers, judge, "execution"), *_asks_nothing(call)]
    return made._replace(faults=(*made.faults, *((fault.path, fault) for fault in faults))) if faults else made


def _added(bare: Dataflow, hierarchy: Hierarchy) -> tuple[set[str], list[Node]]:
    """The names whose nodes loaders replace, and the nodes that savers and loaders add."""
    made: dict[str, Node] = {}
    for item in bare.spec.materializers:
        if item.kind == "to" and isinstance(item.call, Construction) and not _is_input(bare, item.name):
            saved = [(part.name, _type_of(bare, part.name)) for part in item.dependencies]
            made.update({node.name: node for node in saver_nodes(item.call, item.name, item.format, saved, hierarchy)})
    savers = dict(made)
    replaced: set[str] = set()
    for item in bare.spec.materializers:
        if item.kind == "from_" and isinstance(item.call, Construction):
            type_ = savers[item.name].type if item.name in savers else _type_of(bare, item.name)
            loaded = loader_nodes(item.call, item.name, item.format, type_, hierarchy)
            made.update({node.name: node for node in loaded})
            replaced.add(item.name)
    return replaced, list(made.values())


def _with_what_was(bare: Dataflow, made: Dataflow, replaced: Collection[str]) -> Dataflow:
    """The new graph with what Hamilton has settled, or refused, in the old one."""
    verdicts = dict(made.verdicts)
    for name, before in bare.verdicts.items():
        now = verdicts.get(name)
        if name in replaced:
            verdicts[name] = (now or before)._replace(clashes=before.clashes, mismatches=before.mismatches)
        elif any(reader.node.name in replaced for reader in bare.readers.get(name, ())):
            verdicts[name] = before if now is None else _merged(before, now, replaced)
    return made._replace(verdicts=verdicts)


def _merged(before: NameVerdict, now: NameVerdict, replaced: Collection[str]) -> NameVerdict:
    """What is decided about a name that a replaced node has read."""
    gone = tuple(found for found in before.mismatches if found.reader.node.name in replaced)
    return now._replace(
        mismatches=(*gone, *now.mismatches),
        conflicts=before.conflicts or now.conflicts,
        inputs=before.inputs or now.inputs,
        typeless=before.typeless or now.typeless,
    )


def _faults(
    dataflow: Dataflow, materializers: Sequence[Materializer], hierarchy: Hierarchy | None, when: Stage
) -> Iterator[Fault]:
    """What Hamilton refuses when it adds these to the graph."""
    for item in materializers:
        if not isinstance(item.call, Construction):
            continue
        refusal = _taken(dataflow, item, when) if item.kind == "to" else None
        if refusal is None and hierarchy is not None:
            refusal = _refusal(dataflow, item, item.call, hierarchy)
        if refusal is not None:
            path, span = refusal.location
            names = tuple(part.name for part in item.dependencies) if item.kind == "to" else (item.name,)
            yield Fault(_RULE, refusal.message, span, ALWAYS, when, names, help=refusal.help, path=path)


def _asks_nothing(call: DriverCall) -> Iterator[Fault]:
    """A `materialize` that saves nothing and asks for nothing."""
    is_idle = call.method == "materialize" and not call.outputs and call.has_all_outputs
    if is_idle and not any(item.kind == "to" for item in call.materializers):
        path, span = call.location
        message, advice = "`materialize` saves nothing and asks for nothing", "ask for nodes in `additional_vars`"
        yield Fault(_RULE, message, span, ALWAYS, "execution", help=advice, path=path)


def _taken(dataflow: Dataflow, item: Materializer, when: Stage) -> Refusal | None:
    """A saver's name is that of a node or an input; where it is that of a function, `duplicate-node` tells it at build."""
    is_input = _is_input(dataflow, item.name)
    everywhere = dataflow.space.condition
    is_node = any(node.condition == everywhere for node in dataflow.producers.get(item.name, ()))
    if is_input or (is_node and when != "build"):
        what = "an input" if is_input else "a node"
        return Refusal(
            f"the saver is called `{item.name}`, as {what} is already", item.location, "give it another `id`"
        )
    return None


def _is_input(dataflow: Dataflow, name: str) -> bool:
    verdict = dataflow.verdicts.get(name)
    return verdict is not None and any(found.condition == dataflow.space.condition for found in verdict.inputs)


def _refusal(dataflow: Dataflow, item: Materializer, call: Construction, hierarchy: Hierarchy) -> Refusal | None:
    if item.kind == "to":
        saved = [Named(part.name, part.location, _type_of(dataflow, part.name)) for part in item.dependencies]
        return saver_refusal(call, item.format, saved, hierarchy)
    target = dict(call.keywords).get("target", call.arguments[0] if call.arguments else None)
    place = target.location if isinstance(target, Text) else item.location
    named = Named(item.name, place, _type_of(dataflow, item.name))
    return loader_refusal(call, item.format, named, hierarchy)


def _type_of(dataflow: Dataflow, name: str) -> Type:
    """The type of a node or an input, where it has one in every configuration."""
    found = {node.type for node in dataflow.producers.get(name, ())}
    verdict = dataflow.verdicts.get(name)
    found |= {input_.type for input_ in verdict.inputs} if verdict is not None else set()
    if not found and name in (dataflow.space.fixed or ()):
        return ANY
    return found.pop() if len(found) == 1 else UnknownType("unknown", f"`{name}` has no one type")
