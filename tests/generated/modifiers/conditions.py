"""`config.when` and its kin: under which configurations is there a function?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.generated.functions import Draft
from tests.generated.modifiers.recipe import Recipe, text, texts
from tests.generated.values import called

KEYS: dict[str, Sequence[Any]] = {
    "region": ("US", "EU", "UK"),
    "mode": ("fast", "slow", None),
    "level": (1, 2, 3),
    "flag": (True, False, None),
    "mix": (1, "1", True, None, 1.5),
    "cols": (["a"], ["a", "b"], None),
    "x": (1, 2),
}
"""Keys of the configuration, and values that conditions name; `x` is often an input as well."""


def condition(draft: Draft) -> dict[str, Any]:
    """One or two keys, each with a value."""
    choice = draft.choice
    keys = choice.some(list(KEYS), 1, choice.weighted([(4, 1), (1, 2)]))
    return {key: _one(draft, key) for key in keys}


def when(draft: Draft) -> str:
    """`config.when(key=value)`."""
    return _write(draft, "config.when", condition(draft), takes_name=True)


def when_not(draft: Draft) -> str:
    """`config.when_not(key=value)`."""
    return _write(draft, "config.when_not", condition(draft), takes_name=True)


def when_in(draft: Draft) -> str:
    """`config.when_in(key=[...])`."""
    return _write(draft, "config.when_in", _memberships(draft), takes_name=True)


def when_not_in(draft: Draft) -> str:
    """`config.when_not_in(key=[...])`; its `name` is a key of the configuration."""
    return _write(draft, "config.when_not_in", _memberships(draft), takes_name=False)


def predicate(draft: Draft) -> str:
    """`config(function)`."""
    choice, writing = draft.choice, draft.writing
    key = choice.pick(list(KEYS))
    value = _one(draft, key)
    other = _one(draft, choice.pick(list(KEYS)))
    tests = (
        f"config.get({key!r}) == {value!r}",
        f"config.get({key!r}, {value!r}) == {value!r}",
        f"config.get({key!r}) != {value!r}",
        f"config.get({key!r}) in ({value!r}, {other!r})",
        f"config.get({key!r}) == {value!r} or config.get('mode') == 'fast'",
        f"not config.get({key!r})",
        f"{key!r} in config",
        f"{key!r} in config and config[{key!r}] == {value!r}",
        f"config[{key!r}] == {value!r}",
    )
    test = choice.pick(tests)
    writing.mention("mode", "fast")
    form = choice.pick(("lambda", "def", "branches"))
    if form == "lambda":
        function = f"lambda config: {test}"
    else:
        function = writing.fresh("_is_chosen")
        body = f"return {test}" if form == "def" else f"if {test}:\n        return True\n    return False"
        draft.module.add(f"def {function}(config):\n    {body}")
    rest = {"config_used": [key, "mode"]} if choice.chance(25) else {}
    _suffix(draft)
    return called(draft.hamilton("config"), [function], texts(draft, rest))


def exclude(draft: Draft) -> str:
    """`hamilton_exclude`, which takes no parentheses."""
    name = draft.hamilton("hamilton_exclude")
    if draft.writing.wrong("hamilton_exclude()"):
        return f"{name}()"
    draft.outputs.clear()
    return name


def _one(draft: Draft, key: str) -> Any:
    value = draft.choice.pick(KEYS[key])
    draft.writing.mention(key, value)
    return value


def _memberships(draft: Draft) -> dict[str, Any]:
    choice, writing = draft.choice, draft.writing
    key = choice.pick(list(KEYS))
    values = choice.some(KEYS[key], 1, 3)
    for value in values:
        writing.mention(key, value)
    if writing.wrong("a value for a collection"):
        return {key: 5}
    if choice.chance(6) and key == "region":
        return {key: "US EU"}
    plain = all(not isinstance(value, list) for value in values)
    kind = choice.weighted([(6, list), (2, tuple), (1, set if plain else list)])
    return {key: kind(values)}


def _write(draft: Draft, name: str, keywords: dict[str, Any], *, takes_name: bool) -> str:
    _suffix(draft)
    if takes_name and draft.choice.chance(8):
        keywords = {**keywords, "name": "renamed" if draft.choice.chance(50) else draft.name}
        if keywords["name"] == "renamed" and draft.returns is not None:
            draft.outputs = {"renamed": draft.returns}
    if draft.writing.wrong("positional argument of config.when", 3):
        return called(draft.hamilton(name), [text(draft, "US"), text(draft, "x")], {})
    return called(draft.hamilton(name), [], texts(draft, keywords))


def _suffix(draft: Draft) -> None:
    """A variant usually has a suffix; Hamilton cuts one for each modifier of this family."""
    if draft.writing.wrong("name ends in __", 3):
        draft.suffix = "__"
    elif not draft.suffix and draft.choice.chance(70):
        draft.suffix = draft.choice.pick(("__a", "__b", "__us", "__v1", "__a__b"))


def _unconditional(draft: Draft) -> bool:
    return not any(name in RECIPES for name in draft.uses)


RECIPES: dict[str, Recipe] = {
    "config.when": Recipe(when, weight=6),
    "config.when_not": Recipe(when_not, weight=3),
    "config.when_in": Recipe(when_in, weight=4),
    "config.when_not_in": Recipe(when_not_in, weight=3),
    "config": Recipe(predicate, _unconditional, weight=2),
    "hamilton_exclude": Recipe(exclude, _unconditional, weight=1),
}
