"""What do the functions of `itertools` and `functools.reduce` give?

Whatever takes its elements one by one does so here, too: iterators may have no end.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dagcheck.evaluation.guarding import LARGEST, guarded
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.iteration import iterate, taken_one_by_one
from dagcheck.evaluation.lazy import kept
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.operations import binary, truth
from dagcheck.evaluation.streams import Stream
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
        if not isinstance(made, list):
            return made
        return Unknown("is too long to follow") if len(made) > LARGEST else Stream(machine, made)

    return call


def _repeat(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    times = keywords.get("times", arguments[1] if len(arguments) > 1 else None)
    if not arguments:
        return _RAISES
    if times is None:
        return Stream(machine, itertools.repeat(arguments[0]))
    return Stream(machine, itertools.repeat(arguments[0], times)) if isinstance(times, int) else explain(times)


def _count(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    start = keywords.get("start", arguments[0] if arguments else 0)
    step = keywords.get("step", arguments[1] if len(arguments) > 1 else 1)
    if not (isinstance(start, (int, float)) and isinstance(step, (int, float))):
        return explain(start if not isinstance(start, (int, float)) else step)
    return Stream(machine, itertools.count(start, step))


def _cycle(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = _listed(arguments[0]) if len(arguments) == 1 else _RAISES
    return items if isinstance(items, Unknown) else Stream(machine, itertools.cycle(items))


def _islice(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    if not 2 <= len(arguments) <= 4:
        return _RAISES
    source, *bounds = arguments
    if not is_plain(bounds):
        return explain(bounds)
    items = taken_one_by_one(source) if isinstance(source, Stream) else _listed(source)
    if isinstance(items, Unknown):
        return items
    made = guarded(lambda: itertools.islice(_up_to_the_unknown(items), *bounds))
    return made if isinstance(made, Unknown) else Stream(machine, made)


def _up_to_the_unknown(items: Iterable[Value]) -> Iterator[Value]:
    """The elements that stand at a known place, and what is beyond them as one `Unknown` after the other."""
    for item in items:
        while isinstance(item, Rest):
            yield item.unknown
        yield item


def _zip_longest(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    columns = [_listed(value) for value in arguments]
    problem = next((column for column in columns if isinstance(column, Unknown)), None)
    if problem is not None:
        return problem
    return Stream(machine, itertools.zip_longest(*columns, fillvalue=keywords.get("fillvalue")))


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
    return Stream(machine, made)


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
    rows = taken_one_by_one(arguments[1]) if len(arguments) == 2 else _RAISES
    if isinstance(rows, Unknown):
        return rows

    def call(row: Value) -> Value:
        items = row if isinstance(row, Rest) else _listed(row)
        return machine.call(arguments[0], items, [], None) if isinstance(items, list) else items

    return Stream(machine, map(call, rows))


def _while(keeps: bool) -> Function:
    """`takewhile` (True) and `dropwhile` (False)."""

    def call(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        items = taken_one_by_one(arguments[1]) if len(arguments) == 2 else _RAISES
        if isinstance(items, Unknown):
            return items
        return Stream(machine, _one_side(machine, arguments[0], items, keeps))

    return call


def _one_side(machine: Machine, function: Value, items: Iterator[Value], keeps: bool) -> Iterator[Value]:
    """The items before the first for which the function gives nothing true, or those from there on."""
    for item in items:
        verdict = item.unknown if isinstance(item, Rest) else truth(machine.call(function, [item], [], None))
        if isinstance(verdict, Unknown):
            yield Rest(verdict)
            return
        if keeps and verdict:
            yield item
        if not verdict:
            if not keeps:
                yield item
                yield from items
            return


def _filterfalse(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = taken_one_by_one(arguments[1]) if len(arguments) == 2 else _RAISES
    return items if isinstance(items, Unknown) else Stream(machine, kept(machine, arguments[0], items, wanted=False))


def _tee(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = iterate(arguments[0]) if len(arguments) in (1, 2) else _RAISES
    count = arguments[1] if len(arguments) == 2 else 2
    if isinstance(items, Unknown) or not isinstance(count, int):
        return items if isinstance(items, Unknown) else explain(count)
    return tuple([Stream(machine, items) for _ in range(min(count, LARGEST))])


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
    return Stream(machine, [(mark, Stream(machine, group)) for mark, group in groups])


def _chained(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    rows = taken_one_by_one(arguments[0]) if len(arguments) == 1 else _RAISES
    return rows if isinstance(rows, Unknown) else Stream(machine, _links(rows))


def _chain(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    return Stream(machine, _links(iter(arguments)))


def _links(values: Iterator[Value]) -> Iterator[Value]:
    for value in values:
        items = iter([value]) if isinstance(value, Rest) else taken_one_by_one(value)
        yield from [Rest(items)] if isinstance(items, Unknown) else items


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
    "itertools.tee": _tee,
    "itertools.takewhile": _while(keeps=True),
    "itertools.zip_longest": _zip_longest,
    "functools.reduce": _reduce,
}
