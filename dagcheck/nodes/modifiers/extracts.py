"""`parameterize_extract_columns`, `parameterize_frame`: a node per parameterization, and the columns of each.

Source: `hamilton.function_modifiers.expanders` and `hamilton.experimental.decorators.parameterize_frame`. The n-th
parameterization makes the dataframe `f__<n>` and one node per column. Hamilton looks at the return type at import and at all
else when it builds; parameters that the function does not have are ignored.
"""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.nodes.arguments import Step, is_reference
from dagcheck.nodes.dataframes import column_type
from dagcheck.nodes.modifiers.extraction import with_columns
from dagcheck.nodes.modifiers.grouping import element_type
from dagcheck.nodes.modifiers.parameterization import Variant, make, read_variant
from dagcheck.nodes.node import Node
from dagcheck.nodes.signature import without_extras
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import alive
from dagcheck.nodes.uses import Use
from dagcheck.types.printing import brief

_NAMES = ("outputs", "input_mapping")


class _Extract(NamedTuple):
    """One `ParameterizedExtract(outputs, input_mapping)` and the way to its parts."""

    outputs: Value
    mapping: Value
    to_outputs: tuple[Step, ...]
    to_mapping: tuple[Step, ...]


def parameterize_extract_columns(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@parameterize_extract_columns(ParameterizedExtract(("a", "b"), {"x": source("y")}), ...)`."""
    for name, value in use.keywords:
        if name == "**":
            subject.unresolved(use, value, complete=True)
        elif name != "reassign_columns":
            subject.reject(use, f"`@parameterize_extract_columns` has no argument `{name}`", ("keyword", name))
    extracts: list[_Extract | None] = [
        _extract(subject, use, value, ("argument", index)) for index, value in enumerate(use.arguments)
    ]
    return _expand(subject, use, nodes, extracts)


def parameterize_frame(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@parameterize_frame(pandas.DataFrame(rows, columns=[[names], [kinds]]))`; kinds are `out`, `source` and `value`."""
    step: Step = ("argument", 0) if use.arguments else ("value", "parameterization")
    given = use.arguments[0] if use.arguments else use.keyword("parameterization")
    rows = _frame(given)
    if isinstance(rows, Unknown) and _has_one_level(given):
        subject.reject(use, "the columns have one level; the second says `out`, `source` or `value` for each", step)
        return _expand(subject, use, nodes, [])
    if isinstance(rows, Unknown):
        subject.unresolved(use, rows, step)
        return _expand(subject, use, nodes, [None])
    names, kinds = rows[0]
    wrong = next((kind for kind in kinds if kind not in ("out", "source", "value")), None)
    if "out" not in kinds or wrong is not None:
        told = "has no `out`" if wrong is None else f"has {describe(wrong)}"
        message = f"the second level of the columns says `out`, `source` or `value` for each; this one {told}"
        subject.reject(use, message, step)
        return _expand(subject, use, nodes, [None])
    extracts: list[_Extract | None] = []
    for row in rows[1:]:
        cells = list(zip(names, kinds, row, strict=False))
        mapping = {name: _dependency(kind, cell) for name, kind, cell in cells if kind != "out"}
        extracts.append(_Extract([cell for _, kind, cell in cells if kind == "out"], mapping, (step,), (step,)))
    return _expand(subject, use, nodes, extracts)


def _expand(subject: Subject, use: Use, nodes: list[Node], extracts: list[_Extract | None]) -> list[Node]:
    returns = subject.signature.returns
    if returns is not None and column_type(without_extras(returns), subject.setting.hierarchy) is None:
        subject.reject(use, f"`@{use.name}` needs a dataframe, but `{subject.name}` returns `{brief(returns)}`")
    nodes = alive(subject, nodes)
    if len(nodes) != 1:
        names = ", ".join(f"`{node.name}`" for node in nodes)
        message = f"`@{use.name}` must be the first to make more than one node, but there are {len(nodes)} ({names})"
        subject.reject(use, message, hamilton="build")
        return nodes
    return [
        made
        for index, extract in enumerate(extracts)
        if extract is not None
        for made in _parts(subject, use, nodes[0], index, extract)
    ]


def _parts(subject: Subject, use: Use, node: Node, index: int, extract: _Extract) -> list[Node]:
    variant = Variant(f"{node.name}__{index}", {}, None, extract.to_mapping, stage="build")
    variant = read_variant(subject, use, extract.mapping, variant)
    _check_groups(subject, use, variant)
    frame = make(subject, use, node, variant)
    outputs = extract.outputs
    columns = iterate(outputs)
    if isinstance(columns, Unknown):
        if is_plain(outputs):
            message = f"the outputs of a `ParameterizedExtract` are a tuple of names, not {describe(outputs)}"
            subject.reject(use, message, *extract.to_outputs, hamilton="build")
        else:
            subject.unresolved(use, columns, *extract.to_outputs)
        return [frame]
    if not columns:
        subject.reject(use, f"`{frame.name}` has no column to extract", *extract.to_outputs, hamilton="build")
    elif isinstance(columns[0], list):
        message = "a column is a name, or a pair of name and documentation, no list"
        subject.reject(use, message, *extract.to_outputs, ("item", 0), hamilton="build")
    steps = [(*extract.to_outputs, ("item", place)) for place in range(len(columns))]
    return with_columns(subject, use, frame, list(zip(columns, steps, strict=True)))


def _check_groups(subject: Subject, use: Use, variant: Variant) -> None:
    """A parameter without element types cannot be bound to several nodes."""
    for name, bound in variant.bindings.items():
        parameter = subject.parameter(name) if bound.kind == "group" else None
        problem = "" if parameter is None else element_type(bound, parameter, subject.setting.hierarchy)[1]
        if problem:
            subject.reject(use, problem, *variant.steps, ("value", name), hamilton="build")


def _extract(subject: Subject, use: Use, value: Value, step: Step) -> _Extract | None:
    """Read one `ParameterizedExtract`; what is wrong with it is noted."""
    if not is_reference(value, "ParameterizedExtract") or not isinstance(value, Construction):
        if is_plain(value):
            message = f"`@parameterize_extract_columns` takes `ParameterizedExtract`s, not {describe(value)}"
            subject.reject(use, message, step, hamilton="build")
        else:
            subject.unresolved(use, value.unknown if isinstance(value, Rest) else value, step)
        return None
    given = dict(zip(_NAMES, value.arguments, strict=False))
    named = [name for name, _ in value.keywords]
    if any(isinstance(part, Rest) for part in value.arguments) or "**" in named:
        subject.unresolved(use, value, step)
        return None
    wrong = [name for name in named if name not in _NAMES or name in given]
    given.update(value.keywords)
    missing = [name for name in _NAMES if name not in given]
    if wrong or missing or len(value.arguments) > len(_NAMES):
        told = (
            f"has no argument `{wrong[0]}`" if wrong else f"needs `{missing[0]}`" if missing else "takes two arguments"
        )
        subject.reject(use, f"`ParameterizedExtract` {told}", step, *([("keyword", wrong[0])] if wrong else []))
        return None
    ways: list[tuple[Step, ...]] = [
        (step, ("argument", place) if place < len(value.arguments) else ("value", name))
        for place, name in enumerate(_NAMES)
    ]
    return _Extract(given["outputs"], given["input_mapping"], ways[0], ways[1])


def _frame(value: Value) -> list[list[Value]] | Unknown:
    """The column levels of a frame, as one pair, and then its rows; as far as it is spelled out."""
    reason = Unknown(f"{describe(value)} is no table that is spelled out")
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Construction) or value.callee != Reference("pandas.DataFrame"):
        return reason
    given = dict(zip(("data", "index", "columns"), value.arguments, strict=False)) | dict(value.keywords)
    levels = _levels(given.get("columns"))
    rows = given.get("data")
    if levels is None or not isinstance(rows, list) or not all(type(row) in (list, tuple) for row in rows):
        return reason
    if any(len(row) != len(levels[0]) for row in rows) or any(map(_has_rest, rows)):
        return reason
    return [levels, *(list(row) for row in rows)]


def _levels(columns: Value) -> list[Value] | None:
    """Names and kinds: two lists, or a `MultiIndex` made of arrays or of pairs."""
    pairs: Value = None
    if isinstance(columns, Construction) and isinstance(columns.callee, Reference) and columns.arguments:
        if columns.callee.name == "pandas.MultiIndex.from_arrays":
            columns = columns.arguments[0]
        elif columns.callee.name == "pandas.MultiIndex.from_tuples":
            pairs = columns.arguments[0]
    if isinstance(pairs, list) and all(type(pair) is tuple and len(pair) == 2 for pair in pairs):
        columns = [[name for name, _ in pairs], [kind for _, kind in pairs]]
    if not isinstance(columns, list) or len(columns) != 2 or not all(type(level) is list for level in columns):
        return None
    return columns if is_plain(columns) and len(columns[0]) == len(columns[1]) else None


def _has_rest(row: Value) -> bool:
    return any(isinstance(cell, Rest) for cell in row)


def _has_one_level(value: Value) -> bool:
    """Are the columns plain names? Those of two letters pass for two levels."""
    columns = dict(value.keywords).get("columns") if isinstance(value, Construction) else None
    return type(columns) is list and bool(columns) and all(isinstance(name, str) and len(name) != 2 for name in columns)


def _dependency(kind: str, cell: Value) -> Value:
    return Construction(Reference(f"hamilton.function_modifiers.{kind}"), (cell,), ())
