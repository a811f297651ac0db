"""Which nodes does a selector mean? dbt's grammar, over the nodes of a dataflow.

- `name`: the node; `*`, `?` and `[...]` stand for parts of names. `node:name` is the same.
- `+name` and what it reads, `name+` and what reads it, at any distance; `2+name+1` at so many steps.
- `@name`: the node, what reads it, and all that those read: everything needed to run what depends on it.
- `tag:key`, `tag:key=value`, `module:features.*`, `path:features/`, `type:float`, `function:spend`, `dataflow:training`,
  `output:model` and `output:*`, `state:modified`, `state:modified.body`, `state:new`, `state:unmodified`, `state:affected`.
- a space between selectors: what any of them means; a comma: what all of them mean. `--exclude` takes away.

Graph operators stand around methods, too: `+tag:owner=growth`, `state:modified+`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.entries import Entry
from dagcheck.settings import UsageError
from dagcheck.types.printing import brief, show

_TERM = re.compile(r"(?P<at>@)?(?:(?P<up>\d*)\+)?(?P<core>[^+@]+)(?:\+(?P<down>\d*))?")
_FACETS = ("interface", "body", "modifiers", "condition", "metadata", "helpers")


class Facts(NamedTuple):
    """What selectors may ask about that is not in the graph itself.

    `outputs` are (dataflow, node) pairs that somebody asks for; `states` gives for a pair what `state:` may say of it, None
    where two revisions are not compared.
    """

    outputs: frozenset[tuple[str, str]] = frozenset()
    states: Mapping[tuple[str, str], frozenset[str]] | None = None


class _Selected(NamedTuple):
    """A dataflow as selectors see it: names, their rows, and who reads whom."""

    flow: str
    rows: Mapping[str, Sequence[Entry]]
    reads: Mapping[str, frozenset[str]]
    readers: Mapping[str, frozenset[str]]
    facts: Facts


def select(
    dataflow: Dataflow, include: Sequence[str], exclude: Sequence[str] = (), facts: Facts | None = None
) -> set[str]:
    """The names that are meant. Raises `UsageError` for selectors that cannot be read."""
    view = _view(dataflow, facts or Facts())
    chosen = _union(include, view) if include else set(view.rows)
    return chosen - _union(exclude, view)


def check_selectors(selectors: Sequence[str]) -> None:
    """Raise `UsageError` for the selectors that cannot be read, all at once."""
    empty = ["an empty selector means nothing" for selector in selectors if not selector.strip()]
    problems = [*empty, *(problem for selector in _terms(selectors) if (problem := _problem(selector)))]
    if problems:
        raise UsageError(*problems)


def cores(selectors: Iterable[str]) -> list[str]:
    """The names and methods in selectors, without what stands around them; all but those that ask what changed."""
    matches = (_TERM.fullmatch(term) for term in _terms(selectors))
    return [match["core"] for match in matches if match is not None and not match["core"].startswith("state:")]


def needs_states(selectors: Iterable[str]) -> bool:
    """Does a selector ask what changed?"""
    return any("state:" in selector for selector in selectors)


def _view(dataflow: Dataflow, facts: Facts) -> _Selected:
    rows: dict[str, list[Entry]] = {}
    reads: dict[str, set[str]] = {}
    readers: dict[str, set[str]] = {}
    for entry in dataflow.entries:
        rows.setdefault(entry.name, []).append(entry)
        for part in entry.dependencies:
            reads.setdefault(entry.name, set()).add(part.name)
            readers.setdefault(part.name, set()).add(entry.name)
    frozen = [{name: frozenset(names) for name, names in table.items()} for table in (reads, readers)]
    return _Selected(dataflow.name, rows, frozen[0], frozen[1], facts)


def _terms(selectors: Iterable[str]) -> list[str]:
    return [part for selector in selectors for word in selector.split() for part in word.split(",")]


def _problem(term: str) -> str:
    match = _TERM.fullmatch(term)
    if match is None or (match["at"] and (match["up"] is not None or match["down"] is not None)):
        return f"{term!r} is no selector; write `name`, `+name`, `name+`, `2+name+1`, `@name`, or a method such as `tag:key=value`"
    method, colon, value = match["core"].partition(":")
    if colon and method not in _METHODS:
        return f"{term!r}: there is no method `{method}`; there are {', '.join(_METHODS)}"
    if colon and not value:
        return f"{term!r}: a value is missing behind `{method}:`"
    if method == "state" and colon and value not in STATES:
        return f"{term!r}: there is no state `{value}`; there are {', '.join(STATES)}"
    return ""


def _union(selectors: Sequence[str], view: _Selected) -> set[str]:
    check_selectors(selectors)
    found: set[str] = set()
    for selector in selectors:
        for word in selector.split():
            parts = [_meant(term, view) for term in word.split(",")]
            found |= set.intersection(*parts)
    return found


def _meant(term: str, view: _Selected) -> set[str]:
    match = _TERM.fullmatch(term)
    assert match is not None
    core = _core(match["core"], view)
    found = set(core)
    if match["at"]:
        found |= _walked(found, view.readers, None)
        return found | _walked(found, view.reads, None)
    if match["up"] is not None:
        found |= _walked(core, view.reads, int(match["up"]) if match["up"] else None)
    if match["down"] is not None:
        found |= _walked(core, view.readers, int(match["down"]) if match["down"] else None)
    return found


def _core(text: str, view: _Selected) -> set[str]:
    method, colon, value = text.partition(":")
    matches = _METHODS[method] if colon else _METHODS["node"]
    wanted = value if colon else text
    return {name for name, rows in view.rows.items() if any(matches(entry, wanted, view) for entry in rows)}


def _walked(start: set[str], edges: Mapping[str, frozenset[str]], steps: int | None) -> set[str]:
    """What is reached from here in at most so many steps."""
    found: set[str] = set()
    layer = set(start)
    while layer and steps != 0:
        layer = {other for name in layer for other in edges.get(name, ())} - found
        found |= layer
        steps = None if steps is None else steps - 1
    return found


# --- methods


def _by_tag(entry: Entry, wanted: str, view: _Selected) -> bool:
    key, equals, value = wanted.partition("=")
    if key not in entry.tags:
        return False
    own: Any = entry.tags[key]
    values = own if isinstance(own, (list, tuple)) else [own]
    return not equals or any(fnmatchcase(str(item), value) for item in values)


def _by_path(entry: Entry, wanted: str, view: _Selected) -> bool:
    folder = wanted.rstrip("/")
    return bool(entry.path) and (fnmatchcase(entry.path, wanted) or f"{entry.path}/".startswith(f"{folder}/"))


def _by_module(entry: Entry, wanted: str, view: _Selected) -> bool:
    return fnmatchcase(entry.module, wanted) or entry.module.startswith(f"{wanted}.")


def _by_type(entry: Entry, wanted: str, view: _Selected) -> bool:
    if wanted in ("input", "config"):
        return entry.kind == wanted
    spellings = (show(entry.type) or "", brief(entry.type), entry.annotation)
    return any(fnmatchcase(spelling, wanted) for spelling in spellings if spelling)


def _by_output(entry: Entry, wanted: str, view: _Selected) -> bool:
    return (view.flow, entry.name) in view.facts.outputs and fnmatchcase(entry.name, wanted)


def _by_state(entry: Entry, wanted: str, view: _Selected) -> bool:
    if view.facts.states is None:
        raise UsageError(f"`state:{wanted}` compares two revisions; say which with --base, or use `dagcheck impact`")
    known = view.facts.states.get((view.flow, entry.name), frozenset())
    return wanted in known or (wanted == "unmodified" and not known & {"modified", "new"} and entry.kind == "function")


Method = Callable[[Entry, str, _Selected], bool]

STATES = ("new", "modified", *(f"modified.{facet}" for facet in _FACETS), "unmodified", "affected")
_METHODS: dict[str, Method] = {
    "node": lambda entry, wanted, view: fnmatchcase(entry.name, wanted),
    "tag": _by_tag,
    "module": _by_module,
    "path": _by_path,
    "type": _by_type,
    "function": lambda entry, wanted, view: fnmatchcase(entry.function, wanted),
    "dataflow": lambda entry, wanted, view: fnmatchcase(view.flow, wanted),
    "output": _by_output,
    "state": _by_state,
}
