"""`unresolved-input`: a name that is read is neither a node nor an input."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.evaluation.conditions import NEVER, Condition, both
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.settling import Reader
from dagcheck.graph.space import witness_of
from dagcheck.rules.misspelling import Dictionary
from dagcheck.rules.rule import certainty_of_input, finding, place, rule
from dagcheck.span import Location


@rule(summary="A name that is read is neither a node nor an input", level="dataflow", group="graph")
def unresolved_input(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton takes it for an input, and asks whoever executes the dataflow for its value."""
    known = _known_inputs(unit)
    made = unit.producers.keys() | unit.elsewhere.keys()
    dictionary: Dictionary | None = None
    for name, verdict in unit.verdicts.items():
        if not verdict.inputs:
            continue
        needed = [part.condition for part in verdict.inputs if not part.optional]
        if not needed or name in made or (known is not None and name in known):
            continue
        reader, condition = _first_reader(unit, name, needed[0])
        if reader is None:
            continue
        dictionary = dictionary or Dictionary(made if known is None else made | known)
        meant = dictionary.meant(name)
        if meant is None and known is None:
            continue
        if meant == reader.node.name or any(part.name == meant for part in reader.node.dependencies):
            meant = None
        if meant is not None or known is not None:
            yield _finding(unit, name, reader, condition, meant, is_known=known is not None)


def _finding(
    unit: Dataflow, name: str, reader: Reader, condition: Condition, meant: str | None, *, is_known: bool
) -> Diagnostic:
    makers = unit.producers.get(meant or "", ()) or unit.elsewhere.get(meant or "", ())
    advice = (
        f"did you mean `{meant}`?" if meant else "add it to the `inputs` of the dataflow, or write a function for it"
    )
    return finding(
        f"`{reader.node.name}` reads `{name}`, which is neither a node nor an input"
        if is_known
        else f"`{reader.node.name}` reads the input `{name}`, which looks like a misspelling of `{meant}`",
        Location(reader.node.origin.path, reader.dependency.span),
        "execution",
        label="becomes an input",
        related=tuple(Annotation(place(node), f"`{meant}` is made here") for node in makers[:1]),
        advice=advice,
        nodes=(reader.node.name, name),
        dataflow=unit,
        config=witness_of(unit.space, condition),
        certainty=certainty_of_input(unit, condition) if is_known else "likely",
    )


def _known_inputs(unit: Dataflow) -> frozenset[str] | None:
    """All that is given from outside, keys of the configuration included, where settings or options say so; else None.

    Where the command line asks for outputs as well, `missing-input` tells what these need.
    """
    names = {*(unit.space.fixed or ()), *unit.space.mentioned}
    is_known = False
    for call in unit.spec.calls:
        if call.method in {"settings", "command-line"}:
            is_known = is_known or (call.has_all_inputs and not (call.method == "command-line" and call.outputs))
            names.update(given.name for given in (*call.inputs, *call.overrides))
    return frozenset(names) if is_known else None


def _first_reader(unit: Dataflow, name: str, needed: Condition) -> tuple[Reader | None, Condition]:
    """The first reader that needs the name, and where it does."""
    for reader in unit.readers.get(name, ()):
        met = None if reader.dependency.optional else both(needed, reader.node.condition)
        if met is not None and met != NEVER:
            return reader, met
    return None, needed
