"""Does a function fit as a step of a pipe?

Hamilton validates every step where the pipe is written, at import: the function must take the value that is passed on as its
first argument and the step's other arguments by name, must leave nothing without a value, and needs a type on everything.

Source: `Applicable.validate` of `hamilton.function_modifiers.macros`.
"""

from __future__ import annotations

from dagcheck.evaluation.calls import bind
from dagcheck.evaluation.ignorance import describe, explain, is_plain
from dagcheck.evaluation.objects import MISSING, Application, Class, Function, Instance, Lambda
from dagcheck.evaluation.values import Construction, Module, Reference, Rest, Unknown, Value
from dagcheck.nodes.annotating import late_name
from dagcheck.nodes.decorators import decorator_name
from dagcheck.nodes.modifiers.steps import PipeStep
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import decoration

CHAINED = Reference("the value that is passed on")
"""Stands for the first argument of a step."""

Problem = tuple[str, str]
"""What is wrong, and what to do about it."""


def check_step(subject: Subject, step: PipeStep, allows_namespace: bool) -> None:
    """Note what Hamilton's validation of a step refuses, and what of it cannot be judged."""
    function, problem = step.function, None
    if isinstance(function, Function):
        problem = _unnamed(function) or _unbindable(step, function) or _untyped(subject, function)
        problem = problem or _late(subject, step, function)
        _note_wrapper(subject, step, function)
    elif isinstance(function, (Lambda, Class, Instance)) or _is_partial(function):
        problem = (f"{describe(function)} cannot be a step: it has no return annotation", "write a `def`")
    elif is_plain(function) or isinstance(function, Module):
        problem = (f"{describe(function)} cannot be a step: it is no function", "")
    else:
        reason = explain(function) if isinstance(function, (Unknown, Rest)) else None
        outside = Unknown(f"{describe(function)} is no function of the project")
        subject.unresolved(step.use, reason or outside, *step.steps, complete=True)
    if problem is None and step.namespace is not ... and not allows_namespace and step.readable:
        message = f"a namespace of a step and one of `@{step.use.name}` do not go together"
        problem = (message, "keep one of the two")
    if problem is not None:
        subject.reject(step.use, problem[0], *step.steps, advice=problem[1])


def unfit(subject: Subject, step: PipeStep, function: Function) -> Problem | None:
    """Why Hamilton fails to make a node of a step that it has not validated."""
    return _untyped(subject, function) or _unbindable(step, function)


def _unnamed(function: Function) -> Problem | None:
    """Parameters that cannot be passed by name, or none at all."""
    name, parameters = function.name, function.source.header.parameters
    if not parameters:
        return f"`{name}` cannot be a step: it has no parameter to take the value", "give it one"
    odd = next((part for part in parameters if part.kind not in ("standard", "keyword")), None)
    if odd is None:
        return None
    stars = {"star": "*", "double-star": "**"}.get(odd.kind, "")
    return f"`{name}` cannot be a step: `{stars}{odd.name}` cannot be passed by name", "name the parameters"


def _unbindable(step: PipeStep, function: Function) -> Problem | None:
    """Why a call with the step's arguments fails; None when it does not, or when some of them are not known."""
    name, parameters = function.name, function.source.header.parameters
    takes = ", ".join(part.name for part in parameters)
    if rest_of(step) is not None:
        return None
    bound = bind(parameters, [CHAINED, *step.arguments], list(step.keywords))
    if isinstance(bound, Unknown):
        known = {part.name for part in parameters}
        strange = next((key for key, _ in step.keywords if key not in known), None)
        if strange is not None:
            return f"`{name}` has no parameter `{strange}`", f"it takes `{takes}`"
        if parameters and parameters[0].name in dict(step.keywords):
            return f"`{parameters[0].name}` of `{name}` takes the value that is passed on, and nothing else", ""
        return f"`{name}` cannot take the arguments of this step", f"it takes `{takes}`, first the value passed on"
    missing = [part.name for part in parameters if bound[part.name] is MISSING and part.default is None]
    if not missing:
        return None
    names = ", ".join(f"`{part}`" for part in missing)
    advice = f'bind it: `step({name}, {missing[0]}=source("{missing[0]}"))`'
    return f"the step leaves {names} of `{name}` without a value", advice


def rest_of(step: PipeStep) -> Rest | None:
    """Arguments of which not even the number is known, if there are any."""
    given = (*step.arguments, *(part for _, part in step.keywords))
    return next((value for value in given if isinstance(value, Rest)), None)


def wrapper(function: Function) -> Application | None:
    """A decorator of which nobody knows what it does to the function's types, if there is one."""
    made = decoration(function)
    if made.unreadable:
        return made.unreadable[0]
    return None if made.vanished is None or _is_cache(made.vanished) else made.vanished


def _note_wrapper(subject: Subject, step: PipeStep, function: Function) -> None:
    between = wrapper(function)
    if between is not None:
        what = Unknown(f"`{function.name}` is wrapped by {describe(between.decorator)}")
        subject.unresolved(step.use, what, *step.steps, complete=True)


def _is_partial(value: Value) -> bool:
    return isinstance(value, Construction) and value.callee == Reference("functools.partial")


def _is_cache(application: Application) -> bool:
    return decorator_name(application.decorator) in ("functools.lru_cache", "functools.cache")


def _untyped(subject: Subject, function: Function) -> Problem | None:
    """Annotations that are missing, or that Python cannot resolve."""
    name, made = function.name, decoration(function)
    signature = subject.setting.signature(function, made.untyped)
    if made.vanished is not None and _is_cache(made.vanished) and subject.setting.hierarchy.python >= (3, 13):
        return f"`{name}` cannot be a step: from Python 3.13 on its cache hides its types", "drop the cache"
    if signature.undefined:
        found = signature.undefined[0]
        whose = "the return annotation" if found.name == "return" else f"the annotation of `{found.name}`"
        return f"{whose} of step `{name}` cannot be resolved: {found.reason}", ""
    untyped = [part.name for part in signature.parameters if part.type is None]
    if signature.returns is None or untyped:
        what = "no return annotation" if signature.returns is None else f"no annotation on `{untyped[0]}`"
        return f"`{name}` cannot be a step: it has {what}", "annotate it like a node"
    return None


def _late(subject: Subject, step: PipeStep, function: Function) -> Problem | None:
    """An annotation that names a class which does not exist yet where the pipe is written."""
    header, application, path = function.source.header, step.use.application, function.source.scope.path
    if path != application.path:
        return None
    for expression in [*(part.annotation for part in header.parameters), header.returns]:
        late = None if expression is None else late_name(subject.setting, path, application.place[0], expression)
        if late is not None:
            message = f"an annotation of step `{function.name}` names `{late}`, which is defined later"
            return message, "Hamilton resolves it where the pipe is written: define the class above it"
    return None
