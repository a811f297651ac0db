"""How is one module followed from top to bottom?

`Interpreter` is the `Machine` of one module: it joins expressions, statements and calls, which do not import each other.
`run_module` gives the names that the module binds. Everything that a module's text can do to dagcheck is bounded here.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation import calls, expressions, statements
from dagcheck.evaluation.machine import FUEL, UNDECIDED, Outcome, World
from dagcheck.evaluation.objects import Scope
from dagcheck.evaluation.values import Construction, Unknown, Value
from dagcheck.source.facts import ModuleFacts
from dagcheck.source.syntax import Expression, Statement
from dagcheck.span import Location


class Interpreter:
    """One module's evaluation; see `dagcheck.evaluation.machine.Machine`."""

    def __init__(self, world: World, fuel: int = FUEL) -> None:
        self.world = world
        self.fuel = fuel
        self.depth = 0
        self.guess: Unknown | None = None
        self.trying = 0
        self.thrown: dict[Unknown, Value] = {}
        self.handled: list[Unknown] = []
        self.decisions = UNDECIDED
        self.passed: dict[Value, list[Scope]] = {}
        self._objects: dict[int, tuple[Construction, Value]] = {}

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        """The value of an expression; total."""
        return expressions.evaluate(self, expression, scope)

    def execute(self, statements_: Sequence[Statement], scope: Scope) -> Outcome | None:
        """Follow a block of statements; None when it ran to its end."""
        return statements.execute(self, statements_, scope)

    def call(
        self, callee: Value, arguments: list[Value], keywords: list[tuple[str, Value]], location: Location | None
    ) -> Value:
        """The value of a call; total."""
        return calls.call(self, callee, arguments, keywords, location)

    def doubt(self, container: Value) -> Unknown | None:
        """Why a change of this container is not sure to happen."""
        return self.guess

    def hand_over(
        self, name: str, arguments: list[Value], keywords: list[tuple[str, Value]], location: Location | None
    ) -> None:
        """Only who follows code for what it does asks what others may call."""

    def object(self, made: Construction) -> Value:
        """The object that a call of a project class makes, its own code followed; the same object for the same call."""
        known = self._objects.get(id(made))
        if known is None:
            known = self._objects[id(made)] = (made, calls.make_object(self, made))
        return known[1]

    def decorate(self, decorator: Value, target: Value, expression: Expression | None, location: Location) -> Value:
        """What `decorator(target)` leaves behind."""
        return calls.decorate(self, decorator, target, expression, location)


def run_module(interpreter: Interpreter, facts: ModuleFacts, scope: Scope) -> None:
    """Follow a module's top level; `scope` holds the names it binds, also while others import it half done."""
    try:
        interpreter.execute(facts.statements, scope)
    except RecursionError:
        # A text can nest deeper than the interpreter's stack; what was bound so far stands.
        return
