"""What may evaluating and executing ask of each other, and of the world?

A `Machine` runs one module's top level. It counts fuel, so that everything ends; it hands out other modules through
`World`, and notes what it read, so that results can be kept until something they read has changed.

Expressions, statements and calls live in modules of their own and meet here, so that none imports the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from dagcheck.evaluation.objects import Function, Scope
from dagcheck.evaluation.values import Construction, Unknown, Value
from dagcheck.source.syntax import Expression, Place, Statement
from dagcheck.span import Location, Span

FUEL = 200_000
"""Steps (expressions and statements) one module may take: some ten times what the largest real module needed."""

DEPTH = 40
"""Nested calls of project functions; beyond it a call is `Unknown`."""


DecoratorKind = Literal["same", "wraps"]
"""`same`: the function itself, changed perhaps. `wraps`: another one that looks like it, or something else that was made of it."""


class World(Protocol):
    """The rest of the project, as one module sees it.

    `explores`: calls are followed for what they do, not only for what they give. Objects of project classes are made,
    decorated and asynchronous functions are entered.
    """

    explores: bool

    def import_module(self, dotted: str, importer: Scope) -> Value:
        """The value of `import dotted`: a `Module`, or a `Reference` outside the project."""

    def resolve_relative(self, level: int, dotted: str | None, importer: Scope) -> str | Unknown:
        """The absolute name of a relative import."""

    def attribute(self, module: str, name: str) -> Value:
        """A name of a project module, a submodule included, or `Unknown`."""

    def names(self, module: str) -> dict[str, Value] | None:
        """The names of a project module, to be changed; None when it has no file."""

    def outside(self, name: str) -> Value:
        """A name outside the project: a `Reference`, or its value where that is known."""

    def call_outside(
        self,
        machine: Machine,
        name: str,
        arguments: list[Value],
        keywords: list[tuple[str, Value]],
        location: Location | None,
    ) -> Value:
        """What a call of something outside the project gives, where somebody knows it; `MISSING` otherwise."""

    factories: dict[int, tuple[Value, Value]]
    """Dictionaries, by their `id`, that give something for a key that they do not have, with what makes it; queues with their size."""

    def body(self, function: Function) -> tuple[Statement, ...]:
        """The statements of a function's body."""

    def is_generator(self, function: Function) -> bool:
        """Does a function yield?"""

    def makes_names(self, module: str) -> bool:
        """May a project module have names that no statement of it shows?"""

    def may_grow(self, container: Value, scope: Scope) -> bool:
        """Is this of another module of the project, and may somebody have added to it whom nobody has followed?"""

    def decorator(self, value: Value) -> DecoratorKind | None:
        """What something outside the project gives back when it is called with a function; None where it is no decorator."""


class Signal:
    """How a block of statements ended early."""

    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"
    RAISE = "raise"
    MAYBE_RETURN = "maybe return"
    MAYBE_RAISE = "maybe raise"
    MAYBE_LEAVE = "maybe leave the round of a loop"


Outcome = tuple[str, Value]


class Decisions(NamedTuple):
    """What was decided where it cannot be known (see `dagcheck.evaluation.deciding`).

    `ways` to go, by place or by the value that is tested; `facts` on what a value is, or is not.
    """

    ways: Mapping[Value, int] = {}
    facts: Mapping[Value, Any] = {}


UNDECIDED = Decisions()


class Machine(Protocol):
    """One module's evaluation. `guess` is set while a block runs that might not run: then nothing may be relied upon.

    `decisions` say which way to go at places where that cannot be known.
    """

    world: World
    fuel: int
    depth: int
    guess: Unknown | None
    trying: int
    """`try` statements with handlers around what is executed."""
    thrown: dict[Unknown, Value]
    """What `raise` statements raised, by the reason that stands for it."""
    handled: list[Unknown]
    """The exceptions whose handlers are running, innermost last."""
    decisions: Decisions
    passed: dict[Value, list[Scope]]
    """The blocks in which each decision was taken."""

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        """The value of an expression; total."""

    def execute(self, statements: Sequence[Statement], scope: Scope) -> Outcome | None:
        """Follow a block of statements; None when it ran to its end."""

    def call(
        self, callee: Value, arguments: list[Value], keywords: list[tuple[str, Value]], location: Location | None
    ) -> Value:
        """The value of a call; total."""

    def doubt(self, container: Value) -> Unknown | None:
        """Why a change of this container is not sure to happen: `guess`, but for what is no older than that."""

    def hand_over(
        self, name: str, arguments: list[Value], keywords: list[tuple[str, Value]], location: Location | None
    ) -> None:
        """Something outside the project, called by this name, is handed these arguments, and may call what they hold."""

    def object(self, made: Construction) -> Value:
        """The object that a call of a project class makes, its own code followed; the same object for the same call."""

    def decorate(self, decorator: Value, target: Value, expression: Expression | None, location: Location) -> Value:
        """What `decorator(target)` leaves behind."""


def at(scope: Scope, place: Place | None) -> Location | None:
    """The location of a place in the scope's file."""
    return None if place is None else Location(scope.path, Span(*place))
