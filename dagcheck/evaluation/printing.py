"""How is an expression written, for people?

`show` gives source-like text of an expression tuple, in one line and one style, for messages and for the `annotation` of
a node. It is not meant to be parsed again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dagcheck.source.syntax import Expression

_OPERATORS = {
    "Add": "+",
    "Sub": "-",
    "Mult": "*",
    "Div": "/",
    "FloorDiv": "//",
    "Mod": "%",
    "Pow": "**",
    "LShift": "<<",
    "RShift": ">>",
    "BitOr": "|",
    "BitXor": "^",
    "BitAnd": "&",
    "MatMult": "@",
    "Eq": "==",
    "NotEq": "!=",
    "Lt": "<",
    "LtE": "<=",
    "Gt": ">",
    "GtE": ">=",
    "Is": "is",
    "IsNot": "is not",
    "In": "in",
    "NotIn": "not in",
    "And": "and",
    "Or": "or",
    "Not": "not ",
    "USub": "-",
    "UAdd": "+",
    "Invert": "~",
}


def show(expression: Expression) -> str:
    """The expression as one line of source-like text."""
    return _SHOW[expression[0]](expression)


def show_annotation(expression: Expression) -> str:
    """An annotation as its author reads it: a string annotation without its quotes."""
    if expression[0] == "const" and isinstance(expression[2], str):
        return expression[2]
    return show(expression)


def _join(parts: Any, separator: str = ", ") -> str:
    return separator.join(show(part) for part in parts)


def _constant(expression: Expression) -> str:
    return "..." if expression[2] is ... else repr(expression[2])


def _call(expression: Expression) -> str:
    words = [f"**{show(part)}" if name is None else f"{name}={show(part)}" for name, part, _ in expression[4]]
    return f"{show(expression[2])}({', '.join([*(show(part) for part in expression[3]), *words])})"


def _tuple(expression: Expression) -> str:
    return f"({_join(expression[2])}{',' if len(expression[2]) == 1 else ''})"


def _subscript(expression: Expression) -> str:
    index = expression[3]
    return f"{show(expression[2])}[{_join(index[2]) if index[0] == 'tuple' and index[2] else show(index)}]"


def _dict(expression: Expression) -> str:
    return "{" + ", ".join(f"**{show(v)}" if k is None else f"{show(k)}: {show(v)}" for k, v in expression[2]) + "}"


def _compare(expression: Expression) -> str:
    return show(expression[2]) + "".join(f" {_OPERATORS[name]} {show(part)}" for name, part in expression[3])


def _comprehension(expression: Expression) -> str:
    kind, element, generators = expression[2:5]
    head = f"{show(element[0])}: {show(element[1])}" if kind == "dict" else show(element)
    loops = "".join(
        f" for {show(target)} in {show(iterable)}" + "".join(f" if {show(test)}" for test in tests)
        for target, iterable, tests, _ in generators
    )
    brackets = {"list": "[]", "generator": "()"}.get(kind, "{}")
    return f"{brackets[0]}{head}{loops}{brackets[1]}"


def _slice(expression: Expression) -> str:
    lower, upper, step = ("" if part is None else show(part) for part in expression[2:5])
    return f"{lower}:{upper}" + (f":{step}" if step else "")


def _format(expression: Expression) -> str:
    pieces = [part[2] if part[0] == "const" else "{" + show(part[0]) + "}" for part in expression[2]]
    return "f" + repr("".join(str(piece) for piece in pieces))


_SHOW: dict[str, Callable[[Expression], str]] = {
    "const": _constant,
    "name": lambda e: str(e[2]),
    "attr": lambda e: f"{show(e[2])}.{e[3]}",
    "call": _call,
    "subscript": _subscript,
    "slice": _slice,
    "list": lambda e: f"[{_join(e[2])}]",
    "tuple": _tuple,
    "set": lambda e: "{" + _join(e[2]) + "}",
    "dict": _dict,
    "star": lambda e: f"*{show(e[2])}",
    "binary": lambda e: f"{show(e[3])} {_OPERATORS[e[2]]} {show(e[4])}",
    "unary": lambda e: f"{_OPERATORS[e[2]]}{show(e[3])}",
    "logic": lambda e: _join(e[3], f" {_OPERATORS[e[2]]} "),
    "compare": _compare,
    "choice": lambda e: f"{show(e[3])} if {show(e[2])} else {show(e[4])}",
    "lambda": lambda e: f"lambda {', '.join(row[0] for row in e[2])}: {show(e[3])}",
    "format": _format,
    "comprehension": _comprehension,
    "walrus": lambda e: f"({e[2]} := {show(e[3])})",
    "await": lambda e: f"await {show(e[2])}",
    "yield": lambda e: "(yield)" if e[2] is None else f"(yield {show(e[2])})",
    "yield from": lambda e: f"(yield from {show(e[2])})",
    "opaque": lambda e: f"<{e[2]}>",
}
