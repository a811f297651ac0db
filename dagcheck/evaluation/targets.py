"""What does an assignment bind?

A target is a name, a pattern of names, an item of a container or a field of an object. What cannot be unpacked leaves its
reason in every name of the pattern; a container that is changed in a way that cannot be followed is spoiled.
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import annotations_of
from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import derived, explain, is_plain
from dagcheck.evaluation.iteration import iterate, spoil
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import Class, Function, Instance, Scope
from dagcheck.evaluation.values import Construction, Module, Reference, Rest, Unknown, Value
from dagcheck.source.syntax import Expression


def assign(machine: Machine, target: Expression, value: Value, scope: Scope) -> None:
    """Bind a target: a name, a pattern of names, an item of a container."""
    kind = target[0]
    if kind == "name":
        is_doubtful = target[2] in scope.shared and machine.guess is not None and not machine.world.explores
        bind_name(target[2], machine.guess if is_doubtful else value, scope)
    elif kind in ("tuple", "list"):
        _unpack(machine, target, value, scope)
    elif kind == "star":
        assign(machine, target[2], value, scope)
    elif kind == "subscript":
        _set_item(machine, target, value, scope)
    elif kind == "attr":
        set_attribute(machine, machine.evaluate(target[2], scope), target[3], value)


def bind_name(name: str, value: Value, scope: Scope) -> None:
    """Bind a bare name, in the block that `global` or `nonlocal` says."""
    if name in scope.shared:
        block: Scope | None = scope.parent
        while block is not None and block.parent is not None and name not in block.names:
            block = block.parent
        if block is not None:
            block.names[name] = value
            return
    scope.names[name] = value


def _unpack(machine: Machine, target: Expression, value: Value, scope: Scope) -> None:
    targets = target[2]
    items = iterate(value)
    stars = [index for index, part in enumerate(targets) if part[0] == "star"]
    fits = not isinstance(items, Unknown) and not any(isinstance(item, Rest) for item in items)
    if not fits or (len(items) != len(targets) and not stars) or len(items) < len(targets) - len(stars):
        reason = items if isinstance(items, Unknown) else explain(items) if not fits else Unknown("does not unpack")
        for index, part in enumerate(targets):
            assign(machine, part, derived(reason, "part", index), scope)
        return
    if stars:
        after = len(targets) - stars[0] - 1
        end = len(items) - after
        items = [*items[: stars[0]], list(items[stars[0] : end]), *items[end:]]
    for part, item in zip(targets, items, strict=True):
        assign(machine, part, item, scope)


def set_attribute(machine: Machine, owner: Value, name: str, value: Value) -> None:
    """A name of a module or a class, a field of an object, or what a function is called and annotated with; all else is not followed."""
    if isinstance(owner, Construction) and isinstance(owner.callee, Class) and not machine.world.explores:
        owner = machine.object(owner)
    if isinstance(owner, Instance) and isinstance(owner.of.names.get(name), Function):
        value = Unknown(f"`{name}` is set by code of its own")
    if machine.guess is not None and not (isinstance(owner, Instance) and owner.born is machine.guess):
        value = machine.guess
    if isinstance(owner, Instance):
        owner.fields[name] = value
    if isinstance(owner, Class):
        owner.names[name] = value
    if isinstance(owner, Module):
        names = machine.world.names(owner.module)
        if names is not None:
            names[name] = value
    if isinstance(owner, Function):
        _set_identity(machine, owner, name, value)


def _set_identity(machine: Machine, owner: Function, name: str, value: Value) -> None:
    """What a function is called and annotated with, and whose parameters it shows."""
    if name == "__name__" and isinstance(value, str):
        owner.name = value
    elif name == "__module__" and isinstance(value, str):
        owner.home = value
    elif name == "__annotations__" and type(value) is dict:
        owner.annotations, owner.written = value, {}
    elif name == "__wrapped__" and isinstance(value, Function) and not value.stands_on(owner):
        owner.annotations, owner.written = annotations_of(machine, owner), {}  # unlike parameters, these stay its own
        owner.wrapped = value


def delete_attribute(machine: Machine, owner: Value, name: str) -> None:
    """`del owner.name`, of an object, a class or a module."""
    if isinstance(owner, Construction) and isinstance(owner.callee, Class):
        owner = machine.object(owner)
    names = owner.fields if isinstance(owner, Instance) else owner.names if isinstance(owner, Class) else None
    names = machine.world.names(owner.module) if isinstance(owner, Module) else names
    if names is None or name not in names:
        return
    if machine.guess is None:
        del names[name]
    else:
        names[name] = machine.guess


def _set_item(machine: Machine, target: Expression, value: Value, scope: Scope) -> None:
    owner = machine.evaluate(target[2], scope)
    index = machine.evaluate(target[3], scope)
    if isinstance(owner, Reference) or not isinstance(owner, (dict, list)):
        return
    doubt = machine.doubt(owner)
    if doubt is not None:
        spoil(owner, doubt)
    elif isinstance(owner, dict):
        if isinstance(index, Unknown) or isinstance(guarded(hash, index), Unknown):
            spoil(owner, explain(index))
        else:
            owner[index] = value
    elif not is_plain(index) or isinstance(guarded(owner.__setitem__, index, value), Unknown):
        spoil(owner, explain(index))
