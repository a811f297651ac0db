"""What do Python's own functions and methods give?

Only functions that depend on nothing but their arguments and change nothing but the container they belong to. Each takes
values whose elements may be unknown as far as it can; the rest is `Unknown` with a reason. Sizes are bounded.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from functools import partial
from typing import Any

from dagcheck.evaluation import lazy, reflection
from dagcheck.evaluation.deciding import got
from dagcheck.evaluation.guarding import LARGEST, guarded
from dagcheck.evaluation.ignorance import describe, differs_in_every_run, explain, is_data, is_plain
from dagcheck.evaluation.iteration import as_list, iterate, spoil, taken_one_by_one
from dagcheck.evaluation.lowering import lowered
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Class, Instance, Model
from dagcheck.evaluation.operations import looked_up, truth
from dagcheck.evaluation.ordering import by_firsts, with_key
from dagcheck.evaluation.streams import View
from dagcheck.evaluation.texts import text_of
from dagcheck.evaluation.values import Rest, Unknown, Value

_PURE: dict[str, Callable[..., Any]] = {
    name: getattr(builtins, name)
    for name in "abs ascii bin bool bytes chr complex divmod float format hash hex int len max min oct ord pow range repr round slice"
    " sorted str sum".split()
}
_PURE_TEXT = frozenset(
    "capitalize casefold count encode endswith find index isalnum isalpha isascii isdecimal isdigit isidentifier islower "
    "isnumeric isprintable isspace istitle isupper join lower lstrip partition removeprefix removesuffix replace rfind "
    "rindex rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper center ljust rjust "
    "zfill expandtabs format format_map decode bit_length is_integer conjugate as_integer_ratio hex".split()
)
_SIZING = frozenset("center expandtabs ljust rjust zfill".split())
"""Methods that a number makes long."""
_PURE_CONTAINER = frozenset(
    "count index copy union intersection difference symmetric_difference issubset issuperset isdisjoint".split()
)


def call_builtin(machine: Machine, name: str, arguments: list[Value], keywords: list[tuple[str, Value]]) -> Value:
    """The value of `name(*arguments, **keywords)`, or `MISSING` when this builtin is not one we follow."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(machine, arguments, dict(keywords))
    if arguments and isinstance(arguments[0], Model) and name in _OF_OBJECTS and not keywords:
        return arguments[0].converted(name, arguments[1:])
    if arguments and isinstance(arguments[0], Instance) and name in ("str", "repr", "format") and not keywords:
        specs = arguments[1:]
        return text_of(machine, arguments[0], name, *specs) if is_plain(specs) else explain(specs)
    if "." in name:
        return _unbound(machine, name, arguments, keywords)
    arguments = [_taken(name, value) for value in arguments]
    pure = _PURE.get(name)
    if pure is None:
        return MISSING
    if name in ("max", "min", "sum", "sorted") and any(key == "key" for key, _ in keywords):
        return with_key(machine, pure, arguments, dict(keywords))
    problem = _unplain([*arguments, *(value for _, value in keywords)])
    if problem is not None:
        return _of_partly_known(name, arguments, dict(keywords), problem)
    if (
        any(map(differs_in_every_run, arguments))
        if name in _OF_TEXT
        else name == "hash" and not isinstance(arguments[0], (int, float))
    ):
        return Unknown("is different in every run")
    if name in ("range", "bytes", "pow") and any(abs(n) > LARGEST for n in arguments if isinstance(n, int)):
        return Unknown("is too large to compute")
    if name == "sum" and any(type(item) is dict for item in iterate(arguments[0]) or ()):
        return Unknown("adds dictionaries")
    return guarded(lambda: pure(*arguments, **dict(keywords)))


def _of_partly_known(name: str, arguments: list[Value], keywords: dict[str, Value], problem: Unknown) -> Value:
    """What a function gives for arguments that are not plain data through and through: what depends on their first parts, or their number."""
    rows = by_firsts(_PURE[name], arguments, keywords) if name in ("max", "min", "sorted") else MISSING
    if rows is not MISSING:
        return rows
    if name == "bool" and len(arguments) == 1 and is_data(arguments[0]):
        return truth(arguments[0])
    counts = name == "len" and len(arguments) == 1 and (is_data(arguments[0]) or isinstance(arguments[0], Class))
    return _length(arguments) if counts else problem


def _taken(name: str, value: Value) -> Value:
    """An argument as a function looks at it: what an object stands for, all of an iterator, and of a dictionary no more than its keys."""
    if name in _OVER_KEYS and type(value) is dict:
        return list(value)
    value = as_list(value)
    if name == "join":
        items = iterate(value)
        return items if isinstance(items, Unknown) else [lowered(item) for item in items]
    return lowered(value) if name in _OF_NUMBERS else value


_OVER_KEYS = frozenset({"max", "min", "sorted", "sum", "join"})
_OF_NUMBERS = frozenset("abs bool float int len max min round sorted sum".split())
"""Functions that take the plain value that an object stands for."""
_OF_OBJECTS = frozenset("abs bool float format hash int repr round str".split())
"""Functions that objects of the standard library answer themselves."""

_OF_TEXT = frozenset({"ascii", "format", "repr", "str"})

_CLASSES: dict[str, type] = {
    kind.__name__: kind for kind in (bytes, dict, float, frozenset, int, list, set, str, tuple)
}
_MAKERS = frozenset({"bytes.fromhex", "bytes.maketrans", "float.fromhex", "int.from_bytes", "str.maketrans"})


def _unbound(machine: Machine, name: str, arguments: list[Value], keywords: list[tuple[str, Value]]) -> Value:
    """`str.upper("a")`, `dict.fromkeys("ab")`, `str.maketrans("a", "b")`."""
    owner, _, method = name.partition(".")
    if name == "dict.fromkeys" and arguments:
        items = iterate(arguments[0])
        if isinstance(items, Unknown):
            return items
        return guarded(dict.fromkeys, items, arguments[1] if len(arguments) > 1 else None)
    if name in _MAKERS and not keywords:
        problem = _unplain(arguments)
        return problem or guarded(getattr(_CLASSES[owner], method), *arguments)
    if owner in _CLASSES and arguments and isinstance(arguments[0], _CLASSES[owner]):
        return call_method(machine, arguments[0], method, arguments[1:], dict(keywords))
    return MISSING


def call_method(machine: Machine, owner: Value, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The value of `owner.name(...)` for a method of plain data."""
    change = _CHANGES.get((type(owner), name))
    if change is not None:
        return _change(machine, owner, change, arguments, keywords)
    hanging = got(machine, owner, arguments) if name == "get" and machine.world.explores else None
    if hanging is not None:
        return hanging
    read = _READS.get((type(owner), name))
    if read is not None:
        return read(owner, *arguments) if not keywords else Unknown(f"calls `{name}` with keywords")
    if name == "sort" and isinstance(owner, list):
        ordered = call_builtin(machine, "sorted", [owner], list(keywords.items()))
        owner[:] = [Rest(ordered)] if isinstance(ordered, Unknown) else ordered
        return None
    allowed = name in _PURE_TEXT if isinstance(owner, (str, bytes, int, float)) else name in _PURE_CONTAINER
    if not allowed:
        reason = Unknown(f"the method `{name}` of {describe(owner)} is not followed")
        spoil(owner, reason)
        return reason
    arguments = [_taken(name, value) for value in arguments]
    problem = _unplain([owner, *arguments, *keywords.values()])
    if problem is not None:
        return problem
    numbers = [part for part in arguments if isinstance(part, int) and name in _SIZING]
    if any(abs(number) > LARGEST for number in numbers) or (name == "format" and _has_long_number(owner)):
        return Unknown("is too large to compute")
    if name == "format" and any(map(differs_in_every_run, [*arguments, *keywords.values()])):
        return Unknown("is different in every run")
    result = guarded(lambda: getattr(owner, name)(*arguments, **keywords))
    return result if not isinstance(result, (str, bytes)) or len(result) <= LARGEST else Unknown("is too long")


def _unplain(values: list[Value]) -> Unknown | None:
    bad = next((value for value in values if not is_plain(value)), None)
    return None if bad is None else explain(bad)


def _length(arguments: list[Value]) -> Value:
    items = iterate(arguments[0])
    if isinstance(items, Unknown):
        return items
    return explain(items) if any(isinstance(item, Rest) for item in items) else len(items)


def _has_long_number(text: Any) -> bool:
    digits = "".join(c if c.isdigit() else " " for c in str(text)).split()
    return any(len(part) > 3 for part in digits)


# --- builtins that take containers apart, functions, or types


def _build(kind: Callable[[list[Value]], Value]) -> Callable[[Machine, list[Value], dict[str, Value]], Value]:
    def build(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if not arguments:
            return kind([])
        items = iterate(arguments[0])
        return items if isinstance(items, Unknown) else guarded(kind, items)

    return build


def _dict(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    pairs: dict[Value, Value] = {}
    if arguments:
        problem = _update(pairs, arguments[0])
        if problem is not None:
            return problem
    _update(pairs, keywords)
    return pairs


def _update(pairs: dict[Value, Value], source: Value) -> Unknown | None:
    """Merge a mapping, keyword arguments or a sequence of pairs into `pairs`; the reason if that cannot be followed."""
    if type(source) is dict:
        pairs.update({value if isinstance(value, Rest) else name: value for name, value in source.items()})
        return None
    items = iterate(source)
    if isinstance(items, Unknown):
        return items
    for item in items:
        if isinstance(item, Rest):
            pairs[item] = None
        elif type(item) in (tuple, list) and len(item) == 2 and not isinstance(guarded(hash, item[0]), Unknown):
            pairs[item[0]] = item[1]
        else:
            return explain(item)
    return None


def _quantify(wanted: bool) -> Callable[[Machine, list[Value], dict[str, Value]], Value]:
    def quantify(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        items = taken_one_by_one(arguments[0]) if arguments else Unknown("raises TypeError")
        if isinstance(items, Unknown):
            return items
        for item in items:
            verdict = truth(item)
            if isinstance(verdict, Unknown) or verdict is wanted:
                return verdict
        return not wanted

    return quantify


_SPECIAL: dict[str, Callable[[Machine, list[Value], dict[str, Value]], Value]] = {
    "list": _build(list),
    "tuple": _build(tuple),
    "set": _build(set),
    "frozenset": _build(frozenset),
    "dict": _dict,
    **lazy.FUNCTIONS,
    **reflection.FUNCTIONS,
    "any": _quantify(True),
    "all": _quantify(False),
    "print": lambda machine, arguments, keywords: None,
}


def _get(owner: dict[Value, Value], key: Value, default: Value = None) -> Value:
    found = looked_up(owner, key)
    return default if found is MISSING else found


_READS: dict[tuple[type, str], Callable[..., Value]] = {
    (dict, "get"): _get,
    **{(dict, name): partial(View, name=name) for name in ("keys", "values", "items")},
    (dict, "copy"): dict,
    (list, "copy"): list,
    (set, "copy"): set,
}


def _change(
    machine: Machine, owner: Value, change: Callable[..., Value], arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    doubt = machine.doubt(owner)
    if doubt is not None:
        spoil(owner, doubt)
        return doubt
    result = guarded(lambda: change(owner, *arguments, **keywords))
    if isinstance(result, Unknown):
        spoil(owner, result)
    kept, most = machine.world.factories.get(id(owner), (None, None))
    if kept is owner and type(owner) is list and len(owner) > most:
        from_left = change is _CHANGES[list, "appendleft"]
        owner[:] = owner[:most] if from_left else owner[len(owner) - most :]
    return result


def _extend(owner: list[Value], source: Value) -> Value:
    items = iterate(source)
    return items if isinstance(items, Unknown) else owner.extend(items)


def _pop_key(owner: dict[Value, Value], key: Value, *default: Value) -> Value:
    found = looked_up(owner, key)
    if isinstance(found, Unknown) or (found is MISSING and not default):
        return Unknown(f"raises KeyError: {describe(key)}") if found is MISSING else found
    return owner.pop(key, *default)


def _set_default(owner: dict[Value, Value], key: Value, default: Value = None) -> Value:
    found = looked_up(owner, key)
    return owner.setdefault(key, default) if found is MISSING else found


def _merge(owner: dict[Value, Value], *sources: Value, **more: Value) -> Value:
    for source in sources:
        problem = _update(owner, source)
        if problem is not None:
            return problem
    return _update(owner, more)


def _remove(owner: list[Value], item: Value) -> Value:
    return owner.remove(item) if is_plain(owner) and is_plain(item) else explain(item)


def _add_all(owner: set[Value], *sources: Value) -> Value:
    for source in sources:
        items = iterate(source)
        if isinstance(items, Unknown):
            return items
        owner.update(items)
    return None


def _set_method(name: str) -> Callable[..., Value]:
    def change(owner: set[Value], *sources: Value) -> Value:
        others = [as_list(source) for source in sources]
        return getattr(owner, name)(*others) if all(map(is_plain, [owner, *others])) else explain([owner, *others])

    return change


def _pop_item(owner: dict[Value, Value], last: Value = True) -> Value:
    if not is_plain(last) or any(isinstance(key, Rest) for key in owner):
        return explain(last if not is_plain(last) else owner)
    key = next(reversed(owner) if last else iter(owner), MISSING)
    return Unknown("raises KeyError: dictionary is empty") if key is MISSING else (key, owner.pop(key))


def _move_to_end(owner: dict[Value, Value], key: Value, last: Value = True) -> Value:
    if looked_up(owner, key) is MISSING or not is_plain([key, last, list(owner)]):
        return Unknown("moves a key that is not known")
    moved = owner.pop(key)
    others = {} if last else dict(owner)
    if not last:
        owner.clear()
    owner[key] = moved
    owner.update(others)
    return None


_CHANGES: dict[tuple[type, str], Callable[..., Value]] = {
    (list, "append"): list.append,
    (list, "appendleft"): lambda owner, item: owner.insert(0, item),  # a deque is a list here
    (list, "popleft"): lambda owner: owner.pop(0),
    (list, "extend"): _extend,
    (list, "insert"): list.insert,
    (list, "pop"): list.pop,
    (list, "remove"): _remove,
    (list, "clear"): list.clear,
    (list, "reverse"): list.reverse,
    (dict, "update"): _merge,
    (dict, "setdefault"): _set_default,
    (dict, "pop"): _pop_key,
    (dict, "popitem"): _pop_item,
    (dict, "move_to_end"): _move_to_end,
    (dict, "clear"): dict.clear,
    (set, "add"): set.add,
    (set, "update"): _add_all,
    (set, "discard"): set.discard,
    (set, "difference_update"): _set_method("difference_update"),
    (set, "intersection_update"): _set_method("intersection_update"),
    (set, "symmetric_difference_update"): _set_method("symmetric_difference_update"),
    (set, "remove"): set.remove,
    (set, "clear"): set.clear,
}
