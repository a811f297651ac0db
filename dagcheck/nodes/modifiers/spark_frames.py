"""`require_columns` of Spark, and what a function that takes a dataframe reads of it.

Source: `hamilton.plugins.h_spark.require_columns`. Its node reads the columns named as dataframes, gives a dataframe where it gave
a column, and is marked with the columns and with the parameter that is the dataframe. `with_columns` does the same to functions of one
dataframe that are not decorated.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation.ignorance import is_plain
from dagcheck.nodes.annotating import is_text
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.modifiers import column_groups
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import transform
from dagcheck.nodes.uses import Use
from dagcheck.span import Span
from dagcheck.types.assignability import fits
from dagcheck.types.model import ClassType, Type
from dagcheck.types.printing import brief

FRAME = ClassType("class", "pyspark.sql.dataframe.DataFrame")
_COLUMN = ClassType("class", "pyspark.sql.column.Column")
_TARGET, _COLUMNS = "hamilton.spark.target", "hamilton.spark.columns"


def require_columns(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@require_columns("a", "b")` on a function of a dataframe: it reads these columns as well."""
    column_groups.check_options(subject, use)
    check_first(subject, use)
    names: list[str] = []
    for index, column in enumerate(use.arguments):
        if isinstance(column, str):
            names.append(column)
        elif isinstance(column, (list, dict, set)):
            message = "`@require_columns` takes names, not a list of them"
            subject.reject(use, message, ("argument", index), hamilton="build", advice="unpack it with `*`")
        elif not is_plain(column):
            subject.unresolved(use, column, ("argument", index), complete=True)

    def demand(node: Node) -> list[Node]:
        frames = frames_read(subject, use, node)
        if len(frames) == 1:
            return [required(subject, node, frames[0], names, blame(use))]
        if subject.complete and not subject.is_rejected:
            many = ", ".join(f"`{name}`" for name in frames) or "none"
            message = f"`@{use.name}` needs exactly one dataframe among what `{node.name}` reads, but there is {many}"
            subject.reject(use, message, hamilton="build")
        return [node]

    return transform(subject, use, None, nodes, demand)


def check_first(subject: Subject, use: Use) -> None:
    """Hamilton looks at the first parameter when it decorates: its annotation, as it stands, must be a Spark dataframe."""
    name = column_groups.first_parameter(subject, use)
    if name is None:
        return
    written, type_ = subject.function.source.header.parameters[0], subject.parameter_type(name)
    if type_ is None:
        return  # said elsewhere
    message = f"`@{use.name}` needs a Spark dataframe as the first parameter"
    if _is(subject, type_, FRAME) is False:
        subject.reject(use, f"{message}, but `{name}` is `{brief(type_)}`")
    elif is_text(subject.function, written.annotation):
        advice = "drop the quotes, or `from __future__ import annotations`: Hamilton does not resolve text here"
        subject.reject(use, f"{message}, and the annotation of `{name}` itself, not as text", advice=advice)


def frames_read(subject: Subject, use: Use, node: Node) -> tuple[str, ...]:
    """The names that a node reads as a Spark dataframe; that it cannot be told of one is noted."""
    verdicts = {part.name: _is(subject, part.type, FRAME) for part in node.dependencies}
    unclear = next((name for name, verdict in verdicts.items() if verdict is None), None)
    if unclear is not None and subject.complete and not subject.is_rejected:
        message = f"it is not known whether `{unclear}`, which `{node.name}` reads, is a Spark dataframe"
        subject.note_unresolved(message, blame(use), path=use.application.path)
        subject.complete = False
    return tuple(name for name, verdict in verdicts.items() if verdict)


def required(subject: Subject, node: Node, frame: str, columns: Sequence[str], span: Span) -> Node:
    """The node under `require_columns`, where `frame` is its dataframe. Its other tags are lost."""
    own = {part.name for part in node.dependencies}
    more = [Dependency(name, FRAME, False, span) for name in dict.fromkeys(columns) if name not in own]
    type_ = FRAME if _is(subject, node.type, _COLUMN) else node.type
    tags = ((_TARGET, frame), (_COLUMNS, tuple(columns)))
    return node._replace(type=type_, dependencies=(*node.dependencies, *more), tags=tags)


def target(node: Node) -> str | None:
    """The dataframe of a node under `require_columns`; None for any other node."""
    found = dict(node.tags).get(_TARGET)
    return found if isinstance(found, str) else None


def columns(node: Node) -> tuple[str, ...] | None:
    """The columns of a node under `require_columns`; None for any other node."""
    found = dict(node.tags).get(_COLUMNS)
    return found if isinstance(found, tuple) else None


def _is(subject: Subject, type_: Type, wanted: Type) -> bool | None:
    """Does Hamilton take this type for that class? None when that cannot be told."""
    return {"yes": True, "no": False}.get(fits(type_, wanted, subject.setting.hierarchy).kind)
