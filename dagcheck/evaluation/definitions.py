"""What does `def` bind?

A function is made with its decorators at work on it; a class is the business of `dagcheck.evaluation.class_statements`.
"""

from __future__ import annotations

import re

from dagcheck.evaluation.failures import failure_in, noted, raised
from dagcheck.evaluation.machine import Machine, Outcome, at
from dagcheck.evaluation.objects import Function, Scope
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value
from dagcheck.source.syntax import Header, Place, Statement, header_of

_NAME = re.compile(r"[^\W\d]\w*")
"""Names in text, which may be an annotation."""


def define(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """A `def`: the function is made, and its decorators take hold of it."""
    header = header_of(statement)
    decorators = [(machine.evaluate(part, scope), part) for part in header.decorators]
    defaults = _defaults(machine, header, scope)
    failure = _failure(machine, [*(decorator for decorator, _ in decorators), *defaults.values()], header, scope)
    if failure is not None:
        return failure
    # A class body's names are not visible inside its methods.
    in_class = "__qualname__" in scope.names and scope.parent is not None
    home = scope.parent if in_class and scope.parent else scope
    home = with_type_parameters(home, header.type_parameters, header.place)
    function = Function(header.name, header, home, header.name)
    function.defaults = defaults
    scope.outermost.made.append(function)
    function.seen = _seen(header, home) if home.rebound else None
    before = scope.names.get(header.name)
    is_certain = scope.parent is None and machine.guess is None
    if is_certain and isinstance(before, Function) and _is_other_definition(before, header):
        scope.replaced.append((before, function))
    target: Value = function
    for decorator, part in reversed(decorators):
        # What a call of a decorator is given is told as its own.
        is_call = isinstance(decorator, Construction)
        if not is_call and noted(machine, decorator, scope, part[1] or header.place) is not decorator:
            continue
        location = at(scope, part[1])
        assert location is not None  # decorators always carry their place
        before = target
        applied = _perhaps_caught(decorator) if scope.sheltered and failure_in(decorator) else decorator
        target = machine.decorate(applied, target, part, location)
        if before is function and target is not function and scope.parent is None:
            scope.displaced.append((function, target, part[1]))
    scope.names[header.name] = target
    return None


def _defaults(machine: Machine, header: Header, scope: Scope) -> dict[str, Value]:
    """Defaults that are more than a literal, as they are where the function is made: names in them may mean something else later."""
    return {
        part.name: noted(machine, machine.evaluate(part.default, scope), scope, part.default[1] or header.place)
        for part in header.parameters
        if part.default is not None and part.default[0] != "const"
    }


def _failure(machine: Machine, values: list[Value], header: Header, scope: Scope) -> Outcome | None:
    """What making a function raises where somebody waits for it. Annotations are read inside `try` only: elsewhere they have a rule."""
    if machine.trying and machine.guess is None and "annotations" not in scope.outermost.names:
        inner = with_type_parameters(scope, header.type_parameters, header.place)
        annotations = [*(part.annotation for part in header.parameters), header.returns]
        values += [machine.evaluate(part, inner) for part in annotations if part is not None and part[0] != "const"]
    return next((failure for value in values if (failure := raised(machine, value, scope)) is not None), None)


def _perhaps_caught(decorator: Value) -> Value:
    """A decorator whose arguments fail where somebody may catch that: nobody knows what becomes of the function."""

    def softened(value: Value) -> Value:
        failure = failure_in(value)
        return value if failure is None else Unknown("fails, which what is around it may catch", failure.location)

    if not isinstance(decorator, Construction):
        return softened(decorator)
    arguments = tuple([softened(part) for part in decorator.arguments])
    return decorator._replace(
        callee=softened(decorator.callee),
        arguments=arguments,
        keywords=tuple([(name, softened(part)) for name, part in decorator.keywords]),
    )


def _seen(header: Header, scope: Scope) -> Scope | None:
    """A scope with the names in a function's annotations that the module binds again, as they are now; None without such."""
    written = [header.returns, *(part.annotation for part in header.parameters)]
    names = {name for part in written for name in _names_in(part)} & scope.rebound
    if not names:
        return None
    found = Scope(scope.module, scope.path, scope)
    found.names = {name: scope.names[name] for name in names if name in scope.names}
    return found


def _names_in(part: object) -> set[str]:
    if not isinstance(part, tuple):
        return set()
    if part[:1] == ("name",):
        return {part[2]}
    if part[:1] == ("const",):
        return set(_NAME.findall(part[2])) if isinstance(part[2], str) else set()
    return set().union(*map(_names_in, part))


def with_type_parameters(scope: Scope, names: tuple[str, ...], place: Place) -> Scope:
    """A scope in which type parameters (`def f[T](...)`) have their names."""
    if not names:
        return scope
    inner = Scope(scope.module, scope.path, scope)
    for name in names:
        inner.names[name] = Construction(Reference("typing.TypeVar"), (name,), (), at(scope, place))
    return inner


def _is_other_definition(value: Function, header: Header) -> bool:
    return value.header.name == header.name and value.header.place != header.place and value.scope.parent is None
