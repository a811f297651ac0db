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
from dagcheck.rules.rule import certainty_of_input, finding, place, rule
from dagcheck.span import Location

MOST_SHOWN = 4
"""Variants that a finding points at."""


@rule(summary="A node is read where none of its variants exists", level="dataflow", group="graph", severity="warning")
def missing_variant(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton takes the name for an input then, and asks whoever executes the dataflow for its value."""
    given = {item.name for call in unit.spec.calls for item in (*call.inputs, *call.overrides)}
    asked: frozenset[Node] | None = None
    for name, verdict in unit.verdicts.items():
        if verdict.missing and name not in given:
            asked = _asked(unit) if asked is None else asked
            shown = min((_shown(unit.space, found) for found in verdict.missing), key=_rank)
            yield _finding(unit, name, shown, is_needed=not asked or shown.missing.reader.node in asked)


def _finding(unit: Dataflow, name: str, shown: _Shown, *, is_needed: bool) -> Diagnostic:
    reader = shown.missing.reader
    variants = (*unit.producers.get(name, ()), *unit.elsewhere.get(name, ()))
    is_known = is_needed and (unit.space.fixed is not None or shown.is_mentioned)
    return finding(
        f"`{reader.node.name}` reads `{name}`, but this configuration has no variant of it",
        Location(reader.node.origin.path, reader.dependency.span),
        "execution",
        label="becomes an input",
        related=tuple(Annotation(place(node), "not in this configuration") for node in variants[:MOST_SHOWN]),
        advice=f"add a variant for all other values (`@config.when_not_in`), or give `{name}` as an input",
        nodes=(reader.node.name, name),
        dataflow=unit,
        config=shown.config,
        certainty=certainty_of_input(unit, shown.missing.condition) if is_known else "likely",
    )


def _asked(unit: Dataflow) -> frozenset[Node]:
    """The nodes that are ever computed; none where that is not known."""
    calls = unit.spec.calls if unit.spec.has_all_outputs else ()
    return frozenset(node for call in calls for node in view(unit, call).nodes)


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
