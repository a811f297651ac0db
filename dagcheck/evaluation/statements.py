"""What is true after these statements?

`execute` follows a block in order, as Python would, binding names in the scope. Where a test cannot be read, both branches
are followed and the names that differ afterwards become `Either`; while that happens nothing that was known before may be
changed for good (`Machine.guess`), so containers changed there are spoiled. Loops over what cannot be read count as such a
test. What happens to exceptions is told by `dagcheck.evaluation.handling`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

from dagcheck.evaluation import changes, definitions, handling, imports, operations
from dagcheck.evaluation.branching import LEAVING, Doubt, branch, doubt_of
from dagcheck.evaluation.class_statements import define_class
from dagcheck.evaluation.deciding import decided
from dagcheck.evaluation.failures import RAISES, noted, raised
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.iteration import iterate, taken_one_by_one
from dagcheck.evaluation.machine import Machine, Outcome, Signal, at
from dagcheck.evaluation.matching import matches_case
from dagcheck.evaluation.objects import Scope
from dagcheck.evaluation.streams import Stream
from dagcheck.evaluation.targets import assign
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.source.bindings import bindings
from dagcheck.source.syntax import Statement

_DOUBTFUL = (Signal.MAYBE_RETURN, Signal.MAYBE_LEAVE, Signal.MAYBE_RAISE)


def execute(machine: Machine, statements: Sequence[Statement], scope: Scope) -> Outcome | None:
    """Follow a block; the outcome that ended it early, or None.

    A doubtful `return`, `raise`, `break` or `continue` does not end the block: what follows may run. Inside of another doubt that only counts
    where it is asked what code does, or recursion would never end.
    """
    doubt: Outcome | None = None
    outer = machine.guess
    outcome: Outcome | None = None
    for statement in statements:
        machine.fuel -= 1
        if machine.fuel < 0:
            outcome = (Signal.RAISE, Unknown("takes too long to compute", at(scope, statement[1])))
            break
        outcome = _EXECUTE[statement[0]](machine, statement, scope)
        if outcome is None:
            continue
        if outcome[0] not in _DOUBTFUL or (outer is not None and not machine.world.explores):
            break
        doubt = outcome if doubt is None or outcome[0] != Signal.MAYBE_LEAVE else doubt
        machine.guess = outer or outcome[1]
        outcome = None
    machine.guess = outer
    ended = outcome or doubt
    if doubt is not None and outcome is not None:
        is_kept = outcome[0] in LEAVING or doubt[0] == Signal.MAYBE_RAISE
        ended = (doubt[0] if is_kept else Signal.MAYBE_RETURN, doubt[1])
    return (Signal.RAISE, ended[1]) if ended is not None and ended[0] == Signal.MAYBE_RAISE else ended


# --- assignments


def _assign(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    value = machine.evaluate(statement[3], scope)
    failure = raised(machine, value, scope)
    bound = noted(machine, value, scope, statement[1])
    for target in statement[2] if failure is None else ():
        assign(machine, target, bound, scope)
    return failure


def _annassign(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    if statement[4] is None:
        return None
    value = machine.evaluate(statement[4], scope)
    failure = raised(machine, value, scope)
    if failure is None:
        assign(machine, statement[2], noted(machine, value, scope, statement[1]), scope)
    return failure


def _alias(machine: Machine, statement: Statement, scope: Scope) -> None:
    """`type A = ...` makes an object of its own, which is compared as such: what it stands for is never looked at."""
    maker = Reference("typing.TypeAliasType")
    scope.names[statement[2]] = Construction(maker, (statement[2],), (), at(scope, statement[1]))


def _shared(machine: Machine, statement: Statement, scope: Scope) -> None:
    if scope.parent is not None:
        scope.shared |= frozenset(statement[2])


# --- control flow


def _if(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    _, place, test, body, orelse = statement
    tested = machine.evaluate(test, scope)
    verdict = operations.truth(tested)
    if isinstance(verdict, Unknown):
        failure = raised(machine, verdict, scope)
        noted(machine, verdict, scope, place)
        chosen = decided(machine, verdict, scope, test[1] or place, 2, value=tested)
        if isinstance(chosen, Unknown):
            return failure or branch(machine, doubt_of(test, place, chosen, scope), body, orelse, scope)
        verdict = chosen == 0
    return machine.execute(body if verdict else orelse, scope)


def _for(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    _, place, target, iterable, body, orelse = statement
    walked = machine.evaluate(iterable, scope)
    failure = raised(machine, walked, scope)
    if failure is not None:
        return failure
    items = taken_one_by_one(_without_unknown_rounds(noted(machine, walked, scope, place)))
    for item in [Rest(items)] if isinstance(items, Unknown) else items:
        if isinstance(item, Rest):
            reason = item.unknown._replace(choice=None)
            assign(machine, target, reason, scope)
            return _perhaps_looped(branch(machine, doubt_of(iterable, place, reason, scope), body, orelse, scope))
        assign(machine, target, item, scope)
        outcome = machine.execute(body, scope)
        if outcome is not None and outcome[0] == Signal.BREAK:
            return None
        if _is_left_indoubt_of(outcome, machine):
            return _perhaps_more_rounds(machine, statement, outcome, scope)
        if outcome is not None and outcome[0] not in (Signal.CONTINUE, Signal.MAYBE_LEAVE):
            return outcome
    return machine.execute(orelse, scope)


def _without_unknown_rounds(walked: Value) -> Value:
    """What a loop goes over, or why it cannot be known where that holds elements that nobody knows."""
    items = [] if isinstance(walked, Stream) else iterate(walked)
    unclear = isinstance(items, list) and any(isinstance(item, Rest) for item in items)
    return explain(items) if unclear else walked


def _perhaps_looped(outcome: Outcome | None) -> Outcome | None:
    """What leaves a round of a loop does not leave what is around the loop."""
    return None if outcome is not None and outcome[0] in LEAVING else outcome


def _is_left_indoubt_of(outcome: Outcome | None, machine: Machine) -> TypeGuard[Outcome]:
    """Is it not known whether a round was left early, so that nobody can say what the loop binds?"""
    return outcome is not None and outcome[0] in _DOUBTFUL and not machine.world.explores


def _perhaps_more_rounds(machine: Machine, statement: Statement, outcome: Outcome, scope: Scope) -> Outcome | None:
    """A loop of which a round was perhaps left early: what it binds is not known, and any number of rounds may follow."""
    signal, reason = outcome
    _, place, *head, body, orelse = statement
    scope.names.update(dict.fromkeys(bindings([statement]), reason))
    tested = head[-1]
    ended = _perhaps_looped(branch(machine, doubt_of(tested, place, reason, scope), body, orelse, scope))
    return (Signal.MAYBE_RETURN, reason) if signal == Signal.MAYBE_RETURN else ended


def _while(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    _, place, test, body, orelse = statement
    while True:
        verdict = operations.truth(machine.evaluate(test, scope))
        if isinstance(verdict, Unknown):
            failure = raised(machine, verdict, scope)
            noted(machine, verdict, scope, place)
            return failure or _perhaps_looped(branch(machine, doubt_of(test, place, verdict, scope), body, (), scope))
        if not verdict:
            return machine.execute(orelse, scope)
        outcome = machine.execute(body, scope)
        if _is_left_indoubt_of(outcome, machine):
            return _perhaps_more_rounds(machine, statement, outcome, scope)
        if outcome is not None and outcome[0] in (Signal.BREAK, Signal.MAYBE_LEAVE):
            return None
        if outcome is not None and outcome[0] != Signal.CONTINUE:
            return outcome


def _expr(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    value = machine.evaluate(statement[2], scope) if statement[2][0] != "const" else None
    if isinstance(value, Construction) and machine.guess is None:
        scope.outermost.calls.append(value)
    noted(machine, value, scope, statement[1])
    return raised(machine, value, scope)


def _return(machine: Machine, statement: Statement, scope: Scope) -> Outcome:
    value = None if statement[2] is None else machine.evaluate(statement[2], scope)
    return raised(machine, value, scope) or (Signal.RETURN, value)


def _assert(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """What is asked on the way to a verdict is asked.

    Only `assert False` certainly raises: what else seems to fail was changed unseen, and what a function gives then is not known.
    """
    tested = machine.evaluate(statement[2], scope)
    if scope.parent is not None and operations.truth(tested) is False and not machine.world.explores:
        return (Signal.RAISE, Unknown("an assertion seems to fail", at(scope, statement[1])))
    if statement[2][0] == "const" and not tested:
        tested = Unknown(f"{RAISES}AssertionError", at(scope, statement[1]))
    return raised(machine, tested, scope)


def _opaque(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    unknown = Unknown(f"is bound in a `{statement[2]}` statement", at(scope, statement[1]))
    for name in statement[3]:
        scope.names[name] = unknown
    # What stands inside might leave the function.
    return (Signal.MAYBE_RETURN, unknown) if scope.parent is not None else None


_OTHER_CASES = "other cases"
"""What is left of a `match` statement below a case that may be taken: a statement that no text has."""


def _match(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    _, place, subject, cases = statement
    value = machine.evaluate(subject, scope)
    return _cases(machine, cases, value, doubt_of(subject, place, Unknown("is matched"), scope), scope)


def _cases(machine: Machine, cases: tuple[Any, ...], value: Value, doubt: Doubt, scope: Scope) -> Outcome | None:
    """Follow the first case that takes the value; where that is not known, both it and the others."""
    if not cases:
        return None
    (pattern, guard, body), *rest = cases
    verdict = matches_case(machine, pattern, value, scope)
    if verdict is True and guard is not None:
        verdict = operations.truth(machine.evaluate(guard, scope))
    if verdict is True:
        return machine.execute(body, scope)
    if verdict is False:
        return _cases(machine, tuple(rest), value, doubt, scope)
    chosen = decided(machine, verdict, scope, body[0][1], 2)
    if not isinstance(chosen, Unknown):
        return machine.execute(body, scope) if chosen == 0 else _cases(machine, tuple(rest), value, doubt, scope)
    place = verdict.location or doubt.reason.location
    reason = doubt._replace(reason=Unknown(f"depends on `{doubt.text}`", place, chosen.choice))
    others = (_OTHER_CASES, doubt.place, value, doubt, tuple(rest))
    return branch(machine, reason, body, (others,) if rest else (), scope)


_EXECUTE: dict[str, Callable[[Machine, Any, Scope], Outcome | None]] = {
    "def": definitions.define,
    "class": define_class,
    "import": imports.follow_import,
    "from": imports.follow_from,
    "assign": _assign,
    "annassign": _annassign,
    "augassign": changes.augment,
    "delete": changes.delete,
    "alias": _alias,
    "global": _shared,
    "nonlocal": _shared,
    "if": _if,
    "for": _for,
    "while": _while,
    "with": handling.follow_with,
    "match": _match,
    _OTHER_CASES: lambda machine, statement, scope: _cases(machine, statement[4], statement[2], statement[3], scope),
    "try": handling.follow_try,
    "expr": _expr,
    "return": _return,
    "raise": handling.follow_raise,
    "assert": _assert,
    "pass": lambda machine, statement, scope: None,
    "break": lambda machine, statement, scope: (Signal.BREAK, None),
    "continue": lambda machine, statement, scope: (Signal.CONTINUE, None),
    "opaque": _opaque,
}
