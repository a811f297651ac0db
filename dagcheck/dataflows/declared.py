"""Which dataflows does the project have?

In order: those that the settings declare, then each file in which a function carries a modifier or a type of Hamilton's and
that none of these contains, by itself, then each file named as PATH that is still left (DESIGN, section 4). Modules given on
the command line are the one dataflow instead. Test modules are never dataflows by themselves: what they define is for tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from dagcheck.dataflows.specification import UNREAD, Asked, DataflowSpec, DriverCall, Given, SpecOrigin
from dagcheck.names.modules import ProjectModule
from dagcheck.settings import DataflowSettings, Options
from dagcheck.settings.globs import matcher
from dagcheck.span import NOWHERE, Location


class Missing(NamedTuple):
    """A module that the settings name and the project does not have."""

    dataflow: DataflowSettings
    module: str


class Declared(NamedTuple):
    """The dataflows of the settings, and the modules they name in vain."""

    specs: tuple[DataflowSpec, ...]
    missing: tuple[Missing, ...]


def from_command_line(modules: Sequence[ProjectModule], options: Options) -> DataflowSpec:
    """The one dataflow that `--module` names."""
    return with_configuration(DataflowSpec("command-line", SpecOrigin("command-line", "", 0), tuple(modules)), options)


def from_settings(
    declared: Iterable[DataflowSettings],
    modules: Mapping[str, ProjectModule],
    resolve: Callable[[str], ProjectModule | None],
    options: Options,
) -> Declared:
    """One specification per dataflow and configuration of the settings; a glob takes the matching modules in order."""
    specs: list[DataflowSpec] = []
    missing: list[Missing] = []
    for entry in declared:
        found: dict[str, ProjectModule] = {}
        for pattern in entry.modules:
            matched = _matching(pattern, modules, resolve)
            if not matched:
                missing.append(Missing(entry, pattern))
            found.update({module.path: module for module in matched})
        origin = SpecOrigin("settings", entry.location.path, entry.location.span.line)
        spec = DataflowSpec(
            entry.name,
            origin,
            tuple(found.values()),
            allow_module_overrides=entry.allow_module_overrides,
            owner=entry.owner or "",
            calls=_asked_in_settings(entry),
        )
        if entry.configs is None:
            specs.append(with_configuration(spec, options))
        for index, config in enumerate(entry.configs or ()):
            places = {key: entry.place(f"config {index}", key) for key in config}
            specs.append(with_configuration(spec._replace(config=config, config_places=places), options))
    return Declared(tuple(specs), tuple(missing))


def from_file(module: ProjectModule, options: Options) -> DataflowSpec:
    """A file that is a dataflow by itself."""
    return with_configuration(DataflowSpec(module.name, SpecOrigin("file", module.path, 1), (module,)), options)


def is_test_module(path: str) -> bool:
    """Is this one of pytest's modules, by its default naming?"""
    name = path.rpartition("/")[2]
    return name == "conftest.py" or fnmatchcase(name, "test_*.py") or fnmatchcase(name, "*_test.py")


def with_configuration(spec: DataflowSpec, options: Options) -> DataflowSpec:
    """The specification under the configuration that the command line gives."""
    overrides = spec.allow_module_overrides or options.allow_module_overrides
    spec = spec._replace(calls=(*spec.calls, *_asked_in_options(options)))
    if options.config is not None:
        return spec._replace(config=options.config, config_places={}, assume={}, allow_module_overrides=overrides)
    return spec._replace(assume={**spec.assume, **options.assume}, allow_module_overrides=overrides)


def _asked_in_settings(entry: DataflowSettings) -> tuple[DriverCall, ...]:
    """What the settings say that is asked of a dataflow."""
    if entry.final_vars is None and entry.inputs is None and not entry.overrides:
        return ()
    call = DriverCall(
        "settings",
        entry.location,
        outputs=tuple(Asked(name, entry.place("final-vars", name)) for name in entry.final_vars or ()),
        inputs=tuple(Given(name, entry.place("inputs", name), UNREAD) for name, _ in entry.inputs or ()),
        overrides=tuple(Given(name, entry.place("overrides", name), UNREAD) for name in entry.overrides),
        has_all_outputs=entry.final_vars is not None,
        has_all_inputs=entry.inputs is not None,
    )
    return (call,)


def _asked_in_options(options: Options) -> tuple[DriverCall, ...]:
    """What the command line asks of a dataflow."""
    if options.final_vars is None and options.inputs is None and options.overrides is None:
        return ()
    place = Location("", NOWHERE)
    call = DriverCall(
        "command-line",
        place,
        outputs=tuple(Asked(name, place) for name in options.final_vars or ()),
        inputs=tuple(Given(name, place, UNREAD) for name in options.inputs or ()),
        overrides=tuple(Given(name, place, UNREAD) for name in options.overrides or ()),
        has_all_outputs=options.final_vars is not None,
        has_all_inputs=options.inputs is not None,
    )
    return (call,)


def _matching(
    pattern: str, modules: Mapping[str, ProjectModule], resolve: Callable[[str], ProjectModule | None]
) -> list[ProjectModule]:
    if any(character in pattern for character in "*?["):
        return [modules[name] for name in sorted(modules) if _covers(pattern, modules[name])]
    found = modules.get(pattern) or resolve(pattern)
    return [] if found is None else [found]


def _covers(pattern: str, module: ProjectModule) -> bool:
    """Does a glob over dotted names, or over paths, mean this module? Modules of tests are never meant by one."""
    if is_test_module(module.path):
        return False
    if "/" in pattern or pattern.endswith(".py"):
        return matcher([pattern])(module.path)
    return fnmatchcase(module.name, pattern)
