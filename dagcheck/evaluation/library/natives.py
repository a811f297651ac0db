"""What do paths, dates, exact numbers and matches give?

A `Native` holds a real object of a class of the standard library that depends on nothing but what it was made of. Its attributes, methods and
operators are computed; what comes out is plain data or a `Native` again. Concrete paths are held as pure ones: whatever would look
at the file system is `Unknown`.
"""

from __future__ import annotations

import builtins
import importlib
import operator
from collections.abc import Mapping
from typing import Any

from dagcheck.evaluation.guarding import LARGEST, guarded
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.objects import MISSING, Bound, Model
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.span import Location

_CLASSES: Mapping[str, tuple[str, str, str]] = {
    "pathlib.Path": ("pathlib", "PurePosixPath", "pathlib.PosixPath"),
    "pathlib.PosixPath": ("pathlib", "PurePosixPath", "pathlib.PosixPath"),
    "pathlib.PurePath": ("pathlib", "PurePosixPath", "pathlib.PurePosixPath"),
    "pathlib.PurePosixPath": ("pathlib", "PurePosixPath", "pathlib.PurePosixPath"),
    "pathlib.PureWindowsPath": ("pathlib", "PureWindowsPath", "pathlib.PureWindowsPath"),
    "datetime.date": ("datetime", "date", "datetime.date"),
    "datetime.date.fromisoformat": ("datetime", "date.fromisoformat", "datetime.date"),
    "datetime.datetime": ("datetime", "datetime", "datetime.datetime"),
    "datetime.datetime.fromisoformat": ("datetime", "datetime.fromisoformat", "datetime.datetime"),
    "datetime.datetime.strptime": ("datetime", "datetime.strptime", "datetime.datetime"),
    "datetime.time": ("datetime", "time", "datetime.time"),
    "datetime.timedelta": ("datetime", "timedelta", "datetime.timedelta"),
    "decimal.Decimal": ("decimal", "Decimal", "decimal.Decimal"),
    "fractions.Fraction": ("fractions", "Fraction", "fractions.Fraction"),
    "re.compile": ("re", "compile", "re.Pattern"),
    "string.Template": ("string", "Template", "string.Template"),
}
"""What is called: the module, what it is there, and the class of what it gives."""

_READING = frozenset(
    "absolute chmod cwd exists expanduser glob group hardlink_to home is_block_device is_char_device is_dir is_fifo is_file is_mount is_socket"
    " is_symlink iterdir lchmod lstat mkdir open owner read_bytes read_text readlink rename replace resolve rglob rmdir samefile stat"
    " symlink_to touch unlink walk write_bytes write_text".split()
)
_CLOCK = frozenset({"now", "today", "utcnow", "astimezone", "timestamp"})


class Native(Model):
    """An object of the standard library; `name` is the name of its class as users know it."""

    __slots__ = ("held", "name")

    def __init__(self, held: Any, name: str = "") -> None:
        self.held = held
        self.name = name or f"{type(held).__module__}.{type(held).__qualname__}"

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"an object of `{self.name}`"

    def item(self, index: Value) -> Value:
        """What `match[index]` gives; no other of these objects has places."""
        return computed(operator.getitem, [self, index], {}, self)

    def attribute(self, name: str) -> Value:
        """A property, or a method to be called."""
        if name.startswith("_") or not hasattr(type(self.held), name):
            return Unknown(f"`{self.name}` has no `{name}` that is followed")
        return Bound(self, name) if callable(getattr(type(self.held), name)) else _kept(getattr(self.held, name), self)

    def call(
        self,
        machine: Any,
        method: str,
        arguments: list[Value],
        keywords: list[tuple[str, Value]],
        location: Location | None,
    ) -> Value:
        """What a method gives."""
        if self._looks_outside(method):
            reads = "depends on the time" if method in _CLOCK else "looks at the file system"
            return Unknown(f"`{self.name}.{method}` {reads}", location)
        return computed(getattr(self.held, method), arguments, dict(keywords), self)

    def _looks_outside(self, method: str) -> bool:
        is_concrete = self.name == "pathlib.PosixPath" and method in _READING
        return is_concrete or (self.name.startswith("datetime.") and method in _CLOCK)

    def operate(self, name: str, left: Value, right: Value) -> Value:
        """What an operator gives."""
        action = getattr(operator, _OPERATORS[name], None) if name in _OPERATORS else None
        return super().operate(name, left, right) if action is None else computed(action, [left, right], {}, self)

    def converted(self, function: str, arguments: list[Value]) -> Value:
        """What a function of Python's gives."""
        return computed(getattr(builtins, function), [self, *arguments], {}, self)

    def __repr__(self) -> str:
        return f"Native({self.held!r})"


def construct(name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The object that a call of a class makes; `MISSING` where it is none of these."""
    found = _CLASSES.get(name)
    if found is None:
        return MISSING
    module, own, shown = found
    made: Any = importlib.import_module(module)
    for part in own.split("."):
        made = getattr(made, part)
    return computed(made, arguments, keywords, shown)


_OPERATORS = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "truediv", "FloorDiv": "floordiv", "Mod": "mod", "Pow": "pow",
    "Eq": "eq", "NotEq": "ne", "Lt": "lt", "LtE": "le", "Gt": "gt", "GtE": "ge",
}  # fmt: skip


def computed(action: Any, arguments: list[Value], keywords: dict[str, Value], like: Native | str) -> Value:
    """What an action gives on plain data and such objects; `like` tells how an object of the same class is called."""
    values = [*arguments, *keywords.values()]
    problem = next((value for value in values if not is_plain(value) and not isinstance(value, Native)), None)
    if problem is not None:
        return explain(problem)
    if any(isinstance(value, int) and abs(value) > LARGEST * 1000 for value in values):
        return Unknown("is too large to compute")
    given = [_held(value) for value in arguments]
    named = {key: _held(value) for key, value in keywords.items()}
    return _kept(guarded(lambda: action(*given, **named)), like)


def _held(value: Value) -> Value:
    return value.held if isinstance(value, Native) else value


def _kept(result: Any, like: Native | str) -> Value:
    if isinstance(result, Unknown) or is_plain(result):
        return result
    kind = type(result)
    if kind.__name__ == "_PathParents":
        result = tuple(result)
    elif kind.__module__ in ("pathlib", "datetime", "decimal", "fractions", "re", "string", "pathlib._local"):
        same = isinstance(like, Native) and type(like.held) is kind
        name = (
            like
            if isinstance(like, str)
            else like.name
            if same
            else f"{kind.__module__.partition('._')[0]}.{kind.__qualname__}"
        )
        return Native(result, name)
    if type(result) in (list, tuple):
        items = [_kept(item, like) for item in result]
        return items if kind is list else tuple(items)
    return Unknown("gives an object that is not followed")
