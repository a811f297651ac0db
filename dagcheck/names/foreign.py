"""What is known of a name outside the project: from the packages of the environment, or from the bundled tables?

Which environment counts is said once for a whole analysis (`reading`), since every layer above asks and none of them chooses.
Without one, and for the standard library, the tables are all there is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from dagcheck.names import class_tables, modifier_names
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


def is_absent(root: str) -> bool:
    """Whether importing a top-level name outside the project certainly fails, since it is not installed."""
    library = _library.get()
    known = library is None or root in sys.stdlib_module_names or root == "hamilton"
    return not known and library is not None and library.installed.lacks(root)


def exporter(modules: Sequence[str], name: str) -> str | None:
    """Which of several modules outside the project a star import has a name from; None when that is not certain.

    Either all others are known to the last name and do not have it, or they are not known to have it and one is.
    """
    left = [module for module in dict.fromkeys(modules) if not _is_listed_without(module, name)]
    if len(left) == 1:
        return left[0]
    knowing = [module for module in left if meaning(f"{module}.{name}") is not None]
    others = [module for module in left if module not in knowing]
    is_certain = len(knowing) == 1 and all(_asked(f"{module}.{name}") is not None for module in others)
    return knowing[0] if is_certain else None


def _is_listed_without(module: str, name: str) -> bool:
    """Whether all names of a module are known, in every version, and this one is not among them."""
    if module == modifier_names.MODULE:
        return name not in modifier_names.MODIFIERS
    return module.partition(".")[0] in sys.stdlib_module_names and class_tables.lacks(f"{module}.{name}") is not None


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
