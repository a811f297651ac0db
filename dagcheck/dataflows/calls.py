"""What does a call of a driver's method ask for, and what does it give?

The methods of `hamilton.driver.Driver` and where in their arguments the names of nodes stand. Names are read as Hamilton reads
them: a final variable may be a function, which stands for its name, and a string is taken apart into its characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dagcheck.dataflows.specification import Asked, DriverCall, Given, Materializer
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.objects import Function
from dagcheck.evaluation.values import Construction, Reference, Rest, Text, Unknown, Value
from dagcheck.span import Location


class _Signature(NamedTuple):
    """The positional parameters of a method that hold names, in order; `*` collects names, `+` collects materializers."""

    parameters: tuple[str, ...]


_EXECUTE = _Signature(("final_vars", "overrides", "display_graph", "inputs"))
_NAMES = _Signature(("*",))
_MATERIALIZE = _Signature(("+",))

_SIGNATURES: Mapping[str, _Signature] = {
    "execute": _EXECUTE,
    "raw_execute": _EXECUTE,
    "validate_execution": _Signature(("final_vars", "overrides", "inputs")),
    "export_execution": _Signature(("final_vars", "inputs", "overrides")),
    "visualize_execution": _Signature(
        ("final_vars", "output_file_path", "render_kwargs", "inputs", "graphviz_kwargs", "overrides")
    ),
    "has_cycles": _Signature(("final_vars",)),
    "materialize": _MATERIALIZE,
    "visualize_materialization": _MATERIALIZE,
    "validate_materialization": _MATERIALIZE,
    "what_is_downstream_of": _NAMES,
    "what_is_upstream_of": _NAMES,
    "display_downstream_of": _NAMES,
    "display_upstream_of": _NAMES,
    "what_is_the_path_between": _Signature(("upstream_node_name", "downstream_node_name")),
    "visualize_path_between": _Signature(("upstream_node_name", "downstream_node_name")),
}

METHODS = frozenset(_SIGNATURES)

RUNNING = frozenset(
    {"execute", "raw_execute", "materialize", "validate_execution", "validate_materialization", "export_execution"}
    | {"visualize_execution", "visualize_materialization"}
)
"""The methods that want every input that the outputs need; Hamilton checks them before it does anything."""

EXECUTING = frozenset({"execute", "raw_execute", "materialize"})
"""The methods that compute."""


def read_call(
    method: str,
    arguments: Iterable[Value],
    keywords: Iterable[tuple[str, Value]],
    location: Location,
) -> DriverCall | None:
    """The call as data; None for a method that names no node."""
    signature = _SIGNATURES.get(method)
    if signature is None:
        return None
    bound, extra, is_whole = _bound(signature, list(arguments), keywords)
    outputs, has_all_outputs = _outputs(bound, extra if signature == _NAMES else [], location)
    read = [read_materializer(part, location) for part in (extra if signature == _MATERIALIZE else ())]
    materializers = [item for item in read if item is not None]
    inputs, has_all_inputs = _given(bound.get("inputs"), location)
    if len(materializers) < len(read):  # a loader that cannot be read may give what an output needs
        has_all_outputs = has_all_inputs = False
    if bound.get("bypass_validation", False) is not False:
        has_all_inputs = False
    overrides, has_all_overrides = _given(bound.get("overrides"), location)
    return DriverCall(
        method,
        location,
        "",
        tuple(outputs),
        tuple(inputs),
        tuple(overrides),
        tuple(materializers),
        has_all_outputs and is_whole,
        has_all_inputs and is_whole,
        has_all_overrides and is_whole,
    )


def read_materializer(value: Value, near: Location) -> Materializer | None:
    """`to.json(id=..., dependencies=[...])` or `from_.json(target=...)`; None where its names cannot be read."""
    if not isinstance(value, Construction) or not isinstance(value.callee, Reference):
        return None
    owner, _, form = value.callee.name.rpartition(".")
    kind = owner.rpartition(".")[2]
    named = dict(value.keywords)
    location = value.location or near
    if kind == "from_":
        target = named.get("target", value.arguments[0] if value.arguments else None)
        return Materializer("from_", form, str(target), (), value, location) if isinstance(target, str) else None
    if kind != "to":
        return None
    positional = dict(zip(("id", "dependencies"), value.arguments, strict=False))
    name, read = named.get("id", positional.get("id")), named.get("dependencies", positional.get("dependencies"))
    dependencies, is_whole = _asked(read, location)
    if not isinstance(name, str) or not is_whole:
        return None
    return Materializer("to", form, str(name), tuple(dependencies), value, location)


def unreadable(call: Iterable[Value]) -> Unknown | None:
    """The first argument, or part of one, that hangs on a choice."""
    for value in call:
        found = first_choice(value)
        if found is not None:
            return found
    return None


def first_choice(value: Value) -> Unknown | None:
    """An unknown part of a value that would be known if it were known which way the code goes."""
    if isinstance(value, Unknown):
        return value if value.choice is not None else None
    if isinstance(value, Rest):
        return first_choice(value.unknown)
    if type(value) is dict:
        return unreadable(part for pair in value.items() for part in pair)
    if type(value) in (list, tuple, set, frozenset):
        return unreadable(value)
    if isinstance(value, Construction):
        return unreadable([*value.arguments, *(item for _, item in value.keywords)])
    return None


def _bound(
    signature: _Signature, arguments: list[Value], keywords: Iterable[tuple[str, Value]]
) -> tuple[dict[str, Value], list[Value], bool]:
    """Arguments by parameter, those that `*` collects, and whether that is all of them."""
    named = dict(keywords)
    is_whole = "**" not in named
    if signature.parameters[0] in ("*", "+"):
        return named, arguments, is_whole
    for parameter, value in zip(signature.parameters, arguments, strict=False):
        if isinstance(value, Rest):
            return named, [], False
        named[parameter] = value
    return named, [], is_whole


def _outputs(bound: Mapping[str, Value], extra: list[Value], location: Location) -> tuple[list[Asked], bool]:
    found, is_whole = _asked(extra, location)
    for parameter in ("final_vars", "additional_vars"):
        if bound.get(parameter) is not None:
            more, knows_more = _asked(bound[parameter], location)
            found, is_whole = [*found, *more], is_whole and knows_more
    for parameter in ("upstream_node_name", "downstream_node_name"):
        if parameter in bound:
            more, knows_more = _asked([bound[parameter]], location)
            found, is_whole = [*found, *more], is_whole and knows_more
    return found, is_whole


def _asked(value: Value, near: Location) -> tuple[list[Asked], bool]:
    """The names in a list of final variables, and whether that is all of them."""
    items = iterate(value)
    if isinstance(items, Unknown):
        return [], False
    found: list[Asked] = []
    for item in items:
        if isinstance(item, str):
            found.append(Asked(str(item), _place(item if isinstance(value, (list, tuple, set, dict)) else value, near)))
        elif isinstance(item, Function):
            found.append(Asked(item.name, near))
    return found, len(found) == len(items)


def _given(value: Value, near: Location) -> tuple[list[Given], bool]:
    """The names in a mapping of inputs or overrides, and whether that is all of them."""
    if value is None:
        return [], True
    if type(value) is not dict:
        return [], False
    found = [Given(str(key), _place(key, near), item) for key, item in value.items() if isinstance(key, str)]
    return found, len(found) == len(value)


def _place(name: Value, near: Location) -> Location:
    return name.location if isinstance(name, Text) else near
