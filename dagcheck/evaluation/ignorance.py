"""Why is it not known? Words for the values that cannot be read, and tests for those that can.

`plain` values are Python data through and through: they may be handed to Python's own operations. All else is described
by `explain`, so that a finding can name what stopped the reading: a file, the environment, a third-party call.
"""

from __future__ import annotations

from dagcheck.evaluation.objects import MISSING, Bound, Class, Either, Function, Instance, Lambda, Method, Model
from dagcheck.evaluation.values import (
    Alternatives,
    Argument,
    Construction,
    Forward,
    Member,
    Module,
    Reference,
    Rest,
    Subscripted,
    Text,
    Unknown,
    Value,
)

_SCALARS = frozenset({int, str, Text, float, bool, type(None), bytes, complex, type(...), slice, range})
_CONTAINERS = frozenset({list, tuple, set, frozenset})

_RUN_TIME = {
    "builtins.open": "reads a file",
    "builtins.input": "asks the user",
    "builtins.__import__": "imports by a computed name",
    "os.environ": "depends on the environment",
    "os.getenv": "depends on the environment",
    "sys.argv": "depends on the command line",
    "sys.platform": "depends on the platform",
    "sys.version_info": "depends on the Python version",
    "random": "is random",
    "time": "depends on the time",
    "datetime.datetime.now": "depends on the time",
    "datetime.datetime.today": "depends on the time",
    "datetime.date.today": "depends on the time",
    "glob": "lists files",
    "pathlib.Path": "may look at the file system",
    "os": "asks the operating system",
    "importlib": "imports by a computed name",
    "json.load": "reads a file",
    "yaml": "reads a file",
}


_LONGEST_TRAIL = 500
"""What was done to an argument is not told apart beyond that many letters."""

_READING_METHODS = frozenset(
    {"read_text", "read_bytes", "open", "read", "readlines", "readline", "iterdir", "glob", "rglob"}
)


def is_plain(value: Value) -> bool:
    """Is this Python data through and through?"""
    kind = type(value)
    if kind in _SCALARS:
        return True
    if kind in _CONTAINERS:
        return all(is_plain(item) for item in value)
    if kind is dict:
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    return False


def is_settled(value: Value) -> bool:
    """Is it known which other values equal this one? Then it can be looked up."""
    if type(value) in (tuple, frozenset):
        return all(map(is_settled, value))
    if isinstance(value, Instance):
        return value.key is not MISSING or "_value_" in value.fields
    is_own = isinstance(value, (Class, Function)) or (
        isinstance(value, Reference) and value.name.startswith("builtins.")
    )
    return is_own or is_plain(value)


def is_data(value: Value) -> bool:
    """Is this Python data at its outermost, whatever the elements are?"""
    kind = type(value)
    return kind in _SCALARS or kind in _CONTAINERS or kind is dict


def differs_in_every_run(value: Value) -> bool:
    """Does the text of a value hang on the order of a set, which the hash of a text decides?"""
    if type(value) in (set, frozenset):
        return len(value) > 1 and not all(isinstance(item, (int, float)) for item in value)
    parts = value if type(value) in (list, tuple) else value.values() if type(value) is dict else ()
    return any(map(differs_in_every_run, parts))


def without_places(value: Value) -> Value:
    """Plain data whose texts no longer know where they are written; all else as it is."""
    if isinstance(value, Text):
        return str(value)
    kind = type(value)
    if kind in _CONTAINERS:
        return kind(map(without_places, value))
    return {without_places(key): without_places(item) for key, item in value.items()} if kind is dict else value


def explain(value: Value) -> Unknown:
    """Why `value` is not plain data: the first part of it that cannot be read, and the reason."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Rest):
        return value.unknown
    if isinstance(value, Either):
        return value.unknown
    if isinstance(value, (list, tuple, set, frozenset)) and type(value) in _CONTAINERS:
        return next((explain(item) for item in value if not is_plain(item)), Unknown("cannot be read"))
    if type(value) is dict:
        parts = (part for pair in value.items() for part in pair)
        return next((explain(part) for part in parts if not is_plain(part)), Unknown("cannot be read"))
    if isinstance(value, Construction):
        return _explain_call(value)
    if isinstance(value, Subscripted) and isinstance(value.owner, Reference) and value.owner.name in _RUN_TIME:
        return Unknown(f"{describe(value.owner)} {_RUN_TIME[value.owner.name]}")
    return Unknown(f"{describe(value)} is no plain value")


def derived(value: Value, how: str, *others: Value) -> Value:
    """What comes of something done to what cannot be known; of an argument, the same wherever the same is done to it.

    `others` are what it is done with. Values that are no arguments, and known ones, are given back as they are.
    """
    if not isinstance(value, Argument):
        return value
    words = [_identity(other) for other in others]
    trail = f"{value.trail} {how}({', '.join(filter(None, words))})"
    if None in words or len(trail) > _LONGEST_TRAIL:
        return Unknown(value.reason, value.location, value.choice)
    return value._replace(trail=trail)


def _identity(value: Value) -> str | None:
    """A text that tells this value from all others; None where there is none."""
    if isinstance(value, Unknown):
        return f"{value.reason} {value.location} {value.trail}" if isinstance(value, Argument) else None
    if type(value) in (list, tuple):
        parts = [_identity(part) for part in value]
        return None if None in parts else f"[{', '.join(filter(None, parts))}]"
    if isinstance(value, (Function, Class)):
        return (
            f"{value.qualname} {value.scope.path}"
            if isinstance(value, Function)
            else f"{value.module}.{value.qualname}"
        )
    if isinstance(value, (Reference, Module)):
        return repr(value)
    return repr(value) if is_plain(value) and type(value) not in (set, frozenset) else None


def describe(value: Value) -> str:
    """A few words for a value, for messages."""
    if isinstance(value, (Function, Class)):
        return f"`{value.name}`"
    if isinstance(value, Lambda):
        return "a lambda"
    if isinstance(value, Instance):
        return f"an object of `{value.of.name}`"
    if isinstance(value, Reference):
        return f"`{value.name.removeprefix('builtins.')}`"
    if isinstance(value, Module):
        return f"module `{value.module}`"
    if isinstance(value, Method):
        return f"`{describe(value.owner).strip('`')}.{describe(value.function).strip('`').rpartition('.')[2]}`"
    if isinstance(value, (Member, Bound)):
        return f"`{describe(value.owner).strip('`')}.{value.name}`"
    if isinstance(value, Construction):
        return f"`{describe(value.callee).strip('`')}(...)`"
    if isinstance(value, (Subscripted, Alternatives, Forward)):
        return "a type"
    if isinstance(value, Unknown):
        return "an unknown value"
    if isinstance(value, Model):
        return str(value.title)
    text = repr(value)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}...`"


def _explain_call(value: Construction) -> Unknown:
    """The innermost call that cannot be followed is the reason: of `loads(open(path).read())` that is the opening."""
    if isinstance(value.callee, Member) and value.callee.name in _READING_METHODS:
        return Unknown(f"{describe(value.callee)} reads a file", value.location)
    inner = [*value.arguments, *(part for _, part in value.keywords)]
    owner = value.callee.owner if isinstance(value.callee, Member) else None
    for part in [owner, *inner]:
        if isinstance(part, (Unknown, Rest, Construction)):
            return explain(part)
    return Unknown(_call_reason(value.callee), value.location)


def _call_reason(callee: Value) -> str:
    root = callee
    while isinstance(root, (Member, Construction, Subscripted)):
        root = root.callee if isinstance(root, Construction) else root.owner
    if isinstance(root, Reference):
        name = root.name
        while name:
            if name in _RUN_TIME:
                return f"{describe(callee)} {_RUN_TIME[name]}"
            name = name.rpartition(".")[0]
        return f"depends on a call of {describe(callee)}"
    return f"depends on a call of {describe(callee)}"
