"""`pipe_input`, `pipe_output`: functions one after the other, before a node or behind it.

Source: `hamilton.function_modifiers.macros`. `pipe_input` hands one parameter of the function through the steps, the first one
unless `on_input` names another. `pipe_output` keeps what the function gives as `f.raw`, hands it through the steps, and `f` is
what the last step gives; it does so with every final node, or those of `on_output`. Where no step takes part, nothing happens.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.values import Rest, Value
from dagcheck.nodes.arguments import Step, blame
from dagcheck.nodes.injection import injectable, redirected
from dagcheck.nodes.modifiers.chaining import UNREAD, chained
from dagcheck.nodes.modifiers.fitting import check_step
from dagcheck.nodes.modifiers.steps import PipeStep, read_step
from dagcheck.nodes.node import Dependency, Fault, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import select, unchosen
from dagcheck.nodes.uses import Use
from dagcheck.types.model import AnyType

_IDENTITY = (("module", "hamilton.function_modifiers.macros"),)
"""The tags of the node that closes a `pipe_output`: its function is Hamilton's."""


def pipe_input(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@pipe_input(step(...), ..., namespace=..., on_input="parameter")`, and deprecated `pipe`."""
    steps = _steps(subject, use, "on_input")
    parameter = _parameter(subject, use, nodes)
    if parameter is None:
        return [_doubted(node) for node in nodes]
    made, last = chained(subject, steps, parameter, use.keyword("namespace", ...))
    return [*(redirected(node, parameter, last) for node in nodes), *made]


def pipe_output(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@pipe_output(step(...), ..., namespace=..., on_output="node")`."""
    steps, target = _steps(subject, use, "on_output"), use.keyword("on_output")
    if target is ...:
        subject.reject(use, "`on_output` cannot be `...`: leave it out for all outputs", ("value", "on_output"))
        return nodes
    _check_levels(subject, use, steps, target)
    chosen = select(subject, use, target, nodes, "on_output")
    if chosen is None:
        return nodes
    return unchosen(nodes, chosen) + [made for node in chosen for made in _piped(subject, use, node, steps)]


def _steps(subject: Subject, use: Use, option: str) -> list[PipeStep | None]:
    """The steps as read, None where one cannot be; what Hamilton refuses at import is noted."""
    namespace = use.keyword("namespace", ...)
    _check_options(subject, use, option)
    steps: list[PipeStep | None] = []
    for index, value in enumerate(use.arguments):
        step = None if isinstance(value, Rest) else read_step(subject, use, value, (("argument", index),))
        if isinstance(value, Rest):
            subject.unresolved(use, value, ("argument", index))
        elif step is not None and step is not value:
            check_step(subject, step, allows_namespace=namespace is ...)
        steps.append(step)
    if not is_plain(namespace):
        subject.unresolved(use, namespace, ("value", "namespace"))
    return steps


def _check_options(subject: Subject, use: Use, option: str) -> None:
    for name, value in use.keywords:
        if name == "**":
            subject.unresolved(use, value)
        elif name in ("collapse", "_chain") and value and is_plain(value) and use.name != "pipe":
            message = f"`{name}` of `@{use.name}` is not there yet: Hamilton refuses it"
            subject.reject(use, message, ("keyword", name))


# --- before a node


def _parameter(subject: Subject, use: Use, nodes: list[Node]) -> str | None:
    """The parameter that goes through the pipe; None when that is wrong or not known."""
    wanted, names = use.keyword("on_input"), [part.name for part in subject.signature.parameters]
    if not is_plain(wanted):
        subject.unresolved(use, wanted, ("value", "on_input"), complete=True)
        return None
    if wanted is not None and not isinstance(wanted, str):
        message = f"`on_input` names one parameter, it cannot be {describe(wanted)}"
        subject.reject(use, message, ("value", "on_input"))
        return None
    open_, function = injectable(nodes), subject.function.header.name
    way: tuple[Step, ...] = (("value", "on_input"),) if wanted in open_ else ()
    if wanted in open_:
        found, problem = wanted, f"`on_input` names `{wanted}`, which is no parameter of `{function}`"
    elif names:
        found, problem = names[0], f"`{names[0]}`, the first parameter of `{function}`, is not read from elsewhere"
    else:
        found, problem = None, f"`{function}` has no parameter that `@{use.name}` could work on"
    if found not in open_ or found not in names:
        if subject.complete:
            subject.reject(use, problem, *way, hamilton="build")
        return None
    if wanted not in (None, found):
        _note_fallback(subject, use, wanted, names)
    return found


def _note_fallback(subject: Subject, use: Use, wanted: str, names: Sequence[str]) -> None:
    import difflib

    near = difflib.get_close_matches(wanted, names, 1)
    message = f"nothing reads `{wanted}` here: the pipe works on the first parameter, `{names[0]}`"
    span = blame(use, ("value", "on_input"))
    fault = Fault("unknown-input", message, span, subject.condition, "silent", (subject.name,), severity="warning")
    advice = f"did you mean `{near[0]}`?" if near else f"its parameters: {', '.join(f'`{name}`' for name in names)}"
    subject.faults.append(fault._replace(path=use.application.path, help=advice))


def _doubted(node: Node) -> Node:
    return node._replace(dependencies=tuple([part._replace(type=UNREAD) for part in node.dependencies]))


# --- behind a node


def _check_levels(subject: Subject, use: Use, steps: Sequence[PipeStep | None], target: Value) -> None:
    for index, step in enumerate(steps):
        if target is not None and step is not None and step.use is use and step.target is not None:
            message = "`on_output` stands both in the decorator and at a step"
            subject.reject(use, message, ("argument", index), advice="keep one of the two")


def _piped(subject: Subject, use: Use, node: Node, steps: Sequence[PipeStep | None]) -> list[Node]:
    """The node with the steps that work on it behind it: `f.raw`, the steps, and `f`."""
    chosen = [step for step in steps if step is None or _works_on(step, node.name)]
    if not chosen:
        return [node]
    if subject.function.header.is_async:
        message = f"`@{use.name}` cannot work on `{subject.function.header.name}`, which is asynchronous"
        subject.reject(use, message, hamilton="build")
        return [node]
    namespace = use.keyword("namespace", ...)
    if is_plain(namespace) and not (namespace is None or namespace is ... or isinstance(namespace, str)):
        message = f"the namespace of a pipe is a text, None or `...`, not {describe(namespace)}"
        subject.reject(use, message, ("value", "namespace"), hamilton="build")
        return [node]
    raw = node._replace(name=f"{node.name}.raw", origin=subject.origin(use.name), span=blame(use))
    made, last = chained(subject, chosen, raw.name, node.name if namespace is ... else namespace)
    if not made and last is not None:
        return [node]
    reads = () if last is None else (Dependency(last, AnyType("any"), False, blame(use)),)
    closing = node._replace(
        type=UNREAD if last is None else made[-1].type,
        dependencies=reads,
        role="standard",
        origin=subject.origin(use.name),
        annotation="" if last is None else made[-1].annotation,
        documentation="",
        tags=_IDENTITY,
    )
    return [raw, *made, closing]


def _works_on(step: PipeStep, name: str) -> bool:
    """A step without a target of its own works on every node, and so does one whose target is no name or names."""
    target = step.target
    if isinstance(target, str):
        return name == target
    return name in target if isinstance(target, Collection) else True
