"""What does a method of a project's class say, if it takes no arguments?

Validators, loaders and savers tell Hamilton about themselves by such methods (`name`, `applicable_types`), which belong to the
class, to an object of it, or to neither.
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import find_in_class
from dagcheck.evaluation.objects import Class, Function, Instance
from dagcheck.evaluation.values import Reference, Unknown, Value
from dagcheck.nodes.subject import Setting

_OF_CLASS, _OF_NONE = "builtins.classmethod", "builtins.staticmethod"


def said(setting: Setting, owner: Class, itself: Value, method: str) -> Value:
    """What a method gives, asked of a class or, where it is one of its objects', of `itself`; `Unknown` where it has none."""
    found = find_in_class(owner, method)
    if not isinstance(found, Function):
        return Unknown(f"`{owner.name}` has no method `{method}` that can be read")
    kinds = _kinds(found)
    if kinds - {_OF_CLASS, _OF_NONE, "abc.abstractmethod", "typing.override", "typing_extensions.override"}:
        return Unknown(f"`{owner.name}.{method}` is wrapped by a decorator")
    receiver = [] if _OF_NONE in kinds else [owner if _OF_CLASS in kinds else itself]
    return setting.call(found.copy([]), receiver)


def needs_an_object(owner: Class, method: str) -> bool:
    """Is this a method that a class cannot be asked for itself?"""
    found = find_in_class(owner, method)
    return isinstance(found, Function) and not _kinds(found) & {_OF_CLASS, _OF_NONE}


def made(
    setting: Setting, owner: Class, arguments: tuple[Value, ...], keywords: tuple[tuple[str, Value], ...]
) -> Instance:
    """The object that a class gives for these arguments, as far as its `__init__` can be followed."""
    itself, prepare = Instance(owner, {}), find_in_class(owner, "__init__")
    if isinstance(prepare, Function) and not prepare.applied:
        setting.call(prepare, [itself, *arguments], list(keywords))
    return itself


def _kinds(function: Function) -> set[str]:
    """The names of its decorators, "" for one that has none."""
    return {part.decorator.name if isinstance(part.decorator, Reference) else "" for part in function.applied}
