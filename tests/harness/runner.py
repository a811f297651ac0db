"""Does a case hold? Writes its files, asks Hamilton and dagcheck, and collects every problem with its line of the suite.

1. Against Hamilton alone, so that a case cannot be wrong about the truth: its `# nodes`, its graphs, and that what
   Hamilton rejects is expected to be an error and the other way round, error by error.
2. dagcheck against the expectations on lines, nodes and graphs, over all configurations.
3. dagcheck against Hamilton in each configuration of the case, and in the witness configuration of each finding.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.harness import analysis, graph_block, impact_block, repository
from tests.harness.cases import Case, CaseFile, Config, GraphBlock
from tests.harness.compare import compare
from tests.harness.expectations import ExpectedNodes
from tests.harness.isolation import cleaned, isolated
from tests.harness.matching import mismatches
from tests.harness.oracle import Oracle, Rejection, Verdict
from tests.harness.problem import Problem
from tests.harness.scripts import driver_problems, listing_problems, outcomes

REJECTED_BY_HAMILTON = {
    "syntax-error", "duplicate-node", "missing-return-type", "missing-parameter-type", "invalid-annotation",
    "invalid-modifier", "invalid-name", "type-mismatch", "conflicting-input-types",
}  # fmt: skip
"""Rules whose errors Hamilton shares: some configuration of the case must show it."""

_FIXING = {"--config", "--config-file", "--assume"}


class Outcome(NamedTuple):
    """`snapshot` is what the case's snapshot block should say, None if it has none."""

    problems: tuple[Problem, ...]
    snapshot: str | None = None


def write(case: Case, folder: Path) -> None:
    """Put the files of a case into a folder, which is made if it is not there."""
    folder.mkdir(exist_ok=True)
    for file in case.files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")


def run_case(case: Case, folder: Path, oracle: Oracle, *, with_dagcheck: bool = True) -> Outcome:
    """All problems of a case, tried in an empty `folder`; without dagcheck only those of the first kind."""
    write(case, folder)
    verdicts = _verdicts(case, folder, oracle)
    problems = [*_against_hamilton(case, verdicts), *_each_error_alone(case, folder, oracle)]
    runs = [oracle.run_script(folder, script, then=case.then, roots=case.roots) for script in case.scripts]
    problems += outcomes(case, runs)
    if not with_dagcheck:
        return Outcome(tuple(problems))
    try:
        found, snapshot = _against_dagcheck(case, folder, oracle, verdicts)
        found += listing_problems(case, folder) if case.listing else []
        found += [problem for run in runs for problem in driver_problems(case, folder, run)]
    except analysis.AnalysisError as error:
        return Outcome((*problems, Problem(case.line, str(error))))
    return Outcome(tuple(dict.fromkeys([*problems, *found])), snapshot)


def _against_dagcheck(
    case: Case, folder: Path, oracle: Oracle, verdicts: list[tuple[Config, Verdict]]
) -> tuple[list[Problem], str | None]:
    """The problems of the second and third kind, and the snapshot."""
    diagnostics = analysis.check(folder, _arguments(case, folder))
    problems: list[Problem] = []
    if case.impact is not None:
        document = _impact(case, folder)
        diagnostics += tuple(item for item in document["diagnostics"]["new"] if item not in diagnostics)
        different = impact_block.differences(case.impact.text, document)
        if different:
            message = "\n    ".join(["the impact is another (- here, + dagcheck)", *different])
            problems.append(Problem(case.impact.line, message))
    problems += _diagnostics(case, diagnostics)
    if case.modules:
        problems += _whole_graph(case, folder)
        problems += _agreement(case, folder, verdicts)
    if case.modules and not case.discover and not case.differs:
        problems += _witnesses(case, folder, oracle, diagnostics)
    snapshot = analysis.rendered(folder, _arguments(case, folder)) if case.snapshot else None
    return problems, snapshot


def _impact(case: Case, folder: Path) -> dict[str, Any]:
    """What `dagcheck impact` says of the change, in a repository that was made for it."""
    place = folder.with_name(f"{folder.name}-history")
    repository.make(place)
    repository.commit(place, {file.name: file.text for file in case.before}, "before")
    repository.put(place, {file.name: file.text for file in case.files})
    return analysis.impact(place, _arguments(case, place))


def _verdicts(case: Case, folder: Path, oracle: Oracle) -> list[tuple[Config, Verdict]]:
    return [(config, _ask(case, folder, oracle, config)) for config in case.configs] if case.modules else []


def _ask(case: Case, folder: Path, oracle: Oracle, config: Config) -> Verdict:
    overrides, roots = "--allow-module-overrides" in case.options, case.roots
    return oracle.ask(
        folder, case.modules, config, roots=roots, allow_module_overrides=overrides, stand_ins=case.stand_ins
    )


def _against_hamilton(case: Case, verdicts: list[tuple[Config, Verdict]]) -> Iterator[Problem]:
    if case.differs or not case.modules:
        return
    expected = {item.rule for file in case.files for item in file.diagnostics if item.severity == "error"}
    rejections = [(config, verdict.rejection) for config, verdict in verdicts if verdict.rejection]
    if rejections and not expected:
        config, rejection = rejections[0]
        yield Problem(case.line, f"no error is expected, but Hamilton rejects this{_under(config)}: {rejection}")
    if not rejections and expected & _rejected_by_hamilton(case):
        rules = ", ".join(sorted(expected & _rejected_by_hamilton(case)))
        yield Problem(case.line, f"Hamilton rejects this in no configuration of the case, but expected is {rules}")
    for file in case.files:
        for nodes in file.nodes:
            yield from _nodes_in_hamilton(file, nodes, [verdict for _, verdict in verdicts])
    for block in case.graphs:
        for config, verdict in verdicts:
            if config == block.config:
                yield from _graph_in_hamilton(case, block, verdict)


def _each_error_alone(case: Case, folder: Path, oracle: Oracle) -> Iterator[Problem]:
    """Hamilton must reject each expected error without the others, and nothing without all of them."""
    if case.differs or not case.modules:
        return

    def rejection(other: Case, name: str) -> Rejection | None:
        place = folder.with_name(f"{folder.name}-{name}")
        write(other, place)
        return next(filter(None, (_ask(other, place, oracle, config).rejection for config in case.configs)), None)

    for number, (file, item, alone) in enumerate(isolated(case, _rejected_by_hamilton(case))):
        if rejection(alone, str(number)) is None:
            message = f"without the other errors of the case, Hamilton has nothing against this: {item}"
            yield Problem(file.line + item.line - 1, message)
    rest = cleaned(case, _rejected_by_hamilton(case))
    unexpected = rejection(rest, "cleaned") if rest else None
    if unexpected and unexpected.type not in {"NameError", "ImportError"}:  # then only what was cut out is missing
        yield Problem(case.line, f"without the expected errors, Hamilton rejects the rest: {unexpected}")


def _rejected_by_hamilton(case: Case) -> set[str]:
    """The rules whose errors Hamilton shares; where types are checked strictly, more is asked than Hamilton asks."""
    return REJECTED_BY_HAMILTON - {"type-mismatch"} if "strict" in case.options else REJECTED_BY_HAMILTON


def _nodes_in_hamilton(file: CaseFile, expected: ExpectedNodes, verdicts: list[Verdict]) -> Iterator[Problem]:
    """`# nodes` against what Hamilton made of the function in all configurations tried."""
    seen = {
        node["name"]
        for verdict in verdicts
        for node in verdict.nodes
        if node.get("path") == file.name and expected.first <= node["line"] <= expected.last
    }
    line = file.line + expected.at - 1
    if seen - expected.names:
        yield Problem(line, f"Hamilton makes more nodes of {expected.function}: {_listed(seen - expected.names)}")
    if expected.names - seen and not any(verdict.rejection for verdict in verdicts):
        yield Problem(line, f"in no configuration of the case Hamilton makes {_listed(expected.names - seen)}")


def _graph_in_hamilton(case: Case, block: GraphBlock, verdict: Verdict) -> Iterator[Problem]:
    if verdict.rejection:
        yield Problem(block.line, f"there is no such graph: {verdict.rejection}")
        return
    different = graph_block.differences(block.lines, verdict.nodes, case.own_names)
    if different:
        yield Problem(block.line, "\n    ".join(["Hamilton's graph is another (- here, + Hamilton)", *different]))


def _diagnostics(case: Case, diagnostics: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    lines = {file.name: file.line for file in case.files}
    for mismatch in mismatches({file.name: file.diagnostics for file in case.files}, diagnostics):
        if mismatch.path in lines:
            yield Problem(lines[mismatch.path] + mismatch.line - 1, mismatch.message)
        else:
            yield Problem(case.line, f"{mismatch.path}:{mismatch.line}: {mismatch.message}")


def _whole_graph(case: Case, folder: Path) -> Iterator[Problem]:
    """`# nodes` and `graph all` against dagcheck's graph over all configurations."""
    blocks = [block for block in case.graphs if block.config is None]
    if not blocks and not any(file.nodes for file in case.files):
        return
    nodes = _one_dataflow(analysis.graph(folder, _arguments(case, folder, fixed=False)).dataflows)
    for file in case.files:
        for expected in file.nodes:
            names = {node["name"] for node in nodes if (node["path"], node["line"]) == (file.name, expected.line)}
            if names != expected.names:
                message = f"{expected.function} makes {_listed(names)}, expected: {_listed(expected.names)}"
                yield Problem(file.line + expected.at - 1, message)
    for block in blocks:
        yield from _graph_in_dagcheck(case, block, nodes)


def _graph_in_dagcheck(case: Case, block: GraphBlock, nodes: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    different = graph_block.differences(block.lines, nodes, case.own_names)
    if different:
        yield Problem(block.line, "\n    ".join(["dagcheck's graph is another (- here, + dagcheck)", *different]))


def _agreement(case: Case, folder: Path, verdicts: list[tuple[Config, Verdict]]) -> Iterator[Problem]:
    """dagcheck against Hamilton, configuration by configuration."""
    differs = False
    unknown: set[str] = set()
    for config, verdict in verdicts:
        graphs = analysis.graph(folder, [*_arguments(case, folder, fixed=False), "--config", json.dumps(config)])
        nodes = _one_dataflow(graphs.dataflows)
        comparison = compare(verdict, nodes, graphs.diagnostics, case.modules)
        unknown.update(comparison.unknown)
        differs = differs or bool(comparison.differences)
        if comparison.differences and not case.differs:
            message = f"dagcheck and Hamilton disagree{_under(config)}"
            yield Problem(case.line, "\n    ".join([message, *comparison.differences]))
        for block in case.graphs:
            if block.config == config:
                yield from _graph_in_dagcheck(case, block, nodes)
    if case.differs and not differs:
        yield Problem(case.line, "the case says that dagcheck and Hamilton differ, but they agree")
    if bool(unknown) != bool(case.unknown_types):
        message = f"unknown types: {_listed(unknown)}" if unknown else "all types are known, the case says otherwise"
        yield Problem(case.line, message)


def _witnesses(case: Case, folder: Path, oracle: Oracle, diagnostics: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    """What dagcheck says that Hamilton rejects, Hamilton must reject in the configuration that dagcheck names."""
    for diagnostic in diagnostics:
        witness = {key: value for key, value in diagnostic["config"].items() if value != {"$absent": True}}
        shared = diagnostic["severity"] == "error" and diagnostic["hamilton"] in {"import", "build"}
        if not shared or diagnostic["certainty"] != "certain" or any(type(value) is dict for value in witness.values()):
            continue
        if _ask(case, folder, oracle, witness).rejection is None:
            told = f"{diagnostic['path']}:{diagnostic['line']}: error[{diagnostic['rule']}] {diagnostic['message']}"
            yield Problem(case.line, f"Hamilton builds this in the witness configuration {witness} of {told}")


def _arguments(case: Case, folder: Path, *, fixed: bool = True) -> list[str]:
    """Arguments for `dagcheck`; without `fixed`, the case's own choice of a configuration is left out."""
    arguments = [part for root in case.roots for part in ("--root", str(folder / root))]
    if not (fixed and case.discover):
        arguments += [part for module in case.modules for part in ("--module", module)]
    options = list(case.options)
    while not fixed and (at := next((at for at, option in enumerate(options) if option in _FIXING), None)) is not None:
        del options[at : at + 2]
    return arguments + options


def _one_dataflow(dataflows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    assert len(dataflows) == 1, f"--module gives one dataflow, not {[dataflow['name'] for dataflow in dataflows]}"
    nodes: Sequence[Mapping[str, Any]] = dataflows[0]["nodes"]
    return nodes


def _under(config: Config) -> str:
    return f" under {json.dumps(config)}" if config else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
