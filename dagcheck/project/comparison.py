"""Two revisions in, what changed between them and what that reaches out. The composition root of `dagcheck impact`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.losses import Loss, losses
from dagcheck.impact.changes import Difference, State, changed_settings, differences
from dagcheck.impact.effects import Change, Pair, effects
from dagcheck.impact.fingerprint import Fingerprints, symbol_lines
from dagcheck.impact.matching import matched
from dagcheck.impact.outcome import Impact, Output
from dagcheck.impact.propagation import Affected, affected
from dagcheck.impact.routes import Routes
from dagcheck.project.audience import Audience
from dagcheck.project.code import Code, same_files
from dagcheck.project.comments import Comments
from dagcheck.project.demands import demands_of
from dagcheck.project.findings import Marks, chosen_rules, shown
from dagcheck.project.judgement import Judgement
from dagcheck.project.past import derived, judged, program_of, same_layout
from dagcheck.project.run import Run, asked_paths, prepare
from dagcheck.rules.judging import judge_losses
from dagcheck.settings import Options
from dagcheck.settings.folder import find_project
from dagcheck.source.revisions import WORKING_TREE, Start, commit_of, default_base
from dagcheck.source.snapshot import Snapshot

if TYPE_CHECKING:  # only those who ask for lock files need them
    from dagcheck.impact.relying import Relying
    from dagcheck.impact.versions import Versions


class Side(NamedTuple):
    """One of the two states: the run, what came of it, and its code."""

    revision: str
    run: Run
    judgement: Judgement
    code: Code


class Comparison(NamedTuple):
    """Both states of a project and what changed between them; `pairs` are dataflows before and after.

    `remarks` are lines about what could not be read or compared.
    """

    impact: Impact
    before: Side
    after: Side
    pairs: tuple[Pair, ...]
    remarks: tuple[str, ...] = ()


def compare(options: Options, base: str | None, head: str | None) -> Comparison:
    """Compare two revisions. Raises `UsageError` where one of them, or something named in the options, is not there."""
    root = find_project(options, os.getcwd())
    commit = commit_of(root, head) if head is not None else None
    start = Start(commit_of(root, base)) if base is not None else default_base(root, head or "HEAD")
    after = _analysed(prepare(options, None if commit is None else Snapshot(root, commit), whole=True), commit)
    past = Snapshot(root, start.commit)
    before = _before(options, after, past)
    comparison = _compared(before, after, past)
    listed = set(after.run.scene.files or ())
    missed = (item for item in after.run.sources.unreadable() if item.path in listed)
    unread = [f"{item.path} was not read: {item.reason}." for item in missed]
    remarks = (*filter(None, [start.remark]), *after.run.notes, *unread, *comparison.remarks)
    for side in (before, after):
        side.code.keep()
        if side.run.cache is not None:
            side.run.cache.close()
    return comparison._replace(remarks=remarks)


def _analysed(run: Run, commit: str | None) -> Side:
    judgement = judged(run)
    code = Code(judgement.found.units.program, run.scene.modules, run.sources, run.cache)
    return Side(commit or WORKING_TREE, run, judgement, code)


def _before(options: Options, after: Side, past: Snapshot) -> Side:
    """The past: told from the present where that can be, else analysed."""
    # Which dataflow is meant is asked of the present; what was named need not have been there.
    run = prepare(options._replace(dataflow=None, paths=()), past, whole=True)
    run = run._replace(options=run.options._replace(dataflow=after.run.options.dataflow))
    if run.cache is not None and after.run.cache is not None:
        run.cache.share(after.run.cache)
    _trust(run, past)
    if same_layout(run, after.run):
        program = program_of(run)
        code = Code(program, run.scene.modules, run.sources, run.cache, after.code)
        touched = _touched(code, after)
        known = derived(run, after.run, after.judgement, program, touched)
        if known is not None:
            return Side(past.commit, run, known, code)
    run = run._replace(options=run.options._replace(dataflow=None))
    past.fetch(run.scene.files or ())
    return _analysed(run, past.commit)


def _trust(run: Run, past: Snapshot) -> None:
    """Know the digests of the files of a commit, which never change: without reading them if that was done before."""
    files, key = run.scene.files or (), f"contents {past.commit}"
    known = {} if run.cache is None else dict(run.cache.get("runs", [key]).get(key, ()))
    if not all(path in known for path in files):
        past.fetch(files)
        known = run.sources.digests(files)
        if run.cache is not None:
            run.cache.put("runs", {key: tuple(known.items())})
    run.sources.trust(known)


def _touched(before: Code, after: Side) -> list[str]:
    """The files that changed or import one that did, among those that dataflows are made of."""
    old, new = before.digests(after.run.scene.files or ()), after.code.digests(after.run.scene.files or ())
    changed = [path for path in new if old[path] != new[path]]
    starts = [path for flow in after.judgement.dataflows for _, path in flow.modules]
    scripts = [path for path in new if (source := after.run.sources.source(path)) and "Driver" in source.text]
    universe = list(dict.fromkeys([*after.code.closure([*starts, *scripts, *changed]), *before.closure(changed)]))
    same = same_files(before, after.code, universe, same_layout=True)
    return [path for path in universe if path not in same]


def _compared(before: Side, after: Side, past: Snapshot) -> Comparison:
    starts = [path for side in (before, after) for flow in side.judgement.dataflows for _, path in flow.modules]
    is_same_layout = same_layout(before.run, after.run)
    universe = list(dict.fromkeys([*before.code.closure(starts), *after.code.closure(starts)]))
    locked = _locked(before, after, universe)
    same = same_files(before.code, after.code, universe, same_layout=is_same_layout, others=locked.reaching)
    touched = [path for path in universe if path not in same]
    past.fetch(touched)
    states = [_state_of(side, touched, same.__contains__) for side in (before, after)]
    routes = Routes(states[0].linker, states[1].linker, after.run.scene.modules.name_of)
    relying = _relying(locked, states[1], after)
    chosen = after.run.options.dataflow
    pairs: list[Pair] = []
    found: list[_Found] = []
    for old, new in matched(before.judgement.dataflows, after.judgement.dataflows):
        if chosen is not None and (new is None or new.name != chosen):
            continue
        pair = Pair(old, new, demands_of(old if new is None and _has_lost_driver(old, after) else new))
        pairs.append(pair)
        found.append(_differences(pair, states, same.__contains__, routes, relying))
    impact = _gathered(before, after, pairs, found, states[1])
    if relying is not None:
        impact = _with_versions(impact, relying, [pair.after for pair in pairs if pair.after is not None])
    impact = impact._replace(complete=impact.complete and locked.is_complete, remarks=locked.remarks)
    return Comparison(impact, before, after, tuple(pairs), locked.remarks)


def _has_lost_driver(before: Dataflow | None, after: Side) -> bool:
    """Does the script still build the driver of a dataflow that is gone, and cannot be followed any more?"""
    unresolved = {item.location.path for item in after.judgement.diagnostics if item.rule == "unresolved-driver"}
    return before is not None and before.origin.path in unresolved


class _Locked(NamedTuple):
    """What lock files say: changed distributions if there are any, and the files that refer to one."""

    versions: Versions | None = None
    reaching: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()
    is_complete: bool = True


def _locked(before: Side, after: Side, universe: Sequence[str]) -> _Locked:
    run = after.run
    level = run.options.locks or run.settings.locks
    if level == "off":
        return _Locked()
    from dagcheck.project.locked import compare_locks, outside_names, remarks_on, versions_of

    locks = compare_locks(run.scene.root, before.revision, after.revision)
    remarks = remarks_on(locks, level)
    if not locks.changes:
        return _Locked(None, frozenset(), remarks, locks.is_complete)
    names = outside_names(after.code, universe)
    versions = versions_of(locks, run.scene.environment, level, {name for found in names.values() for name in found})
    reaching = frozenset(path for path, found in names.items() if any(map(versions.labels, found)))
    return _Locked(versions, reaching, remarks, locks.is_complete)


def _relying(locked: _Locked, head: Fingerprints, after: Side) -> Relying | None:
    if locked.versions is None:
        return None
    from dagcheck.impact.relying import Relying

    return Relying(head, locked.versions, after.run.scene.modules.name_of)


def _with_versions(impact: Impact, relying: Relying, flows: Sequence[Dataflow]) -> Impact:
    """The impact with what is to be said of changed versions."""
    known = {(row.dataflow, row.node) for row in impact.affected}
    known |= {(row.dataflow, row.node) for row in impact.uncertain}
    uncertain = (*impact.uncertain, *relying.uncertain(flows, known))
    complete = impact.complete and not uncertain
    return impact._replace(complete=complete, uncertain=uncertain, versions=relying.changed())


class _Found(NamedTuple):
    """What changed in one dataflow."""

    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    losses: tuple[Loss, ...]


def _state_of(side: Side, touched: Sequence[str], is_same: Callable[[str], bool]) -> Fingerprints:
    code = side.code
    linker = code.linker(touched, is_same)
    return Fingerprints(
        code.program, linker, side.run.scene.modules.module_at, lambda path: symbol_lines(code.symbols(path).symbols)
    )


def _differences(
    pair: Pair, states: Sequence[Fingerprints], is_same: Callable[[str], bool], routes: Routes, relying: Relying | None
) -> _Found:
    base = None if pair.before is None else State(pair.before, states[0])
    head = None if pair.after is None else State(pair.after, states[1])
    if head is not None and relying is not None:
        head = head._replace(reliance=relying.of)
    found = differences(base, head, is_same)
    lost: list[Loss] = []
    if pair.before is not None and pair.after is not None:
        renamed = {item.before.name: item.name for item in found if item.kind == "renamed" and item.before}
        lost = [
            loss._replace(renamed_to=renamed.get(loss.name, ""))
            for loss in losses(pair.before, pair.after, pair.demands.inputs)
        ]
    vias = {
        index: routes.to_change(states[0].keys(item.before), states[1].keys(item.after))
        for index, item in enumerate(found)
        if "helpers" in item.facets and item.before is not None and item.after is not None
    }
    changes = effects(pair, found, lost, vias)
    settings = changed_settings(base, head)
    changes += [_of_setting(pair, key, *values) for key, values in settings.items() if _is_read(pair, key)]
    reached = affected(pair, found, changes[: len(found)], settings)
    return _Found(tuple(found), tuple(changes), tuple(reached), tuple(lost))


def _is_read(pair: Pair, key: str) -> bool:
    return any(flow is not None and key in flow.readers for flow in (pair.before, pair.after))


def _of_setting(pair: Pair, key: str, before: object, after: object) -> Change:
    """A configuration key is a node of the graph, too."""
    assert pair.after is not None
    origin = pair.after.origin
    reason = f"the configuration gives {after!r} for it, and gave {before!r} before"
    return Change(key, pair.name, "modified", ("body",), "behaviour", reason, (), origin.path, origin.line)


def _gathered(before: Side, after: Side, pairs: Sequence[Pair], found: Sequence[_Found], head: Fingerprints) -> Impact:
    changes = [change for item in found for change in item.changes]
    reached = [row for item in found for row in item.affected]
    audience = Audience(after.run, after.code, head)
    outputs = _outputs(pairs, found)
    new, resolved = _findings(before, after, [loss for item in found for loss in item.losses])
    flows = [pair.after for pair in pairs if pair.after is not None]
    uncertain = (
        audience.uncertain(flows, {(row.dataflow, row.node) for row in reached}) if _differ(before, after) else ()
    )
    complete = all(flow.complete for flow in flows) and not uncertain
    names = {(row.dataflow, row.node) for row in reached}
    return Impact(
        before.revision,
        after.revision,
        complete,
        tuple(changes),
        tuple(reached),
        tuple(outputs),
        audience.owners(flows, reached),
        audience.tests(flows, reached),
        new,
        resolved,
        tuple(uncertain),
        tuple(dict.fromkeys(_edges(pairs, names))),
        tuple(_modules(flows, names)),
    )


def _differ(before: Side, after: Side) -> bool:
    """Is there any file that is not what it was?"""
    old, new = (side.run.sources.digests(side.run.scene.files or ()) for side in (before, after))
    return old != new


def _outputs(pairs: Sequence[Pair], found: Sequence[_Found]) -> list[Output]:
    outputs: list[Output] = []
    for pair, item in zip(pairs, found, strict=True):
        reached = {row.node for row in item.affected}
        reached |= {change.node for change in item.changes if change.kind == "removed"}
        for asked in pair.demands.outputs:
            if asked.name in reached:
                owner = pair.after.spec.owner if pair.after is not None else ""
                outputs.append(Output(asked.name, pair.name, asked.path, asked.line, owner))
    return outputs


def _findings(before: Side, after: Side, lost: Iterable[Loss]) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The findings that are new, and those that are gone; places move, so they are told by everything else."""
    rules = chosen_rules(after.run.settings, after.run.options)
    run = after.run
    losses_ = shown(judge_losses(rules, lost), run.settings, run.options, _marks(run), asked_paths(run))
    old = _counted(before.judgement.diagnostics)
    new = [diagnostic for diagnostic in after.judgement.diagnostics if not _take(old, diagnostic)]
    left = _counted(after.judgement.diagnostics)
    resolved = [diagnostic for diagnostic in before.judgement.diagnostics if not _take(left, diagnostic)]
    return (*losses_, *new), tuple(resolved)


def _marks(run: Run) -> Marks:
    """The comments that silence findings; which of them are unused is the business of checks."""
    return Marks(lambda path: Comments(run.sources.source(path)), (), frozenset())


def _identity(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.rule, diagnostic.location.path, diagnostic.message, diagnostic.nodes


def _counted(diagnostics: Iterable[Diagnostic]) -> dict[tuple[object, ...], int]:
    counts: dict[tuple[object, ...], int] = {}
    for diagnostic in diagnostics:
        counts[_identity(diagnostic)] = counts.get(_identity(diagnostic), 0) + 1
    return counts


def _take(counts: dict[tuple[object, ...], int], diagnostic: Diagnostic) -> bool:
    key = _identity(diagnostic)
    counts[key] = counts.get(key, 0) - 1
    return counts[key] >= 0


def _edges(pairs: Iterable[Pair], names: set[tuple[str, str]]) -> Iterable[tuple[str, str, str]]:
    """The edges between affected nodes, and from what is gone to what read it."""
    for pair in pairs:
        for node in pair.after.nodes if pair.after is not None else ():
            for part in node.dependencies if (pair.name, node.name) in names else ():
                if (pair.name, part.name) in names:
                    yield pair.name, part.name, node.name
        for node in pair.before.nodes if pair.before is not None and pair.after is not None else ():
            for part in node.dependencies if (pair.name, node.name) in names else ():
                is_gone = pair.before is not None and part.name in pair.before.producers
                if is_gone and pair.after is not None and part.name not in pair.after.producers:
                    yield pair.name, part.name, node.name


def _modules(flows: Iterable[Dataflow], names: set[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], str]]:
    for flow in flows:
        for node in flow.nodes:
            if (flow.name, node.name) in names:
                yield (flow.name, node.name), node.origin.module
