"""What do all flavours of `with_columns` share? Their options, the nodes inside, and the way these come before a function.

Source: `hamilton.function_modifiers.recursive.with_columns_base`. A *group* is what the functions and modules given to the
modifier make. Which nodes of a group are kept and read hangs on which of them exist, so each configuration that tells them apart
is expanded by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from dagcheck.evaluation.conditions import NEVER, both, one_of
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.values import Unknown
from dagcheck.nodes.arguments import Step, blame
from dagcheck.nodes.injection import injectable, redirected
from dagcheck.nodes.modifiers.contained import Overlay, moved, nodes_inside
from dagcheck.nodes.node import Fault, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.types.model import Type

_POWER_USER = "hamilton.enable_power_user_mode"


class Listed(NamedTuple):
    """The names that an option lists, each with its documentation; `items` None: not given. Not complete: there may be more."""

    items: tuple[tuple[str, str], ...] | None
    complete: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The names alone."""
        return tuple([name for name, _ in self.items or ()])


def check_options(subject: Subject, use: Use) -> None:
    """Note options that cannot be read."""
    for name, value in use.keywords:
        if name == "**":
            subject.unresolved(use, value)


def listed(subject: Subject, use: Use, option: str) -> Listed:
    """The names given to an option: any iterable will do, a text counts by its characters."""
    value, is_open = use.keyword(option), use.keyword("**") is not None
    if value is None:
        return Listed(() if is_open else None, not is_open)
    parts = iterate(value)
    if isinstance(parts, Unknown):
        if not is_plain(value):
            subject.unresolved(use, value, ("value", option))
            return Listed((), complete=False)
        message = f"`{option}` is a list of names, it cannot be {describe(value)}"
        subject.reject(use, message, ("value", option), hamilton="build")
        return Listed(())
    items: list[tuple[str, str]] = []
    for part in parts:
        name, words = part if type(part) is tuple and len(part) == 2 else (part, "")
        if isinstance(name, str):
            items.append((name, words if isinstance(words, str) else ""))
        elif is_plain(name):
            message = f"`{option}` is a list of names, {describe(name)} is none"
            subject.reject(use, message, *option_item(value, option, part), hamilton="build")
        else:
            subject.unresolved(use, name, ("value", option))
    return Listed(tuple(items), len(items) == len(parts))


def option_item(value: object, option: str, part: object) -> tuple[Step, ...]:
    """The way to one element of the list given to an option."""
    where: tuple[Step, ...] = (("value", option),)
    return (*where, ("item", value.index(part))) if isinstance(value, (list, tuple)) and part in value else where


def group(subject: Subject, use: Use) -> list[Node]:
    """The nodes of the functions and modules given, in the configurations at hand."""
    found = nodes_inside(subject, use, Overlay({}, {}, _visible_keys(subject, use)))
    return [node for node in found if subject.decide(node.condition)]


def first_parameter(subject: Subject, use: Use) -> str | None:
    """The function's first parameter, which is the dataframe; that there is none is noted."""
    parameters = subject.signature.parameters
    if not parameters:
        message = f"`@{use.name}` works on the first parameter of a function, but `{subject.name}` has none"
        subject.reject(use, message)
        return None
    return parameters[0].name


def frame_read(subject: Subject, use: Use, nodes: Sequence[Node], name: str) -> Type | None:
    """The type by which the function's nodes read the dataframe; None, noted, where by now they read something else."""
    found = injectable(nodes).get(name)
    if found is None and subject.complete and not subject.is_rejected:
        before = "once the modifiers before it are at work, the function does not read"
        subject.reject(use, f"`@{use.name}` has nothing to work on: {before} `{name}`", hamilton="build")
    return found


def distinct(subject: Subject, use: Use, nodes: Sequence[Node], columns: Sequence[str]) -> list[Node]:
    """One node a name: Hamilton takes no name twice, be it a function's or a column's, which is noted."""
    for name, count in Counter(node.name for node in nodes).items():
        if count == 1:
            continue
        if name not in columns:
            subject.reject(use, f"`{name}` is made twice inside `@{use.name}`", hamilton="build")
            continue
        steps = option_item(use.keyword("columns_to_pass"), "columns_to_pass", name)
        message, advice = f"column `{name}` is passed in twice", ""
        if columns.count(name) == 1:
            message = f"column `{name}` is both passed in and made inside: columns that are passed cannot be replaced"
            advice = "rename the function, or use `on_input` and take the columns out of the dataframe inside"
        subject.reject(use, message, *steps, hamilton="build", advice=advice)
    return list({node.name: node for node in nodes}.values())


def kept(subject: Subject, use: Use, nodes: list[Node], option: str, chosen: Listed) -> list[Node]:
    """What is left of the nodes: those chosen and what they read (`prune_nodes`); all where nothing is chosen.

    Hamilton starts with those chosen in an order that changes from run to run; here it is the order in which they are named.
    """
    if chosen.items is None:
        found = nodes
    else:
        by_name = {node.name: node for node in nodes}
        seen = set(chosen.names)
        stack = [by_name[name] for name in dict.fromkeys(chosen.names) if name in by_name]
        found = []
        while stack:
            node = stack.pop()
            found.append(node)
            fresh = [part.name for part in node.dependencies if part.name not in seen and part.name in by_name]
            seen.update(fresh)
            stack.extend(by_name[name] for name in fresh)
        _check_chosen(subject, use, option, chosen, by_name)
    if not found and subject.complete and chosen.complete and not subject.is_rejected:
        subject.reject(use, f"`@{use.name}` is left with no node to add a column from", hamilton="build")
    return found


def before(
    subject: Subject, use: Use, nodes: Sequence[Node], made: Sequence[Node], *, frame: str, last: str
) -> list[Node]:
    """The function's nodes, which read what the last of the `made` gives instead of the frame, then the `made`, in their namespace."""
    namespace = use.keyword("namespace")
    if namespace is None:
        namespace = subject.name
    elif not is_plain(namespace):
        subject.unresolved(use, namespace, ("value", "namespace"))
        return [redirected(node, frame, None) for node in nodes]
    names = {node.name for node in made}
    inner = [moved(node, f"{namespace}", names) for node in made]
    return [*(redirected(node, frame, f"{namespace}.{last}") for node in nodes), *inner]


def _visible_keys(subject: Subject, use: Use) -> frozenset[str] | None:
    """The configuration keys that the functions inside may see; that a required one can be missing is noted."""
    required = listed(subject, use, "config_required")
    if required.items is None or not required.complete:
        return None
    for key in required.names:
        missing = both(subject.condition, one_of(key, [None])) if key != _POWER_USER else NEVER
        if missing is not None and missing != NEVER:
            steps = option_item(use.keyword("config_required"), "config_required", key)
            message = f"`@{use.name}` requires configuration key `{key}`, which may be missing"
            fault = Fault("invalid-modifier", message, blame(use, *steps), missing, "build", (subject.name,))
            subject.faults.append(fault._replace(path=use.application.path))
    return frozenset({*required.names, _POWER_USER})


def _check_chosen(subject: Subject, use: Use, option: str, chosen: Listed, made: Collection[str]) -> None:
    if not subject.complete:
        return
    for name in dict.fromkeys(chosen.names):
        if name not in made:
            message = f"`{option}` names `{name}`, which nothing inside `@{use.name}` makes"
            steps = option_item(use.keyword(option), option, name)
            there = ", ".join(f"`{other}`" for other in made) or "nothing"
            subject.reject(use, message, *steps, hamilton="build", advice=f"what is made there: {there}")
