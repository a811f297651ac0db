"""`config(predicate)`: in which configurations does a function of the configuration say yes?

The predicate is tried, by interpretation, on every combination of the values that it can tell apart: per key that it reads,
the constants it mentions, a value it does not mention, and none. That is exact as long as it only looks keys up and compares
them for equality; a predicate that does anything else with the configuration is not read.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, either, none_of, one_of
from dagcheck.evaluation.objects import Function, Lambda
from dagcheck.evaluation.operations import truth
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.source.syntax import Expression, Statement

MOST_TRIALS = 256
_OTHER = "\1another value"
_COMPARABLE = frozenset({"Eq", "NotEq", "In", "NotIn", "Is", "IsNot"})


class Verdict(NamedTuple):
    """Where the predicate holds, and where it raises."""

    holds: Condition
    raises: Condition


def read_predicate(
    predicate: Function | Lambda,
    body: tuple[Statement, ...] | Expression,
    keys: tuple[str, ...] | None,
    call: Callable[[Value, list[Value]], Value],
) -> Verdict | None:
    """The verdict of a predicate; `keys` are those of `config_used`. None when it cannot be read."""
    parameter = _parameter(predicate)
    if parameter is None:
        return None
    looks = _Looks(parameter)
    looks.visit(body)
    if not looks.is_readable:
        return None
    asked = list(keys) if keys is not None else sorted(looks.keys)
    values: list[Any] = [*looks.values, _OTHER, None]
    if len(values) ** len(asked) > MOST_TRIALS:
        return None
    holds, raises = NEVER, NEVER
    for chosen in product(values, repeat=len(asked)):
        config = dict(zip(asked, chosen, strict=True))
        given = {key: value for key, value in config.items() if value is not None or keys is not None}
        answer = truth(call(predicate, [given]))
        if isinstance(answer, Unknown) and not answer.reason.startswith("raises "):
            return None
        cell = _cell(config, looks.values)
        if isinstance(answer, Unknown):
            raises = either(raises, cell) or raises
        elif answer:
            holds = either(holds, cell) or holds
    return Verdict(holds, raises)


def _parameter(predicate: Function | Lambda) -> str | None:
    rows = predicate.header.parameters if isinstance(predicate, Function) else predicate.parameters
    required = [row for row in rows if row[3] is None]
    return required[0][0] if len(required) == 1 and rows[0][1] in ("standard", "positional") else None


def _cell(config: dict[str, Any], values: list[Any]) -> Condition:
    condition: Condition = ALWAYS
    for key, value in config.items():
        part = none_of(key, [*values, None]) if value == _OTHER else one_of(key, [value])
        condition = both(condition, part) or condition
    return condition


class _Looks:
    """What a predicate's text does with its parameter: the keys it looks up, the constants it compares with."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        self.keys: set[str] = set()
        self.values: list[Any] = []
        self.is_readable = True

    def visit(self, part: object) -> None:
        """Look at a part of the text."""
        if not isinstance(part, tuple) or not part:
            return
        if (key := self._looked_up(part)) is not None:
            self.keys.add(key)
        elif part[0] == "name" and len(part) == 3 and part[2] == self._parameter:
            self.is_readable = False
        elif part[0] == "const" and len(part) == 4:
            self._add(part[2])
        elif (part[0] == "compare" and any(name not in _COMPARABLE for name, _ in part[3])) or part[0] in (
            "binary",
            "subscript",
            "attr",
            "comprehension",
            "format",
        ):
            self.is_readable = False
        else:
            for inner in part:
                self.visit(inner)

    def _looked_up(self, part: tuple[Any, ...]) -> str | None:
        """The key of `config["key"]`, `config.get("key")`, `config.get("key", default)` or `"key" in config`."""
        if part[0] == "subscript" and self._is_config(part[2]):
            return _text(part[3])
        if part[0] == "call" and part[2][0] == "attr" and part[2][3] == "get" and self._is_config(part[2][2]):
            for default in part[3][1:]:
                self.visit(default)
            return _text(part[3][0]) if part[3] else None
        if part[0] == "compare" and len(part[3]) == 1 and part[3][0][0] in ("In", "NotIn"):
            return _text(part[2]) if self._is_config(part[3][0][1]) else None
        return None

    def _is_config(self, part: tuple[Any, ...]) -> bool:
        return part[:1] == ("name",) and bool(part[2] == self._parameter)

    def _add(self, value: Any) -> None:
        if value is not None and not any(value == known for known in self.values):
            self.values.append(value)


def _text(part: tuple[Any, ...]) -> str | None:
    text = part[2] if part[0] == "const" else None
    return text if isinstance(text, str) else None
