"""How is a function entered that nobody is seen to call?

Its parameters are unknown. One with a default is open: the default is tried where something hangs on it. An object stands
for `self`, the same for all methods of its class. pytest fills parameters by their names: with what a fixture gives, and with
the values of `parametrize`, each in turn.
"""

from __future__ import annotations

from dagcheck.dataflows.exploration import Exploration, class_of
from dagcheck.evaluation.attributes import find_in_class
from dagcheck.evaluation.calls import default_of, run_body
from dagcheck.evaluation.deciding import decided
from dagcheck.evaluation.machine import DEPTH, Machine
from dagcheck.evaluation.objects import Class, Function, Generator, Instance, Model, Scope
from dagcheck.evaluation.values import Argument, Construction, Reference, Rest, Unknown, Value
from dagcheck.source.syntax import Parameter
from dagcheck.span import Location, Span

_OWN_OBJECT = "\0object"
"""The name under which a class keeps the object that stands for `self`."""


class Request(Model):
    """What pytest calls `request` in a fixture: the parameter that it runs with."""

    __slots__ = ("_param",)

    def __init__(self, param: Value) -> None:
        self._param = param

    def attribute(self, name: str) -> Value:
        """`request.param`; all else is pytest's."""
        return self._param if name == "param" else super().attribute(name)


def enter(exploration: Exploration, scope: Scope, function: Function) -> Value:
    """What a function gives when it is called with whatever."""
    return _Entrance(exploration, exploration.refresh(scope)).enter(scope, function, 0)


class _Entrance:
    """Functions of one exploration, entered by one machine."""

    def __init__(self, exploration: Exploration, machine: Machine) -> None:
        self._exploration = exploration
        self._machine = machine

    def enter(self, scope: Scope, function: Function, depth: int) -> Value:
        """Bind what can be told of the parameters, and follow the body."""
        inner = Scope(function.scope.module, function.scope.path, function.scope)
        inner.function = function
        owner = class_of(scope, function)
        parameters = list(function.header.parameters)
        if owner is not None and parameters and not _is_decorated(function, "builtins.staticmethod"):
            is_class_method = _is_decorated(function, "builtins.classmethod")
            inner.names[parameters.pop(0).name] = owner if is_class_method else self._object(scope, owner, function)
        rows = _parametrized(function, self._machine)
        for parameter in parameters:
            known = parameter.name in rows
            value = rows[parameter.name] if known else self._argument(inner, function, parameter, depth)
            inner.names[parameter.name] = value
        return run_body(self._machine, function, inner)

    def _object(self, scope: Scope, owner: Class, function: Function) -> Value:
        """The object that stands for `self` in all methods of a class."""
        made = owner.names.get(_OWN_OBJECT)
        if not isinstance(made, Instance):
            made = owner.names[_OWN_OBJECT] = Instance(owner, {})
            start = find_in_class(owner, "__init__")
            if isinstance(start, Function) and start is not function:
                self.enter(scope, start, 0)
        return made

    def _argument(self, inner: Scope, function: Function, parameter: Parameter, depth: int) -> Value:
        """What can be told of a parameter of the function whose names are `inner`."""
        scope = function.scope.outermost
        fixture = _fixture(self._exploration, scope, parameter.name)
        if fixture is not None and fixture is not function and depth < DEPTH:
            given = self.enter(fixture.scope.outermost, fixture, depth + 1)
            return given.yields[0] if isinstance(given, Generator) and given.yields else given
        location = Location(function.scope.path, Span(*parameter.place))
        unknown = Argument(f"is the parameter `{parameter.name}` of `{function.name}`", location)
        if parameter.name == "request" and _fixture_call(function) is not None:
            return Request(_one_of_params(function, self._machine))
        if parameter.kind == "star":
            return (Rest(unknown),)
        if parameter.kind == "double-star":
            return {Rest(unknown): None}
        if parameter.default is None:
            return unknown
        taken = decided(self._machine, unknown, inner, parameter.place, 1)
        if isinstance(taken, Unknown):
            return taken
        default = default_of(self._machine, function, parameter)
        fact = self._machine.decisions.facts.get(unknown)
        return unknown if fact is not None and default in fact.values else default  # a test has found out otherwise


# --- pytest


def _fixture(exploration: Exploration, scope: Scope, name: str) -> Function | None:
    """The fixture of this name, in the module or in a `conftest.py` of its folder or above."""
    found = scope.names.get(name)
    if isinstance(found, Function) and _fixture_call(found) is not None:
        return found
    folder = scope.path
    while folder:
        folder = folder.rpartition("/")[0]
        path = f"{folder}/conftest.py" if folder else "conftest.py"
        shared = exploration.scope_at(path) if path != scope.path else None
        found = None if shared is None else shared.names.get(name)
        if isinstance(found, Function) and _fixture_call(found) is not None:
            return found
    return None


def _fixture_call(function: Function) -> Value:
    """The decorator that makes a function a fixture."""
    for application in function.applied:
        made = application.decorator
        callee = made.callee if isinstance(made, Construction) else made
        if isinstance(callee, Reference) and callee.name in ("pytest.fixture", "pytest_asyncio.fixture"):
            return made
    return None


def _one_of_params(function: Function, machine: Machine) -> Value:
    made = _fixture_call(function)
    params = dict(made.keywords).get("params") if isinstance(made, Construction) else None
    unknown = Unknown(f"is what pytest gives to `{function.name}`", getattr(made, "location", None))
    return _one_of(params, unknown, machine)


def _one_of(values: Value, unknown: Unknown, machine: Machine) -> Value:
    if type(values) not in (list, tuple) or not values or any(isinstance(item, Rest) for item in values):
        return unknown
    location = unknown.location
    if location is None:
        return unknown
    taken = decided(machine, unknown, Scope("", location.path), location.span, len(values))
    return taken if isinstance(taken, Unknown) else _plain_param(values[taken])


def _plain_param(value: Value) -> Value:
    """`pytest.param(value, ...)` is its value."""
    is_param = (
        isinstance(value, Construction) and value.callee == Reference("pytest.param") and len(value.arguments) == 1
    )
    return value.arguments[0] if is_param else value


def _parametrized(function: Function, machine: Machine) -> dict[str, Value]:
    """The parameters that `@pytest.mark.parametrize` fills."""
    found: dict[str, Value] = {}
    for application in function.applied:
        made = application.decorator
        if not isinstance(made, Construction) or made.callee != Reference("pytest.mark.parametrize"):
            continue
        given = [*made.arguments, *(value for _, value in made.keywords)]
        names = given[0] if given else None
        words = [word.strip() for word in names.split(",")] if isinstance(names, str) else list(names or ())
        unknown = Unknown(f"is one of the parameters of `{function.name}`", made.location)
        row = _one_of(given[1] if len(given) > 1 else None, unknown, machine)
        is_row = len(words) > 1 and type(row) in (list, tuple) and len(row) == len(words)
        cells = list(row) if is_row else [row if len(words) == 1 or isinstance(row, Unknown) else unknown] * len(words)
        found.update({word: cell for word, cell in zip(words, cells, strict=True) if isinstance(word, str)})
    return found


def _is_decorated(function: Function, name: str) -> bool:
    return any(application.decorator == Reference(name) for application in function.applied)
