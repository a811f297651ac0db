"""How is the list of dataflows shown? As paragraphs for people, as JSON for programs, each with what stopped the unresolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dagcheck.dataflows.specification import Asked, DataflowSpec, DriverCall, Unresolved
from dagcheck.report.json import Json, document
from dagcheck.report.text import Line, Piece, painted, printable
from dagcheck.report.values import as_json, settings_in_words


def dataflows_json(specs: Iterable[DataflowSpec], unresolved: Iterable[Unresolved]) -> str:
    """The document of `dagcheck dataflows --format json`."""
    rows = [_spec_json(spec) for spec in specs]
    return document({"dataflows": rows, "unresolved": [_unresolved_json(item) for item in unresolved]})


def dataflow_list(specs: Iterable[DataflowSpec], unresolved: Iterable[Unresolved], *, color: bool = False) -> str:
    """Each dataflow with its origin, its modules, its configuration, and what is asked of it."""
    lines: list[Line] = []
    for spec in specs:
        lines += [*([()] if lines else []), *_paragraph(spec)]
    for item in unresolved:
        lines += [*([()] if lines else []), *_unresolved_lines(item)]
    return painted(lines, color)


def _paragraph(spec: DataflowSpec) -> Iterator[Line]:
    origin = spec.origin
    place = f" {origin.path}:{origin.line}" if origin.path else ""
    yield (Piece(printable(spec.name), "strong"), Piece(printable(f"  ({origin.kind}{place})"), "dim"))
    names = [module.name for module in spec.modules] + [
        function.name for made in spec.temporary for function in made.functions
    ]
    yield _row("modules", ", ".join(names))
    yield _row("config", _config_in_words(spec))
    for title, asked in (("outputs", spec.outputs), ("inputs", spec.inputs), ("overrides", spec.overrides)):
        if asked:
            yield _row(title, ", ".join(item.name for item in asked))


def _config_in_words(spec: DataflowSpec) -> str:
    if spec.config is None:
        known = settings_in_words(spec.assume.items())
        return f"any with {known}" if known else "any"
    return settings_in_words(spec.config.items()) or "empty"


def _row(title: str, text: str) -> Line:
    return (Piece(f"  {title:<11}"), Piece(printable(text)))


def _unresolved_lines(item: Unresolved) -> Iterator[Line]:
    place = f"{item.location.path}:{item.location.span.line}"
    yield (Piece("not resolved", "info"), Piece(printable(f"  (driver {place})"), "dim"))
    cause = f" ({item.cause.path}:{item.cause.span.line})" if item.cause is not None else ""
    yield (Piece(printable(f"  {item.reason}{cause}")),)


def _spec_json(spec: DataflowSpec) -> dict[str, Json]:
    config = spec.assume if spec.config is None else spec.config
    return {
        "name": spec.name,
        "origin": {"kind": spec.origin.kind, "path": spec.origin.path or None, "line": spec.origin.line or None},
        "modules": [{"name": module.name, "path": module.path} for module in spec.modules],
        "config": {str(key): as_json(value) for key, value in config.items()},
        "config_complete": spec.config_complete,
        "outputs": _names(spec.outputs),
        "inputs": _names(spec.inputs),
        "overrides": _names(spec.overrides),
        "calls": [_call_json(call) for call in spec.calls],
    }


def _call_json(call: DriverCall) -> dict[str, Json]:
    return {
        "method": call.method,
        "path": call.location.path or None,
        "line": call.location.span.line if call.location.path else None,
        "function": call.function or None,
        "outputs": _names(call.asked),
        "inputs": [given.name for given in call.inputs],
        "overrides": [given.name for given in call.overrides],
        "complete": call.has_all_outputs and call.has_all_inputs and call.has_all_overrides,
    }


def _names(asked: Iterable[Asked]) -> list[str]:
    return [item.name for item in asked]


def _unresolved_json(item: Unresolved) -> dict[str, Json]:
    cause = item.cause
    return {
        "path": item.location.path,
        "line": item.location.span.line,
        "reason": item.reason,
        "cause": None if cause is None else {"path": cause.path, "line": cause.span.line, "column": cause.span.column},
    }
