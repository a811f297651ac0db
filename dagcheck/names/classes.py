"""What is known of a class, and what does it inherit from?

Terms: a *record* is what is known of one class; a *hierarchy* holds the project's records and asks installed packages and the
bundled tables (`dagcheck.names.foreign`) for everything else. Names are canonical: the module of the class statement plus the
qualified name, builtins bare. The *ancestry* of a class is its method resolution order.

A base that is not known makes an ancestry incomplete, and answers None. What `issubclass` says, with protocols, hooks and
registrations, is `dagcheck.names.subclasses`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dagcheck.bounded import Bounded
from dagcheck.names import class_tables, foreign
from dagcheck.names.class_record import ClassRecord


class Ancestry(NamedTuple):
    """The method resolution order, itself first, `object` last. Not complete: a base was unknown, so more may stand in it."""

    names: tuple[str, ...]
    complete: bool


class Hierarchy:
    """The classes of a project and of the bundled tables, as CPython `python` (major, minor) has them.

    `registrations` maps ABCs to the classes that the project registers with them.
    """

    def __init__(
        self,
        records: Mapping[str, ClassRecord] | None = None,
        registrations: Mapping[str, Iterable[str]] | None = None,
        python: tuple[int, int] = (3, 11),
    ) -> None:
        self.python = python
        self.registrations = {name: tuple(members) for name, members in (registrations or {}).items()}
        self._records = records or {}
        self._foreign: Bounded[str, ClassRecord | None] = Bounded()
        self._ancestries: Bounded[str, Ancestry] = Bounded()
        self.asked: set[tuple[str, str]] = set()
        """Questions of `dagcheck.names.subclasses` that are being answered."""

    def record(self, name: str) -> ClassRecord | None:
        """What is known of the class with a canonical name; None when nothing is."""
        if name in self._records:
            return self._records[name]
        if name not in self._foreign:
            self._foreign[name] = foreign.record(name, self.python[1])
        return self._foreign[name]

    def ancestry(self, name: str) -> Ancestry:
        """The method resolution order of a class."""
        if name not in self._ancestries:
            self._ancestries[name] = Ancestry(
                (name,), complete=False
            )  # for a class that is, impossibly, its own ancestor
            self._ancestries[name] = self._compute_ancestry(name)
        return self._ancestries[name]

    def derives(self, name: str, base: str) -> bool | None:
        """Whether a class inherits from another; None when that cannot be known."""
        names, complete = self.ancestry(name)
        return base in names or (False if complete else None)

    def has_plain_alias(self, name: str) -> bool | None:
        """Whether `name[...]` is an ordinary alias that keeps its arguments; None when that cannot be known."""
        if name == "type":  # the one class whose metaclass makes the alias
            return True
        for ancestor in self.ancestry(name).names:
            record = self.record(ancestor)
            if record is None or "subscript" in record.flags:
                return None
            if "__class_getitem__" in record.methods | record.values:
                return True if "bundled" in record.flags else None
            if ancestor == "typing.Generic":
                return True
        return None

    def is_typed_dict(self, name: str) -> bool:
        """Whether a class is a TypedDict, directly or through another."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            record = None if current in seen else self.record(current)
            seen.add(current)
            if current == "typing.TypedDict":
                return True
            waiting.extend(base for base in (record.bases if record else ()) if base is not None)
        return False

    def _compute_ancestry(self, name: str) -> Ancestry:
        record = self.record(name)
        if record is None:
            return Ancestry((name,), complete=False)
        parents = [parent for parent in self._parents(record) if parent != "object"]
        ancestries = [self.ancestry(parent) for parent in parents]
        names = _merged([[*(entry for entry in line.names if entry != "object")] for line in ancestries] + [parents])
        complete = None not in record.bases and all(line.complete for line in ancestries)
        return Ancestry((name, *names, *(("object",) if name != "object" else ())), complete)

    def _parents(self, record: ClassRecord) -> list[str]:
        """The real bases: an alias of `typing` stands for its origin and brings `Generic`, unless a later base does."""
        parents: list[str] = []
        for index, base in enumerate(record.bases):
            if base is None:
                continue
            origin = class_tables.standard().aliases.get(base)
            parents.append(origin or self._real(base))
            if origin and not any(map(self._is_generic, record.bases[index + 1 :])):
                parents.append("typing.Generic")
        return list(dict.fromkeys(parents))

    def _real(self, base: str) -> str:
        if base == "typing.NamedTuple":
            return "tuple"
        return "dict" if self.is_typed_dict(base) else base

    def _is_generic(self, base: str | None) -> bool:
        return base is not None and bool(
            base in class_tables.standard().aliases or self.derives(base, "typing.Generic")
        )


def _merged(lines: list[list[str]]) -> list[str]:
    """The C3 linearisation; where Python would refuse one, the first line's order wins."""
    result: list[str] = []
    lines = [line for line in lines if line]
    while lines:
        heads = [line[0] for line in lines]
        fitting = (head for head in heads if not any(head in line[1:] for line in lines))
        chosen = next(fitting, heads[0])
        result.append(chosen)
        lines = [rest for line in lines if (rest := [entry for entry in line if entry != chosen])]
    return result
