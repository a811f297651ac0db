"""`unknown-config`: a driver is configured with a key, or a value, that nothing asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagcheck.diagnostics import Certainty, Diagnostic
from dagcheck.evaluation.boxes import OPAQUE, hashable
from dagcheck.evaluation.conditions import Condition, is_opaque
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.graph.asking import known_names
from dagcheck.graph.dataflow import Dataflow
from dagcheck.rules.calling import meant
from dagcheck.rules.rule import finding, rule
from dagcheck.span import Location


@rule(
    summary="A driver is configured with a key or value that nothing asks for",
    level="dataflow",
    group="drivers",
    severity="warning",
)
def unknown_config(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton makes an input of such a key, which nothing reads, and leaves all variants out."""
    spec = unit.spec
    if not spec.config_places or not unit.complete or any(part.needs_config for part in unit.parts):
        return
    conditions = _conditions(unit)
    if any(map(is_opaque, conditions)):
        return
    mentioned = _values(conditions)
    config = spec.config if spec.config is not None else spec.assume
    names = known_names(unit)
    known = names | mentioned.keys() | {item.name for item in spec.outputs}
    for key, place in spec.config_places.items():
        if key.startswith("hamilton."):
            continue
        if key not in known:
            yield _finding(f"nothing asks for the configuration key `{key}`", place, meant(key, known), unit)
        elif key in mentioned and key in config and is_plain(config[key]):
            values = mentioned[key]
            if values is not None and hashable(config[key]) not in values and key not in names:
                yield _finding(f"no variant is for `{key}={config[key]!r}`", place, _meant(config[key], values), unit)


def _conditions(unit: Dataflow) -> list[Condition]:
    """The conditions of all functions; nearly all nodes share theirs with others."""
    return list({id(node.condition): node.condition for part in unit.parts for node in part.nodes}.values())


def _values(conditions: Iterable[Condition]) -> Mapping[str, frozenset[Any] | None]:
    """Per key, the values that variants are for; None where some variant takes whatever is left."""
    found: dict[str, frozenset[Any] | None] = {}
    for key, allowed in [pair for condition in conditions for box in condition.boxes for pair in box]:
        if key.startswith(OPAQUE):
            continue
        before = found.get(key, frozenset())
        found[key] = before | allowed.members if allowed.positive and before is not None else None
    return found


def _meant(value: Any, values: frozenset[Any]) -> str:
    """The values most like one that no variant is for."""
    texts = [other for other in values if isinstance(other, str)]
    alike = [other for other in texts if other.casefold() == str(value).casefold()]
    return f"did you mean `{alike[0]}`?" if alike else meant(str(value), texts)


def _finding(message: str, place: Location, advice: str, unit: Dataflow) -> Diagnostic:
    """Configurations are shared, and variants may be there for some values only: certain is what looks like a misspelling."""
    certainty: Certainty = "certain" if advice else "likely"
    label = "changes nothing"
    return finding(message, place, "silent", label=label, advice=advice, dataflow=unit, certainty=certainty)
