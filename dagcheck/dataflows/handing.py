"""Who calls what it is handed?

Threads, pools and event loops call a function with the arguments that stand behind it. Anybody else outside the project who is
handed a lambda may call it, with whatever. Functions need no such care: whatever nobody is seen to call is entered anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dagcheck.evaluation.objects import Bound, Function, Lambda, Method, Model
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.source.syntax import parameters_of
from dagcheck.span import Location

Keywords = list[tuple[str, Value]]

_CALLERS = frozenset(
    "add_task call_at call_later call_soon call_soon_threadsafe run_in_executor run_in_threadpool run_sync start_soon submit"
    " to_thread".split()
)
"""Functions and methods that call a function with the arguments behind it: of asyncio, anyio, concurrent.futures, starlette, dask."""

_STARTERS = frozenset({"Process", "Thread"})
"""Classes that call `target` with `args` and `kwargs`."""


_FAILING = frozenset({"assertRaises", "assertRaisesRegex", "assert_raises", "raises"})
"""Functions and methods that call what they are handed to see it fail: nothing is asked for there."""


class Handed(NamedTuple):
    """A call that somebody else may make. `is_exact`: if they do, then with these arguments."""

    callee: Value
    arguments: list[Value]
    keywords: Keywords
    is_exact: bool = True


def handed_on(name: str, arguments: list[Value], keywords: Keywords, location: Location | None) -> Iterator[Handed]:
    """The calls that may be made of what is handed to a function or method of this name."""
    if name in _FAILING:
        return
    given = dict(keywords)
    first = next((index for index, part in enumerate(arguments) if _is_followed(part)), None)
    if name in _CALLERS and first is not None:
        yield Handed(arguments[first], arguments[first + 1 :], keywords)
    elif name in _STARTERS and _is_followed(given.get("target")):
        positional, named = given.get("args", ()), given.get("kwargs", {})
        if type(positional) in (list, tuple) and type(named) is dict and all(isinstance(key, str) for key in named):
            yield Handed(given["target"], list(positional), list(named.items()))
    else:
        for part in [*arguments, *given.values()]:
            if isinstance(part, Lambda):
                unknown = Unknown("is what somebody else gives to a lambda", location)
                wanted = [one for one in parameters_of(part.parameters) if one.kind in ("positional", "standard")]
                yield Handed(part, [unknown] * len(wanted), [], is_exact=not wanted)


def _is_followed(value: Value) -> bool:
    """Is it something whose calls are followed? Of what others bring, only methods of models are."""
    return isinstance(value, (Function, Lambda, Method)) or (
        isinstance(value, Bound) and isinstance(value.owner, Model)
    )
