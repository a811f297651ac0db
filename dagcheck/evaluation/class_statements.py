"""What does a `class` statement bind, and what runs because of it?

The body is followed in a scope of its own. Then members of an Enum are made, `__init_subclass__` of a class above it, functions of
the metaclass and decorators of the project see the class, as registries do.
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import find_in_class, own_bases
from dagcheck.evaluation.calls import method_of
from dagcheck.evaluation.definitions import with_type_parameters
from dagcheck.evaluation.enums import is_enum, make_members
from dagcheck.evaluation.failures import is_caught, noted, raised
from dagcheck.evaluation.ignorance import is_data
from dagcheck.evaluation.machine import Machine, Outcome, Signal, at
from dagcheck.evaluation.objects import MISSING, Bound, Class, Function, Instance, Lambda, Method, Scope
from dagcheck.evaluation.values import Construction, Reference, Value
from dagcheck.source.syntax import Statement


def define_class(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """A `class`: its body is followed in a scope of its own."""
    _, place, name, bases, keywords, decorators, body, type_parameters = statement
    made = Class(name, name if scope.parent is None else f"{_prefix(scope)}{name}", scope, place)
    outer = with_type_parameters(scope, type_parameters, place)
    written = [*bases, *(part for _, part, _ in keywords), *decorators]
    values = [machine.evaluate(part, outer) for part in written] if machine.trying else []
    failure = next((failure for value in values if (failure := raised(machine, value, scope)) is not None), None)
    if failure is not None:
        return failure
    made.decorators = tuple([machine.evaluate(part, scope) for part in decorators])
    made.bases = tuple([noted(machine, machine.evaluate(base, outer), scope, place) for base in bases])
    if type_parameters:
        made.bases = (*made.bases, Reference("typing.Generic"))
    made.keywords = {word: machine.evaluate(part, scope) for word, part, _ in keywords if word is not None}
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
    return _finish(machine, made, statement, scope)


def _finish(machine: Machine, made: Class, statement: Statement, scope: Scope) -> Outcome | None:
    """Let everybody see the class who asked for it, and bind its name."""
    if is_enum(made):
        make_members(made, lambda function, arguments: machine.call(function, arguments, [], None))
    for done in _told(machine, made):
        failure = raised(machine, done, scope)
        if failure is not None:
            return failure
        noted(machine, done, scope, statement[1])
    value: Value = made
    for decorator, part in reversed(list(zip(made.decorators, statement[5], strict=True))):
        if not _is_own(decorator) or not isinstance(value, Class):
            continue
        location = at(scope, part[1])
        assert location is not None  # decorators always carry their place
        left = machine.decorate(decorator, value, part, location)
        failure = raised(machine, left, scope)
        if failure is not None:
            return failure
        if isinstance(left, Construction) and left.arguments == (value,):
            value.decorators = (left.callee, *value.decorators)  # `return dataclass(cls)`
        # What is not known of a class after its decorators is, as good as always, the class.
        value = left if isinstance(left, (Class, Function, Lambda, Instance)) or is_data(left) else value
        noted(machine, left, scope, part[1])
    scope.names[made.name] = value
    return None


def _is_own(decorator: Value) -> bool:
    made = decorator.callee if isinstance(decorator, Construction) else decorator
    return isinstance(made, (Function, Lambda, Bound, Method, Class))


def _told(machine: Machine, made: Class) -> list[Value]:
    """What functions of the project give that Python calls with a new class: `__set_name__`, `__init_subclass__`, and those of its metaclass."""
    given = [(word, value) for word, value in made.keywords.items() if word != "metaclass"]
    above = own_bases(made)
    found = next((part for base in above if (part := find_in_class(base, "__init_subclass__")) is not MISSING), None)
    results = [
        machine.call(method, [made, name], [], None)
        for name, value in made.names.items()
        if (method := method_of(machine, value, "__set_name__")) is not None
    ]
    results += [machine.call(found, [made], given, None)] if isinstance(found, Function) else []
    metaclass = _metaclass(made)
    if metaclass is None:
        return results
    for name, first in (("__new__", metaclass), ("__init__", made)):
        function = find_in_class(metaclass, name)
        if isinstance(function, Function):
            results.append(machine.call(function, [first, made.name, made.bases, dict(made.names)], given, None))
    return results


def _metaclass(made: Class) -> Class | None:
    """The metaclass of the project that a class has, itself or from a class above it."""
    found = made.keywords.get("metaclass")
    if isinstance(found, Class):
        return found
    above = (_metaclass(base) for base in own_bases(made))
    return next((one for one in above if one is not None), None)


def _prefix(scope: Scope) -> str:
    outer = scope.names.get("__qualname__")
    if isinstance(outer, str):
        return f"{outer}."
    return "<locals>." if scope.function is None else f"{scope.function.qualname}.<locals>."
