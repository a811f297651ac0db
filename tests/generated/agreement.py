"""Do dagcheck and Hamilton say the same of a generated dataflow?

Four questions, each under every configuration of the dataflow and in every witness that dagcheck names:

1. *fixed*: dagcheck with that configuration against Hamilton with it: accepted or rejected, at which stage and where, and
   the whole graph.
2. *projected*: what dagcheck says of all configurations at once, looked at in this one.
3. *witness*: Hamilton rejects in the configuration that dagcheck names for an error.
4. *known*: nothing that is generated is beyond what dagcheck can read.

Hamilton stops at its first error, so a rejected dataflow is tried again without the statements that dagcheck blames, and
with each of them alone (`remnants`).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from dagcheck.evaluation.conditions import mentions
from dagcheck.graph.dataflow import Dataflow
from dagcheck.project import graph
from dagcheck.report.graph import graph_json
from dagcheck.report.outline import outline
from dagcheck.settings import Options
from tests.generated.dataflows import Generated
from tests.generated.projection import predicted, projected
from tests.generated.remnants import first_line_of, remnants, statement_at
from tests.harness.compare import Comparison, compare
from tests.harness.oracle import Oracle, Rejection, Verdict

Row = Mapping[str, Any]
Config = Mapping[str, Any]


class Disagreement(NamedTuple):
    """`kind` is the question; `lines` say what Hamilton and dagcheck make of the configuration."""

    kind: str
    config: Config
    lines: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The same for disagreements of the same sort: no names, no numbers."""
        text = " ".join(line for line in self.lines[:3] if not line.startswith("(-"))
        return f"{self.kind}: " + re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"|\b\w+\.py\b|[\w.]*\d[\w.]*", "_", text)[:100]

    def __str__(self) -> str:
        return "\n    ".join([f"{self.kind}, under {dict(self.config)}:", *self.lines])


class Outcome(NamedTuple):
    """What was tried of one dataflow: Hamilton's verdicts, where dagcheck disagrees, and how many parts were tried."""

    verdicts: tuple[Verdict, ...]
    disagreements: tuple[Disagreement, ...]
    parts: int = 0


class Analysis(NamedTuple):
    """What dagcheck says: the dataflow, its rows, and the errors that Hamilton should share."""

    dataflow: Dataflow
    nodes: Sequence[Row]
    diagnostics: Sequence[Row]

    @property
    def errors(self) -> list[Row]:
        """The errors at import or build."""
        return [
            each for each in self.diagnostics if each["severity"] == "error" and each["hamilton"] in {"import", "build"}
        ]


def judge(generated: Generated, folder: Path, oracle: Oracle) -> Outcome:
    """Both sides on one dataflow, and on what is left of it without its faults; `folder` is empty."""
    outcome, blamed = _agreement(generated, folder / "whole", oracle)
    if outcome.disagreements or not any(verdict.rejection for verdict in outcome.verdicts):
        return outcome
    count = 0
    for count, part in enumerate(remnants(generated, blamed), 1):
        inner, _ = _agreement(part, folder / f"part{count}", oracle)
        if inner.disagreements and not any(_is_torn(verdict.rejection) for verdict in inner.verdicts):
            said = [each._replace(lines=(*each.lines, "in this part:", repr(part))) for each in inner.disagreements]
            return outcome._replace(disagreements=tuple(said), parts=count)
    return outcome._replace(parts=count)


def _agreement(generated: Generated, folder: Path, oracle: Oracle) -> tuple[Outcome, list[tuple[str, int]]]:
    """The outcome without parts, and the places that dagcheck blames in some configuration."""
    for path, text in generated.files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    free = _analysed(generated, folder, None)
    witnesses = {str(error["config"]): error["config"] for error in free.errors if _is_witness(error)}
    configs = [*generated.configs, *(config for config in witnesses.values() if config not in generated.configs)]
    verdicts = oracle.ask_each(folder, generated.modules, configs, allow_module_overrides=generated.overrides)
    found: list[Disagreement] = []
    for config, verdict in zip(configs, verdicts, strict=True):
        if verdict.rejection is not None and _decided_by_packages(free.diagnostics, verdict.rejection):
            continue
        found += _fixed(generated, folder, config, verdict)
        if (
            free.dataflow.complete
            and config.keys() <= set(generated.keys) - _unasked(free.dataflow)
            and not ("config" in generated.used and None in config.values())
        ):
            found += _projected(free, config, verdict)
    found += _witnessed(free.errors, dict(zip(map(str, configs), verdicts, strict=True)))
    found += [Disagreement("known", {}, (_said(each),)) for each in free.diagnostics if _is_unread(each)]
    return Outcome(tuple(verdicts), tuple(found)), [(error["path"], error["line"]) for error in free.errors]


def _analysed(generated: Generated, folder: Path, config: Config | None) -> Analysis:
    options = Options(
        project=str(folder),
        modules=generated.modules,
        config=config,
        allow_module_overrides=generated.overrides,
        use_cache=False,
        jobs=1,
    )
    with mock.patch.dict(os.environ):
        os.environ.pop("VIRTUAL_ENV", None)
        result = graph(options)
    document = json.loads(graph_json(map(outline, result.dataflows), result.diagnostics))
    return Analysis(result.dataflows[0], document["dataflows"][0]["nodes"], document["diagnostics"])


def _fixed(generated: Generated, folder: Path, config: Config, verdict: Verdict) -> Iterator[Disagreement]:
    ours = _analysed(generated, folder, config)
    yield from _told("fixed", config, compare(verdict, ours.nodes, ours.diagnostics, _roots(ours.dataflow)))
    rejection = verdict.rejection
    if rejection is None or not ours.errors:
        return
    early = [error for error in ours.errors if error["hamilton"] == "import"]
    if rejection.stage == "build" and early:
        yield Disagreement("stage", config, (f"Hamilton imports this: {_said(early[0])}", str(rejection)))
    if rejection.stage == "import" and rejection.path:
        place = first_line_of(generated, rejection.path, rejection.line or 0)
        places = [(error["path"], first_line_of(generated, error["path"], error["line"])) for error in early]
        if not any(_is_there(generated, (rejection.path, place), blamed) for blamed in places):
            said = "; ".join(map(_said, early))
            yield Disagreement("place", config, (f"Hamilton rejects another statement: {rejection}", said))


def _is_there(generated: Generated, place: tuple[str, int], blamed: tuple[str, int]) -> bool:
    """Is the statement blamed the one that Hamilton rejects, or is a modifier made in the one and at work in the other?"""
    ours, theirs = statement_at(generated, *blamed), statement_at(generated, *place)
    return blamed == place or bool(ours.uses & theirs.binds or ours.binds & theirs.uses)


def _projected(free: Analysis, config: Config, verdict: Verdict) -> Iterator[Disagreement]:
    errors = predicted(free.dataflow, config)
    if errors is not None:
        rows = projected(free.nodes, config)
        yield from _told("projected", config, compare(verdict, rows, errors, _roots(free.dataflow)))


def _unasked(dataflow: Dataflow) -> set[str]:
    """The names of nodes that no condition in the driver's modules asks for as keys: all configurations at once leave them alone."""
    conditions = [node.condition for module in dataflow.parts for node in module.nodes]
    conditions += [fault.condition for module in dataflow.parts for fault in module.faults]
    return set(dataflow.producers) - {key for condition in conditions for key in mentions(condition)}


def _told(kind: str, config: Config, comparison: Comparison) -> Iterator[Disagreement]:
    if comparison.differences:
        yield Disagreement(kind, config, comparison.differences)
    if comparison.unknown:
        yield Disagreement("known", config, (f"unknown types ({kind})", ", ".join(comparison.unknown)))


def _witnessed(errors: Sequence[Row], verdicts: Mapping[str, Verdict]) -> Iterator[Disagreement]:
    for error in errors:
        verdict = verdicts.get(str(error["config"]))
        if verdict is not None and verdict.rejection is None:
            yield Disagreement("witness", error["config"], (f"Hamilton builds this: {_said(error)}",))


def _is_unread(diagnostic: Row) -> bool:
    """Is something beyond what dagcheck can read, other than what the configuration or the installed packages decide?"""
    decided_elsewhere = ("which is not fixed", "which packages are installed decides")
    is_open = any(words in diagnostic["message"] for words in decided_elsewhere)
    return diagnostic["rule"] == "unresolved-modifier" and not is_open


def _decided_by_packages(diagnostics: Sequence[Row], rejection: Rejection) -> bool:
    """Does Hamilton refuse an adapter that it has because of what is installed, where dagcheck says that this decides?"""
    is_told = any("which packages are installed decides" in each["message"] for each in diagnostics)
    return is_told and "required parameters for adapter" in rejection.message


def _is_witness(error: Row) -> bool:
    """Is the configuration plain, so that Hamilton can be asked?"""
    return error["certainty"] == "certain" and not any(isinstance(value, dict) for value in error["config"].values())


def _is_torn(rejection: Rejection | None) -> bool:
    """Does only something miss that was cut out?"""
    return rejection is not None and rejection.type in {"NameError", "ImportError", "AttributeError"}


def _roots(dataflow: Dataflow) -> set[str]:
    return {name.partition(".")[0] for name, _ in dataflow.modules} | {"kinds", "shared"}


def _said(error: Row) -> str:
    return f"{error['path']}:{error['line']}: {error['severity']}[{error['rule']}] {error['message']}"
