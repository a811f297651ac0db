"""What is true after these statements?

`execute` follows a block in order, as Python would, binding names in the scope. Where a test cannot be read, both branches
are followed and the names that differ afterwards become `Either`; while that happens nothing that was known before may be
changed for good (`Machine.guess`), so containers changed there are spoiled. Loops over what cannot be read count as such a
test. What happens to exceptions is told by `dagcheck.evaluation.handling`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dagcheck.evaluation import definitions, handling, imports, operations
from dagcheck.evaluation.branching import BREAKING, LEAVING, Doubt, branch, doubt_of, doubtful
from dagcheck.evaluation.deciding import decided
from dagcheck.evaluation.failures import RAISES, noted, raised
from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.iteration import iterate, spoil
from dagcheck.evaluation.machine import Machine, Outcome, Signal, at
from dagcheck.evaluation.matching import matches
from dagcheck.evaluation.objects import Class, Scope
from dagcheck.evaluation.targets import assign
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.source.syntax import Statement

_DOUBTFUL = (Signal.MAYBE_RETURN, Signal.MAYBE_LEAVE, Signal.MAYBE_BREAK)


def execute(machine: Machine, statements: Sequence[Statement], scope: Scope) -> Outcome | None:
    """Follow a block; the outcome that ended it early, or None.

    A doubtful `return`, `break` or `continue` does not end the block: what follows may run, and what it changes is spoiled.
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
        if outcome[0] not in _DOUBTFUL:
            break
        doubt = outcome if doubt is None or outcome[0] == Signal.MAYBE_RETURN else doubt
        machine.guess = outer or outcome[1]
        outcome = None
    machine.guess = outer
    if doubt is None or outcome is None:
        return outcome or doubt
    return (doubtful([doubt[0], outcome[0]]), doubt[1])


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


def _augassign(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    target, name, part = statement[2:5]
    before, change = machine.evaluate(target, scope), machine.evaluate(part, scope)
    in_place = (type(before), name) in {(list, "Add"), (dict, "BitOr"), (set, "BitOr")}
    value = change if in_place else operations.binary(name, before, change)
    failure = raised(machine, value, scope)
    if failure is not None:
        return failure
    value = noted(machine, value, scope, statement[1])
    if in_place:
        _extend(machine, before, value)
    else:
        assign(machine, target, value, scope)
    return None


def _extend(machine: Machine, before: Value, change: Value) -> None:
    """Change a container in place, as `+=` and `|=` do."""
    items = iterate(change)
    doubt = machine.doubt(before)
    if doubt is not None or isinstance(items, Unknown):
        spoil(before, doubt or explain(change))
    elif isinstance(before, list):
        before.extend(items)
    else:
        before.update(change)


def _delete(machine: Machine, statement: Statement, scope: Scope) -> None:
    for target in statement[2]:
        if target[0] == "name":
            scope.names.pop(target[2], None)
        elif target[0] == "subscript":
            owner, index = machine.evaluate(target[2], scope), machine.evaluate(target[3], scope)
            if not is_data(owner):
                continue
            doubt = machine.doubt(owner)
            if doubt is not None or isinstance(
                operations.guarded(lambda owner=owner, index=index: owner.__delitem__(index)), Unknown
            ):
                spoil(owner, doubt or explain(index))


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
    items = iterate(noted(machine, walked, scope, place))
    if isinstance(items, Unknown) or any(isinstance(item, Rest) for item in items):
        unknown = items if isinstance(items, Unknown) else explain(items)
        reason = Unknown(unknown.reason, unknown.location)
        assign(machine, target, reason, scope)
        return _perhaps_looped(branch(machine, doubt_of(iterable, place, reason, scope), body, orelse, scope))
    outer = machine.guess
    ended = None
    for item in items:
        assign(machine, target, item, scope)
        ended = machine.execute(body, scope)
        if ended is not None and ended[0] == Signal.MAYBE_BREAK:  # further rounds may not be there
            machine.guess = outer or ended[1]
        elif ended is not None and ended[0] not in (Signal.CONTINUE, Signal.MAYBE_LEAVE):
            break
    else:
        ended = machine.execute(orelse, scope)
    machine.guess = outer
    return None if ended is not None and ended[0] == Signal.BREAK else ended


def _perhaps_looped(outcome: Outcome | None) -> Outcome | None:
    """What leaves a round of a loop does not leave what is around the loop."""
    return None if outcome is not None and outcome[0] in LEAVING else outcome


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
        if outcome is not None and outcome[0] in (*BREAKING, Signal.MAYBE_LEAVE):
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


def _raise(machine: Machine, statement: Statement, scope: Scope) -> Outcome:
    value = None if statement[2] is None else machine.evaluate(statement[2], scope)
    raised = value.callee if isinstance(value, Construction) else value
    name = raised.name.rpartition(".")[2] if isinstance(raised, (Reference, Class)) else "an exception"
    return (Signal.RAISE, Unknown(f"{RAISES}{name}", at(scope, statement[1])))


def _assert(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """What is asked on the way to a verdict is asked. Only `assert False` raises: what else seems to fail was changed unseen."""
    tested = machine.evaluate(statement[2], scope)
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
    verdict = matches(machine, pattern, value, scope)
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
    "class": definitions.define_class,
    "import": imports.follow_import,
    "from": imports.follow_from,
    "assign": _assign,
    "annassign": _annassign,
    "augassign": _augassign,
    "delete": _delete,
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
    "raise": _raise,
    "assert": _assert,
    "pass": lambda machine, statement, scope: None,
    "break": lambda machine, statement, scope: (Signal.BREAK, None),
    "continue": lambda machine, statement, scope: (Signal.CONTINUE, None),
    "opaque": _opaque,
}
