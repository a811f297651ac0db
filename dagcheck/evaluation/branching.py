"""What holds after one of two blocks has run, and nobody knows which?

Both are followed. The names that differ afterwards become `Either`; while a block runs that may not run, nothing that was known
before may be changed for good (`Machine.guess`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dagcheck.evaluation.ignorance import is_data
from dagcheck.evaluation.machine import Machine, Outcome, Signal, at
from dagcheck.evaluation.objects import MISSING, Either, Scope
from dagcheck.evaluation.printing import show
from dagcheck.evaluation.values import Unknown
from dagcheck.source.syntax import Expression, Place, Statement

LEAVING = (Signal.BREAK, Signal.CONTINUE, Signal.MAYBE_LEAVE)
"""Signals that leave a round of a loop."""


class Doubt(NamedTuple):
    """A test that cannot be read: as written, where, and why."""

    text: str
    place: Place
    reason: Unknown


def doubt_of(expression: Expression, place: Place, unknown: Unknown, scope: Scope) -> Doubt:
    """The doubt that an expression is, of which `unknown` says why it cannot be read."""
    text, place = show(expression), expression[1] or place
    return Doubt(text, place, Unknown(f"depends on `{text}`", unknown.location or at(scope, place), unknown.choice))


def branch(
    machine: Machine, doubt: Doubt, body: Sequence[Statement], orelse: Sequence[Statement], scope: Scope
) -> Outcome | None:
    """Follow both branches of a test that cannot be read."""
    text, place, reason = doubt
    before, outer = dict(scope.names), machine.guess
    machine.guess = reason
    first = machine.execute(body, scope)
    taken = dict(scope.names)
    scope.names.clear()
    scope.names.update(before)
    second = machine.execute(orelse, scope)
    machine.guess = outer
    ends = [machine.trying == 0 and way is not None and way[0] == Signal.RAISE for way in (first, second)]
    if ends.count(True) == 1:  # whoever gets further has gone the other way
        if ends[1]:
            scope.names.clear()
            scope.names.update(taken)
        return second if ends[0] else first
    for name in {**taken, **scope.names}:
        yes, no = taken.get(name, MISSING), scope.names.get(name, MISSING)
        if yes is not no and not (is_data(yes) and is_data(no) and yes == no):
            scope.names[name] = Either(text, place, yes, no, reason)
    if first is not None and second is not None and first[0] == second[0]:
        return (first[0], reason)
    if first is None and second is None:
        return None
    if machine.trying and not machine.world.explores and any(map(_raises, (first, second))):
        return (Signal.MAYBE_RAISE, reason)  # which of the handlers runs, if any, is not known
    return _one_way_out(first, second, reason)


def _raises(way: Outcome | None) -> bool:
    return way is not None and way[0] == Signal.RAISE


def _one_way_out(first: Outcome | None, second: Outcome | None, reason: Unknown) -> Outcome | None:
    """How a block goes on after a test of which one branch leaves it."""
    if Signal.RAISE in (first and first[0], second and second[0]):  # whoever gets further has not raised
        return second if first is not None and first[0] == Signal.RAISE else first
    signals = [outcome[0] for outcome in (first, second) if outcome is not None]
    return (Signal.MAYBE_LEAVE if all(signal in LEAVING for signal in signals) else Signal.MAYBE_RETURN, reason)
