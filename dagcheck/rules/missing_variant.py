"""`missing-variant`: a node is needed in a configuration in which none of its variants exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.evaluation.conditions import Condition, is_opaque
from dagcheck.evaluation.witnesses import mentioned_witness
from dagcheck.graph.asking import view
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import Missing
from dagcheck.graph.space import Space, witness_of
from dagcheck.nodes.node import Node
from dagcheck.rules.rule import NameUnit, certainty_of_input, finding, place, rule
from dagcheck.span import Location

MOST_SHOWN = 4
"""Variants that a finding points at."""


@rule(summary="A node is read where none of its variants exists", level="name", group="graph", severity="warning")
def missing_variant(unit: NameUnit) -> Iterator[Diagnostic]:
    """Hamilton takes the name for an input then, and asks whoever executes the dataflow for its value."""
    dataflow = unit.dataflow
    if not unit.verdict.missing or unit.name in _given(dataflow):
        return
    shown = min((_shown(dataflow.space, found) for found in unit.verdict.missing), key=_rank)
    variants = (*dataflow.producers.get(unit.name, ()), *dataflow.elsewhere.get(unit.name, ()))
    reader = shown.missing.reader
    is_known = (dataflow.space.fixed is not None or shown.is_mentioned) and _may_be_asked(dataflow, reader.node)
    yield finding(
        f"`{reader.node.name}` reads `{unit.name}`, but this configuration has no variant of it",
        Location(reader.node.origin.path, reader.dependency.span),
        "execution",
        label="becomes an input",
        related=tuple(Annotation(place(node), "not in this configuration") for node in variants[:MOST_SHOWN]),
        advice=f"add a variant for all other values (`@config.when_not_in`), or give `{unit.name}` as an input",
        nodes=(reader.node.name, unit.name),
        dataflow=dataflow,
        config=shown.config,
        certainty=certainty_of_input(dataflow, shown.missing.condition) if is_known else "likely",
    )


def _given(dataflow: Dataflow) -> set[str]:
    """The names whose values come from outside, as settings, options or drivers say."""
    return {given.name for call in dataflow.spec.calls for given in (*call.inputs, *call.overrides)}


def _may_be_asked(dataflow: Dataflow, reader: Node) -> bool:
    """Can a run need the reader? Not where all that is ever asked for is known, and does without."""
    if not dataflow.spec.has_all_outputs:
        return True
    return any(reader in view(dataflow, call).nodes for call in dataflow.spec.calls)


class _Shown(NamedTuple):
    """One reader's part, with the configuration that shows it best; `is_mentioned`: all its values are mentioned."""

    missing: Missing
    config: tuple[tuple[str, Any], ...]
    is_mentioned: bool


def _shown(space: Space, missing: Missing) -> _Shown:
    """The witness of mentioned values if there is one, else the smallest of all."""
    found = None if space.fixed is not None else mentioned_witness(_readable(missing.condition), space.mentioned)
    if found is None:
        return _Shown(missing, witness_of(space, missing.condition), False)
    return _Shown(missing, tuple(sorted(found.items())), True)


def _readable(condition: Condition) -> Condition:
    """Where a reader is missed for sure, if that can be told for some boxes."""
    plain = tuple(box for box in condition.boxes if not is_opaque(Condition((box,))))
    return Condition(plain) if plain else condition


def _rank(shown: _Shown) -> tuple[bool, bool, int]:
    """What is sure comes first, then the smallest configuration; of equals the reader that Hamilton meets first is taken."""
    return not shown.is_mentioned, is_opaque(shown.missing.condition), len(shown.config)
