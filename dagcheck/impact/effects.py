"""What does a change mean for those who depend on it?

The effect is `breaking` where a reader, an output or a call of a driver no longer fits, `metadata` where only words changed,
`behaviour` otherwise. The reason says so in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dagcheck.diagnostics import Certainty
from dagcheck.evaluation.conditions import NEVER, without
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.losses import Loss
from dagcheck.graph.names import Clash, Mismatch
from dagcheck.impact.changes import Difference, Effect, Facet, Kind
from dagcheck.nodes.node import Dependency, Node
from dagcheck.types.printing import brief


class Change(NamedTuple):
    """A change of one node. `via` names the project code, farther and farther from the node, through which it was reached."""

    node: str
    dataflow: str
    kind: Kind
    facets: tuple[Facet, ...]
    effect: Effect
    reason: str
    via: tuple[str, ...] = ()
    path: str = ""
    line: int = 0
    renamed_from: str | None = None
    certainty: Certainty = "certain"


class Asked(NamedTuple):
    """A node that somebody asks for: a call of a driver, the settings, or, without a path, the command line."""

    name: str
    path: str
    line: int

    @property
    def place(self) -> str:
        """Who asks, in words."""
        return f"{self.path}:{self.line}" if self.path else "the command line"


class Demands(NamedTuple):
    """What is asked of a dataflow, and the inputs it is given."""

    outputs: tuple[Asked, ...] = ()
    inputs: frozenset[str] = frozenset()


class Pair(NamedTuple):
    """A dataflow before and after, None where there is none, and what is asked of it afterwards.

    Where the dataflow is gone and those who ask are not, it is what they asked before.
    """

    before: Dataflow | None
    after: Dataflow | None
    demands: Demands

    @property
    def name(self) -> str:
        """The dataflow's name, the new one if it has one."""
        dataflow = self.after or self.before
        return "" if dataflow is None else dataflow.name


def effects(
    pair: Pair, found: Sequence[Difference], losses: Iterable[Loss], vias: Mapping[int, tuple[str, ...]]
) -> list[Change]:
    """The changes of one dataflow; `vias` are those of the differences, by their index."""
    lost = {loss.name: loss for loss in losses}
    return [_change(pair, difference, lost, vias.get(index, ())) for index, difference in enumerate(found)]


def _change(pair: Pair, difference: Difference, lost: Mapping[str, Loss], via: tuple[str, ...]) -> Change:
    node = difference.after or difference.before
    assert node is not None
    unread = difference.kind == "removed" and _is_unread(pair, node)
    broken = "" if unread else _broken(pair, difference, lost)
    is_metadata = difference.kind in ("modified", "moved") and set(difference.facets) <= {"metadata"}
    effect: Effect = "breaking" if broken else "metadata" if is_metadata else "behaviour"
    before = difference.before
    reliance = difference.reliance
    reason = broken or _reason(difference, via)
    return Change(
        node.name,
        pair.name,
        difference.kind,
        difference.facets,
        effect,
        f"`{node.origin.path}` could not be read in full, so it may be gone" if unread else reason,
        via or (reliance.way if reliance is not None else ()),
        (node.path or node.origin.path) if difference.after is None else node.origin.path,
        node.origin.line,
        before.name if difference.kind == "renamed" and before is not None else None,
        "likely" if unread else difference.certainty,
    )


def _is_unread(pair: Pair, node: Node) -> bool:
    """Could the file that held a node not be read in full, so that nobody knows whether it is gone?"""
    parts = () if pair.after is None else pair.after.parts
    return any(part.path == node.origin.path and not part.complete for part in parts)


def _broken(pair: Pair, difference: Difference, lost: Mapping[str, Loss]) -> str:
    """Who no longer fits, and why; "" when everybody does."""
    before, after = difference.before, difference.after
    if before is not None and before.name in lost and lost[before.name].readers:
        reader = lost[before.name].readers[0].node.name
        where = (
            "" if difference.kind in ("removed", "renamed") else " in every configuration in which it was made before"
        )
        return f"`{reader}` still reads `{before.name}`, which nothing makes any more{where}"
    if pair.after is None:
        asking = [asked for asked in pair.demands.outputs if before is not None and asked.name == before.name]
        lost_driver = "and its driver can no longer be followed"
        return next((f"{asked.place} asks for `{asked.name}`, {lost_driver}" for asked in asking), "")
    name = "" if before is None or before.name in pair.after.producers else before.name
    for asked in pair.demands.outputs:
        if asked.name == name and name not in pair.after.readers:
            return f"{asked.place} still asks for `{name}`, which is gone"
    if after is None or pair.before is None:
        return ""
    return _mismatched(pair.before, pair.after, after) or _demanding(pair, before, after)


def _mismatched(before: Dataflow, after: Dataflow, node: Node) -> str:
    """A type that no longer fits, or a second definition."""
    for name in [node.name, *(part.name for part in node.dependencies)]:
        verdict = after.verdicts.get(name)
        if verdict is None:
            continue
        earlier = before.verdicts.get(name) if verdict.mismatches else None
        known = {_mismatch_words(mismatch) for mismatch in earlier.mismatches} if earlier is not None else ()
        for mismatch in verdict.mismatches:
            if _mismatch_words(mismatch) not in known and node in (mismatch.producer, mismatch.reader.node):
                takes, gives = brief(mismatch.reader.dependency.type), brief(mismatch.producer.type)
                return f"`{mismatch.reader.node.name}` takes `{name}` as `{takes}`, but it is `{gives}` now"
        if name == node.name and any(_is_new(clash, node, before) for clash in verdict.clashes):
            return f"`{name}` is defined more than once now"
    return ""


def _mismatch_words(mismatch: Mismatch) -> tuple[str, str, str, str]:
    reader, producer = mismatch.reader, mismatch.producer
    return reader.node.name, producer.name, brief(reader.dependency.type), brief(producer.type)


def _is_new(clash: Clash, node: Node, before: Dataflow) -> bool:
    verdict = before.verdicts.get(node.name)
    return node in (clash.earlier, clash.later) and not (verdict is not None and verdict.clashes)


def _demanding(pair: Pair, before: Node | None, after: Node) -> str:
    """An input that nobody had to give before."""
    assert pair.before is not None
    assert pair.after is not None
    if before is None and not _is_read_by_old(pair, after):
        return ""
    known = {part.name for part in before.dependencies if not part.optional} if before is not None else set()
    given = pair.demands.inputs
    for part in after.dependencies:
        if part.optional or part.name in known or part.name in given or not _is_input(pair.after, part):
            continue
        if not _was_needed(pair.before, part.name):
            return f"`{after.name}` needs `{part.name}`, which has to be given from now on"
    return ""


def _is_read_by_old(pair: Pair, node: Node) -> bool:
    """Does a node that was there before read this one, at any distance?"""
    assert pair.before is not None
    assert pair.after is not None
    seen, pending = {node.name}, [node.name]
    while pending:
        for reader in pair.after.readers.get(pending.pop(), ()):
            name = reader.node.name
            if name in pair.before.producers:
                return True
            if name not in seen:
                seen.add(name)
                pending.append(name)
    return False


def _is_input(dataflow: Dataflow, part: Dependency) -> bool:
    fixed = dataflow.spec.config or {}
    return bool(dataflow.verdicts[part.name].inputs) and part.name not in fixed


def _was_needed(dataflow: Dataflow, name: str) -> bool:
    verdict = dataflow.verdicts.get(name)
    return verdict is not None and any(not input_.optional for input_ in verdict.inputs)


# --- reasons

_SOME_CODE = "code that it uses changed"


def _reason(difference: Difference, via: tuple[str, ...]) -> str:
    before, after = difference.before, difference.after
    if difference.kind == "added":
        return "it is new"
    if difference.kind == "removed" or before is None or after is None:
        return "it is gone"
    reliance = difference.reliance
    if difference.kind == "renamed":
        return "; ".join([f"it was called `{before.name}`", *([reliance.words] if reliance is not None else [])])
    if difference.kind == "moved":
        return f"it moved from `{before.origin.module}` to `{after.origin.module}`"
    words = [_WORDS[facet](before, after, via) for facet in difference.facets]
    if reliance is not None:
        words = [*(word for word in words if word != _SOME_CODE), reliance.words]
    if difference.certainty == "likely" and not via and reliance is None:
        words = [f"what importing `{after.origin.module}` does changed"]
    return "; ".join(dict.fromkeys(word for word in words if word))


def _interface(before: Node, after: Node, via: tuple[str, ...]) -> str:
    old, new = ({part.name: part for part in node.dependencies} for node in (before, after))
    words = []
    if brief(before.type) != brief(after.type):
        words.append(f"it was `{brief(before.type)}` and is `{brief(after.type)}` now")
    words += [f"it reads `{name}` now" for name in new if name not in old]
    words += [f"it no longer reads `{name}`" for name in old if name not in new]
    for name in old.keys() & new.keys():
        if brief(old[name].type) != brief(new[name].type):
            words.append(f"it takes `{name}` as `{brief(new[name].type)}` now")
        elif old[name][2:6:3] != new[name][2:6:3]:
            words.append(f"the default of `{name}` changed")
    return "; ".join(words) or "its parameters changed"


def _condition(before: Node, after: Node, via: tuple[str, ...]) -> str:
    lost = without(before.condition, after.condition)
    won = without(after.condition, before.condition)
    if lost == NEVER:
        return "it exists in more configurations"
    return "it exists in fewer configurations" if won == NEVER else "it exists in other configurations"


def _metadata(before: Node, after: Node, via: tuple[str, ...]) -> str:
    words = ["its documentation changed"] if before.documentation != after.documentation else []
    return "; ".join([*words, *(["its tags changed"] if before.tags != after.tags else [])])


def _helpers(before: Node, after: Node, via: tuple[str, ...]) -> str:
    if not via:
        return _SOME_CODE
    through = f", by way of {', '.join(f'`{name}`' for name in via[:-1])}" if len(via) > 1 else ""
    return f"it uses `{via[-1]}`, which changed{through}"


_WORDS = {
    "interface": _interface,
    "body": lambda before, after, via: "its code changed",
    "modifiers": lambda before, after, via: "what its decorators give it changed",
    "condition": _condition,
    "metadata": _metadata,
    "helpers": _helpers,
}
