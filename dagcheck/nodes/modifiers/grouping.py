"""`group(...)`: one parameter reads a list or a dictionary of nodes.

Hamilton looks at the parameter twice. At import (`parameterize.validate`) it must be `list[T]` or `dict[str, T]`, in either
spelling. At build (`GroupedListDependency.resolve_dependency_type` and its kin) any sequence or mapping would do, and each source
is of type T. Both times the first member of an optional union stands for the union.

Source: `hamilton.function_modifiers.dependencies` and `expanders`.
"""

from __future__ import annotations

from dagcheck.names import class_tables
from dagcheck.names.classes import Hierarchy
from dagcheck.names.subclasses import is_subclass
from dagcheck.nodes.arguments import Binding
from dagcheck.nodes.signature import TypedParameter, without_extras
from dagcheck.types.model import NONE, ClassType, GenericType, Type, UnionType, UnknownType
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
    if any(part.kind not in ("source", "value") for _, part in bound.content):
        return "`group` takes `source(...)` and `value(...)` only"
    return ""


def problem_at_import(bound: Binding, parameter: TypedParameter) -> str:
    """What is wrong at import with binding this parameter so; "" when nothing is, or the type is not known."""
    if parameter.type is None or isinstance(parameter.type, UnknownType):
        return ""
    if without_extras(parameter.type) == NONE:
        return f"`{parameter.name}` is `None`, of which Hamilton cannot take a type apart"
    if bound.kind != "group" or not bound.content:
        return ""
    type_ = without_extras(_first(parameter))
    named = bound.content[0][0] is not None
    if isinstance(type_, UnknownType):
        return ""
    if isinstance(type_, GenericType) and type_.name in (_DICTS if named else _LISTS):
        wanted = 2 if named else 1
        if len(type_.arguments) == wanted and (not named or type_.arguments[0] == ClassType("class", "str")):
            return ""
    return f"`{parameter.name}` is `{brief(parameter.type)}`; {_wanted(bound)}"


def element_type(bound: Binding, parameter: TypedParameter, hierarchy: Hierarchy) -> tuple[Type, str]:
    """The type of each member of a group, and what is wrong with the parameter at build ("" when nothing is, or it is not known)."""
    unknown = UnknownType("unknown", f"the elements of `{parameter.name}` have no known type")
    if bound.kind != "group" or not bound.content or parameter.type is None:
        return unknown, ""
    type_ = _first(parameter)
    if isinstance(type_, UnknownType):
        return type_, ""
    named = bound.content[0][0] is not None
    arguments = type_.arguments if isinstance(type_, GenericType) else ()
    holds = _is_a(type_, "collections.abc.Mapping" if named else "collections.abc.Sequence", hierarchy)
    if holds and len(arguments) == (2 if named else 1):
        key = (
            is_subclass(hierarchy, arguments[0].name, "str") if named and isinstance(arguments[0], ClassType) else named
        )
        if not named or key is True:
            return arguments[-1], ""
    return unknown, "" if holds is None else f"`{parameter.name}` is `{brief(parameter.type)}`; {_wanted(bound)}"


def _wanted(bound: Binding) -> str:
    shape = "dict[str, T]" if bound.content[0][0] is not None else "list[T]"
    return f"a parameter bound to `group(...)` must be `{shape}`"


def _first(parameter: TypedParameter) -> Type:
    """The type that Hamilton takes apart: of an optional union that is the member that stands first."""
    type_ = parameter.type
    assert type_ is not None
    if not isinstance(type_, UnionType) or NONE not in type_.members:
        return type_
    return type_.members[0]


def _is_a(type_: Type, base: str, hierarchy: Hierarchy) -> bool | None:
    """Is the origin of an alias a subclass of this ABC? None where that is not known."""
    if not isinstance(type_, GenericType):
        return False
    origin = class_tables.standard().aliases.get(type_.name, type_.name)
    answer = is_subclass(hierarchy, origin, base)
    return answer if isinstance(answer, bool) else None
