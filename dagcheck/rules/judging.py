"""Which rules speak, and what do they say of all units?

Runs the rules over the units of their level. Units without anything to judge are passed over, so a sound dataflow costs
one look at each name. Selection, severities and suppressions are applied afterwards, by whoever knows the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.asking import view
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.losses import Loss
from dagcheck.rules.rule import (
    BodyUnit,
    CallUnit,
    CommentUnit,
    FileUnit,
    FunctionUnit,
    Level,
    NameUnit,
    ProjectUnit,
    Rule,
    apply,
)


def judge_files(rules: Sequence[Rule], files: Iterable[FileUnit]) -> Iterator[Diagnostic]:
    """The findings of the rules about files."""
    chosen = [rule for rule in rules if rule.looks_at("file")]
    for unit in files:
        for rule in chosen:
            yield from apply(rule, unit)


def judge_dataflow(rules: Sequence[Rule], dataflow: Dataflow) -> Iterator[Diagnostic]:
    """The findings of the rules about functions, names and the dataflow as a whole."""
    levels: tuple[Level, ...] = ("function", "name", "dataflow")
    by_level = {level: [rule for rule in rules if rule.looks_at(level)] for level in levels}
    for path, fault in dataflow.faults:
        function = FunctionUnit(dataflow, path, fault)
        for rule in by_level["function"]:
            yield from apply(rule, function)
    for name, verdict in dataflow.verdicts.items():
        if any(
            (
                verdict.clashes,
                verdict.mismatches,
                verdict.conflicts,
                verdict.inputs,
                verdict.untyped,
                verdict.loose,
                verdict.typeless,
            )
        ):
            named = NameUnit(dataflow, name, verdict)
            for rule in by_level["name"]:
                yield from apply(rule, named)
    for rule in by_level["dataflow"]:
        yield from apply(rule, dataflow)
    yield from _judge_calls([rule for rule in rules if rule.looks_at("call")], dataflow)


def judge_bodies(rules: Sequence[Rule], units: Callable[[], Iterable[BodyUnit]]) -> Iterator[Diagnostic]:
    """The findings of the rules about what functions do inside; `units` are only made where a rule asks."""
    chosen = [rule for rule in rules if rule.looks_at("body")]
    for unit in units() if chosen else ():
        for rule in chosen:
            yield from apply(rule, unit)


def judge_comments(rules: Sequence[Rule], comments: Iterable[CommentUnit]) -> Iterator[Diagnostic]:
    """The findings of the rules about comments that suppress findings."""
    chosen = [rule for rule in rules if rule.looks_at("comment")]
    for unit in comments:
        for rule in chosen:
            yield from apply(rule, unit)


def judge_project(rules: Sequence[Rule], project: ProjectUnit) -> Iterator[Diagnostic]:
    """The findings of the rules about the project as a whole."""
    for rule in rules:
        if rule.looks_at("project"):
            yield from apply(rule, project)


def _judge_calls(rules: Sequence[Rule], dataflow: Dataflow) -> Iterator[Diagnostic]:
    for call in dataflow.spec.calls if rules else ():
        unit = CallUnit(dataflow, call, view(dataflow, call))
        for rule in rules:
            found = apply(rule, unit)
            yield from found if call.is_certain else (item._replace(certainty="likely") for item in found)


def judge_losses(rules: Sequence[Rule], losses: Iterable[Loss]) -> Iterator[Diagnostic]:
    """The findings of the rules about changes."""
    chosen = [rule for rule in rules if rule.looks_at("change")]
    for loss in losses:
        for rule in chosen:
            yield from apply(rule, loss)
