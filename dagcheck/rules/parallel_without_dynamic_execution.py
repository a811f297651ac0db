"""`parallel-without-dynamic-execution`: a driver that cannot fan out is asked for what does."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.dataflows.calls import EXECUTING
from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.rules.calling import certainty_of_call, place_in, witness_of_call
from dagcheck.rules.rule import CallUnit, finding, place, rule

_CHECKING = EXECUTING | {"validate_execution", "validate_materialization"}


@rule(summary="A driver that cannot fan out is asked for what does", level="call", group="drivers")
def parallel_without_dynamic_execution(unit: CallUnit) -> Iterator[Diagnostic]:
    """Hamilton raises an `InvalidExecutorException` before it computes anything."""
    if unit.call.is_dynamic or unit.call.method not in _CHECKING:
        return
    node = next((node for node in unit.view.nodes if node.role in ("expand", "collect")), None)
    if node is None:
        return
    words = "fans out" if node.role == "expand" else "gathers what fanned out"
    yield finding(
        f"`{node.name}` {words}, but the driver is not built for dynamic execution",
        place_in(unit, unit.call.location),
        "execution",
        label=f"needs `{node.name}`",
        related=(Annotation(place(node), words),),
        advice="call `enable_dynamic_execution(allow_experimental_mode=True)` on the builder",
        nodes=(node.name,),
        dataflow=unit.dataflow,
        config=witness_of_call(unit, node.condition),
        certainty=certainty_of_call(unit, node.condition),
    )
