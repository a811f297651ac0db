"""Why does Python fail to resolve an annotation?

`typing.get_type_hints` evaluates text, and what `typing` makes of subscriptions is checked as they are evaluated: names that
do not exist, text that is no expression, classes that take no type arguments, tuples where a type must stand, too many
arguments. Only what certainly raises is told; what cannot be known is none of this module's business.

Source: `typing._type_check`, `typing._SpecialGenericAlias.__getitem__`, `typing.Generic.__class_getitem__` of CPython 3.10 to 3.14.
"""

from __future__ import annotations

from dagcheck.evaluation.enums import is_enum
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.objects import Class
from dagcheck.evaluation.values import Alternatives, Forward, Reference, Subscripted, Unknown, Value
from dagcheck.names import class_tables
from dagcheck.names.classes import Hierarchy
from dagcheck.types.expressions import text_of
from dagcheck.types.naming import canonical, class_name

_BARE = frozenset(
    f"typing.{name}"
    for name in "ClassVar Concatenate Final Generic Literal NotRequired Optional Protocol Required TypeGuard Union".split()
)
_ELSEWHERE = frozenset({"typing.ClassVar", "typing.Final", "typing.Generic", "typing.Protocol"})
_ONE = """AbstractSet AsyncIterable AsyncIterator Awaitable Collection Container Counter Deque FrozenSet Iterable Iterator
    KeysView List MappingView Match MutableSequence MutableSet Optional Pattern Reversible Sequence Set Type ValuesView"""
_TWO = "ChainMap DefaultDict Dict ItemsView Mapping MutableMapping OrderedDict"
_COUNTS = {f"typing.{name}": 1 for name in _ONE.split()} | {f"typing.{name}": 2 for name in _TWO.split()}
_PLAIN = frozenset(
    """bool bytearray bytes complex dict float frozenset int list object set str tuple type collections.Counter
    collections.OrderedDict collections.defaultdict collections.deque datetime.date datetime.datetime datetime.time
    datetime.timedelta decimal.Decimal fractions.Fraction pathlib.Path pathlib.PurePath uuid.UUID""".split()
)
"""Classes that nothing special is to be expected of."""

_UNCHECKED = frozenset({"typing.Annotated", "typing.Callable", "typing.Concatenate", "typing.Literal"})


def resolution_error(value: Value, hierarchy: Hierarchy) -> str:
    """Why evaluating an annotation of this value raises; "" when it does not, or when that cannot be told."""
    if isinstance(value, Unknown) and value.reason.endswith("is not defined") and value.reason.startswith("`"):
        return value.reason
    if isinstance(value, Unknown) and value.reason.startswith("raises "):
        return f"it {value.reason}"
    if isinstance(value, Forward):
        return f"`{value.text}` is no valid annotation: {value.error}"
    if isinstance(value, Reference):
        return missing_attribute(value)
    if isinstance(value, Alternatives):
        inner = next((error for part in value.members if (error := resolution_error(part, hierarchy))), "")
        return inner or _union_error(value, hierarchy)
    if isinstance(value, Subscripted):
        parts = (value.owner, *value.arguments)
        inner = next((error for part in parts if (error := resolution_error(part, hierarchy))), "")
        return inner or _subscription_error(value, hierarchy)
    return ""


def missing_attribute(value: Reference) -> str:
    """What a module of the standard library is asked for and no version of it has, "" when there is nothing of the kind."""
    if value.name.startswith("builtins.") or class_tables.meaning(value.name) is not None:
        return ""
    if class_tables.is_shifting(value.name):
        return ""
    missing = class_tables.lacks(value.name)
    return "" if missing is None else f"`{missing[0]}` has no `{missing[1]}`"


def type_error(value: Value, hierarchy: Hierarchy) -> str:
    """Why `typing` does not take this value where a type must stand: behind text, and among its type arguments."""
    owner = value.owner if isinstance(value, Subscripted) else None
    is_constant = is_plain(value) and value is not None and not isinstance(value, (str, list))
    refused = (
        type(value) is tuple
        or (isinstance(value, Reference) and class_tables.plain(value.name) in _BARE)
        or (isinstance(owner, Reference) and class_tables.plain(owner.name) in _ELSEWHERE)
        or (is_constant and hierarchy.python < (3, 11))
    )
    return f"`{text_of(value)}` is no type" if refused else ""


def _union_error(value: Alternatives, hierarchy: Hierarchy) -> str:
    """A bar joins classes, and things of `typing` with anything; a class and text, or other data, it does not join."""
    first, *others = value.members
    for part in value.members:
        if isinstance(part, Reference) and class_tables.plain(part.name) in _BARE:
            return f"`{text_of(part)}` alone is no type"
    kind = _side(first, hierarchy)
    for part in others:
        sides = {kind, _side(part, hierarchy)}
        if "unknown" in sides or "typing" in sides:
            return ""  # what stands behind it may be joined with anything
        if sides != {"class"}:
            return f"a class cannot be joined with `{text_of(part if kind == 'class' else first)}` by `|`"
    return ""


def _side(value: Value, hierarchy: Hierarchy) -> str:
    """What a bar takes one of its sides for: a `class`, something of `typing`, `data`, or `unknown`."""
    owner = value.owner if isinstance(value, Subscripted) else value
    if isinstance(owner, Class):
        generic = hierarchy.derives(class_name(owner), "typing.Generic")
        if owner.keywords or generic is None or owner is not value:
            return "typing" if generic else "unknown"
        return "class"
    if isinstance(owner, Reference):
        name = class_tables.plain(owner.name)
        if name.startswith("typing."):
            return "typing" if name != "typing.Any" or hierarchy.python < (3, 11) else "class"
        return "class" if canonical(name) in _PLAIN else "unknown"
    is_data = value is None or (is_plain(value) and value is not ...)
    return "class" if value is None else "data" if is_data and hierarchy.python < (3, 14) else "unknown"


def _subscription_error(value: Subscripted, hierarchy: Hierarchy) -> str:
    owner = value.owner
    if isinstance(owner, Class):
        name = class_name(owner)
        if owner.keywords or is_enum(owner):
            return ""
    elif isinstance(owner, Reference):
        name = class_tables.plain(owner.name)
        if name.startswith("typing."):
            return _form_error(name, value, hierarchy)
        name = canonical(owner.name)
        if name.startswith("collections.abc.") or name == "type":
            return ""
    else:
        return _further_error(value, hierarchy)
    if _takes_no_arguments(name, hierarchy):
        return f"{describe(owner)} takes no type arguments"
    return _generic_error(name, value, hierarchy)


def _further_error(value: Subscripted, hierarchy: Hierarchy) -> str:
    """Type arguments for what has some already and has no type variables left."""
    owner = value.owner
    root = owner.owner if isinstance(owner, Subscripted) else None
    if not isinstance(owner, Subscripted) or not isinstance(root, Reference):
        return ""
    name = canonical(root.name)
    is_alias = name in _PLAIN or (name.startswith("typing.") and name not in ("typing.Generic", "typing.Protocol"))
    if not is_alias or not all(map(_has_no_variables, owner.arguments)):
        return ""
    return f"`{text_of(owner)}` takes no more type arguments"


def _has_no_variables(value: Value) -> bool:
    if isinstance(value, Subscripted):
        return all(map(_has_no_variables, (value.owner, *value.arguments)))
    if isinstance(value, Reference):
        meaning = class_tables.meaning(value.name)
        return meaning is not None and meaning.kind in ("class", "alias")
    if type(value) is list:
        return all(map(_has_no_variables, value))
    return isinstance(value, (Class, str)) or is_plain(value)


def _form_error(name: str, value: Subscripted, hierarchy: Hierarchy) -> str:
    """What `typing` has against one of its own subscriptions."""
    arguments = value.arguments
    if name == "typing.Annotated":
        return _annotated_error(arguments[0], hierarchy) if arguments else ""
    if name in _UNCHECKED:
        return ""
    wanted, given = _COUNTS.get(name, len(arguments)), len(arguments)
    if wanted != given:
        return f"{describe(value.owner)} takes {wanted} type argument{'s' if wanted > 1 else ''}, not {given}"
    if name == "typing.Tuple":
        arguments = arguments[:-1] if arguments and arguments[-1] in (..., ()) else arguments
    return next((error for part in arguments if (error := type_error(part, hierarchy))), "")


def _annotated_error(first: Value, hierarchy: Hierarchy) -> str:
    """`Annotated` asks what it annotates for its module up to Python 3.11, which numbers and lists do not have."""
    is_bare = is_plain(first) and first is not None and not isinstance(first, (str, tuple))
    if hierarchy.python < (3, 12) and (is_bare or type(first) is list):
        return f"`{text_of(first)}` is no type that `Annotated` could annotate"
    return type_error(first, hierarchy)


def _generic_error(name: str, value: Subscripted, hierarchy: Hierarchy) -> str:
    """Classes that get their brackets from `Generic` check what stands in them since Python 3.11."""
    if hierarchy.python < (3, 11) or hierarchy.derives(name, "typing.Generic") is not True:
        return ""
    tuples = [part for part in value.arguments if type(part) is tuple]
    return f"`{text_of(tuples[0])}` is no type" if tuples else ""


def _takes_no_arguments(name: str, hierarchy: Hierarchy) -> bool:
    """Is it certain that subscribing the class raises? Only where everything that it inherits is known."""
    names, complete = hierarchy.ancestry(name)
    if not complete:
        return False
    for ancestor in names:
        record = hierarchy.record(ancestor)
        if (
            record is None
            or "__class_getitem__" in record.methods | record.values
            or ancestor in ("typing.Generic", "typing.Protocol")
        ):
            return False
        if ("complete" not in record.flags) if "bundled" in record.flags else (record.flags & {"open", "metaclass"}):
            return False
    return True
