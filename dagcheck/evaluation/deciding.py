"""Which way does the code go where that cannot be known, and what follows from going there?

Whoever follows code for what it does may decide: on the way to take at a test, and on what a value is that only a run could tell.
`Decisions` hold what was decided; an `Unknown` that hangs on something undecided carries the choice. A value that is the same
wherever it is read (an argument, an attribute, a call) is decided once, so that two tests of it agree.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.machine import Machine, at
from dagcheck.evaluation.objects import MISSING, Scope
from dagcheck.evaluation.values import Argument, Choice, Construction, Guess, Member, Subscripted, Unknown, Value
from dagcheck.source.syntax import Expression, Place

MOST_VALUES = 16
"""Values that one comparison, or one dictionary, may try."""

_ABSENT: Any = object()


class Fact(NamedTuple):
    """What was decided of a value: that it is `values[0]`, or that it is none of `values`."""

    is_fixed: bool
    values: tuple[Value, ...]


def subject_of(value: Value) -> Value:
    """The value as something to decide on; None where it need not be the same each time it is read."""
    if isinstance(value, Argument):
        return value._replace(choice=None)
    if not isinstance(value, (Member, Subscripted, Construction)):
        return None
    return None if isinstance(guarded(hash, value), Unknown) else value


def decided(
    machine: Machine, unknown: Unknown, scope: Scope, place: Place | None, ways: int, *, value: Value = None
) -> int | Unknown:
    """Which of some `ways` to go at a place; without a decision the unknown, with the choice that would have to be made.

    `value` is what is tested there. A place that is passed again in the same block, in a loop, may be left another way each
    time: that is no one choice.
    """
    if not machine.world.explores or isinstance(unknown.choice, Guess):
        return unknown
    subject = subject_of(value)
    key = at(scope, place) if subject is None else subject
    if key is None:
        return unknown
    if key not in machine.decisions.ways:
        return unknown._replace(choice=Choice(key, ways))
    if subject is None:
        passed = machine.passed.setdefault(key, [])
        if any(block is scope for block in passed):
            return unknown._replace(choice=None)
        passed.append(scope)
    return machine.decisions.ways[key]


def perhaps(machine: Machine, expression: Expression, reason: Unknown, scope: Scope) -> None:
    """Follow an expression that may not be evaluated, for what it does; a name that it binds is known no longer."""
    if not machine.world.explores:
        return
    before, outer = dict(scope.names), machine.guess
    machine.guess = outer or reason
    machine.evaluate(expression, scope)
    machine.guess = outer
    bound = [name for name, value in scope.names.items() if before.get(name, MISSING) is not value]
    scope.names.update(dict.fromkeys(bound, reason))


def known(machine: Machine, value: Value) -> Value:
    """The value, or what was decided that it is."""
    facts = machine.decisions.facts
    subject = subject_of(value) if facts else None
    fact = facts.get(subject) if subject is not None else None
    return fact.values[0] if fact is not None and fact.is_fixed else value


def compared(machine: Machine, name: str, left: Value, right: Value, result: Unknown) -> Value:
    """What a comparison comes to that cannot be made, by what was decided of one side, or with the choice it hangs on."""
    values: tuple[Value, ...] = (right,)
    subject = subject_of(left)
    if name in ("Eq", "NotEq") or (name in ("Is", "IsNot") and (left is None or right is None)):
        subject, values = (subject, values) if is_plain(right) else (subject_of(right), (left,))
    elif name in ("In", "NotIn") and is_plain(right) and type(right) in (list, tuple, set, frozenset, dict):
        values = tuple(sorted(right, key=repr) if type(right) in (set, frozenset) else right)
    else:
        return result
    if subject is None or not values or len(values) > MOST_VALUES or not is_plain(list(values)):
        return result
    rest = _not_excluded(machine, subject, values)
    if not rest:
        return name in ("NotEq", "IsNot", "NotIn")
    return result._replace(choice=Guess(subject, rest))


def looked_up(machine: Machine, owner: dict[Value, Value], index: Value, default: Value = _ABSENT) -> Value:
    """An entry of a dictionary whose key cannot be known: each key may be meant, or with a default, none."""
    subject = subject_of(index)
    if subject is None or not 0 < len(owner) <= MOST_VALUES or not is_plain(list(owner)):
        return None
    rest = _not_excluded(machine, subject, tuple(owner))
    if not rest and default is not _ABSENT:
        return default
    return Unknown("depends on a key", None, Guess(subject, rest, is_closed=default is _ABSENT)) if rest else None


def got(machine: Machine, owner: Value, arguments: list[Value]) -> Value:
    """What `owner.get(...)` of a dictionary gives for a key that cannot be known; None where that is not so."""
    if type(owner) is not dict or not arguments or is_plain(arguments[0]):
        return None
    return looked_up(machine, owner, arguments[0], arguments[1] if len(arguments) > 1 else None)


def _not_excluded(machine: Machine, subject: Value, values: tuple[Value, ...]) -> tuple[Value, ...]:
    fact = machine.decisions.facts.get(subject)
    excluded = fact.values if fact is not None and not fact.is_fixed else ()
    return tuple([value for value in values if value not in excluded])
