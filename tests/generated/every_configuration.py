"""Does dagcheck say of the whole configuration space what Hamilton says of each configuration in it?

The whole product is built by Hamilton, and held against what one analysis over all configurations says:

1. Hamilton rejects a configuration where, and only where, the condition of some error holds; and one of those errors is of the
   kind that Hamilton names.
2. Where Hamilton builds, the rows that exist there are its nodes.
3. `missing-variant` holds exactly where a node is needed that some function makes, and it is an input.
4. `cyclic-dependency` holds exactly where Hamilton's graph has a cycle.
5. A function that is said to be in no configuration is in none, and one that is in none is said to be, where all can be built.
6. No configuration of the product shows a finding with fewer keys than its witness, and Hamilton rejects the witness.

The same is asked of the space that `--assume` narrows, and of single configurations that are fixed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from dagcheck.evaluation.boxes import Unhashable
from dagcheck.evaluation.conditions import Condition, holds
from dagcheck.graph.cycles import cycles
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.space import witness_of
from dagcheck.project import graph
from dagcheck.report.graph import graph_json
from dagcheck.report.outline import outline
from dagcheck.settings import Options
from tests.generated.agreement import Disagreement, Outcome
from tests.generated.dataflows import Generated
from tests.generated.projection import projected
from tests.harness.compare import compare
from tests.harness.oracle import Oracle, Verdict

Config = Mapping[str, Any]
Row = Mapping[str, Any]

KINDS = {
    "Cannot define function": "duplicate-node",
    "is expecting": "type-mismatch",
    "are requesting": "conflicting-input-types",
    "requires string as left operand": "invalid-modifier",
}
"""Words of Hamilton's, and the rule that says the same."""

MOST_FIXED = 4
"""Configurations that are fixed, one after the other."""


class Finding(NamedTuple):
    """What a rule finds, and where it holds."""

    rule: str
    words: str
    condition: Condition


class Said(NamedTuple):
    """What one analysis says: what Hamilton should reject, what it should not mind, its rows, and functions in no configuration."""

    dataflow: Dataflow
    rejections: tuple[Finding, ...]
    missing: tuple[Finding, ...]
    cyclic: tuple[Finding, ...]
    unreachable: frozenset[tuple[str, int]]
    nodes: Sequence[Row]
    diagnostics: Sequence[Row]


def judge_space(generated: Generated, folder: Path, oracle: Oracle) -> Outcome:
    """Both sides on one dataflow in every configuration; `folder` is empty."""
    for path, text in generated.files:
        (folder / path).write_text(text, encoding="utf-8")
    free = _said(generated, folder)
    configs = list(generated.configs)
    witnesses = [config for finding in free.rejections if (config := _witness(free, finding)) is not None]
    configs += [config for config in witnesses if config not in configs]
    verdicts = oracle.ask_each(folder, generated.modules, configs, allow_module_overrides=generated.overrides)
    answers = list(zip(configs, verdicts, strict=True))
    found = [*_known(free), *_everywhere(generated, free, answers), *_smallest(free, generated.configs)]
    found += _unreachable(generated, free, answers)
    key = generated.keys[0]
    for value in {json.dumps(config.get(key)): config.get(key) for config in generated.configs}.values():
        narrowed = _said(generated, folder, assume={key: value})
        inside = [(config, verdict) for config, verdict in answers if _same(config.get(key), value)]
        found += _renamed("assumed", _everywhere(generated, narrowed, inside))
    step = max(len(answers) // MOST_FIXED, 1)
    for config, verdict in answers[::step]:
        fixed = _said(generated, folder, config=config)
        found += _renamed("fixed", _everywhere(generated, fixed, [(config, verdict)]))
    return Outcome(tuple(verdicts), tuple(found), len(answers))


def _said(generated: Generated, folder: Path, config: Config | None = None, assume: Config | None = None) -> Said:
    options = Options(
        project=str(folder),
        modules=generated.modules,
        config=config,
        assume=assume or {},
        allow_module_overrides=generated.overrides,
        use_cache=False,
        jobs=1,
        pedantic=True,
    )
    with mock.patch.dict(os.environ):
        os.environ.pop("VIRTUAL_ENV", None)
        result = graph(options)
    document = json.loads(graph_json(map(outline, result.dataflows), result.diagnostics))
    dataflow = result.dataflows[0]
    return Said(
        dataflow,
        tuple(_rejections(dataflow)),
        tuple(
            Finding("missing-variant", name, part.condition)
            for name, verdict in dataflow.verdicts.items()
            for part in verdict.missing
        ),
        tuple(Finding("cyclic-dependency", str(cycle.nodes), cycle.condition) for cycle in cycles(dataflow)),
        frozenset((path, fault.span.line) for path, fault in dataflow.faults if fault.rule == "unreachable-variant"),
        document["dataflows"][0]["nodes"],
        document["diagnostics"],
    )


def _rejections(dataflow: Dataflow) -> Iterator[Finding]:
    for _, fault in dataflow.faults:
        if fault.severity == "error" and fault.hamilton in {"import", "build"}:
            yield Finding(fault.rule, fault.message, fault.condition)
    for name, verdict in dataflow.verdicts.items():
        yield from (Finding("duplicate-node", name, clash.condition) for clash in verdict.clashes)
        yield from (Finding("type-mismatch", name, part.condition) for part in verdict.mismatches)
        yield from (Finding("conflicting-input-types", name, part.condition) for part in verdict.conflicts)


def _known(free: Said) -> Iterator[Disagreement]:
    """Nothing that is generated is beyond what dagcheck can read."""
    for row in free.diagnostics:
        if row["rule"] == "unresolved-modifier":
            yield Disagreement("known", {}, (row["message"],))
    for name, verdict in free.dataflow.verdicts.items():
        if verdict.given_up:
            yield Disagreement("known", {}, (f"dagcheck gives up on `{name}`",))


def _everywhere(generated: Generated, said: Said, answers: Iterable[tuple[Config, Verdict]]) -> Iterator[Disagreement]:
    names = frozenset(node.name for part in said.dataflow.parts for node in part.nodes)
    strange = names - said.dataflow.space.mentioned.keys() if said.dataflow.config is None else frozenset()
    for config, verdict in answers:
        if config.keys() & strange:
            continue  # a key that takes a node's place, though no condition that can hold mentions it
        errors = [finding for finding in said.rejections if holds(finding.condition, config)]
        if verdict.rejection is not None:
            yield from _rejected(config, verdict, errors)
            continue
        for finding in errors:
            yield Disagreement("rejects", config, (f"Hamilton builds this: {finding.rule}", finding.words))
        rows = projected(said.nodes, config)
        differences = compare(verdict, rows, (), set(generated.modules)).differences
        if differences and not errors:
            yield Disagreement("graph", config, differences)
        yield from _missing(said, config, verdict, names)
        has_cycle = _has_cycle(verdict)
        if has_cycle != any(holds(finding.condition, config) for finding in said.cyclic):
            yield Disagreement("cycle", config, (f"Hamilton's graph has a cycle: {has_cycle}",))


def _rejected(config: Config, verdict: Verdict, errors: Sequence[Finding]) -> Iterator[Disagreement]:
    message = verdict.rejection.message if verdict.rejection else ""
    kinds = [rule for words, rule in KINDS.items() if words in message]
    if not errors:
        yield Disagreement("accepts", config, ("Hamilton rejects this", str(verdict.rejection)))
    elif kinds and not any(finding.rule in kinds for finding in errors):
        told = ", ".join(sorted({finding.rule for finding in errors}))
        yield Disagreement("kind", config, (f"Hamilton says {kinds[0]}, dagcheck {told}", message))


def _missing(said: Said, config: Config, verdict: Verdict, names: frozenset[str]) -> Iterator[Disagreement]:
    inputs = {node["name"] for node in verdict.nodes if node["kind"] == "input"} & names - config.keys()
    needed = {
        part["name"]
        for node in verdict.nodes
        for part in node["dependencies"]
        if not part["optional"] and part["name"] in inputs
    }
    told = {finding.words for finding in said.missing if holds(finding.condition, config)}
    if told != needed:
        yield Disagreement("missing", config, (f"missing are {sorted(needed)}", f"told are {sorted(told)}"))


def _has_cycle(verdict: Verdict) -> bool:
    from graphlib import CycleError, TopologicalSorter

    made = {node["name"] for node in verdict.nodes if node["kind"] == "function"}
    reads = {node["name"]: {part["name"] for part in node["dependencies"]} & made for node in verdict.nodes}
    try:
        TopologicalSorter(reads).prepare()
    except CycleError:
        return True
    return False


def _unreachable(generated: Generated, free: Said, answers: Iterable[tuple[Config, Verdict]]) -> Iterator[Disagreement]:
    """Functions that are in no configuration, by the first line of their statement, which is that of a decorator."""
    verdicts = [verdict for _, verdict in answers]
    met = {(node["path"], node["line"]) for verdict in verdicts for node in verdict.nodes if node["kind"] == "function"}
    functions = list(_functions(generated))
    told = {
        function
        for function in functions
        if any(function[0] == at[0] and at[1] in function[1] for at in free.unreachable)
    }
    for path, lines in functions:
        is_met = any((path, line) in met for line in lines)
        if is_met and (path, lines) in told:
            yield Disagreement("unreachable", {}, (f"Hamilton has {path}:{lines[0]} in some configuration",))
        if (
            not is_met
            and (path, lines) not in told
            and not generated.overrides
            and not any(v.rejection for v in verdicts)
        ):
            yield Disagreement("unreachable", {}, (f"Hamilton has {path}:{lines[0]} in no configuration",))


def _functions(generated: Generated) -> Iterator[tuple[str, range]]:
    """The lines of each function's decorators and header."""
    for path, text in generated.files:
        first = 0
        for number, line in enumerate(text.split("\n"), 1):
            first = first or (number if line.startswith(("@", "def ")) else 0)
            if line.startswith("def "):
                yield path, range(first, number + 1)
                first = 0


def _smallest(free: Said, configs: Sequence[Config]) -> Iterator[Disagreement]:
    for finding in (*free.rejections, *free.cyclic):
        fewest = min((len(config) for config in configs if holds(finding.condition, config)), default=None)
        found = witness_of(free.dataflow.space, finding.condition)
        if fewest is not None and len(found) > fewest:
            yield Disagreement("smallest", dict(found), (f"a configuration of {fewest} keys shows this", finding.rule))


def _witness(free: Said, finding: Finding) -> Config | None:
    pairs = witness_of(free.dataflow.space, finding.condition)
    return {key: value.value if isinstance(value, Unhashable) else value for key, value in pairs}


def _same(left: Any, right: Any) -> bool:
    return bool(left == right)


def _renamed(kind: str, found: Iterable[Disagreement]) -> Iterator[Disagreement]:
    return (each._replace(kind=f"{kind} {each.kind}") for each in found)
