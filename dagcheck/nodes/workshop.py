"""What is around a function while its nodes are made?

A `Workshop` is the `Setting` of expansion: it reads signatures with the names of the function's own module, expands other
functions on behalf of modifiers that contain dataflows, and answers what a module or a class holds. Each answer is worked
out once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dagcheck.evaluation.conditions import Condition
from dagcheck.evaluation.objects import Class, Function, Scope
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Construction, Value
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.classes import annotated_fields, find_class_named
from dagcheck.nodes.discovery import candidates
from dagcheck.nodes.expansion import expand
from dagcheck.nodes.modifiers.mutation import Mutations, mutations, with_steps
from dagcheck.nodes.signature import Annotations, Signature
from dagcheck.nodes.subject import Expansion, Memory
from dagcheck.nodes.uses import Use
from dagcheck.source.bindings import Binding, bindings
from dagcheck.source.syntax import Statement
from dagcheck.types.model import Type


class Workshop:
    """See `dagcheck.nodes.subject.Setting`. State: what was read so far."""

    def __init__(self, program: Program, hierarchy: Hierarchy, config: Mapping[str, Value] | None = None) -> None:
        self.hierarchy = hierarchy
        self.config = config
        self._program = program
        self._annotations: dict[str, Annotations] = {}
        self._bindings: dict[str, dict[str, Binding]] = {}
        self._active: list[Function] = []
        self.memory = Memory()
        self.laid: Mapping[str, Value] = {}
        self._mutations: dict[str, Mutations] = {}

    def signature(self, function: Function, untyped: bool = False) -> Signature:
        """What a function takes and gives, whichever module it is from."""
        return self._annotations_of(function).signature(function, untyped)

    def early(self, function: Function, untyped: bool = False) -> Signature:
        """The same as modifiers find it at import."""
        return self._annotations_of(function).early(function, untyped)

    def is_expanding(self, function: Function) -> bool:
        """Is this done on behalf of an expansion of the same function?"""
        return any(other is function for other in self._active)

    def expansion(self, function: Function, condition: Condition) -> Expansion:
        """The nodes of a function; none, and incomplete, where it is expanded already."""
        if self.is_expanding(function):
            return Expansion((), (), False)
        self._active.append(function)
        try:
            made = expand(function, condition, self, self.memory.names.get(id(function), ""))
        finally:
            self._active.pop()
        self.memory.names[id(function)] = made.name
        return made

    def under(self, config: Mapping[str, Value], only: Collection[str] | None = None) -> Workshop:
        """The same with some entries of the configuration laid over the others, of which `only` these are left."""
        outer = self.config
        if outer is not None:
            outer = {**{key: value for key, value in outer.items() if only is None or key in only}, **config}
        inner = Workshop(self._program, self.hierarchy, outer)
        inner.laid = {**{key: value for key, value in self.laid.items() if only is None or key in only}, **config}
        inner._annotations, inner._bindings, inner._active = self._annotations, self._bindings, self._active
        inner._mutations, inner.memory = self._mutations, self.memory
        return inner

    def mutated(self, function: Function, uses: tuple[Use, ...]) -> tuple[Use, ...]:
        """The modifiers of a function together with what other functions add to them from afar."""
        appended = self.mutations(function.scope.outermost).steps.get(id(function))
        return uses if appended is None else with_steps(function, uses, appended)

    def mutations(self, scope: Scope) -> Mutations:
        """What `mutate` does in a module."""
        known = self._mutations.get(scope.path)
        if known is None:
            known = self._mutations[scope.path] = mutations(scope, self)
        return known

    def functions(self, module: str) -> list[Function]:
        """The functions of a project module that Hamilton would look at, in its order."""
        scope = self._program.scope_of(module)
        if scope is None:
            return []
        found = candidates(scope, self._program.listed_names(scope))
        return [candidate.function for candidate in found if isinstance(candidate.function, Function)]

    def typed_dict(self, name: str) -> dict[str, Type] | None:
        """The fields of a TypedDict of the project, by its canonical name; None for any other class."""
        if not self.hierarchy.is_typed_dict(name):
            return None
        found = next((item for scope in self._program.scopes() if (item := find_class_named(scope, name))), None)
        return None if found is None else annotated_fields(self._program, self.hierarchy, found)

    def calls_before(self, function: Function) -> list[Construction]:
        """The calls of things outside the project, as statements of their own, that ran before a function was made."""
        found: list[Construction] = []
        self._add_calls(function.scope.path, found, set())
        path, line = function.scope.path, function.source.header.place[0]
        return [
            call
            for call in found
            if call.location is None or call.location.path != path or call.location.span.line < line
        ]

    def fields(self, owner: Class) -> dict[str, Type]:
        """What is annotated in a class and its bases in the project, those of the bases first."""
        return annotated_fields(self._program, self.hierarchy, owner)

    def call(self, function: Value, arguments: list[Value], keywords: list[tuple[str, Value]] | None = None) -> Value:
        """What a call of a project function gives."""
        return self._program.call(function, arguments, keywords or [])

    def _add_calls(self, path: str, found: list[Construction], seen: set[str]) -> None:
        """Those of the modules that a file imports, in their order, and then its own."""
        scope = next((scope for scope in self._program.scopes() if scope.path == path), None)
        if scope is None or path in seen:
            return
        seen.add(path)
        for answer in list(self._program.imports.get(path, {}).values()):
            self._add_calls(answer, found, seen)
        found.extend(scope.calls)

    def body(self, function: Function) -> tuple[Statement, ...]:
        """The statements of a function's body."""
        return self._program.body(function)

    def is_empty(self, function: Function) -> bool | None:
        """Does a function's code do nothing? None where that cannot be told."""
        return self._program.is_empty(function)

    def first_line(self, path: str, name: str) -> int | None:
        """The first line on which a module binds a name."""
        binding = self._binding(path, name)
        return None if binding is None else binding.first_line

    def bound(self, path: str) -> dict[str, Binding]:
        """Where a module binds its names."""
        if path not in self._bindings:
            self._bindings[path] = bindings(self._program.statements(path))
        return self._bindings[path]

    def _annotations_of(self, function: Function) -> Annotations:
        path = function.scope.path
        if path not in self._annotations:
            machine = self._program.interpreter(function.scope)
            self._annotations[path] = Annotations(machine, self.hierarchy, lambda name: self._binding(path, name))
        return self._annotations[path]

    def _binding(self, path: str, name: str) -> Binding | None:
        return self.bound(path).get(name)
