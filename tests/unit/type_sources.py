"""How do source texts become types, in tests? One module's text, followed by the real evaluator."""

from __future__ import annotations

from typing import cast

from dagcheck.evaluation.machine import FUEL
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Forward, Value
from dagcheck.names.classes import Hierarchy
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.nodes.classes import records, registrations
from dagcheck.nodes.signature import parse_annotation
from dagcheck.source.facts import Source, module_facts
from dagcheck.types.expressions import Context, read
from dagcheck.types.model import Type


class TypeSource:
    """The names of one module, and the types that expressions mean in it. Everything it imports is outside the project."""

    def __init__(self, text: str, python: tuple[int, int] = (3, 11), name: str = "__main__") -> None:
        self.python = python
        path = f"{name}.py"
        program = Program(
            cast(ModuleIndex, _NoModules()), lambda _: Source(path, text, module_facts(text)), python=python
        )
        self._scope = program.scope(ProjectModule(name, path))
        self._machine = program.interpreter(self._scope)
        self.hierarchy = Hierarchy(records(self._scope), registrations([self._scope]), python)

    def type_of(self, text: str) -> Type:
        """The type that an annotation means."""
        return read(self.value_of(text), Context(self.value_of, self.python))

    def value_of(self, text: str) -> Value:
        """The value of an expression."""
        parsed = parse_annotation(text)
        self._machine.fuel = FUEL
        return Forward(text, parsed) if isinstance(parsed, str) else self._machine.evaluate(parsed, self._scope)


class _NoModules:
    """An index of a project with one module, which imports itself never."""

    def resolve(self, dotted: str, importer: str | None) -> None:
        return None
