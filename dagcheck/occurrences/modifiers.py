"""Which arguments of Hamilton's modifiers are names, and what do they name?

Walks the decorators of a function as written. A name either *makes* a node, *reads* one, is the *target* of a modifier among the
nodes of its own function, or is a *parameter* of the function. Only what is spelled out is found: a name that a constant or a
helper function brings stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from dagcheck.source.syntax import Expression, Place

Meaning = Literal["makes", "reads", "target", "parameter"]
NameOf = Callable[[Expression], "str | None"]
"""What an expression means in `hamilton.function_modifiers`: `tag`, `config.when`; None for anything else."""


class Named(NamedTuple):
    """A name among a modifier's arguments. `quoted`: it is a string literal at `place`, otherwise a keyword that begins there."""

    name: str
    place: Place
    meaning: Meaning
    quoted: bool
    modifier: str


def names_in(expression: Expression, name_of: NameOf) -> Iterator[Named]:
    """All names in a decorator, in the order of the text as far as one modifier goes."""
    if expression[0] == "call":
        modifier = name_of(expression[2])
        if modifier is not None:
            yield from _of_modifier(modifier, expression)
    for part in _parts(expression):
        yield from names_in(part, name_of)


_MAKING_KEYWORDS = {"parameterize", "parameterize_sources", "parameterized_inputs", "parameterized_subdag"}
_NOT_OUTPUTS = {"inputs", "config", "external_inputs", "_doc"}
_MAKING_ARGUMENTS = {"extract_columns", "extract_fields", "unpack_fields"}
_OPTIONS: dict[str, Meaning] = {
    "target_": "target",
    "on_output": "target",
    "on_input": "parameter",
    "inject_": "parameter",
    "output_name_": "makes",
    "external_inputs": "parameter",
}
_CONFIG_NAMES = {"config.when": "name", "config.when_not": "name", "config.when_in": "name", "config": "target_name"}


_POSITIONS = {
    "source": {"dependency_on": 0},
    "parameterize_values": {"parameter": 0, "assigned_output": 1},
    "parametrized": {"parameter": 0, "assigned_output": 1},
    "parametrized_input": {"parameter": 0, "variable_inputs": 1},
    "extract_fields": {"fields": 0},
    "ParameterizedExtract": {"outputs": 0, "input_mapping": 1},
}
"""Arguments that may be given by position or by name."""


def _of_modifier(modifier: str, call: Expression) -> Iterator[Named]:
    arguments, keywords = call[3], call[4]
    by_name = _POSITIONS.get(modifier, {})
    for name, value, place in keywords:
        if name in by_name:
            yield from _positional(modifier, by_name[name], value)
        if name is None:
            if modifier in _MAKING_KEYWORDS and value[0] == "dict":
                for key, bound in value[2]:
                    yield from _strings(key, "makes", modifier)
                    yield from _bound_parameters(modifier, bound)
        elif name in _OPTIONS:
            yield from _strings(value, _OPTIONS[name], modifier)
        elif name == _CONFIG_NAMES.get(modifier):
            yield from _strings(value, "makes", modifier)
        elif modifier in _MAKING_KEYWORDS and name not in _NOT_OUTPUTS:
            yield Named(name, _word(name, place), "makes", quoted=False, modifier=modifier)
            yield from _bound_parameters(modifier, value)
        elif modifier == "tag_outputs":
            yield Named(name, _word(name, place), "target", quoted=False, modifier=modifier)
        elif modifier == "inject":
            yield Named(name, _word(name, place), "parameter", quoted=False, modifier=modifier)
    for index, argument in enumerate(arguments):
        yield from _positional(modifier, index, argument)


def _positional(modifier: str, index: int, argument: Expression) -> Iterator[Named]:
    if modifier == "source":
        yield from _strings(argument, "reads", modifier)
    elif modifier in _MAKING_ARGUMENTS:
        yield from _outputs(argument, modifier)
    elif modifier in ("parameterize_values", "parametrized", "parametrized_input"):
        yield from _table(modifier, index, argument)
    elif modifier == "ParameterizedExtract":
        if index == 0:
            yield from _strings(argument, "makes", modifier)
        else:
            yield from _keys(argument, "parameter", modifier)


def _outputs(argument: Expression, modifier: str) -> Iterator[Named]:
    """The outputs of `extract_columns("a", ("b", "documentation"))` and `extract_fields({"a": int})`."""
    if argument[0] == "dict":
        yield from _keys(argument, "makes", modifier)
    elif argument[0] == "tuple" and argument[2]:
        yield from _strings(argument[2][0], "makes", modifier)
    elif argument[0] == "star":
        yield from _strings(argument[2], "makes", modifier)
    else:
        yield from _strings(argument, "makes", modifier)


def _table(modifier: str, index: int, argument: Expression) -> Iterator[Named]:
    """`parameterize_values("parameter", {("output", "documentation"): value})` and its older kin."""
    if index == 0:
        yield from _strings(argument, "parameter", modifier)
    elif argument[0] == "dict":
        for key, value in argument[2]:
            output = value if modifier == "parametrized_input" else key
            if modifier == "parametrized_input":
                yield from _strings(key, "reads", modifier)
            if output is not None:
                first = output[2][0] if output[0] == "tuple" and output[2] else output
                yield from _strings(first, "makes", modifier)


def _bound_parameters(modifier: str, value: Expression) -> Iterator[Named]:
    """The parameters that one output of `parameterize` binds; what they are bound to is a name by itself in older kin."""
    if value[0] == "tuple" and value[2]:
        value = value[2][0]
    if modifier == "parameterized_subdag":
        return
    pairs: list[tuple[Expression | None, Expression]] = []
    if value[0] == "dict":
        yield from _keys(value, "parameter", modifier)
        pairs = list(value[2])
    elif value[0] == "call" and value[2][0] == "name" and value[2][2] == "dict":
        for name, part, place in value[4]:
            if name is not None:
                yield Named(name, _word(name, place), "parameter", quoted=False, modifier=modifier)
                pairs.append((None, part))
    if modifier in ("parameterize_sources", "parameterized_inputs"):
        for _, part in pairs:
            yield from _strings(part, "reads", modifier)


def _keys(value: Expression, meaning: Meaning, modifier: str) -> Iterator[Named]:
    for key, _ in value[2] if value[0] == "dict" else ():
        yield from _strings(key, meaning, modifier)


def _strings(value: Expression | None, meaning: Meaning, modifier: str) -> Iterator[Named]:
    """A string, or those of a list, tuple or set."""
    if value is None:
        return
    if value[0] == "const" and isinstance(value[2], str):
        yield Named(value[2], value[1], meaning, quoted=True, modifier=modifier)
    elif value[0] in ("list", "tuple", "set"):
        for part in value[2]:
            yield from _strings(part, meaning, modifier)


def _word(name: str, place: Place) -> Place:
    return (place[0], place[1], place[0], place[1] + len(name))


def _parts(expression: Expression) -> Iterator[Expression]:
    """The expressions directly inside one."""
    for part in expression[2:]:
        yield from _expressions(part)


def strings_in(expression: Expression) -> Iterator[tuple[str, Place]]:
    """All string literals in an expression."""
    if expression[0] == "const":
        if isinstance(expression[2], str):
            yield expression[2], expression[1]
        return
    for part in _parts(expression):
        yield from strings_in(part)


def _expressions(part: object) -> Iterator[Expression]:
    if not isinstance(part, tuple):
        return
    if part and isinstance(part[0], str) and len(part) > 1 and (part[1] is None or _is_place(part[1])):
        yield part
        return
    for inner in part:
        yield from _expressions(inner)


def _is_place(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 4 and all(type(number) is int for number in value)
