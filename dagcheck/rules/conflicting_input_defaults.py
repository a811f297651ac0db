"""`conflicting-input-defaults`: two readers of an input fall back to different defaults."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.evaluation.conditions import NEVER, both
from dagcheck.graph.settling import Reader
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import NameUnit, certainty_of_input, finding, rule
from dagcheck.span import Location


@rule(
    summary="Two readers of an input fall back to different defaults", level="name", group="types", severity="warning"
)
def conflicting_input_defaults(unit: NameUnit) -> Iterator[Diagnostic]:
    """Hamilton lets each function use its own default when the input is not given, and says nothing of it."""
    first: Reader | None = None
    for reader in _in_reading_order(unit) if unit.verdict.inputs else ():
        if first is None:
            first = reader
        elif not _are_same(reader.dependency.default, first.dependency.default):
            met = both(first.node.condition, reader.node.condition)
            if met is None or met == NEVER or reader.node.origin == first.node.origin:
                continue
            ours, theirs = reader.dependency.default, first.dependency.default
            yield finding(
                f"input `{unit.name}` is `{ours}` by default here, but `{theirs}` in `{first.node.name}`",
                Location(reader.node.origin.path, reader.dependency.span),
                "silent",
                label=f"`{ours}` when not given",
                related=(
                    Annotation(Location(first.node.origin.path, first.dependency.span), f"`{theirs}` when not given"),
                ),
                advice="give both the same default, or none",
                nodes=(reader.node.name, first.node.name),
                dataflow=unit.dataflow,
                config=witness_of(unit.dataflow.space, met),
                certainty="likely"
                if _is_computed(ours) or _is_computed(theirs)
                else certainty_of_input(unit.dataflow, met),
            )


def _in_reading_order(unit: NameUnit) -> list[Reader]:
    """The readers with a default as a person meets them: by module, then by line; none if there is only one."""
    readers = [reader for reader in unit.dataflow.readers.get(unit.name, ()) if reader.dependency.default]
    if len(readers) < 2:
        return []
    order = {path: index for index, (_, path) in enumerate(unit.dataflow.modules)}
    return sorted(readers, key=lambda reader: (order.get(reader.node.origin.path, 0), reader.dependency.span))


def _are_same(ours: str, theirs: str) -> bool:
    """Do two defaults, as they are written, come to the same?"""
    if ours == theirs:
        return True
    return not _is_computed(ours) and not _is_computed(theirs) and literal_eval(ours) == literal_eval(theirs)


def _is_computed(default: str) -> bool:
    """Is a default more than a literal, so that its text does not tell its value?"""
    try:
        literal_eval(default)
    except (ValueError, SyntaxError, TypeError, RecursionError):
        return True
    return False
