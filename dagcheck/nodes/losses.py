"""Which functions look like nodes and are none?

A later `def` of the same name takes a function's place; a decorator leaves something that is no function, or another
function; a lambda counts as a function without annotations. Hamilton says nothing of the first two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.ignorance import describe
from dagcheck.evaluation.objects import Application, Function, Lambda, Scope
from dagcheck.evaluation.printing import show
from dagcheck.evaluation.values import Unknown
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.decorators import as_written
from dagcheck.nodes.discovery import Candidate
from dagcheck.nodes.node import Fault
from dagcheck.nodes.uses import Decoration, decoration, modifier_name
from dagcheck.span import Location, Span

_ADVICE = "rename it with a leading underscore if it is no node, or move the work into a plain function"


def losses(scope: Scope, found: Sequence[Candidate]) -> Iterator[Fault]:
    """Functions of a module that were replaced or displaced; `found` are those that Hamilton sees."""
    yield from _replaced(scope)
    own = [candidate.function for candidate in found if candidate.attribute == candidate_name(candidate)]
    seen = {id(part) for function in own for part in _layers(function)}
    for function, instead, place in scope.displaced:
        if function.name.startswith("_") or isinstance(instead, Unknown):
            continue
        is_its_own = isinstance(instead, Function) and (
            instead.source is function.source or instead.name == function.name
        )
        if not (is_its_own and id(instead) in seen):
            expression = next((part for part in function.header.decorators if part[1] == place), None)
            what = describe(instead) if expression is None else f"`@{show(expression)}`"
            yield _hidden(what, function, Span(*place), scope.path)


def _layers(function: Function | Lambda) -> Iterator[Function | Lambda]:
    """What Hamilton sees, and all that it wraps."""
    part: Function | Lambda | None = function
    while part is not None:
        yield part
        part = part.wrapped if isinstance(part, Function) else None


def candidate_name(candidate: Candidate) -> str:
    """The `__name__` by which Hamilton calls a candidate."""
    return candidate.function.name if isinstance(candidate.function, Function) else "<lambda>"


def vanishing(function: Function, application: Application) -> Fault:
    """A decorator known to leave something that is no function."""
    what = as_written(application, call="")
    if modifier_name(application.decorator) is None:
        return _hidden(what, function, Span(*application.place), application.path)
    message = f"{what} {'itself' if what in ('`@load_from`', '`@save_to`') else 'without parentheses'} takes the place of `{function.name}`: it makes no node"
    fault = Fault("hidden-node", message, Span(*application.place), ALWAYS, "silent", (function.name,))
    advice = f"write {what[:-1]}(...)`"
    return fault._replace(severity="warning", help=advice, path=application.path)


def refusals(function: Function, made: Decoration) -> Iterator[Fault]:
    """Modifiers that stand above a decorator that leaves no function, and fail on what they find there."""
    if made.vanished is None:
        return
    below = as_written(made.vanished, call="")
    for use in made.refused:
        message = f"`@{use.name}` finds no function below it: {below} takes the place of `{function.name}`"
        advice = f"put it below {below}"
        if use.bare:
            message, advice = f"`@{use.name}` is used without its parentheses", f"write `@{use.name}(...)`"
        elif modifier_name(made.vanished.decorator) is not None:
            advice = f"write {below[:-1]}(...)`"
        fault = Fault("invalid-modifier", message, blame(use), ALWAYS, "import", (function.name,))
        yield fault._replace(help=advice, path=use.application.path)


def lambda_fault(candidate: Candidate, function: Lambda) -> Fault:
    """A lambda among a module's names: Hamilton fails on it."""
    message = f"`{candidate.attribute}` is a lambda, which Hamilton takes for a function without a return annotation"
    advice = "write a `def`, or keep the lambda out of the module's names"
    span, path = Span(*function.place), function.scope.path
    fault = Fault("missing-return-type", message, span, candidate.condition, "build", ("<lambda>",), path=path)
    return fault._replace(help=advice)


def _hidden(what: str, function: Function, span: Span, path: str) -> Fault:
    message = f"{what} puts something else in the place of `{function.name}`: it makes no node"
    fault = Fault("hidden-node", message, span, ALWAYS, "silent", (function.name,), path=path)
    return fault._replace(severity="warning", help=_ADVICE)


def _replaced(scope: Scope) -> Iterator[Fault]:
    """Functions that a later `def` of the same name replaced."""
    for earlier, later in scope.replaced:
        if earlier.name.startswith("_") or decoration(earlier).vanished is not None or _names_itself(later):
            continue
        name = later.header.name
        message = f"`{name}` is defined again: the earlier definition is lost"
        lost = (Location(scope.path, Span(*earlier.header.name_place)), "this definition is lost")
        place = Span(*later.header.name_place)
        fault = Fault("shadowed-function", message, place, ALWAYS, "silent", (later.name,), (lost,), path=scope.path)
        suffixes = [_suffix(function) for function in (earlier, later)]
        variants = [f"`{name}__{suffix or other}`" for suffix, other in zip(suffixes, ("one", "other"), strict=True)]
        advice = f"give each variant a suffix: {', '.join(variants)}"
        is_variant = any(suffix is not None for suffix in suffixes) and len(set(variants)) > 1
        yield fault._replace(
            help=advice if is_variant else "give each definition a name of its own", label="this one stays"
        )


def _suffix(function: Function) -> str | None:
    """A name for a variant, from the value under which it exists; "" when that is no name, None when it is no variant."""
    uses = [use for use in decoration(function).uses if use.name.partition(".")[0] == "config"]
    values = [value for use in uses for _, value in use.keywords if isinstance(value, str)]
    fitting = next((value.lower() for value in values if value.isidentifier()), "")
    return fitting if uses else None


def _names_itself(function: Function) -> bool:
    """Is a decorator made from the earlier function of the same name, as in `@area.register`?"""
    return any(_mentions(part, function.header.name) for part in function.header.decorators)


def _mentions(expression: object, name: str) -> bool:
    if not isinstance(expression, tuple):
        return False
    if len(expression) == 3 and expression[0] == "name" and expression[2] == name:
        return True
    return any(_mentions(part, name) for part in expression)
