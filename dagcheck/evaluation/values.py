"""What can an expression be worth?

A *value* is what the evaluator knows of a Python object without running anything. Plain data is itself:
`None`, `bool`, `int`, `float`, `complex`, `str`, `bytes`, `...`, and `list`, `tuple`, `dict`, `set`, `frozenset`
of values. Everything else is one of the classes below.

Ignorance is a value with a reason: `Unknown`. A container can be partly known: an `Unknown` among the elements or
as a dictionary's value stands for that one entry; `Rest` as an element (or as a dictionary key) stands for any
number of further entries that could not be read.

The constant `kind` fields keep tuples of different classes from comparing equal.

This module knows no Hamilton name. It says nothing about types (see `dagcheck.types.expressions`).
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from dagcheck.span import Location

Value: TypeAlias = Any
"""Plain data, or one of the classes of this module, or `Function` / `Class` of `dagcheck.evaluation.objects`."""


class Choice(NamedTuple):
    """The code goes one of some `ways`, and which one cannot be known: at a place, or wherever some value is tested."""

    key: Any
    ways: int


class Guess(NamedTuple):
    """A value that cannot be known may be one of these `values`, or, unless `is_closed`, none of them."""

    subject: Any
    values: tuple[Any, ...]
    is_closed: bool = False


class Unknown(NamedTuple):
    """A value that cannot be known statically, why not, and the expression that stopped the reading.

    `choice`: the value would be known if it were known which way is gone there. `trail`: what was done to the argument that it comes of.
    """

    reason: str
    location: Location | None = None
    choice: Choice | Guess | None = None
    trail: str = ""


class Argument(Unknown):
    """What a function is given that nobody is seen to call, or comes of that: unknown, and the same wherever it is read."""


class Text(str):
    """A string that knows where its literal is written; to Python it is an ordinary string."""

    __slots__ = ("location",)
    location: Location


class Rest(NamedTuple):
    """Inside a container: any number of further entries that cannot be known."""

    unknown: Unknown
    kind: str = "rest"


class Module(NamedTuple):
    """A module of the project, by its dotted name."""

    module: str
    kind: str = "module"


class Reference(NamedTuple):
    """Something outside the project, by the dotted path by which it was imported: `pandas.DataFrame`, `builtins.int`.

    Which part of the name is the module is not known; builtins are spelled `builtins.<name>`.
    """

    name: str
    kind: str = "reference"


class Member(NamedTuple):
    """An attribute of a value that is not read further: `Construction(...).named`."""

    owner: Value
    name: str
    kind: str = "member"


class Construction(NamedTuple):
    """A call of something outside the project, kept as it was written: `source("a")`, `TypeVar("T")`.

    `keywords` are (name, value) pairs in order; a `Rest` in `arguments`, or under the key `**`, stands for star
    arguments that could not be read.
    """

    callee: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    location: Location | None = None


class Subscripted(NamedTuple):
    """A subscription of a reference or a class: `list[int]`, `Optional[K]`, `Literal["a"]`."""

    owner: Value
    arguments: tuple[Value, ...]
    kind: str = "subscripted"


class Alternatives(NamedTuple):
    """`A | B` where a side is a type: a union in the making."""

    members: tuple[Value, ...]
    kind: str = "alternatives"


class Forward(NamedTuple):
    """An annotation written as a string that could not be parsed, with the error's words."""

    text: str
    error: str
    kind: str = "forward"
