"""`with_columns` and `select` of Spark: a group of columns becomes a chain of dataframes.

Source: `hamilton.plugins.h_spark`. Every function inside becomes a node that takes the dataframe before it and gives one with a
column more, in topological order; what it reads of other columns of the group remains as a dependency on their dataframes. A function
that takes a dataframe itself (see `spark_frames`) is called with that dataframe. `_select` drops what is not selected, or keeps
nothing else. Where the order of the chain is open, Hamilton's changes from run to run.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.modifiers import column_groups, spark_frames
from dagcheck.nodes.modifiers.column_groups import Listed, listed
from dagcheck.nodes.modifiers.spark_frames import FRAME, check_first, frames_read, required
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use

_SELECT = "_select"


def with_columns(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@with_columns(function_or_module, ..., columns_to_pass=["a"], select=["b"])`, or `pass_dataframe_as="frame"`."""
    column_groups.check_options(subject, use)
    if use.keyword("on_input") is not None:
        message = f"`@{use.name}` has no `on_input`: it works on the first parameter"
        advice = "name the dataframe that the functions inside read: `pass_dataframe_as=...`"
        subject.reject(use, message, ("keyword", "on_input"), advice=advice)
    mode = use.keyword("mode", "append")
    if not is_plain(mode):
        subject.unresolved(use, mode, ("value", "mode"))
    return _grouped(subject, use, nodes, "select", selects=mode == "select")


def select(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@select(function_or_module, ..., columns_to_pass=["a"], output_cols=["b"])`: nothing but these columns is left."""
    column_groups.check_options(subject, use)
    return _grouped(subject, use, nodes, "output_cols", selects=True)


def _grouped(subject: Subject, use: Use, nodes: list[Node], option: str, *, selects: bool) -> list[Node]:
    columns, passed = listed(subject, use, "columns_to_pass"), _passed(subject, use)
    if columns.items is not None and passed is not None:
        message = "`columns_to_pass` and `pass_dataframe_as` exclude each other"
        subject.reject(use, message, ("keyword", "pass_dataframe_as"))
    check_first(subject, use)
    name = next((part.name for part in subject.signature.parameters), None)
    if name is None or column_groups.frame_read(subject, use, nodes, name) is None:
        return nodes
    inside = [_prepared(subject, use, node) for node in column_groups.group(subject, use)]
    _check_frames_read(subject, use, inside, columns, passed)
    inside = column_groups.distinct(subject, use, inside, ())
    chosen = listed(subject, use, option)
    made = _in_order(column_groups.kept(subject, use, inside, option, chosen))
    chain, last = _chained(use, made, name, passed, columns)
    drops = chosen.items is not None and any(node.name not in chosen.names for node in chain)
    if selects or drops:
        read = (Dependency(last, FRAME, False, blame(use)),)
        node = Node(_SELECT, FRAME, read, subject.condition, "standard", subject.origin(use.name), blame(use))
        chain.append(node._replace(path=use.application.path))
        last = _SELECT
    return column_groups.before(subject, use, nodes, chain, frame=name, last=last)


def _passed(subject: Subject, use: Use) -> str | None:
    """The name by which the functions inside read the dataframe."""
    value = use.keyword("pass_dataframe_as")
    if value is None or isinstance(value, str):
        return value
    if is_plain(value):
        message = f"`pass_dataframe_as` is a name, it cannot be {describe(value)}"
        subject.reject(use, message, ("value", "pass_dataframe_as"), hamilton="build")
    else:
        subject.unresolved(use, value, ("value", "pass_dataframe_as"))
    return ""


def _prepared(subject: Subject, use: Use, node: Node) -> Node:
    """A function of one dataframe counts as if it required the column that is called like its parameter."""
    frames = frames_read(subject, use, node)
    return required(subject, node, frames[0], frames, node.span) if len(frames) == 1 else node


def _check_frames_read(subject: Subject, use: Use, inside: Sequence[Node], columns: Listed, passed: str | None) -> None:
    """What the functions inside read as a dataframe must be columns, except for the one dataframe that is passed."""
    if not subject.complete or subject.is_rejected or not columns.complete:
        return
    made = {node.name for node in inside}
    read: dict[str, None] = {}
    for node in inside:
        asked = spark_frames.columns(node)
        read.update(dict.fromkeys(frames_read(subject, use, node) if asked is None else asked))
    others = [name for name in read if name not in made and name not in columns.names]
    listing = ", ".join(f"`{name}`" for name in others)
    if others and passed is None:
        message = f"the functions inside read {listing} as a dataframe, which is no column that is passed"
        advice = "name it in `columns_to_pass`, or pass the dataframe under this name with `pass_dataframe_as`"
        subject.reject(use, message, hamilton="build", advice=advice)
    elif passed is not None and others != [passed]:
        what = listing or "no dataframe"
        message = f"the functions inside must read one dataframe, `{passed}`, but they read {what}"
        subject.reject(use, message, ("value", "pass_dataframe_as"), hamilton="build")


def _in_order(nodes: Sequence[Node]) -> list[Node]:
    """Each node after what it reads, as Hamilton sorts them; nodes in a circle are lost."""
    by_name = {node.name: node for node in nodes}
    readers: dict[str, list[Node]] = {}
    open_reads: Counter[str] = Counter()
    for node in nodes:
        for part in node.dependencies:
            if part.name in by_name:
                readers.setdefault(part.name, []).append(node)
                open_reads[node.name] += 1
    queue = deque(node for node in nodes if not open_reads[node.name])
    found: list[Node] = []
    while queue:
        node = queue.popleft()
        found.append(node)
        for reader in readers.get(node.name, ()):
            open_reads[reader.name] -= 1
            if not open_reads[reader.name]:
                queue.append(reader)
    return found


def _chained(
    use: Use, nodes: Sequence[Node], frame: str, passed: str | None, columns: Listed
) -> tuple[list[Node], str]:
    """The nodes as dataframes that follow each other, and the name of the last one; `frame` is where they begin."""
    names, passed_in = {node.name for node in nodes}, set(columns.names)
    last, chain = frame, []
    for node in nodes:
        own, target = {part.name: part for part in node.dependencies}, spark_frames.target(node)
        reads = {name: part for name, part in own.items() if name not in passed_in and name != target}
        if not columns.complete:
            reads = {name: part for name, part in reads.items() if name in names}
        reads[last] = Dependency(last, FRAME, False, blame(use))
        for name in [name for name in own if name in names]:
            reads[name] = Dependency(name, FRAME, False, own[name].span)
        if target is not None:
            begins = target == passed
        else:
            begins = any(name in passed_in for name in own) or (passed is not None and frame in own)
        if begins:
            reads[frame] = Dependency(frame, FRAME, False, blame(use))
        type_ = FRAME if target is None else node.type
        chain.append(node._replace(type=type_, dependencies=tuple(reads.values())))
        last = node.name
    return chain, last
