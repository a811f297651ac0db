"""`check_output` of pandera and pydantic: the node's own type says what its value must look like.

Source: `hamilton.plugins.h_pandera`, `h_pydantic`, which hand over to `check_output(schema=...)` and `check_output(model=...)`.
"""

from __future__ import annotations

from collections.abc import Callable

from dagcheck.nodes.arguments import positional
from dagcheck.nodes.modifiers.column_groups import check_options
from dagcheck.nodes.modifiers.validation import accepts, check_importance, is_any, validated
from dagcheck.nodes.node import Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import transform
from dagcheck.nodes.uses import Use
from dagcheck.types.expressions import canonical
from dagcheck.types.model import NONE, ClassType, GenericType, Type, UnknownType
from dagcheck.types.printing import brief

_MODEL = "pandera.DataFrameModel"


def pandera(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@h_pandera.check_output(importance="warn", target=None)` on a node of type `DataFrame[Model]`."""

    def check(node: Node) -> None:
        problem = _schema_problem(subject, node.type)
        if problem:
            advice = (
                "annotate it `pandera.typing.DataFrame[Model]`, where `Model` derives from `pandera.DataFrameModel`"
            )
            message = f"`{node.name}` is `{brief(node.type)}`, {problem}"
            subject.reject(use, message, hamilton="build", advice=advice)

    return _checked(subject, use, nodes, "pandera_schema_validator", check)


def pydantic(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@h_pydantic.check_output(importance="warn", target=None)` on a node whose type is a model."""

    def check(node: Node) -> None:
        if is_any(subject, node.type, ("pydantic.BaseModel",)) is False:
            message = f"`{node.name}` is `{brief(node.type)}`, which is no pydantic model"
            subject.reject(
                use, message, hamilton="build", advice="annotate it with a class that derives from `BaseModel`"
            )

    return _checked(subject, use, nodes, "pydantic_validator", check)


def _checked(subject: Subject, use: Use, nodes: list[Node], name: str, check: Callable[[Node], None]) -> list[Node]:
    check_options(subject, use)
    check_importance(subject, use)

    def split(node: Node) -> list[Node]:
        check(node)
        return validated(subject, use, node, [name])

    return transform(subject, use, positional(use, 1, "target"), nodes, split, option="target")


def _schema_problem(subject: Subject, type_: Type) -> str:
    """Why Hamilton finds no schema in a type; "" where it finds one, or where that cannot be told."""
    if isinstance(type_, UnknownType):
        return ""
    arguments = type_.arguments if isinstance(type_, GenericType) else ()
    origin = ClassType("class", type_.name) if isinstance(type_, GenericType) else NONE
    is_frame = is_any(subject, origin, ("pandera.typing.DataFrame",))
    if is_frame is False or len(arguments) != 1:
        return "which does not say which schema it has"
    model = arguments[0]
    if isinstance(model, ClassType) and subject.setting.hierarchy.derives(model.name, canonical(_MODEL)) is False:
        return f"but `{brief(model)}` is no `{_MODEL}`"
    return "which pandera does not validate" if accepts("schema", type_, subject) is False else ""
