"""Which type does an annotation mean? Values to types.

`read` takes what an annotation was evaluated to and gives the type as Hamilton sees it at graph time, after
`typing.get_type_hints(..., include_extras=True)`: forward references resolved, unions flattened, names canonical (see
`dagcheck.names.class_tables`). It is total: what cannot be known is an `UnknownType` with the reason. A name outside the
project that no table knows is a class by the path of its import.

Printing (`show`, `brief`) is `dagcheck.types.printing`, fit is `dagcheck.types.assignability`. How functions get their annotations, and what
a default of None does to them on Python 3.10, is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from dagcheck.evaluation.ignorance import describe, explain, is_plain
from dagcheck.evaluation.objects import Class, Function, Instance, Lambda
from dagcheck.evaluation.values import (
    Alternatives,
    Construction,
    Forward,
    Member,
    Module,
    Reference,
    Rest,
    Subscripted,
    Unknown,
    Value,
)
from dagcheck.names import class_tables, foreign
from dagcheck.types.borrowed import written_in
from dagcheck.types.equality import normal
from dagcheck.types.model import (
    ANY,
    NONE,
    AnnotatedType,
    ClassType,
    GenericType,
    LiteralType,
    NewType,
    ObjectType,
    Type,
    TypeVariable,
    UnionType,
    UnknownType,
)
from dagcheck.types.naming import canonical, class_name, keeps_arguments, module_by_path
from dagcheck.types.printing import brief, show
from dagcheck.types.substitution import substitute, type_variables

__all__ = ["Context", "brief", "canonical", "class_name", "read", "show", "union"]


class Context(NamedTuple):
    """Where an annotation stands.

    `evaluate` gives the value of source text there: of a forward reference; None where nobody resolves text within a type.
    """

    evaluate: Callable[[str], Value] | None
    python: tuple[int, int] = (3, 11)
    module_of: Callable[[str], str] = module_by_path
    """The dotted name of the module in a file, by the file's path."""
    pending: frozenset[str] = frozenset()
    """Forward references on the way to this one."""


PARAMETER_LIST = "[]"
"""The name of the `GenericType` that stands for the parameters of a `Callable`."""

ND_ARRAY = "numpy.typing.NDArray"
_SUBSCRIPTABLE_FORMS = frozenset(
    f"typing.{name}"
    for name in "ClassVar Concatenate Final NotRequired ReadOnly Required TypeGuard TypeIs Unpack".split()
)
_FORMS = _SUBSCRIPTABLE_FORMS | {
    f"typing.{name}" for name in "Annotated Literal LiteralString Never NoReturn Optional Self TypeAlias Union".split()
}
_TYPING_VARIABLES = frozenset("AnyStr CT_co KT T T_co T_contra VT VT_co V_co".split())
_VARIABLE_MAKERS = frozenset({"typing.TypeVar", "typing.ParamSpec", "typing.TypeVarTuple"})


_DEFAULTS: dict[str, tuple[Type, ...]] = {
    "typing.Generator": (NONE, NONE),
    "typing.AsyncGenerator": (NONE,),
    "typing.ContextManager": (UnionType("union", (NONE, ClassType("class", "bool"))),),
    "typing.AsyncContextManager": (UnionType("union", (NONE, ClassType("class", "bool"))),),
}
"""Of the type arguments after the first."""


def read(value: Value, context: Context) -> Type:
    """The type that an annotation's value means."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return _forward(value, context)
    if isinstance(value, Reference):
        return _named(value.name, context)
    if isinstance(value, Class):
        return (
            ClassType("class", class_name(value)) if _is_named(value) else _unknown(f"`{value.name}` is defined again")
        )
    if isinstance(value, Subscripted):
        return _subscripted(value, context)
    if isinstance(value, Alternatives):
        return union(read(member, context) for member in value.members)
    if isinstance(value, Construction):
        return _constructed(value, context)
    return _no_type(value)


def union(members: Iterable[Type]) -> Type:
    """The union of types: flattened, without repetitions, in the order given; a single member is itself.

    Of unions within a union `typing` may hand out an equal one that was made before, in another order: that is not followed.
    """
    distinct: dict[Type, Type] = {}
    for member in members:
        for part in member.members if member.kind == "union" else [member]:
            distinct.setdefault(normal(part), part)
    first, *others = distinct.values()
    return UnionType("union", (first, *others)) if others else first


def _named(name: str, context: Context) -> Type:
    name = class_tables.plain(name)
    module, _, last = name.rpartition(".")
    if name == "typing.Any":
        return ANY
    if name in _FORMS:
        return ObjectType("object", name)
    if module == "typing" and last in _TYPING_VARIABLES:
        return TypeVariable("typevar", last, name)
    if name == ND_ARRAY:
        return GenericType("generic", name, ())
    meaning = foreign.meaning(name)
    if meaning is None:
        return (
            UnknownType("unknown", f"`{name}` is not known") if module in ("", "typing") else ClassType("class", name)
        )
    if meaning.kind == "object":
        return ObjectType("object", meaning.name)
    if meaning.kind == "name":
        return _named(meaning.name, context)
    if meaning.kind == "expression":
        return _read_elsewhere(name, meaning, context)
    return GenericType("generic", name, ()) if meaning.kind == "alias" else ClassType("class", meaning.name)


def _read_elsewhere(name: str, meaning: class_tables.Meaning, context: Context) -> Type:
    """The type that an alias in an installed package stands for, read with the names of the module that writes it."""
    if name in context.pending:
        return UnknownType("unknown", f"the alias `{name}` leads back to itself")

    def evaluate(text: str) -> Value:
        return Unknown(f"`{text}` is text in another package")

    inner = context._replace(evaluate=evaluate, pending=context.pending | {name})
    return read(written_in(meaning.name, meaning.expression), inner)


def _is_named(value: Class) -> bool:
    """Is it the class that its name stands for in the end? Two of one name cannot be told apart by it."""
    other = value.scope.names.get(value.name)
    return other is value or not isinstance(other, Class)


def _forward(text: str, context: Context) -> Type:
    if context.evaluate is None:
        return UnknownType("unknown", f"`{text}` is text, and nobody resolves it")
    if text in context.pending:
        return UnknownType("unknown", f"the forward reference `{text}` leads back to itself")
    inner = context._replace(pending=context.pending | {text})
    value = context.evaluate(text)
    return _unknown(f"`{text}` is text within text") if isinstance(value, str) and value == text else read(value, inner)


def _subscripted(value: Subscripted, context: Context) -> Type:
    owner, arguments = value.owner, value.arguments
    if isinstance(owner, Class):
        return GenericType("generic", class_name(owner), _arguments(arguments, context, keeps_arguments(owner)))
    if not isinstance(owner, Reference):
        return _filled_in(read(owner, context), _arguments(arguments, context))
    name = canonical(owner.name)
    if name == "typing.Annotated":
        return _annotated(arguments, context)
    if name == "typing.Literal":
        return _literal(arguments)
    if name in ("typing.Union", "typing.Optional"):
        members = union(_arguments(arguments, context, kept=False))
        return union([members, NONE]) if name == "typing.Optional" else members
    if name in _SUBSCRIPTABLE_FORMS or name == ND_ARRAY:
        return GenericType("generic", name, _arguments(arguments, context, kept=False))
    if name in ("tuple", "typing.Tuple") and arguments in ((), ((),)):
        return GenericType("generic", name, () if name == "tuple" else (ObjectType("object", "()"),))
    named = _named(name, context)
    if named.kind in ("union", "annotated") or (named.kind == "generic" and named.name != name):
        return _filled_in(named, _arguments(arguments, context))
    if named.kind in ("class", "generic"):
        read_arguments = _arguments(arguments, context, keeps_arguments(owner))
        return GenericType("generic", name, _with_defaults(name, read_arguments, context.python))
    return named if named.kind == "unknown" else _unknown(f"`{name}` takes no type arguments")


def _arguments(arguments: Iterable[Value], context: Context, kept: bool | None = None) -> tuple[Type, ...]:
    return tuple(_argument(argument, context, kept) for argument in arguments)


def _with_defaults(name: str, arguments: tuple[Type, ...], python: tuple[int, int]) -> tuple[Type, ...]:
    """Since Python 3.13 some aliases of `typing` fill in the arguments that are not given."""
    defaults = _DEFAULTS.get(name, ()) if python >= (3, 13) else ()
    return arguments + defaults[len(arguments) - 1 :]


def _argument(value: Value, context: Context, kept: bool | None) -> Type:
    if type(value) is list:
        return GenericType("generic", PARAMETER_LIST, _arguments(value, context, kept))
    if value is ... or (kept and value is None):
        return ObjectType("object", text_of(value))
    if kept and isinstance(value, str) and context.python < (3, 11):
        # Up to Python 3.10 `get_type_hints` did not look for forward references there.
        return ObjectType("object", repr(value))
    if context.evaluate is None and isinstance(value, str) and kept is not None:
        return ObjectType("object", repr(value) if kept else f"ForwardRef({value!r})")
    return read(value, context)


def _annotated(arguments: tuple[Value, ...], context: Context) -> Type:
    if len(arguments) < 2:
        return _unknown("`Annotated` needs a type and something to say about it")
    underlying = _argument(arguments[0], context, kept=False)
    metadata = tuple(text_of(argument) for argument in arguments[1:])
    if underlying.kind == "annotated":
        return AnnotatedType("annotated", underlying.underlying, underlying.metadata + metadata)
    return AnnotatedType("annotated", underlying, metadata)


def _literal(arguments: tuple[Value, ...]) -> Type:
    values: dict[tuple[str, str], None] = {}
    for argument in arguments:
        if isinstance(argument, Subscripted) and _is_reference(argument.owner, "typing.Literal"):
            inner = _literal(argument.arguments)
            if inner.kind != "literal":
                return inner
            values.update(dict.fromkeys(inner.values))
        elif isinstance(argument, Instance) and "name" in argument.fields:
            owner = class_name(argument.of)
            values[owner, f"{owner}.{argument.fields['name']}"] = None
        elif isinstance(argument, Reference):
            values["?", canonical(argument.name)] = None
        elif argument is None or type(argument) in (bool, int, str, bytes):
            values[type(argument).__name__, repr(argument)] = None
        else:
            return _no_type(argument)
    return LiteralType("literal", tuple(values))


def _constructed(value: Construction, context: Context) -> Type:
    callee = class_tables.plain(value.callee.name) if isinstance(value.callee, Reference) else ""
    first = value.arguments[0] if value.arguments else dict(value.keywords).get("name")
    place = value.location
    identity = f"{place.path}:{place.span.line}:{place.span.column}" if place else ""
    if callee in _VARIABLE_MAKERS and isinstance(first, str):
        return TypeVariable("typevar", first, identity)
    if callee == "typing.NewType" and isinstance(first, str):
        return NewType("newtype", f"{context.module_of(place.path)}.{first}" if place else first, identity)
    if callee == "typing.TypeAliasType" and isinstance(first, str):
        return ObjectType("object", f"{context.module_of(place.path)}.{first}" if place else first)
    if callee == "typing.ForwardRef" and isinstance(first, str):
        return _forward(first, context)
    if callee == "type" and len(value.arguments) == 1 and not value.keywords:
        return _type_of(first) or UnknownType("unknown", explain(value).reason)
    return UnknownType("unknown", explain(value).reason)


def _type_of(value: Value) -> Type | None:
    """What `type(...)` gives for plain data and for built-in functions."""
    if value is None:
        return NONE
    if isinstance(value, Reference) and value.name.startswith("builtins."):
        meaning = class_tables.meaning(value.name)
        is_function = meaning is not None and meaning.kind == "object"
        return ClassType("class", canonical("types.BuiltinFunctionType")) if is_function else None
    is_data = is_plain(value) and value is not ...
    return ClassType("class", type(value).__name__) if is_data else None


def _filled_in(alias: Type, arguments: tuple[Type, ...]) -> Type:
    """A generic alias with its type variables replaced: `Pair[int]` where `Pair = tuple[T, T]`."""
    variables = type_variables(alias)
    if alias.kind == "unknown":
        return alias
    if not variables or len(variables) != len(arguments):
        return _unknown(f"`{show(alias)}` takes no such type arguments")
    return substitute(alias, dict(zip(variables, arguments, strict=True)), union)


def _no_type(value: Value) -> Type:
    """Values that Hamilton takes as they are, and those that are not known."""
    if isinstance(value, Forward):
        return _unknown(value.error)
    if isinstance(value, Function):
        return ObjectType("object", f"{value.home}.{value.qualname}")
    if isinstance(value, Module):
        return ObjectType("object", value.module)
    if isinstance(value, (Unknown, Rest, Member, Lambda, Instance)):
        return _unknown(explain(value).reason)
    return ObjectType("object", text_of(value))


def _is_reference(value: Value, name: str) -> bool:
    return isinstance(value, Reference) and class_tables.plain(value.name) == name


def _unknown(reason: str) -> UnknownType:
    return UnknownType("unknown", reason)


def text_of(value: Value) -> str:
    """Source-like text of a value: literals as Python writes them, `?` for what is not known."""
    if isinstance(value, Reference):
        return canonical(value.name)
    if isinstance(value, Class):
        return class_name(value)
    if isinstance(value, Construction):
        keywords = [f"{name}={text_of(item)}" for name, item in value.keywords]
        return f"{text_of(value.callee)}({', '.join([*map(text_of, value.arguments), *keywords])})"
    if isinstance(value, Subscripted):
        return f"{text_of(value.owner)}[{', '.join(map(text_of, value.arguments))}]"
    if isinstance(value, Alternatives):
        return " | ".join(map(text_of, value.members))
    if type(value) is list:
        return f"[{', '.join(map(text_of, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(text_of, value))}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return f"{{{', '.join(f'{text_of(key)}: {text_of(item)}' for key, item in value.items())}}}"
    if value is ... or value is None or type(value) in (bool, int, float, complex, str, bytes):
        return "..." if value is ... else repr(value)
    return describe(value).strip("`") if isinstance(value, Function) else "?"
