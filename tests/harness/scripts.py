"""Does dagcheck see the drivers that scripts build? Compares its dataflows with those that real Hamilton built.

1. A script must raise exactly if an error of it is expected that Hamilton shares.
2. Every driver that a run built must be a dataflow of the same modules; where its configuration is the same, the graph must
   be. What was asked of it and given to it must be known of the dataflow.
3. A `dataflows` block is the whole list: `name: module, module | config | asks a, b | gives c | overrides d`, and
   `path:line: reason` for each driver that is not resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.harness import analysis
from tests.harness.cases import Case
from tests.harness.compare import compare
from tests.harness.oracle import ScriptVerdict, Verdict
from tests.harness.problem import Problem

SILENT = {"unsupported-parameter", "nested-parallelizable", "parallelizable-without-collect"}
"""Errors that a run need not show."""


def outcomes(case: Case, runs: Sequence[ScriptVerdict]) -> Iterator[Problem]:
    """Whether the scripts raise where errors are expected, and only there."""
    if not runs or case.differs:
        return
    errors = {item.rule for file in case.files for item in file.diagnostics if item.severity == "error"} - SILENT
    raised = [run.error for run in runs if run.error is not None]
    if raised and not errors:
        yield Problem(case.line, f"no error is expected, but with Hamilton the script fails: {raised[0]}")
    if errors and not raised:
        yield Problem(
            case.line, f"with Hamilton the script runs to its end, but expected is {', '.join(sorted(errors))}"
        )


def driver_problems(case: Case, folder: Path, run: ScriptVerdict) -> Iterator[Problem]:
    """The drivers of one run that dagcheck does not see as they are."""
    arguments = [part for root in case.roots for part in ("--root", str(folder / root))]
    graphs = analysis.graph(folder, arguments)
    document = analysis.dataflows(folder, arguments)
    listed = document["dataflows"]
    for driver in run.drivers:
        own = {module["name"] for dataflow in graphs.dataflows for module in dataflow["modules"]}
        modules = [name for name in driver["modules"] if name in own]
        same = [flow for flow in graphs.dataflows if [module["name"] for module in flow["modules"]] == modules]
        exact = [flow for flow in same if flow["config"] == driver["config"]]
        if not same and document["unresolved"]:
            continue
        if not same:
            known = "; ".join(f"{flow['name']}: {_module_names(flow)}" for flow in graphs.dataflows)
            yield Problem(case.line, f"dagcheck does not see the driver of {driver['modules']}; it sees {known}")
            continue
        yield from _calls(case, driver, [flow for flow in listed if _module_names(flow) == _module_names(same[0])])
        problems = [list(_graph(driver, flow, graphs.diagnostics, own)) for flow in exact]
        if problems and all(problems):
            yield Problem(case.line, "\n    ".join([f"the graph of {exact[0]['name']} is another", *problems[0]]))


def listing_problems(case: Case, folder: Path) -> list[Problem]:
    """The differences between the `dataflows` block and what dagcheck lists."""
    assert case.listing is not None
    arguments = [part for root in case.roots for part in ("--root", str(folder / root))]
    document = analysis.dataflows(folder, arguments)
    found = [_line(flow) for flow in document["dataflows"]]
    found += [f"{item['path']}:{item['line']}: {item['reason']}" for item in document["unresolved"]]
    expected = [line for line in case.listing.text.splitlines() if line.strip()]
    if found == expected:
        return []
    different = [f"- {line}" for line in expected if line not in found] + [
        f"+ {line}" for line in found if line not in expected
    ]
    return [
        Problem(case.listing.line, "\n    ".join(["dagcheck lists other dataflows (- here, + dagcheck)", *different]))
    ]


def _line(flow: Mapping[str, Any]) -> str:
    config = json.dumps(flow["config"]) if flow["config_complete"] else f"{json.dumps(flow['config'])} and more"
    parts = [f"{flow['name']}: {_module_names(flow)}", config]
    for title, key in (("asks", "outputs"), ("gives", "inputs"), ("overrides", "overrides")):
        parts += [f"{title} {', '.join(flow[key])}"] if flow[key] else []
    return " | ".join(parts)


def _module_names(flow: Mapping[str, Any]) -> str:
    return ", ".join(module["name"] for module in flow["modules"])


def _calls(case: Case, driver: Mapping[str, Any], flows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    for key in ("outputs", "inputs"):
        if not all(call["complete"] for flow in flows for call in flow["calls"]):
            continue
        known = {name for flow in flows for name in flow[key]}
        missing = [name for name in driver[key] if name not in known]
        if missing:
            yield Problem(case.line, f"dagcheck does not see these {key} of {driver['modules']}: {missing}")


def _graph(
    driver: Mapping[str, Any], flow: Mapping[str, Any], diagnostics: Sequence[Mapping[str, Any]], own: set[str]
) -> Iterator[str]:
    own = own | {node["tags"]["module"] for node in flow["nodes"] if "module" in node["tags"]}
    nodes = []
    for node in driver["nodes"]:
        tags = node["tags"]
        if tags.get("module") not in own:  # a module that was made at run time has a name by chance
            tags = {key: value for key, value in tags.items() if key != "module"}
        nodes.append({**node, "tags": tags})
    yield from compare(Verdict(tuple(nodes), None, ""), flow["nodes"], [], sorted(own)).differences
