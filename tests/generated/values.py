"""In how many ways can a value be written in Python?

`written` gives an expression that is worth the value, with the statements, constants of other modules and functions that it
needs. The value is known beforehand; how it is put is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.generated.writing import Module, Writing


class Raw(NamedTuple):
    """An expression as it stands: `source("a")`, a type, a function's name."""

    text: str
    kind: str = "raw"


class Ink(NamedTuple):
    """Where something is written, and how deep inside."""

    writing: Writing
    module: Module
    depth: int = 0

    def inside(self) -> Ink:
        """One level deeper: things get plainer."""
        return self._replace(depth=self.depth + 1)


def written(writing: Writing, module: Module, value: Any) -> str:
    """An expression for the value."""
    return _written(Ink(writing, module), value)


def constant(writing: Writing, module: Module, value: Any) -> str:
    """A constant with that value, in this module or in another one, by the name under which it is known here."""
    return _constant(Ink(writing, module), value)


def called(head: str, arguments: list[str], keywords: dict[str, str]) -> str:
    """The text of a call; keywords that are no identifiers travel in a dictionary."""
    named = [f"{key}={value}" for key, value in keywords.items() if key.isidentifier()]
    others = [f"{key!r}: {value}" for key, value in keywords.items() if not key.isidentifier()]
    spread = ["**{" + ", ".join(others) + "}"] if others else []
    return f"{head}({', '.join([*arguments, *named, *spread])})"


def spread(writing: Writing, module: Module, keywords: dict[str, Any]) -> dict[str, str]:
    """Keyword arguments as texts for `called`."""
    return {key: written(writing, module, value) for key, value in keywords.items()}


def _written(ink: Ink, value: Any) -> str:
    plain = _plain(ink, value)
    if isinstance(value, Raw) or not ink.writing.choice.chance(max(4, 30 - 12 * ink.depth)):
        return plain
    ways = [*_WAYS.get(type(value), ()), *_ANY]
    return ink.writing.choice.pick(ways)(ink.inside(), value) or plain


def _plain(ink: Ink, value: Any) -> str:
    """A display, or the literal."""
    inner = ink.inside()
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, (list, tuple, set)) and value:
        parts = ", ".join(_written(inner, part) for part in value)
        if isinstance(value, list):
            return f"[{parts}]"
        return f"{{{parts}}}" if isinstance(value, set) else f"({parts}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(inner, key)}: {_written(inner, part)}" for key, part in value.items()) + "}"
    return repr(value)


# --- ways that fit every value


def _constant(ink: Ink, value: Any) -> str:
    choice = ink.writing.choice
    text = _plain(ink, value)
    if choice.chance(50) or _holds_raw(value):
        name = ink.writing.fresh("_CONSTANT")
        ink.module.add(f"{name} = {text}")
        return name
    home = ink.writing.module("shared", "shared.py")
    if home is ink.module:
        return text
    name = ink.writing.fresh("CONSTANT")
    home.add(f"{name} = {_plain(Ink(ink.writing, home, 2), value)}")
    return _from_shared(ink, name)


def _from_shared(ink: Ink, name: str) -> str:
    form = ink.writing.choice.pick(("from", "module", "as"))
    if form == "from":
        ink.module.need(f"from shared import {name}")
        return name
    alias = "shared" if form == "module" else "from_elsewhere"
    ink.module.need("import shared" if form == "module" else "import shared as from_elsewhere")
    return f"{alias}.{name}"


def _holds_raw(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_raw(part) for pair in value.items() for part in pair)
    return isinstance(value, Raw) or (isinstance(value, (list, tuple, set)) and any(_holds_raw(part) for part in value))


def _conditional(ink: Ink, value: Any) -> str:
    test = ink.writing.choice.pick(("True", "1 < 2", "not False", "len('ab') == 2", "'a' in 'abc'"))
    return f"({_plain(ink, value)} if {test} else None)"


def _helper(ink: Ink, value: Any) -> str:
    name = ink.writing.fresh("_same")
    ink.module.add(f"def {name}(given=None):\n    return given")
    return f"{name}({_plain(ink, value)})"


def _making(ink: Ink, value: Any) -> str:
    name = ink.writing.fresh("_make")
    ink.module.add(f"def {name}():\n    made = {_plain(ink, value)}\n    return made")
    return f"{name}()"


def _looked_up(ink: Ink, value: Any) -> str:
    text = _plain(ink, value)
    return ink.writing.choice.pick(
        (f"[0, {text}][1]", f"({text}, None)[0]", f"{{'k': {text}}}['k']", f"{{'k': {text}}}.get('k')", f"[{text}][-1]")
    )


def _attribute(ink: Ink, value: Any) -> str:
    name, text = ink.writing.fresh("Holder"), _plain(ink, value)
    form = ink.writing.choice.pick(("class", "dataclass", "enum", "named tuple"))
    if form == "class":
        ink.module.add(f"class {name}:\n    held = {text}")
        return f"{name}.held"
    if form == "dataclass":
        ink.module.need("import dataclasses")
        ink.module.add(f"@dataclasses.dataclass\nclass {name}:\n    held: object")
        return f"{name}({text}).held"
    if form == "enum" and isinstance(value, (str, int, float)):
        ink.module.need("import enum")
        ink.module.add(f"class {name}(enum.Enum):\n    HELD = {text}")
        return f"{name}.HELD.value"
    ink.module.need("import typing")
    ink.module.add(f"class {name}(typing.NamedTuple):\n    held: object")
    return f"{name}(held={text}).held"


_ANY = (_constant, _constant, _conditional, _helper, _making, _looked_up, _attribute)


# --- ways that fit one kind of value


def _split_text(ink: Ink, value: str) -> str:
    choice = ink.writing.choice
    at = choice.number(0, len(value))
    first, second = value[:at], value[at:]
    form = choice.pick(("+", "f", "%", "format", "join"))
    if form == "+":
        return f"{_written(ink, first)} + {_written(ink, second)}"
    if form == "%":
        return f"'%s%s' % ({first!r}, {second!r})"
    if form == "format":
        return f"'{{}}{{}}'.format({first!r}, {second!r})"
    if form == "join":
        return f"''.join([{first!r}, {second!r}])"
    name = _constant(ink, first)
    braces = second.replace("{", "{{").replace("}", "}}")
    is_plain = repr(second)[1:-1] == second and "'" not in name and '"' not in name
    return f"f'{{{name}}}{braces}'" if is_plain else repr(value)


def _text_method(ink: Ink, value: str) -> str:
    forms = [f"{f' {value} '!r}.strip()"] if value == value.strip() else []
    if value == value.lower():
        forms.append(f"{value.upper()!r}.lower()" if value.upper().lower() == value else repr(value))
    forms += [f"{'x' + value!r}[1:]", f"{value + '-x'!r}.removesuffix('-x')", f"str({value!r})"]
    if "_" in value:
        forms.append(f"{value.replace('_', '-')!r}.replace('-', '_')" if "-" not in value else repr(value))
    return ink.writing.choice.pick(forms)


def _arithmetic(ink: Ink, value: int) -> str:
    one = ink.writing.choice.number(1, 5)
    forms = [
        f"{value - one} + {one}",
        f"{value * one} // {one}",
        f"int({str(value)!r})",
        f"-({-value})",
        f"sum(({one}, {value - one}))",
    ]
    if 0 <= value < 10:
        forms += [f"len({'x' * value!r})", f"{value + 10 * one} % 10", f"max(0, {value})"]
    return ink.writing.choice.pick(forms)


def _truth(ink: Ink, value: bool) -> str:
    return ink.writing.choice.pick(
        (f"not {not value}", f"bool({int(value)})", f"1 {'==' if value else '!='} 1", f"({value} or False)")
    )


def _fraction(ink: Ink, value: float) -> str:
    return ink.writing.choice.pick((f"{value * 2} / 2", f"float({str(value)!r})", f"{value} * 1"))


def _list_ways(ink: Ink, value: list[Any]) -> str:
    choice = ink.writing.choice
    at = choice.number(0, len(value))
    first, second = _plain(ink, value[:at]), _plain(ink, value[at:])
    form = choice.pick(("splat", "+", "list", "comprehension", "loop", "slice", "split", "map", "generator"))
    if form == "splat":
        return f"[*{first}, *{second}]"
    if form == "+":
        return f"{first} + {second}"
    if form == "comprehension":
        return f"[each for each in {_plain(ink, value)} if each is not ...]"
    if form == "loop":
        name = ink.writing.fresh("_LIST")
        ink.module.add(f"{name} = []\nfor _each in {_plain(ink, value)}:\n    {name}.append(_each)")
        return name
    if form == "slice":
        return f"{_plain(ink, [*value, None])}[:{len(value)}]"
    if form == "split" and value and all(isinstance(part, str) and part.split() == [part] for part in value):
        return f"{' '.join(value)!r}.split()"
    if form == "map" and all(isinstance(part, str) for part in value):
        return f"list(map(str, {_plain(ink, value)}))"
    if form == "generator":
        return f"list(each for each in {_plain(ink, value)})"
    return f"list({_plain(ink, tuple(value))})"


def _tuple_ways(ink: Ink, value: tuple[Any, ...]) -> str:
    inside = _plain(ink, list(value))
    return ink.writing.choice.pick((f"tuple({inside})", f"(*{inside},)", f"tuple(each for each in {inside})"))


def _dict_ways(ink: Ink, value: dict[Any, Any]) -> str:
    choice = ink.writing.choice
    text = _plain(ink, value)
    pairs = _plain(ink, list(value.items()))
    form = choice.pick(("dict", "zip", "comprehension", "splat", "|", "loop", "update", "items"))
    if form == "zip":
        return f"dict(zip({_plain(ink, list(value))}, {_plain(ink, list(value.values()))}))"
    if form == "comprehension":
        return f"{{key: each for key, each in {pairs}}}"
    if form == "items":
        return f"{{key: each for key, each in {text}.items() if key}}" if all(value) else text
    if form == "splat":
        return f"{{**{text}}}"
    if form == "|":
        return f"({{}} | {text})"
    if form in ("loop", "update"):
        name = ink.writing.fresh("_TABLE")
        filling = (
            f"for _key, _each in {pairs}:\n    {name}[_key] = _each" if form == "loop" else f"{name}.update({text})"
        )
        ink.module.add(f"{name} = {{}}\n{filling}")
        return name
    if all(isinstance(key, str) and key.isidentifier() for key in value):
        inner = ", ".join(f"{key}={_written(ink, part)}" for key, part in value.items())
        return f"dict({inner})"
    return f"dict({pairs})"


def _set_ways(ink: Ink, value: set[Any]) -> str:
    return f"set({_plain(ink, sorted(value, key=repr))})"


_Way = Callable[[Ink, Any], str]

_WAYS: dict[type, tuple[_Way, ...]] = {
    str: (_split_text, _text_method, _split_text),
    int: (_arithmetic, _arithmetic),
    bool: (_truth,),
    float: (_fraction,),
    list: (_list_ways, _list_ways, _list_ways),
    tuple: (_tuple_ways,),
    dict: (_dict_ways, _dict_ways, _dict_ways, _dict_ways),
    set: (_set_ways,),
}
