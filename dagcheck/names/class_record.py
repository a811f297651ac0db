"""What is known of one class? The record that the project's classes, installed packages and bundled tables all come to."""

from __future__ import annotations

from typing import NamedTuple


class ClassRecord(NamedTuple):
    """What is known of one class.

    Bases are names as spelled, without their arguments: `typing.List` for `List[int]`, `list` for `list[int]`, None for one
    that is not known. A class statement with type parameters (`class Box[T]`) has `typing.Generic` as its last base.
    """

    name: str
    bases: tuple[str | None, ...] = ()
    methods: frozenset[str] = frozenset()
    """Names bound to functions in the class body; a property is none."""
    values: frozenset[str] = frozenset()
    """Names bound to anything else."""
    annotated: frozenset[str] = frozenset()
    """Names annotated without a value."""
    blocks: frozenset[str] = frozenset()
    """Names bound to None: `__hash__ = None`, which `@dataclass` does too unless it is frozen or `eq=False`."""
    flags: frozenset[str] = frozenset()
    """`runtime`: `@runtime_checkable`; `open`: it may bind more names than those above; `read`: from an installed package's
    text. Rows of tables have those of `class_tables.Row`, and `bundled`."""
    metaclass: str = ""
    """The canonical name of the metaclass that the class statement names; "" for none, "?" for one that is not known."""
