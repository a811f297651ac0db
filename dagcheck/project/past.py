"""What was the project before, told from what it is now?

Most changes touch a few modules and nothing that says which dataflows there are. Then the dataflows of the past are those of
today with the few modules as they were, and the findings of the past are known from an earlier run. Where either does not hold,
the past is analysed like the present.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.program import Program
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import Strictness
from dagcheck.graph.rebuild import Built, built_of, rebuild
from dagcheck.graph.settling import Match
from dagcheck.names.modules import ProjectModule
from dagcheck.nodes.decorators import decorator_kind
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.refusing import refusal
from dagcheck.project import remembered
from dagcheck.project.analysis import foreign_names, matcher_of, strictness_of
from dagcheck.project.assembly import assembled
from dagcheck.project.judgement import Judgement, judge
from dagcheck.project.run import Run, run_key
from dagcheck.project.units import Units

_SIGNS = ("Driver", "Builder", "create_temporary_module", "module_from_source", "create_module")
"""What stands in the text of a file that can build a driver."""


def judged(run: Run) -> Judgement:
    """Analyse and judge a state, and remember its findings."""
    judgement = judge(run)
    key = run_key(run)
    if run.cache is not None and key:
        row = remembered.to_row(judgement.diagnostics, judgement.summary, judgement.notes)
        run.cache.put("runs", {key: row})
    return judgement


def same_layout(before: Run, after: Run) -> bool:
    """Have both states the same files, by the same settings and in the same places?"""
    return (
        before.scene.files == after.scene.files
        and before.links == after.links
        and before.scene.roots == after.scene.roots
        and before.settings == after.settings
    )


def program_of(run: Run) -> Program:
    """What evaluates the code of a state."""
    scene = run.scene
    return Program(
        scene.modules,
        run.sources.source,
        foreign_names(scene, ()),
        scene.python,
        decorator=decorator_kind,
        refusal=refusal,
    )


def derived(
    before: Run, after: Run, present: Judgement, program: Program, touched: Collection[str]
) -> Judgement | None:
    """The past, where `touched` files alone are not what they are now; None where it has to be analysed."""
    key = run_key(before)
    known = before.cache.get("runs", [key]).get(key) if before.cache is not None and key else None
    if known is None or any(_decides(before, after, path) for path in touched):
        return None
    units = Units(program, before.sources, before.cache, before.scene.python, before.scene.installed)
    found = present.found
    members = {path: name for flow in present.dataflows for name, path in flow.modules}
    mine = [ProjectModule(members.get(path, path), path) for path in touched if path in found.expanded.modules]
    old = units.expand(mine).modules
    if any(old[path].is_dataflow != found.expanded.modules[path].is_dataflow for path in old if path not in members):
        return None
    type_check = before.options.type_check or before.settings.type_check
    hierarchy = found.expanded.hierarchy
    match, strictness = matcher_of(type_check, hierarchy), strictness_of(type_check, hierarchy)
    expanded = found.expanded._replace(modules={**found.expanded.modules, **old})
    flows: list[Dataflow] = []
    for spec, flow in zip(found.specs, present.dataflows, strict=True):
        if spec.temporary or spec.materializers:
            return None
        is_same = not any(part.path in old for part in flow.parts)
        make = partial(_made, built_of(flow, match, strictness))
        flows.append(flow if is_same else assembled(spec, expanded, units, match, strictness, make=make))
    diagnostics, summary, notes = remembered.from_row(known)
    past = found._replace(expanded=expanded, units=units)
    return Judgement(tuple(flows), diagnostics, summary, notes, past)


def _made(
    present: Built, spec: DataflowSpec, parts: Sequence[ModuleNodes], match: Match, strictness: Strictness | None
) -> Dataflow:
    """A dataflow of the past, of which only the names that changed modules make or read are judged again."""
    return rebuild(spec, parts, match, strictness, before=present).dataflow


def _decides(before: Run, after: Run, path: str) -> bool:
    """May this file say which dataflows or classes there are?"""
    for source in (run.sources.source(path) for run in (before, after)):
        if source is None or source.facts.fault is not None or any(sign in source.text for sign in _SIGNS):
            return True
        if any(statement[0] == "class" for statement in source.facts.statements):
            return True
    return False
