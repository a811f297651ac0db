"""Which nodes does one function make?

Runs a function's modifiers in Hamilton's lifecycle order (`hamilton.function_modifiers.base.resolve_nodes`), which does not
depend on how they are stacked across stages: resolve, generate, inject, expand, transform, decorate; within a stage the
lowest runs first. What Hamilton would refuse becomes a `Fault`; a function with such a fault keeps every node whose name is
known, with types unknown, so that nothing else is reported because of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation.attributes import outside_base
from dagcheck.evaluation.conditions import ALWAYS, NEVER, Condition, both, either
from dagcheck.evaluation.objects import Class, Function
from dagcheck.evaluation.values import Construction, Value
from dagcheck.names.modifier_names import MODULE
from dagcheck.nodes.annotating import annotation_faults
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.decorators import as_written
from dagcheck.nodes.modifiers.calling import check_call
from dagcheck.nodes.modifiers.configuration import resolve
from dagcheck.nodes.modifiers.delayed import resolved
from dagcheck.nodes.modifiers.registry import DEPRECATED, STAGES, modifier
from dagcheck.nodes.node import Fault, Node
from dagcheck.nodes.plain import REJECTED, plain_node
from dagcheck.nodes.subject import Expansion, Memory, Setting, Subject
from dagcheck.nodes.unreachable import contradiction, replaced
from dagcheck.nodes.uses import Decoration, Use, decoration
from dagcheck.nodes.vocabulary import is_looked_up, misspelling
from dagcheck.span import Span
from dagcheck.types.model import UnknownType

MOST_CELLS = 64
"""Groups of configurations in which one function may come to different nodes before dagcheck gives up on it."""


def expand(function: Function, condition: Condition, setting: Setting, name: str = "") -> Expansion:
    """The nodes of one function, expanded once per group of configurations that its modifiers tell apart.

    `name` is what Hamilton calls the function by now, where that is not what it was called when it was made.
    """
    made = decoration(function)
    made = made._replace(uses=setting.mutated(function, made.uses))
    pending: list[tuple[bool, ...]] = [()]
    results: list[Expansion] = []
    before: Memory = setting.memory.copy()
    after: Memory | None = None
    while pending:
        given = pending.pop()
        setting.memory.become(before)
        subject = Subject(function, condition, setting, untyped=made.untyped, given=given, name=name)
        results.append(_expand_once(subject, made))
        after = after or setting.memory.copy()
        fresh = range(len(given), len(subject.taken))
        pending.extend((*subject.taken[:index], not subject.taken[index]) for index in fresh)
        if len(results) > MOST_CELLS:
            return merged(results)._replace(complete=False)
    setting.memory.become(after or before)
    return merged(results)


def merged(results: Sequence[Expansion]) -> Expansion:
    """The expansions of one function in several groups of configurations as one: what is the same counts once."""
    if len(results) == 1:
        return results[0]
    nodes: list[Node] = []
    faults: dict[Fault, Condition] = {}
    for result in results:
        nodes = _merged_nodes(nodes, result.nodes)
        for fault in result.faults:
            key = fault._replace(condition=NEVER)
            known = faults.get(key, NEVER)
            faults[key] = either(known, fault.condition) or known
    needs_config = any(result.needs_config for result in results)
    found = tuple([fault._replace(condition=condition) for fault, condition in faults.items()])
    return Expansion(tuple(nodes), found, all(result.complete for result in results), needs_config, results[0].name)


def _merged_nodes(known: Sequence[Node], more: Sequence[Node]) -> list[Node]:
    """Both lists as one in which either keeps its order, on which the types of inputs may depend."""
    made = list(known)
    plain = [node._replace(condition=NEVER) for node in known]
    at = 0
    for node in more:
        key = node._replace(condition=NEVER)
        index = plain.index(key, at) if key in plain[at:] else -1
        condition = None if index < 0 else either(made[index].condition, node.condition)
        if condition is None:
            index = at
            made.insert(index, node)
            plain.insert(index, key)
        else:
            made[index] = node._replace(condition=condition)
        at = index + 1
    return made


def _expand_once(subject: Subject, decoration: Decoration) -> Expansion:
    """Run the lifecycle of one function."""
    everywhere = subject.condition
    stages = _staged(subject, decoration.uses)
    is_open, doubled = _resolve_delayed(subject, stages)
    refused = [fault for _, found in doubled for fault in _refused_at_resolution(subject, decoration, found)]
    subject.faults.extend(refused)
    subject.at_resolution.extend(refused)
    unread = _note_unreadable(subject, decoration, stages)
    for use in stages["resolve"]:
        before = len(subject.faults)
        met = both(subject.condition, resolve(subject, use))
        subject.forget_faults(use, before)
        # What one subdag's configuration leaves out, another's may have.
        if met == NEVER != subject.condition and not subject.setting.laid:
            subject.faults.extend(contradiction(subject, stages["resolve"], use))
        subject.condition = met if met is not None else subject.condition
    if subject.condition == NEVER:
        faults = (*subject.faults, *_refused_at_import(subject, decoration, stages))
        return Expansion((), faults, subject.complete, subject.needs_config, subject.name)
    for use, found in doubled if not refused else ():
        message = f"`@{use.name}` gives `@{found.name}`, but Hamilton takes one modifier of this kind"
        subject.reject(use, message, hamilton="build")
    subject.faults.extend(annotation_faults(subject, decoration.uses))
    nodes = _applied(subject, stages)
    if is_open or any(modifier(use.name).stage == "expand" for use in unread):
        nodes = []  # nobody knows their names
    if unread or decoration.unreadable:
        nodes = [_blank(node, bool(unread)) for node in nodes]
    if subject.is_rejected:
        nodes = [_rejected(node) for node in nodes]
    if not nodes and subject.complete and not subject.is_rejected:
        _note_vanishing(subject, stages["expand"])
    made = tuple(_conditioned(subject, nodes))
    subject.faults.extend(replaced(subject, stages["resolve"], made))
    early = subject.at_resolution
    told = [fault._replace(condition=everywhere) if fault in early else fault for fault in subject.faults]
    return Expansion(made, tuple(told), subject.complete, subject.needs_config, subject.name)


def _applied(subject: Subject, stages: dict[str, list[Use]]) -> list[Node]:
    nodes = [_own_node(subject)]
    for stage in ("generate", "inject", "expand", "transform", "decorate"):
        for use in stages[stage]:
            apply, before = modifier(use.name).apply, len(subject.faults)
            nodes = apply(subject, use, nodes) if apply is not None else nodes
            subject.forget_faults(use, before)
    return nodes


def _refused_at_import(subject: Subject, decoration: Decoration, stages: dict[str, list[Use]]) -> list[Fault]:
    """What Hamilton refuses while it decorates a function that exists in no configuration: that happens all the same."""
    tried = Subject(subject.function, ALWAYS, subject.setting, untyped=decoration.untyped, name=subject.name)
    tried.faults.extend(annotation_faults(tried, decoration.uses))
    before = subject.setting.memory.copy()
    _applied(tried, stages)
    subject.setting.memory.become(before)
    return [fault for fault in tried.faults if fault.hamilton == "import" or fault in tried.at_resolution]


def _refused_at_resolution(subject: Subject, decoration: Decoration, found: Use) -> list[Fault]:
    """What Hamilton refuses of a modifier that `@resolve` gives, before it looks whether there is room for it."""
    tried = Subject(subject.function, ALWAYS, subject.setting, untyped=decoration.untyped, name=subject.name)
    before = subject.setting.memory.copy()
    apply = modifier(found.name).apply
    if check_call(tried, found) and apply is not None:
        apply(tried, found, [_own_node(tried)])
    subject.setting.memory.become(before)
    return tried.at_resolution


def _resolve_delayed(subject: Subject, stages: dict[str, list[Use]]) -> tuple[bool, list[tuple[Use, Use]]]:
    """Let the modifiers that `@resolve` returns join their stages.

    Says whether one of them is not known, and which of them come second where Hamilton takes one, once the function exists.
    """
    is_open = False
    doubled: list[tuple[Use, Use]] = []
    for use in stages["dynamic"]:
        before = len(subject.faults)
        found = resolved(subject, use)
        subject.forget_faults(use, before)
        if found is None:
            is_open = True
            continue
        kind = modifier(found.name)
        if kind.alone and stages[kind.stage]:
            doubled.append((use, found))
        else:
            stages[kind.stage].append(found)
    return is_open or bool(doubled), doubled


def _staged(subject: Subject, uses: tuple[Use, ...]) -> dict[str, list[Use]]:
    """The uses by stage, lowest first; what Hamilton refuses while decorating is noted."""
    stages: dict[str, list[Use]] = {stage: [] for stage in STAGES}
    for use in uses:
        kind = modifier(use.name)
        present = stages[kind.stage]
        _note_deprecation(subject, use)
        if use.bare and use.name != "hamilton_exclude":
            subject.reject(use, f"`@{use.name}` is used without its parentheses", advice=f"write `@{use.name}(...)`")
            continue
        if kind.alone and present:
            message = (
                f"`@{use.name}` cannot stand above `@{present[-1].name}`: Hamilton takes one modifier of this kind"
            )
            subject.reject(use, message)
            continue
        present.append(use)
        if not check_call(subject, use):
            subject.misused.append(use)
    return stages


def _note_deprecation(subject: Subject, use: Use) -> None:
    instead = DEPRECATED.get(use.name)
    if instead is not None:
        message = f"`@{use.name}` is deprecated: Hamilton 2.0 will not have it"
        fault = Fault("deprecated-modifier", message, blame(use), subject.condition, "silent", (subject.name,))
        advice = f"use `@{instead}`"
        subject.faults.append(fault._replace(severity="warning", help=advice, path=use.application.path))


def _note_unreadable(subject: Subject, decoration: Decoration, stages: dict[str, list[Use]]) -> list[Use]:
    """Note the modifiers that dagcheck does not work out, and decorators from elsewhere; the former are returned."""
    unread = [
        use
        for stage, uses in stages.items()
        for use in uses
        if modifier(use.name).apply is None and stage not in ("resolve", "dynamic")
    ]
    for use in unread:
        found = misspelling(f"{MODULE}.{use.name}")
        if found is not None and is_looked_up(use):
            subject.reject(use, found.message, advice=f"did you mean `{found.meant}`?")
        elif found is None:
            subject.note_unresolved(f"`@{use.name}` makes nodes that dagcheck does not work out yet", blame(use))
        subject.complete = False
    for application in decoration.unreadable:
        what = as_written(application)
        message = f"the decorator {what} is not Hamilton's; dagcheck takes the function as it is written"
        if _is_own_modifier(application.decorator):
            message = f"the decorator {what} is a modifier of the project's own, which dagcheck does not follow"
            subject.complete = False
        subject.note_unresolved(message, Span(*application.place), path=application.path)
    return unread


def _is_own_modifier(decorator: Value) -> bool:
    """Is a decorator an object of a class that derives from one of Hamilton's? It may make any nodes."""
    owner = decorator.callee if isinstance(decorator, Construction) else decorator
    base = outside_base(owner) if isinstance(owner, Class) else None
    return base is not None and base.name.startswith("hamilton.")


def _own_node(subject: Subject) -> Node:
    keys, origin = subject.config_keys, subject.origin()
    return plain_node(
        subject.function, subject.signature, subject.name, subject.condition, origin=origin, config_keys=keys
    )


def _note_vanishing(subject: Subject, uses: list[Use]) -> None:
    for use in uses:
        message = f"`@{use.name}` without outputs makes no node: `{subject.name}` is not part of the dataflow"
        fault = Fault("hidden-node", message, blame(use), subject.condition, "silent", (subject.name,))
        subject.faults.append(fault._replace(severity="warning"))


def _blank(node: Node, drop_dependencies: bool) -> Node:
    """A node whose modifiers could not all be read: its name stands, the rest may be otherwise."""
    reason = UnknownType("unknown", "a decorator could not be read")
    dependencies = () if drop_dependencies else tuple([part._replace(type=reason) for part in node.dependencies])
    return node._replace(type=reason, dependencies=dependencies)


def _rejected(node: Node) -> Node:
    dependencies = tuple([part._replace(type=REJECTED) for part in node.dependencies])
    return node._replace(type=REJECTED, dependencies=dependencies)


def _conditioned(subject: Subject, nodes: list[Node]) -> list[Node]:
    """Nodes exist where the function does; those of a subdag may exist in fewer configurations."""
    made: list[Node] = []
    for node in nodes:
        met = node.condition if node.condition == subject.condition else both(node.condition, subject.condition)
        made.append(node._replace(condition=subject.condition if met is None else met))
    return made
