"""Which dataflows are the drivers that were seen, and what stopped the reading of the others?

One construction with the same modules is one dataflow, whatever the configurations it is given: each is a specification of the
same name. What is asked of equal drivers adds up. A driver whose modules cannot be told is none: it is named with the
expression that stopped it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dagcheck.dataflows.calls import read_call, read_materializer
from dagcheck.dataflows.declared import is_test_module
from dagcheck.dataflows.drivers import MadeModule
from dagcheck.dataflows.failures import Failures
from dagcheck.dataflows.places import enclosing
from dagcheck.dataflows.search import Seen
from dagcheck.dataflows.specification import (
    DataflowSpec,
    Discovered,
    DriverCall,
    Found,
    Materializer,
    SpecOrigin,
    TemporaryModule,
    Unresolved,
    added,
)
from dagcheck.evaluation.ignorance import describe, explain, is_data, is_plain, without_places
from dagcheck.evaluation.objects import Function
from dagcheck.evaluation.operations import truth
from dagcheck.evaluation.values import Module, Reference, Rest, Text, Unknown, Value
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.source.facts import Source
from dagcheck.span import Location

_LONGEST_EXPRESSION = 80


def resolved(
    seen: Iterable[Seen], index: ModuleIndex, source_of: Callable[[str], Source | None]
) -> tuple[list[Found], list[Unresolved]]:
    """These drivers, as far as their modules can be told, and what stopped the reading of the others."""
    found: list[Found] = []
    unresolved: list[Unresolved] = []
    failures = Failures(source_of)
    for item in _meant(seen, failures):
        parts = _modules(item.driver.parts.modules, index)
        if isinstance(parts, Unknown):
            reason = f"{_written(source_of, parts.location)}{parts.reason}"
            unresolved.append(Unresolved(item.driver.location, reason, parts.location))
        elif parts.modules or parts.temporary:
            found.append(_resolved(item, parts, source_of))
    return found, unresolved


def discovered(
    found: Iterable[Found], unresolved: Iterable[Unresolved], source_of: Callable[[str], Source | None]
) -> Discovered:
    """The dataflows of all drivers, by the place where each is made."""
    ordered = sorted(found, key=lambda one: (is_test_module(one.location.path), one.location))
    made = _named(_joined(ordered), source_of)
    return Discovered(tuple(made), tuple(sorted(dict.fromkeys(unresolved), key=lambda one: one.location)))


def _meant(seen: Iterable[Seen], failures: Failures) -> Iterator[Seen]:
    """What is seen but for what is meant to fail."""
    for item in seen:
        if not failures.cover(item.driver.location, *item.driver.stack):
            meant = [use for use in item.uses if not failures.cover(use.location, *use.stack)]
            yield item._replace(uses=tuple(meant))


def _around(source_of: Callable[[str], Source | None], place: Location) -> tuple[str, str]:
    source = source_of(place.path)
    return ("", "") if source is None else enclosing(source.facts.statements, place.span)


def _written(source_of: Callable[[str], Source | None], place: Location | None) -> str:
    """An expression as it is written, where that is short; with a space behind it."""
    source = None if place is None else source_of(place.path)
    if source is None or place is None or place.span.line != place.span.end_line:
        return ""
    line = source.text.split("\n")[place.span.line - 1]
    text = line[place.span.column - 1 : place.span.end_column - 1]
    return f"`{text}` " if 0 < len(text) <= _LONGEST_EXPRESSION else ""


class _Parts(NamedTuple):
    modules: tuple[ProjectModule, ...]
    temporary: tuple[TemporaryModule, ...]


def _modules(values: Iterable[Value], index: ModuleIndex) -> _Parts | Unknown:
    """The modules of a driver in order, or what cannot be read of them."""
    modules: list[ProjectModule] = []
    temporary: list[TemporaryModule] = []
    for value in values:
        if isinstance(value, Module):
            found = index.resolve(value.module, None)
            if not isinstance(found, ProjectModule):
                return Unknown(f"`{value.module}` is a folder without `__init__.py`")
            modules.append(found)
        elif isinstance(value, MadeModule):
            unread = next((part for part in value.functions if not isinstance(part, Function)), None)
            if unread is not None:
                return explain(unread)
            temporary.append(TemporaryModule(value.name if isinstance(value.name, str) else "", value.functions))
        elif isinstance(value, Reference):
            return Unknown(f"module `{value.name}` is not in the project")
        elif isinstance(value, (Unknown, Rest)):
            return explain(value)
        elif not is_data(value):  # Hamilton finds nothing in a list or a text, and says nothing of it
            return Unknown(f"{describe(value)} is no module that can be read")
    return _Parts(tuple(modules), tuple(temporary))


def _resolved(seen: Seen, made: _Parts, source_of: Callable[[str], Source | None]) -> Found:
    driver, parts = seen.driver, seen.driver.parts
    config, assume = _configuration(parts.config)
    materializers: list[Materializer] = []
    is_whole = True
    for value in parts.materializers:
        read = read_materializer(value, driver.location)
        is_whole = is_whole and read is not None
        materializers += [] if read is None else [read]
    spec = DataflowSpec(
        "",
        SpecOrigin("driver", driver.location.path, driver.location.span.line),
        made.modules,
        config,
        assume,
        allow_module_overrides=truth(parts.overrides) is not False,
        config_places={str(key): key.location for key in parts.config if isinstance(key, Text)},
        constructions=(driver.location,),
        adapters=tuple(parts.adapters),
        materializers=tuple(materializers),
        temporary=made.temporary,
        calls=tuple(_calls(seen, source_of)),
        is_dynamic=truth(parts.is_dynamic) is not False,
        is_async=parts.is_async,
        is_whole=is_whole,
        is_certain=seen.is_certain or seen.is_built,
    )
    return Found(spec, driver.location, driver.stack)


def _configuration(given: Mapping[Value, Value]) -> tuple[Mapping[str, Value] | None, Mapping[str, Value]]:
    """The whole configuration, or None and those keys of it that are known for sure."""
    keys = list(given)
    last = max((index for index, key in enumerate(keys) if not is_plain(key)), default=-1)
    if last == -1:
        return {without_places(key): _config_value(value) for key, value in given.items()}, {}
    known = [key for key in keys[last + 1 :] if isinstance(key, str) and is_plain(given[key])]
    return None, {str(key): without_places(given[key]) for key in known}


def _config_value(value: Value) -> Value:
    """A value as it can be shown and kept: of what is no plain value, why that is."""
    if isinstance(value, (Module, Reference)):
        return value
    return without_places(value) if is_plain(value) else Unknown(explain(value).reason)


def _calls(seen: Seen, source_of: Callable[[str], Source | None]) -> list[DriverCall]:
    found: dict[str, DriverCall] = {}
    for use in seen.uses:
        call = read_call(use.method, use.arguments, use.keywords, use.location)
        if call is not None:
            name, _ = _around(source_of, use.location)
            can_fan_out = seen.driver.parts.is_async or truth(seen.driver.parts.is_dynamic) is not False
            call = call._replace(function=name, is_dynamic=can_fan_out, is_certain=seen.is_certain)
            found.setdefault(repr(call), call)
    return list(found.values())


def _joined(found: Iterable[Found]) -> list[Found]:
    """Equal drivers become one, wherever they are made, with what is asked of any of them."""
    by_key: dict[tuple[object, ...], Found] = {}
    for one in found:
        key = (*_identity(one), *_manner(one.spec))
        before = by_key.get(key)
        by_key[key] = one if before is None else before._replace(spec=added(before.spec, one.spec))
    return list(by_key.values())


def _manner(spec: DataflowSpec) -> tuple[object, ...]:
    """All that tells a specification from others of the same modules."""
    adapters = tuple(describe(adapter) for adapter in spec.adapters)
    materializers = tuple((item.kind, item.format, item.name) for item in spec.materializers)
    flags = (spec.allow_module_overrides, spec.is_dynamic, spec.is_async, spec.is_whole)
    return (repr(spec.config), repr(spec.assume), *flags, adapters, materializers)


def _named(found: Sequence[Found], source_of: Callable[[str], Source | None]) -> list[DataflowSpec]:
    """Names by file and enclosing function or variable: of the construction, or of the call that tells it from others."""
    taken: dict[str, object] = {}
    named: list[DataflowSpec] = []
    passing = _passing(found)
    for one in found:
        place = _telling_place(one, passing)
        function, variable = _around(source_of, place)
        stem = place.path.removesuffix("/__init__.py").rpartition("/")[2].removesuffix(".py")
        name = f"{stem}.{function or variable}" if function or variable else stem
        name = _free_name(name, (one.location, _identity(one)), taken)
        named.append(one.spec._replace(name=name, origin=SpecOrigin("driver", place.path, place.span.line)))
    return named


def _identity(one: Found) -> tuple[object, ...]:
    functions = [function for made in one.spec.temporary for function in made.functions]
    temporary = tuple([(function.scope.path, function.header.place) for function in functions])
    return (one.spec.modules, temporary)


def _passing(found: Iterable[Found]) -> Mapping[tuple[Location, int, Location], set[object]]:
    """Per construction, and number of calls up from it, which drivers have passed a place."""
    passing: dict[tuple[Location, int, Location], set[object]] = {}
    for one in found:
        for depth, place in enumerate([one.location, *reversed(one.stack)]):
            passing.setdefault((one.location, depth, place), set()).add(_identity(one))
    return passing


def _telling_place(one: Found, passing: Mapping[tuple[Location, int, Location], set[object]]) -> Location:
    """The construction, or the innermost call on the way to it that no driver of other modules has passed."""
    for depth, place in enumerate([one.location, *reversed(one.stack)]):
        if len(passing[one.location, depth, place]) == 1:
            return place
    return one.location


def _free_name(name: str, owner: object, taken: dict[str, object]) -> str:
    """The name, numbered where another dataflow has it already."""
    number = 1
    candidate = name
    while taken.setdefault(candidate, owner) != owner:
        number += 1
        candidate = f"{name}#{number}"
    return candidate
