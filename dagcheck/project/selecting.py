"""Which nodes do the selectors of a command mean, in each dataflow?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.selection import Facts, check_selectors, cores, needs_states, select
from dagcheck.impact.outcome import Impact
from dagcheck.project.demands import demands_of
from dagcheck.settings import Options


class Selection(NamedTuple):
    """Selectors as written, and the revisions that `state:` compares."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    base: str | None = None
    head: str | None = None

    @property
    def is_empty(self) -> bool:
        """Is nothing selected, so that everything is meant?"""
        return not self.include and not self.exclude


def selected(
    dataflows: Iterable[Dataflow],
    selection: Selection,
    options: Options,
    impact: Impact | None = None,
) -> dict[str, set[str]]:
    """The names that are meant, by dataflow. Raises `UsageError` for selectors that cannot be read."""
    check_selectors([*selection.include, *selection.exclude])
    if impact is None and needs_states([*selection.include, *selection.exclude]):
        from dagcheck.project.comparison import compare

        impact = compare(options, selection.base, selection.head).impact
    found: dict[str, set[str]] = {}
    for dataflow in dataflows:
        outputs = frozenset((dataflow.name, asked.name) for asked in demands_of(dataflow).outputs)
        facts = Facts(outputs, None if impact is None else _states(impact))
        names = select(dataflow, selection.include, selection.exclude, facts)
        found.setdefault(dataflow.name, set()).update(names)
    return found


def strangers(dataflows: Iterable[Dataflow], selection: Selection, gone: Collection[str] = ()) -> list[str]:
    """A line for each name or method in the selectors that means no node of any dataflow; `gone` are former nodes."""
    flows = list(dataflows)
    terms = dict.fromkeys(core for core in cores([*selection.include, *selection.exclude]) if core not in gone)
    outputs = frozenset((flow.name, asked.name) for flow in flows for asked in demands_of(flow).outputs)
    unmet = [term for term in terms if not any(select(flow, [term], (), Facts(outputs)) for flow in flows)]
    return [f"`{term}` selects no node." for term in unmet]


def narrowed(impact: Impact, chosen: dict[str, set[str]]) -> Impact:
    """What an impact says of the chosen nodes."""

    def keeps(flow: str, name: str) -> bool:
        return name in chosen.get(flow, ())

    changes = [row for row in impact.changes if keeps(row.dataflow, row.node) or (row.kind == "removed")]
    return impact._replace(
        changes=tuple(changes),
        affected=tuple(row for row in impact.affected if keeps(row.dataflow, row.node)),
        outputs=tuple(row for row in impact.outputs if keeps(row.dataflow, row.node)),
        uncertain=tuple(row for row in impact.uncertain if keeps(row.dataflow, row.node)),
        edges=tuple(edge for edge in impact.edges if keeps(edge[0], edge[1]) and keeps(edge[0], edge[2])),
    )


def _states(impact: Impact) -> dict[tuple[str, str], frozenset[str]]:
    """What `state:` says of each node; as in dbt, new ones count as modified."""
    found: dict[tuple[str, str], set[str]] = {}
    for change in impact.changes:
        states = found.setdefault((change.dataflow, change.node), set())
        states.add("modified")
        states.update(f"modified.{facet}" for facet in change.facets)
        if change.kind in ("added", "renamed"):
            states.add("new")
    for row in impact.affected:
        found.setdefault((row.dataflow, row.node), set()).add("affected")
    return {key: frozenset(states) for key, states in found.items()}


def concerning(
    diagnostics: Iterable[Diagnostic], dataflows: Iterable[Dataflow], chosen: Mapping[str, set[str]]
) -> tuple[Diagnostic, ...]:
    """The findings that name a chosen node, and those that name none in a file of chosen ones."""
    names = {name for meant in chosen.values() for name in meant}
    paths = {node.origin.path for flow in dataflows for node in flow.nodes if node.name in chosen.get(flow.name, ())}
    return tuple(
        item for item in diagnostics if (names & set(item.nodes) if item.nodes else item.location.path in paths)
    )
