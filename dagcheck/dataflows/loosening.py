"""May a driver's adapters let types pass that Hamilton refuses?

An adapter with a check of its own for edges (`lifecycle.EdgeConnectionHook`, or a legacy `GraphAdapter`) is asked wherever two
types do not match, and may say that they do; it never makes a match a mismatch. Which types it lets pass is its code's own
affair, so a mismatch in such a dataflow is no longer certain. The same holds for the values of inputs.

Source: `hamilton.graph.add_dependency`, `hamilton.lifecycle.api`.
"""

from __future__ import annotations

from collections.abc import Iterable

from dagcheck.evaluation.attributes import find_in_class
from dagcheck.evaluation.ignorance import describe
from dagcheck.evaluation.objects import MISSING, Class, Instance
from dagcheck.evaluation.values import Construction, Reference, Rest, Subscripted, Unknown, Value
from dagcheck.names.classes import Hierarchy
from dagcheck.types.expressions import canonical

LOOSENING = frozenset(
    "DaskGraphAdapter EdgeConnectionHook NoEdgeAndInputTypeChecking PySparkUDFGraphAdapter SparkKoalasGraphAdapter".split()
)
"""Hamilton's own adapters that let more pass; its other ones compare with `==` at most."""

_CHECKS = frozenset({"check_edge_types_match", "check_node_type_equivalence", "do_check_edge_types_match"})
_INPUT_CHECKS = frozenset({"check_input_type", "do_validate_input", "validate_input"})
_HARMLESS_ROOTS = frozenset({"hamilton_sdk"})
"""Packages whose adapters are known to leave types alone."""


def loosening(adapters: Iterable[Value], hierarchy: Hierarchy) -> str:
    """Why types may pass that Hamilton refuses, in words for a note; "" when none of the adapters can do that."""
    return next((words for adapter in adapters if (words := _loosening(adapter, hierarchy))), "")


def checks_inputs(adapters: Iterable[Value]) -> bool:
    """Is there an adapter of the project that decides by itself which values an input takes?"""
    for adapter in adapters:
        if type(adapter) in (list, tuple, set) and checks_inputs(adapter):
            return True
        made = adapter.callee if isinstance(adapter, Construction) else getattr(adapter, "of", adapter)
        if isinstance(made, Class) and any(find_in_class(made, name) is not MISSING for name in _INPUT_CHECKS):
            return True
    return False


def _loosening(adapter: Value, hierarchy: Hierarchy) -> str:
    if adapter is None:
        return ""
    if type(adapter) in (list, tuple, set):
        return loosening(adapter, hierarchy)
    made = (
        adapter.callee
        if isinstance(adapter, Construction)
        else adapter.of
        if isinstance(adapter, Instance)
        else adapter
    )
    made = made.owner if isinstance(made, Subscripted) else made
    if isinstance(made, Class):
        return f"adapter `{made.name}` checks edges itself" if _checks_edges(made, hierarchy) else ""
    if isinstance(made, Reference) and made is not adapter:
        name = made.name.rpartition(".")[2]
        return f"adapter `{name}` may let any types pass" if _loosens(made.name, hierarchy) else ""
    reason = made.unknown.reason if isinstance(made, Rest) else made.reason if isinstance(made, Unknown) else ""
    return f"an adapter is not known ({reason or describe(made)})"


def _checks_edges(owner: Class, hierarchy: Hierarchy) -> bool:
    """Does a class of the project have a check of its own, or may it have inherited one that lets more pass?"""
    if _CHECKS & set(owner.names):
        return True
    return any(
        _checks_edges(base, hierarchy)
        if isinstance(base, Class)
        else not isinstance(base, Reference) or _loosens(base.name, hierarchy)
        for base in (part.owner if isinstance(part, Subscripted) else part for part in owner.bases)
    )


def _loosens(name: str, hierarchy: Hierarchy) -> bool:
    """Do adapters of a class outside the project let more pass? What is not known of another package may."""
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    if root == "hamilton":
        return last in LOOSENING
    if root in _HARMLESS_ROOTS:
        return False
    names, complete = hierarchy.ancestry(canonical(name))
    records = [hierarchy.record(part) for part in names if not part.startswith("hamilton.")]
    inherits = any(part.startswith("hamilton.") and part.rpartition(".")[2] in LOOSENING for part in names)
    return inherits or not complete or any(record is None or bool(_CHECKS & record.methods) for record in records)
