"""Which modules are one dataflow, under which configuration, and what is asked of it?

A `DataflowSpec` is what a driver would be given: modules in order and a configuration, plus where that came from and every
use that is made of it: the *calls* that ask for outputs and give inputs, each name with the place where it is written. It
says nothing of what is in the modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.objects import Function
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.names.modules import ProjectModule
from dagcheck.span import Location
from dagcheck.types.model import Type


class SpecOrigin(NamedTuple):
    """Where a dataflow comes from: the settings, a driver's construction, the command line, or a file by itself."""

    kind: Literal["settings", "driver", "command-line", "file"]
    path: str
    line: int


class Asked(NamedTuple):
    """A node's name that is asked for, and the place where the name is written."""

    name: str
    location: Location


UNREAD = Unknown("is given when the code runs")
"""The value of an input of which only the name is known."""


class Given(NamedTuple):
    """A value given under a node's name, and the place where the name is written; `value` as far as it is known."""

    name: str
    location: Location
    value: Value = UNREAD


class Materializer(NamedTuple):
    """A saver (`to.json(...)`) or a loader (`from_.json(...)`) that a driver adds to its graph.

    `format` is the last part of its name. `name` is the saver's id, or the node that a loader takes the place of.
    `dependencies` are the nodes that a saver writes; `call` is the whole of it, as evaluated.
    """

    kind: Literal["to", "from_"]
    format: str
    name: str
    dependencies: tuple[Asked, ...]
    call: Value
    location: Location


class TemporaryModule(NamedTuple):
    """A module that is made of functions at run time; `name` is "" where it gets one by chance."""

    name: str
    functions: tuple[Function, ...]


class DriverCall(NamedTuple):
    """One use of a dataflow.

    `method` is the driver's method, `settings` or `command-line`; `function` encloses the call, "" at the top level.
    `config` is the driver's own configuration where the dataflow leaves it free; `knows_config` is False where the dataflow
    fixes what the driver leaves free. `is_dynamic` is False for drivers that cannot execute fan-outs, `is_certain`
    for calls on a way through the code of which it is not sure that it can be gone.
    `has_all_...` is False where further names are given that cannot be read: the lists are then what is known of them.
    """

    method: str
    location: Location
    function: str = ""
    outputs: tuple[Asked, ...] = ()
    inputs: tuple[Given, ...] = ()
    overrides: tuple[Given, ...] = ()
    materializers: tuple[Materializer, ...] = ()
    has_all_outputs: bool = True
    has_all_inputs: bool = True
    has_all_overrides: bool = True
    config: Mapping[str, Any] | None = None
    knows_config: bool = True
    is_dynamic: bool = True
    is_certain: bool = True

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The outputs, and the nodes that savers write."""
        return (*self.outputs, *(part for item in self.materializers for part in item.dependencies))


class DataflowSpec(NamedTuple):
    """One dataflow to build.

    `config` fixes the whole configuration as a driver would get it; None leaves it free, narrowed by `assume`.
    `config_places` says where its keys are written. `constructions` are the drivers that are this dataflow; their
    `adapters` are kept as evaluated, their `materializers` are part of the graph. `temporary` are the modules that are made at
    run time; they come after the `modules`. `is_dynamic`: fan-outs can be executed. `is_whole`: no materializer is missing
    here because it could not be read. `is_certain`: it is sure that the code can go the way on which this is built.
    `input_types` are the types that the settings say that inputs have.
    `loosened` says why the adapters may let types pass that Hamilton refuses (see
    `dagcheck.dataflows.loosening`), "" when they do not.
    """

    name: str
    origin: SpecOrigin
    modules: tuple[ProjectModule, ...]
    config: Mapping[str, Any] | None = None
    assume: Mapping[str, Any] = {}
    allow_module_overrides: bool = False
    owner: str = ""
    config_places: Mapping[str, Location] = {}
    constructions: tuple[Location, ...] = ()
    adapters: tuple[Value, ...] = ()
    materializers: tuple[Materializer, ...] = ()
    temporary: tuple[TemporaryModule, ...] = ()
    calls: tuple[DriverCall, ...] = ()
    is_dynamic: bool = False
    is_async: bool = False
    is_whole: bool = True
    is_certain: bool = True
    input_types: Mapping[str, Type] = {}
    loosened: str = ""

    @property
    def config_complete(self) -> bool:
        """Is every configuration key known with its value, so that all others are absent?"""
        return self.config is not None and all(map(is_plain, self.config.values()))

    @property
    def temporary_paths(self) -> frozenset[str]:
        """The files in which the functions of temporary modules are written."""
        return frozenset(function.scope.path for made in self.temporary for function in made.functions)

    @property
    def outputs(self) -> tuple[Asked, ...]:
        """Every output ever asked for, once, with the first place that asks for it."""
        return tuple(_first(asked for call in self.calls for asked in call.asked))

    @property
    def inputs(self) -> tuple[Asked, ...]:
        """Every input ever given, once, with the first place that gives it."""
        return tuple(_first(Asked(*given[:2]) for call in self.calls for given in call.inputs))

    @property
    def overrides(self) -> tuple[Asked, ...]:
        """Every override ever given, once, with the first place that gives it."""
        return tuple(_first(Asked(*given[:2]) for call in self.calls for given in call.overrides))

    @property
    def has_all_outputs(self) -> bool:
        """Is there a call, and is every output known that any call asks for?"""
        return bool(self.calls) and all(call.has_all_outputs for call in self.calls)


class Unresolved(NamedTuple):
    """A driver that is no dataflow because its modules cannot be told: the construction, and the expression that stopped it."""

    location: Location
    reason: str
    cause: Location | None


class Found(NamedTuple):
    """One driver, resolved: what it is, where from, and through which calls it was made, outermost first."""

    spec: DataflowSpec
    location: Location
    stack: tuple[Location, ...]


class Discovered(NamedTuple):
    """The dataflows that drivers make, and the drivers that could not be resolved."""

    specs: tuple[DataflowSpec, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


NOTHING_DISCOVERED = Discovered()


def added(spec: DataflowSpec, other: DataflowSpec) -> DataflowSpec:
    """The specification with the constructions and calls of an equal one."""
    calls: dict[str, DriverCall] = {}
    for call in sorted((*spec.calls, *other.calls), key=lambda call: not call.is_certain):
        calls.setdefault(repr(call._replace(is_certain=True)), call)
    places = tuple(dict.fromkeys((*spec.constructions, *other.constructions)))
    certain = spec.is_certain or other.is_certain
    return spec._replace(calls=tuple(calls.values()), constructions=places, is_certain=certain)


def _first(asked: Iterable[Asked]) -> list[Asked]:
    found: dict[str, Asked] = {}
    for item in asked:
        found.setdefault(item.name, item)
    return list(found.values())
