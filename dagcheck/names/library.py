"""What do the names of installed packages stand for, and what is known of their classes?

A name is followed to a class statement (`dagcheck.names.following`), which gives the canonical name and the bases; nothing is
imported. What cannot be followed is not known. Answers are kept from run to run, for as long as all that was read for them is
as it was.

Where a package is of the same series as the one that a bundled table describes, the table is asked first: it knows compiled
classes better than their stubs do, and costs less. See `dagcheck.names.foreign`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dagcheck.bounded import Bounded
from dagcheck.names import class_tables
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.class_tables import Meaning
from dagcheck.names.following import Follower, Shape, dotted_name
from dagcheck.names.installed import Installed

_DISTRIBUTIONS = {
    "PIL": ("pillow",),
    "hamilton": ("apache_hamilton", "sf_hamilton"),
    "ibis": ("ibis_framework",),
    "sklearn": ("scikit_learn",),
    "xgboost": ("xgboost", "xgboost_cpu"),
}
"""Distributions that are not called like their packages."""

_GENERATING = frozenset({"numpy"})
"""Packages that make the names of their classes when they are imported: what a table knows of them counts, of any version."""


class Library:
    """The classes of the packages of one environment. `elsewhere` knows names that lead out of a package."""

    def __init__(self, installed: Installed, elsewhere: Callable[[str], Meaning | None] = class_tables.meaning) -> None:
        self.installed = installed
        self._elsewhere = elsewhere
        self._follower = Follower(installed, elsewhere)
        self._answers: Bounded[str, Meaning | None] | None = None
        self._records: Bounded[str, ClassRecord | None] = Bounded()
        self._registered: dict[str, tuple[tuple[str, str], ...]] = {}
        self._is_fresh = False
        self._trusted: dict[str, bool] = {}

    def has(self, root: str) -> bool:
        """Whether a package is installed."""
        return self.installed.has(root)

    def trusts_table(self, root: str) -> bool:
        """Whether the bundled table speaks for the package that is installed: both are of one series of versions."""
        if root not in self._trusted:
            described = class_tables.version(root)
            distributions = (root.lower().replace("-", "_"), *_DISTRIBUTIONS.get(root, ()))
            version = self.installed.version(distributions) if described else ""
            is_alike = not version or root in _GENERATING or _series(version) == _series(described)
            self._trusted[root] = bool(described) and is_alike
        return self._trusted[root]

    def meaning(self, name: str) -> Meaning | None:
        """What a dotted name of an installed package stands for; None when that cannot be followed."""
        answers = self._recalled()
        if name not in answers:
            answers[name], self._is_fresh = self._meaning(name), True
        return answers[name]

    def keep(self) -> None:
        """Remember the answers for later runs."""
        if self._is_fresh:
            meanings = {name: None if part is None else tuple(part) for name, part in self._recalled().items()}
            records = {name: None if part is None else _row(part) for name, part in self._records.items()}
            self.installed.keep((meanings, records, self._registered))

    def _recalled(self) -> dict[str, Meaning | None]:
        """The answers to earlier questions, those of earlier runs included."""
        if self._answers is None:
            meanings, records, registered = self.installed.recall() or ({}, {}, {})
            self._answers = Bounded({name: row and Meaning._make(row) for name, row in meanings.items()})
            self._records = Bounded({name: row and _record_from(row) for name, row in records.items()})
            self._registered = dict(registered)
        return self._answers

    def _meaning(self, name: str) -> Meaning | None:
        found = self._follower.find(name)
        if found is None:
            return None
        if found.kind == "elsewhere":
            is_standard = found.name.partition(".")[0] in ("typing", "typing_extensions")
            return self._elsewhere(found.name) or (Meaning("name", found.name) if is_standard else None)
        if found.kind == "expression":
            return Meaning("expression", found.name, found.expression)
        return Meaning("class" if found.kind == "class" else "object", found.name)

    def record(self, name: str) -> ClassRecord | None:
        """What is known of the class with a canonical name."""
        self._recalled()
        if name not in self._records:
            self._records[name], self._is_fresh = None, True  # a class that is its own base
            self._records[name] = self._record(name)
        return self._records[name]

    def registered(self, name: str) -> tuple[tuple[str, str], ...]:
        """(ABC, class) pairs that the module of a class registers."""
        self._recalled()
        if name not in self._registered:
            self._registered[name], self._is_fresh = tuple(self._registrations(name)), True
        return self._registered[name]

    def _registrations(self, name: str) -> list[tuple[str, str]]:
        shape, base = self._follower.shape(name), self._follower.base
        if shape is None:
            return []
        pairs = self._follower.outline(shape.module, False).registered
        names = ((base(shape.module, owner, False), base(shape.module, member, False)) for owner, member in pairs)
        return [(owner, member) for owner, member in names if owner and member]

    def _record(self, name: str) -> ClassRecord | None:
        shape = self._follower.shape(name)
        if shape is not None:
            return self._record_of(name, shape)
        if name in self._follower.made:
            return ClassRecord(name, (self._follower.made[name],), flags=frozenset({"open", "read"}))
        return None

    def _record_of(self, name: str, shape: Shape) -> ClassRecord:
        module, statement, is_stub = shape
        base = self._follower.base
        bases = [base(module, part, is_stub) for part in statement.bases] + ["typing.Generic"] * statement.is_generic
        flags = {"read"} | ({"open"} if is_stub else set()) | self._decorated(shape)
        named = {kind: frozenset(word for word, what in statement.names if what == kind) for kind in _KINDS}
        hidden = {"__hash__"} if "hashless" in flags else set()
        return ClassRecord(
            name,
            tuple(_without_parameters(bases) if is_stub else bases),
            named["method"] | ({"__hash__"} if "hashed" in flags else set()),
            named["value"],
            named["annotated"],
            named["none"] | hidden,
            frozenset(flags - {"hashed", "hashless"}),
            "" if statement.metaclass is None else base(module, statement.metaclass, is_stub) or "?",
        )

    def _decorated(self, shape: Shape) -> set[str]:
        """What the decorators of a class say of it; ones that are not known may have added anything."""
        flags: set[str] = set()
        for part in shape.statement.decorators:
            dotted = dotted_name(part[2] if part[0] == "call" else part)
            found = None if dotted is None else self._follower.look_up(shape.module, dotted, shape.is_stub)
            name = class_tables.plain(found.name) if found is not None else ""
            if name == "typing.runtime_checkable":
                flags.add("runtime")
            elif name == "dataclasses.dataclass":
                given = {word: value[2:3] for word, value, _ in part[4]} if part[0] == "call" else {}
                is_hashed = (True,) in (given.get("frozen"), given.get("unsafe_hash"))
                flags |= {"hashed"} if is_hashed else set() if "eq" in given else {"hashless"}
            elif name not in ("typing.final", "functools.total_ordering"):
                flags.add("open")
        return flags


_KINDS = ("method", "value", "none", "annotated")


def _row(record: ClassRecord) -> tuple[Any, ...]:
    """A record as plain data."""
    return tuple([tuple(sorted(part)) if isinstance(part, frozenset) else part for part in record])


def _record_from(row: tuple[Any, ...]) -> ClassRecord:
    return ClassRecord._make((*row[:2], *map(frozenset, row[2:7]), row[7]))


def _without_parameters(bases: list[str | None]) -> list[str | None]:
    """The bases as far as a stub can be believed: what it says of type parameters need not hold at run time."""
    aliases = class_tables.standard().aliases
    plain = [aliases.get(base or "", base) for base in bases if base not in ("typing.Generic", "typing.Protocol")]
    return plain if plain == bases else [*plain, None]


def _series(version: str) -> tuple[str, ...]:
    """What versions that hardly differ have in common: the first number, of a version 0 the second too."""
    parts = tuple(version.split("."))
    return parts[:2] if parts[0] == "0" else parts[:1]
