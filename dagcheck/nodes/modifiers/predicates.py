"""`config(predicate)`: in which configurations does a function of the configuration say yes?

The predicate is tried, by interpretation, on every combination of the values that it can tell apart: per key that it reads,
the constants it is compared with, one value of each sort that counts as false where its truth is asked for, a value that is
none of these, and none. That is exact as long as it only looks keys up, compares them for equality and asks for their truth;
a predicate that does anything else with the configuration is not read, unless the configuration is fixed: then it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any, NamedTuple

from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, either, none_of, one_of
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.objects import MISSING, Function, Lambda, Scope
from dagcheck.evaluation.operations import truth
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.source.syntax import Expression, Statement

MOST_TRIALS = 1024
_OTHER = "\1another value"
_FALSE: tuple[Any, ...] = (False, "", (), [], {})
_COMPARABLE = frozenset({"Eq", "NotEq", "In", "NotIn", "Is", "IsNot"})
_CONTAINERS = frozenset({tuple, list, set, frozenset, dict})
_OPAQUE = frozenset({"binary", "subscript", "attr", "comprehension", "format", "lambda"})

Call = Callable[[Value, list[Value]], Value]


class Verdict(NamedTuple):
    """Where the predicate holds, and where it raises. `needs_config`: a fixed configuration can tell more, as the predicate
    tells a key that is None from one that is not given, or 1 from True.
    """

    holds: Condition
    raises: Condition
    needs_config: bool = False


def call_predicate(
    predicate: Function | Lambda, config: Mapping[str, Value], keys: tuple[str, ...] | None, call: Call
) -> Verdict | None:
    """The verdict in one configuration; None when it cannot be read even there."""
    given = dict(config) if keys is None else {key: config.get(key) for key in keys}
    answer = truth(call(predicate, [given]))
    if isinstance(answer, Unknown):
        return Verdict(NEVER, ALWAYS) if answer.reason.startswith("raises ") else None
    return Verdict(ALWAYS if answer else NEVER, NEVER)


def read_predicate(
    predicate: Function | Lambda,
    body: tuple[Statement, ...] | Expression,
    keys: tuple[str, ...] | None,
    call: Call,
    laid: Mapping[str, Value],
) -> Verdict | None:
    """The verdict of a predicate over all configurations in which `laid` is given; None when it cannot be read.

    `keys` are those of `config_used`.
    """
    parameter = _parameter(predicate)
    if parameter is None:
        return None
    looks = _Looks(parameter, predicate.scope)
    looks.visit(body)
    if not looks.is_readable:
        return None
    asked = {key: looks.values(key) for key in (keys if keys is not None else sorted(looks.keys))}
    choices = {key: [laid[key]] if key in laid else [*values, _OTHER, None] for key, values in asked.items()}
    trials = 1
    for values in choices.values():
        trials *= len(values)
    if trials > MOST_TRIALS:
        return None
    holds, raises, needs_config = NEVER, NEVER, looks.asks_identity
    for chosen in product(*choices.values()):
        config = dict(zip(asked, chosen, strict=True))
        given = {key: value for key, value in config.items() if value is not None or keys is not None or key in laid}
        answer = truth(call(predicate, [given]))
        if isinstance(answer, Unknown) and not answer.reason.startswith("raises "):
            return None
        if len(given) < len(config) and not needs_config:
            needs_config = truth(call(predicate, [config])) != answer
        cell = _cell({key: value for key, value in config.items() if key not in laid}, asked)
        if isinstance(answer, Unknown):
            raises = either(raises, cell) or raises
        elif answer:
            holds = either(holds, cell) or holds
    return Verdict(holds, raises, needs_config)


def _parameter(predicate: Function | Lambda) -> str | None:
    rows = predicate.header.parameters if isinstance(predicate, Function) else predicate.parameters
    required = [row for row in rows if row[3] is None]
    return required[0][0] if len(required) == 1 and rows[0][1] in ("standard", "positional") else None


def _cell(config: dict[str, Any], asked: Mapping[str, list[Any]]) -> Condition:
    condition: Condition = ALWAYS
    for key, value in config.items():
        part = none_of(key, [*asked[key], None]) if value == _OTHER else one_of(key, [value])
        condition = both(condition, part) or condition
    return condition


class _Looks:
    """What a predicate's text does with its parameter: the keys it looks up, the constants it compares with."""

    def __init__(self, parameter: str, scope: Scope) -> None:
        self._parameter = parameter
        self._scope = scope
        self._compared: dict[str, list[Any]] = {}
        self._loose: set[str] = set()
        self._constants: list[Any] = []
        self.is_readable = True
        self.asks_identity = False

    @property
    def keys(self) -> set[str]:
        """The keys that are looked up."""
        return self._compared.keys() | self._loose

    def values(self, key: str) -> list[Any]:
        """The values of a key that the predicate may tell apart."""
        found: list[Any] = []
        loose = [*self._constants, *_FALSE] if key in self._loose else ()
        for value in (*self._compared.get(key, ()), *loose):
            if value is not None and not any(value == known for known in found):
                found.append(value)
        return found

    def visit(self, part: object) -> None:
        """Look at a part of the text."""
        if not isinstance(part, tuple) or not part:
            return
        if (key := self._looked_up(part, self._constants)) is not None:
            self._loose.add(key)
        elif part[0] in ("const", "name", "tuple", "list", "set") and (values := self._values(part)) is not None:
            self._constants.extend(values)
        elif part[0] == "name":
            self.is_readable = False
        elif part[0] == "compare" and len(part) == 4:
            self._compare(part)
        elif part[0] in _OPAQUE or (part[0] == "call" and part[2][0] != "name"):
            self.is_readable = False
        elif part[0] == "call" and part[2][2] != "bool":
            self.is_readable = self.is_readable and not self._reads(part)
        else:
            for inner in part:
                self.visit(inner)

    def _compare(self, part: tuple[Any, ...]) -> None:
        names = [name for name, _ in part[3]]
        if any(name not in _COMPARABLE for name in names):
            self.is_readable = False
            return
        operands = [part[2], *(operand for _, operand in part[3])]
        constants: list[Any] = []
        keys = [self._looked_up(operand, constants) for operand in operands]
        rest = [operand for operand, key in zip(operands, keys, strict=True) if key is None]
        known = [key for key in keys if key is not None]
        if any(name.startswith("Is") for name in names):
            self.asks_identity = self.asks_identity or any(self._values(operand) != [None] for operand in rest)
        if len(known) == 1 and all(self._values(operand) is not None for operand in rest):
            own = self._compared.setdefault(known[0], [])
            own.extend(constants)
            own.extend(value for operand in rest for value in self._values(operand) or ())
            return
        self._loose.update(known)
        self._constants.extend(constants)
        for operand in rest:
            self.visit(operand)

    def _reads(self, part: object) -> bool:
        """Does a look-up, or the configuration itself, stand in this part?"""
        if not isinstance(part, tuple) or not part:
            return False
        return (part[0] == "name" and part[2] == self._parameter) or any(map(self._reads, part))

    def _looked_up(self, part: tuple[Any, ...], defaults: list[Any]) -> str | None:
        """The key of `config["key"]`, `config.get("key")`, `config.get("key", default)` or `"key" in config`."""
        if part[0] == "subscript" and self._is_config(part[2]):
            return _text(part[3])
        if part[0] == "call" and part[2][0] == "attr" and part[2][3] == "get" and self._is_config(part[2][2]):
            given = [self._values(rest) for rest in part[3][1:]]
            if not part[3] or len(part[3]) > 2 or part[4] or None in given:
                return None
            defaults.extend(value for values in given for value in values or ())
            return _text(part[3][0])
        if part[0] == "compare" and len(part[3]) == 1 and part[3][0][0] in ("In", "NotIn"):
            return _text(part[2]) if self._is_config(part[3][0][1]) else None
        return None

    def _is_config(self, part: tuple[Any, ...]) -> bool:
        return bool(part[0] == "name" and part[2] == self._parameter)

    def _values(self, part: tuple[Any, ...]) -> list[Any] | None:
        """What a look-up may be compared with here: a constant, and what it holds; None where that cannot be told."""
        value = self._value(part)
        if isinstance(value, Unknown):
            return None
        return [] if value is MISSING else [value, *(value if type(value) in _CONTAINERS else ())]

    def _value(self, part: tuple[Any, ...]) -> Value:
        """The value of a constant, a display or a name of the module; `MISSING` for a name of the predicate's own."""
        if part[0] == "const":
            return part[2]
        if part[0] == "name" and part[2] != self._parameter:
            value = self._scope.names.get(part[2], MISSING)
            return value if value is MISSING or is_plain(value) else explain(value)
        if part[0] not in ("tuple", "list", "set"):
            return Unknown("is no constant")
        items = [self._value(item) for item in part[2]]
        problem = next((item for item in items if isinstance(item, Unknown) or item is MISSING), None)
        return (tuple(items) if part[0] == "tuple" else items) if problem is None else Unknown("holds no constants")


def _text(part: tuple[Any, ...]) -> str | None:
    text = part[2] if part[0] == "const" else None
    return text if isinstance(text, str) else None
