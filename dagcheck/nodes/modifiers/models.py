"""`dynamic_transform` and `model`: deprecated modifiers that no configuration makes work.

Source: `hamilton.function_modifiers.macros`. They read the configuration, but misspell the hook by which Hamilton would hand it
on, so a function that exists never builds. At import the function must be empty, without parameters, and return a Series.
"""

from __future__ import annotations

from dagcheck.nodes.arguments import positional
from dagcheck.nodes.modifiers.replacement import check_empty
from dagcheck.nodes.node import Node
from dagcheck.nodes.signature import without_extras
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.types.expressions import canonical
from dagcheck.types.model import ClassType, Type, UnknownType
from dagcheck.types.printing import brief


def dynamic_transform(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@dynamic_transform(Transform, "key")`, `@model(Model, "key")`: the function's own node, which Hamilton never makes."""
    _check_function(subject, use)
    if not subject.is_rejected:
        key = positional(use, 1, "config_param")
        which = f" `{key}`" if isinstance(key, str) else ""
        message = (
            f"`@{use.name}` never gets the key{which} of the configuration: Hamilton withholds it, so no build succeeds"
        )
        subject.reject(use, message, hamilton="build", advice="use `@resolve`")
    return [node._replace(origin=subject.origin(use.name)) for node in nodes]


def _check_function(subject: Subject, use: Use) -> None:
    returns = subject.signature.returns
    check_empty(subject, use)
    if returns is not None and _is_series(subject, without_extras(returns)) is False:
        subject.reject(use, f"`@{use.name}` needs a function that returns a pandas Series, not `{brief(returns)}`")
    if subject.signature.parameters:
        subject.reject(use, f"`@{use.name}` needs a function without parameters: all comes from the configuration")


def _is_series(subject: Subject, type_: Type) -> bool | None:
    if isinstance(type_, UnknownType):
        return None
    return isinstance(type_, ClassType) and subject.setting.hierarchy.derives(type_.name, canonical("pandas.Series"))
