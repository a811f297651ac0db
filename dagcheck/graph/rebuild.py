"""How does a dataflow change when a few of its modules do, without doing again what still holds?

A name's verdict depends on the nodes that make or read it, so only the names that the changed modules make or read, before or
after, are judged again. The result equals what `dagcheck.graph.build` makes of the same modules; where that cannot be told
from the changed modules alone, everything is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.conditions import is_opaque
from dagcheck.graph.build import build, faults_in, loosened, mentioned_keys, narrowed, producers_of, readers_of
from dagcheck.graph.dataflow import Dataflow, is_acyclic_from
from dagcheck.graph.names import Match, NameVerdict, Strictness, judge
from dagcheck.graph.space import Space
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Node


class Slice(NamedTuple):
    """One module's part of a dataflow: its nodes in the dataflow's space, and what is asked of all of them at once.

    `keys` are those of the configuration that the module mentions, `names` those that its nodes make or read.
    """

    module: ModuleNodes
    nodes: tuple[Node, ...]
    keys: frozenset[str]
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
    keys = _keys(modules, before)
    if (
        before is None
        or not _is_comparable(spec, modules, before)
        or match is not before.match
        or strictness is not before.strictness
        or _united(keys) != _united(part.keys for part in before.slices)
    ):
        before = None
    if before is None:
        dataflow = build(spec, modules, match, strictness)
        dataflow = dataflow._replace(acyclic=is_acyclic_from(dataflow, dataflow.producers))
        slices = _slices(dataflow.space, modules, keys, None)
        return Built(dataflow, match, strictness, slices)
    old = before.dataflow
    if spec == old.spec and all(new is known for new, known in zip(modules, old.parts, strict=True)):
        return before
    slices = _slices(old.space, modules, keys, before)
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


def _edges(part: Slice) -> set[tuple[str, str]]:
    """(reader, name it reads) of all its nodes."""
    return {(node.name, each.name) for node in part.nodes for each in node.dependencies}


def _is_comparable(spec: DataflowSpec, modules: Sequence[ModuleNodes], before: Built) -> bool:
    """Is it the same dataflow but for what is in its modules?"""
    old = before.dataflow.spec
    if spec.allow_module_overrides or old.allow_module_overrides or len(modules) != len(before.slices):
        return False
    return all(getattr(spec, field) == getattr(old, field) for field in ("modules", "config", "assume", "loosened"))


def _keys(modules: Sequence[ModuleNodes], before: Built | None) -> list[frozenset[str]]:
    """The configuration keys that each module mentions."""
    known = {id(part.module): part.keys for part in before.slices} if before is not None else {}
    return [known[id(module)] if id(module) in known else mentioned_keys([module]) for module in modules]


def _united(keys: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*set(keys))


def _slices(
    space: Space, modules: Sequence[ModuleNodes], keys: Sequence[frozenset[str]], before: Built | None
) -> tuple[Slice, ...]:
    """The parts of all modules; those of unchanged modules are the same objects as before."""
    known = {id(part.module): part for part in before.slices} if before is not None else {}
    everything = _united(keys)
    found = []
    for module, own in zip(modules, keys, strict=True):
        part = known.get(id(module))
        if part is None:
            nodes = tuple(narrowed(module, space, everything))
            names = {name for node in nodes for name in (node.name, *(each.name for each in node.dependencies))}
            part = Slice(module, nodes, own, frozenset(names), any(is_opaque(node.condition) for node in nodes))
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
    producers, readers = dict(old.producers), dict(old.readers)
    verdicts: dict[str, NameVerdict] = dict(old.verdicts)
    for name in touched:
        for table in (producers, readers, verdicts):
            table.pop(name, None)
    producers.update(fresh_producers)
    readers.update(fresh_readers)
    match = loosened(before.match, spec.loosened) if spec.loosened else before.match
    for name in sorted({*fresh_producers, *fresh_readers}):
        made, read = producers.get(name, ()), readers.get(name, ())
        verdicts[name] = judge(name, made, read, old.space.condition, match, strictness=before.strictness)
    return old._replace(
        spec=spec,
        parts=modules,
        nodes=tuple([node for part in slices for node in part.nodes]),
        producers=producers,
        readers=readers,
        verdicts=verdicts,
        faults=faults_in(old.space, modules),
        complete=all(module.complete for module in modules) and not any(part.opaque for part in slices),
    )
