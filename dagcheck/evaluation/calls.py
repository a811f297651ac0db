"""What does a call give?

Calls of project functions are followed statement by statement, within bounds; calls of Python's own pure functions are
computed; dataclasses, NamedTuples and Enums become `Instance`s. A call of anything outside the project is kept as a
`Construction`: whoever knows the callee may read it. A decorator from outside leaves the function in place and is noted.
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import ancestry, attribute, find_in_class, outside_base
from dagcheck.evaluation.builtins import call_builtin, call_method
from dagcheck.evaluation.failures import exception_of
from dagcheck.evaluation.ignorance import derived, describe, explain, is_data
from dagcheck.evaluation.instances import instantiate
from dagcheck.evaluation.iteration import as_list, iterate
from dagcheck.evaluation.lowering import lowered
from dagcheck.evaluation.machine import DEPTH, Machine, Signal
from dagcheck.evaluation.objects import (
    MISSING,
    Application,
    Bound,
    Function,
    Generator,
    Instance,
    Lambda,
    Method,
    Model,
    Scope,
)
from dagcheck.evaluation.objects import Class as ProjectClass
from dagcheck.evaluation.streams import Stream, View
from dagcheck.evaluation.values import Construction, Member, Reference, Rest, Subscripted, Unknown, Value
from dagcheck.source.syntax import Expression, Parameter
from dagcheck.span import NOWHERE, Location

Keywords = list[tuple[str, Value]]

LIBRARY_ROOTS = frozenset(
    "ast collections copy dataclasses datetime decimal fractions functools html itertools json keyword math operator os pathlib"
    " posixpath re string textwrap types typing urllib".split()
)
"""The modules of the standard library some of whose functions are followed, by their first name."""

_TRANSPARENT = frozenset(
    "builtins.classmethod builtins.property builtins.staticmethod functools.cache functools.cached_property functools.lru_cache"
    " typing.final typing.no_type_check typing.override".split()
)

_COPIERS = frozenset({"functools.wraps", "functools.update_wrapper"})


def call(
    machine: Machine, callee: Value, arguments: list[Value], keywords: Keywords, location: Location | None
) -> Value:
    """The value of `callee(*arguments, **keywords)`; total."""
    if isinstance(callee, Unknown):
        return derived(callee, "()", arguments, [list(pair) for pair in keywords])
    if isinstance(callee, (Function, Lambda)):
        return _call_function(machine, callee, arguments, keywords)
    if isinstance(callee, ProjectClass):
        made = instantiate(
            callee, arguments, keywords, location, lambda made, given: call(machine, made, given, [], location)
        )
        if not isinstance(made, Construction) or (not machine.world.explores and outside_base(callee) is not None):
            return made
        own = make_object(machine, made) if machine.world.explores else machine.object(made)
        return own if machine.world.explores or isinstance(own, Unknown) else made
    if isinstance(callee, Bound):
        return _call_bound(machine, callee, arguments, keywords, location)
    if isinstance(callee, Method):
        return call(machine, callee.function, [callee.owner, *arguments], keywords, location)
    value = _known_outside(machine, callee, arguments, keywords, location)
    if value is not MISSING:
        is_handed_on = callee in _HANDING_ON
        return value if is_handed_on else derived(value, describe(callee), arguments, [list(pair) for pair in keywords])
    own = method_of(machine, callee, "__call__")
    if own is not None:
        return call(machine, own, arguments, keywords, location)
    arguments = [iterate(value) if isinstance(value, Stream) else value for value in arguments]
    keywords = [(name, iterate(value) if isinstance(value, Stream) else value) for name, value in keywords]
    if isinstance(callee, (Reference, Construction, Member, Subscripted)):
        single = arguments[0] if len(arguments) == 1 and not keywords else None
        decorated = _decorated(machine, callee, single, location) if isinstance(single, Function) else None
        return decorated or Construction(callee, tuple(arguments), tuple(keywords), location)
    return Unknown(f"{describe(callee)} cannot be called", location)


_HANDING_ON = (Reference("builtins.bool"), Reference("builtins.getattr"))
"""What these give is no more than what they are given, or was read there."""

_MADE = frozenset({"functools", "operator"})


def _known_outside(
    machine: Machine, callee: Value, arguments: list[Value], keywords: Keywords, location: Location | None
) -> Value:
    """What a call of Python's own functions gives, or of what the world knows; `MISSING` for all else."""
    made = callee.callee if isinstance(callee, Construction) else None
    if isinstance(made, Reference) and made.name.partition(".")[0] in _MADE:
        from dagcheck.evaluation.library import call_made

        return call_made(machine, callee, arguments, keywords)
    if not isinstance(callee, Reference):
        return MISSING
    if callee.name.startswith("builtins."):
        return call_builtin(machine, callee.name[9:], arguments, keywords)
    if machine.world.explores and callee.name.partition(".")[0] not in LIBRARY_ROOTS:
        arguments = [as_list(value) for value in arguments]
        keywords = [(name, as_list(value)) for name, value in keywords]
    known = machine.world.call_outside(machine, callee.name, arguments, keywords, location)
    if known is not MISSING or callee.name.partition(".")[0] not in LIBRARY_ROOTS:
        return known
    from dagcheck.evaluation.library import call_library

    return call_library(machine, callee.name, arguments, keywords)


def decorate(
    machine: Machine, decorator: Value, target: Value, expression: Expression | None, location: Location
) -> Value:
    """What `decorator(target)` leaves behind."""
    if isinstance(target, Function) and _is_copier(decorator, Function):
        return target.wear(decorator.arguments[0])
    if isinstance(target, Function) and _is_copier(decorator, ProjectClass):
        return Unknown(f"is a function that looks like the class {describe(decorator.arguments[0])}", location)
    if is_followed(machine, decorator):
        made = call(machine, decorator, [target], [], location)
        if not isinstance(made, Unknown):
            return made
        decorator = made
    if not isinstance(target, Function):
        return call(machine, decorator, [target], [], location)
    application = Application(decorator, expression, location.path, location.span, target)
    target.applied.append(application)
    target.scope.outermost.decorated.append((target, application))
    return target


def is_followed(machine: Machine, decorator: Value) -> bool:
    """Is a decorator code of the project's, or a partial call of it?"""
    is_partial = isinstance(decorator, Construction) and decorator.callee == Reference("functools.partial")
    if is_partial and decorator.arguments:
        return is_followed(machine, decorator.arguments[0])
    is_code = isinstance(decorator, (Function, Lambda, Bound, Method, ProjectClass))
    return is_code or method_of(machine, decorator, "__call__") is not None


def method_of(machine: Machine, callee: Value, name: str) -> Method | None:
    """A method that Python calls, like `__call__`, of an object of a project class."""
    made = callee.callee if isinstance(callee, Construction) else callee.of if isinstance(callee, Instance) else None
    if not isinstance(made, ProjectClass) or outside_base(made) is not None:
        return None
    if not isinstance(find_in_class(made, name), Function):
        return None
    owner = machine.object(callee) if isinstance(callee, Construction) else callee
    found = attribute(machine, owner, name) if isinstance(owner, Instance) else None
    return found if isinstance(found, Method) else None


def bind(parameters: tuple[Parameter, ...], arguments: list[Value], keywords: Keywords) -> dict[str, Value] | Unknown:
    """Arguments to parameters as Python binds them; `MISSING` where the default is to be used."""
    if any(isinstance(part, Rest) for part in arguments) or any(isinstance(value, Rest) for _, value in keywords):
        return explain(next((part for part in arguments if isinstance(part, Rest)), Unknown("takes unknown arguments")))
    bound: dict[str, Value] = {}
    rest = list(arguments)
    named = dict(keywords)
    for parameter in parameters:
        if parameter.kind in ("positional", "standard") and rest:
            bound[parameter.name] = rest.pop(0)
        elif parameter.kind == "star":
            bound[parameter.name] = tuple(rest)
            rest = []
        elif parameter.kind == "double-star":
            bound[parameter.name] = named
            named = {}
        elif parameter.kind != "positional" and parameter.name in named:
            bound[parameter.name] = named.pop(parameter.name)
        else:
            bound[parameter.name] = MISSING
    if rest or named:
        return Unknown("is called with arguments that it does not take")
    return bound


def _call_function(machine: Machine, callee: Function | Lambda, arguments: list[Value], keywords: Keywords) -> Value:
    if machine.depth >= DEPTH:
        return Unknown(f"{describe(callee)} calls itself too deeply")
    rows = callee.header.parameters if isinstance(callee, Function) else callee.parameters
    bound = bind(rows, arguments, keywords)
    if isinstance(bound, Unknown):
        return bound
    scope = Scope(callee.scope.module, callee.scope.path, callee.scope)
    for parameter in rows:
        value = bound[parameter.name]
        if value is MISSING:
            if parameter.default is None:
                return Unknown(f"{describe(callee)} is called without `{parameter.name}`")
            value = default_of(machine, callee, parameter)
        scope.names[parameter.name] = value
    scope.function = callee if isinstance(callee, Function) else None
    machine.depth += 1
    try:
        return _run(machine, callee, scope)
    finally:
        machine.depth -= 1


def default_of(machine: Machine, callee: Function | Lambda, parameter: Parameter) -> Value:
    """What a parameter is where nothing is given for it: literals are read when needed, all else was when the function was made."""
    if parameter.default is None or parameter.name in callee.defaults:
        return callee.defaults.get(parameter.name)
    return machine.evaluate(parameter.default, callee.scope)


def run_body(machine: Machine, callee: Function, scope: Scope) -> Value:
    """What a function gives whose parameters are bound in `scope`."""
    return _run(machine, callee, scope)


def _run(machine: Machine, callee: Function | Lambda, scope: Scope) -> Value:
    if isinstance(callee, Lambda):
        return machine.evaluate(callee.body, scope)
    explores = machine.world.explores
    if callee.header.is_async and not explores:
        return Unknown(f"{describe(callee)} is asynchronous")
    if not explores and not all(_is_transparent(part) for part in callee.applied):
        return Unknown(f"{describe(callee)} is wrapped by {describe(callee.applied[0].decorator)}")
    body = machine.world.body(callee)
    is_generator = machine.world.is_generator(callee)
    outcome = machine.execute(body, scope)
    if is_generator and not explores:
        return outcome[1] if outcome is not None and outcome[0] == Signal.RAISE else Stream(machine, list(scope.yields))
    if is_generator:
        return Generator(tuple(scope.yields))
    if outcome is None:
        return None
    returns = outcome[0] in (Signal.RETURN, Signal.RAISE, Signal.MAYBE_RETURN)
    return outcome[1] if returns else Unknown(f"{describe(callee)} does not return")


def _is_transparent(application: Application) -> bool:
    """Does a decorator leave what a call gives as it is?"""
    decorator = (
        application.decorator.callee if isinstance(application.decorator, Construction) else application.decorator
    )
    return isinstance(decorator, Reference) and decorator.name in _TRANSPARENT


def make_object(machine: Machine, made: Construction) -> Value:
    """An object of a project class that is made by code of its own: its `__init__` is followed."""
    owner = made.callee
    if not isinstance(owner, ProjectClass):
        return made
    instance = Instance(owner, {}, machine.guess)
    create = find_in_class(owner, "__new__") if not machine.world.explores else MISSING
    if isinstance(create, Function):
        created = call(machine, create, [owner, *made.arguments], list(made.keywords), made.location)
        if not isinstance(created, Instance) or owner not in ancestry(created.of):
            return created
        instance = created
    initialise = attribute(machine, instance, "__init__")
    if isinstance(initialise, Method):
        done = call(machine, initialise, list(made.arguments), list(made.keywords), made.location)
        if exception_of(done) and not machine.world.explores:
            return done
    return instance


def _decorated(machine: Machine, decorator: Value, target: Function, location: Location | None) -> Value:
    """What a plain call of a decorator leaves; None where it is none. What wraps a function leaves the function itself alone."""
    kind = machine.world.decorator(decorator)
    if kind is None:
        return None
    if kind == "wraps":
        wrapper = target.copy(list(target.applied))
        wrapper.wrapped = target
        target = wrapper
    return machine.decorate(decorator, target, None, location or Location(target.scope.path, NOWHERE))


def _call_bound(
    machine: Machine, callee: Bound, arguments: list[Value], keywords: Keywords, location: Location | None
) -> Value:
    if isinstance(callee.owner, Model):
        if not isinstance(callee.owner, View):
            arguments = [as_list(value) for value in arguments]
            keywords = [(name, as_list(value)) for name, value in keywords]
        return callee.owner.call(machine, callee.name, arguments, keywords, location)
    if is_data(callee.owner):
        if type(callee.owner) is dict and id(callee.owner) in machine.world.factories:
            from dagcheck.evaluation.library.containers import counter_method

            found = counter_method(machine, callee.owner, callee.name, arguments)
            if found is not MISSING:
                return found
        found = call_method(machine, callee.owner, callee.name, arguments, dict(keywords))
        return derived(found, callee.name, callee.owner, arguments) if isinstance(callee.owner, str) else found
    owner = callee.owner
    if isinstance(owner, Instance) and "_fields" in owner.fields and callee.name in ("_asdict", "_replace"):
        from dagcheck.evaluation.library.records import record_method

        return record_method(owner, callee.name, arguments, dict(keywords))
    if isinstance(owner, Instance) and is_data(lowered(owner)):
        return call_method(machine, lowered(owner), callee.name, arguments, dict(keywords))
    if isinstance(owner, Instance) and callee.name in owner.of.names:
        method = owner.of.names[callee.name]
        if isinstance(method, Function) and not method.applied:
            return _call_function(machine, method, [owner, *arguments], keywords)
    return Unknown(f"the method `{callee.name}` of {describe(owner)} is not followed")


def _is_copier(decorator: Value, kind: type) -> bool:
    """Is a decorator `functools.wraps` with something of this kind?"""
    return (
        isinstance(decorator, Construction)
        and isinstance(decorator.callee, Reference)
        and decorator.callee.name in _COPIERS
        and len(decorator.arguments) == 1
        and isinstance(decorator.arguments[0], kind)
    )
