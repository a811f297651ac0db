"""Who catches what a block raises?

What Python's own data raise ends a function, or a `try` block, whose handlers are looked through by the names of Python's
exceptions; at the top of a module, what nobody catches is a failure of its import (see `dagcheck.evaluation.failures`).
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from dagcheck.evaluation import imports
from dagcheck.evaluation.branching import Doubt, branch
from dagcheck.evaluation.failures import exception_of, noted, raised
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.machine import Machine, Outcome, Signal
from dagcheck.evaluation.objects import Generator, Scope
from dagcheck.evaluation.targets import assign
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value
from dagcheck.source.syntax import Place, Statement

_SUPPRESS = Reference("contextlib.suppress")
_EVERYTHING = (Reference("builtins.Exception"), Reference("builtins.BaseException"))


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
    elif outcome[0] == Signal.MAYBE_RETURN and handlers and (scope.parent is None or not machine.world.explores):
        _follow_any(machine, handlers, orelse, outcome[1], scope)  # part of the body may have raised
        outcome = None if scope.parent is None else outcome
    return _at_top(machine.execute(final, scope) or outcome, scope)


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
    return outcome


def _suppressing(machine: Machine, statement: Statement, types: Value, scope: Scope) -> Outcome | None:
    """Follow the block of `with contextlib.suppress(...)`, which ends where one of these exceptions is raised."""
    machine.trying += 1
    outcome = machine.execute(statement[3], scope)
    machine.trying -= 1
    if outcome is not None and outcome[0] == Signal.RAISE:
        takes = _catches(types, outcome[1])
        if takes is False:
            noted(machine, outcome[1], scope, statement[1])
        outcome = None if takes else _perhaps(machine, (), outcome[1], scope) if takes is None else outcome
    return _at_top(outcome, scope)


def _at_top(outcome: Outcome | None, scope: Scope) -> Outcome | None:
    """What is left of an outcome at the top of a module, the rest of which is looked at all the same when something raises."""
    is_left = outcome is None or outcome[0] not in (Signal.RAISE, Signal.MAYBE_RETURN) or scope.parent is not None
    return outcome if is_left else None


def _handled(machine: Machine, statement: Statement, raised: Unknown, scope: Scope) -> Outcome | None:
    """Run the first handler that takes an exception; where that cannot be told, all that may."""
    for index, (type_, name, body) in enumerate(statement[3]):
        takes = True if type_ is None else _catches(machine.evaluate(type_, scope), raised)
        if takes is None:
            return _perhaps(machine, statement[3][index:], raised, scope)
        if takes:
            if name is not None:
                scope.names[name] = raised
            return machine.execute(body, scope)
    noted(machine, raised, scope, statement[1])
    return (Signal.RAISE, raised)


def _perhaps(machine: Machine, handlers: Sequence[Any], raised: Unknown, scope: Scope) -> Outcome | None:
    """What holds where any of the handlers may take an exception, or none: an exception that goes on is no known one."""
    reason = Unknown("depends on which exception is handled", raised.location)
    if scope.parent is not None:
        return (Signal.RAISE, reason)
    _follow_any(machine, handlers, (), reason, scope)
    return None


def _follow_any(
    machine: Machine, handlers: Sequence[Any], orelse: Sequence[Statement], reason: Unknown, scope: Scope
) -> None:
    """Follow blocks of which any may run, or none: a name that one of them binds is one of two things then."""
    for _, name, body in handlers:
        if name is not None:
            scope.names[name] = reason
        branch(machine, Doubt("the exception", _place_of(body), reason), body, (), scope)
    if orelse:
        branch(machine, Doubt("no exception", _place_of(orelse), reason), orelse, (), scope)


def _place_of(block: Sequence[Statement]) -> Place:
    place: Place = block[0][1]
    return place


def _catches(types: Value, raised: Unknown) -> bool | None:
    """Does an `except` with these types take the exception? None where one of them is not Python's own."""
    if type(types) is tuple:
        answers = [_catches(part, raised) for part in types]
        return None if None in answers else True in answers
    exception = getattr(builtins, exception_of(raised) or "None", None)
    if types in _EVERYTHING:
        return True
    caught = getattr(builtins, types.name.rpartition(".")[2], None) if isinstance(types, Reference) else None
    if not (isinstance(exception, type) and isinstance(caught, type)):
        return None
    return issubclass(exception, caught)
