"""Are two evaluated arguments the same, in two states of the code?

`worth` writes a value of `dagcheck.evaluation.values` down without places. Functions and classes of the project count by name
here and by what they come to beside it, so that a changed function is told from a changed argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dagcheck.evaluation.objects import Class, Function, Instance
from dagcheck.evaluation.values import (
    Alternatives,
    Construction,
    Forward,
    Member,
    Module,
    Reference,
    Subscripted,
    Value,
)

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))

CodeOf = Callable[[Value], "bytes | None"]
"""What a function, class or module of the project comes to; None where that is not known."""


class Worth(NamedTuple):
    """A value in words, what the project code in it comes to, and the names in it from outside the project."""

    words: str
    code: tuple[bytes, ...]
    outside: tuple[str, ...] = ()


class _Met(NamedTuple):
    """What was met in a value so far."""

    code: list[bytes]
    outside: list[str]


class _UnreadableError(Exception):
    """Somewhere in the value there is something that is not known."""


def worth(value: Value, code_of: CodeOf) -> Worth | None:
    """What a value is worth; None when it is not known in full."""
    met = _Met([], [])
    try:
        return Worth(_words(value, code_of, met), tuple(met.code), tuple(met.outside))
    except (_UnreadableError, RecursionError):
        return None


def _words(value: Value, code_of: CodeOf, met: _Met) -> str:
    if type(value) in _PLAIN:
        return f"{type(value).__name__} {hex(value) if type(value) is int else repr(value)}"
    if type(value) in (list, tuple):
        return f"{type(value).__name__}({', '.join([_words(item, code_of, met) for item in value])})"
    if type(value) in (set, frozenset):
        return f"{type(value).__name__}({', '.join(sorted(_words(item, code_of, met) for item in value))})"
    if type(value) is dict:
        pairs = [f"{_words(key, code_of, met)}: {_words(item, code_of, met)}" for key, item in value.items()]
        return f"dict({', '.join(pairs)})"
    if isinstance(value, (Function, Class, Module)):
        found = code_of(value)
        if found is None:
            raise _UnreadableError
        met.code.append(found)
        return f"{type(value).__name__} {value.module if isinstance(value, Module) else value.qualname}"
    return _words_of_outside(value, code_of, met)


def _words_of_outside(value: Value, code_of: CodeOf, met: _Met) -> str:
    """Something that stands for an object that is not made here."""
    if isinstance(value, Instance):
        return f"{_words(value.of, code_of, met)} {_words(value.fields, code_of, met)}"
    if isinstance(value, Reference):
        met.outside.append(value.name)
        return f"outside {value.name}"
    if isinstance(value, Member):
        return f"{_words(value.owner, code_of, met)}.{value.name}"
    if isinstance(value, Construction):
        given = [list(value.arguments), [list(pair) for pair in value.keywords]]
        return f"{_words(value.callee, code_of, met)} called {_words(given, code_of, met)}"
    if isinstance(value, Subscripted):
        return f"{_words(value.owner, code_of, met)} of {_words(list(value.arguments), code_of, met)}"
    if isinstance(value, Alternatives):
        return f"any of {_words(list(value.members), code_of, met)}"
    if isinstance(value, Forward):
        return f"forward {value.text}"
    raise _UnreadableError
