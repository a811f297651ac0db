"""`parameterize` and its kin: one node becomes many, or reads other names.

Source: `hamilton.function_modifiers.expanders`. `source` renames a dependency (its type and optionality stay), `value`
removes it, `group` replaces it by several of the element type, `configuration` is accepted and ignored. When two parameters
read one name, the later parameter's type holds. Docstrings are format strings, and are formatted at import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from dagcheck.evaluation.ignorance import describe, is_data, is_plain
from dagcheck.evaluation.values import Rest, Unknown, Value
from dagcheck.nodes.arguments import Binding, Step, binding, blame, is_wrapped, positional
from dagcheck.nodes.docstrings import format_docstring
from dagcheck.nodes.modifiers.grouping import element_type, group_problem, problem_at_import
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import alive
from dagcheck.nodes.uses import Use
from dagcheck.span import Span

OWN_NAME = "__<function_name>"
"""The key by which Hamilton means the function's own node."""


class Variant(NamedTuple):
    """One node to make: parameter -> what it is bound to; an explicit docstring or None; the way to its arguments.

    `stage` is when Hamilton looks at them.
    """

    output: str
    bindings: Mapping[str, Binding]
    documentation: str | None
    steps: tuple[Step, ...]
    readable: bool = True
    stage: Literal["import", "build"] = "import"


def parameterize(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@parameterize(output={"parameter": source("name")}, ...)`."""
    variants = []
    for output, value in use.keywords:
        if output == "**":
            subject.unresolved(use, value)
            continue
        variants.append(read_variant(subject, use, value, Variant(output, {}, None, (("value", output),))))
    return expand(subject, use, nodes, variants)


def inject(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@inject(parameter=source("name"), ...)`: the function's own node reads other names."""
    mapping: dict[Value, Value] = {}
    for name, value in use.keywords:
        mapping[value if name == "**" else name] = value
    variant = read_variant(subject, use, mapping, Variant(OWN_NAME, {}, None, ()))
    return expand(subject, use, nodes, [variant])


def parameterize_sources(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@parameterize_sources(output={"parameter": "name"}, ...)`."""
    if not use.keywords:
        subject.reject(use, f"`@{use.name}` needs at least one output")
        return nodes
    variants = []
    for output, value in use.keywords:
        if output == "**" or not (is_data(value) or is_wrapped(value)):
            subject.unresolved(use, value, ("value", output))
            continue
        if type(value) is not dict:
            message = f"output `{output}` takes a dictionary of parameters and names, not {describe(value)}"
            subject.reject(use, message, ("value", output))
            continue
        if not value:
            subject.reject(use, f"output `{output}` maps no parameter", ("value", output))
        bindings = _named_sources(subject, use, output, value)
        readable = len(bindings) == len(value)
        if not readable and not subject.is_rejected:
            subject.unresolved(use, value, ("value", output), complete=True)
        variants.append(Variant(output, bindings, None, (("value", output),), readable))
    return expand(subject, use, nodes, variants)


def _named_sources(subject: Subject, use: Use, output: str, given: dict[Value, Value]) -> dict[str, Binding]:
    """Sources by their names, which may stand in a `source(...)` of their own; no other wrapper has a hash, as a name must."""
    bindings: dict[str, Binding] = {}
    for parameter, item in given.items():
        bound = Binding("source", item) if isinstance(item, str) else binding(item)
        if bound.kind == "source":
            bindings[parameter] = bound
        elif is_wrapped(item) and bound.kind != "unknown":
            message = f"`{parameter}` takes the name of a node, not {describe(item)}"
            subject.reject(use, message, ("value", output), ("value", parameter), hamilton="build")
    return bindings


def parameterize_values(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@parameterize_values(parameter, {("output", "doc"): value})`, and deprecated `parametrized`."""
    return _by_parameter(subject, use, nodes, "assigned_output", "value")


def parametrized_input(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """Deprecated `@parametrized_input(parameter, {"name": ("output", "doc")})`."""
    return _by_parameter(subject, use, nodes, "variable_inputs", "source")


def _by_parameter(subject: Subject, use: Use, nodes: list[Node], table: str, kind: str) -> list[Node]:
    parameter, assigned = positional(use, 0, "parameter"), positional(use, 1, table)
    if type(assigned) is not dict and is_plain(assigned):
        message = f"`@{use.name}` takes a dictionary, not {describe(assigned)}"
        subject.reject(use, message, ("argument", 1) if len(use.arguments) > 1 else ("value", table))
        return []
    if not isinstance(parameter, str) or type(assigned) is not dict:
        subject.unresolved(use, parameter if not isinstance(parameter, str) else assigned)
        return []
    step: Step = ("argument", 1) if len(use.arguments) > 1 else ("value", table)
    variants = []
    for key, item in assigned.items():
        pair, content = (key, item) if kind == "value" else (item, key)
        if isinstance(key, Rest) or not is_plain(pair):
            subject.unresolved(use, key if isinstance(key, Rest) else pair, step)
        elif type(pair) is not tuple or len(pair) != 2:
            words = "a pair of output name and docstring"
            subject.reject(use, f"`@{use.name}` needs {words}, not {describe(pair)}", step, ("key", key))
        else:
            bound = Binding(kind, content)
            variants.append(Variant(pair[0], {parameter: bound}, pair[1], (step, ("key", key))))
    return expand(subject, use, nodes, variants)


def read_variant(subject: Subject, use: Use, mapping: Value, variant: Variant) -> Variant:
    """The variant with the bindings that `mapping` gives it, as far as they can be read; a docstring may go with them."""
    if type(mapping) is tuple:
        if len(mapping) == 1:
            message = f"output `{variant.output}` takes a dictionary, or a pair of one and a docstring"
            subject.reject(use, message, *variant.steps, hamilton=variant.stage)
        documentation = mapping[1] if len(mapping) > 1 and isinstance(mapping[1], str) else None
        variant = variant._replace(documentation=documentation, steps=(*variant.steps, ("item", 0)))
        mapping = mapping[0] if mapping else {}
    steps, stage = variant.steps, variant.stage
    if type(mapping) is not dict:
        if is_data(mapping) or is_wrapped(mapping):
            message = f"output `{variant.output}` takes a dictionary, not {describe(mapping)}"
            advice = "name the parameter as well: `{'parameter': ...}`" if is_wrapped(mapping) else ""
            subject.reject(use, message, *steps, hamilton=stage, advice=advice)
        else:
            subject.unresolved(use, mapping, *steps, complete=True)
        return variant._replace(readable=False)
    bindings: dict[str, Binding] = {}
    for parameter, value in mapping.items():
        bound = Binding("unknown", parameter.unknown) if isinstance(parameter, Rest) else binding(value)
        if bound.kind == "unknown":
            subject.unresolved(use, bound.content, *steps, complete=True)
        elif bound.kind == "other":
            advice = "wrap it: `value(...)` for a constant, `source(...)` for a node's name"
            message = f"`{parameter}` is bound to {describe(value)}"
            subject.reject(use, message, *steps, ("value", parameter), hamilton=stage, advice=advice)
        else:
            problem = group_problem(bound)
            if problem:
                subject.reject(use, problem, *steps, ("value", parameter), hamilton=stage)
            bindings[parameter] = bound
    return variant._replace(bindings=bindings, readable=len(bindings) == len(mapping))


def expand(subject: Subject, use: Use, nodes: list[Node], variants: list[Variant]) -> list[Node]:
    """The nodes of all variants, in their order; there must be exactly one node to expand."""
    _check_parameters(subject, use, variants)
    nodes = alive(subject, nodes)
    if len(nodes) != 1:
        names = ", ".join(f"`{node.name}`" for node in nodes)
        message = f"`@{use.name}` must be the first to make more than one node, but there are {len(nodes)} ({names})"
        subject.reject(use, message, hamilton="build")
        return nodes
    return [make(subject, use, nodes[0], variant) for variant in variants]


def _check_parameters(subject: Subject, use: Use, variants: list[Variant]) -> None:
    known = {parameter.name: parameter for parameter in subject.signature.parameters}
    early = {parameter.name: parameter for parameter in subject.early.parameters}
    if "output_name" in known:
        subject.reject(
            use, f"a function with `@{use.name}` cannot have a parameter `output_name`: Hamilton reserves it"
        )
    reported: set[str] = set()
    hierarchy = subject.setting.hierarchy
    for variant in variants:
        for name, bound in variant.bindings.items():
            if name not in known:
                if name not in reported:
                    _unknown_parameter(subject, use, variant, name, list(known))
                reported.add(name)
                continue
            problem, late = problem_at_import(bound, early[name]), element_type(bound, known[name], hierarchy)[1]
            if problem or late:
                step: Step = ("value", name)
                subject.reject(use, problem or late, *variant.steps, step, hamilton="import" if problem else "build")


def _unknown_parameter(subject: Subject, use: Use, variant: Variant, name: str, known: list[str]) -> None:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    takes = ", ".join(f"`{part}`" for part in known) or "none"
    advice = f"did you mean `{near[0]}`?" if near else f"its parameters: {takes}"
    message = f"`{subject.function.header.name}` has no parameter `{name}`"
    step: Step = ("keyword" if not variant.steps else "key", name)
    subject.reject(use, message, *variant.steps, step, advice=advice)


def make(subject: Subject, use: Use, node: Node, variant: Variant) -> Node:
    """The node of one variant."""
    own = variant.output == OWN_NAME
    dependencies: dict[str, Dependency] = {}
    for dependency in node.dependencies:
        bound = variant.bindings.get(dependency.name)
        for made in _bound(subject, use, variant, dependency, bound):
            dependencies[made.name] = made
    if not variant.readable:
        dependencies = {}
    return node._replace(
        name=node.name if own else variant.output,
        dependencies=tuple(dependencies.values()),
        documentation=_documentation(subject, use, variant, node.name if own else variant.output),
        origin=subject.origin(use.name),
        span=node.span if own else _name_span(use, variant),
    )


def _name_span(use: Use, variant: Variant) -> Span:
    first = variant.steps[0]
    return blame(use, ("keyword", variant.output)) if first[0] == "value" else blame(use, *variant.steps)


def _bound(
    subject: Subject, use: Use, variant: Variant, dependency: Dependency, bound: Binding | None
) -> list[Dependency]:
    if bound is None or bound.kind == "configuration":
        return [dependency]
    if bound.kind == "value":
        return []
    span = blame(use, *variant.steps, ("value", dependency.name))
    if bound.kind == "source":
        return [dependency._replace(name=bound.content, span=span)] if isinstance(bound.content, str) else []
    parameter = subject.parameter(dependency.name)
    if parameter is None:
        return []
    inner, _ = element_type(bound, parameter, subject.setting.hierarchy)
    made: list[Dependency] = []
    for index, (key, part) in enumerate(bound.content):
        if part.kind == "source":
            step: Step = ("argument", index) if key is None else ("value", key)
            span = blame(use, *variant.steps, ("value", dependency.name), step)
            made.append(dependency._replace(name=part.content, type=inner, span=span, annotation=""))
    return made


def _documentation(subject: Subject, use: Use, variant: Variant, output: str) -> str:
    if variant.documentation is not None:
        return variant.documentation
    template = subject.function.source.header.documentation
    if template is None:
        return ""
    values: dict[str, Value] = {"output_name": output}
    for name, bound in variant.bindings.items():
        if bound.kind in ("source", "value"):
            values[name] = bound.content
    text = format_docstring(template, values)
    if isinstance(text, Unknown):
        message = f"the docstring is a format string for `@{use.name}`, and does not format: {text.reason}"
        if not any(fault.message == message for fault in subject.faults):
            subject.reject(use, message, hamilton=variant.stage, advice="write literal braces twice: `{{` and `}}`")
        return template
    return text
