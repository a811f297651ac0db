"""What do `sorted`, `min` and `max` give where the elements are more than plain data?

Keys decide about the order, and of tuples the first parts where these differ, as those of a dictionary's items do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING
from dagcheck.evaluation.values import Unknown, Value


def with_key(machine: Machine, action: Callable[..., Any], arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """What the action gives with `key=`, which is called for each element."""
    function = keywords.pop("key")
    items = iterate(arguments[0]) if len(arguments) == 1 else arguments
    if isinstance(items, Unknown):
        return items
    default = keywords.pop("default", MISSING)
    if not items and default is not MISSING:
        return default
    keys = [item if function is None else machine.call(function, [item], [], None) for item in items]
    return _with_keys(action, items, keys, keywords)


def by_firsts(action: Callable[..., Any], arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """What the action gives for tuples whose first parts are plain and all different; `MISSING` for anything else."""
    rows = arguments[0] if len(arguments) == 1 else None
    if type(rows) is not list or not all(type(row) is tuple and row and is_plain(row[0]) for row in rows):
        return MISSING
    firsts = [row[0] for row in rows]
    if any(firsts.count(first) > 1 for first in firsts):
        return MISSING
    return _with_keys(action, rows, firsts, keywords)


def _with_keys(action: Callable[..., Any], items: list[Value], keys: list[Value], keywords: dict[str, Value]) -> Value:
    problem = next((value for value in (*keys, *keywords.values()) if not is_plain(value)), None)
    if problem is not None:
        return explain(problem)
    chosen = guarded(lambda: action(range(len(items)), key=keys.__getitem__, **keywords))
    if isinstance(chosen, Unknown):
        return chosen
    return [items[index] for index in chosen] if isinstance(chosen, list) else items[chosen]
