"""`config.when`, `when_not`, `when_in`, `when_not_in`, `config(...)`, `hamilton_exclude`: does the function exist?

Source: `hamilton.function_modifiers.configuration`. All conditions of a stack must hold; a key that is absent counts as
None; each modifier of the family cuts the function's name at its last `__`, and the topmost `name=` wins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagcheck.evaluation.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    both,
    none_of,
    one_of,
    opaque,
    part_of,
)
from dagcheck.evaluation.ignorance import describe, explain, is_data, is_plain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.objects import Function, Instance, Lambda
from dagcheck.evaluation.values import Reference, Rest, Unknown, Value
from dagcheck.nodes.arguments import blame, positional
from dagcheck.nodes.modifiers.predicates import read_predicate
from dagcheck.nodes.node import Fault
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use

LONGEST_TEXT = 40
"""Characters of a string used as a collection whose substrings are still listed."""


def resolve(subject: Subject, use: Use) -> Condition:
    """The condition under which this use lets the function exist; renames the subject."""
    if use.name == "hamilton_exclude":
        if not use.bare:
            subject.reject(use, "`hamilton_exclude` takes no parentheses", advice="write `@hamilton_exclude`")
        return NEVER
    _check_name(subject, use)
    takes_name = use.name in ("config.when", "config.when_not", "config.when_in")
    name = use.keyword("name", use.arguments[0] if use.arguments else None) if takes_name else None
    if use.name == "config":
        name = use.keyword("target_name", use.arguments[1] if len(use.arguments) > 1 else None)
        condition = _predicate(subject, use)
    else:
        pairs = [(key, value) for key, value in use.keywords if not (takes_name and key == "name")]
        condition = _all(subject, use, pairs)
        subject.config_keys = tuple(key for key, _ in pairs)
    if isinstance(name, str):
        subject.name = name
    elif name is None:
        subject.name = subject.name.rpartition("__")[0] if "__" in subject.name else subject.name
    else:
        subject.unresolved(use, name, ("keyword", "name"))
    return condition


def _check_name(subject: Subject, use: Use) -> None:
    name = subject.function.name
    if name.endswith("__"):
        advice = "give the variant a suffix after the underscores"
        subject.reject(
            use, f"`{name}` ends in `__`, so `@{use.name}` would leave nothing to tell it apart", advice=advice
        )


def _all(subject: Subject, use: Use, pairs: Sequence[tuple[str, Value]]) -> Condition:
    read = _READERS.get(use.name)
    if read is None:
        subject.unresolved(use, Unknown(f"`{use.name}` is no modifier that dagcheck knows"))
        return _unreadable(subject, use, use.name)
    condition = ALWAYS
    for key, value in pairs:
        if key == "**":
            subject.unresolved(use, value, complete=True)
            part = _unreadable(subject, use, key)
        else:
            part = read(subject, use, key, value)
        met = both(condition, part)
        condition = met if met is not None else _unreadable(subject, use, key)
    return condition


def _equals(subject: Subject, use: Use, key: str, value: Value) -> Condition:
    content = _content(value)
    if isinstance(content, Unknown):
        subject.unresolved(use, content, ("value", key), complete=True)
        return _unreadable(subject, use, key)
    return one_of(key, [content])


def _differs(subject: Subject, use: Use, key: str, value: Value) -> Condition:
    content = _content(value)
    if isinstance(content, Unknown):
        subject.unresolved(use, content, ("value", key), complete=True)
        return _unreadable(subject, use, key)
    return none_of(key, [content])


def _among(subject: Subject, use: Use, key: str, value: Value) -> Condition:
    return _membership(subject, use, key, value, one_of)


def _not_among(subject: Subject, use: Use, key: str, value: Value) -> Condition:
    return _membership(subject, use, key, value, none_of)


def _membership(
    subject: Subject, use: Use, key: str, value: Value, make: Callable[[str, list[Value]], Condition]
) -> Condition:
    if isinstance(value, str):
        return _substring(subject, use, key, value, make is one_of)
    if is_plain(value) and not isinstance(value, (list, tuple, dict, set, frozenset, range)):
        message = f"`@{use.name}` takes a collection of values for `{key}`, not {describe(value)}"
        subject.reject(use, message, ("value", key), hamilton="build", advice=f"write `{key}=[{value!r}]`")
        return _unreadable(subject, use, key)
    items = iterate(value)
    if isinstance(items, Unknown) or any(isinstance(item, (Unknown, Rest)) for item in items):
        subject.unresolved(use, items if isinstance(items, Unknown) else explain(items), ("value", key), complete=True)
        return _unreadable(subject, use, key)
    contents = [_content(item) for item in items]
    unknown = next((item for item in contents if isinstance(item, Unknown)), None)
    if unknown is not None:
        subject.unresolved(use, unknown, ("value", key), complete=True)
        return _unreadable(subject, use, key)
    return make(key, contents)


def _substring(subject: Subject, use: Use, key: str, text: str, wanted: bool) -> Condition:
    """A string as the collection: Python then looks for a substring, and fails for a value that is no string."""
    if len(text) > LONGEST_TEXT:
        subject.unresolved(use, Unknown("a long string is used as a collection"), ("value", key), complete=True)
        return _unreadable(subject, use, key)
    message = f"`@{use.name}({key}={text!r})` looks for a substring, and fails where `{key}` is not given"
    missing = both(subject.condition, one_of(key, [None]))
    fault = Fault("invalid-modifier", message, blame(use, ("value", key)), missing or ALWAYS, "build", (subject.name,))
    subject.faults.append(fault._replace(help=f"write `{key}=[{text!r}]`"))
    inside = part_of(key, text)
    if wanted:
        return inside
    members = next(iter(inside.boxes))[0][1].members
    return none_of(key, [*members, None])


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


def _predicate(subject: Subject, use: Use) -> Condition:
    """`@config(predicate, config_used=[...])`: where the predicate holds; where it raises, so does the build."""
    predicate, used = positional(use, 0, "resolves"), positional(use, 2, "config_used")
    keys = tuple(used) if isinstance(used, list) and all(isinstance(key, str) for key in used) else None
    subject.config_keys = ("__UNKNOWN__",) if keys is None else keys
    verdict = None
    if isinstance(predicate, (Function, Lambda)):
        body = subject.setting.body(predicate) if isinstance(predicate, Function) else predicate.body
        verdict = read_predicate(predicate, body, keys, subject.setting.call)
    if verdict is None:
        reason = Unknown(f"the predicate {describe(predicate)} does more than look keys up and compare them")
        subject.unresolved(use, reason, ("argument", 0), complete=True)
        return _unreadable(subject, use, "predicate")
    failing = both(subject.condition, verdict.raises)
    if failing is not None and failing != NEVER:
        message = "the predicate of `@config` raises an exception where a key that it looks up is not given"
        place = blame(use, ("argument", 0))
        fault = Fault("invalid-modifier", message, place, failing, "build", (subject.name,), path=use.application.path)
        subject.faults.append(fault._replace(help="use `.get(key)`"))
    return verdict.holds


def _unreadable(subject: Subject, use: Use, key: str) -> Condition:
    place = use.application.place
    return opaque(f"{use.application.path}:{place[0]}:{place[1]}:{key}")


_PLAIN_BASES = frozenset({"builtins.str", "builtins.int", "enum.IntEnum", "enum.StrEnum", "enum.IntFlag"})
_READERS: dict[str, Callable[[Subject, Use, str, Value], Condition]] = {
    "config.when": _equals,
    "config.when_not": _differs,
    "config.when_in": _among,
    "config.when_not_in": _not_among,
}
