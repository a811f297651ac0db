"""What do `iter`, `next`, `zip`, `map`, `filter`, `enumerate` and `reversed` give? Iterators, but for `next`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.iteration import iterate, taken_one_by_one
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Generator
from dagcheck.evaluation.operations import truth
from dagcheck.evaluation.streams import Stream
from dagcheck.evaluation.values import Rest, Unknown, Value

_RAISES = Unknown("raises TypeError: is called with arguments that it does not take")


def rows_of(machine: Machine, arguments: list[Value], *, is_strict: bool = False) -> Iterator[Value] | Unknown:
    """What `zip` gives, row by row: a tuple, or a `Rest` from where an element is not known to be one."""
    columns = [taken_one_by_one(value) for value in arguments]
    problem = next((column for column in columns if isinstance(column, Unknown)), None)
    return problem or _rows([column for column in columns if not isinstance(column, Unknown)], is_strict)


def _rows(columns: list[Iterator[Value]], is_strict: bool) -> Iterator[Value]:
    while columns:
        row: list[Value] = []
        for column in columns:
            item = next(column, MISSING)
            if item is MISSING:
                break
            row.append(item)
        rest = next((item for item in row if isinstance(item, Rest)), None)
        if rest is not None:
            yield rest
            return
        if len(row) < len(columns):
            if is_strict and (row or any(next(column, MISSING) is not MISSING for column in columns[1:])):
                yield Unknown("raises ValueError: zip() arguments differ in length")
            return
        yield tuple(row)


def _iter(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 1 or keywords:
        return Unknown("is an iterator that is not followed") if len(arguments) == 2 else _RAISES
    (value,) = arguments
    if isinstance(value, Stream):
        return value
    items = value if type(value) is list else iterate(value)
    return items if isinstance(items, Unknown) else Stream(machine, items)


def _next(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if not arguments or keywords:
        return _RAISES
    owner = arguments[0]
    if isinstance(owner, Generator) and owner.yields:
        return owner.yields[0]
    if not isinstance(owner, Stream):
        return explain(owner)
    item = owner.pull()
    if isinstance(item, Rest):
        owner.spoil(item.unknown)
        return item.unknown
    if item is not MISSING:
        return item
    return arguments[1] if len(arguments) > 1 else Unknown("raises StopIteration")


def _zip(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    is_strict = truth(keywords.get("strict", False))
    rows = is_strict if isinstance(is_strict, Unknown) else rows_of(machine, arguments, is_strict=is_strict)
    return rows if isinstance(rows, Unknown) else Stream(machine, rows)


def _enumerate(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = taken_one_by_one(arguments[0]) if arguments else _RAISES
    start = keywords.get("start", arguments[1] if len(arguments) > 1 else 0)
    if isinstance(items, Unknown) or not isinstance(start, int):
        return items if isinstance(items, Unknown) else explain(start)
    numbered = (item if isinstance(item, Rest) else (index, item) for index, item in enumerate(items, start))
    return Stream(machine, numbered)


def _map(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    rows = rows_of(machine, arguments[1:])
    if isinstance(rows, Unknown):
        return rows
    function = arguments[0]
    made = (row if isinstance(row, Rest) else machine.call(function, list(row), [], None) for row in rows)
    # Where code is followed for what it does, it does that where `map` is called.
    return Stream(machine, list(made) if machine.world.explores else made)


def kept(machine: Machine, function: Value, items: Iterator[Value], wanted: bool) -> Iterator[Value]:
    """The items for which `function` (None: the item itself) gives something that counts as `wanted`."""
    for item in items:
        if isinstance(item, Rest):
            yield item
            continue
        verdict = truth(item if function is None else machine.call(function, [item], [], None))
        if isinstance(verdict, Unknown):
            yield Rest(verdict)
        elif verdict is wanted:
            yield item


def _filter(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = taken_one_by_one(arguments[1]) if len(arguments) == 2 else _RAISES
    return items if isinstance(items, Unknown) else Stream(machine, kept(machine, arguments[0], items, wanted=True))


def _reversed(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) != 1 or isinstance(arguments[0], Stream):
        return _RAISES
    items = iterate(arguments[0])
    return items if isinstance(items, Unknown) else Stream(machine, items[::-1])


FUNCTIONS: Mapping[str, Callable[[Machine, list[Value], dict[str, Value]], Value]] = {
    "enumerate": _enumerate,
    "filter": _filter,
    "iter": _iter,
    "map": _map,
    "next": _next,
    "reversed": _reversed,
    "zip": _zip,
}
