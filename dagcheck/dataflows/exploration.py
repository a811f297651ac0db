"""How is code followed for the drivers that it builds and runs?

An `Exploration` is a `Program` that follows calls for what they do: it meets Hamilton's drivers (`dagcheck.dataflows.drivers`),
makes objects of project classes, runs a file as Python runs the script that it is started with, and follows an imported
module only when something is asked of it. Which functions to enter, and which way to go where the code leaves that open, is
up to `dagcheck.dataflows.search`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagcheck.dataflows.calls import METHODS
from dagcheck.dataflows.drivers import (
    BUILDER_METHODS,
    Builder,
    Driver,
    Keywords,
    MadeModule,
    Parts,
    Record,
    driver_parts,
)
from dagcheck.dataflows.handing import handed_on
from dagcheck.dataflows.written_modules import dedented, made_of_text
from dagcheck.evaluation.deciding import known
from dagcheck.evaluation.expressions import look_up
from dagcheck.evaluation.ignorance import explain, without_places
from dagcheck.evaluation.interpreter import Interpreter
from dagcheck.evaluation.machine import DEPTH, FUEL, Decisions, Machine, at
from dagcheck.evaluation.objects import MISSING, Class, Function, Instance, Lambda, Method, Scope
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Module, Reference, Rest, Text, Unknown, Value
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.source.facts import Source
from dagcheck.source.syntax import Expression, Place, Statement
from dagcheck.span import Location

_DRIVERS = {
    "hamilton.driver.Driver": False,
    "hamilton.async_driver.AsyncDriver": True,
    "hamilton.experimental.h_async.AsyncDriver": True,
}
_BUILDERS = {"hamilton.driver.Builder": False, "hamilton.async_driver.Builder": True}
_TEMPORARY = "hamilton.ad_hoc_utils.create_temporary_module"
_OF_TEXT = frozenset({"hamilton.ad_hoc_utils.module_from_source", "hamilton.ad_hoc_utils.create_module"})
_CONSTANTS = {"hamilton.settings.ENABLE_POWER_USER_MODE": "hamilton.enable_power_user_mode"}
_OWN_DRIVER = "\0driver"
"""The field in which an object of a class derived from `Driver` keeps the driver that it is."""

DEEPEST = 15
"""Nested calls that are followed: objects and decorated functions are entered here, which leads far."""

Key = tuple[str, int]


def key_of(function: Function) -> Key:
    """What a function is known by from one exploration to the next: its file and the line of its `def`."""
    return (function.scope.path, function.header.place[0])


class Follower(Interpreter):
    """An interpreter that keeps the places of literals, and the calls that led to where it is."""

    def __init__(self, world: Exploration) -> None:
        super().__init__(world)
        self.stack: list[Location] = []
        self.depth = DEPTH - DEEPEST
        self.decisions = world.decisions
        self._record = world.record
        self._called: set[tuple[str, Place]] = set()
        self._born: dict[int, tuple[Value, Unknown]] = {}

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        """The value of an expression; texts know their places."""
        kind = expression[0]
        if kind == "const":
            location = at(scope, expression[1])
            return (
                expression[2] if type(expression[2]) is not str or location is None else text(expression[2], location)
            )
        if kind == "compare" and _asks_whether_main(expression):
            return True
        value = known(self, super().evaluate(expression, scope))
        if self.guess is not None and type(value) in _CONTAINERS and _makes(expression, scope):
            self._born[id(value)] = (value, self.guess)
        if kind == "attr" and isinstance(value, Unknown) and value.choice is not None and expression[3] in _ASKING:
            self._record.doubts.append(value)
        return value

    def call(self, callee: Value, arguments: list[Value], keywords: Keywords, location: Location | None) -> Value:
        """The value of a call; total."""
        if location is None:
            return super().call(callee, arguments, keywords, location)
        if isinstance(callee, (Function, Class, Method)):  # it cannot be followed without its arguments
            rests = (part.unknown for part in arguments if isinstance(part, Rest))
            self._record.doubts += [unknown for unknown in rests if unknown.choice is not None]
        if isinstance(callee, Lambda):
            self._called.add((callee.scope.path, callee.place))
        self.stack.append(location)
        try:
            return super().call(callee, arguments, keywords, location)
        finally:
            self.stack.pop()

    def doubt(self, container: Value) -> Unknown | None:
        """Why a change of this container is not sure to happen: `guess`, but for what was made under that very doubt."""
        made = self._born.get(id(container))
        return None if made is not None and made[1] is self.guess else self.guess

    def hand_over(self, name: str, arguments: list[Value], keywords: Keywords, location: Location | None) -> None:
        """Follow what somebody outside the project may call that is handed to them, unless it was seen to be called."""
        for handed in handed_on(name, arguments, keywords, location):
            made = handed.callee
            if isinstance(made, Lambda) and (made.scope.path, made.place) in self._called:
                continue
            outer, before = self.guess, len(self._record.drivers)
            self.guess = outer or Unknown(f"is done by `{name}`, if at all", location)
            self.call(made, handed.arguments, handed.keywords, location)
            self.guess = outer
            if not handed.is_exact:
                self._record.forget(before)


class Exploration(Program):
    """A program that is followed for its drivers, with `decisions` on which way to go at some places."""

    explores = True

    def __init__(
        self,
        index: ModuleIndex,
        read: Callable[[str], Source | None],
        is_outside: Callable[[str], bool] | None,
        python: tuple[int, int],
        decisions: Decisions,
    ) -> None:
        super().__init__(index, read, is_outside, python)
        self.decisions = decisions
        self.record = Record()
        self.entered: set[Key] = set()

    def interpreter(self, scope: Scope) -> Follower:
        """The follower of the module that `scope` belongs to."""
        machine = self._interpreters.get(scope.path)
        if not isinstance(machine, Follower):
            machine = self._interpreters[scope.path] = Follower(self)
        return machine

    def scope_at(self, path: str) -> Scope | None:
        """The names of the module that a file is; None where there is no such file."""
        return self.scope(self._index.module_at(path)) if self._index.holds(path) else None

    def refresh(self, scope: Scope) -> Follower:
        """The follower of a module, with the fuel for one function."""
        machine = self.interpreter(scope)
        machine.fuel, machine.guess, machine.depth = FUEL // 4, None, DEPTH - DEEPEST
        return machine

    def steps_taken(self, scope: Scope) -> int:
        """The steps that a module's follower has taken since it had all its fuel."""
        return FUEL // 4 - self.interpreter(scope).fuel

    def import_module(self, dotted: str, importer: Scope) -> Value:
        """A `Module` of the project, not followed yet, or a `Reference` to something outside."""
        if dotted == "__main__":
            return Module(importer.module)
        found = self._resolve(dotted, importer.path)
        if found is None and dotted == importer.path.rpartition("/")[2].removesuffix(".py"):
            return Module(importer.module)  # a script finds itself in its own folder
        return Reference(dotted) if found is None else Module(found.name)

    def attribute(self, module: str, name: str) -> Value:
        """A name of a project module, a submodule included, or `Unknown`."""
        found = self._index.resolve(module, None)
        scope = self.scope(found) if isinstance(found, ProjectModule) else None
        if name == "*" or (scope is not None and name in scope.names):
            return super().attribute(module, name)
        inner = self._resolve(f"{module}.{name}", scope.path if scope is not None else "")
        return Module(inner.name) if inner is not None else super().attribute(module, name)

    def outside(self, name: str) -> Value:
        """A name outside the project; of Hamilton's constants, the key of a configuration."""
        return _CONSTANTS.get(name) or super().outside(name)

    def body(self, function: Function) -> tuple[Statement, ...]:
        """The statements of a function's body, which is entered now."""
        self.entered.add(key_of(function))
        return super().body(function)

    def call_outside(
        self, machine: Machine, name: str, arguments: list[Value], keywords: Keywords, location: Location | None
    ) -> Value:
        """What a call of Hamilton's drivers, or of Python's way to import by name, gives."""
        assert isinstance(machine, Follower)
        location = location or (machine.stack[-1] if machine.stack else None)  # `map` calls from where it is called
        if location is None:
            return MISSING
        if name == "importlib.import_module":
            given = {**dict(keywords), **dict(zip(("name", "package"), arguments, strict=False))}
            return self._imported(given.get("name"), given.get("package"), location)
        if name == "textwrap.dedent" and len(arguments) == 1 and isinstance(arguments[0], Text):
            return dedented(arguments[0])
        if not name.startswith("hamilton."):
            return MISSING
        if name in _DRIVERS:
            parts = driver_parts(arguments, keywords, _DRIVERS[name])
            return Driver(parts, location, machine, self.record)
        if name in _BUILDERS:
            return Builder(Parts(_BUILDERS[name]), machine.guess, self.record)
        if name == _TEMPORARY:
            return MadeModule(tuple(arguments), without_places(dict(keywords).get("module_name")))
        if name in _OF_TEXT:
            return self._made_of_text(machine, arguments, dict(keywords), location)
        return self._through_class(machine, name, arguments, keywords, location)

    def _made_of_text(
        self, machine: Follower, arguments: list[Value], keywords: Mapping[str, Value], location: Location
    ) -> Value:
        """`module_from_source(source, module_name)`."""
        text = arguments[0] if arguments else keywords.get("source")
        name = arguments[1] if len(arguments) > 1 else keywords.get("module_name")
        source = self._read(location.path)
        file = "" if source is None else source.text
        return made_of_text(machine, text, without_places(name), file, location)

    def _through_class(
        self,
        machine: Follower,
        name: str,
        arguments: list[Value],
        keywords: Keywords,
        location: Location,
    ) -> Value:
        """`Driver.method(driver, ...)`: how classes derived from `Driver` reach it."""
        owner, _, method = name.rpartition(".")
        if owner not in _DRIVERS:
            return MISSING
        subject = arguments[0] if arguments else None
        if isinstance(subject, Instance) and method == "__init__":
            parts = driver_parts(arguments[1:], keywords, _DRIVERS[owner])
            subject.fields[_OWN_DRIVER] = Driver(parts, location, machine, self.record)
            return None
        driver = subject.fields.get(_OWN_DRIVER) if isinstance(subject, Instance) else subject
        if not isinstance(driver, Driver):
            return MISSING
        called = driver.call(machine, method, arguments[1:], keywords, location)
        return subject if called is driver else called

    def _imported(self, named: Value, package: Value, location: Location) -> Value:
        """`importlib.import_module(name, package)`."""
        if not isinstance(named, str):
            unknown = explain(named)
            return unknown if unknown.location is not None else unknown._replace(location=location)
        name = str(named)
        importer = Scope("", location.path)
        if name.startswith("."):
            dots = len(name) - len(name.lstrip("."))
            if not isinstance(package, str):
                return Unknown("imports relative to a package that is not known", location)
            parts = package.split(".")
            name = ".".join([*parts[: len(parts) - dots + 1], name[dots:]])
        return self.import_module(name, importer)


def text(value: str, location: Location) -> Text:
    """A string literal that knows its place."""
    made = Text(value)
    made.location = location
    return made


def class_of(scope: Scope, function: Function) -> Class | None:
    """The class of a module's top level that a function is a method of."""
    classes = (value for value in scope.names.values() if isinstance(value, Class))
    return next((found for found in classes if any(part is function for part in found.names.values())), None)


_CONTAINERS = (dict, list, set)
_DISPLAYS = frozenset({"comprehension", "dict", "list", "set"})


def _makes(expression: Expression, scope: Scope) -> bool:
    """Does an expression make a container of its own: a display, a comprehension, `dict(...)` and its kin?"""
    if expression[0] != "call" or expression[2][0] != "name":
        return expression[0] in _DISPLAYS
    callee = look_up(expression[2][2], scope)
    return isinstance(callee, Reference) and callee.name in ("builtins.dict", "builtins.list", "builtins.set")


_ASKING = BUILDER_METHODS | METHODS


def _asks_whether_main(expression: Expression) -> bool:
    """`__name__ == "__main__"`, either way round."""
    sides = [expression[2], *(part for _, part in expression[3])]
    names = [part[2] for part in sides if part[0] in ("name", "const")]
    return len(sides) == 2 and set(names) == {"__name__", "__main__"} if all(map(_is_word, names)) else False


def _is_word(value: object) -> bool:
    return isinstance(value, str)
