"""Which types do the settings say that a dataflow's inputs have?

`inputs = { raw = "pandas.DataFrame" }`: the text is an expression as in an annotation, in which names are dotted from their
module on, as if every module in it was imported. What the project, Python or `typing` certainly does not have, or refuses, is a mistake
of the settings; of what is not known there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.objects import Scope
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Module, Unknown, Value
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.signature import parse_annotation
from dagcheck.settings import DataflowSettings, UsageError
from dagcheck.source.syntax import Expression
from dagcheck.types.expressions import Context, read
from dagcheck.types.model import ClassType, ObjectType, Type
from dagcheck.types.resolution import resolution_error, type_error


def given_types(
    declared: Iterable[DataflowSettings], program: Program, python: tuple[int, int]
) -> dict[str, Mapping[str, Type]]:
    """The types of inputs by dataflow and name. Raises `UsageError` with all mistakes."""
    found: dict[str, Mapping[str, Type]] = {}
    mistakes: list[str] = []
    for entry in declared:
        types: dict[str, Type] = {}
        for name, text in entry.inputs or ():
            if text is None:
                continue
            place = entry.place("inputs", name)
            reader = _Reader(program, place.path, python)
            value = reader.value(text)
            types[name] = read(value, Context(reader.value, python))
            error = reader.error(value, types[name])
            if error:
                start = f"{place.path}:{place.span.line}:{place.span.column}: input `{name}`"
                mistakes.append(
                    f"{start}: {error}"
                    if error.startswith(f"`{text}` is ")
                    else f"{start}: `{text}` is no type: {error}"
                )
        found[entry.name] = types
    if mistakes:
        raise UsageError(*mistakes)
    return found


def unknown_types(specs: Iterable[DataflowSpec], hierarchy: Hierarchy) -> list[str]:
    """What to say of types that the settings give and of which nothing is known, so that no reader is compared with them."""
    names = {
        (spec.name, name, type_.name)
        for spec in specs
        for name, type_ in spec.input_types.items()
        if isinstance(type_, ClassType) and hierarchy.record(type_.name) is None
    }
    return [
        f"{flow}: nothing is known of `{type_}`, so what reads the input `{name}` is not compared with it."
        for flow, name, type_ in sorted(names)
    ]


class _Reader:
    """Reads types as they are written in one settings file."""

    def __init__(self, program: Program, path: str, python: tuple[int, int]) -> None:
        self._program = program
        self._path = path
        self._hierarchy = Hierarchy({}, {}, python)

    def value(self, text: str) -> Value:
        """What a text comes to, with every module in it imported."""
        expression = parse_annotation(text)
        if isinstance(expression, str):
            return Unknown(f"`{text}` {expression}")
        scope = Scope("", self._path)
        for root in dict.fromkeys(_roots(expression)):
            scope.names[root] = self._program.import_module(root, scope)
        return self._program.interpreter(scope).evaluate(expression, scope)

    def error(self, value: Value, type_: Type) -> str:
        """Why the value is certainly no type, "" when it may be one."""
        if isinstance(value, Module):
            return f"`{value.module}` is a module"
        if isinstance(value, Unknown):
            is_missing = value.reason.startswith(("module `", "package `")) and "does not parse" not in value.reason
            return value.reason if is_missing else resolution_error(value, self._hierarchy)
        error = resolution_error(value, self._hierarchy) or type_error(value, self._hierarchy)
        return error or ("it is a value" if isinstance(type_, ObjectType) else "")


def _roots(expression: Expression) -> Iterator[str]:
    """The first names of all dotted names."""
    if expression[0] == "attr" and expression[2][0] == "name":
        yield expression[2][2]
        return
    for part in expression:
        if isinstance(part, tuple):
            for inner in part if part and isinstance(part[0], tuple) else (part,):
                if isinstance(inner, tuple) and inner and isinstance(inner[0], str):
                    yield from _roots(inner)
