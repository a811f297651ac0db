"""`with_columns` of pandas and polars: columns are made by functions and put into a dataframe before a function reads it.

Source: `hamilton.plugins.h_pandas`, `h_polars`, `h_polars_lazyframe`, which differ in their types only. The columns in
`columns_to_pass` are taken out of the function's first parameter; with `on_input` the functions inside read the dataframe itself. What they
make is put into the dataframe by the node `_append`: what `select` names, or everything that has the type of a column.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.dataframes import column_type
from dagcheck.nodes.modifiers import column_groups
from dagcheck.nodes.modifiers.column_groups import Listed, listed, option_item
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.types.equality import same
from dagcheck.types.expressions import canonical
from dagcheck.types.model import ClassType, Type, UnknownType
from dagcheck.types.printing import brief

FRAMES = {
    "h_pandas.with_columns": ("pandas.DataFrame", "pandas.Series"),
    "h_polars.with_columns": ("polars.DataFrame", "polars.Series"),
    "h_polars_lazyframe.with_columns": ("polars.LazyFrame", "polars.Expr"),
}
"""Each flavour's types of a dataframe and of a column."""

_APPEND = "_append"


def with_columns(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@with_columns(function_or_module, ..., columns_to_pass=["a"], select=["b"])`, or `on_input="frame"`."""
    column_groups.check_options(subject, use)
    columns = listed(subject, use, "columns_to_pass")
    _check_source(subject, use, columns)
    name = _frame_name(subject, use)
    type_ = None if name is None else column_groups.frame_read(subject, use, nodes, name)
    if name is None or type_ is None:
        return nodes
    taken = _taken_out(subject, use, columns, name, type_)
    inside = [*taken, *_calculated(subject, use, columns, taken)]
    inside = column_groups.distinct(subject, use, inside, columns.names)
    select = _selected(subject, use)
    made = column_groups.kept(subject, use, inside, "select", select)
    appended = select.names if select.items is not None else _all_columns(subject, use, made)
    if select.items is None:
        subject.setting.memory.columns[id(use.application.decorator)] = appended
    append = _append_node(subject, use, appended, name)
    return column_groups.before(subject, use, nodes, [*made, append], frame=name, last=_APPEND)


def _selected(subject: Subject, use: Use) -> Listed:
    """What `select` names; without it Hamilton keeps to what it has found when it met the modifier for the first time."""
    select = listed(subject, use, "select")
    found = subject.setting.memory.columns.get(id(use.application.decorator))
    return select if select.items is not None or found is None else Listed(tuple([(name, "") for name in found]))


def _check_source(subject: Subject, use: Use, columns: Listed) -> None:
    """Where the columns come from: out of the first parameter, or the functions inside see to it themselves."""
    if use.keyword("pass_dataframe_as") is not None:
        advice = "pass the dataframe with `on_input`, or its columns with `columns_to_pass`"
        message = f"`@{use.name}` has no `pass_dataframe_as`: Hamilton takes it for Spark only"
        subject.reject(use, message, ("keyword", "pass_dataframe_as"), advice=advice)
    if use.keyword("**") is not None:
        return
    on_input = use.keyword("on_input")
    if columns.items is not None and on_input is not None:
        message = "`columns_to_pass` and `on_input` exclude each other"
        subject.reject(use, message, ("keyword", "on_input"), advice="with `on_input`, take the columns out inside")
    elif columns.items is None and on_input is None:
        message = f"`@{use.name}` does not know which columns the functions inside read"
        advice = "name them: `columns_to_pass=[...]`, or name the dataframe that they read: `on_input=...`"
        subject.reject(use, message, hamilton="build", advice=advice)


def _frame_name(subject: Subject, use: Use) -> str | None:
    """The parameter that is the dataframe."""
    wanted = use.keyword("on_input")
    if wanted is None:
        return column_groups.first_parameter(subject, use)
    if not isinstance(wanted, str):
        if is_plain(wanted):
            subject.reject(use, f"`on_input` names a parameter, it cannot be {describe(wanted)}", ("value", "on_input"))
        else:
            subject.unresolved(use, wanted, ("value", "on_input"))
        return None
    names = [part.name for part in subject.signature.parameters]
    if wanted not in names:
        takes = ", ".join(f"`{name}`" for name in names) or "none"
        message = f"`{subject.name}` has no parameter `{wanted}`"
        subject.reject(use, message, ("value", "on_input"), advice=f"its parameters: {takes}")
    return wanted


def _taken_out(subject: Subject, use: Use, columns: Listed, name: str, frame: Type) -> list[Node]:
    """The nodes of the columns that are taken out of the dataframe."""
    if columns.items is None or use.keyword("on_input") is not None:
        return []
    if not columns.items and columns.complete:
        message = "`columns_to_pass` is empty"
        subject.reject(use, message, ("value", "columns_to_pass"), hamilton="build", advice="name at least one column")
    type_ = column_type(frame, subject.setting.hierarchy)
    if type_ is None:
        message = f"`@{use.name}` takes columns out of `{name}`, which is `{brief(frame)}` and no dataframe"
        subject.reject(use, message, hamilton="build")
        type_ = UnknownType("unknown", f"`{name}` is no dataframe")
    made = []
    for column, words in columns.items:
        span = blame(use, *option_item(use.keyword("columns_to_pass"), "columns_to_pass", column))
        read = (Dependency(name, frame, False, span),)
        node = Node(column, type_, read, subject.condition, "standard", subject.origin(use.name), span)
        made.append(node._replace(documentation=words, path=use.application.path))
    return made


def _calculated(subject: Subject, use: Use, columns: Listed, taken: Sequence[Node]) -> list[Node]:
    """The nodes of what is given. Where not all columns are known, what they read from outside may be a column, and is left out."""
    made = column_groups.group(subject, use)
    if columns.complete:
        return made
    names = {node.name for node in (*taken, *made)}
    return [
        node._replace(dependencies=tuple([part for part in node.dependencies if part.name in names])) for node in made
    ]


def _all_columns(subject: Subject, use: Use, made: Sequence[Node]) -> tuple[str, ...]:
    """The nodes that are columns by their type."""
    column = _class(FRAMES[use.name][1])
    verdicts = {node.name: same(node.type, column, subject.setting.hierarchy) for node in made}
    unclear = next((name for name, verdict in verdicts.items() if verdict is None), None)
    if unclear is not None and not subject.is_rejected:
        message = f"it is not known whether `{unclear}` is a `{brief(column)}` that goes into the dataframe"
        subject.note_unresolved(message, blame(use), path=use.application.path)
    return tuple(name for name, verdict in verdicts.items() if verdict)


def _append_node(subject: Subject, use: Use, columns: Sequence[str], name: str) -> Node:
    """The node that puts columns into the dataframe."""
    frame, column = map(_class, FRAMES[use.name])
    reads = {}
    for read in columns:
        span = blame(use, *option_item(use.keyword("select"), "select", read))
        reads[read] = Dependency(read, column, False, span)
    reads[name] = Dependency(name, frame, False, blame(use))
    origin, condition = subject.origin(use.name), subject.condition
    made = Node(_APPEND, frame, tuple(reads.values()), condition, "standard", origin, blame(use))
    return made._replace(path=use.application.path)


def _class(name: str) -> ClassType:
    return ClassType("class", canonical(name))
