"""Which rules speak, and what do they say of all units?

Runs the rules over the units of their level. Units without anything to judge are passed over, so a sound dataflow costs
one look at each name. Selection, severities and suppressions are applied afterwards, by whoever knows the settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.losses import Loss
from dagcheck.rules.rule import FileUnit, FunctionUnit, NameUnit, Rule, apply


def judge_files(rules: Sequence[Rule], files: Iterable[FileUnit]) -> Iterator[Diagnostic]:
    """The findings of the rules about files."""
    chosen = [rule for rule in rules if rule.level == "file"]
    for unit in files:
        for rule in chosen:
            yield from apply(rule, unit)


def judge_dataflow(rules: Sequence[Rule], dataflow: Dataflow) -> Iterator[Diagnostic]:
    """The findings of the rules about functions, names and the dataflow as a whole."""
    by_level = {level: [rule for rule in rules if rule.level == level] for level in ("function", "name", "dataflow")}
    for path, fault in dataflow.faults:
        function = FunctionUnit(dataflow, path, fault)
        for rule in by_level["function"]:
            yield from apply(rule, function)
    for name, verdict in dataflow.verdicts.items():
        if verdict.clashes or verdict.mismatches or verdict.conflicts or verdict.inputs:
            named = NameUnit(dataflow, name, verdict)
            for rule in by_level["name"]:
                yield from apply(rule, named)
    for rule in by_level["dataflow"]:
        yield from apply(rule, dataflow)


def judge_losses(rules: Sequence[Rule], losses: Iterable[Loss]) -> Iterator[Diagnostic]:
    """The findings of the rules about changes."""
    chosen = [rule for rule in rules if rule.level == "change"]
    for loss in losses:
        for rule in chosen:
            yield from apply(rule, loss)
