"""`subdag`, `parameterized_subdag`: a dataflow inside a node.

Source: `hamilton.function_modifiers.recursive`. The functions of modules, or functions given directly, are expanded under a
configuration of their own, laid over the outer one, and their nodes are prefixed with a namespace. Inputs and configuration
entries become nodes of that namespace too; what is not among them stays outside. Every parameter of the decorated function
is prefixed unless it is listed in `external_inputs`. All inner nodes are marked as internal, so that later modifiers act on
the outer node only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dagcheck.evaluation.conditions import NEVER, Condition, both, either, one_of, without
from dagcheck.evaluation.ignorance import describe, explain, is_data, is_plain
from dagcheck.evaluation.objects import Class, Function
from dagcheck.evaluation.values import Module, Rest, Value
from dagcheck.nodes.arguments import Binding, Step, binding, blame, is_wrapped
from dagcheck.nodes.modifiers.contained import NOT_FINAL, Overlay, nodes_inside, placed
from dagcheck.nodes.node import Dependency, Fault, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.types.model import ClassType, Type, UnknownType

_WRAPPERS = "hamilton.function_modifiers.dependencies"


class _Part(NamedTuple):
    """One subdag to make: its namespace, the name of its final node, and what it is given.

    `is_open`: what else it is given, or takes nodes from, is not known. `external` is None where it is not known.
    """

    namespace: str
    final: str
    inputs: Mapping[str, Value]
    config: Mapping[str, Value]
    external: tuple[str, ...] | None
    is_open: bool
    steps: tuple[Step, ...]


def subdag(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@subdag(module_or_function, ..., inputs={}, config={}, namespace=None, external_inputs=[])`."""
    rest = use.keyword("**")
    if rest is not None:
        subject.unresolved(use, explain(rest))
    given = {name: _mapping(subject, use, name, use.keyword(name)) for name in ("inputs", "config")}
    namespace = _name(subject, use, "namespace")
    final = _name(subject, use, "final_node_name")
    external = None if rest is not None else _names(subject, use, use.keyword("external_inputs"))
    is_open = _is_open(use, use.keyword("inputs"), use.keyword("config"), rest)
    part = _Part(namespace, final, given["inputs"], given["config"], external, is_open, ())
    return _made(subject, use, nodes, part)


def parameterized_subdag(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@parameterized_subdag(module, inputs={}, config={}, external_inputs=[], name={"inputs": {...}}, ...)`."""
    shared = {name: _mapping(subject, use, name, use.keyword(name)) for name in ("inputs", "config")}
    everywhere = _names(subject, use, use.keyword("external_inputs"))
    made: list[Node] = []
    for key, value in use.keywords:
        if key in ("inputs", "config", "external_inputs"):
            continue
        if type(value) is not dict and (is_data(value) or is_wrapped(value)):
            message = (
                f"subdag `{key}` takes a dictionary of `inputs`, `config`, `external_inputs`, not {describe(value)}"
            )
            subject.reject(use, message, ("value", key))
            continue
        if key == "**" or type(value) is not dict:
            subject.unresolved(use, value, ("value", key))
            continue
        inputs = {**shared["inputs"], **_mapping(subject, use, key, value.get("inputs"))}
        config = {**shared["config"], **_mapping(subject, use, key, value.get("config"))}
        external = _names(subject, use, value["external_inputs"]) if "external_inputs" in value else everywhere
        own = (value.get("inputs"), value.get("config"), value)
        is_open = _is_open(use, use.keyword("inputs"), use.keyword("config"), *own)
        made += _made(subject, use, nodes, _Part(key, key, inputs, config, external, is_open, (("value", key),)))
    return made


def _made(subject: Subject, use: Use, nodes: list[Node], part: _Part) -> list[Node]:
    bindings = {key: binding(value) for key, value in part.inputs.items()}
    _check(subject, use, part, bindings)
    overlay = _overlay(subject, use, part)
    inner = nodes_inside(subject, use, overlay)
    inside = placed(inner, part.namespace, {*part.inputs, *part.config})
    inside = [_without_outside(node, part.namespace) for node in inside] if part.is_open else inside
    return [
        *inside,
        *_static(subject, use, part, bindings, inside),
        *(_final(subject, use, node, part) for node in nodes),
    ]


def _is_open(use: Use, *given: Value) -> bool:
    """Are there functions, inputs or configuration entries that are not known?"""
    unread = [part for part in use.arguments if not isinstance(part, (Function, Module)) and not is_plain(part)]
    unread += [value for value in given if type(value) is not dict and not is_plain(value)]
    return bool(unread) or any(isinstance(key, Rest) for value in given if type(value) is dict for key in value)


def _without_outside(node: Node, namespace: str) -> Node:
    """A node inside without what it reads from outside, which something that is not known may give it inside."""
    reads = [part for part in node.dependencies if part.name.startswith(f"{namespace}.")]
    return node._replace(dependencies=tuple(reads))


# --- what is given


def _mapping(subject: Subject, use: Use, name: str, value: Value) -> Mapping[str, Value]:
    if value is None:
        return {}
    if type(value) is not dict:
        if is_data(value) or is_wrapped(value):
            subject.reject(use, f"`{name}` of a subdag is a dictionary, not {describe(value)}", ("value", name))
        else:
            subject.unresolved(use, value, ("value", name))
        return {}
    for key in value:
        if isinstance(key, Rest):
            subject.unresolved(use, key, ("value", name))
    return {key: item for key, item in value.items() if isinstance(key, str)}


def _name(subject: Subject, use: Use, keyword: str) -> str:
    value = use.keyword(keyword)
    if value is None:
        return subject.name
    if not is_plain(value):
        subject.unresolved(use, value, ("value", keyword))
        return subject.name
    return f"{value}"


def _names(subject: Subject, use: Use, value: Value) -> tuple[str, ...] | None:
    if value is None:
        return ()
    if isinstance(value, str):  # Hamilton asks whether a name is in it
        return tuple([part.name for part in subject.signature.parameters if part.name in value])
    if not isinstance(value, (list, tuple, set, frozenset, dict)) or not is_plain(value):
        subject.unresolved(use, value, ("value", "external_inputs"))
        return None
    return tuple(item for item in value if isinstance(item, str))


def _check(subject: Subject, use: Use, part: _Part, bindings: Mapping[str, Binding]) -> None:
    for key in part.config:
        if key in bindings:
            message = f"`{key}` is given both as an input and as configuration of the subdag"
            subject.reject(use, message, *part.steps, ("value", "inputs"), ("key", key))
    for key, bound in bindings.items():
        step = (*part.steps, ("value", "inputs"), ("value", key))
        if bound.kind in ("group", "configuration", "other"):
            message = f"input `{key}` of a subdag must be `source(...)` or `value(...)`"
            subject.reject(use, f"{message}, not {describe(part.inputs[key])}", *step)
        elif bound.kind == "unknown":
            subject.unresolved(use, bound.content, *step)


def _overlay(subject: Subject, use: Use, part: _Part) -> Overlay:
    overlay = Overlay({}, {})
    for key, value in part.config.items():
        bound = binding(value)
        step: tuple[Step, ...] = (*part.steps, ("value", "config"), ("value", key))
        if bound.kind == "configuration" and isinstance(bound.content, str):
            overlay.sources[key] = bound.content
            missing = both(subject.condition, one_of(bound.content, [None]))
            if missing is not None and missing != NEVER:
                message = f"the subdag takes `{key}` from configuration key `{bound.content}`, which may be missing"
                fault = Fault("invalid-modifier", message, blame(use, *step), missing, "build", (subject.name,))
                subject.faults.append(fault._replace(path=use.application.path))
        elif bound.kind in ("source", "group"):
            message = f"configuration `{key}` of a subdag cannot be {describe(value)}"
            advice = "write the value itself, or `configuration(...)` for a key of the outer configuration"
            subject.reject(use, message, *step, hamilton="build", advice=advice)
        else:
            overlay.values[key] = bound.content if bound.kind == "value" else value
    return overlay


# --- the nodes inside and around


def _static(subject: Subject, use: Use, part: _Part, bindings: Mapping[str, Binding], inside: list[Node]) -> list[Node]:
    """The nodes that hand inputs and configuration into the namespace; a source that nothing inside reads is dropped."""
    made: list[Node] = []
    for key, bound in bindings.items():
        name, step = f"{part.namespace}.{key}", (*part.steps, ("value", "inputs"), ("key", key))
        if bound.kind == "value":
            made.append(_given(subject, use, name, _class_of(bound.content), step))
        elif bound.kind == "source" and isinstance(bound.content, str):
            readings = _readings(subject, inside, name)
            for type_, condition in readings:
                read = Dependency(bound.content, type_, False, blame(use, *step))
                given = _given(subject, use, name, type_, step)
                made.append(given._replace(dependencies=(read,), condition=condition))
            if not readings and subject.complete:
                _note_unread(subject, use, key, step)
    for key, value in part.config.items():
        if key in bindings:  # refused already
            continue
        step = (*part.steps, ("value", "config"), ("key", key))
        made.append(_given(subject, use, f"{part.namespace}.{key}", _entry_class(value), step))
    return made


def _readings(subject: Subject, inside: list[Node], name: str) -> list[tuple[Type, Condition]]:
    """The types by which a name is read inside, and where: of all readers that exist the last one's counts."""
    left = subject.condition
    found: dict[Type, Condition] = {}
    for node in reversed(inside):
        for part in reversed(node.dependencies):
            here = both(left, node.condition) if part.name == name else NEVER
            rest = left if here is None or here == NEVER else without(left, here)
            if here is None or rest is None:
                return [(UnknownType("unknown", "its readers differ between configurations"), subject.condition)]
            if here != NEVER:
                known = found.get(part.type, NEVER)
                found[part.type], left = either(known, here) or known, rest
    if len(found) == 1 and left == NEVER:
        return [(next(iter(found)), subject.condition)]
    return list(found.items())


def _given(subject: Subject, use: Use, name: str, type_: Type, steps: tuple[Step, ...]) -> Node:
    span, origin = blame(use, *steps), subject.origin(use.name)
    made = Node(name, type_, (), subject.condition, "standard", origin, span)
    return made._replace(tags=((NOT_FINAL, True),), path=use.application.path)


def _note_unread(subject: Subject, use: Use, key: str, steps: tuple[Step, ...]) -> None:
    message = f"nothing inside the subdag reads input `{key}`: it is ignored"
    fault = Fault("unknown-input", message, blame(use, *steps), subject.condition, "silent", (subject.name,))
    subject.faults.append(fault._replace(severity="warning", path=use.application.path))


def _final(subject: Subject, use: Use, node: Node, part: _Part) -> Node:
    dependencies: dict[str, Dependency] = {}
    for read in node.dependencies if part.external is not None else ():
        name = read.name if read.name in (part.external or ()) else f"{part.namespace}.{read.name}"
        dependencies[name] = read._replace(name=name)
    span = blame(use, ("keyword", part.final)) if part.steps else node.span
    origin = subject.origin(use.name)
    return node._replace(name=part.final, dependencies=tuple(dependencies.values()), origin=origin, span=span)


def _entry_class(value: Value) -> Type:
    """Hamilton types a configuration entry by its object, wrappers included."""
    wrappers = {"configuration": "ConfigDependency", "value": "LiteralDependency"}
    kind = binding(value).kind
    return ClassType("class", f"{_WRAPPERS}.{wrappers[kind]}") if kind in wrappers else _class_of(value)


def _class_of(value: Value) -> Type:
    """`type(value)` as a type."""
    if type(value) in (list, tuple, dict, set, frozenset) or is_plain(value):
        name = type(value).__name__
        return ClassType("class", "ellipsis" if value is ... else name)
    if isinstance(value, Function):
        return ClassType("class", "function")
    if isinstance(value, Class) and not value.keywords:
        return UnknownType("unknown", "the class of a class depends on its bases")
    return UnknownType("unknown", explain(value).reason)
