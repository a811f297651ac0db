"""Can a modifier be called like that? Python itself refuses a call with an argument too many, too few or of another name.

The signatures are those of Hamilton 1.90, which a test compares. In the table a name stands for a parameter, with `=` for one that
has a default; `*` starts what can only be given by name, `*name` takes any number of positions, `**` any name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from dagcheck.evaluation.failures import RAISES, exception_of
from dagcheck.evaluation.values import Construction, Member, Reference, Rest, Unknown, Value
from dagcheck.nodes.arguments import Step
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use, hamilton_name
from dagcheck.span import Span

_COLUMNS = "*load_from columns_to_pass= pass_dataframe_as= on_input= select= namespace= config_required="

SIGNATURES: dict[str, str] = {
    "resolve": "* when decorate_with",
    "resolve_from_config": "* decorate_with",
    "config": "resolves target_name= config_used=",
    "config.when": "name= **",
    "config.when_not": "name= **",
    "config.when_in": "name= **",
    "config.when_not_in": "**",
    "mutate": "*target_functions collapse= _chain= **",
    "subdag": "*load_from inputs= config= namespace= final_node_name= external_inputs=",
    "parameterized_subdag": "*load_from inputs= config= external_inputs= **",
    "does": "replacing_function **",
    "dataloader": "",
    "datasaver": "",
    "dynamic_transform": "transform_cls config_param **",
    "model": "model_cls config_param **",
    "pipe": "*transforms namespace= on_input= collapse= _chain=",
    "pipe_input": "*transforms namespace= on_input= collapse= _chain=",
    "pipe_output": "*transforms namespace= on_output= collapse= _chain=",
    "h_pandas.with_columns": _COLUMNS,
    "h_polars.with_columns": _COLUMNS,
    "h_polars_lazyframe.with_columns": _COLUMNS,
    "h_spark.with_columns": f"{_COLUMNS} mode=",
    "h_spark.select": "*load_from columns_to_pass= pass_dataframe_as= output_cols= namespace= config_required=",
    "h_spark.require_columns": "*columns",
    "parameterize": "**",
    "parameterize_sources": "**",
    "parameterized_inputs": "**",
    "inject": "**",
    "parameterize_values": "parameter assigned_output",
    "parametrized": "parameter assigned_output",
    "parametrized_input": "parameter variable_inputs",
    "parameterize_extract_columns": "*extract_config reassign_columns=",
    "parameterize_frame": "parameterization",
    "extract_columns": "*columns fill_with=",
    "extract_fields": "fields= *others fill_with=",
    "unpack_fields": "*fields",
    "check_output": "importance= default_validator_candidates= target_= **",
    "check_output_custom": "*validators target_=",
    "h_pandera.check_output": "importance= target=",
    "h_pydantic.check_output": "importance= target=",
    "tag": "* target_= bypass_reserved_namespaces_= **",
    "tag_outputs": "**",
    "cache": "* behavior= format= target_=",
    "schema.output": "*fields target_=",
    "ray_remote_options": "**",
    "source": "dependency_on",
    "value": "literal_value",
    "configuration": "dependency_on",
}
"""Modifiers, and what may stand in their arguments, by name."""

_SCALARS = frozenset({str, int, float, bool, type(None)})
_INNER = frozenset({"source", "value", "configuration"})


class Problem(NamedTuple):
    """Why a call is refused, the way to the argument to blame, what to do about it, and the exact place, where it is known."""

    message: str
    steps: tuple[Step, ...] = ()
    advice: str = ""
    place: Span | None = None


def check_call(subject: Subject, use: Use) -> bool:
    """Note what Python refuses of a modifier's call and of the calls in its arguments; True when there is nothing."""
    parts = list(_parts(use))
    found = list(_failing(use, parts))
    if not found:
        own = problem(use.name, use.arguments, use.keywords, f"`@{use.name}`")
        inner = (each for steps, call in _calls(parts) if (each := _inner_problem(call, steps)) is not None)
        found = [own] if own is not None else list(inner)
    for each in found:
        subject.reject(use, each.message, *each.steps, advice=each.advice)
        if each.place is not None:
            subject.faults[-1] = subject.faults[-1]._replace(span=each.place)
    return not found


def problem(
    name: str, arguments: Sequence[Value], keywords: Sequence[tuple[str, Value]], shown: str, way: tuple[Step, ...] = ()
) -> Problem | None:
    """Why Python refuses this call, or None; `way` leads to it."""
    if name not in SIGNATURES:
        return None
    parameters = _parameters(SIGNATURES[name])
    is_open = any(isinstance(value, Rest) for value in arguments) or any(key == "**" for key, _ in keywords)
    if len(arguments) > len(parameters.positional) and not parameters.star and not is_open:
        return Problem(parameters.too_many(shown), (*way, ("argument", len(parameters.positional))))
    given = dict(zip(parameters.positional, arguments, strict=False)) if not is_open else {}
    for key, _ in keywords:
        if key == "**":
            continue
        if key in given:
            return Problem(f"{shown} is given `{key}` twice", (*way, ("keyword", key)))
        if key not in parameters.names and not parameters.any_name:
            words = f"{shown} has no argument `{key}`" if SIGNATURES[name] else f"{shown} takes no arguments"
            return Problem(words, (*way, ("keyword", key)), parameters.near(key))
        given[key] = None
    missing = [] if is_open else [part for part in parameters.required if part not in given]
    return Problem(f"{shown} needs `{missing[0]}`", way) if missing else None


@cache
def _parameters(text: str) -> _Parameters:
    return _Parameters(text)


class _Parameters:
    """A signature of the table, read."""

    def __init__(self, text: str) -> None:
        self.positional: list[str] = []
        self.names: list[str] = []
        self.required: list[str] = []
        self.star = self.any_name = False
        named = False
        for word in text.split():
            if word == "**":
                self.any_name = True
            elif word[0] == "*":
                named, self.star = True, word != "*"
            else:
                name = word.rstrip("=")
                self.names.append(name)
                self.positional += [] if named else [name]
                self.required += [name] if name == word else []

    def too_many(self, shown: str) -> str:
        """The words for a call with too many positions."""
        if not self.positional:
            takes = "keyword arguments only" if self.names or self.any_name else "no arguments"
            return f"{shown} takes {takes}"
        count = len(self.positional)
        return f"{shown} takes {count} positional argument{'s' if count > 1 else ''} only"

    def near(self, key: str) -> str:
        """What was meant, perhaps."""
        import difflib

        near = difflib.get_close_matches(key, self.names, 1)
        if near:
            return f"did you mean `{near[0]}`?"
        return f"it takes {', '.join(f'`{name}`' for name in self.names)}" if self.names else ""


def _inner_problem(call: Construction, steps: tuple[Step, ...]) -> Problem | None:
    name = hamilton_name(call.callee.name) or ""
    return problem(name, call.arguments, call.keywords, f"`{name}`", steps)


def _failing(use: Use, parts: Sequence[tuple[tuple[Step, ...], Value]]) -> Iterator[Problem]:
    """The parts of a modifier's arguments that certainly raise while the module is imported."""
    for steps, value in parts:
        if exception_of(value):
            assert isinstance(value, Unknown)
            why = f"it {value.reason}" if value.reason.startswith(RAISES) else value.reason
            message = f"an argument of `@{use.name}` fails: {why}"
            where = value.location
            place, path = Span(*use.application.place), use.application.path
            is_inside = where is not None and where.path == path and where.span.is_within(place)
            yield Problem(message, steps, place=where.span if where is not None and is_inside else None)


def _calls(parts: Sequence[tuple[tuple[Step, ...], Value]]) -> Iterator[tuple[tuple[Step, ...], Construction]]:
    """The calls of `source` and its kin among a modifier's arguments, with the ways to them."""
    for steps, value in parts:
        callee = value.callee if isinstance(value, Construction) else None
        if isinstance(callee, Reference) and hamilton_name(callee.name) in _INNER:
            assert isinstance(value, Construction)
            yield steps, value


def _parts(use: Use) -> Iterator[tuple[tuple[Step, ...], Value]]:
    """All that a modifier's arguments are made of, but for texts and numbers, with the ways to it."""
    for index, value in enumerate(use.arguments):
        if type(value) not in _SCALARS:
            yield from _inside(value, (("argument", index),))
    for name, value in use.keywords:
        if type(value) not in _SCALARS:
            yield from _inside(value, (("value", name),))


def _inside(value: Value, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Value]]:
    yield steps, value
    if isinstance(value, Construction):
        callee = value.callee
        if isinstance(callee, Member):
            yield from _inside(callee.owner, (*steps, ("owner", callee.name)))
        for index, part in enumerate(value.arguments):
            yield from _inside(part, (*steps, ("argument", index)))
        for name, part in value.keywords:
            yield from _inside(part, (*steps, ("value", name)))
    elif type(value) is dict:
        for key, part in value.items():
            yield from _inside(part, (*steps, ("value", key)))
    elif type(value) in (list, tuple):
        for index, part in enumerate(value):
            yield from _inside(part, (*steps, ("item", index)))
