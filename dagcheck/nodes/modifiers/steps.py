"""What is a step of a pipe?

`step(function, by=source("z")).named("x").when(k=1)` and, for `mutate`, `apply_to(target)...` as data: the function that
takes the value on, what its other parameters are bound to, what its node is called, and where it takes part. Each method
gives a copy with one thing changed; the last one to speak wins, conditions add up.

Source: `Applicable` of `hamilton.function_modifiers.macros`. Whether the function fits its place is asked in
`dagcheck.nodes.modifiers.fitting`; nodes are made of steps in `dagcheck.nodes.modifiers.pipes`.
"""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.evaluation.ignorance import describe, explain, is_plain
from dagcheck.evaluation.objects import MISSING, Class, Function, Instance, Lambda
from dagcheck.evaluation.values import Construction, Member, Reference, Rest, Unknown, Value
from dagcheck.nodes.arguments import Step
from dagcheck.nodes.modifiers.comparisons import KINDS
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use, hamilton_name

_MAKERS = {"step": "fn", "apply_to": "fn_"}
_TAKES = {"mutate": ("functions", "name the function itself, or write `apply_to(function)`")}


class Test(NamedTuple):
    """One `.when(...)` or its kin: the method, its pairs, and the way to it."""

    kind: str
    pairs: tuple[tuple[str, Value], ...]
    steps: tuple[Step, ...]


class PipeStep(NamedTuple):
    """A step; `use` is the decorator that holds it, `steps` lead to its innermost call there.

    `name`, `namespace` and `target` are values as written; `changes` is the function that `apply_to` names. Not `readable`: its name,
    its namespace or its target are not known.
    """

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    use: Use
    steps: tuple[Step, ...]
    tests: tuple[Test, ...] = ()
    name: Value = None
    namespace: Value = ...
    target: Value = None
    changes: Value = None
    readable: bool = True
    kind: str = "pipe-step"


def read_step(subject: Subject, use: Use, value: Value, steps: tuple[Step, ...]) -> PipeStep | None:
    """The step that a value stands for; None when it is none, or cannot be read, which is noted."""
    if isinstance(value, PipeStep):
        return value
    if isinstance(value, Construction) and isinstance(value.callee, Member):
        name = value.callee.name
        owner = read_step(subject, use, value.callee.owner, (*steps, ("owner", name)))
        return None if owner is None else _changed(subject, owner, name, value, steps)
    maker = hamilton_name(value.callee.name) if _is_direct(value) else None
    if maker in _MAKERS:
        return _made(subject, use, maker, value, steps)
    is_builtin = isinstance(value, Reference) and value.name.startswith("builtins.")
    if is_plain(value) or isinstance(value, (Function, Lambda, Class, Instance)) or maker is not None or is_builtin:
        wrapped = describe(value).strip("`") if isinstance(value, Function) else "function"
        takes, advice = _TAKES.get(use.name, ("steps", f"write `step({wrapped})`"))
        subject.reject(use, f"`@{use.name}` takes {takes}, not {describe(value)}", *steps, advice=advice)
    elif isinstance(value, Member):
        subject.reject(use, f"{describe(value)} is not called", *steps, advice="write `(...)` behind it")
    else:
        subject.unresolved(use, value, *steps)
    return None


def _is_direct(value: Value) -> bool:
    return isinstance(value, Construction) and isinstance(value.callee, Reference)


def _made(subject: Subject, use: Use, maker: str, call: Construction, steps: tuple[Step, ...]) -> PipeStep | None:
    """`step(fn, *args, **kwargs)` or `apply_to(fn_, **kwargs)`."""
    named = [(name, value) for name, value in call.keywords if name not in (_MAKERS[maker], "__name")]
    first = call.arguments[0] if call.arguments else dict(call.keywords).get(_MAKERS[maker], MISSING)
    if first is MISSING and ("**" in dict(named)):
        first = Unknown("its arguments are not known")
    if first is MISSING:
        subject.reject(use, f"`{maker}()` names no function", *steps)
    elif isinstance(first, str):
        message = f"`{maker}` takes a function, not its name {describe(first)}"
        subject.reject(use, message, *steps, advice="write the name without quotes")
    elif maker == "apply_to" and len(call.arguments) > 1:
        message = "`apply_to` takes one function; what its parameters are bound to follows by name"
        subject.reject(use, message, *steps, ("argument", 1))
    elif any(name == "_name" for name, _ in named):
        subject.reject(use, f"`{maker}` cannot bind a parameter called `_name`", *steps, ("keyword", "_name"))
    elif isinstance(first, (Unknown, Rest)):
        subject.unresolved(use, first, *steps)
    elif maker == "step":
        return PipeStep(first, call.arguments[1:], tuple(named), use, steps)
    else:
        return PipeStep(None, (), tuple(named), use, steps, changes=first)
    return None


def _changed(
    subject: Subject, step: PipeStep, method: str, call: Construction, steps: tuple[Step, ...]
) -> PipeStep | None:
    """The step with what one of its methods changes."""
    if method in KINDS:
        if call.arguments:
            subject.reject(step.use, f"`.{method}` takes its conditions by name: `.{method}(key=value)`", *steps)
            return None
        return step._replace(tests=(*step.tests, Test(method, call.keywords, steps)))
    if method not in _METHODS:
        advice = f"write `{method}=` in the decorator" if method == "on_input" else f"a step has {_METHOD_NAMES}"
        subject.reject(step.use, f"a step has no method `{method}`", *steps, advice=advice)
        return None
    given = _arguments(subject, step.use, method, call, steps)
    if given is None:
        return None
    unknown = next((value for value in given.values() if isinstance(value, Unknown) or not _is_settled(value)), None)
    if unknown is not None:
        subject.unresolved(step.use, unknown, *steps)
        return step._replace(readable=False)
    if method == "on_output":
        return step if given["target"] is None else step._replace(target=given["target"])
    namespace = given.get("namespace", ...)
    if method == "namespaced" or namespace is not ...:
        step = step._replace(namespace=namespace)
    name = given.get("name")
    return step if name is None else step._replace(name=name)


_METHODS = {"named": ("name", "namespace"), "namespaced": ("namespace",), "on_output": ("target",)}
_METHOD_NAMES = ", ".join(f"`.{name}`" for name in (*_METHODS, *KINDS))


def _is_settled(value: Value) -> bool:
    return is_plain(value) or isinstance(value, (Function, Class, Instance, Lambda))


def _arguments(
    subject: Subject, use: Use, method: str, call: Construction, steps: tuple[Step, ...]
) -> dict[str, Value] | None:
    """What a method is given, by the names of its parameters; None when it cannot be called so."""
    names = _METHODS[method]
    given: dict[str, Value] = dict(zip(names, call.arguments, strict=False))
    unread = [value for value in (*call.arguments, *(part for _, part in call.keywords)) if isinstance(value, Rest)]
    if unread:
        return {name: explain(unread[0]) for name in names}
    wrong = next((name for name, _ in call.keywords if name not in names or name in given), None)
    given |= dict(call.keywords)
    if wrong is None and len(call.arguments) <= len(names) and names[0] in given:
        return given
    takes = ", ".join(names)
    subject.reject(use, f"`.{method}` takes `{takes}`", *steps)
    return None
