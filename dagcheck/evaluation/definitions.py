"""What do `def` and `class` bind?

A function is made with its decorators at work on it, a class with the names of its body.
"""

from __future__ import annotations

import re

from dagcheck.evaluation.attributes import find_in_class, own_bases
from dagcheck.evaluation.calls import is_followed
from dagcheck.evaluation.failures import failure_in, is_caught, noted, raised
from dagcheck.evaluation.machine import Machine, Outcome, Signal, at
from dagcheck.evaluation.objects import Class, Function, Scope
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value
from dagcheck.source.syntax import Expression, Header, Place, Statement, header_of, parameters_of

_NAME = re.compile(r"[^\W\d]\w*")
"""Names in text, which may be an annotation."""


def define(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """A `def`: the function is made, and its decorators take hold of it."""
    header = header_of(statement)
    decorators = [(machine.evaluate(part, scope), part) for part in header.decorators]
    failure = _failure(machine, decorators, header, scope)
    if failure is not None:
        return failure
    # A class body's names are not visible inside its methods.
    in_class = "__qualname__" in scope.names and scope.parent is not None
    home = scope.parent if in_class and scope.parent else scope
    home = _with_type_parameters(home, header.type_parameters, header.place)
    function = Function(header.name, header, home, header.name)
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


def _failure(
    machine: Machine, decorators: list[tuple[Value, Expression]], header: Header, scope: Scope
) -> Outcome | None:
    """What making a function raises where somebody waits for it. Annotations are read inside `try` only: elsewhere they have a rule."""
    values = [decorator for decorator, _ in decorators]
    parameters = parameters_of(header.parameters)
    defaults = [part.default for part in parameters if part.default is not None and part.default[0] != "const"]
    values += [noted(machine, machine.evaluate(part, scope), scope, part[1] or header.place) for part in defaults]
    if machine.trying and machine.guess is None and "annotations" not in scope.outermost.names:
        inner = _with_type_parameters(scope, header.type_parameters, header.place)
        annotations = [*(part.annotation for part in parameters), header.returns]
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


def _with_type_parameters(scope: Scope, names: tuple[str, ...], place: Place) -> Scope:
    """A scope in which type parameters (`def f[T](...)`) have their names."""
    if not names:
        return scope
    inner = Scope(scope.module, scope.path, scope)
    for name in names:
        inner.names[name] = Construction(Reference("typing.TypeVar"), (name,), (), at(scope, place))
    return inner


def _is_other_definition(value: Function, header: Header) -> bool:
    return value.header.name == header.name and value.header.place != header.place and value.scope.parent is None


def define_class(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """A `class`: its body is followed in a scope of its own."""
    _, place, name, bases, keywords, decorators, body, type_parameters = statement
    made = Class(name, name if scope.parent is None else f"{_prefix(scope)}{name}", scope, place)
    outer = _with_type_parameters(scope, type_parameters, place)
    written = [*bases, *(part for _, part, _ in keywords), *decorators]
    values = [machine.evaluate(part, outer) for part in written] if machine.trying else []
    failure = next((failure for value in values if (failure := raised(machine, value, scope)) is not None), None)
    if failure is not None:
        return failure
    made.bases = tuple([noted(machine, machine.evaluate(base, outer), scope, place) for base in bases])
    if type_parameters:
        made.bases = (*made.bases, Reference("typing.Generic"))
    made.keywords = {word: machine.evaluate(part, scope) for word, part, _ in keywords if word is not None}
    made.decorators = tuple([machine.evaluate(part, scope) for part in decorators])
    inner = Scope(scope.module, scope.path, outer)
    inner.names["__qualname__"] = made.qualname
    outcome = machine.execute(body, inner)
    if outcome is not None and outcome[0] == Signal.RAISE:
        if is_caught(machine, scope):
            return outcome
        noted(machine, outcome[1], scope, place)
    made.annotations = {part[2][2]: part[3] for part in body if part[0] == "annassign" and part[2][0] == "name"}
    del inner.names["__qualname__"]
    made.names = inner.names
    _tell_bases(machine, made, scope)
    scope.names[name] = _decorated_class(machine, made, decorators, scope)
    return None


def _tell_bases(machine: Machine, made: Class, scope: Scope) -> None:
    """Who derives from a class of the project is told to its `__init_subclass__`."""
    above = (find_in_class(base, "__init_subclass__") for base in own_bases(made))
    told = next((found for found in above if isinstance(found, Function)), None)
    if told is not None:
        given = [(word, value) for word, value in made.keywords.items() if word != "metaclass"]
        noted(machine, machine.call(told, [made], given, at(scope, made.place)), scope, made.place)


def _decorated_class(machine: Machine, made: Class, decorators: tuple[Expression, ...], scope: Scope) -> Value:
    """What decorators of the project's leave in the place of a class; those from elsewhere leave the class itself."""
    left: Value = made
    for decorator, part in reversed(list(zip(made.decorators, decorators, strict=True))):
        if not is_followed(machine, decorator):
            continue
        found = noted(machine, machine.call(decorator, [left], [], at(scope, part[1])), scope, part[1] or made.place)
        if isinstance(found, Construction) and found.arguments == (left,) and isinstance(left, Class):
            left.decorators = (found.callee, *left.decorators)  # `return dataclass(cls)`
        else:
            left = found
    return left


def _prefix(scope: Scope) -> str:
    outer = scope.names.get("__qualname__")
    if isinstance(outer, str):
        return f"{outer}."
    return "<locals>." if scope.function is None else f"{scope.function.qualname}.<locals>."
