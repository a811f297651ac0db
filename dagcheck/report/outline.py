"""What of a dataflow is shown? Its name, origin, modules, configuration, and its rows: all that trees and JSON need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from dagcheck.dataflows.specification import SpecOrigin
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.entries import Entry


class Outline(NamedTuple):
    """A dataflow as reports see it. `modules` are (name, path); `config` is None where no configuration is fixed."""

    name: str
    origin: SpecOrigin
    modules: tuple[tuple[str, str], ...]
    config: Mapping[str, Any] | None
    is_complete: bool
    entries: tuple[Entry, ...]


def outline(dataflow: Dataflow, chosen: Collection[str] | None = None) -> Outline:
    """The outline of a dataflow, or of those of its nodes that are `chosen`."""
    entries = dataflow.entries
    if chosen is not None:
        entries = tuple([entry for entry in entries if entry.name in chosen])
    return Outline(dataflow.name, dataflow.origin, dataflow.modules, dataflow.config, dataflow.complete, entries)
