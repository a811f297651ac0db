"""What certainly raises while a module is imported?

Some values are unknown because there is none: the expression raises. Inside functions and `try` blocks the exception goes its
way (`dagcheck.evaluation.handling`); at the top of a module, where nobody catches it, the import fails, which is noted in
`Scope.failures`. The module is followed to its end all the same, and what the statement would have bound is unknown.

Nothing is noted while a test that cannot be read is being followed, inside a `with` that may catch what is raised, nor in modules
that may make names at run time. Of what a called function raises only a missing name is noted: what it looks for otherwise may be
there by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dagcheck.evaluation.machine import DEPTH, UNDECIDED, Machine, Outcome, Signal, at
from dagcheck.evaluation.objects import Scope
from dagcheck.evaluation.values import Construction, Member, Unknown, Value
from dagcheck.source.syntax import Place

RAISES = "raises "
"""What the reason of a value begins with that is none because Python's own data raise."""

_NOT_DEFINED = re.compile(r"`\w+` is not defined")
_NOT_THERE = re.compile(r"module `[\w.]+` does not define `\w+`(?: yet: .+)?")

_MAKES_NAMES = (
    "globals(",
    "locals(",
    "vars(",
    "setattr(",
    "exec(",
    "__dict__",
    "__getattr__",
    "builtins.",
    "_convert_",
)


FAILED_ABOVE = "the statement that binds it fails"
"""The reason of what a statement binds whose failure was noted."""


def makes_names(text: str) -> bool:
    """May a module of this text bind names that no statement of it shows?"""
    return any(word in text for word in _MAKES_NAMES)


def exception_of(value: Value) -> str:
    """The name of the exception that evaluating what gave this value raises for certain; "" for none."""
    if not isinstance(value, Unknown):
        return ""
    if value.reason.startswith(RAISES):
        return value.reason.removeprefix(RAISES).partition(":")[0]
    return "NameError" if _NOT_DEFINED.fullmatch(value.reason) else "AttributeError" if is_missing(value) else ""


def is_missing(value: Value) -> bool:
    """Was a project module asked for a name that it does not have?"""
    return isinstance(value, Unknown) and bool(_NOT_THERE.fullmatch(value.reason))


def is_caught(machine: Machine, scope: Scope) -> bool:
    """Does somebody around this statement see what it raises: a function's caller, or a handler?"""
    return scope.parent is not None or bool(machine.trying) or machine.decisions is not UNDECIDED


def raised(machine: Machine, value: Value, scope: Scope) -> Outcome | None:
    """The outcome of a statement whose expression raises, in a function or where handlers wait; None where it does not."""
    if not is_caught(machine, scope):
        return None
    if exception_of(value):
        return (Signal.RAISE, value)
    is_certain = machine.trying and machine.guess is None and not scope.outermost.makes_names
    failure = failure_in(value) if is_certain else None
    return None if failure is None else (Signal.RAISE, failure)


def noted(machine: Machine, value: Value, scope: Scope, place: Place) -> Value:
    """The value; where it certainly raises and nobody sees that, the import's failure is noted and another unknown given."""
    is_open = machine.guess is not None or scope.sheltered or scope.outermost.makes_names or machine.world.explores
    if is_open or is_caught(machine, scope):
        return value
    failure = failure_in(value)
    if failure is None:
        return value
    found, own = failure.location, at(scope, place)
    assert own is not None
    is_here = found is not None and found.path == scope.path
    is_inside = found is not None and is_here and found.span.is_within(own.span)
    if not is_inside and not _NOT_DEFINED.fullmatch(failure.reason):
        return value  # what a function has found may be changed by modules that were not looked at
    where = found if found is not None and is_here else own
    scope.failures.append(failure._replace(location=where))
    return Unknown(FAILED_ABOVE, where)


def failure_in(value: Value, depth: int = DEPTH) -> Unknown | None:
    """The part of a value that raises where it is made, if there is one."""
    if isinstance(value, Unknown):
        return value if exception_of(value) else None
    parts: Iterable[Value] = ()
    if isinstance(value, Construction):
        parts = (value.callee, *value.arguments, *[part for _, part in value.keywords])
    elif isinstance(value, Member):
        parts = (value.owner,)
    elif type(value) in (list, tuple):
        parts = value
    elif type(value) is dict:
        parts = (*value.keys(), *value.values())
    inner = parts if depth else ()  # a list may hold itself
    return next((found for part in inner if (found := failure_in(part, depth - 1)) is not None), None)
