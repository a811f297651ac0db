"""`check_output_custom`: checks that the project brings along.

Source: `hamilton.function_modifiers.validation` and `hamilton.data_quality.base`. The nodes are those of `check_output`, named
after what each validator's `name()` says, which is followed where a project's class says it in a way that can be read. Types
are not checked: Hamilton does not ask such a validator whether it applies.
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import find_in_class
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.objects import MISSING, Class, Function, Instance, Lambda
from dagcheck.evaluation.values import Construction, Reference, Rest, Unknown, Value
from dagcheck.nodes.arguments import Step
from dagcheck.nodes.modifiers.adapters import validator_names
from dagcheck.nodes.modifiers.class_methods import made, needs_an_object, said
from dagcheck.nodes.modifiers.validation import validated
from dagcheck.nodes.node import Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import transform
from dagcheck.nodes.uses import Use

_BASE = "hamilton.data_quality.base."
_DEFAULTS = frozenset({f"{_BASE}BaseDefaultValidator", f"{_BASE}AsyncBaseDefaultValidator"})
_BASES = _DEFAULTS | {f"{_BASE}DataValidator", f"{_BASE}AsyncDataValidator"}
_ABSTRACT = ("applies_to", "description", "validate")


def check_output_custom(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@check_output_custom(validator, ..., target_=...)` on the final nodes, or on `target_`."""
    for name, value in use.keywords:
        if name == "**":
            subject.unresolved(use, value, complete=True)
        elif name != "target_":
            subject.reject(use, f"`@check_output_custom` has no argument `{name}`", ("keyword", name))
    names: list[str] = []
    for index, validator in enumerate(use.arguments):
        called = _name(subject, use, validator, ("argument", index))
        if isinstance(called, str):
            names.append(called)
        elif called is not None:
            subject.unresolved(use, called, ("argument", index))
    target = use.keyword("target_")
    return transform(subject, use, target, nodes, lambda node: validated(subject, use, node, names))


def _name(subject: Subject, use: Use, validator: Value, step: Step) -> str | Unknown | None:
    """What a validator calls itself; None for one that Hamilton refuses, which is noted."""
    if isinstance(validator, (Unknown, Rest)):
        return validator.unknown if isinstance(validator, Rest) else validator
    is_builtin = isinstance(validator, Reference) and validator.name.startswith("builtins.")
    if is_builtin or is_plain(validator) or isinstance(validator, (Function, Lambda)):
        message = f"`@check_output_custom` takes validators, {describe(validator)} is none"
        subject.reject(use, message, step, hamilton="build", advice="derive from `DataValidator`")
        return None
    maker = validator.callee if isinstance(validator, Construction) else validator
    if isinstance(maker, Reference) and maker.name in validator_names():
        if maker is not validator:
            return validator_names()[maker.name]
        _refuse_class(subject, use, maker, step)
        return None
    owner = validator.of if isinstance(validator, Instance) else maker
    if not isinstance(owner, Class):
        return Unknown(f"{describe(validator)} does not say how it is called")
    if owner is validator and needs_an_object(owner, "description"):
        _refuse_class(subject, use, owner, step)
        return None
    if isinstance(validator, Construction) and not _check_construction(subject, use, owner, validator, step):
        return None
    if isinstance(validator, Construction):
        return _called(subject, owner, made(subject.setting, owner, validator.arguments, validator.keywords))
    return _called(subject, owner, validator)


def _refuse_class(subject: Subject, use: Use, owner: Class | Reference, step: Step) -> None:
    message = f"`@check_output_custom` takes validators, {describe(owner)} is the class of some"
    subject.reject(use, message, step, hamilton="build", advice="call it")


def _check_construction(subject: Subject, use: Use, owner: Class, validator: Construction, step: Step) -> bool:
    """Can the class be called like this? It must fill in what Hamilton's base leaves open; `importance` is the base's own."""
    base = _base(owner)
    if base is None:
        return True
    wanted = (*_ABSTRACT, "arg" if base in _DEFAULTS else "name")
    missing = [name for name in wanted if find_in_class(owner, name) is MISSING]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        subject.reject(use, f"{describe(owner)} cannot be called: it does not define {names}", step)
        return False
    if find_in_class(owner, "__init__") is not MISSING:
        return True
    given = [*(("importance", value) for value in validator.arguments), *validator.keywords]
    if any(isinstance(value, Rest) for _, value in given):
        return True
    if [name for name, _ in given] != ["importance"]:
        subject.reject(use, f"{describe(owner)} takes one argument, `importance`", step)
        return False
    importance = given[0][1]
    if is_plain(importance) and importance not in ("warn", "fail"):
        message = f"the importance of a check is `warn` or `fail`, not {describe(importance)}"
        subject.reject(use, message, step, ("argument", 0) if validator.arguments else ("value", "importance"))
        return False
    return True


def _base(owner: Class) -> str | None:
    """The one class of Hamilton's from which a project's class derives, if it derives from nothing else."""
    found: set[str] = set()
    for base in owner.bases:
        name = _base(base) if isinstance(base, Class) else base.name if isinstance(base, Reference) else None
        if name not in _BASES and name != "abc.ABC":
            return None
        found.add(name)
    found.discard("abc.ABC")
    return found.pop() if len(found) == 1 else None


def _called(subject: Subject, owner: Class, itself: Value) -> str | Unknown:
    """What a validator calls itself."""
    value = said(subject.setting, owner, itself, "name")
    if find_in_class(owner, "name") is MISSING and _base(owner) in _DEFAULTS:
        value = said(subject.setting, owner, itself, "arg")
        value = f"{value}_validator" if isinstance(value, str) else value
    if isinstance(value, str):
        return value
    return value if isinstance(value, Unknown) else Unknown(f"`{owner.name}.name` gives no text that can be read")
