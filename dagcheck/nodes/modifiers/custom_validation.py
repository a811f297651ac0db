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
    made = validator.callee if isinstance(validator, Construction) else validator
    if isinstance(made, Reference) and made.name in validator_names():
        if made is not validator:
            return validator_names()[made.name]
        _refuse_class(subject, use, made, step)
        return None
    owner = validator.of if isinstance(validator, Instance) else made
    if not isinstance(owner, Class):
        return Unknown(f"{describe(validator)} does not say how it is called")
    if owner is validator and not _answers_for_itself(owner, "description"):
        _refuse_class(subject, use, owner, step)
        return None
    if isinstance(validator, Construction) and not _check_construction(subject, use, owner, validator, step):
        return None
    return _called(subject, owner, _made(subject, owner, validator), "name")


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


def _made(subject: Subject, owner: Class, validator: Value) -> Instance:
    """The object of a class, as far as its `__init__` can be followed."""
    if isinstance(validator, Instance):
        return validator
    itself, prepare = Instance(owner, {}), find_in_class(owner, "__init__")
    if isinstance(validator, Construction) and isinstance(prepare, Function) and not prepare.applied:
        subject.setting.call(prepare, [itself, *validator.arguments], list(validator.keywords))
    return itself


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


def _called(subject: Subject, owner: Class, itself: Instance, method: str) -> str | Unknown:
    """What a method of a validator that takes no arguments gives."""
    found = find_in_class(owner, method)
    if found is MISSING and method == "name" and _base(owner) in _DEFAULTS:
        arg = _called(subject, owner, itself, "arg")
        return f"{arg}_validator" if isinstance(arg, str) else arg
    if not isinstance(found, Function):
        return Unknown(f"`{owner.name}` does not say how it is called")
    kinds = _kinds(found)
    if kinds - {"builtins.classmethod", "builtins.staticmethod", "abc.abstractmethod"}:
        return Unknown(f"`{owner.name}.{method}` is wrapped by a decorator")
    receiver = [] if "builtins.staticmethod" in kinds else [owner if "builtins.classmethod" in kinds else itself]
    value = subject.setting.call(found.copy([]), receiver)
    if isinstance(value, str):
        return value
    return value if isinstance(value, Unknown) else Unknown(f"`{owner.name}.{method}` gives no text that can be read")


def _answers_for_itself(owner: Class, method: str) -> bool:
    found = find_in_class(owner, method)
    return not isinstance(found, Function) or bool(_kinds(found) & {"builtins.classmethod", "builtins.staticmethod"})


def _kinds(function: Function) -> set[str]:
    """The names of its decorators, "" for one that has none."""
    return {part.decorator.name if isinstance(part.decorator, Reference) else "" for part in function.applied}
