"""Which files can have anything to do with Hamilton?

A module can only carry Hamilton's modifiers or types if it imports Hamilton, itself or through other modules of the project.
Following the import statements tells so without evaluating anything, which keeps dagcheck quick in large repositories of
which dataflows are a small part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.source.facts import ModuleFacts
from dagcheck.source.syntax import Statement, blocks


class Reach(NamedTuple):
    """The files that import Hamilton, directly or through project modules; per file, which files import it."""

    hamilton: frozenset[str]
    importers: Mapping[str, AbstractSet[str]]


def reach_of(paths: Iterable[str], facts_of: Callable[[str], ModuleFacts | None], index: ModuleIndex) -> Reach:
    """Follow the import statements of these files."""
    readers: dict[str, set[str]] = {}
    reached: set[str] = set()
    for path in paths:
        facts = facts_of(path)
        for dotted in () if facts is None else imported(facts.statements, path, index):
            if dotted.partition(".")[0] == "hamilton":
                reached.add(path)
                continue
            found = index.resolve(dotted, path)
            if isinstance(found, ProjectModule):
                readers.setdefault(found.path, set()).add(path)
    pending = list(reached)
    while pending:
        for reader in readers.get(pending.pop(), ()):
            if reader not in reached:
                reached.add(reader)
                pending.append(reader)
    return Reach(frozenset(reached), readers)


def imported(statements: Iterable[Statement], path: str, index: ModuleIndex) -> set[str]:
    """Every dotted name that top-level import statements may load, submodules included."""
    found: set[str] = set()
    for statement in statements:
        kind = statement[0]
        if kind == "import":
            found.update(dotted for dotted, _ in statement[2])
        elif kind == "from":
            _, _, name, level, aliases = statement
            dotted = index.relative(path, level, name) if level else name
            if dotted:
                found.add(dotted)
                found.update(f"{dotted}.{part}" for part, _ in aliases if part != "*")
        for block in blocks(statement):
            found |= imported(block, path, index)
    return found
