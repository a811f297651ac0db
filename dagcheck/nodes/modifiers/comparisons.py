"""In which configurations does `when(key=value)` hold?

The readers behind `config.when`, `when_not`, `when_in`, `when_not_in` and behind the methods of those names on a `step(...)`.
All pairs of a call must hold; a key that is absent counts as None (`hamilton.function_modifiers.configuration.ConfigResolver`).
What cannot be read becomes an opaque condition, so that both answers are followed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dagcheck.evaluation.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    both,
    has_no_hash,
    is_text,
    none_of,
    one_of,
    opaque,
    part_of,
)
from dagcheck.evaluation.ignorance import describe, explain, is_data, is_plain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.objects import Instance
from dagcheck.evaluation.values import Reference, Rest, Unknown, Value
from dagcheck.nodes.arguments import Step, blame
from dagcheck.nodes.node import Fault
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use

LONGEST_TEXT = 40
"""Characters of a string used as a collection whose substrings are still listed."""


class Asked(NamedTuple):
    """One call: `kind` is `when` or another of `KINDS`, `words` what messages call it, `steps` lead to it in the use.

    `where` is where it is asked at all: Python looks at the pairs in order and stops at the first that fails.
    """

    subject: Subject
    use: Use
    kind: str
    words: str
    steps: tuple[Step, ...] = ()
    where: Condition = ALWAYS


def compared(asked: Asked, pairs: Sequence[tuple[str, Value]]) -> Condition:
    """Where all pairs hold."""
    condition, read = ALWAYS, KINDS[asked.kind]
    for key, value in pairs:
        if key == "**":
            asked.subject.unresolved(asked.use, value, *asked.steps, complete=True)
            part = unreadable(asked.use, key, *asked.steps)
        else:
            where = both(asked.where, condition)
            part = read(asked._replace(where=asked.where if where is None else where), key, value)
        met = both(condition, part)
        condition = met if met is not None else unreadable(asked.use, key, *asked.steps)
    return condition


def unreadable(use: Use, key: str, *steps: Step) -> Condition:
    """A condition that nobody can read, told from others by its place."""
    place = blame(use, *steps)
    return opaque(f"{use.application.path}:{place[0]}:{place[1]}:{key}")


def _equals(asked: Asked, key: str, value: Value) -> Condition:
    content = _content(value)
    return _unknown(asked, key, content) if isinstance(content, Unknown) else one_of(key, [content])


def _differs(asked: Asked, key: str, value: Value) -> Condition:
    content = _content(value)
    return _unknown(asked, key, content) if isinstance(content, Unknown) else none_of(key, [content])


def _among(asked: Asked, key: str, value: Value) -> Condition:
    return _membership(asked, key, value, one_of)


def _not_among(asked: Asked, key: str, value: Value) -> Condition:
    return _membership(asked, key, value, none_of)


def _membership(asked: Asked, key: str, value: Value, make: Callable[[str, list[Value]], Condition]) -> Condition:
    if isinstance(value, str):
        return _substring(asked, key, value, make is one_of)
    if is_plain(value) and not isinstance(value, (list, tuple, dict, set, frozenset, range)):
        message = f"`{asked.words}` takes a collection of values for `{key}`, not {describe(value)}"
        _fail(asked, key, message, asked.where, f"write `{key}=[{value!r}]`")
        return unreadable(asked.use, key, *asked.steps)
    items = iterate(value)
    if isinstance(items, Unknown) or any(isinstance(item, (Unknown, Rest)) for item in items):
        return _unknown(asked, key, items if isinstance(items, Unknown) else explain(items))
    if isinstance(value, (set, frozenset, dict)):
        _note_hashless(asked, key, value)
    contents = [_content(item) for item in items]
    unknown = next((item for item in contents if isinstance(item, Unknown)), None)
    return make(key, contents) if unknown is None else _unknown(asked, key, unknown)


def _note_hashless(asked: Asked, key: str, value: Value) -> None:
    """Python looks a value up in a set or a dictionary by its hash, and fails for a value that has none."""
    message = f"`{asked.words}` looks `{key}` up in {describe(value)}, and fails where `{key}` has no hash"
    met = both(asked.where, has_no_hash(key))
    _fail(asked, key, message, asked.where if met is None else met, f"write `{key}=[...]`")


def _substring(asked: Asked, key: str, text: str, wanted: bool) -> Condition:
    """A string as the collection: Python then looks for a substring, and fails for a value that is no string."""
    if len(text) > LONGEST_TEXT:
        return _unknown(asked, key, Unknown("a long string is used as a collection"))
    message = f"`{asked.words}({key}={text!r})` looks for a substring, and fails where `{key}` is no string"
    missing = both(asked.where, is_text(key, wanted=False))
    _fail(asked, key, message, asked.where if missing is None else missing, f"write `{key}=[{text!r}]`")
    inside = part_of(key, text)
    if wanted:
        return inside
    members = next(iter(inside.boxes))[0][1].members
    return none_of(key, [*members, None])


def _unknown(asked: Asked, key: str, unknown: Unknown) -> Condition:
    asked.subject.unresolved(asked.use, unknown, *asked.steps, ("value", key), complete=True)
    return unreadable(asked.use, key, *asked.steps)


def _fail(asked: Asked, key: str, message: str, where: Condition, advice: str) -> None:
    """Note that the comparison raises where the condition holds."""
    subject, use = asked.subject, asked.use
    condition = both(subject.condition, where)
    if condition == NEVER:
        return
    span, nodes = blame(use, *asked.steps, ("value", key)), (subject.name,)
    met = subject.condition if condition is None else condition
    fault = Fault("invalid-modifier", message, span, met, "build", nodes, path=use.application.path)
    subject.faults.append(fault._replace(help=advice))


def _content(value: Value) -> Value:
    """What a configuration value is compared with; members of `str` and `int` Enums equal their values."""
    if isinstance(value, Instance):
        mixed = any(isinstance(base, Reference) and base.name in _PLAIN_BASES for base in value.of.bases)
        return value.fields.get("value", Unknown("is an object")) if mixed else _member(value)
    if is_data(value):
        return value if is_plain(value) else explain(value)
    return explain(value)


def _member(value: Instance) -> Value:
    """An Enum member equals nothing but itself: its full name stands for it."""
    return (f"{value.of.module}.{value.of.qualname}", value.fields.get("name", repr(value.fields)))


_PLAIN_BASES = frozenset({"builtins.str", "builtins.int", "enum.IntEnum", "enum.StrEnum", "enum.IntFlag"})

KINDS: dict[str, Callable[[Asked, str, Value], Condition]] = {
    "when": _equals,
    "when_not": _differs,
    "when_in": _among,
    "when_not_in": _not_among,
}
"""The ways to compare."""
