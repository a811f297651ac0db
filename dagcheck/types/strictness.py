"""What would a type checker say that Hamilton lets pass? Only asked where types are checked strictly.

Hamilton takes a class without type arguments for all that it could have, any two generic classes without arguments for each
other, and never looks at defaults. Every objection is a few sentences as in `dagcheck.types.reasons`; no objection is no
sentence. What is not known is not objected to.
"""

from __future__ import annotations

from ast import literal_eval

from dagcheck.names import class_tables
from dagcheck.names.classes import Hierarchy
from dagcheck.types.assignability import matches
from dagcheck.types.model import NONE, ClassType, Type, UnionType
from dagcheck.types.printing import brief

_PROMOTED = {"bool": {"int", "float", "complex"}, "int": {"float", "complex"}, "float": {"complex"}}
"""What a type checker takes for what."""

_LITERALS = frozenset({"bool", "bytes", "complex", "float", "int", "str"})
_HAMILTONS = frozenset({"hamilton.htypes.Parallelizable", "hamilton.htypes.Collect"})


def objection(parameter: Type, node: Type, hierarchy: Hierarchy) -> tuple[str, ...]:
    """What speaks against `parameter <- node`, which Hamilton accepts."""
    parameter, node = _inner(parameter), _inner(node)
    if parameter == node:
        return ()
    if parameter.kind == "union":
        fitting = [arm for arm in parameter.members if matches(arm, node, hierarchy).kind == "yes"]
        objections = [objection(arm, node, hierarchy) for arm in fitting]
        return min(objections, key=len, default=())
    ours, theirs = brief(node), brief(parameter)
    if parameter.kind == "generic" and parameter.arguments and _is_bare(node, hierarchy):
        said = f"`{ours}` does not say of what, and `{theirs}` does"
        same = parameter.name.rpartition(".")[2].lower() == ours.lower()
        return (said, f"annotate the node `{theirs}`" if same else f"give `{ours}` type arguments")
    if node.kind == "class" and parameter.kind == "class" and hierarchy.derives(node.name, parameter.name) is False:
        generic = [hierarchy.derives(type_.name, "typing.Generic") for type_ in (node, parameter)]
        if generic == [True, True] and _mere_generics(node, parameter, hierarchy):
            return (f"`{ours}` is not `{theirs}`: Hamilton takes any two generic classes without arguments for alike",)
    return ()


def default_objection(type_: Type, default: str) -> tuple[str, ...]:
    """What speaks against a parameter's default, given as source text ("" for none)."""
    given = _kind_of(default)
    if given is None:
        return ()
    type_ = _inner(type_)
    allowed = _arms(type_)
    if any(arm.kind != "class" or arm.name not in (*_LITERALS, NONE.name) for arm in allowed) and given != NONE.name:
        return ()  # a class of another kind may be an ABC or a protocol that fits
    if any(_takes(arm, given) for arm in allowed):
        return ()
    what = "None" if given == NONE.name else f"`{given}`"
    wanted = " | ".join([*(brief(arm) for arm in allowed), "None" if given == NONE.name else given])
    return (f"the default is {what}, which `{brief(type_)}` does not allow", f"annotate the parameter `{wanted}`")


def _inner(type_: Type) -> Type:
    """The type behind `Annotated`, `Parallelizable` and `Collect`."""
    while True:
        if type_.kind == "annotated":
            type_ = type_.underlying
        elif type_.kind == "generic" and type_.name in _HAMILTONS and len(type_.arguments) == 1:
            type_ = type_.arguments[0]
        else:
            return type_


def _arms(type_: Type) -> tuple[Type, ...]:
    return type_.members if isinstance(type_, UnionType) else (type_,)


def _is_bare(type_: Type, hierarchy: Hierarchy) -> bool:
    """Is this a generic class that takes type arguments itself and has none?"""
    if type_.kind == "generic":
        return not type_.arguments and type_.name in class_tables.standard().aliases
    record = hierarchy.record(type_.name) if type_.kind == "class" else None
    if record is None:
        return False
    is_subscriptable = "bundled" in record.flags and "__class_getitem__" in record.methods
    return is_subscriptable or "typing.Generic" in record.bases


def _mere_generics(node: ClassType, parameter: ClassType, hierarchy: Hierarchy) -> bool:
    """Do two classes match because both are generic and bare, and not as a protocol or by registration?"""
    record = hierarchy.record(parameter.name)
    return record is not None and "typing.Protocol" not in record.bases


def _kind_of(default: str) -> str | None:
    """The name of a default's class, where it is written out."""
    try:
        value = literal_eval(default) if default else ...
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
    name = type(value).__name__
    return name if name in _LITERALS or value is None else None


def _takes(arm: Type, given: str) -> bool:
    if arm.kind == "class":
        return arm.name in ("object", given) or arm.name in _PROMOTED.get(given, ())
    return arm.kind not in ("generic", "literal", "newtype") or (arm.kind == "literal" and _takes_literal(arm, given))


def _takes_literal(arm: Type, given: str) -> bool:
    return arm.kind == "literal" and any(kind in (given, "?") for kind, _ in arm.values)
