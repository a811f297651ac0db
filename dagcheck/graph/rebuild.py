"""How does a dataflow change when a few of its modules do, without doing again what still holds?

A name's verdict depends on the nodes that make or read it, so only the names that the changed modules make or read, before or
after, are judged again. The result equals what `dagcheck.graph.build` makes of the same modules; where that cannot be told
from the changed modules alone, everything is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.conditions import Condition, is_opaque
from dagcheck.graph.build import build, faults_in, loosened, narrowed, producers_of, readers_of, verdict_on
from dagcheck.graph.dataflow import Dataflow, is_acyclic_from
from dagcheck.graph.names import NameVerdict, Strictness
from dagcheck.graph.settling import Match
from dagcheck.graph.space import Space, space_of
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Node


class Slice(NamedTuple):
    """One module's part of a dataflow: its nodes in the dataflow's space and outside of it, and what is asked of all of them.

    `names` are those that its nodes make or read.
    """

    module: ModuleNodes
    conditions: frozenset[Condition]
    nodes: tuple[Node, ...]
    outside: tuple[Node, ...]
    names: frozenset[str]
    opaque: bool


class Built(NamedTuple):
    """A dataflow, with what it was made by and of."""

    dataflow: Dataflow
    match: Match
    strictness: Strictness | None
    slices: tuple[Slice, ...]


def rebuild(
    spec: DataflowSpec,
    modules: Sequence[ModuleNodes],
    match: Match,
    strictness: Strictness | None,
    *,
    before: Built | None,
) -> Built:
    """The dataflow of a specification; `before` is what it was made of last time."""
    conditions = _conditions(modules, before)
    space = space_of(spec, dict.fromkeys(each for own in conditions for each in own))
    if (
        before is None
        or not _is_comparable(spec, space, modules, before)
        or not _is_judged_alike(match, strictness, before)
    ):
        dataflow = build(spec, modules, match, strictness)
        dataflow = dataflow._replace(acyclic=is_acyclic_from(dataflow, dataflow.producers))
        return Built(dataflow, match, strictness, _slices(space, modules, conditions, None))
    old = before.dataflow
    if spec == old.spec and all(new is known for new, known in zip(modules, old.parts, strict=True)):
        return before
    slices = _slices(space, modules, conditions, before)
    changed = [(new, known) for new, known in zip(slices, before.slices, strict=True) if new is not known]
    touched = {name for new, known in changed for name in (*new.names, *known.names)}
    dataflow = _with_verdicts(spec, slices, touched, before)
    if old.acyclic:  # a new cycle goes through a new edge
        fresh = {edge for new, _ in changed for edge in _edges(new)}.difference(
            *(_edges(known) for _, known in changed)
        )
        acyclic = is_acyclic_from(dataflow, {reader for reader, _ in fresh})
    else:
        acyclic = is_acyclic_from(dataflow, dataflow.producers)
    return Built(dataflow._replace(acyclic=acyclic), match, strictness, slices)


def built_of(dataflow: Dataflow, match: Match, strictness: Strictness | None) -> Built:
    """What `rebuild` needs to know of a dataflow that was built; `match` is what it was built with."""
    conditions = _conditions(dataflow.parts, None)
    return Built(dataflow, match, strictness, _slices(dataflow.space, dataflow.parts, conditions, None))


def _edges(part: Slice) -> set[tuple[str, str]]:
    """(reader, name it reads) of all its nodes."""
    return {(node.name, each.name) for node in part.nodes for each in node.dependencies}


def _is_comparable(spec: DataflowSpec, space: Space, modules: Sequence[ModuleNodes], before: Built) -> bool:
    """Is it the same dataflow but for what is in its modules?"""
    old = before.dataflow.spec
    if spec.allow_module_overrides or old.allow_module_overrides or len(modules) != len(before.slices):
        return False
    same = all(getattr(spec, field) == getattr(old, field) for field in ("modules", "config", "assume", "loosened"))
    return same and space == before.dataflow.space


def _is_judged_alike(match: Match, strictness: Strictness | None, before: Built) -> bool:
    return match is before.match and strictness is before.strictness


def _conditions(modules: Sequence[ModuleNodes], before: Built | None) -> list[frozenset[Condition]]:
    """The conditions of each module's nodes."""
    known = {id(part.module): part.conditions for part in before.slices} if before is not None else {}
    return [
        known[id(module)] if id(module) in known else frozenset([node.condition for node in module.nodes])
        for module in modules
    ]


def _slices(
    space: Space, modules: Sequence[ModuleNodes], conditions: Sequence[frozenset[Condition]], before: Built | None
) -> tuple[Slice, ...]:
    """The parts of all modules; those of unchanged modules are the same objects as before."""
    known = {id(part.module): part for part in before.slices} if before is not None else {}
    found = []
    for module, own in zip(modules, conditions, strict=True):
        part = known.get(id(module))
        if part is None:
            nodes, outside = narrowed(module, space)
            names = {name for node in nodes for name in (node.name, *(each.name for each in node.dependencies))}
            names.update(node.name for node in outside)
            opaque = any(is_opaque(node.condition) for node in nodes)
            part = Slice(module, own, tuple(nodes), tuple(outside), frozenset(names), opaque)
        found.append(part)
    return tuple(found)


def _with_verdicts(spec: DataflowSpec, slices: Sequence[Slice], touched: set[str], before: Built) -> Dataflow:
    """The dataflow of these parts, of whose names only the touched ones are judged again."""
    old = before.dataflow
    modules = tuple([part.module for part in slices])
    near = [node for part in slices if not touched.isdisjoint(part.names) for node in part.nodes]
    making = [node for node in near if node.name in touched]
    reading = [node for node in near if not touched.isdisjoint([part.name for part in node.dependencies])]
    order = {module.path: index for index, module in enumerate(modules)}
    fresh_producers = producers_of(making, order)
    fresh_readers = {name: found for name, found in readers_of(reading).items() if name in touched}
    producers, readers, elsewhere = dict(old.producers), dict(old.readers), dict(old.elsewhere)
    verdicts: dict[str, NameVerdict] = dict(old.verdicts)
    for name in touched:
        for table in (producers, readers, verdicts, elsewhere):
            table.pop(name, None)
    producers.update(fresh_producers)
    readers.update(fresh_readers)
    for node in (each for part in slices for each in part.outside if each.name in touched):
        elsewhere[node.name] = (*elsewhere.get(node.name, ()), node)
    dataflow = old._replace(
        spec=spec,
        parts=modules,
        nodes=tuple([node for part in slices for node in part.nodes]),
        producers=producers,
        readers=readers,
        faults=faults_in(old.space, modules),
        complete=all(module.complete for module in modules) and not any(part.opaque for part in slices),
        elsewhere=elsewhere,
    )
    match = loosened(before.match, spec.loosened) if spec.loosened else before.match
    for name in sorted({*fresh_producers, *fresh_readers}):
        verdicts[name] = verdict_on(name, dataflow, match, before.strictness)
    return dataflow._replace(verdicts=verdicts)
