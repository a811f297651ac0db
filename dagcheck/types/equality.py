"""Are two types the same object to Python's `==`?

Three-valued: None where a part of either is not known, or where names from outside the project might be two names of one
class. `normal` is the form in which equal types are the same value. `is_settled` tells whether a type may be compared with `==` alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dagcheck.names import class_tables
from dagcheck.names.classes import Hierarchy
from dagcheck.types.model import ClassType, LiteralType, Type, UnionType
from dagcheck.types.printing import sorted_members

_QUOTED = re.compile(r"""b?("(\\.|[^"\\])*"|'(\\.|[^'\\])*')""")
_UNSETTLED = re.compile(r"[\w\])]\(|\?")


def is_settled(type_: Type) -> bool:
    """Whether equality with itself is certain: nothing unknown in it, and no metadata that a call made."""
    if type_.kind == "class":
        return True
    if type_.kind == "unknown":
        return False
    if type_.kind == "object":
        return _is_settled_text(type_.text)
    if type_.kind == "union":
        return all(map(is_settled, type_.members))
    if type_.kind == "generic":
        return all(map(is_settled, type_.arguments))
    if type_.kind == "annotated":
        return is_settled(type_.underlying) and all(map(_is_settled_text, type_.metadata))
    return True


def normal(type_: Type) -> Type:
    """The type with the parts of unions and Literals in one order, at any depth: their order does not count for equality."""
    if type_.kind == "union":
        members = UnionType("union", tuple(map(normal, type_.members)))
        return UnionType("union", sorted_members(members))
    if type_.kind == "literal":
        return LiteralType("literal", tuple(sorted(type_.values)))
    if type_.kind == "generic" and type_.arguments:
        return type_._replace(arguments=tuple(map(normal, type_.arguments)))
    return type_._replace(underlying=normal(type_.underlying)) if type_.kind == "annotated" else type_


def same(first: Type, second: Type, hierarchy: Hierarchy) -> bool | None:
    """Whether `first == second` at run time."""
    first, second = normal(first), normal(second)
    if first == second:
        return True if is_settled(first) else None
    if first.kind == "unknown" or second.kind == "unknown":
        return None
    if first.kind == "union" and second.kind == "union":
        return _same_unions(first, second, hierarchy)
    if first.kind == "union" or second.kind == "union":
        return _same_as_union(first, second, hierarchy)
    if first.kind == "generic" and second.kind == "generic" and first.name == second.name:
        return same_all(first.arguments, second.arguments, hierarchy)
    if first.kind == "annotated" and second.kind == "annotated":
        inner = same(first.underlying, second.underlying, hierarchy)
        return False if inner is False else _both(inner, _same_metadata(first.metadata, second.metadata))
    if {first.kind, second.kind} == {"annotated", "generic"}:
        return _same_as_annotated(first, second)
    if first.kind == "literal" and second.kind == "literal":
        return None if _has_unknown_values(first) or _has_unknown_values(second) else False
    if first.kind == "object" and second.kind == "object":
        return _same_text(first.text, second.text)
    return False if is_known(first, hierarchy) and is_known(second, hierarchy) else None


def same_all(first: Sequence[Type], second: Sequence[Type], hierarchy: Hierarchy) -> bool | None:
    """Whether two rows of arguments are equal, one by one."""
    if len(first) != len(second):
        return None if any(part.kind == "unknown" for part in (*first, *second)) else False
    answers = [same(one, other, hierarchy) for one, other in zip(first, second, strict=True)]
    return False if False in answers else None if None in answers else True


def is_known(type_: Type, hierarchy: Hierarchy) -> bool:
    """Whether a type's outermost name has one meaning only: it is no name from outside that could be another's alias."""
    if type_.kind == "class":
        return hierarchy.record(type_.name) is not None
    if type_.kind == "generic":
        return is_known_generic(type_.name) or hierarchy.record(type_.name) is not None
    return type_.kind != "unknown"


def is_known_generic(name: str) -> bool:
    """Whether a generic's name is one of the language's own spellings."""
    return (
        name.startswith("typing.") or name in ("[]", "numpy.typing.NDArray") or name in class_tables.standard().aliases
    )


def _same_unions(first: UnionType, second: UnionType, hierarchy: Hierarchy) -> bool | None:
    answers = (_contains(first, second, hierarchy), _contains(second, first, hierarchy))
    return False if False in answers else None


def _contains(larger: UnionType, smaller: UnionType, hierarchy: Hierarchy) -> bool | None:
    """Whether every member of one union is in the other; a member that is not known might be a union itself."""
    if not all(is_known(member, hierarchy) for member in larger.members):
        return None
    for member in smaller.members:
        if all(same(member, other, hierarchy) is False for other in larger.members):
            return False
    return None


def _same_as_union(first: Type, second: Type, hierarchy: Hierarchy) -> bool | None:
    """A union equals a type that is none only if all its members turn out to be that type."""
    union, other = (first, second) if first.kind == "union" else (second, first)
    assert union.kind == "union"
    if not is_known(other, hierarchy):
        return None
    return False if any(same(member, other, hierarchy) is False for member in union.members) else None


def _same_as_annotated(first: Type, second: Type) -> bool | None:
    """`Annotated[list, ...] == List[list]`, since to `typing` both are aliases of `list` with the one argument `list`."""
    annotated, generic = (first, second) if first.kind == "annotated" else (second, first)
    assert annotated.kind == "annotated"
    assert generic.kind == "generic"
    origin = class_tables.standard().aliases.get(generic.name, generic.name)
    return None if generic.arguments == (annotated.underlying,) == (ClassType("class", origin),) else False


def _same_metadata(first: Sequence[str], second: Sequence[str]) -> bool | None:
    if len(first) != len(second):
        return False
    answers = [_same_text(one, other) for one, other in zip(first, second, strict=True)]
    return False if False in answers else None if None in answers else True


def _both(first: bool | None, second: bool | None) -> bool | None:
    return False if second is False else None if first is None or second is None else True


def _has_unknown_values(literal: LiteralType) -> bool:
    return any(kind == "?" for kind, _ in literal.values)


def _same_text(first: str, second: str) -> bool | None:
    if not (_is_settled_text(first) and _is_settled_text(second)):
        return None
    return True if first == second else None if _as_numbers(first) == _as_numbers(second) else False


def _as_numbers(text: str) -> str:
    """The text with the spellings in which Python takes unlike literals for equal made alike: `True == 1 == 1.0`."""
    return text.replace("True", "1").replace("False", "0").replace(".0", "")


def _is_settled_text(text: str) -> bool:
    return not _UNSETTLED.search(_QUOTED.sub("", text))
