"""What do functions of `operator` give, and functions that were made of others: `partial(...)`, `itemgetter(...)` and their kin?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagcheck.evaluation import operations
from dagcheck.evaluation.attributes import attribute
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING
from dagcheck.evaluation.objects import Function as Target
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value

Function = Callable[[Machine, list[Value], dict[str, Value]], Value]

_BINARY = {
    "add": "Add", "and_": "BitAnd", "concat": "Add", "floordiv": "FloorDiv", "lshift": "LShift", "mod": "Mod", "mul": "Mult", "or_": "BitOr",
    "pow": "Pow", "rshift": "RShift", "sub": "Sub", "truediv": "Div", "xor": "BitXor",
}  # fmt: skip
_COMPARE = {"eq": "Eq", "ge": "GtE", "gt": "Gt", "is_": "Is", "is_not": "IsNot", "le": "LtE", "lt": "Lt", "ne": "NotEq"}
_UNARY = {"inv": "Invert", "invert": "Invert", "neg": "USub", "not_": "Not", "pos": "UAdd"}
_MAKERS = frozenset({"functools.partial", "operator.itemgetter", "operator.attrgetter", "operator.methodcaller"})

_RAISES = Unknown("raises TypeError: is called with arguments that it does not take")


def call_made(machine: Machine, made: Construction, arguments: list[Value], keywords: list[tuple[str, Value]]) -> Value:
    """What calling `partial(...)`, `itemgetter(...)`, `attrgetter(...)` or `methodcaller(...)` gives; `MISSING` for any other call."""
    name = made.callee.name if isinstance(made.callee, Reference) else ""
    if name == "functools.wraps" and not made.keywords and not keywords:
        return _dressed([*arguments, *made.arguments])
    if name not in _MAKERS or not made.arguments:
        return MISSING
    first, *rest = made.arguments
    if name == "functools.partial":
        named = {**dict(made.keywords), **dict(keywords)}
        return machine.call(first, [*rest, *arguments], list(named.items()), made.location)
    if len(arguments) != 1 or keywords:
        return _RAISES
    (owner,) = arguments
    if name == "operator.methodcaller":
        method = attribute(machine, owner, first) if isinstance(first, str) else explain(first)
        return machine.call(method, rest, list(made.keywords), made.location)
    get = _item if name == "operator.itemgetter" else _dotted
    found = [get(machine, owner, part) for part in made.arguments]
    return found[0] if len(found) == 1 else tuple(found)


def _update_wrapper(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    named = {name: keywords[name] for name in ("wrapper", "wrapped") if name in keywords}
    return _dressed([*arguments, *named.values()]) if len(named) == len(keywords) else MISSING


def _dressed(functions: list[Value]) -> Value:
    """A function that passes for another one, `[it, the other]`; `MISSING` where they are no functions of the project."""
    if len(functions) != 2:
        return MISSING
    wrapper, original = functions
    return wrapper.wear(original) if isinstance(wrapper, Target) and isinstance(original, Target) else MISSING


def _item(machine: Machine, owner: Value, index: Value) -> Value:
    return operations.subscript(owner, index)


def _dotted(machine: Machine, owner: Value, names: Value) -> Value:
    if not isinstance(names, str):
        return explain(names)
    for name in names.split("."):
        owner = attribute(machine, owner, name)
    return owner


def _two(action: Callable[[str, Value, Value], Value], name: str) -> Function:
    def call(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return action(name, *arguments) if len(arguments) == 2 and not keywords else _RAISES

    return call


def _one(name: str) -> Function:
    def call(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return operations.unary(name, *arguments) if len(arguments) == 1 and not keywords else _RAISES

    return call


def _of(action: Callable[[Value, Value], Value]) -> Function:
    def call(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return action(*arguments) if len(arguments) == 2 and not keywords else _RAISES

    return call


FUNCTIONS: Mapping[str, Function] = {
    **{f"operator.{name}": _two(operations.binary, kind) for name, kind in _BINARY.items()},
    **{f"operator.{name}": _two(operations.compare, kind) for name, kind in _COMPARE.items()},
    **{f"operator.{name}": _one(kind) for name, kind in _UNARY.items()},
    "functools.update_wrapper": _update_wrapper,
    "operator.contains": _of(operations.contains),
    "operator.getitem": _of(operations.subscript),
    "operator.truth": lambda machine, arguments, keywords: operations.truth(arguments[0]) if arguments else _RAISES,
}
