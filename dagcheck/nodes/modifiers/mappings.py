"""Which fields does `extract_fields` take out, and of which types?

Source: `_determine_fields_to_extract` of `hamilton.function_modifiers.expanders`. A bare `dict` needs declared types, a
`dict[K, V]` gives V to names without one, a TypedDict knows its fields; anything else is refused at import.
"""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.values import Rest, Value
from dagcheck.nodes.arguments import Step, blame
from dagcheck.nodes.fields import is_field_type
from dagcheck.nodes.signature import without_extras
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.span import Span
from dagcheck.types.assignability import No, matches
from dagcheck.types.expressions import Context, read
from dagcheck.types.model import ClassType, GenericType, Type, UnknownType
from dagcheck.types.printing import brief

_UNDECLARED = UnknownType("unknown", "the field's type is not declared")


class Field(NamedTuple):
    """A part to take out: name, type, the place that names it, its documentation (None: that of the whole)."""

    name: str
    type: Type
    span: Span
    documentation: str | None = None


class _Asked(NamedTuple):
    """What the modifier was given: names with declared types (None: none declared) and the way to them.

    `form` is `dict`, `list`, `nothing` or `unknown`.
    """

    form: str
    fields: list[tuple[str, Type | None, tuple[Step, ...]]]


def requested_fields(subject: Subject, use: Use) -> list[Field]:
    """The fields that `@extract_fields(...)` asks for; what Hamilton would refuse is noted."""
    asked = _asked(subject, use)
    returns = subject.early.returns
    output = _UNDECLARED if returns is None else without_extras(returns)
    typed = _typed(subject, use, asked, output)
    if not typed and asked.form == "dict" and subject.complete and not subject.is_rejected:
        subject.reject(use, "`@extract_fields` is given no field")
    once = {name: (type_, steps) for name, type_, steps in reversed(typed)}  # Hamilton makes a dictionary of the names
    order = dict.fromkeys(name for name, _, _ in typed)
    return [Field(name, once[name][0] or _UNDECLARED, blame(use, *once[name][1])) for name in order]


def _asked(subject: Subject, use: Use) -> _Asked:
    given = use.arguments[0] if use.arguments else use.keyword("fields")
    start: Step = ("argument", 0) if use.arguments else ("value", "fields")
    if type(given) is dict:
        return _Asked("dict", _declared(subject, use, given, start))
    if given is None or (is_plain(given) and not given):
        return _Asked("nothing", [])
    if not isinstance(given, (str, list)) and not is_plain(given):
        subject.unresolved(use, given.unknown if isinstance(given, Rest) else given, start)
        return _Asked("unknown", [])
    names: list[tuple[Value, tuple[Step, ...]]] = []
    if type(given) is list:
        names = [(name, (start, ("item", index))) for index, name in enumerate(given)]
    else:
        names = [(given, (start,))]
    names += [(name, (("argument", index + 1),)) for index, name in enumerate(use.arguments[1:])]
    fields: list[tuple[str, Type | None, tuple[Step, ...]]] = []
    for name, steps in names:
        if isinstance(name, str):
            fields.append((name, None, steps))
        elif is_plain(name):
            subject.reject(use, f"a field's name must be a string, not {describe(name)}", *steps)
        else:
            subject.unresolved(use, name, *steps)
    return _Asked("list", fields)


def _declared(
    subject: Subject, use: Use, given: dict[Value, Value], start: Step
) -> list[tuple[str, Type | None, tuple[Step, ...]]]:
    fields: list[tuple[str, Type | None, tuple[Step, ...]]] = []
    for name, value in given.items():
        steps: tuple[Step, ...] = (start, ("key", name))
        if isinstance(name, Rest):
            subject.unresolved(use, name, start)
            continue
        if not isinstance(name, str):
            subject.reject(use, f"a field's name must be a string, not {describe(name)}", *steps)
            continue
        # A string or None is no type here: nothing resolves it.
        type_ = read(value, Context(None)) if not isinstance(value, (str, type(None))) else None
        if type_ is None or is_field_type(type_) is False:
            what = describe(value) if type_ is None else f"`{brief(type_)}`"
            subject.reject(use, f"field `{name}` declares {what}, which is no type to Hamilton", start, ("value", name))
        fields.append((name, type_ if type_ is not None and is_field_type(type_) else _UNDECLARED, steps))
    return fields


def _typed(subject: Subject, use: Use, asked: _Asked, output: Type) -> list[tuple[str, Type | None, tuple[Step, ...]]]:
    if isinstance(output, UnknownType):
        return asked.fields
    if output == ClassType("class", "dict"):
        if asked.form not in ("dict", "unknown"):
            message = "a bare `dict` says nothing of its fields"
            subject.reject(use, message, advice='declare their types: `@extract_fields({"name": type})`')
        return asked.fields
    if isinstance(output, GenericType) and output.name in ("dict", "typing.Dict"):
        return _from_generic(subject, use, asked, output)
    declared = subject.setting.typed_dict(output.name) if isinstance(output, ClassType) else None
    if declared is not None:
        return _from_typed_dict(subject, use, asked, declared, brief(output))
    if not isinstance(output, ClassType) or subject.setting.hierarchy.record(output.name) is not None:
        message = f"`@extract_fields` needs a `dict` or a TypedDict, but `{subject.name}` returns `{brief(output)}`"
        subject.reject(use, message)
    return asked.fields


def _from_generic(
    subject: Subject, use: Use, asked: _Asked, output: GenericType
) -> list[tuple[str, Type | None, tuple[Step, ...]]]:
    if len(output.arguments) != 2:
        subject.reject(use, f"`{brief(output)}` needs two type arguments for `@extract_fields`")
        return asked.fields
    if asked.form == "nothing":
        subject.reject(use, f"`@extract_fields` does not say which fields to take from `{brief(output)}`")
        return []
    element = output.arguments[1]
    if asked.form == "list" and asked.fields and is_field_type(element) is False:
        subject.reject(use, f"the values of `{brief(output)}` have no type that Hamilton accepts for a field")
    return [(name, type_ or element, steps) for name, type_, steps in asked.fields]


def _from_typed_dict(
    subject: Subject, use: Use, asked: _Asked, declared: dict[str, Type], name: str
) -> list[tuple[str, Type | None, tuple[Step, ...]]]:
    declared = {field: without_extras(type_) for field, type_ in declared.items()}
    if asked.form == "nothing":
        return [(field, type_, ()) for field, type_ in declared.items()]
    typed: list[tuple[str, Type | None, tuple[Step, ...]]] = []
    for field, type_, steps in asked.fields:
        expected = declared.get(field)
        if expected is None:
            subject.reject(use, f"TypedDict `{name}` has no field `{field}`", *steps)
        elif type_ is not None and isinstance(matches(expected, type_, subject.setting.hierarchy), No):
            message = f"field `{field}` is `{brief(expected)}` in TypedDict `{name}`, not `{brief(type_)}`"
            subject.reject(use, message, *steps)
        typed.append((field, type_ or expected, steps))
    return typed
