"""What do the containers of `collections` come to?

An `OrderedDict` and a `ChainMap` are the dictionary that they look like, a `deque` a list. A `defaultdict` and a `Counter` are dictionaries too, of
which the machine's world remembers what they give for a key that is not there; of a `deque` it remembers how long it may get.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Mapping

from dagcheck.evaluation.builtins import call_builtin
from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.iteration import as_list, iterate
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING
from dagcheck.evaluation.streams import Stream
from dagcheck.evaluation.values import Rest, Unknown, Value

Function = Callable[[Machine, list[Value], dict[str, Value]], Value]

COUNTER = "counter"
"""What stands for the factory of a `Counter`, which gives zero and keeps nothing."""


def missing(machine: Machine, owner: dict[Value, Value], key: Value) -> Value:
    """What a dictionary gives for a key that it does not have; `MISSING` where it has it, or is a plain one."""
    kept = machine.world.factories.get(id(owner))
    if (
        kept is None
        or kept[0] is not owner
        or not is_plain(key)
        or isinstance(guarded(hash, key), Unknown)
        or key in owner
    ):
        return MISSING
    if any(isinstance(part, Rest) for part in owner):
        return MISSING
    if kept[1] == COUNTER:
        return 0
    made = machine.call(kept[1], [], [], None)
    if machine.guess is None:
        owner[key] = made
    return made


def counter_method(machine: Machine, owner: dict[Value, Value], name: str, arguments: list[Value]) -> Value:
    """What a method that only counters have gives; `MISSING` for any other."""
    kept = machine.world.factories.get(id(owner))
    if kept is None or kept[1] != COUNTER or name not in ("most_common", "elements", "total", "update", "subtract"):
        return MISSING
    arguments = [as_list(value) for value in arguments]
    if not is_plain(owner) or not is_plain(arguments):
        return explain(owner if not is_plain(owner) else arguments)
    counted = Counter(owner)
    result = guarded(lambda: getattr(counted, name)(*arguments))
    if name in ("update", "subtract"):
        owner.clear()
        owner.update(counted)
        return result
    return Stream(machine, result) if name == "elements" and not isinstance(result, Unknown) else result


def combined(machine: Machine, name: str, left: Value, right: Value) -> Value:
    """What an operator gives on dictionaries one of which remembers something; `MISSING` where none does."""
    kept = [machine.world.factories.get(id(side)) if type(side) is dict else None for side in (left, right)]
    if kept == [None, None]:
        return MISSING
    if any(one is None or one[1] != COUNTER for one in kept) or not (is_plain(left) and is_plain(right)):
        return Unknown("combines dictionaries that give something for keys that they do not have")
    action = _OF_COUNTERS.get(name)
    if action is None:
        return MISSING
    return _remembered(machine, dict(guarded(action, Counter(left), Counter(right))), COUNTER)


_OF_COUNTERS = {"Add": operator.add, "Sub": operator.sub, "BitAnd": operator.and_, "BitOr": operator.or_}


def _remembered(machine: Machine, made: Value, factory: Value) -> Value:
    if type(made) is dict:
        machine.world.factories[id(made)] = (made, factory)
    return made


def _defaultdict(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    made = call_builtin(machine, "dict", arguments[1:], list(keywords.items()))
    return made if not arguments or arguments[0] is None else _remembered(machine, made, arguments[0])


def _counter(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    arguments = [as_list(value) for value in arguments]
    if not all(is_plain(value) for value in arguments):
        return explain(next(value for value in arguments if not is_plain(value)))
    return _remembered(machine, guarded(lambda: dict(Counter(*arguments, **keywords))), COUNTER)


def _ordered(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    return call_builtin(machine, "dict", arguments, list(keywords.items()))


def _from_keys(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    return call_builtin(machine, "dict.fromkeys", arguments, list(keywords.items()))


def _chain_map(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    made: dict[Value, Value] = {}
    for mapping in reversed(arguments):
        if type(mapping) is not dict:
            return explain(mapping)
        made.update(mapping)
    return made


def _deque(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = iterate(arguments[0]) if arguments else []
    most = keywords.get("maxlen", arguments[1] if len(arguments) > 1 else None)
    if isinstance(items, Unknown) or most is None:
        return items
    if not isinstance(most, int):
        return explain(most)
    kept = items[max(len(items) - most, 0) :]
    machine.world.factories[id(kept)] = (kept, most)
    return kept


FUNCTIONS: Mapping[str, Function] = {
    "collections.ChainMap": _chain_map,
    "collections.Counter": _counter,
    "collections.OrderedDict": _ordered,
    "collections.OrderedDict.fromkeys": _from_keys,
    "collections.defaultdict": _defaultdict,
    "collections.deque": _deque,
    "types.MappingProxyType": _ordered,
}
