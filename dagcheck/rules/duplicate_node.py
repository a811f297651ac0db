"""`duplicate-node`: two functions make the same node in some configuration."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.evaluation.conditions import is_opaque
from dagcheck.graph.names import Clash
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import NameUnit, certainty_in, finding, place, rule
from dagcheck.span import Location


@rule(summary="Two definitions of a node exist at once", level="name", group="definitions")
def duplicate_node(unit: NameUnit) -> Iterator[Diagnostic]:
    """Hamilton refuses to define a node more than once, unless overrides are allowed."""
    by_place: dict[Location, list[Clash]] = {}
    for clash in unit.verdict.clashes:
        by_place.setdefault(place(clash.later), []).append(clash)
    for clashes in by_place.values():
        clash = min(clashes, key=lambda each: (is_opaque(each.condition), _size(unit, each)))
        yield finding(
            f"node `{unit.name}` is defined more than once",
            place(clash.later),
            "build",
            label="defined again here",
            related=(Annotation(place(clash.earlier), "first defined here"),),
            advice="rename one of them, or make sure that no configuration has both (`@config.when`)",
            nodes=(unit.name,),
            dataflow=unit.dataflow,
            config=witness_of(unit.dataflow.space, clash.condition),
            certainty=certainty_in(clash.condition),
        )


def _size(unit: NameUnit, clash: Clash) -> int:
    """How many keys show a clash: of several with one definition, the plainest is told."""
    return len(witness_of(unit.dataflow.space, clash.condition))
