"""`type-mismatch`: a node is read as a type that it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.names import Loose
from dagcheck.graph.settling import Typeless
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import NameUnit, certainty_in, certainty_of_input, finding, place, rule
from dagcheck.span import Location
from dagcheck.types.assignability import No, Raises
from dagcheck.types.printing import brief
from dagcheck.types.reasons import names_of


@rule(summary="A node is read as a type that it does not have", level="name", group="types")
def type_mismatch(unit: NameUnit) -> Iterator[Diagnostic]:
    """Hamilton compares the parameter's type with the node's (`hamilton.htypes.types_match`)."""
    for found in unit.verdict.mismatches:
        given, wanted = names_of(found.producer.type, found.reader.dependency.type)
        yield finding(
            f"`{found.reader.node.name}` reads `{unit.name}` as `{wanted}`, but it is `{given}`",
            Location(found.reader.node.origin.path, found.reader.dependency.span),
            "build",
            label=f"reads `{wanted}`",
            related=(Annotation(place(found.producer), f"`{unit.name}` is `{given}`"),),
            advice=_advice(found.verdict, given, wanted),
            nodes=(found.reader.node.name, unit.name),
            dataflow=unit.dataflow,
            config=witness_of(unit.dataflow.space, found.condition),
            certainty=certainty_in(found.condition),
        )
    for typeless in unit.verdict.typeless:
        yield _without_type(unit, typeless)
    for loose in unit.verdict.loose:
        yield _beyond_hamilton(unit, loose)


def _without_type(unit: NameUnit, found: Typeless) -> Diagnostic:
    """An input that is read as `None`: Hamilton finds no type for it (`hamilton.node.Node`)."""
    reader = found.reader
    return finding(
        f"`{reader.node.name}` reads input `{unit.name}` as `None`, which Hamilton takes for no type",
        Location(reader.node.origin.path, reader.dependency.span),
        "build",
        advice="say what is read: `None` stands for it in a generic type as it is",
        nodes=(reader.node.name, unit.name),
        dataflow=unit.dataflow,
        config=witness_of(unit.dataflow.space, found.condition),
        certainty=certainty_of_input(unit.dataflow, found.condition),
    )


def _beyond_hamilton(unit: NameUnit, loose: Loose) -> Diagnostic:
    """What only a type checker minds, asked for by `type-check = "strict"`."""
    reader, producer, (why, *advice) = loose.reader, loose.producer, loose.reasons
    head = f"`{reader.node.name}` reads `{unit.name}` as `{brief(reader.dependency.type)}`"
    given = "" if producer is None else f", but it is `{brief(producer.type)}`"
    return finding(
        f"{head}{given}" if producer is not None else f"{head}, but {why}",
        Location(reader.node.origin.path, reader.dependency.span),
        "silent",
        label=f"reads `{brief(reader.dependency.type)}`",
        related=()
        if producer is None
        else (Annotation(place(producer), f"`{unit.name}` is `{brief(producer.type)}`"),),
        advice="; ".join([why, *advice] if producer is not None else advice),
        nodes=(reader.node.name, unit.name),
        dataflow=unit.dataflow,
        config=witness_of(unit.dataflow.space, loose.condition),
        certainty=certainty_in(loose.condition),
    )


def _advice(verdict: No | Raises, given: str, wanted: str) -> str:
    """Why Hamilton minds, where that says more than the message, and what to do."""
    if isinstance(verdict, Raises):
        return f"Hamilton's check itself fails: {verdict.reason}"
    if verdict.reasons == (f"`{given}` is not `{wanted}`",):
        return "make the two annotations agree, or let a node in between convert the value"
    return "; ".join(verdict.reasons)
