"""What is a dataflow while it is being written? Modules with their imports, and what has been promised so far.

A `Writing` remembers what any part needs to know of the others: which type a name was said to have, which configuration
keys were mentioned with which values, which modifiers were used, and how many mistakes may still be made on purpose.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.generated.choice import Choice


class Type(NamedTuple):
    """A type as a tree: `Type("list", (Type("int"),))`. Arguments of Literal and Annotated may be texts."""

    head: str
    arguments: tuple[Any, ...] = ()


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
        self._imports: dict[str, None] = {}
        self._blocks: list[str] = []

    def need(self, line: str) -> None:
        """Put an import on top, once; "" needs nothing."""
        if line:
            self._imports[line] = None

    def add(self, block: str) -> None:
        """Put statements below everything so far."""
        self._blocks.append(block)

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
        self._mistakes = mistakes
        self._count = 0

    def module(self, name: str, path: str) -> Module:
        """The module of this name, which is made if there is none."""
        if name not in self.modules:
            self.modules[name] = Module(name, path, postponed=self.choice.chance(25))
        return self.modules[name]

    def fresh(self, stem: str) -> str:
        """A name that nothing has."""
        self._count += 1
        return f"{stem}{self._count}"

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
