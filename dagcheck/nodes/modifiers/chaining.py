"""Which nodes do the steps of a pipe make?

One node for each step that takes part, named after its function (`f.with_round`, and `f.with_round_1` for its second use), in
the namespace of the pipe or of the step. Each reads the node before it by its first parameter; what the other parameters are
bound to is read, or is a constant, and a parameter that is bound to nothing stays a dependency of its own name.

Source: `chain_transforms` and `Applicable` of `hamilton.function_modifiers.macros`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dagcheck.evaluation.calls import bind
from dagcheck.evaluation.conditions import ALWAYS, both
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.objects import MISSING, Bound, Function
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value
from dagcheck.nodes.arguments import Step, binding, blame
from dagcheck.nodes.modifiers.comparisons import Asked, compared
from dagcheck.nodes.modifiers.configuration import resolve
from dagcheck.nodes.modifiers.fitting import CHAINED, rest_of, unfit, wrapper
from dagcheck.nodes.modifiers.steps import PipeStep
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.plain import plain_node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import decoration
from dagcheck.types.model import UnknownType

UNREAD = UnknownType("unknown", "a step of its pipe cannot be read")


def chained(
    subject: Subject, steps: Sequence[PipeStep | None], target: str, namespace: Value
) -> tuple[list[Node], str | None]:
    """The nodes of the steps that take part, and the name of the last: `target` if there is none, None if nobody knows.

    A step that is None cannot be read. A `namespace` other than `...` holds for all steps.
    """
    made: list[Node] = []
    seen: Counter[str] = Counter()
    last: str | None = target
    for step in steps:
        if step is not None and not _takes_part(subject, step):
            continue
        node = None if step is None else _step_node(subject, step, last, namespace, seen)
        if node is None:
            subject.complete = False
            last = None
        else:
            made.append(node)
            last = node.name
    return made, last


def _takes_part(subject: Subject, step: PipeStep) -> bool:
    condition = ALWAYS
    for test in step.tests:
        asked = Asked(subject, step.use, test.kind, f".{test.kind}", test.steps, condition)
        met = both(condition, compared(asked, test.pairs))
        if met is None:
            subject.complete = False
        else:
            condition = met
    return subject.decide(condition)


def _step_node(
    subject: Subject, step: PipeStep, target: str | None, namespace: Value, seen: Counter[str]
) -> Node | None:
    called, config_keys = _called(subject, step)
    name: Value = step.name
    if name is None and called is not None:
        glue, again = "" if called.startswith("_") else "_", f"_{seen[called]}" if seen[called] else ""
        name = f"with{glue}{called}{again}"
    if called is not None:
        seen[called] += 1
    inside = step.namespace if namespace is ... else namespace
    inside = subject.name if inside is ... else inside
    if name is None or not step.readable or not (inside is None or is_plain(inside)):
        return None
    odd = next((part for part in (inside, name) if part is not None and not isinstance(part, str)), None)
    if odd is not None:
        message = f"the names of a step and its namespace are texts, not {describe(odd)}"
        subject.reject(step.use, message, *step.steps, hamilton="build")
        return None
    full = name if inside is None else f"{inside}.{name}"
    node = _plain(subject, step, full, config_keys)
    reads = _reads(subject, step, node, target)
    path, span = step.use.application.path, blame(step.use, *step.steps)
    return node._replace(dependencies=reads, span=span, path="" if path == subject.path else path)


def _called(subject: Subject, step: PipeStep) -> tuple[str | None, tuple[str, ...] | None]:
    """The `__name__` of a step's function when the pipe is built, and the configuration keys that decided about it.

    Hamilton renames a function for good when `@config` lets it exist: whoever comes later in the alphabet sees the new name.
    """
    function = step.function
    if isinstance(function, Bound):
        return function.name, None
    if isinstance(function, Reference):
        subject.complete = subject.complete and step.name is not None
        return function.name.rpartition(".")[2], None
    if not isinstance(function, Function):
        return None, None
    uses = [use for use in decoration(function).uses if use.name.partition(".")[0] == "config" and not use.bare]
    is_visited = function.home == subject.function.home and not function.name.startswith("_")
    if not uses or not is_visited or function.header.name >= subject.function.header.name:
        return function.name, None
    other = Subject(function, subject.condition, subject.setting)
    name, keys = function.name, None
    for use in uses:
        if not subject.decide(resolve(other, use)):
            break
        name, keys = other.name, other.config_keys
    return name, keys


def _plain(subject: Subject, step: PipeStep, name: str, config_keys: tuple[str, ...] | None) -> Node:
    """The node of the step's function, before its parameters are bound."""
    function, origin = step.function, subject.origin(step.use.name)
    if not isinstance(function, Function):
        return Node(name, UNREAD, (), subject.condition, "standard", origin, blame(step.use, *step.steps))
    signature = subject.setting.signature(function, decoration(function).untyped)
    node = plain_node(function, signature, name, subject.condition, origin=origin, config_keys=config_keys)
    if wrapper(function) is None:
        return node
    return node._replace(type=UNREAD, dependencies=tuple([part._replace(type=UNREAD) for part in node.dependencies]))


def _reads(subject: Subject, step: PipeStep, node: Node, target: str | None) -> tuple[Dependency, ...]:
    """What the step's node reads; of two parameters that read one name the later one's type counts."""
    own = {part.name: part for part in node.dependencies}
    made: dict[str, Dependency] = {}
    for name, value, step_to in _bound(subject, step, list(own)):
        span = blame(step.use, *step.steps, *step_to)
        before = own.get(name, Dependency(name, UNREAD, False, span))
        if value is CHAINED:
            now = target
        elif value is MISSING:
            now = name
        else:
            now = _source(subject, step, value, step_to)
        if now is not None:
            made[now] = before._replace(name=now, span=span)
    return tuple(made.values())


def _bound(subject: Subject, step: PipeStep, names: list[str]) -> list[tuple[str, Value, tuple[Step, ...]]]:
    """Each parameter with its value and the way to it from the step; `MISSING` where it is bound to nothing."""
    function, arguments = step.function, [CHAINED, *step.arguments]
    given = dict(step.keywords)
    rest = rest_of(step)
    if rest is not None:
        subject.unresolved(step.use, rest.unknown, *step.steps, complete=True)
    if not isinstance(function, Function) or rest is not None:
        first = names[0] if names else "the first parameter"
        known = [(name, value, _way(step, name)) for name, value in given.items() if name != "**"]
        return [(first, CHAINED, ()), *known]
    problem = None if subject.is_rejected else unfit(subject, step, function)
    if problem is not None:
        subject.reject(step.use, problem[0], *step.steps, hamilton="build", advice=problem[1])
    parameters = function.source.header.parameters
    bound = bind(parameters, arguments, list(step.keywords))
    if isinstance(bound, Unknown):
        return [(name, MISSING, ()) for name in names]
    empty = {part.name for part in parameters if part.kind in ("star", "double-star") and not bound[part.name]}
    return [(name, MISSING if name in empty else bound[name], _way(step, name, names)) for name in names]


def _way(step: PipeStep, name: str, names: Sequence[str] = ()) -> tuple[Step, ...]:
    if name in dict(step.keywords):
        return (("value", name),)
    index = names.index(name) if name in names else 0
    return (("argument", index),) if 0 < index <= len(step.arguments) else ()


def _source(subject: Subject, step: PipeStep, value: Value, way: tuple[Step, ...]) -> str | None:
    """The name that a bound value is read from; None for a constant."""
    if isinstance(value, Construction) and isinstance(value.callee, Reference):
        bound = binding(value)
        return bound.content if bound.kind == "source" and isinstance(bound.content, str) else None
    if isinstance(value, Unknown):
        subject.unresolved(step.use, value, *step.steps, *way, complete=True)
    return None
