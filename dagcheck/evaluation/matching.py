"""Which case of a `match` statement is taken?

Patterns are tuples: what they ask of a value is answered yes, no, or with the reason why that is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dagcheck.evaluation import operations
from dagcheck.evaluation.deciding import compared
from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.instances import record_fields
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Class, Instance, Scope
from dagcheck.evaluation.values import Reference, Rest, Unknown, Value

Answer = bool | Unknown

_TYPES: dict[str, type] = {
    "bool": bool, "bytes": bytes, "dict": dict, "float": float, "int": int, "list": list, "set": set, "str": str, "tuple": tuple,
}  # fmt: skip


def matches(machine: Machine, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    """Does a pattern take the value? Names that it captures are bound, whatever comes of it, as Python allows."""
    names = {name: scope.names.get(name, MISSING) for name in _captured(pattern)}
    is_open = isinstance(value, Unknown) and pattern[0] not in ("capture", "or", "value")
    verdict = value if is_open else _PATTERNS[pattern[0]](machine, pattern, value, scope)
    if isinstance(verdict, Unknown):  # what was not captured on the way may be all the same
        scope.names.update({name: verdict for name, old in names.items() if scope.names.get(name, MISSING) is old})
    return verdict


def _captured(pattern: tuple[Any, ...]) -> Iterator[str]:
    """The names that a pattern binds."""
    kind = pattern[0]
    own = {"capture": 2, "star": 1, "mapping": 3}.get(kind)
    if own is not None and pattern[own] is not None:
        yield pattern[own]
    if kind == "capture" and pattern[1] is not None:
        yield from _captured(pattern[1])
    inner = pattern[1] if kind in ("or", "sequence") else pattern[2] if kind in ("mapping", "class") else ()
    for part in (*inner, *(part for _, part in pattern[3])) if kind == "class" else inner:
        yield from _captured(part)


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
        return _own_class(machine, owner, pattern, value, scope)
    known = _TYPES.get(owner.name.removeprefix("builtins.")) if isinstance(owner, Reference) else None
    if known is None or named or len(parts) > 1 or not is_data(value):
        return Unknown("matches a class that is not followed")
    if not isinstance(value, known):
        return False
    return matches(machine, parts[0], value, scope) if parts else True


def _own_class(machine: Machine, owner: Class, pattern: tuple[Any, ...], value: Value, scope: Scope) -> Answer:
    """A pattern of a class of the project: an object of it has the fields that are asked for."""
    _, _, parts, named = pattern
    if is_data(value):
        return False
    if not isinstance(value, Instance) or (parts and owner.names.get("__match_args__", MISSING) is not MISSING):
        return Unknown("matches a class that is not followed")
    if not _is_of(value.of, owner):
        return False if _is_all_own(value.of) else Unknown("matches a class that is not followed")
    fields = list(record_fields(owner) or ())
    if len(parts) > len(fields):
        return Unknown("matches a class that is not followed")
    asked = [*zip(fields, parts, strict=False), *((name, part) for name, part in named)]
    if any(name not in value.fields for name, _ in asked):
        return Unknown("matches a class that is not followed")
    return _all(machine, [(part, value.fields[name]) for name, part in asked], scope)


def _is_of(owner: Class, wanted: Class) -> bool:
    return owner is wanted or any(_is_of(base, wanted) for base in owner.bases if isinstance(base, Class))


def _is_all_own(owner: Class) -> bool:
    return all(_is_all_own(base) if isinstance(base, Class) else isinstance(base, Reference) for base in owner.bases)


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
