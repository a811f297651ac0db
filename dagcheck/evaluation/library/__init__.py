"""What do functions and classes of the standard library give?

Only those that depend on nothing but their arguments: of `itertools`, `functools`, `operator`, `collections`, `dataclasses`, `math`,
`re`, `string`, `copy`, `json`, `textwrap`, `types`, `typing`, `os.path`, `pathlib`, `datetime`, `decimal` and `fractions`. What reads a file, the clock or the
environment is left alone, and stays a call that is not followed. Nothing here is imported before such a call is met.
"""

from __future__ import annotations

from dagcheck.evaluation.library import callables, containers, iterators, natives, records
from dagcheck.evaluation.library.pure import call_pure
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING
from dagcheck.evaluation.values import Construction, Unknown, Value

Keywords = list[tuple[str, Value]]


def call_library(machine: Machine, name: str, arguments: list[Value], keywords: Keywords) -> Value:
    """The value of `name(*arguments, **keywords)`, a function or class of the standard library; `MISSING` if it is not followed."""
    value = _called(machine, name, arguments, dict(keywords))
    # What is not known of the arguments is told by the call as it was written.
    return MISSING if isinstance(value, Unknown) and not value.reason.startswith("raises ") else value


def call_made(machine: Machine, made: Construction, arguments: list[Value], keywords: Keywords) -> Value:
    """What calling the result of a call gives, of `partial(f, 1)`, `itemgetter("a")` and their kin; else `MISSING`."""
    return callables.call_made(machine, made, arguments, keywords)


def _called(machine: Machine, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    for family in (iterators.FUNCTIONS, callables.FUNCTIONS, containers.FUNCTIONS, records.FUNCTIONS):
        function = family.get(name)
        if function is not None:
            return function(machine, arguments, keywords)
    made = natives.construct(name, arguments, keywords)
    return made if made is not MISSING else call_pure(name, arguments, keywords)
