"""Which modules are one dataflow, and under which configuration?

A `DataflowSpec` is what a driver would be given: modules in order and a configuration, plus where that came from. It says
nothing of what is in the modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from dagcheck.names.modules import ProjectModule


class SpecOrigin(NamedTuple):
    """Where a dataflow comes from: the settings, a driver's construction, the command line, or a file by itself."""

    kind: Literal["settings", "driver", "command-line", "file"]
    path: str
    line: int


class DataflowSpec(NamedTuple):
    """One dataflow to build.

    `config` fixes the whole configuration as a driver would get it; None leaves it free, narrowed by `assume`. `loosened`
    says why its adapters may let types pass that Hamilton refuses (see `dagcheck.dataflows.loosening`), "" when they do not.
    """

    name: str
    origin: SpecOrigin
    modules: tuple[ProjectModule, ...]
    config: Mapping[str, Any] | None = None
    assume: Mapping[str, Any] = {}
    allow_module_overrides: bool = False
    owner: str = ""
    loosened: str = ""
