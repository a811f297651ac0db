"""What must change for a node to be called otherwise, everywhere?

Every occurrence of its name is rewritten: the function, parameters that read it and their uses, modifiers, calls of drivers,
keyword calls in tests, the settings. The changed texts are then analysed: the rename stands only if every dataflow is what it was
up to the name, and nothing is wrong that was not. Names that Hamilton derives (`spend.raw`) change along. Otherwise it is refused,
with the reason, and nothing changes.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from dagcheck.edits.captures import captures, other_places
from dagcheck.edits.edit import Edit, Refused, State, Suppose, applied, by_file
from dagcheck.edits.sameness import differences, renamed_nodes
from dagcheck.evaluation.conditions import mentions
from dagcheck.graph.dataflow import Dataflow
from dagcheck.nodes.node import Node
from dagcheck.occurrences.occurrence import DEFINING, Occurrence
from dagcheck.occurrences.scopes import Scopes
from dagcheck.span import Location, Span

ROUNDS = 4
"""How often names that derive from derived names are followed."""


class Rename(NamedTuple):
    """The edits of a rename, and all nodes that are called otherwise afterwards."""

    edits: tuple[Edit, ...]
    names: Mapping[str, str]


def rename(
    state: State, suppose: Suppose, old: str, new: str, *, dataflow: str | None = None, path: str | None = None
) -> Rename | Refused:
    """Rename a node; `dataflow` or a module (`path`) says which one, where several dataflows have one of the name."""
    flows = _meant(state, old, dataflow, path)
    if isinstance(flows, Refused):
        return flows
    problems = [*_name_problems(old, new), *_clashes(flows, new), *_broken(state, flows)]
    problems += [*_configuring(flows, old), *_in_data(flows, [old])]
    if problems:
        return Refused(tuple(problems))
    names = {old: new}
    for _ in range(ROUNDS):
        edits = _completed(state, _edits(state, flows, names), names)
        problems = _captured(state, edits, names)
        if problems:
            return Refused(tuple(problems))
        texts = {path: applied(state.places.text(path), found) for path, found in by_file(edits).items()}
        after = suppose(texts)
        made_up = _made_up(after, flows, old)
        derived = made_up or renamed_nodes(state, after, old, new)
        if isinstance(derived, str):
            return Refused((derived,))
        if derived.keys() == names.keys():
            reasons = _in_data(flows, derived) or differences(state, after, derived)
            return Refused(tuple(reasons)) if reasons else Rename(tuple(edits), derived)
        names = derived
    return Refused((f"too many names derive from `{old}`",))


def group(state: State, name: str, start: Iterable[Dataflow]) -> list[Dataflow]:
    """The dataflows that share, directly or through others, a module of `start` in which the name is known."""
    having = [flow for flow in state.dataflows if name in flow.producers or name in flow.readers]
    chosen = [flow for flow in having if any(flow is each for each in start)]
    paths = {path for flow in chosen for path in _speaking(flow, name)}
    grown = True
    while grown:
        grown = False
        for flow in having:
            if not any(flow is each for each in chosen) and not paths.isdisjoint(_speaking(flow, name)):
                chosen.append(flow)
                paths |= _speaking(flow, name)
                grown = True
    return [flow for flow in having if any(flow is each for each in chosen)]


def _speaking(flow: Dataflow, name: str) -> set[str]:
    """The modules of a dataflow that make or read a name."""
    return {
        part.path
        for part in flow.parts
        if any(node.name == name or any(each.name == name for each in node.dependencies) for node in part.nodes)
    }


def _meant(state: State, old: str, dataflow: str | None, path: str | None) -> list[Dataflow] | Refused:
    having = [flow for flow in state.dataflows if old in flow.producers or old in flow.readers]
    if dataflow is not None:
        having = [flow for flow in having if flow.name == dataflow]
    if path is not None:
        having = [flow for flow in having if any(module.path == path for module in flow.spec.modules)]
    if not having:
        known = sorted({name for flow in state.dataflows for name in (*flow.producers, *flow.readers)})
        near = get_close_matches(old, known, 1)
        where = f" in dataflow `{dataflow}`" if dataflow is not None else ""
        hint = f"; did you mean `{near[0]}`?" if near else ""
        return Refused((f"there is no node or input `{old}`{where}{hint}",))
    chosen = group(state, old, having[:1])
    apart = [flow.name for flow in having if not any(flow is each for each in chosen)]
    if apart:
        names = ", ".join(f"`{name}`" for name in dict.fromkeys([chosen[0].name, *apart]))
        return Refused((f"several dataflows that share no module have `{old}`: {names}; choose one with --dataflow",))
    return chosen


def _name_problems(old: str, new: str) -> list[str]:
    if not old.isidentifier():
        return [f"`{old}` is made up by a modifier; rename what it is made from"]
    if not new.isidentifier() or keyword.iskeyword(new):
        return [f"`{new}` is no name that Python allows"]
    if new.startswith("_"):
        return [f"Hamilton takes no function whose name starts with an underscore, as `{new}` does"]
    return [f"it is called `{old}` already"] if new == old else []


def _configuring(flows: Sequence[Dataflow], old: str) -> list[str]:
    """A key of the configuration is no node, even where a node reads it."""
    for flow in flows:
        for node in flow.nodes if flow.space.fixed is None else (each for part in flow.parts for each in part.nodes):
            if old in mentions(node.condition):
                place = f"{node.origin.path}:{node.origin.line}"
                return [
                    f"`{old}` is also a key of the configuration, on which it depends that `{node.name}` exists ({place})"
                ]
    return []


def _clashes(flows: Sequence[Dataflow], new: str) -> list[str]:
    found = []
    for flow in flows:
        made = flow.producers.get(new)
        if made:
            place = f"{made[0].path or made[0].origin.path}:{made[0].span.line}"
            found.append(f"dataflow `{flow.name}` has a node `{new}` already ({place})")
        elif new in flow.readers:
            reader = flow.readers[new][0]
            place = f"{reader.node.origin.path}:{reader.dependency.span.line}"
            found.append(f"dataflow `{flow.name}` has an input `{new}` already ({place})")
        elif new in (flow.spec.config or {}):
            found.append(f"`{new}` is a key of the configuration of dataflow `{flow.name}`")
    return list(dict.fromkeys(found))


def _made_up(after: State, flows: Sequence[Dataflow], old: str) -> str:
    """Why a node is still called so after all that spells its name was changed; "" when none is."""
    names = {flow.name for flow in flows}
    for flow in after.dataflows:
        for node in flow.producers.get(old, ()) if flow.name in names else ():
            place = f"{node.path or node.origin.path}:{node.span.line}"
            return f"what makes `{old}` does not spell its name out ({place}); rename what it is made from"
    return ""


_FROM_DATA = ("extract_columns", "extract_fields", "parameterize_extract_columns")
_INTO_DATA = (
    "h_pandas.with_columns",
    "h_polars.with_columns",
    "h_polars_lazyframe.with_columns",
    "h_spark.with_columns",
)


def _in_data(flows: Sequence[Dataflow], names: Iterable[str]) -> list[str]:
    """Names that stand in the data as well: code that is rewritten would look for what is not there."""
    for flow in flows:
        for node in (node for name in names for node in flow.producers.get(name, ())):
            place = f"{node.path or node.origin.path}:{node.span.line}"
            taken = next((each for each in _FROM_DATA if each in node.origin.modifiers), None)
            if taken is not None and tuple(node.span)[:2] != _start_of(node):
                return [f"`{node.name}` is also the name by which `@{taken}` finds it in the data ({place})"]
            if any(each in node.origin.modifiers for each in _INTO_DATA):
                return [f"`{node.name}` also gives its name to a column of the data ({place})"]
    return []


def _start_of(node: Node) -> tuple[int, int]:
    """Where the `def` of a node's function begins; its name stands further right in the same line."""
    return (node.origin.line, node.span.column)


def _broken(state: State, flows: Sequence[Dataflow]) -> list[str]:
    paths = {module.path for flow in flows for module in flow.spec.modules}
    faults = (each for each in state.diagnostics if each.rule == "syntax-error" and each.location.path in paths)
    return [f"{each.location.path}:{each.location.span.line}: {each.message}; mend it first" for each in faults]


def _edits(state: State, flows: Sequence[Dataflow], names: Mapping[str, str]) -> list[Edit]:
    modules = {module.path for flow in flows for module in flow.spec.modules}
    modules |= {node.origin.path for flow in flows for node in flow.nodes}
    edits = [
        Edit(occurrence.location, new)
        for old, new in names.items()
        for occurrence in (*state.places.mentioning(old), *_unspelled(state, flows, old))
        if occurrence.module in modules
    ]
    return edits + [Edit(place, new) for old, new in names.items() for place in state.places.in_settings(old, flows)]


def _unspelled(state: State, flows: Sequence[Dataflow], name: str) -> list[Occurrence]:
    """Where a constant spells the name of a node that no `def` and no modifier does."""
    for flow in flows:
        for node in flow.producers.get(name, ()):
            path = node.path or node.origin.path
            if not any(item.name == name and item.role in DEFINING for item in state.places.occurrences(path)):
                return state.places.unspelled(name, flow)
    return []


def _completed(state: State, edits: list[Edit], names: Mapping[str, str]) -> list[Edit]:
    """The edits with all other places of the variables that they change: a variable has one name in all its places."""
    more: list[Edit] = []
    for path, scopes, spans, (old, new) in _variables(state, edits, names):
        more += [Edit(Location(path, span), new) for span in other_places(scopes, spans, len(old))]
    return [*edits, *more]


def _captured(state: State, edits: Sequence[Edit], names: Mapping[str, str]) -> list[str]:
    """Why some of the edited variables cannot have their new names."""
    problems: list[str] = []
    for path, scopes, spans, (old, new) in _variables(state, edits, names):
        problems += [f"{path}: {words}" for words in captures(scopes, spans, old, new)]
    return problems


def _variables(
    state: State, edits: Sequence[Edit], names: Mapping[str, str]
) -> Iterator[tuple[str, Scopes, set[Span], tuple[str, str]]]:
    """In each Python file, for each old and new name: where the edits change a variable, not a quoted name."""
    for path, found in by_file(edits).items():
        scopes = state.places.scopes(path) if path.endswith(".py") else None
        if scopes is None:
            continue
        quoted = {item.location for item in state.places.occurrences(path) if item.quoted}
        for old, new in names.items():
            spans = {edit.location.span for edit in found if edit.text == new and edit.location not in quoted}
            yield path, scopes, spans, (old, new)
