"""What is a dataflow while it is being written? Modules with their imports, and what has been promised so far.

A `Writing` remembers what any part needs to know of the others: which type a name was said to have, which configuration
keys were mentioned with which values, which modifiers were used, and how many mistakes may still be made on purpose.
"""

from __future__ import annotations

import copy
import itertools
from typing import Any, NamedTuple

from tests.generated.choice import Choice


class Type(NamedTuple):
    """A type as a tree: `Type("list", (Type("int"),))`. Arguments of Literal and Annotated may be texts."""

    head: str
    arguments: tuple[Any, ...] = ()


class Step(NamedTuple):
    """A function that takes a value on: the type it takes, what it gives, and the names of its other parameters."""

    name: str
    takes: Type
    returns: Type
    extras: tuple[str, ...]


class Module:
    """One file: blocks in order, below the imports that they asked for."""

    def __init__(self, name: str, path: str, *, postponed: bool = False) -> None:
        self.name = name
        self.path = path
        self.postponed = postponed
        self.names: dict[str, str] = {}
        """How things from elsewhere are spelled here."""
        self.functions: list[str] = []
        """The functions so far, as they are written."""
        self.steps: list[Step] = []
        """The steps of pipes so far."""
        self._imports: dict[str, None] = {}
        self._blocks: list[str] = []

    def need(self, line: str) -> None:
        """Put an import on top, once; "" needs nothing."""
        if line:
            self._imports[line] = None

    def add(self, block: str) -> None:
        """Put statements below everything so far."""
        self._blocks.append(block)

    def decorate(self, name: str, line: str) -> None:
        """Put a decorator on a function that was added as a block of its own, which moves to the end."""
        block = next(block for block in self._blocks if block.partition("(")[0].split()[-1] == name)
        self._blocks.remove(block)
        self._blocks.append(f"{line}\n{block}")

    def text(self) -> str:
        """The whole file."""
        head = ["from __future__ import annotations"] if self.postponed else []
        return "\n".join([*head, *self._imports, "", *(f"{block}\n" for block in self._blocks)])


class Writing:
    """All modules of one dataflow, and what holds between them."""

    def __init__(self, choice: Choice, mistakes: int) -> None:
        self.choice = choice
        self.modules: dict[str, Module] = {}
        self.types: dict[str, Type] = {}
        """What each node or input is said to be; the first who speaks of it decides."""
        self.taken: set[str] = set()
        self.keys: dict[str, list[Any]] = {}
        self.used: list[str] = []
        self.mistaken: list[str] = []
        self.parts: dict[str, dict[str, Type]] = {}
        """The modules that no driver is given, with what they make."""
        self.depth = 0
        """How many dataflows this one is inside of."""
        self._mistakes = mistakes
        self._count = itertools.count(1)

    def module(self, name: str, path: str) -> Module:
        """The module of this name, which is made if there is none."""
        if name not in self.modules:
            self.modules[name] = Module(name, path, postponed=self.choice.chance(25))
        return self.modules[name]

    def fresh(self, stem: str) -> str:
        """A name that nothing has."""
        return f"{stem}{next(self._count)}"

    def inside(self) -> Writing:
        """The inside of a dataflow: the same files and keys, with names of its own and hardly a mistake."""
        inner = copy.copy(self)
        inner.types, inner.taken, inner.depth = {}, set(), self.depth + 1
        inner._mistakes = int(self.choice.chance(10))
        return inner

    def wrong(self, label: str, percent: int = 12) -> bool:
        """Is this to be done wrong, on purpose?"""
        if not self._mistakes or not self.choice.chance(percent):
            return False
        self._mistakes -= 1
        self.mistaken.append(label)
        return True

    def mention(self, key: str, value: Any) -> None:
        """Remember that a condition names this value of a configuration key."""
        values = self.keys.setdefault(key, [])
        if not any(type(value) is type(known) and value == known for known in values):
            values.append(value)
