"""`extract_columns`, `extract_fields`, `unpack_fields`: parts of a node's value become nodes.

Source: `hamilton.function_modifiers.expanders`. They work on exactly one final node, which stays and comes first; types are
checked at import against the function's return annotation without `Annotated`, and used again when the graph is built.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation.ignorance import describe, explain, is_plain
from dagcheck.evaluation.values import Rest, Value
from dagcheck.nodes.arguments import Step, blame
from dagcheck.nodes.dataframes import column_type
from dagcheck.nodes.fields import is_field_type
from dagcheck.nodes.modifiers.mappings import Field, requested_fields
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.signature import without_extras
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import single
from dagcheck.nodes.uses import Use
from dagcheck.types.model import ClassType, GenericType, ObjectType, Type, UnknownType
from dagcheck.types.printing import brief


def extract_columns(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@extract_columns("a", ("b", "documentation"))` on a dataframe."""
    hierarchy = subject.setting.hierarchy
    if not use.arguments:
        subject.reject(use, "`@extract_columns` needs at least one column")
    elif isinstance(use.arguments[0], list):
        subject.reject(use, "`@extract_columns` takes names, not a list", ("argument", 0), advice="unpack it with `*`")
    returns = subject.early.returns
    if returns is not None and column_type(without_extras(returns), hierarchy) is None:
        message = f"`@extract_columns` needs a dataframe, but `{subject.name}` returns `{brief(returns)}`"
        subject.reject(use, message)

    def split(node: Node) -> list[Node]:
        columns: list[tuple[Value, tuple[Step, ...]]] = [
            (column, (("argument", index),)) for index, column in enumerate(use.arguments)
        ]
        return with_columns(subject, use, node, columns)

    return single(subject, use, nodes, split)


def with_columns(
    subject: Subject, use: Use, node: Node, columns: Sequence[tuple[Value, tuple[Step, ...]]]
) -> list[Node]:
    """A dataframe's node and those of its columns, given with the way to each: a name, or a pair of name and documentation.

    Names are not checked by Hamilton.
    """
    type_ = _column_type(subject, use, node)
    fields: list[Field] = []
    for column, steps in columns:
        name, words = column if type(column) is tuple and len(column) == 2 else (column, None)
        if isinstance(name, str):
            fields.append(Field(name, type_, blame(use, *steps), words if isinstance(words, str) else None))
        elif not isinstance(name, list):
            subject.unresolved(use, name, *steps)
    return _split(subject, use, node, fields, node.type)


def extract_fields(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@extract_fields({"name": type})`, a list of names, or the fields of a TypedDict."""
    fields = requested_fields(subject, use)
    returns = subject.early.returns
    reads = UnknownType("unknown", "no return annotation") if returns is None else without_extras(returns)
    return single(subject, use, nodes, lambda node: _split(subject, use, node, fields, reads))


def unpack_fields(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@unpack_fields("a", "b")` on a tuple of known or homogeneous elements."""
    names: list[tuple[Value, Step]] = []
    for index, argument in enumerate(use.arguments):
        names.append((argument, ("argument", index)))
        if isinstance(argument, str):
            continue
        if is_plain(argument):
            message = f"a field's name must be a string, not {describe(argument)}"
            advice = "unpack it with `*`" if isinstance(argument, (list, tuple)) else ""
            subject.reject(use, message, ("argument", index), hamilton="build", advice=advice)
        else:
            subject.unresolved(use, explain(argument), ("argument", index))
    returns = subject.early.returns
    reads = UnknownType("unknown", "no return annotation") if returns is None else without_extras(returns)
    known = [not isinstance(name, Rest) for name, _ in names]
    types = _element_types(subject, use, reads, sum(known))
    rest = known.index(False) if False in known else len(names)
    types[rest:] = [UnknownType("unknown", "which part it is, is not known")] * (len(names) - rest)
    pairs = zip(names, types, strict=False)
    fields = [Field(name, type_, blame(use, step)) for (name, step), type_ in pairs if isinstance(name, str)]
    return single(subject, use, nodes, lambda node: _split(subject, use, node, fields, reads))


def _column_type(subject: Subject, use: Use, node: Node) -> Type:
    column = column_type(node.type, subject.setting.hierarchy)
    if column is not None:
        return column
    if not subject.is_rejected:
        message = f"`@extract_columns` works on `{node.name}`, which is `{brief(node.type)}` and no dataframe"
        subject.reject(use, message, hamilton="build")
    return UnknownType("unknown", f"`{node.name}` is no dataframe")


def _split(subject: Subject, use: Use, node: Node, fields: list[Field], reads: Type) -> list[Node]:
    return [node, *(_part(subject, use, node, field, reads) for field in fields)]


def _part(subject: Subject, use: Use, node: Node, field: Field, reads: Type) -> Node:
    """The node of one field or column: it reads the whole as `reads`."""
    dependency = Dependency(node.name, reads, False, field.span)
    documentation = node.documentation if field.documentation is None else field.documentation
    origin = subject.origin(use.name)
    made = Node(field.name, field.type, (dependency,), node.condition, "standard", origin, field.span)
    return made._replace(documentation=documentation, tags=node.tags)


def _element_types(subject: Subject, use: Use, reads: Type, count: int) -> list[Type]:
    unknown: list[Type] = [UnknownType("unknown", "the tuple's elements are not known")] * count
    if isinstance(reads, UnknownType):
        return unknown
    if not isinstance(reads, GenericType) or reads.name not in ("tuple", "typing.Tuple"):
        bare = isinstance(reads, ClassType) and reads.name == "tuple"
        why = "says nothing of its elements" if bare else "is no tuple"
        subject.reject(use, f"`@unpack_fields` needs a tuple with element types; `{brief(reads)}` {why}")
        return unknown
    arguments = reads.arguments
    if ObjectType("object", "...") in arguments:
        if len(arguments) != 2 or arguments[1] != ObjectType("object", "..."):
            subject.reject(use, f"`{brief(reads)}` has an ellipsis in the wrong place")
            return unknown
        arguments = (arguments[0],) * count
    if len(arguments) < count:
        message = f"`@unpack_fields` names {count} fields, but `{brief(reads)}` has {len(arguments)} elements"
        subject.reject(use, message, ("argument", len(arguments)))
        return [*arguments, *unknown[len(arguments) :]]
    for index, argument in enumerate(arguments):
        if is_field_type(argument) is False:
            step: Step = ("argument", min(index, count - 1))
            subject.reject(
                use, f"element {index} of `{brief(reads)}` is no type that Hamilton accepts for a field", step
            )
    return list(arguments)
