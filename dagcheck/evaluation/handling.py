"""Who catches what a block raises?

What Python's own data raise ends a function, or a `try` block, whose handlers are looked through by the names of Python's
exceptions; at the top of a module, what nobody catches is a failure of its import (see `dagcheck.evaluation.failures`).
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from dagcheck.evaluation import imports
from dagcheck.evaluation.failures import RAISES, exception_of, noted, raised
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.machine import Machine, Outcome, Signal, at
from dagcheck.evaluation.objects import Class, Function, Generator, Scope
from dagcheck.evaluation.targets import assign
from dagcheck.evaluation.values import Construction, Module, Reference, Unknown, Value
from dagcheck.source.bindings import bindings
from dagcheck.source.syntax import Statement

_SUPPRESS = Reference("contextlib.suppress")


def follow_try(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """A `try` with its handlers, followed as if nothing was raised where nothing is known to be."""
    _, _, body, handlers, orelse, final = statement
    machine.trying += bool(handlers)
    outcome = machine.execute(body, scope)
    machine.trying -= bool(handlers)
    if outcome is not None and outcome[0] == Signal.RAISE and handlers:
        outcome = _handled(machine, statement, outcome[1], scope)
    elif outcome is None:
        if machine.world.explores:
            imports.fall_back(machine, statement, scope)
        outcome = machine.execute(orelse, scope)
    return _at_top(machine, machine.execute(final, scope) or outcome, scope)


def follow_with(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """A `with`: what its contexts do with an exception is not known, but for `contextlib.suppress`."""
    suppressed: Value = None
    for context, target in statement[2]:
        value = machine.evaluate(context, scope)
        failure = raised(machine, value, scope)
        if failure is not None:
            return failure
        noted(machine, value, scope, statement[1])
        if isinstance(value, Construction) and value.callee == _SUPPRESS and not value.keywords:
            suppressed = value.arguments
        if target is not None:
            entered = value.yields[0] if isinstance(value, Generator) and value.yields else explain(value)
            assign(machine, target, entered, scope)
    if suppressed is not None and len(statement[2]) == 1:
        return _suppressing(machine, statement, suppressed, scope)
    scope.sheltered += 1
    outcome = machine.execute(statement[3], scope)
    scope.sheltered -= 1
    is_open = outcome is not None and outcome[0] == Signal.RAISE and scope.parent is None
    return _at_top(machine, _perhaps_handled(statement, scope) if is_open else outcome, scope)


def _suppressing(machine: Machine, statement: Statement, types: Value, scope: Scope) -> Outcome | None:
    """Follow the block of `with contextlib.suppress(...)`, which ends where one of these exceptions is raised."""
    machine.trying += 1
    outcome = machine.execute(statement[3], scope)
    machine.trying -= 1
    if outcome is not None and outcome[0] == Signal.RAISE:
        takes = _catches(machine, types, outcome[1])
        if takes is False:
            noted(machine, outcome[1], scope, statement[1])
        outcome = None if takes else _perhaps_handled(statement, scope) if takes is None else outcome
    return _at_top(machine, outcome, scope)


def _at_top(machine: Machine, outcome: Outcome | None, scope: Scope) -> Outcome | None:
    """What is left of an outcome at the top of a module, the rest of which is looked at all the same when nobody catches it."""
    is_over = outcome is not None and outcome[0] == Signal.RAISE and scope.parent is None and not machine.trying
    return None if is_over else outcome


def _handled(machine: Machine, statement: Statement, raised: Unknown, scope: Scope) -> Outcome | None:
    """Run the first handler that takes an exception; where that cannot be told, the exception is no known one any more."""
    for type_, name, body in statement[3]:
        takes = True if type_ is None else _catches(machine, machine.evaluate(type_, scope), raised)
        if takes is None:
            return _perhaps_handled(statement, scope)
        if takes:
            return _run_handler(machine, name, body, raised, scope)
    noted(machine, raised, scope, statement[1])
    return (Signal.RAISE, raised)


def _run_handler(
    machine: Machine, name: str | None, body: Sequence[Statement], raised: Unknown, scope: Scope
) -> Outcome | None:
    """Follow a handler; the name that it gives the exception is gone afterwards."""
    if name is not None:
        thrown = machine.thrown.get(raised)
        is_own = isinstance(thrown, Construction) and isinstance(thrown.callee, Class)
        scope.names[name] = thrown if is_own else Unknown("is an exception that is handled", raised.location)
    machine.handled.append(raised)
    outcome = machine.execute(body, scope)
    machine.handled.pop()
    if name is not None:
        scope.names.pop(name, None)
    return outcome


def follow_raise(machine: Machine, statement: Statement, scope: Scope) -> Outcome:
    """A `raise`; without an exception, that of the handler that is running is raised again."""
    if statement[2] is None and machine.handled:
        return (Signal.RAISE, machine.handled[-1])
    value = None if statement[2] is None else machine.evaluate(statement[2], scope)
    failure = raised(machine, value, scope)
    if failure is not None:
        return failure
    kind = value.callee if isinstance(value, Construction) else value
    name = kind.name.rpartition(".")[2] if isinstance(kind, (Reference, Class)) else "an exception"
    reason = Unknown(f"{RAISES}{name}", at(scope, statement[1]))
    machine.thrown[reason] = value
    return (Signal.RAISE, reason)


def _perhaps_handled(statement: Statement, scope: Scope) -> Outcome:
    """Nobody knows which handler runs: what is bound anywhere in the statement is unknown, but for what was imported or defined."""
    reason = Unknown("depends on which exception is handled", at(scope, statement[1]))
    for name in bindings([statement]):
        if not isinstance(scope.names.get(name), (Class, Function, Module, Reference)):
            scope.names[name] = reason
    return (Signal.RAISE, reason)


def _catches(machine: Machine, types: Value, raised: Unknown) -> bool | None:
    """Does an `except` with these types take the exception? None where that cannot be told."""
    if type(types) is tuple:
        answers = [_catches(machine, part, raised) for part in types]
        return True if True in answers else None if None in answers else False
    thrown = machine.thrown.get(raised)
    kind = thrown.callee if isinstance(thrown, Construction) else thrown
    if isinstance(kind, Class):
        return _is_kind_of(kind, types)
    exception = getattr(builtins, exception_of(raised) or "None", None)
    if not isinstance(exception, type) or not isinstance(types, (Class, Reference)):
        return None
    if isinstance(types, Class):
        return False  # Python's own data raise no exceptions of the project
    return _is_builtin_kind_of(exception, types.name)


def _is_builtin_kind_of(exception: type, name: str) -> bool | None:
    caught = getattr(builtins, name.rpartition(".")[2], None)
    return issubclass(exception, caught) if isinstance(caught, type) else None


def _is_kind_of(kind: Class, types: Value) -> bool | None:
    """Is an exception class of the project another one, or derived from it? None where a base is not known."""
    if kind is types:
        return True
    answers: list[bool | None] = []
    for base in kind.bases:
        if isinstance(base, Class):
            answers.append(_is_kind_of(base, types))
            continue
        exception = (
            getattr(builtins, base.name.removeprefix("builtins."), None) if isinstance(base, Reference) else None
        )
        if not isinstance(exception, type):
            answers.append(None)
        else:
            answers.append(_is_builtin_kind_of(exception, types.name) if isinstance(types, Reference) else False)
    return True if True in answers else None if None in answers else False
