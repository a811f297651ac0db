"""What do Python's own functions and methods give?

Only functions that depend on nothing but their arguments and change nothing but the container they belong to. Each takes
values whose elements may be unknown as far as it can; the rest is `Unknown` with a reason. Sizes are bounded.
"""

from __future__ import annotations

import builtins
import itertools
from collections.abc import Callable
from typing import Any

from dagcheck.evaluation import reflection
from dagcheck.evaluation.deciding import got
from dagcheck.evaluation.ignorance import describe, explain, is_data, is_plain
from dagcheck.evaluation.iteration import Endless, iterate, spoil
from dagcheck.evaluation.keys import key_for
from dagcheck.evaluation.lowering import lowered
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Class, Generator, Model
from dagcheck.evaluation.operations import LARGEST, guarded, truth
from dagcheck.evaluation.ordering import by_firsts, with_key
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
    if "." in name:
        return _unbound(machine, name, arguments, keywords)
    if name in ("str", "repr") and len(arguments) == 1:
        text = text_of(machine, arguments[0], f"__{name}__")
        if text is not arguments[0]:
            return text
    arguments = [_taken(name, value) for value in arguments]
    pure = _PURE.get(name)
    if pure is None:
        return MISSING
    if name in ("max", "min", "sum", "sorted") and any(key == "key" for key, _ in keywords):
        return with_key(machine, pure, arguments, dict(keywords))
    problem = _unplain([*arguments, *(value for _, value in keywords)])
    rows = by_firsts(pure, arguments, dict(keywords)) if problem and name in ("max", "min", "sorted") else MISSING
    if rows is not MISSING:
        return rows
    if problem is not None:
        if name == "bool" and len(arguments) == 1 and is_data(arguments[0]):
            return truth(arguments[0])
        counts = name == "len" and len(arguments) == 1 and (is_data(arguments[0]) or isinstance(arguments[0], Class))
        return _length(arguments) if counts else problem
    if name in ("range", "bytes", "pow") and any(abs(n) > LARGEST for n in arguments if isinstance(n, int)):
        return Unknown("is too large to compute")
    return guarded(lambda: pure(*arguments, **dict(keywords)))


def _taken(name: str, value: Value) -> Value:
    """An argument as a function looks at it: what an object stands for, and of a dictionary no more than its keys."""
    if name in _OVER_KEYS and type(value) is dict:
        return list(value)
    return lowered(value) if name in _OF_NUMBERS else value


_OVER_KEYS = frozenset({"max", "min", "sorted", "sum", "join"})
_OF_NUMBERS = frozenset("abs bool float int len max min round sorted sum".split())
"""Functions that take the plain value that an object stands for."""
_OF_OBJECTS = frozenset("abs bool float format hash int repr round str".split())
"""Functions that objects of the standard library answer themselves."""

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
        unknown = Unknown(f"the method `{name}` of {describe(owner)} is not followed")
        spoil(owner, unknown)
        return unknown
    arguments = [_taken(name, value) for value in arguments]
    problem = _unplain([owner, *arguments, *keywords.values()])
    if problem is not None:
        return problem
    numbers = [part for part in arguments if isinstance(part, int) and name in _SIZING]
    if any(abs(number) > LARGEST for number in numbers) or (name == "format" and _has_long_number(owner)):
        return Unknown("is too large to compute")
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


def _zip(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    columns: list[list[Value]] = []
    ends = [iterate(argument) for argument in arguments if not isinstance(argument, Endless)]
    count = min((len(items) for items in ends if not isinstance(items, Unknown)), default=0)
    for argument in arguments:
        items = argument.take(count) if isinstance(argument, Endless) and ends else iterate(argument)
        if isinstance(items, Unknown):
            return items
        if any(isinstance(item, Rest) for item in items):
            return explain(items)
        columns.append(items)
    return [tuple(row) for row in zip(*columns, strict=False)]


def _enumerate(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = iterate(arguments[0]) if arguments else Unknown("raises TypeError")
    start = keywords.get("start", arguments[1] if len(arguments) > 1 else 0)
    if isinstance(items, Unknown) or not isinstance(start, int):
        return items if isinstance(items, Unknown) else explain(start)
    return [item if isinstance(item, Rest) else (index, item) for index, item in enumerate(items, start)]


def _map(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    rows = _zip(machine, arguments[1:], {})
    if isinstance(rows, Unknown):
        return rows
    return [machine.call(arguments[0], list(row), [], None) for row in rows]


def _filter(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = iterate(arguments[1]) if len(arguments) == 2 else Unknown("raises TypeError")
    if isinstance(items, Unknown):
        return items
    kept: list[Value] = []
    for item in items:
        verdict = truth(item if arguments[0] is None else machine.call(arguments[0], [item], [], None))
        if isinstance(verdict, Unknown):
            kept.append(Rest(verdict))
        elif verdict:
            kept.append(item)
    return kept


def _reversed(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    items = iterate(arguments[0]) if arguments else Unknown("raises TypeError")
    return items if isinstance(items, Unknown) else items[::-1]


def _quantify(wanted: bool) -> Callable[[Machine, list[Value], dict[str, Value]], Value]:
    def quantify(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        items = iterate(arguments[0]) if arguments else Unknown("raises TypeError")
        if isinstance(items, Unknown):
            return items
        for item in items:
            verdict = truth(item)
            if isinstance(verdict, Unknown) or verdict is wanted:
                return verdict
        return not wanted

    return quantify


def _next(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The next element; an iterator is the list of what it has left."""
    if not arguments or keywords:
        return Unknown("raises TypeError")
    owner = arguments[0]
    if isinstance(owner, Endless) and not owner.items:
        owner.start += owner.step
        return owner.start - owner.step
    if isinstance(owner, Generator) and owner.yields:
        return owner.yields[0]
    if type(owner) is not list or machine.doubt(owner) is not None:
        return explain(owner)
    if owner and isinstance(owner[0], Rest):
        return explain(owner)
    if owner:
        return owner.pop(0)
    return arguments[1] if len(arguments) > 1 else Unknown("raises StopIteration")


def _exec(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Code that is text may bind anything in the dictionaries that it is given."""
    for given in arguments[1:]:
        if type(given) is dict:
            spoil(given, Unknown("is what `exec` made of it"))


_SPECIAL: dict[str, Callable[[Machine, list[Value], dict[str, Value]], Value]] = {
    "list": _build(list),
    "tuple": _build(tuple),
    "set": _build(set),
    "frozenset": _build(frozenset),
    "iter": _build(list),
    "dict": _dict,
    "zip": _zip,
    "enumerate": _enumerate,
    "map": _map,
    "filter": _filter,
    "reversed": _reversed,
    **reflection.FUNCTIONS,
    "any": _quantify(True),
    "all": _quantify(False),
    "next": _next,
    "exec": _exec,
    "print": lambda machine, arguments, keywords: None,
}


def _get(owner: dict[Value, Value], key: Value, default: Value = None) -> Value:
    found = key_for(owner, key)
    return default if found is MISSING else found if isinstance(found, Unknown) else owner[found]


def _pairs(owner: dict[Value, Value]) -> Value:
    return [key if isinstance(key, Rest) else (key, value) for key, value in owner.items()]


_READS: dict[tuple[type, str], Callable[..., Value]] = {
    (dict, "get"): _get,
    (dict, "items"): _pairs,
    (dict, "keys"): list,
    (dict, "values"): lambda owner: [key if isinstance(key, Rest) else value for key, value in owner.items()],
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
    return result


def _extend(owner: list[Value], source: Value) -> Value:
    items = iterate(source)
    return items if isinstance(items, Unknown) else owner.extend(items)


def _pop_key(owner: dict[Value, Value], key: Value, *default: Value) -> Value:
    found = key_for(owner, key)
    return found if isinstance(found, Unknown) else owner.pop(key if found is MISSING else found, *default)


def _merge(owner: dict[Value, Value], *sources: Value, **more: Value) -> Value:
    for source in sources:
        problem = _update(owner, source)
        if problem is not None:
            return problem
    return _update(owner, more)


def _remove(owner: list[Value], item: Value) -> Value:
    return owner.remove(item) if is_plain(owner) and is_plain(item) else explain(item)


def _add_all(owner: set[Value], *sources: Value) -> Value:
    for item in itertools.chain.from_iterable(source for source in sources if is_data(source)):
        owner.add(item)
    return next((explain(source) for source in sources if not is_data(source)), None)


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
    (dict, "setdefault"): dict.setdefault,
    (dict, "pop"): _pop_key,
    (dict, "popitem"): dict.popitem,
    (dict, "clear"): dict.clear,
    (set, "add"): set.add,
    (set, "update"): _add_all,
    (set, "discard"): set.discard,
    (set, "remove"): set.remove,
    (set, "clear"): set.clear,
}
