"""Why does a type not fit, in words? And what would?

Sentences for findings, in a user's terms: the two types as they are called in code, the rule of Hamilton that stands in
the way, and the nearest annotation that fits where one is evident. What is advised was tried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from dagcheck.names import class_tables
from dagcheck.names.classes import Hierarchy
from dagcheck.names.subclasses import is_subclass
from dagcheck.types.model import ClassType, GenericType, Type, UnionType
from dagcheck.types.printing import brief, show

Fit: TypeAlias = Callable[[Type, Type], bool]
"""Whether a node of the second type may feed a parameter of the first, for certain."""

_NUMBERS = ("int", "float", "complex")
_MEANT = {"any": "typing.Any", "callable": "typing.Callable", "numpy.array": "numpy.ndarray"}
"""Functions that are taken for types, and the types that were meant."""


def explain(parameter: Type, node: Type, hierarchy: Hierarchy, fit: Fit) -> tuple[str, ...]:
    """Sentences on why `parameter <- node` does not fit; the first one stands alone, others say what would."""
    why = _reason(parameter, node, hierarchy)
    return (why, *_advice(parameter, node, hierarchy, fit))


def names_of(node: Type, parameter: Type) -> tuple[str, str]:
    """The two types as briefly as tells them apart."""
    ours, theirs = brief(node), brief(parameter)
    return (ours, theirs) if ours != theirs else (show(node) or ours, show(parameter) or theirs)


def _reason(parameter: Type, node: Type, hierarchy: Hierarchy) -> str:
    ours, theirs = names_of(node, parameter)
    reason = f"`{ours}` is not `{theirs}`"
    kinds = {node.kind, parameter.kind}
    if "typevar" in kinds:
        return f"{reason}: Hamilton lets a type variable match only itself"
    if "newtype" in kinds:
        return f"{reason}: Hamilton lets a NewType match only itself"
    if "object" in kinds:
        thing = node if node.kind == "object" else parameter
        return f"{reason}: `{brief(thing)}` is no type, and matches only itself"
    if node.kind == "union":
        if _without_none(node) == parameter:
            return f"`{ours}` may be None, which `{theirs}` does not allow"
        return f"{reason}: Hamilton takes a union only where the same union is asked for"
    if node.kind == "annotated" and parameter.kind != "annotated":
        return f"{reason}: Hamilton looks through `Annotated` on the parameter, not on the node"
    if parameter.kind == "union":
        return f"`{ours}` is none of `{theirs}`"
    return _reason_of_classes(reason, parameter, node, hierarchy)


def _reason_of_classes(reason: str, parameter: Type, node: Type, hierarchy: Hierarchy) -> str:
    ours, theirs = names_of(node, parameter)
    if _is_callable(node) or _is_callable(parameter):
        return f"{reason}: Hamilton lets a Callable match only the same Callable"
    if _differ_in_arguments_only(node, parameter, hierarchy):
        return f"{reason}: Hamilton compares type arguments exactly"
    if "literal" in (node.kind, parameter.kind):
        return f"{reason}: Hamilton lets a Literal match only the same Literal"
    if {node.kind, parameter.kind} == {"class", "generic"}:
        if _class_of(node) == _class_of(parameter):
            return f"{reason}: Hamilton does not match a generic class with and without arguments"
        if node.kind == "class" and hierarchy.derives(node.name, "typing.Generic"):
            return f"{reason}: Hamilton does not look at the type arguments that a class inherits"
    if node.kind == "class" and parameter.kind == "class" and node.name in _NUMBERS and parameter.name in _NUMBERS:
        return f"{reason}: Hamilton does not promote numbers"
    if parameter.kind == "class" and _is_wider(_class_of(node), parameter.name, hierarchy):
        return f"`{ours}` is wider than `{theirs}`, which is one of its subclasses"
    return reason


def _advice(parameter: Type, node: Type, hierarchy: Hierarchy, fit: Fit) -> tuple[str, ...]:
    meant = next((_MEANT[show(thing) or ""] for thing in (node, parameter) if (show(thing) or "") in _MEANT), "")
    if meant:
        return (f"write `{meant}`, which is a type",)
    ours, theirs = names_of(node, parameter)
    if node.kind in ("union", "literal") or _is_callable(node):
        return (f"annotate the parameter `{ours}`",) if fit(node, node) else ()
    if node.kind == "annotated":
        plain = node.underlying
        return (f"annotate the node `{brief(plain)}`",) if fit(parameter, plain) else ()
    if _differ_in_arguments_only(node, parameter, hierarchy):
        bare = _bare(parameter)
        if bare is not None and fit(bare, node):
            return (f"annotate both with the same arguments, or the parameter `{brief(bare)}`",)
        return ("annotate both with the same arguments",)
    if {node.kind, parameter.kind} == {"class", "generic"} and _class_of(node) == _class_of(parameter):
        return ("annotate both with the same arguments",)
    both = UnionType("union", (parameter, node))
    if node.kind == "class" and parameter.kind == "class" and node.name in _NUMBERS and parameter.name in _NUMBERS:
        return (f"annotate the parameter `{theirs} | {ours}`",) if fit(both, node) else ()
    return ()


def _without_none(type_: UnionType) -> Type | None:
    """What an Optional is beside None."""
    others = tuple(member for member in type_.members if brief(member) != "None")
    if len(others) == len(type_.members) or not others:
        return None
    return others[0] if len(others) == 1 else UnionType("union", others)


def _differ_in_arguments_only(node: Type, parameter: Type, hierarchy: Hierarchy) -> bool:
    if node.kind != "generic" or parameter.kind != "generic" or not node.arguments or not parameter.arguments:
        return False
    return _origin(node.name) == _origin(parameter.name) or _is_wider(
        _origin(parameter.name), _origin(node.name), hierarchy
    )


def _is_wider(base: str, name: str, hierarchy: Hierarchy) -> bool:
    return bool(base) and base != name and is_subclass(hierarchy, name, base) is True


def _bare(parameter: Type) -> Type | None:
    """The parameter's type without its arguments, in the same spelling."""
    if parameter.kind != "generic":
        return None
    is_alias = parameter.name in class_tables.standard().aliases or parameter.name == "numpy.typing.NDArray"
    return GenericType("generic", parameter.name, ()) if is_alias else ClassType("class", parameter.name)


def _class_of(type_: Type) -> str:
    """The class behind a class or an alias."""
    return _origin(type_.name) if type_.kind in ("class", "generic") else ""


def _origin(name: str) -> str:
    return class_tables.standard().aliases.get(name, name)


def _is_callable(type_: Type) -> bool:
    return _class_of(type_) == "collections.abc.Callable"
