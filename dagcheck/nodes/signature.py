"""What does a function take and give, as Hamilton sees it?

Parameters come from `inspect.signature`, which follows `functools.wraps`; types from `typing.get_type_hints` in the names of
the function's own module. A parameter is optional when it has a default, and for no other reason. Annotations that repeat
in a module are read once.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import Function, Scope
from dagcheck.evaluation.printing import show, show_annotation
from dagcheck.evaluation.values import Forward, Unknown, Value
from dagcheck.source.parsing import SyntaxFault, parse
from dagcheck.source.syntax import Expression, Header, compact_expression, without_place
from dagcheck.span import Span
from dagcheck.types.expressions import Context, read, union
from dagcheck.types.model import NONE, AnnotatedType, Type, UnionType, UnknownType


class TypedParameter(NamedTuple):
    """A parameter with its type (None: not annotated). `kind` as in `dagcheck.source.syntax.Parameter`."""

    name: str
    kind: str
    type: Type | None
    optional: bool
    span: Span
    annotation: str
    default: str


class Signature(NamedTuple):
    """What a function takes and gives. `returns` is None without a return annotation.

    `undefined` are annotations that Python would fail to resolve: (span, parameter name or "return", why).
    """

    parameters: tuple[TypedParameter, ...]
    returns: Type | None
    annotation: str
    returns_span: Span
    undefined: tuple[tuple[Span, str, str], ...]


class Annotations:
    """Reads the annotations of one module's functions, each distinct one once."""

    def __init__(self, machine: Machine, python: tuple[int, int]) -> None:
        self._machine = machine
        self.python = python
        self._read: dict[tuple[int, Expression], tuple[Type, str]] = {}

    def type_of(self, expression: Expression, scope: Scope) -> tuple[Type, str]:
        """The type of an annotation, and why Python could not resolve it ("" when it could, or nobody knows)."""
        key = (id(scope), expression)
        known = self._read.get(key)
        if known is None:
            value = self.value_of(expression, scope)
            context = Context(lambda text: self.value_of(("const", None, text, "str"), scope), self.python)
            type_ = read(value, context)
            known = self._read[key] = (type_, _resolution_error(value))
        return known

    def value_of(self, expression: Expression, scope: Scope) -> Value:
        """The value of an annotation; a string is read as the expression it spells."""
        if expression[0] == "const" and isinstance(expression[2], str):
            parsed = parse_annotation(expression[2])
            return Forward(expression[2], parsed) if isinstance(parsed, str) else self.value_of(parsed, scope)
        return self._machine.evaluate(expression, scope)

    def signature(self, function: Function, untyped: bool) -> Signature:
        """The signature of a function; `untyped` hides all annotations."""
        source = function
        while source.wrapped is not None:
            source = source.wrapped
        header = source.header
        undefined: list[tuple[Span, str, str]] = []
        parameters = []
        for parameter in header.parameters:
            span = Span(*parameter.place)
            expression = None if untyped else parameter.annotation
            type_: Type | None = None
            if expression is not None:
                type_, error = self.type_of(expression, source.scope)
                if error:
                    undefined.append((span, parameter.name, error))
                type_ = self._implicit_optional(type_, parameter.default)
            text = "" if expression is None else show_annotation(expression)
            default = "" if parameter.default is None else show(parameter.default)
            optional = parameter.default is not None
            parameters.append(TypedParameter(parameter.name, parameter.kind, type_, optional, span, text, default))
        returns, annotation = self._returns(header, source.scope, untyped, undefined)
        span = Span(*(header.returns_place or header.name_place))
        return Signature(tuple(parameters), returns, annotation, span, tuple(undefined))

    def _returns(
        self, header: Header, scope: Scope, untyped: bool, undefined: list[tuple[Span, str, str]]
    ) -> tuple[Type | None, str]:
        if header.returns is None or untyped:
            return None, ""
        type_, error = self.type_of(header.returns, scope)
        if error:
            undefined.append((Span(*(header.returns_place or header.name_place)), "return", error))
        return type_, show_annotation(header.returns)

    def _implicit_optional(self, type_: Type, default: Expression | None) -> Type:
        """Up to Python 3.10 `get_type_hints` made `x: int = None` an Optional."""
        if self.python >= (3, 11) or default is None or default[0] != "const" or default[2] is not None:
            return type_
        members = type_.members if isinstance(type_, UnionType) else (type_,)
        if NONE in members or isinstance(type_, UnknownType):
            return type_
        return union([*members, NONE])


def without_extras(type_: Type) -> Type:
    """The type as `get_type_hints` gives it by default: `Annotated` stripped at the outermost (and, as far as it matters, only there)."""
    return type_.underlying if isinstance(type_, AnnotatedType) else type_


def parse_annotation(text: str) -> Expression | str:
    """The expression that a string annotation spells, or the words of the syntax error."""
    tree = parse("(" + text.strip() + "\n)")
    if isinstance(tree, SyntaxFault):
        return tree.message
    statement = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(statement, ast.Expr) or not text.strip():
        return "is no expression"
    return compact_expression(statement.value, without_place)


def _resolution_error(value: Value) -> str:
    """Why `get_type_hints` would raise; "" when it would not, or when that cannot be told."""
    if isinstance(value, Unknown) and value.reason.endswith("is not defined") and value.reason.startswith("`"):
        return value.reason
    if isinstance(value, Forward):
        return f"`{value.text}` is no valid annotation: {value.error}"
    return ""
