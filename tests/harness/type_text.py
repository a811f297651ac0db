"""How is a run-time type written down, so that two tools can compare it?

The *normal form* is the one of `dagcheck graph --format json`: classes by the module of their class statement and
qualified name, builtins bare; `typing.Union[...]` for both spellings with its members sorted; type arguments kept;
`Literal` values sorted. It is a Python expression wherever possible, so that `tests.harness.compare` can take it apart.

Annotations that are no types (`5`, `(int, str)`, `numpy.array`) are written like the values they are, anything without
a stable text of its own as `...`. Nothing here decides whether two types fit or are equal.
"""

from __future__ import annotations

import collections.abc
import enum
import types
import typing
from typing import Any

ARBITRARY = "..."
"""Stands for a value whose text would not be the same in another process."""

_CONSTANTS = (str, bytes, bool, int, float, complex, type(None))


def normal_form(annotation: Any) -> str:
    """The text of a resolved annotation, as `typing.get_type_hints(..., include_extras=True)` gives it."""
    if annotation is Ellipsis:
        return "..."
    if annotation is None:
        return "None"
    if isinstance(annotation, typing.TypeVar | typing.ParamSpec) or type(annotation).__name__ == "TypeVarTuple":
        return f"~{annotation.__name__}"
    if isinstance(annotation, typing.ForwardRef):
        return f"ForwardRef({annotation.__forward_arg__!r})"
    if typing.get_origin(annotation) is not None or hasattr(annotation, "__metadata__"):
        return _alias(annotation)
    if isinstance(annotation, (list, tuple, dict)):
        return _container(annotation)
    return _name(annotation) or _value(annotation)


def _alias(alias: Any) -> str:
    origin = typing.get_origin(alias)
    if origin is typing.Union or isinstance(alias, types.UnionType):
        return f"typing.Union[{', '.join(sorted(normal_form(member) for member in typing.get_args(alias)))}]"
    if hasattr(alias, "__metadata__"):
        metadata = ", ".join(_value(value) for value in alias.__metadata__)
        return f"typing.Annotated[{normal_form(alias.__origin__)}, {metadata}]"
    if origin is typing.Literal:
        by_kind = {(type(value).__name__, repr(value)): value for value in alias.__args__}  # 1 is not True here
        values = [value for _, value in sorted(by_kind.items())]
        return f"typing.Literal[{', '.join(_value(value) for value in values)}]"
    name = _alias_name(alias, origin)
    if not hasattr(alias, "__args__"):
        return name
    arguments = ", ".join(normal_form(argument) for argument in typing.get_args(alias))
    return f"{name}[{arguments or '()'}]"


def _alias_name(alias: Any, origin: Any) -> str:
    """`typing.List` for the typing spelling, the class's own name for everything else."""
    spelling = getattr(alias, "_name", None)
    if getattr(alias, "__module__", "") == "typing" and spelling and not isinstance(alias, types.GenericAlias):
        return f"typing.{spelling}"
    return _name(origin) or _value(origin)


def _container(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{normal_form(key)}: {normal_form(item)}" for key, item in value.items()) + "}"
    inner = ", ".join(normal_form(item) for item in value)
    if isinstance(value, list):
        return f"[{inner}]"
    return f"({inner},)" if len(value) == 1 else f"({inner})"


def _name(named: Any) -> str:
    """Qualified name of a class, function, module, NewType or special form; "" for a thing without one."""
    if isinstance(named, (*_CONSTANTS, enum.Enum)):
        return ""
    if isinstance(named, types.ModuleType):
        return named.__name__
    if module := getattr(named, "__module__", None):
        name = getattr(named, "__qualname__", None) or getattr(named, "__name__", None) or getattr(named, "_name", None)
        if name and (name != module or isinstance(named, type)):
            return str(name) if module == "builtins" else f"{module}.{name}"
    return ""


def _value(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return f"{_name(type(value))}.{value.name}"
    if type(value) in _CONSTANTS:
        return repr(value)
    if isinstance(value, (list, tuple, dict)):
        return _container(value)
    if isinstance(value, collections.abc.Callable):  # type: ignore[arg-type]
        return _name(value) or ARBITRARY
    return ARBITRARY
