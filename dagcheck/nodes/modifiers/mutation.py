"""`mutate`: a function changes what other functions of its module give, from afar.

The function that carries it is no node. It becomes a step behind each of its targets: appended to every `pipe_output` that the
target has by then, or in a `pipe_output` of its own, so the order in which decorators take hold while the module runs matters.
Steps that join a `pipe_output` are not validated before the graph is built.

Source: `hamilton.function_modifiers.macros.mutate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.objects import Application, Class, Function, Lambda, Scope
from dagcheck.evaluation.values import Construction, Reference, Rest, Value
from dagcheck.nodes.arguments import Step
from dagcheck.nodes.modifiers.fitting import check_step
from dagcheck.nodes.modifiers.steps import PipeStep, read_step
from dagcheck.nodes.node import Fault
from dagcheck.nodes.subject import Setting, Subject
from dagcheck.nodes.uses import Use, modifier_name, use_of

_OPTIONS = frozenset({"collapse", "_chain"})


class Appended(NamedTuple):
    """A step for a target of which `applied` decorators had taken hold by then; `made_of` is the value that stands for it."""

    applied: int
    step: PipeStep
    made_of: Value


class Mutations(NamedTuple):
    """What `mutate` does in one module: the steps per target (by `id`), what is wrong, whether all targets are known."""

    steps: dict[int, list[Appended]]
    faults: tuple[Fault, ...] = ()
    complete: bool = True


def mutations(scope: Scope, setting: Setting) -> Mutations:
    """All that `mutate` does in a module, in the order in which the module runs."""
    found = Mutations({})
    later = Counter(id(function) for function, _ in scope.decorated) if _is_used(scope) else Counter()
    for function, application in scope.decorated if later else ():
        later[id(function)] -= 1
        if not _is_mutate(application):
            continue
        subject = Subject(function, ALWAYS, setting)
        use = use_of("mutate", application)
        for target, step, value in _targets(subject, use):
            before = len(target.applied) - later[id(target)]
            made = step if _joins(target, before, found) else _checked(subject, step)
            appended = found.steps.setdefault(id(target), [])
            appended.append(Appended(before, made, value))
            _overwrite(appended)
        found = found._replace(faults=(*found.faults, *subject.faults), complete=found.complete and subject.complete)
    return found


def with_steps(function: Function, uses: tuple[Use, ...], appended: list[Appended]) -> tuple[Use, ...]:
    """The uses of a target with the steps that `mutate` gives it."""
    order = {id(application): index for index, application in enumerate(function.applied)}
    made = [(order.get(id(use.application), 0), use) for use in uses]
    for applied, step, _ in appended:
        joined = False
        for index, (position, use) in enumerate(made):
            if use.name == "pipe_output" and not use.bare and position < applied:
                made[index] = (position, use._replace(arguments=(*use.arguments, step)))
                joined = True
        if not joined:
            later = next((index for index, (position, _) in enumerate(made) if position >= applied), len(made))
            own = Use("pipe_output", (step,), (), step.use.application)
            made.insert(later, (applied - 1, own))
    return tuple([use for _, use in made])


def _is_mutate(application: Application) -> bool:
    decorator = application.decorator
    if not isinstance(decorator, Construction) or not isinstance(decorator.callee, Reference):
        return False
    return decorator.callee.name.endswith(".mutate") and modifier_name(decorator) == "mutate"


def _is_used(scope: Scope) -> bool:
    return any(_is_mutate(application) for _, application in scope.decorated)


def _joins(target: Function, applied: int, found: Mutations) -> bool:
    """Has the target a `pipe_output` by now?"""
    own = any(modifier_name(part.decorator) == "pipe_output" for part in target.applied[:applied])
    return own or bool(found.steps.get(id(target)))


def _checked(subject: Subject, step: PipeStep) -> PipeStep:
    """The step after validation: one that Hamilton refuses is not followed any further."""
    before = len(subject.faults)
    check_step(subject, step, allows_namespace=True)
    is_refused = any(fault.rule == "invalid-modifier" for fault in subject.faults[before:])
    return step._replace(readable=step.readable and not is_refused)


def _overwrite(appended: list[Appended]) -> None:
    """One `apply_to(...)` in two mutators is one object, and the later mutator becomes the step of both."""
    last = appended[-1]
    if not isinstance(last.made_of, Construction):
        return
    for index, earlier in enumerate(appended):
        if earlier.made_of is last.made_of:
            step = earlier.step._replace(function=last.step.function)
            appended[index] = earlier._replace(step=step._replace(keywords=step.keywords or last.step.keywords))
    first = next(item for item in appended if item.made_of is last.made_of)
    appended[-1] = last._replace(step=last.step._replace(keywords=first.step.keywords))


def _targets(subject: Subject, use: Use) -> Iterator[tuple[Function, PipeStep, Value]]:
    """The targets with the step that each gets, and the value that stands for it."""
    shared = tuple([(name, value) for name, value in use.keywords if name not in _OPTIONS])
    for name, value in use.keywords:
        if name in _OPTIONS and value and is_plain(value):
            subject.reject(use, f"`{name}` of `@mutate` is not there yet: Hamilton refuses it", ("keyword", name))
    for index, value in enumerate(use.arguments):
        steps: tuple[Step, ...] = (("argument", index),)
        if isinstance(value, Rest):
            subject.unresolved(use, value, *steps)
            continue
        step = _step(subject, use, value, steps)
        if step is None:
            continue
        target = step.changes
        if isinstance(target, Function) and target.home == subject.function.home:
            step = step._replace(function=subject.function, keywords=step.keywords or shared)
            yield target, step, value
        elif isinstance(target, (Function, Lambda, Class, Reference)):
            _refuse(subject, use, target, steps)
        else:
            subject.unresolved(use, target, *steps)


def _step(subject: Subject, use: Use, value: Value, steps: tuple[Step, ...]) -> PipeStep | None:
    if isinstance(value, (Function, Lambda, Class, Reference)):
        return PipeStep(None, (), (), use, steps, changes=value)
    step = read_step(subject, use, value, steps)
    if step is not None and step.changes is None:
        subject.reject(use, "`@mutate` takes functions, not steps", *steps, advice="write `apply_to(function)`")
        return None
    return step


def _refuse(subject: Subject, use: Use, target: Value, steps: tuple[Step, ...]) -> None:
    """A target of another module; a class or a lambda of this one is changed, and nobody notices."""
    home = target.home if isinstance(target, Function) else ""
    own = isinstance(target, (Lambda, Class)) and (target.scope.module == subject.function.home)
    if not own:
        where = f"is in `{home}`" if home else "is not in this module"
        message = f"{describe(target)} {where}, but `@mutate` only changes functions of its own module"
        subject.reject(use, message, *steps, advice="move the function that carries it there, or use `pipe_output`")
