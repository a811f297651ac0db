"""What does a generic alias become when its type variables are filled in? `Pair[int]`, where `Pair = tuple[T, T]`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dagcheck.types.model import AnnotatedType, GenericType, Type, TypeVariable


def type_variables(type_: Type) -> tuple[TypeVariable, ...]:
    """The type variables in a type, in the order of their first appearance."""
    if type_.kind == "typevar":
        return (type_,)
    found = (variable for part in _parts(type_) for variable in type_variables(part))
    return tuple(dict.fromkeys(found))


def substitute(type_: Type, replacements: Mapping[TypeVariable, Type], union: Callable[[Iterable[Type]], Type]) -> Type:
    """The type with its variables replaced; `union` joins the members of what becomes of a union."""
    if type_.kind == "typevar":
        return replacements.get(type_, type_)
    parts = tuple(substitute(part, replacements, union) for part in _parts(type_))
    if type_.kind == "union":
        return union(parts)
    if type_.kind == "generic":
        return GenericType("generic", type_.name, parts)
    return AnnotatedType("annotated", parts[0], type_.metadata) if type_.kind == "annotated" else type_


def _parts(type_: Type) -> tuple[Type, ...]:
    if type_.kind == "union":
        return type_.members
    if type_.kind == "generic":
        return type_.arguments
    return (type_.underlying,) if type_.kind == "annotated" else ()
