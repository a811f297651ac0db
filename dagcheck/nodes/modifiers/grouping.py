"""`group(...)`: one parameter reads a list or a dictionary of nodes.

Source: `hamilton.function_modifiers.dependencies` and the group checks of `parameterize.validate`: the parameter must be
`list[T]` or `dict[str, T]` (either spelling, optionally wrapped in `Optional`); each source is then of type T.
"""

from __future__ import annotations

from dagcheck.nodes.arguments import Binding
from dagcheck.types.model import NONE, AnnotatedType, ClassType, GenericType, Type, UnionType, UnknownType
from dagcheck.types.printing import brief

_LISTS = frozenset({"list", "typing.List"})
_DICTS = frozenset({"dict", "typing.Dict"})


def group_problem(bound: Binding) -> str:
    """What is wrong with a `group(...)` by itself; "" when nothing is."""
    if bound.kind != "group":
        return ""
    named = [key for key, _ in bound.content if key is not None]
    if named and len(named) != len(bound.content):
        return "`group` takes either positional or keyword arguments, not both"
    if not bound.content:
        return "`group()` needs at least one source or value"
    if any(part.kind not in ("source", "value", "unknown") for _, part in bound.content):
        return "`group` takes `source(...)` and `value(...)` only"
    return ""


def element_type(bound: Binding, parameter: Type | None, name: str) -> tuple[Type, str]:
    """The type that each member of a group has, and what is wrong with the parameter's annotation ("" when nothing)."""
    unknown = UnknownType("unknown", f"the elements of `{name}` have no known type")
    if bound.kind != "group" or not bound.content:
        return unknown, ""
    if parameter is None or isinstance(parameter, UnknownType):
        return unknown, ""
    type_ = _unwrapped(parameter)
    if isinstance(type_, UnknownType):
        return type_, ""
    named = bound.content[0][0] is not None
    wanted = "dict[str, T]" if named else "list[T]"
    problem = f"`{name}` is `{brief(parameter)}`; a parameter bound to `group(...)` must be `{wanted}`"
    if not isinstance(type_, GenericType) or type_.name not in (_DICTS if named else _LISTS):
        return unknown, problem
    if named and len(type_.arguments) == 2 and type_.arguments[0] == ClassType("class", "str"):
        return type_.arguments[1], ""
    if not named and len(type_.arguments) == 1:
        return type_.arguments[0], ""
    return unknown, problem


def _unwrapped(type_: Type) -> Type:
    """Hamilton takes the first member of an Optional; with several other members the order is not known here."""
    if isinstance(type_, AnnotatedType):
        return type_.underlying
    if not isinstance(type_, UnionType) or NONE not in type_.members:
        return type_
    rest = [member for member in type_.members if member != NONE]
    return rest[0] if len(rest) == 1 else UnknownType("unknown", "a union of several types")
