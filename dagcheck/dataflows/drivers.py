"""What do Hamilton's drivers and builders remember of what they are told?

Models of `hamilton.driver` and `hamilton.async_driver` for the evaluator: a `Builder` collects modules, configuration,
adapters and materializers and hands them to the `Driver` it builds; a `Driver` remembers every call that asks something of
it. What is done in a branch that may not run leaves its doubt behind. Reading the arguments is `dagcheck.dataflows.calls`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.objects import Bound, Function, Model
from dagcheck.evaluation.values import Construction, Rest, Unknown, Value
from dagcheck.span import Location

Keywords = list[tuple[str, Value]]

CONFIG, MODULES, ADAPTERS, MATERIALIZERS, OVERRIDES, DYNAMIC = range(6)


class Parts:
    """What a driver is made of; each list may hold a `Rest` for what cannot be read."""

    __slots__ = ("adapters", "config", "is_async", "is_dynamic", "materializers", "modules", "overrides")

    def __init__(self, is_async: bool) -> None:
        self.is_async = is_async
        self.config: dict[Value, Value] = {}
        self.modules: list[Value] = []
        self.adapters: list[Value] = []
        self.materializers: list[Value] = []
        self.overrides: Value = False
        self.is_dynamic: Value = False

    def copy(self) -> Parts:
        """The same, for somebody else to change."""
        made = Parts(self.is_async)
        made.config, made.modules, made.adapters = dict(self.config), list(self.modules), list(self.adapters)
        made.materializers, made.overrides, made.is_dynamic = list(self.materializers), self.overrides, self.is_dynamic
        return made

    def configure(self, value: Value) -> None:
        """Lay a mapping over the configuration, or the doubt about it."""
        if type(value) is dict:
            for key, item in value.items():
                self.config.pop(key, None)  # a key that is given again counts from here on
                self.config[key] = item
        elif value is not None:
            self.config[Rest(explain(value))] = None

    def doubt(self, part: int, reason: Unknown) -> None:
        """What this part is can no longer be told."""
        if part == CONFIG:
            self.config[Rest(reason)] = None
        elif part in (MODULES, ADAPTERS, MATERIALIZERS):
            (self.modules, self.adapters, self.materializers)[part - MODULES].append(Rest(reason))
        elif part == OVERRIDES:
            self.overrides = reason
        else:
            self.is_dynamic = reason


class Use(NamedTuple):
    """A call of a driver's method, with its arguments as evaluated, through the calls at `stack`, outermost first."""

    driver: Driver
    method: str
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    location: Location
    stack: tuple[Location, ...] = ()


class Record:
    """What was seen of drivers so far, in order; `doubts` are the choices that decide which driver something is asked of."""

    __slots__ = ("doubts", "drivers", "uses")

    def __init__(self) -> None:
        self.drivers: list[Driver] = []
        self.uses: list[Use] = []
        self.doubts: list[Unknown] = []

    def forget(self, first: int) -> None:
        """Drop the drivers from this one on, with what was asked of them."""
        dropped = {id(driver) for driver in self.drivers[first:]}
        del self.drivers[first:]
        self.uses = [use for use in self.uses if id(use.driver) not in dropped]


class Driver(Model):
    """A driver that was made at `location`, through the calls at `stack`, outermost first; `born` under this doubt, if any."""

    __slots__ = ("born", "location", "parts", "record", "stack")

    def __init__(self, parts: Parts, location: Location, machine: Any, record: Record) -> None:
        self.parts = parts
        self.location = location
        self.stack: tuple[Location, ...] = tuple(machine.stack[:-1])
        self.born: Unknown | None = machine.guess
        self.record = record
        record.drivers.append(self)

    def call(
        self, machine: Any, method: str, arguments: list[Value], keywords: Keywords, location: Location | None
    ) -> Value:
        """Remember what is asked; the answer is computed when the code runs."""
        if method == "ainit":
            return self
        given = tuple([_as_it_is(value) for value in arguments])
        named = tuple([(word, _as_it_is(value)) for word, value in keywords])
        self.record.uses.append(Use(self, method, given, named, location or self.location, tuple(machine.stack)))
        return Unknown(f"is what the driver's `{method}` gives", location)


_DEEPEST = 8


def _as_it_is(value: Value, depth: int = 0) -> Value:
    """A value as it is now, whatever is done to its containers afterwards."""
    if depth > _DEEPEST:
        return value
    if type(value) is dict:
        return {key: _as_it_is(item, depth + 1) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_as_it_is(item, depth + 1) for item in value)
    if type(value) is set:
        return set(value)
    if isinstance(value, Construction):
        words = tuple([(word, _as_it_is(item, depth + 1)) for word, item in value.keywords])
        return value._replace(arguments=_as_it_is(value.arguments, depth + 1), keywords=words)
    return value


class Builder(Model):
    """A builder; `born` is the doubt under which it was made, which does not spoil what is done under the same."""

    __slots__ = ("born", "parts", "record")

    def __init__(self, parts: Parts, born: Unknown | None, record: Record) -> None:
        self.parts = parts
        self.born = born
        self.record = record

    def call(
        self, machine: Any, method: str, arguments: list[Value], keywords: Keywords, location: Location | None
    ) -> Value:
        """`build`, `copy`, or one of the methods that change the builder and return it."""
        if method in ("build", "build_without_init"):
            assert location is not None  # whoever writes a call writes it somewhere
            return Driver(self.parts.copy(), location, machine, self.record)
        if method == "copy":
            copied = self.parts.copy()
            copied.overrides = False  # Hamilton's `copy` forgets it
            return Builder(copied, machine.guess, self.record)
        part = _CHANGES.get(method)
        if part is None:
            return self
        if machine.guess is not None and machine.guess is not self.born:
            self.parts.doubt(part, machine.guess)
        else:
            self._change(part, arguments, dict(keywords))
        return self

    def _change(self, part: int, arguments: list[Value], keywords: Mapping[str, Value]) -> None:
        parts = self.parts
        if part == CONFIG:
            parts.configure(arguments[0] if arguments else keywords.get("config"))
        elif part == MODULES:
            parts.modules += arguments
        elif part == ADAPTERS:
            parts.adapters += [*arguments, *keywords.values()]
        elif part == MATERIALIZERS:
            parts.materializers += map(_as_it_is, arguments)
        elif part == OVERRIDES:
            parts.overrides = True
        else:
            parts.is_dynamic = True


_CHANGES = {
    "with_config": CONFIG,
    "with_modules": MODULES,
    "with_adapter": ADAPTERS,
    "with_adapters": ADAPTERS,
    "with_materializers": MATERIALIZERS,
    "allow_module_overrides": OVERRIDES,
    "enable_dynamic_execution": DYNAMIC,
}

BUILDER_METHODS = frozenset({*_CHANGES, "build", "build_without_init", "copy"})


class MadeModule(Model):
    """A module that is made of functions at run time."""

    __slots__ = ("functions", "name")

    def __init__(self, functions: tuple[Value, ...], name: Value) -> None:
        self.functions = functions
        self.name = name

    def attribute(self, name: str) -> Value:
        """One of its functions."""
        found = (part for part in self.functions if isinstance(part, Function) and part.name == name)
        return next(found, Bound(self, name))


def driver_parts(arguments: list[Value], keywords: Keywords, is_async: bool) -> Parts:
    """The parts of `Driver(config, *modules, adapter=..., ...)`."""
    parts, named = Parts(is_async), dict(keywords)
    parts.configure(named["config"] if "config" in named else arguments[0] if arguments else None)
    if arguments and isinstance(arguments[0], Rest):
        parts.doubt(CONFIG, arguments[0].unknown)
        parts.modules.append(arguments[0])
    parts.modules += arguments[0 if "config" in named else 1 :]
    for word in ("adapter", "adapters"):
        given: Value = named.get(word)
        several = list(given) if type(given) in (list, tuple) else [given]
        parts.adapters += several if given is not None else []
    parts.overrides = named.get("allow_module_overrides", False)
    if "**" in named:
        parts.doubt(OVERRIDES, explain(named["**"]))
    executor = named.get("_graph_executor")
    parts.is_dynamic = False if executor is None or is_data(executor) else explain(executor)
    return parts
