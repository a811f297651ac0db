"""`does`: another function's body stands in for an empty one.

Source: `hamilton.function_modifiers.macros.does`. The node keeps the decorated function's signature and type. The body must
be empty, which Hamilton tells from its bytecode: a lone `return` of a constant passes too. The replacing function must be
able to take the mapped arguments.
"""

from __future__ import annotations

from dagcheck.evaluation.calls import bind
from dagcheck.evaluation.objects import MISSING, Function
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.nodes.arguments import Step, positional
from dagcheck.nodes.node import Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use


def does(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """The function's own node; only whether the replacement fits is checked."""
    replacing = positional(use, 0, "replacing_function")
    target = use.application.target
    if subject.setting.is_empty(target) is False:
        message = f"`@does` replaces the body of `{target.header.name}`, which must be empty"
        subject.reject(use, message, advice="leave only a docstring or `pass`")
    nameless = [part for part in target.source.header.parameters if part.kind not in ("standard", "keyword")]
    if nameless:
        subject.reject(use, f"`@does` cannot pass on `{nameless[0].name}` by name", advice="name the parameters")
    elif isinstance(replacing, Function):
        _check_fit(subject, use, replacing)
    return [node._replace(origin=subject.origin(use.name)) for node in nodes]


def _check_fit(subject: Subject, use: Use, replacing: Function) -> None:
    """Bind the mapped arguments to the replacing function as `inspect.Signature.bind` would."""
    names = [part.name for part in use.application.target.source.header.parameters]
    mapping = {name: value for name, value in use.keywords if name != "replacing_function"}
    given: dict[str, Value] = dict.fromkeys(names, ...)
    for wanted, original in mapping.items():
        if not isinstance(original, str):
            return
        if original not in names:
            message = f"`{subject.function.header.name}` has no parameter `{original}` to pass on as `{wanted}`"
            subject.reject(use, message, ("value", wanted))
            return
        if wanted not in mapping.values():
            given.pop(original, None)
        given[wanted] = ...
    source = replacing.source
    bound = bind(source.header.parameters, [], list(given.items()))
    missing = (
        []
        if isinstance(bound, Unknown)
        else [part.name for part in source.header.parameters if bound[part.name] is MISSING and part.default is None]
    )
    if isinstance(bound, Unknown) or missing:
        takes = ", ".join(part.name for part in source.header.parameters)
        message = f"`{replacing.header.name}({takes})` cannot take the arguments of `{subject.function.header.name}`"
        step: Step = ("argument", 0) if use.arguments else ("value", "replacing_function")
        subject.reject(use, message, step, advice='map the names: `@does(function, its_name="your_name")`')
