"""What do the rules about calls of drivers have in common? Where to point, how sure to be, and which name was meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dagcheck.dataflows.specification import DriverCall
from dagcheck.diagnostics import Certainty
from dagcheck.evaluation.conditions import Condition
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import CallUnit, certainty_of_input
from dagcheck.span import NOWHERE, Location


def place_in(unit: CallUnit, location: Location) -> Location:
    """The place itself; what the command line asks is shown where the dataflow is."""
    if location.path:
        return location
    path = unit.dataflow.origin.path or next((path for _, path in unit.dataflow.modules), "")
    return Location(path, NOWHERE)


def who_asks(call: DriverCall) -> str:
    """Who asks, in words with a verb."""
    if call.method == "settings":
        return "the settings ask"
    return "the command line asks" if call.method == "command-line" else f"`{call.method}` asks"


def certainty_of_call(unit: CallUnit, condition: Condition) -> Certainty:
    """How sure a finding is about what a call needs: only where the driver's configuration is known, or none matters."""
    if not unit.call.knows_config or (not unit.view.is_fixed and condition != unit.dataflow.space.condition):
        return "likely"
    return certainty_of_input(unit.dataflow, condition)


def witness_of_call(unit: CallUnit, condition: Condition) -> tuple[tuple[str, Any], ...]:
    """The configuration to show for a finding of a call."""
    if unit.view.is_fixed:
        return tuple(sorted(unit.view.config.items(), key=lambda pair: str(pair[0])))
    return witness_of(unit.dataflow.space, condition)


def meant(name: str, names: Iterable[str]) -> str:
    """Advice that tells the names most like one that does not exist; "" when none is."""
    import difflib

    near = difflib.get_close_matches(name, sorted(names), 3, 0.6)
    return f"did you mean {' or '.join(f'`{other}`' for other in near)}?" if near else ""
