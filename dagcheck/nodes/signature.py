"""What does a function take and give, as Hamilton sees it?

Parameters come from `inspect.signature`, which follows `functools.wraps`; types from `typing.get_type_hints` in the names of
the function's own module. A parameter is optional when it has a default, and for no other reason. Annotations that repeat
in a module are read once.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

from dagcheck.evaluation.ignorance import describe
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Function, Scope
from dagcheck.evaluation.printing import show, show_annotation
from dagcheck.evaluation.values import Alternatives, Forward, Reference, Rest, Subscripted, Value
from dagcheck.names.classes import Hierarchy
from dagcheck.source.bindings import Binding
from dagcheck.source.parsing import SyntaxFault, parse
from dagcheck.source.syntax import Expression, compact_expression, without_place
from dagcheck.span import Span
from dagcheck.types.expressions import Context, read, union
from dagcheck.types.model import NONE, AnnotatedType, GenericType, Type, UnionType, UnknownType
from dagcheck.types.resolution import resolution_error, type_error

_QUALIFIERS = frozenset({"typing.Required", "typing.NotRequired"})


class TypedParameter(NamedTuple):
    """A parameter with its type (None: not annotated). `kind` as in `dagcheck.source.syntax.Parameter`."""

    name: str
    kind: str
    type: Type | None
    optional: bool
    span: Span
    annotation: str
    default: str


class Undefined(NamedTuple):
    """An annotation that Python fails to resolve: whose it is (a parameter's name, or `return`), why, and when.

    `at_import`: it is evaluated when the `def` is executed, not when Hamilton asks for types.
    """

    span: Span
    name: str
    reason: str
    at_import: bool


class Signature(NamedTuple):
    """What a function takes and gives. `returns` is None without a return annotation; `untyped` hides all annotations."""

    parameters: tuple[TypedParameter, ...]
    returns: Type | None
    annotation: str
    undefined: tuple[Undefined, ...]
    untyped: bool


class _Reading(NamedTuple):
    """An annotation as read: its type, its text, and why Python could not resolve it ("" when it could)."""

    type: Type
    text: str
    error: str
    at_import: bool
    late: tuple[int, str] = (0, "")
    """Of the names that are looked up when the `def` is executed, the one that is first bound last, and on which line."""
    again: tuple[int, str] = (0, "")
    """The one of them that is bound again last, and on which line."""


class Annotations:
    """Reads the annotations of one module's functions, each distinct one once.

    `binding` tells where the module binds a name.
    """

    def __init__(
        self, machine: Machine, hierarchy: Hierarchy, binding: Callable[[str], Binding | None] = lambda name: None
    ) -> None:
        self._machine = machine
        self._hierarchy = hierarchy
        self._binding = binding
        self._read: dict[tuple[int, Expression], _Reading] = {}

    def read(self, expression: Expression, scope: Scope) -> _Reading:
        """An annotation, as written in a scope."""
        key = (id(scope), expression)
        known = self._read.get(key)
        if known is None:
            value = self._value(expression, scope)
            is_text = expression[0] == "const" and isinstance(expression[2], str)
            is_text = is_text or "annotations" in scope.outermost.names
            at_import = not is_text and self._hierarchy.python < (3, 14)
            known = self._reading(value, show_annotation(expression), scope, at_import, is_text)
            if at_import and scope.parent is None and self._binding("*") is None:
                known = self._with_lines(known, expression)
            if known.error and self._names_fail(expression, scope):
                known = known._replace(at_import=True)
            self._read[key] = known
        return known

    def signature(self, function: Function, untyped: bool) -> Signature:
        """The signature of a function; `untyped` hides all annotations."""
        return self._signature(function, untyped, self._home)

    def early(self, function: Function, untyped: bool) -> Signature:
        """The signature of a function as modifiers find it at import: names in text may be bound to something else then."""
        return self._signature(function, untyped, lambda typed, _: typed.seen or typed.scope)

    def _signature(self, function: Function, untyped: bool, home: Callable[[Function, Expression], Scope]) -> Signature:
        header, typed = function.source.header, _annotated(function)
        undefined: list[Undefined] = []
        parameters = []
        for parameter in header.parameters:
            span = Span(*parameter.place)
            found = None if untyped else self._hint(typed, parameter.name, parameter.annotation, home)
            found = found and _before_it_changes(found, typed)
            undefined += [] if found is None else _undefined(found, span, parameter.name, typed)
            type_ = None if found is None else self._implicit_optional(found.type, parameter.default)
            text = "" if found is None else found.text
            default = "" if parameter.default is None else show(parameter.default)
            optional = parameter.default is not None
            made = TypedParameter(parameter.name, parameter.kind, type_, optional, span, text, default)
            parameters.append(made)
        returns = None if untyped else self._hint(typed, "return", typed.header.returns, home)
        returns = returns and _before_it_changes(returns, typed)
        if returns is not None:
            undefined += _undefined(returns, Span(*(header.returns_place or header.name_place)), "return", typed)
        type_, text = (None, "") if returns is None else (returns.type, returns.text)
        return Signature(tuple(parameters), type_, text, tuple(undefined), untyped)

    def _hint(
        self,
        typed: Function,
        name: str,
        expression: Expression | None,
        home: Callable[[Function, Expression], Scope],
    ) -> _Reading | None:
        """The annotation of one parameter, or of the return; what was assigned to `__annotations__` counts first."""
        given = typed.annotations
        if given is not None:
            spoiled = [key for key in cast("dict[Value, Value]", given) if isinstance(key, Rest)]
            if spoiled:
                return self._reading(spoiled[0].unknown, "", typed.scope)
            if name not in given:
                return None
            if given[name] is not typed.written.get(name, MISSING):
                return self._reading(given[name], describe(given[name]).strip("`"), typed.scope)
        return None if expression is None else self.read(expression, home(typed, expression))

    def _home(self, typed: Function, expression: Expression) -> Scope:
        """The scope in which Python evaluates an annotation: text, and all of it since 3.14, where the module ends."""
        is_late = expression[0] == "const" or "annotations" in typed.scope.outermost.names
        return typed.scope if typed.seen is None or is_late or self._hierarchy.python >= (3, 14) else typed.seen

    def _with_lines(self, reading: _Reading, expression: Expression) -> _Reading:
        """The reading with the lines on which the module binds the names in it."""
        found = [(part, name) for name in sorted(set(_names(expression))) if (part := self._binding(name)) is not None]
        late = max(((part.first_line, name) for part, name in found if not hasattr(builtins, name)), default=(0, ""))
        again = max(((part.last[0], name) for part, name in found if part.last[0] > part.first_line), default=(0, ""))
        return reading._replace(late=late, again=again)

    def _names_fail(self, expression: Expression, scope: Scope) -> bool:
        """Does what a name stands for fail where the name is bound: an import of what is not there, an alias that is no type?"""
        is_text = expression[0] == "const" and isinstance(expression[2], str)
        parsed = parse_annotation(expression[2]) if is_text else expression
        parts = list(_dotted(parsed))
        values = [(part[0] == "name", self._machine.evaluate(part, scope)) for part in parts]
        # An attribute is looked up by the annotation itself, but what it was bound to was made before.
        made = [
            value
            for named, value in values
            if isinstance(value, (Subscripted, Alternatives)) or (named and isinstance(value, Reference))
        ]
        return any(resolution_error(value, self._hierarchy) for value in made)

    def _reading(
        self, value: Value, text: str, scope: Scope, at_import: bool = False, is_text: bool = False
    ) -> _Reading:
        inner: list[Value] = [value] if is_text else []

        later = scope.parent if scope.parent is not None and scope.parent.rebound else scope

        def evaluate(source: str) -> Value:
            inner.append(self._value(("const", None, source, "str"), later))
            return inner[-1]

        context = Context(evaluate, self._hierarchy.python)
        type_ = read(value, context)
        error = resolution_error(value, self._hierarchy)
        if error:
            return _Reading(type_, text, error, at_import)
        hierarchy = self._hierarchy
        errors = (resolution_error(part, hierarchy) or type_error(part, hierarchy) for part in inner)
        return _Reading(type_, text, next(filter(None, errors), ""), False)

    def _value(self, expression: Expression, scope: Scope) -> Value:
        """The value of an annotation; a string is read as the expression it spells."""
        if expression[0] == "const" and isinstance(expression[2], str):
            parsed = parse_annotation(expression[2])
            return Forward(expression[2], parsed) if isinstance(parsed, str) else self._value(parsed, scope)
        return self._machine.evaluate(expression, scope)

    def _implicit_optional(self, type_: Type, default: Expression | None) -> Type:
        """Up to Python 3.10 `get_type_hints` made `x: int = None` an Optional."""
        python = self._hierarchy.python
        if python >= (3, 11) or default is None or default[0] != "const" or default[2] is not None:
            return type_
        members = type_.members if isinstance(type_, UnionType) else (type_,)
        return type_ if NONE in members or isinstance(type_, UnknownType) else union([*members, NONE])


def _before_it_changes(found: _Reading, typed: Function) -> _Reading:
    """A reading whose names mean the same where the function stands and where the module ends, else one that is not known."""
    line, name = found.again
    if line <= typed.header.place[0] or typed.seen is not None:
        return found
    return found._replace(type=UnknownType("unknown", f"`{name}` is bound again on line {line}"))


def _undefined(found: _Reading, span: Span, name: str, typed: Function) -> list[Undefined]:
    """What keeps Python from evaluating an annotation of a function."""
    line, late = found.late
    if not found.error and line >= typed.header.place[0]:  # on that line only the function itself is bound
        return [Undefined(span, name, f"`{late}` is defined later, on line {line}", at_import=True)]
    return [Undefined(span, name, found.error, found.at_import)] if found.error else []


def _names(part: object) -> Iterator[str]:
    """The names that evaluating an expression looks up; text inside it stays text."""
    if not isinstance(part, tuple):
        return
    if part[:1] == ("name",):
        yield part[2]
    elif part[:1] not in (("const",), ("lambda",), ("comprehension",)):
        for inner in part:
            yield from _names(inner)


def _dotted(part: object) -> Iterator[Expression]:
    """The names and attributes of names in an expression."""
    if not isinstance(part, tuple) or part[:1] == ("const",):
        return
    if part[:1] in (("name",), ("attr",)):
        yield part
    for inner in part:
        yield from _dotted(inner)


def _annotated(function: Function) -> Function:
    """The function whose annotations count: `functools.wraps` hands on those of the wrapped one."""
    while function.annotations is None and function.wrapped is not None:
        function = function.wrapped
    return function


def without_extras(type_: Type) -> Type:
    """The type as `get_type_hints` gives it by default: without `Annotated`, inside of type arguments too."""
    if isinstance(type_, AnnotatedType):
        return without_extras(type_.underlying)
    if isinstance(type_, GenericType):
        if type_.name in _QUALIFIERS and len(type_.arguments) == 1:
            return without_extras(type_.arguments[0])
        return type_._replace(arguments=tuple([without_extras(part) for part in type_.arguments]))
    return union(map(without_extras, type_.members)) if isinstance(type_, UnionType) else type_


def parse_annotation(text: str) -> Expression | str:
    """The expression that a string annotation spells, or the words of the syntax error."""
    tree = parse("(" + text.strip() + "\n)")
    if isinstance(tree, SyntaxFault):
        return tree.message
    statement = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(statement, ast.Expr) or not text.strip():
        return "is no expression"
    return compact_expression(statement.value, without_place)
