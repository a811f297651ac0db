"""Which functions of a module count?

Hamilton's three tests (`hamilton.graph_utils.find_functions`): a module attribute that is a function object, whose
`__name__` has no leading underscore, and whose `__module__` is the module or lies below it; in ASCII order of the attribute
name. What an unknown decorator makes of a function that it replaces, `f = timed(f)`, counts as the function it was. A name that branches of an unreadable test bind differently counts once per branch, under an opaque condition.
"""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.evaluation.boxes import OPAQUE
from dagcheck.evaluation.conditions import ALWAYS, Condition, both, none_of, opaque
from dagcheck.evaluation.objects import Application, Either, Function, Lambda, Scope
from dagcheck.evaluation.values import Construction, Value


class Candidate(NamedTuple):
    """A function that Hamilton would turn into nodes, under the name of the attribute that holds it."""

    attribute: str
    function: Function | Lambda
    condition: Condition


def candidates(scope: Scope, listed: frozenset[str] | None = None) -> list[Candidate]:
    """The functions of a module that Hamilton would look at, in the order in which it would.

    `listed` are the names that the module's own `__dir__` gives, if it has one: `inspect.getmembers` sees no others.
    """
    found: list[Candidate] = []
    for attribute in sorted(scope.names):
        if listed is not None and attribute not in listed:
            continue
        for bound, condition in _alternatives(scope.names[attribute], scope, ALWAYS):
            value = _decorated(bound, attribute)
            if counts(value, scope):
                found.append(Candidate(attribute, value, condition))
    return found


def counts(value: Value, scope: Scope) -> bool:
    """Does Hamilton take this attribute of the module for one of its functions?"""
    if isinstance(value, Lambda):
        return value.scope.module == scope.module
    if not isinstance(value, Function) or value.name.startswith("_"):
        return False
    return value.home == scope.module or value.home.startswith(scope.module + ".")


def _decorated(value: Value, name: str) -> Value:
    """The function of this name behind calls that nobody could follow, with what they called at work on it; else the value."""
    if not isinstance(value, Construction) or len(value.arguments) != 1 or value.keywords or value.location is None:
        return value
    inner = _decorated(value.arguments[0], name)
    if not isinstance(inner, Function) or inner.name != name:
        return value
    made = inner.copy(list(inner.applied))
    made.applied.append(Application(value.callee, None, value.location.path, value.location.span, made))
    return made


def _alternatives(value: Value, scope: Scope, condition: Condition) -> list[tuple[Value, Condition]]:
    if not isinstance(value, Either):
        return [(value, condition)]
    name = f"{scope.path}:{value.place[0]}:{value.place[1]}"
    yes = both(condition, opaque(name))
    no = both(condition, none_of(OPAQUE + name, [True]))
    branches = [(value.when_true, yes), (value.when_false, no)]
    return [pair for part, met in branches if met is not None for pair in _alternatives(part, scope, met)]
