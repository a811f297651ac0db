"""Which adapters let types pass that Hamilton refuses, and what becomes of a mismatch then."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import hamilton
import pytest
from hamilton.lifecycle.base import BaseDoCheckEdgeTypesMatch

from dagcheck.dataflows.loosening import LOOSENING, loosening
from dagcheck.dataflows.specification import DataflowSpec, SpecOrigin
from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.values import Rest, Unknown
from dagcheck.graph.build import build, withheld
from dagcheck.names.modules import ProjectModule
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Dependency, Node, Origin
from dagcheck.span import NOWHERE
from dagcheck.types.assignability import matches
from dagcheck.types.model import ClassType
from tests.unit.type_sources import TypeSource

MODULE = """
from dataclasses import dataclass
from hamilton import base, lifecycle
from hamilton.lifecycle import EdgeConnectionHook, NoEdgeAndInputTypeChecking, api
from hamilton.plugins import h_dask, h_ray
from hamilton_sdk.adapters import HamiltonTracker
import elsewhere

class Own(EdgeConnectionHook):
    def check_edge_types_match(self, type_from, type_to, **kwargs): return True
class Heir(Own): pass
@dataclass
class Made(NoEdgeAndInputTypeChecking):
    size: int = 0
class Legacy(base.SimplePythonGraphAdapter):
    @staticmethod
    def check_node_type_equivalence(node_type, input_type): return True
class Quiet(lifecycle.NodeExecutionHook):
    def run_before_node_execution(self, **kwargs): pass
class Renamed(base.SimplePythonGraphAdapter): pass
class Far(elsewhere.Adapter): pass
"""


def words(text: str) -> str:
    place = TypeSource(MODULE)
    return loosening([place.value_of(text)], place.hierarchy)


@pytest.mark.parametrize(
    ("adapter", "expected"),
    [
        ("NoEdgeAndInputTypeChecking()", "adapter `NoEdgeAndInputTypeChecking` may let any types pass"),
        ("lifecycle.NoEdgeAndInputTypeChecking()", "adapter `NoEdgeAndInputTypeChecking` may let any types pass"),
        ("h_dask.DaskGraphAdapter(None)", "adapter `DaskGraphAdapter` may let any types pass"),
        ("Own()", "adapter `Own` checks edges itself"),
        ("Heir()", "adapter `Heir` checks edges itself"),
        ("Made(1)", "adapter `Made` checks edges itself"),
        ("Legacy()", "adapter `Legacy` checks edges itself"),
        ("Far()", "adapter `Far` checks edges itself"),
        ("elsewhere.Adapter()", "adapter `Adapter` may let any types pass"),
        ("[base.DictResult(), Own()]", "adapter `Own` checks edges itself"),
        ("os.environ['ADAPTER']", "an adapter is not known (`os` is not defined)"),
    ],
)
def test_an_adapter_with_a_check_of_its_own_loosens(adapter: str, expected: str) -> None:
    assert words(adapter) == expected


@pytest.mark.parametrize(
    "adapter",
    ["None", "[]", "base.DictResult()", "base.SimplePythonGraphAdapter(base.DictResult())", "h_ray.RayGraphAdapter()", "Quiet()",
     "Renamed()", "lifecycle.PrintLn()", "HamiltonTracker(project_id=1)"],
)  # fmt: skip
def test_other_adapters_do_not(adapter: str) -> None:
    assert words(adapter) == ""


def test_what_cannot_be_read_may_be_any_adapter() -> None:
    reason = Unknown("depends on the environment")
    assert loosening([Rest(reason)], TypeSource("").hierarchy) == "an adapter is not known (depends on the environment)"


def test_hamiltons_own_loosening_adapters_are_all_known() -> None:
    found = set()
    for info in pkgutil.walk_packages(hamilton.__path__, "hamilton."):
        if not info.name.startswith(
            ("hamilton.lifecycle", "hamilton.base", "hamilton.plugins.h_", "hamilton.experimental")
        ):
            continue
        try:
            module = importlib.import_module(info.name)
        except Exception:  # noqa: BLE001  what is not installed cannot be looked at
            continue
        found |= {cls for _, cls in inspect.getmembers(module, inspect.isclass) if _is_own(cls)}
    loose = {cls.__name__ for cls in found if not inspect.isabstract(cls) and _lets_more_pass(cls)}
    assert loose <= LOOSENING
    assert "NoEdgeAndInputTypeChecking" in loose


def _is_own(cls: type) -> bool:
    return issubclass(cls, BaseDoCheckEdgeTypesMatch) and cls.__module__.startswith("hamilton.")


def _lets_more_pass(cls: type) -> bool:
    check: Any = getattr(cls, "check_node_type_equivalence", None) or getattr(cls, "check_edge_types_match", None)
    return check is not None and "return node_type == input_type" not in inspect.getsource(check).splitlines()[-1]


def test_a_mismatch_is_withheld_where_an_adapter_may_let_it_pass() -> None:
    origin = Origin("f", "m", "m.py", 1, 1)
    text = Node("a", ClassType("class", "str"), (), ALWAYS, "standard", origin, NOWHERE)
    number = Dependency("a", ClassType("class", "int"), False, NOWHERE)
    reader = Node("b", ClassType("class", "int"), (number,), ALWAYS, "standard", origin, NOWHERE)
    part = ModuleNodes("m", "m.py", (text, reader), (), True, True, False)
    spec = DataflowSpec("flow", SpecOrigin("driver", "run.py", 1), (ProjectModule("m", "m.py"),))
    hierarchy = TypeSource("").hierarchy
    strict = build(spec, [part], lambda parameter, node: matches(parameter, node, hierarchy))
    assert len(strict.verdicts["a"].mismatches) == 1
    match = lambda parameter, node: matches(parameter, node, hierarchy)  # noqa: E731
    loose = build(spec._replace(loosened="adapter `Own` checks edges itself"), [part], match)
    assert loose.verdicts["a"].mismatches == ()
    assert withheld(loose, match) == 1
