"""What is known of a name outside the project: from the packages of the environment, or from the bundled tables?

Which environment counts is said once for a whole analysis (`reading`), since every layer above asks and none of them chooses.
Without one, and for the standard library, the tables are all there is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dagcheck.names import class_tables
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.class_tables import Meaning
from dagcheck.names.library import Library

_library: ContextVar[Library | None] = ContextVar("library", default=None)


@contextmanager
def reading(library: Library | None) -> Iterator[None]:
    """Ask these packages, and the tables where they do not know."""
    token = _library.set(library)
    try:
        yield
    finally:
        _library.reset(token)


def meaning(name: str) -> Meaning | None:
    """What a dotted name outside the project stands for; None when nobody knows."""
    library = _asked(name)
    if library is None or class_tables.is_shifting(name):
        return class_tables.meaning(name)
    if library.trusts_table(name.partition(".")[0]):
        return class_tables.meaning(name) or library.meaning(name)
    return library.meaning(name) or class_tables.meaning(name)


def record(name: str, minor: int) -> ClassRecord | None:
    """What is known of a class outside the project, by its canonical name, in CPython 3.`minor`."""
    library = _asked(name)
    if library is None:
        return bundled(name, minor)
    if library.trusts_table(name.partition(".")[0]):
        return bundled(name, minor) or library.record(name)
    return library.record(name) or bundled(name, minor)


def registered(name: str) -> tuple[tuple[str, str], ...]:
    """(ABC, class) pairs that the module of a class of an installed package registers."""
    library = _asked(name)
    return () if library is None else library.registered(name)


def bundled(name: str, minor: int) -> ClassRecord | None:
    """What the tables know of a class."""
    row = class_tables.row(name, minor)
    if row is None:
        return None
    flags = row.flags | {"bundled"}
    return ClassRecord(name, row.bases, methods=row.binds, blocks=row.blocks, flags=flags)


def _asked(name: str) -> Library | None:
    """The library, if it may know a name."""
    library = _library.get()
    root, dot, _ = name.partition(".")
    if library is None or not dot or root in sys.stdlib_module_names or root in ("typing_extensions", "builtins"):
        return None
    return library if library.has(root) else None
