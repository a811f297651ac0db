"""What fits where? Hamilton's verdict on an edge: may a node of this type feed a parameter of that type?

The rules are those of Hamilton 1.90's `types_match`, quirks included: type arguments are compared exactly, any two bare
user generics match, `Annotated` is looked through on the parameter only, a union fits nothing but itself or one arm.
Terms: the *origin* of a generic alias is the class behind it (`list` for `List[int]`); a bare class that derives from
`typing.Generic` has none, and no origin equals no origin. A type is *generic* by the test of `typing_inspect`.

The verdict is `Maybe` where anything that decides is not known, and `Raises` where Hamilton's own check raises an error
(which fails the build too). How equal types are is `dagcheck.types.equality`; why they do not fit, in words,
`dagcheck.types.reasons`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from dagcheck.names import class_tables, foreign
from dagcheck.names.classes import Hierarchy
from dagcheck.names.subclasses import Refused, Unclear, is_subclass
from dagcheck.types.equality import is_settled, normal, same, same_all
from dagcheck.types.model import (
    NONE_ITSELF,
    AnnotatedType,
    ClassType,
    GenericType,
    LiteralType,
    ObjectType,
    Type,
    TypeVariable,
    UnionType,
    UnknownType,
)
from dagcheck.types.printing import brief
from dagcheck.types.reasons import explain


class Yes(NamedTuple):
    """The node fits."""

    kind: Literal["yes"] = "yes"


class No(NamedTuple):
    """The node does not fit, and why, in plain sentences."""

    reasons: tuple[str, ...]
    kind: Literal["no"] = "no"


class Maybe(NamedTuple):
    """It cannot be known, and why."""

    reason: str
    kind: Literal["maybe"] = "maybe"


class Raises(NamedTuple):
    """Hamilton's check raises an error with these words (in a longer process it may also say no)."""

    reason: str
    kind: Literal["raises"] = "raises"


Assignability: TypeAlias = Yes | No | Maybe | Raises

YES = Yes()
_NO = No(())
_NOT_ONE = Raises("ValueError: Parallelizable and Collect take one type each")
_EMPTY_TUPLE = GenericType("generic", "tuple", ())
_TYPING_T = TypeVariable("typevar", "T", "typing.T")
_PARALLELIZABLE = ClassType("class", "hamilton.htypes.Parallelizable")
_COLLECT = ClassType("class", "hamilton.htypes.Collect")
_LIKE_CALLABLE = frozenset({"typing.Callable", "collections.abc.Callable", "typing.ClassVar"})


class _Shape(NamedTuple):
    """What the last rule looks at. `origin` None: a bare generic class. `generic` None: cannot be known."""

    origin: Type | None
    generic: bool | None
    arguments: tuple[Type, ...]


def matches(parameter: Type, node: Type, hierarchy: Hierarchy) -> Assignability:
    """Hamilton's verdict on `parameter <- node`, by the rules of the Python version of `hierarchy`."""
    if _is_equal(node, parameter):
        return YES
    if node.kind == "any":
        return YES
    if node.kind == "unknown" or parameter.kind == "unknown":
        return _unknown(node, parameter)
    is_variable = node.kind == "typevar" or parameter.kind == "typevar"
    verdict = _NO if is_variable else fits(node, parameter, hierarchy)
    if verdict.kind in ("no", "raises") and same(node, parameter, hierarchy) is None:
        return Maybe(_doubt(node, parameter))
    if verdict.kind != "no":
        return verdict
    return No(explain(parameter, node, hierarchy, lambda other, given: _takes(other, given, hierarchy)))


def _takes(parameter: Type, node: Type, hierarchy: Hierarchy) -> bool:
    return _is_equal(node, parameter) or fits(node, parameter, hierarchy).kind == "yes"


def _is_equal(node: Type, parameter: Type) -> bool:
    """Is it certain that Python takes the two for equal?"""
    return (node == parameter or _is_reordered(node, parameter)) and is_settled(node)


def _is_reordered(node: Type, parameter: Type) -> bool:
    is_composed = node.kind == parameter.kind and node.kind in ("union", "literal", "generic", "annotated")
    return is_composed and normal(node) == normal(parameter)


def fits(node: Type, parameter: Type, hierarchy: Hierarchy) -> Assignability:
    """`custom_subclass_check` alone, as Hamilton asks of loaders and savers: does a type go where another is asked for?"""
    if parameter.kind == "annotated":
        parameter = parameter.underlying
    if parameter.kind == "any":
        return YES
    if node.kind == "unknown" or parameter.kind == "unknown":
        return _unknown(node, parameter)
    first = _by_inheritance(node, parameter, hierarchy)
    if first.kind in ("yes", "raises"):
        return first
    second = _by_arms(node, parameter, hierarchy) if parameter.kind == "union" else _NO
    if second.kind == "yes":
        return YES
    if second.kind == "raises":
        return first if first.kind == "maybe" else second
    third = _by_origin(node, parameter, hierarchy)
    if third.kind == "yes":
        return YES
    return next((verdict for verdict in (first, second) if verdict.kind == "maybe"), third)


def _by_inheritance(node: Type | None, parameter: Type | None, hierarchy: Hierarchy) -> Assignability:
    """Two plain classes: `issubclass`."""
    if hierarchy.python < (3, 11) and _EMPTY_TUPLE in (node, parameter):
        return Maybe("before Python 3.11 `tuple[()]` passes for a class, but not everywhere")
    name, base = _class_name(node, hierarchy), _class_name(parameter, hierarchy)
    if name is None or base is None:
        return _NO
    answer = is_subclass(hierarchy, name, base)
    if isinstance(answer, Unclear):
        return Maybe(answer.reason)
    if isinstance(answer, Refused):
        is_class = hierarchy.record(name) is not None
        return Raises(f"TypeError: {answer.error}") if is_class else Maybe(f"`{name}` may be no class")
    return YES if answer else _NO


def _by_arms(node: Type, parameter: UnionType, hierarchy: Hierarchy) -> Assignability:
    """Any arm will do. Hamilton tries them as written, and an arm may raise before another fits."""
    doubt: Assignability | None = None
    for arm in parameter.members:
        verdict = fits(node, arm, hierarchy)
        if verdict.kind == "yes":
            return YES
        if verdict.kind == "raises":
            return doubt or verdict
        doubt = doubt or (verdict if verdict.kind == "maybe" else None)
    return doubt or _NO


def _by_origin(node: Type, parameter: Type, hierarchy: Hierarchy) -> Assignability:
    """The rule for aliases and generics: related origins, and equal arguments where both have some."""
    ours, theirs = _shape(node, hierarchy), _shape(parameter, hierarchy)
    if ours.generic is None or theirs.generic is None:
        return Maybe(_doubt(node, parameter))
    generic = ours.generic or theirs.generic
    if generic and ours.origin == _PARALLELIZABLE:
        return fits(ours.arguments[0], parameter, hierarchy) if len(ours.arguments) == 1 else _NOT_ONE
    if generic and theirs.origin == _COLLECT:
        return fits(node, theirs.arguments[0], hierarchy) if len(theirs.arguments) == 1 else _NOT_ONE
    related = _related(ours.origin, theirs.origin, hierarchy)
    if related.kind in ("no", "raises") or not generic:
        return related
    equal = _same_arguments(node, parameter, ours, theirs, hierarchy)
    if equal is False:
        return _NO
    return related if equal else Maybe(_doubt(node, parameter))


def _related(ours: Type | None, theirs: Type | None, hierarchy: Hierarchy) -> Assignability:
    if ours is None or theirs is None:
        return YES if ours is theirs else _NO
    equal = same(ours, theirs, hierarchy)
    if equal:
        return YES
    verdict = _by_inheritance(ours, theirs, hierarchy)
    return Maybe(_doubt(ours, theirs)) if verdict.kind == "no" and equal is None else verdict


def _same_arguments(node: Type, parameter: Type, ours: _Shape, theirs: _Shape, hierarchy: Hierarchy) -> bool | None:
    if node.kind == "literal" and parameter.kind == "literal":
        return _same_literals(node, parameter)
    if any(shape.arguments in ((), (_TYPING_T,)) for shape in (ours, theirs)):
        return True
    return same_all(ours.arguments, theirs.arguments, hierarchy)


def _same_literals(node: LiteralType, parameter: LiteralType) -> bool | None:
    """Whether the values are equal in the order written; types do not count here: `1 == True`.

    Where two orders of the same values are about, it is not known: inside of other types `typing` hands out one of them for both.
    """
    if len(node.values) != len(parameter.values):
        return False
    ours, theirs = ([_as_number(text) for _, text in literal.values] for literal in (node, parameter))
    if any(kind == "?" for kind, _ in node.values + parameter.values):
        return None
    return True if ours == theirs else None if sorted(ours) == sorted(theirs) else False


def _as_number(text: str) -> str:
    return {"True": "1", "False": "0"}.get(text, text)


def _shape(type_: Type, hierarchy: Hierarchy) -> _Shape:
    if type_.kind == "class":
        return _shape_of_class(type_, hierarchy)
    if type_.kind == "generic":
        return _shape_of_alias(type_, hierarchy)
    if type_.kind == "annotated":
        return _shape_of_annotated(type_)
    if type_.kind == "literal":
        return _Shape(ObjectType("object", "typing.Literal"), True, (type_,))
    if type_ == NONE_ITSELF:  # `Collect[None]` asks for it; it is the origin of a bare generic class as well
        return _Shape(None, False, ())
    return _Shape(type_, False, type_.members if type_.kind == "union" else ())


def _shape_of_class(type_: ClassType, hierarchy: Hierarchy) -> _Shape:
    if type_.name == "typing.Generic":
        return _Shape(type_, True, ())
    generic = hierarchy.derives(type_.name, "typing.Generic")
    return _Shape(None if generic else type_, generic, ())


def _shape_of_alias(type_: GenericType, hierarchy: Hierarchy) -> _Shape:
    name, arguments = type_.name, type_.arguments
    if name in _LIKE_CALLABLE:
        return _Shape(type_, False, arguments)
    if name == "numpy.typing.NDArray":
        return _shape_of_nd_array(type_, hierarchy)
    if name == "typing.Tuple" and arguments == (ObjectType("object", "()"),) and hierarchy.python >= (3, 11):
        arguments = ()
    origin = class_tables.standard().aliases.get(name)
    if origin is not None:
        return _Shape(ClassType("class", origin), True, arguments)
    if name.startswith("typing.") and hierarchy.record(name) is None:
        return _Shape(ObjectType("object", name), True, arguments)
    return _Shape(ClassType("class", name), hierarchy.has_plain_alias(name), arguments)


def _shape_of_nd_array(type_: GenericType, hierarchy: Hierarchy) -> _Shape:
    """An alias of `ndarray[<shape>, dtype[...]]`; numpy releases differ in the shape, and for Python 3.12+ in what it is.

    Some make it by a `type` statement there, which gives an object of its own: the text of the installed numpy tells.
    """
    if hierarchy.python >= (3, 12):
        meaning = foreign.meaning(type_.name)
        if meaning is None:
            return _Shape(type_, None, ())
        if meaning.kind == "object":
            return _Shape(ObjectType("object", type_.name), bool(type_.arguments), type_.arguments)
    element = GenericType("generic", "numpy.dtype", type_.arguments)
    return _Shape(ClassType("class", "numpy.ndarray"), True, (UnknownType("unknown", "numpy's shape"), element))


def _shape_of_annotated(type_: AnnotatedType) -> _Shape:
    """On a node, `Annotated` is an alias whose origin is the annotated type, and whose arguments are type and metadata."""
    metadata = tuple(ObjectType("object", text) for text in type_.metadata)
    bare_callable = type_.underlying == ClassType("class", "collections.abc.Callable")
    return _Shape(type_ if bare_callable else type_.underlying, not bare_callable, (type_.underlying, *metadata))


def _class_name(type_: Type | None, hierarchy: Hierarchy) -> str | None:
    """The name by which `inspect.isclass` accepts a type without arguments."""
    if type_ is None:
        return None
    if type_.kind == "class":
        return type_.name
    return "typing.Any" if type_.kind == "any" and hierarchy.python >= (3, 11) else None


def _unknown(node: Type, parameter: Type) -> Maybe:
    return Maybe(next(type_.reason for type_ in (node, parameter) if type_.kind == "unknown"))


def _doubt(node: Type, parameter: Type) -> str:
    return f"not enough is known of `{brief(node)}` and `{brief(parameter)}`"
