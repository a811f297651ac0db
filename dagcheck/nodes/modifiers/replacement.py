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
from dagcheck.nodes.decorators import as_written
from dagcheck.nodes.node import Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use, wrapper_below


def does(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """The function's own node; only whether the replacement fits is checked."""
    replacing = positional(use, 0, "replacing_function")
    target = use.application.target
    check_empty(subject, use)
    nameless = [part for part in target.source.header.parameters if part.kind not in ("standard", "keyword")]
    if nameless:
        subject.reject(use, f"`@does` cannot pass on `{nameless[0].name}` by name", advice="name the parameters")
    elif isinstance(replacing, Function):
        _check_fit(subject, use, replacing)
    return [node._replace(origin=subject.origin(use.name)) for node in nodes]


def check_empty(subject: Subject, use: Use) -> None:
    """The modifier's function must do nothing (`ensure_function_empty`); a wrapper around one that does nothing does something."""
    target, wrapper = use.application.target, wrapper_below(use)
    if wrapper is not None:
        below = as_written(wrapper, call="")
        message = (
            f"`@{use.name}` needs an empty function below it, but finds what {below} makes of `{target.header.name}`"
        )
        subject.reject(use, message, advice=f"put it below {below}")
    elif subject.setting.is_empty(target) is False:
        message = f"`@{use.name}` replaces the body of `{target.header.name}`, which must be empty"
        subject.reject(use, message, advice="leave only a docstring or `pass`")


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
