"""What is a small dataflow that is all about conditions?

A handful of names, each made by a few functions under conditions on two or three keys, and read by each other. Everything else is
plain, so that the whole product of configurations can be built by Hamilton: for each key the values that conditions mention, some
that they do not, and none.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any, NamedTuple

from tests.generated.choice import Choice
from tests.generated.dataflows import Generated

MOST_CONFIGS = 150
NAMES = ("a", "b", "c", "d", "e")
INPUTS = ("x", "y")
TYPES = (*["int"] * 20, "bool", "str", "object", "int | str", "list", "list[int]")

KEYS: Mapping[str, tuple[Any, ...]] = {
    "region": ("US", "EU", "UK"),
    "flag": (True, 1, False, 0, None),
    "mode": ("fast", "slow", None),
    "cols": (["p"], ["p", "q"], None),
    "a": (1, 2),
    "x": (1, None),
}
"""Keys of the configuration, two of which are names of nodes or inputs as well, and the values that conditions name."""

TEXTS = ("US,EU", "fast")
"""Strings that stand where a collection of values should."""


class Space(NamedTuple):
    """The values to try of each key; None is absence."""

    values: dict[str, list[Any]]

    def mention(self, key: str, *values: Any) -> None:
        """Remember what a condition names. Python's equals are tried as well, since they are others to JSON."""
        known = self.values.setdefault(key, [None])
        for value in values:
            if not any(type(value) is type(other) and value == other for other in known):
                known.append(value)

    def configurations(self) -> tuple[dict[str, Any], ...]:
        """The whole product; () where it is too large for Hamilton to build it all."""
        rows = [[*values, *_strangers(values)] for values in self.values.values()]
        if prod(map(len, rows)) > MOST_CONFIGS:
            return ()
        return tuple(
            {key: value for key, value in zip(self.values, chosen, strict=True) if value is not None}
            for chosen in product(*rows)
        )


def generate_variants(choice: Choice) -> Generated:
    """One dataflow, all of whose draws come from `choice`."""
    while not (made := _generated(choice)).configs:
        continue
    return made


def _generated(choice: Choice) -> Generated:
    keys = choice.some(list(KEYS), 1, choice.weighted([(5, 2), (3, 3), (2, 1)]))
    space = Space({key: [None] for key in keys})
    modules = ["flow"] if choice.chance(75) else ["flow", "later"]
    used: list[str] = []
    files = [(f"{name}.py", _module(choice, space, used)) for name in modules]
    order = choice.shuffled(modules)
    overrides = choice.chance(12)
    configs = space.configurations()
    return Generated(tuple(files), tuple(order), configs, overrides, tuple(keys), tuple(used), (), in_space=True)


def _module(choice: Choice, space: Space, used: list[str]) -> str:
    functions: dict[str, str] = {}
    for _ in range(choice.number(2, 6)):
        written = _function(choice, space, used)
        functions[written.partition("def ")[2].partition("(")[0]] = written
    return "\n\n\n".join(["from hamilton.function_modifiers import config", *functions.values()]) + "\n"


def _function(choice: Choice, space: Space, used: list[str]) -> str:
    name = choice.pick(NAMES)
    conditions = [_condition(choice, space, used) for _ in range(choice.weighted([(3, 0), (5, 1), (2, 2)]))]
    suffixes = choice.pick(("v1", "v2", "v3")) if conditions else ""
    written = "__".join([name, *[suffixes] * len(conditions)])
    reads = choice.some([*NAMES, *INPUTS], 0, 3)
    parameters = [f"{read}: {choice.pick(TYPES)}" for read in reads]
    parameters = _with_defaults(choice, parameters)
    lines = [f"@config.{condition}\n" if condition[0] != "(" else f"@config{condition}\n" for condition in conditions]
    return f"{''.join(lines)}def {written}({', '.join(parameters)}) -> {choice.pick(TYPES)}:\n    return None"


def _with_defaults(choice: Choice, parameters: list[str]) -> list[str]:
    """The last parameters may have defaults."""
    count = choice.weighted([(7, 0), (2, 1), (1, 2)])
    at = max(len(parameters) - count, 0)
    return [*parameters[:at], *(f"{parameter} = None" for parameter in parameters[at:])]


def _condition(choice: Choice, space: Space, used: list[str]) -> str:
    kind = choice.weighted([(5, "when"), (3, "when_not"), (3, "when_in"), (3, "when_not_in"), (2, "predicate")])
    used.append(kind)
    keys = choice.some(list(space.values), 1, choice.weighted([(5, 1), (1, 2)]))
    if kind == "predicate":
        return _predicate(choice, space, keys[0])
    pairs = [f"{key}={_operand(choice, space, key, kind)}" for key in keys]
    return f"{kind}({', '.join(pairs)})"


def _operand(choice: Choice, space: Space, key: str, kind: str) -> str:
    if kind in ("when", "when_not"):
        value = choice.pick(KEYS[key])
        space.mention(key, value)
        return repr(value)
    if choice.chance(8):
        text = choice.pick(TEXTS)
        space.mention(key, text, text[:2], 7)
        return repr(text)
    values = choice.some(KEYS[key], 0, 3)
    space.mention(key, *values)
    return repr(values)


def _predicate(choice: Choice, space: Space, key: str) -> str:
    value = choice.pick(KEYS[key])
    space.mention(key, value)
    tests = (
        f"c.get({key!r}) == {value!r}",
        f"c.get({key!r}) != {value!r}",
        f"c.get({key!r}) in [{value!r}, None]",
        f"bool(c.get({key!r}))",
        f"{key!r} in c",
    )
    return f"(lambda c: {choice.pick(tests)})"


def _strangers(values: list[Any]) -> list[Any]:
    """A value that no condition names, of a kind like theirs."""
    return [9] if any(isinstance(value, (int, bool)) for value in values) else ["other"]
