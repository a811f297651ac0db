"""What do the functions of `itertools` and `functools.reduce` give?

An iterator is the list of what it would yield. One that never ends is an `Endless`, of which `islice`, `zip` and `next` take what they
need.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.iteration import Endless, iterate
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.operations import LARGEST, binary, guarded, truth
from dagcheck.evaluation.values import Rest, Unknown, Value

Function = Callable[[Machine, list[Value], dict[str, Value]], Value]

_RAISES = Unknown("raises TypeError: is called with arguments that it does not take")


def _listed(value: Value) -> list[Value] | Unknown:
    """All elements of a value, each of which is known to be one."""
    items = iterate(value)
    if isinstance(items, Unknown):
        return items
    return explain(items) if any(isinstance(item, Rest) for item in items) else items


def _direct(function: Callable[..., Any], sequences: int) -> Function:
    """A function that looks at the first so many arguments by their elements only (-1: at all), and at no element itself."""

    def call(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        count = len(arguments) if sequences < 0 else sequences
        columns = [_listed(value) for value in arguments[:count]]
        problem = next((column for column in columns if isinstance(column, Unknown)), None)
        rest = [*arguments[count:], *keywords.values()]
        if problem is not None or not all(is_plain(value) for value in rest):
            return problem or explain(rest)
        made = guarded(lambda: list(itertools.islice(function(*columns, *arguments[count:], **keywords), LARGEST + 1)))
        return Unknown("is too long to follow") if isinstance(made, list) and len(made) > LARGEST else made

    return call


def _repeat(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    times = keywords.get("times", arguments[1] if len(arguments) > 1 else None)
    if not arguments:
        return _RAISES
    if times is None:
        return Endless([arguments[0]])
    if not isinstance(times, int):
        return explain(times)
    return [arguments[0]] * times if times <= LARGEST else Unknown("is too long to follow")


def _count(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    start = keywords.get("start", arguments[0] if arguments else 0)
    step = keywords.get("step", arguments[1] if len(arguments) > 1 else 1)
    if not (isinstance(start, (int, float)) and isinstance(step, (int, float))):
        return explain(start if not isinstance(start, (int, float)) else step)
    return Endless([], start, step)


def _cycle(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = _listed(arguments[0]) if len(arguments) == 1 else _RAISES
    if isinstance(items, Unknown):
        return items
    return Endless(items) if items else []


def _islice(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if not 2 <= len(arguments) <= 4:
        return _RAISES
    source, *bounds = arguments
    if not is_plain(bounds):
        return explain(bounds)
    stop = bounds[0] if len(bounds) == 1 else bounds[1]
    if isinstance(source, Endless):
        items: Value = source.take(stop) if isinstance(stop, int) and stop <= LARGEST else Unknown("never ends")
    else:
        items = _listed(source)
    return items if isinstance(items, Unknown) else guarded(lambda: list(itertools.islice(items, *bounds)))


def _zip_longest(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    columns = [_listed(value) for value in arguments]
    problem = next((column for column in columns if isinstance(column, Unknown)), None)
    if problem is not None:
        return problem
    return [tuple(row) for row in itertools.zip_longest(*columns, fillvalue=keywords.get("fillvalue"))]


def _accumulate(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = _listed(arguments[0]) if arguments else _RAISES
    if isinstance(items, Unknown):
        return items
    function = keywords.get("func", arguments[1] if len(arguments) > 1 else None)
    if keywords.get("initial") is not None:
        items = [keywords["initial"], *items]
    made: list[Value] = items[:1]
    for item in items[1:]:
        made.append(_joined(machine, function, made[-1], item))
    return made


def _reduce(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if len(arguments) not in (2, 3):
        return _RAISES
    items = _listed(arguments[1])
    if isinstance(items, Unknown):
        return items
    items = [*arguments[2:], *items]
    if not items:
        return Unknown("raises TypeError: reduce() of empty iterable with no initial value")
    result = items[0]
    for item in items[1:]:
        result = _joined(machine, arguments[0], result, item)
        if isinstance(result, Unknown):
            return result
    return result


def _joined(machine: Machine, function: Value, left: Value, right: Value) -> Value:
    return binary("Add", left, right) if function is None else machine.call(function, [left, right], [], None)


def _starmap(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    rows = _listed(arguments[1]) if len(arguments) == 2 else _RAISES
    if isinstance(rows, Unknown):
        return rows
    made: list[Value] = []
    for row in rows:
        items = _listed(row)
        made.append(items if isinstance(items, Unknown) else machine.call(arguments[0], items, [], None))
    return made


def _while(keeps: bool) -> Function:
    """`takewhile` (True) and `dropwhile` (False)."""

    def call(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        items = _listed(arguments[1]) if len(arguments) == 2 else _RAISES
        if isinstance(items, Unknown):
            return items
        for index, item in enumerate(items):
            verdict = truth(machine.call(arguments[0], [item], [], None))
            if isinstance(verdict, Unknown):
                return verdict
            if not verdict:
                return items[:index] if keeps else items[index:]
        return items if keeps else []

    return call


def _filterfalse(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = _listed(arguments[1]) if len(arguments) == 2 else _RAISES
    if isinstance(items, Unknown):
        return items
    kept: list[Value] = []
    for item in items:
        verdict = truth(item if arguments[0] is None else machine.call(arguments[0], [item], [], None))
        if isinstance(verdict, Unknown):
            kept.append(Rest(verdict))
        elif not verdict:
            kept.append(item)
    return kept


def _groupby(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = _listed(arguments[0]) if arguments else _RAISES
    if isinstance(items, Unknown):
        return items
    key = keywords.get("key", arguments[1] if len(arguments) > 1 else None)
    groups: list[tuple[Value, list[Value]]] = []
    for item in items:
        mark = item if key is None else machine.call(key, [item], [], None)
        if not is_plain(mark):
            return explain(mark)
        if groups and groups[-1][0] == mark:
            groups[-1][1].append(item)
        else:
            groups.append((mark, [item]))
    return groups


def _chained(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    rows = iterate(arguments[0]) if len(arguments) == 1 else _RAISES
    return rows if isinstance(rows, Unknown) else _chain(machine, rows, {})


def _chain(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    made: list[Value] = []
    for value in arguments:
        items = [value] if isinstance(value, Rest) else iterate(value)
        made += [Rest(items)] if isinstance(items, Unknown) else items
    return made


FUNCTIONS: Mapping[str, Function] = {
    "itertools.accumulate": _accumulate,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chained,
    "itertools.combinations": _direct(itertools.combinations, 1),
    "itertools.combinations_with_replacement": _direct(itertools.combinations_with_replacement, 1),
    "itertools.compress": _direct(itertools.compress, 2),
    "itertools.count": _count,
    "itertools.cycle": _cycle,
    "itertools.dropwhile": _while(keeps=False),
    "itertools.filterfalse": _filterfalse,
    "itertools.groupby": _groupby,
    "itertools.islice": _islice,
    "itertools.pairwise": _direct(itertools.pairwise, 1),
    "itertools.permutations": _direct(itertools.permutations, 1),
    "itertools.product": _direct(itertools.product, -1),
    "itertools.repeat": _repeat,
    "itertools.starmap": _starmap,
    "itertools.takewhile": _while(keeps=True),
    "itertools.zip_longest": _zip_longest,
    "functools.reduce": _reduce,
}
