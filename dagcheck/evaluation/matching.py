"""Which case of a `match` statement is taken?

Patterns are tuples: what they ask of a value is answered yes, no, or with the reason why that is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dagcheck.evaluation import operations
from dagcheck.evaluation.attributes import ancestry, attribute
from dagcheck.evaluation.deciding import compared
from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.instances import record_fields
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import Bound, Class, Instance, Scope
from dagcheck.evaluation.values import Reference, Rest, Unknown, Value

Answer = bool | Unknown

_TYPES: dict[str, type] = {
    "bool": bool, "bytes": bytes, "dict": dict, "float": float, "int": int, "list": list, "set": set, "str": str, "tuple": tuple,
}  # fmt: skip


def matches(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    """Does a pattern take the value? Names that it captures are bound, whatever comes of it."""
    if isinstance(value, Unknown) and pattern[0] not in ("capture", "or", "value"):
        return value
    return _PATTERNS[pattern[0]](machine, pattern, value, scope)


def matches_case(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    """`matches` for the whole pattern of a case; where that cannot be told, names that it may capture are not known.

    A case that does not take the value binds nothing.
    """
    before = dict(scope.names)
    verdict = matches(machine, pattern, value, scope)
    if verdict is False:
        for name in captured(pattern):
            scope.names.pop(name, None)
            scope.names.update({name: before[name]} if name in before else {})
    if isinstance(verdict, Unknown):
        untouched = [name for name in captured(pattern) if scope.names.get(name) is before.get(name)]
        scope.names.update(dict.fromkeys(untouched, verdict._replace(choice=None)))
    return verdict


def _constant(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    wanted = machine.evaluate(pattern[1], scope)
    result = operations.compare("Eq", value, wanted)
    if not isinstance(result, Unknown) or not machine.world.explores:
        return result
    answer: Answer = compared(machine, "Eq", value, wanted, result)
    return answer


def _singleton(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    return operations.compare("Is", value, pattern[1])


def _capture(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    _, inner, name = pattern
    verdict = True if inner is None else matches(machine, inner, value, scope)
    if name is not None and verdict is not False:
        scope.names[name] = value
    return verdict


def _either(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    for part in pattern[1]:
        verdict = matches(machine, part, value, scope)
        if verdict is not False:
            return verdict
    return False


def _sequence(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    parts = pattern[1]
    if type(value) not in (list, tuple):
        return False if is_data(value) else explain(value)
    items = iterate(value)
    if isinstance(items, Unknown) or any(isinstance(item, Rest) for item in items):
        return explain(items)
    star = next((index for index, part in enumerate(parts) if part[0] == "star"), None)
    if len(items) != len(parts) if star is None else len(items) < len(parts) - 1:
        return False
    if star is not None:
        end = len(items) - (len(parts) - star - 1)
        if parts[star][1] is not None:
            scope.names[parts[star][1]] = list(items[star:end])
        parts, items = (*parts[:star], *parts[star + 1 :]), [*items[:star], *items[end:]]
    return _all(machine, list(zip(parts, items, strict=True)), scope)


def _mapping(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    _, keys, parts, rest = pattern
    if type(value) is not dict:
        return False if is_data(value) else explain(value)
    named = [machine.evaluate(key, scope) for key in keys]
    there = [operations.contains(value, key) for key in named]
    unclear = next((answer for answer in there if isinstance(answer, Unknown)), None)
    if unclear is not None or not all(there):
        return unclear or False
    if rest is not None:
        scope.names[rest] = {key: item for key, item in value.items() if key not in named}
    return _all(machine, [(part, value[key]) for part, key in zip(parts, named, strict=True)], scope)


def _class(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    _, type_, parts, named = pattern
    owner = machine.evaluate(type_, scope)
    if isinstance(owner, Class):
        return _project_class(machine, owner, pattern, value, scope)
    known = _TYPES.get(owner.name.removeprefix("builtins.")) if isinstance(owner, Reference) else None
    if known is None or named or len(parts) > 1 or not is_data(value):
        return Unknown("matches a class that is not followed")
    if not isinstance(value, known):
        return False
    return matches(machine, parts[0], value, scope) if parts else True


def _project_class(machine: Machine, owner: Class, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    """Is the value an object of a dataclass, NamedTuple or other class of the project, with such fields?"""
    parts, named = pattern[2:4]
    if not isinstance(value, Instance):
        return False if is_data(value) else explain(value)
    if owner not in ancestry(value.of):
        return False
    names = list(record_fields(owner) or ()) if "__match_args__" not in owner.names else []
    if len(parts) > len(names):
        return Unknown("matches a class that is not followed")
    wanted = [*zip(parts, names, strict=False), *((part, name) for name, part in named)]
    fields = [(part, attribute(machine, value, name)) for part, name in wanted]
    is_clear = not any(isinstance(field, Bound) for _, field in fields)
    return _all(machine, fields, scope) if is_clear else Unknown("matches a field that is not known")


def captured(pattern: Any) -> Iterator[str]:
    """The names that a pattern may bind."""
    if not isinstance(pattern, tuple):
        return
    kind = pattern[0] if pattern else None
    if kind in ("value", "singleton"):
        return
    bound = (
        pattern[2] if kind == "capture" else pattern[1] if kind == "star" else pattern[3] if kind == "mapping" else None
    )
    if isinstance(bound, str):
        yield bound
    inner = {"capture": pattern[1:2], "mapping": pattern[2:3], "class": pattern[2:4]}.get(str(kind), pattern)
    for part in inner:
        yield from captured(part)


def _all(machine: Machine, pairs: list[tuple[tuple[Any, ...], Value]], scope: Scope) -> Answer:
    unclear: Answer = True
    for part, item in pairs:
        verdict = matches(machine, part, item, scope)
        if verdict is False:
            return False
        unclear = verdict if isinstance(verdict, Unknown) else unclear
    return unclear


_PATTERNS: dict[str, Callable[[Machine, tuple[Any, ...], Value, Scope], Answer]] = {
    "value": _constant,
    "singleton": _singleton,
    "capture": _capture,
    "or": _either,
    "sequence": _sequence,
    "mapping": _mapping,
    "class": _class,
}
