"""What is a class called, and what becomes of its type arguments?

Canonical names are those of `dagcheck.names.class_tables`. A subscription makes one of two kinds of alias: `typing`'s turns
None into `NoneType` and text into forward references, the one of built-in classes keeps its arguments as they are.
"""

from __future__ import annotations

from dagcheck.evaluation.objects import Class
from dagcheck.evaluation.values import Reference, Subscripted, Value
from dagcheck.names import class_tables, foreign


def class_name(value: Class) -> str:
    """The canonical name of a project class."""
    return f"{value.module}.{value.qualname}"


def canonical(name: str) -> str:
    """The canonical name of something outside the project: `pandas.core.series.Series` for `pandas.Series`."""
    meaning = foreign.meaning(name)
    return class_tables.plain(meaning.name if meaning and meaning.kind != "expression" else name)


def module_by_path(path: str) -> str:
    """The dotted name of a module as far as its path tells: `features.spend` for `features/spend.py`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def keeps_arguments(owner: Value) -> bool | None:
    """Whether `owner[...]` keeps its arguments as they are: `list`, and what finds a built-in's way before `Generic`'s."""
    if isinstance(owner, Class):
        if "__class_getitem__" in owner.names:
            return None
        answers = (keeps_arguments(base) for base in owner.bases)
        return next((answer for answer in answers if answer is not None), None)
    if isinstance(owner, Subscripted):
        return keeps_arguments(owner.owner)
    return _keeps_arguments(canonical(owner.name)) if isinstance(owner, Reference) else None


def _keeps_arguments(name: str) -> bool | None:
    if name.startswith("typing."):
        return (
            False if name in ("typing.Generic", "typing.Protocol") or name in class_tables.standard().aliases else None
        )
    if name in ("type", "collections.abc.Callable"):
        return True
    record = foreign.record(name, minor=11)
    if record is None:
        return None
    if "__class_getitem__" in record.methods:
        return True if "bundled" in record.flags else None
    answers = (_keeps_arguments(base) for base in record.bases if base is not None)
    return next((answer for answer in answers if answer is not None), None)
