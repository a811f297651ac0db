"""Why does a type not fit, in words? And what would?

Sentences for findings, in a user's terms: the two types as they are called in code, the rule of Hamilton that stands in
the way, and the nearest type that fits where one is evident.
"""

from __future__ import annotations

from dagcheck.names import class_tables
from dagcheck.names.classes import Hierarchy
from dagcheck.names.subclasses import is_subclass
from dagcheck.types.model import Type
from dagcheck.types.printing import brief, show

_NUMBERS = ("int", "float", "complex")
_MEANT = {"any": "typing.Any", "callable": "typing.Callable", "numpy.array": "numpy.ndarray"}
"""Functions that are taken for types, and the types that were meant."""


def explain(parameter: Type, node: Type, hierarchy: Hierarchy) -> tuple[str, ...]:
    """Sentences on why `parameter <- node` does not fit; the first one stands alone."""
    ours, theirs = names_of(node, parameter)
    if node.kind == "typevar" or parameter.kind == "typevar":
        return (f"`{ours}` is not `{theirs}`: Hamilton lets a type variable match only itself",)
    if node.kind == "newtype" or parameter.kind == "newtype":
        return (f"`{ours}` is not `{theirs}`: Hamilton lets a NewType match only itself",)
    if node.kind == "object" or parameter.kind == "object":
        return _about_objects(ours, theirs, node if node.kind == "object" else parameter)
    if node.kind == "union":
        return _about_unions(ours, theirs, node, parameter)
    if parameter.kind == "union":
        return (f"`{ours}` is none of `{theirs}`",)
    if node.kind == "annotated" and parameter.kind != "annotated":
        return (f"`{ours}` is not `{theirs}`: Hamilton looks through `Annotated` on the parameter, not on the node",)
    return _about_classes(ours, theirs, node, parameter, hierarchy)


def names_of(node: Type, parameter: Type) -> tuple[str, str]:
    """The two types as briefly as tells them apart."""
    ours, theirs = brief(node), brief(parameter)
    return (ours, theirs) if ours != theirs else (show(node) or ours, show(parameter) or theirs)


def _about_objects(ours: str, theirs: str, thing: Type) -> tuple[str, ...]:
    reason = f"`{ours}` is not `{theirs}`: `{brief(thing)}` is no type, and matches only itself"
    meant = _MEANT.get(show(thing) or "")
    return (reason, f"write `{meant}`, which is a type") if meant else (reason,)


def _about_unions(ours: str, theirs: str, node: Type, parameter: Type) -> tuple[str, ...]:
    assert node.kind == "union"
    others = tuple(member for member in node.members if brief(member) != "None")
    if len(others) < len(node.members) and brief(parameter) == " | ".join(map(brief, others)):
        return (f"`{ours}` may be None, which `{theirs}` does not allow", f"annotate the parameter `{ours}`")
    return (
        f"`{ours}` is not `{theirs}`: Hamilton takes a union only where the same union is asked for",
        f"annotate the parameter `{ours}`",
    )


def _about_classes(ours: str, theirs: str, node: Type, parameter: Type, hierarchy: Hierarchy) -> tuple[str, ...]:
    reason = f"`{ours}` is not `{theirs}`"
    if _differ_in_arguments_only(node, parameter, hierarchy):
        bare = getattr(parameter, "name", "").rpartition(".")[2]
        exactly = f"{reason}: Hamilton compares type arguments exactly"
        return (exactly, f"annotate both with the same arguments, or the parameter `{bare}`")
    if node.kind == "literal" or parameter.kind == "literal":
        return (f"{reason}: Hamilton lets a Literal match only the same Literal",)
    if node.kind == "generic" and parameter.kind == "class" and _origin(node.name) == parameter.name:
        return (f"{reason}: Hamilton does not match a generic class with and without arguments",)
    if node.kind == "class" and parameter.kind == "class":
        if node.name in _NUMBERS and parameter.name in _NUMBERS:
            return (f"{reason}: Hamilton does not promote numbers", f"annotate the parameter `{theirs} | {ours}`")
        if is_subclass(hierarchy, parameter.name, node.name) is True:
            return (f"`{ours}` is wider than `{theirs}`, which is one of its subclasses",)
    if _is_callable(node) or _is_callable(parameter):
        return (f"{reason}: Hamilton lets a Callable match only the same Callable",)
    return (reason,)


def _differ_in_arguments_only(node: Type, parameter: Type, hierarchy: Hierarchy) -> bool:
    if node.kind != "generic" or parameter.kind != "generic" or not node.arguments or not parameter.arguments:
        return False
    return is_subclass(hierarchy, _origin(node.name), _origin(parameter.name)) is True


def _origin(name: str) -> str:
    return class_tables.standard().aliases.get(name, name)


def _is_callable(type_: Type) -> bool:
    return type_.kind in ("class", "generic") and _origin(getattr(type_, "name", "")) == "collections.abc.Callable"
