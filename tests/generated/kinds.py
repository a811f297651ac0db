"""Which classes does a generated project have of its own?

They are defined in the module `kinds`, or, now and then, once more in the module that uses them: a class of the same name
is then another class.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.generated.writing import Module, Writing


class Kind(NamedTuple):
    """A class: its statements, what they import, and the classes that must be defined before."""

    text: str
    imports: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


_TYPING = "import typing"

CLASSES: dict[str, Kind] = {
    "Base": Kind("class Base:\n    pass"),
    "Child": Kind("class Child(Base):\n    pass", (), ("Base",)),
    "Grandchild": Kind("class Grandchild(Child):\n    pass", (), ("Child",)),
    "Numbers": Kind("class Numbers(list):\n    pass"),
    "Words": Kind("class Words(typing.List[str]):\n    pass", (_TYPING,)),
    "Row": Kind("class Row(typing.TypedDict):\n    a: int\n    b: str", (_TYPING,)),
    "WideRow": Kind("class WideRow(Row, total=False):\n    c: float", (_TYPING,), ("Row",)),
    "Point": Kind("class Point(typing.NamedTuple):\n    x: int\n    y: int", (_TYPING,)),
    "Colour": Kind("class Colour(enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'", ("import enum",)),
    "Level": Kind("class Level(int, enum.Enum):\n    LOW = 1\n    HIGH = 2", ("import enum",)),
    "Data": Kind(
        "@dataclasses.dataclass\nclass Data:\n    name: str = 'a'\n    size: int = 1", ("import dataclasses",)
    ),
    "Shape": Kind("class Shape(typing.Protocol):\n    def area(self) -> float: ...", (_TYPING,)),
    "Closable": Kind(
        "@typing.runtime_checkable\nclass Closable(typing.Protocol):\n    def close(self) -> None: ...", (_TYPING,)
    ),
    "Door": Kind("class Door:\n    def close(self) -> None:\n        pass"),
    "Element": Kind("Element = typing.TypeVar('Element')", (_TYPING,)),
    "Identity": Kind("Identity = typing.NewType('Identity', int)", (_TYPING,)),
    "Box": Kind("class Box(typing.Generic[Element]):\n    pass", (_TYPING,), ("Element",)),
    "IntBox": Kind("class IntBox(Box[int]):\n    pass", (), ("Box",)),
    "Crate": Kind("class Crate(Box[Element]):\n    pass", (_TYPING,), ("Box", "Element")),
    "Abstract": Kind("class Abstract(abstracts.ABC):\n    pass", ("import abc as abstracts",)),
    "Registered": Kind("@Abstract.register\nclass Registered:\n    pass", (), ("Abstract",)),
    "Frame": Kind("class Frame(pd.DataFrame):\n    pass", ("import pandas as pd",)),
}

TYPES = (
    "Base", "Child", "Grandchild", "Numbers", "Words", "Row", "WideRow", "Point", "Colour", "Level", "Data", "Shape",
    "Closable", "Door", "Identity", "Element", "Box", "IntBox", "Abstract", "Registered", "Frame",
)  # fmt: skip
GENERICS = ("Box", "Crate")

WIDER: dict[str, tuple[str, ...]] = {
    "Child": ("Base", "object"),
    "Grandchild": ("Base", "Child"),
    "Numbers": ("list", "Sequence"),
    "Words": ("list", "Iterable"),
    "Row": ("dict", "Mapping"),
    "WideRow": ("dict", "Row"),
    "Point": ("tuple", "Sequence"),
    "Level": ("int", "Colour"),
    "IntBox": ("Box",),
    "Door": ("Closable", "Shape"),
    "Registered": ("Abstract",),
    "Frame": ("DataFrame",),
}


def imported(writing: Writing, module: Module, name: str) -> str:
    """How the module calls this class; it is defined where it has to be."""
    choice = writing.choice
    if choice.chance(12):
        return define(module, name)
    home = writing.module("kinds", "kinds.py")
    define(home, name)
    if module is home:
        return name
    form = choice.pick(("from", "as", "module", "module as"))
    if form == "module":
        module.need("import kinds")
        return f"kinds.{name}"
    if form == "module as":
        module.need("import kinds as k")
        return f"k.{name}"
    alias = f"The{name}" if form == "as" else name
    module.need(f"from kinds import {name}" + (f" as {alias}" if form == "as" else ""))
    return alias


def define(module: Module, name: str) -> str:
    """Define the class in this module, with what it needs, once."""
    mark = f"class {name}"
    if mark not in module.names:
        kind = CLASSES[name]
        for before in kind.after:
            define(module, before)
        for line in kind.imports:
            module.need(line)
        module.add(kind.text)
        module.names[mark] = name
    return name
