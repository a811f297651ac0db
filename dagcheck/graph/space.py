"""Which configurations are meant?

A *space* is the set of configurations in which a dataflow is checked: exactly one, when the configuration is fixed, or all
that agree with what is assumed. It narrows the conditions of nodes to what can happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.boxes import OPAQUE, hashable
from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, holds, mentions, one_of
from dagcheck.evaluation.witnesses import ordered, witness


class Space(NamedTuple):
    """`fixed` is the one configuration, or None; `condition` narrows a free one.

    `mentioned` are the values that the dataflow's conditions and what is assumed name, by key.
    """

    fixed: Mapping[str, Any] | None
    condition: Condition
    mentioned: Mapping[str, tuple[Any, ...]] = {}


def space_of(spec: DataflowSpec, conditions: Iterable[Condition] = ()) -> Space:
    """The space of a dataflow, whose functions have these conditions."""
    condition = ALWAYS
    for key, value in spec.assume.items():
        met = both(condition, one_of(key, [value]))
        condition = met if met is not None else condition
    mentioned = {key: frozenset([hashable(value)]) for key, value in spec.assume.items()}
    for each in conditions:
        for key, values in mentions(each).items():
            mentioned[key] = mentioned[key] | values if key in mentioned else values
    return Space(spec.config, condition, {key: ordered(values) for key, values in mentioned.items()})


def narrow(space: Space, condition: Condition, name: str) -> Condition:
    """The part of the space in which a node of this condition exists; `NEVER` when there is none.

    A configuration key of the node's own name takes its place (`hamilton.graph.create_function_graph`): a free space has the
    keys that the dataflow mentions, a fixed configuration is asked itself.
    """
    if space.fixed is not None:
        if name in space.fixed:
            return NEVER
        verdict = holds(condition, space.fixed)
        return ALWAYS if verdict else NEVER if verdict is False else _opaque_part(condition, space.fixed)
    met = both(condition, space.condition)
    if met is not None and name in space.mentioned:
        met = both(met, one_of(name, [None]))
    return condition if met is None else met


def not_given(space: Space, name: str) -> Condition:
    """Where the configuration has no key of this name."""
    if space.fixed is not None:
        return NEVER if name in space.fixed else ALWAYS
    return one_of(name, [None]) if name in space.mentioned else ALWAYS


def witness_of(space: Space, condition: Condition) -> tuple[tuple[str, Any], ...]:
    """The configuration to show for a finding in `condition`: the fixed one, or the smallest; () when any will do."""
    found = space.fixed if space.fixed is not None else witness(condition, space.mentioned)
    return tuple(sorted((found or {}).items(), key=lambda pair: str(pair[0])))


def _opaque_part(condition: Condition, fixed: Mapping[str, Any]) -> Condition:
    """What is left of a condition once the readable keys are decided."""
    boxes = []
    for box in condition.boxes:
        readable = Condition((tuple(pair for pair in box if not pair[0].startswith(OPAQUE)),))
        if holds(readable, fixed):
            boxes.append(tuple(pair for pair in box if pair[0].startswith(OPAQUE)))
    return Condition(tuple(boxes))
