"""What did the user ask for? The settings of a project and the options of one command, as data.

Terms: *settings* stand in `[tool.dagcheck]` of `pyproject.toml`, or at top level in `dagcheck.toml`; *options* stand on
the command line and add to them or win over them. A *usage error* is a mistake in either: all of them at once, for
stderr and exit status 2.

Reading is elsewhere: `folder` finds the project, `loading` its settings, `context` reads `--config` and its kin.
Only `documents` opens TOML and JSON. What rules exist is not known here; callers pass their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from dagcheck.diagnostics import Severity
from dagcheck.span import Location

TypeCheck = Literal["hamilton", "strict", "off"]
LockLevel = Literal["off", "direct", "transitive"]

TYPE_CHECKS: tuple[TypeCheck, ...] = ("hamilton", "strict", "off")
LOCK_LEVELS: tuple[LockLevel, ...] = ("off", "direct", "transitive")


class UsageError(Exception):
    """Mistakes in options or settings: one line each, with `path:line:column: ` in front where they have a place."""

    def __init__(self, *messages: str) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


class DataflowSettings(NamedTuple):
    """One `[[tool.dagcheck.dataflow]]`.

    `modules` are dotted names or paths, with globs. `configs` is None for the whole configuration space. `inputs` is
    the complete list of external inputs as (name, type as written or None), None when it is not known. `places` says where the
    names in these lists and the keys of configurations are written, by the key of the settings (`config 0` and on for the
    configurations) and the name.
    """

    name: str
    modules: tuple[str, ...]
    location: Location
    configs: tuple[Mapping[str, Any], ...] | None = None
    final_vars: tuple[str, ...] | None = None
    inputs: tuple[tuple[str, str | None], ...] | None = None
    overrides: tuple[str, ...] = ()
    allow_module_overrides: bool = False
    owner: str | None = None
    places: Mapping[tuple[str, str], Location] = {}

    def place(self, key: str, name: str) -> Location:
        """Where a name is written under a key of the settings."""
        return self.places.get((key, name), self.location)


class Conventions(NamedTuple):
    """What a project asks of its nodes; the rules about practice hold it to that.

    `required_tags` are keys. `node_names` is a regular expression for whole names, "" for any. `layers` are from the bottom up,
    each made of modules (names with globs) and tags (`tag:key=value`): no node reads one of a higher layer.
    """

    required_tags: tuple[str, ...] = ()
    node_names: str = ""
    layers: tuple[tuple[str, ...], ...] = ()


class Settings(NamedTuple):
    """The settings of a project; `path` is their file, relative to the project folder, None when there is none.

    `roots` are folders relative to the project, () for the default. `per_file_ignores` are (glob, rules) pairs.
    """

    path: str | None = None
    roots: tuple[str, ...] = ()
    python: str | None = None
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = "error"
    type_check: TypeCheck = "hamilton"
    severity: Mapping[str, Severity] = {}
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dataflows: tuple[DataflowSettings, ...] = ()
    conventions: Conventions = Conventions()
    locks: LockLevel = "off"


class Options(NamedTuple):
    """What the command line adds to the settings; paths are as the user wrote them, relative to the current folder.

    `config` is the whole configuration, fixed (None: not given); `assume` narrows and leaves other keys free.
    """

    project: str | None = None
    roots: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    config: Mapping[str, Any] | None = None
    assume: Mapping[str, Any] = {}
    final_vars: tuple[str, ...] | None = None
    inputs: tuple[str, ...] | None = None
    overrides: tuple[str, ...] | None = None
    allow_module_overrides: bool = False
    type_check: TypeCheck | None = None
    dataflow: str | None = None
    python: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pedantic: bool = False
    use_cache: bool = True
    cache_dir: str | None = None
    jobs: int | None = None
    locks: LockLevel | None = None
