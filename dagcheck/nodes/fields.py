"""Which annotations may name the type of an extracted field?

Hamilton asks `isinstance(t, type)`, `Any`, `typing_inspect.is_generic_type` or `is_union_type`
(`hamilton.function_modifiers.expanders`); measured on Hamilton 1.90: tuples with arguments, Callables of `typing`, NewTypes,
TypeVars, ClassVar and values that are no types are refused, Literal and Annotated pass, but for an annotated bare tuple or Callable.
"""

from __future__ import annotations

from dagcheck.types.model import (
    AnnotatedType,
    ClassType,
    GenericType,
    NewType,
    ObjectType,
    Type,
    TypeVariable,
    UnknownType,
)

_REFUSED = frozenset({"tuple", "typing.Tuple", "typing.Callable", "typing.ClassVar"})

_NO_GENERICS = (
    ClassType("class", "tuple"),
    ClassType("class", "collections.abc.Callable"),
    ObjectType("object", "typing.ClassVar"),
)
"""What `typing_inspect` takes for no generic type even where `Annotated` makes an alias of it."""


def is_field_type(type_: Type) -> bool | None:
    """Does Hamilton take this for a type? None when the type is not known."""
    if isinstance(type_, UnknownType):
        return None
    if isinstance(type_, GenericType):
        return type_.name not in _REFUSED and not (type_.name == "collections.abc.Callable" and bool(type_.arguments))
    if isinstance(
        type_, AnnotatedType
    ):  # an alias of what it annotates, which `typing_inspect` does not take for a generic one
        return type_.underlying not in _NO_GENERICS
    return not isinstance(type_, (NewType, TypeVariable, ObjectType))
