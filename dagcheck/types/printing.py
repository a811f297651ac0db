"""How is a type written? For machines (`show`) and for people (`brief`).

`show` is Python's own `repr` with three freedoms taken away: unions are always `typing.Union[...]` with sorted members,
`Literal` values are sorted, and a type variable's variance is not shown.
"""

from __future__ import annotations

from dagcheck.types.model import GenericType, Type, UnionType

_EMPTY_TUPLE = "()"


def show(type_: Type) -> str | None:
    """The type by the module of its class statement, builtins bare; None when it, or any part of it, is not known."""
    if type_.kind == "unknown":
        return None
    if type_.kind == "union":
        return _bracketed("typing.Union", sorted_members(type_))
    if type_.kind == "generic":
        return _generic(type_)
    if type_.kind == "annotated":
        inner = show(type_.underlying)
        return None if inner is None else f"typing.Annotated[{', '.join([inner, *type_.metadata])}]"
    if type_.kind == "literal":
        return f"typing.Literal[{', '.join(text for _, text in sorted(type_.values))}]"
    if type_.kind == "typevar":
        return f"~{type_.name}"
    if type_.kind == "any":
        return "typing.Any"
    return type_.text if type_.kind == "object" else type_.name


def brief(type_: Type) -> str:
    """The type as its users call it: last parts of names, `int | None`; `?` for what is not known."""
    if type_.kind == "unknown":
        return "?"
    if type_.kind == "union":
        members = [brief(member) for member in sorted_members(type_)]
        return " | ".join(sorted(members, key=lambda text: text == "None"))
    if type_.kind == "generic":
        return _brief_generic(type_)
    if type_.kind == "annotated":
        return f"Annotated[{', '.join([brief(type_.underlying), *type_.metadata])}]"
    if type_.kind == "literal":
        return f"Literal[{', '.join(text for _, text in sorted(type_.values))}]"
    if type_.kind == "any":
        return "Any"
    if type_.kind == "object":
        return type_.text.removeprefix("typing.")
    return "None" if type_.name == "NoneType" else type_.name.rpartition(".")[2]


def sorted_members(type_: UnionType) -> tuple[Type, ...]:
    """The members of a union in the order of their printed forms."""
    return tuple(sorted(type_.members, key=lambda member: show(member) or repr(member)))


def _generic(type_: GenericType) -> str | None:
    name = type_.name
    if name == "numpy.typing.NDArray":
        element = show(type_.arguments[0]) if type_.arguments else "~ScalarT"
        return None if element is None else f"numpy.ndarray[tuple[typing.Any, ...], numpy.dtype[{element}]]"
    if name == "[]":
        return _bracketed("", type_.arguments)
    if type_.arguments:
        return _bracketed(name, type_.arguments)
    return "tuple[()]" if name == "tuple" else name


def _bracketed(name: str, arguments: tuple[Type, ...]) -> str | None:
    shown = [show(argument) for argument in arguments]
    return None if None in shown else f"{name}[{', '.join(filter(None, shown))}]"


def _brief_generic(type_: GenericType) -> str:
    name = type_.name.rpartition(".")[2] if type_.name != "[]" else ""
    if type_.arguments or type_.name == "[]":
        return f"{name}[{', '.join(map(brief, type_.arguments))}]"
    return "tuple[()]" if name == "tuple" else name
