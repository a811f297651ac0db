"""How is a configuration's value written?

Values are those of `dagcheck.evaluation.values`: plain data, or what stands for objects that were not made. Both forms
are total and deterministic: sets are sorted, nothing depends on memory addresses or hash seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dagcheck.evaluation.boxes import Unhashable
from dagcheck.evaluation.values import Construction, Member, Module, Reference, Subscripted, Unknown, Value

ABSENT = {"$absent": True}
"""The JSON form of "the configuration has no such key"."""

_MOST_VALUES = 8


def as_json(value: Value) -> Any:
    """`value` itself if JSON can say it and read it back unchanged, else `{"$repr": "..."}`."""
    plain = value.value if isinstance(value, Unhashable) else value
    return plain if plain == ABSENT or _is_json(plain) else {"$repr": written(value)}


def written(value: Value) -> str:
    """`value` as a person would write it in Python: `"US"`, `[1, 2]`, `pandas.DataFrame`."""
    if isinstance(value, str):
        return _quoted(value)
    known = _written_name(value)
    if known is not None:
        return known
    if isinstance(value, list):
        return f"[{_row(value)}]"
    if isinstance(value, tuple):
        return f"({_row(value)},)" if len(value) == 1 else f"({_row(value)})"
    if isinstance(value, (set, frozenset)):
        return _written_set(value)
    if isinstance(value, Mapping):
        if value.keys() == {"$repr"}:
            return str(value["$repr"])
        return "{" + ", ".join(f"{written(key)}: {written(item)}" for key, item in value.items()) + "}"
    return repr(value)


def settings_in_words(config: Iterable[tuple[str, Value]]) -> str:
    """A configuration on one line: `region="US", debug=True, mode absent`."""
    return ", ".join(f"{key} absent" if value == ABSENT else f"{key}={written(value)}" for key, value in config)


def condition_in_words(when: Iterable[Mapping[str, Any]]) -> str:
    """The `when` of a graph entry on one line: `(region="US" and debug absent) or region in {"EU", "UK"}`."""
    boxes = [[_allowed(key, allowed) for key, allowed in box.items()] for box in when]
    return " or ".join(f"({' and '.join(box)})" if len(box) > 1 < len(boxes) else " and ".join(box) for box in boxes)


def _allowed(key: str, allowed: Mapping[str, Any]) -> str:
    if "part_of" in allowed:
        return f"{key} in {written(allowed['part_of'])}"
    is_positive = "in" in allowed
    values = [*allowed["in" if is_positive else "not_in"]]
    if values == [ABSENT]:
        return f"{key} {'absent' if is_positive else 'given'}"
    names = ["absent" if value == ABSENT else written(value) for value in values]
    if len(names) > _MOST_VALUES:
        names[_MOST_VALUES - 1 :] = [f"... {len(names) - _MOST_VALUES + 1} more"]
    if len(names) == 1:
        return f"{key}{'=' if is_positive else '!='}{names[0]}"
    return f"{key} {'in' if is_positive else 'not in'} {{{', '.join(names)}}}"


def _is_json(value: Value) -> bool:
    if value is None or type(value) in {bool, int, str}:
        return True
    if type(value) is float:
        return value - value == 0  # neither infinite nor NaN
    if type(value) is list:
        return all(map(_is_json, value))
    if type(value) is dict:
        return all(type(key) is str and key[:1] != "$" and _is_json(item) for key, item in value.items())
    return False


def _written_name(value: Value) -> str | None:
    match value:
        case Unhashable(text):
            return text
        case Unknown(reason):
            return f"<unknown: {reason}>"
        case Module(name) | Reference(name):
            return name.removeprefix("builtins.")
        case Member(owner, name):
            return f"{written(owner)}.{name}"
        case Subscripted(owner, arguments):
            return f"{written(owner)}[{_row(arguments)}]"
        case Construction(callee, arguments, keywords):
            named = [f"{key}={written(item)}" for key, item in keywords]
            return f"{written(callee)}({', '.join([*map(written, arguments), *named])})"
    return None


def _written_set(value: set[Any] | frozenset[Any]) -> str:
    row = ", ".join(sorted(map(written, value)))
    if isinstance(value, frozenset):
        return f"frozenset({{{row}}})" if row else "frozenset()"
    return f"{{{row}}}" if row else "set()"


def _quoted(text: str) -> str:
    plain = repr(text)
    return plain if plain[0] == '"' or '"' in text else f'"{plain[1:-1]}"'


def _row(values: Iterable[Value]) -> str:
    return ", ".join(map(written, values))
