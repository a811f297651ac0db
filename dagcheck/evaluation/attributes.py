"""What does `value.name` give?

Modules hand out their names, classes what their bodies and project bases bind, references grow by a part, data gives a
method to be called. What cannot be read is `Unknown`.
"""

from __future__ import annotations

import sys

from dagcheck.evaluation.enums import enum_members, is_enum
from dagcheck.evaluation.ignorance import derived, describe, is_data
from dagcheck.evaluation.instances import is_field, is_named_tuple, record_fields
from dagcheck.evaluation.lowering import lowered
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import (
    MISSING,
    Bound,
    Class,
    Either,
    Function,
    Instance,
    Lambda,
    Method,
    Model,
    Parent,
)
from dagcheck.evaluation.values import Construction, Member, Module, Reference, Subscripted, Unknown, Value

_EMPTY_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
_NUMBERS = frozenset({"real", "imag", "numerator", "denominator", "start", "stop", "step"})
_RECORD_METHODS = frozenset({"_asdict", "_replace"})
"""Methods of named tuples that are followed, though their class is none of the project's."""
_PROPERTIES = frozenset({"builtins.property", "functools.cached_property"})


def attribute(machine: Machine, owner: Value, name: str) -> Value:
    """The attribute `name` of `owner`."""
    if isinstance(owner, Unknown):
        return derived(owner, f".{name}")
    if isinstance(owner, (Reference, Module)):
        return _imported(machine, owner, name)
    if isinstance(owner, Class):
        return _class_attribute(machine, owner, name)
    if isinstance(owner, Instance):
        return _instance_attribute(machine, owner, name)
    if isinstance(owner, Model):
        return owner.attribute(name)
    if isinstance(owner, Parent):
        return _above(machine, owner, name)
    if isinstance(owner, Construction):
        return _of_call(machine, owner, name)
    if isinstance(owner, (Member, Subscripted)):
        return Member(owner, name)
    if isinstance(owner, (Function, Lambda)):
        return _function_attribute(machine, owner, name)
    if is_data(owner):
        is_number = isinstance(owner, (int, float, complex, slice, range)) and name in _NUMBERS
        return getattr(owner, name, MISSING) if is_number and hasattr(owner, name) else Bound(owner, name)
    return Unknown(f"the attribute `{name}` of {describe(owner)} is not followed")


def _imported(machine: Machine, owner: Reference | Module, name: str) -> Value:
    if isinstance(owner, Module):
        found = machine.world.attribute(owner.module, name)
        return found.unknown if isinstance(found, Either) else found
    if name in ("__name__", "__qualname__") and owner.name.startswith("builtins."):
        return owner.name.rpartition(".")[2]
    return machine.world.outside(f"{owner.name}.{name}")


def _of_call(machine: Machine, owner: Construction, name: str) -> Value:
    """An attribute of what a call gave: of an object of a project class, or of something outside."""
    if isinstance(owner.callee, Class) and outside_base(owner.callee) is None:
        made = machine.object(owner)
        return attribute(machine, made, name) if isinstance(made, Instance) else Member(owner, name)
    return Member(owner, name)


def find_in_class(owner: Class, name: str) -> Value:
    """What the class or its project bases bind to `name`, or `MISSING`."""
    return next((found.names[name] for found in ancestry(owner) if name in found.names), MISSING)


def ancestry(owner: Class) -> list[Class]:
    """A class and the project classes above it, in the order in which Python looks through them."""
    bases = own_bases(owner)
    rows = [ancestry(base) for base in bases]
    if len(rows) <= 1:
        return [owner, *(rows[0] if rows else ())]
    found, rows = [owner], [*rows, bases]
    while rows := [row for row in rows if row]:
        heads = [row[0] for row in rows if not any(row[0] in other[1:] for other in rows)]
        following = heads[0] if heads else rows[0][0]  # without heads Python refuses the class
        found.append(following)
        rows = [[part for part in row if part is not following] for row in rows]
    return found


def own_bases(owner: Class) -> list[Class]:
    """The bases of a class that are the project's own, those with type arguments among them."""
    plain = (base.owner if isinstance(base, Subscripted) else base for base in owner.bases)
    return [base for base in plain if isinstance(base, Class)]


def _class_attribute(machine: Machine, owner: Class, name: str) -> Value:
    if name in ("__name__", "__qualname__"):
        return owner.name if name == "__name__" else owner.qualname
    if name == "__module__":
        return owner.module
    if name == "__dict__":
        return dict(owner.names)
    if name == "__annotations__" and "annotations" not in owner.scope.outermost.names:
        return {part: machine.evaluate(written, owner.scope) for part, written in owner.annotations.items()}
    if is_enum(owner):
        if name == "__members__":
            return enum_members(owner)
        if name in owner.names and name in (members := enum_members(owner)):
            return members[name]
    if name in ("_fields", "_field_defaults") and is_named_tuple(owner):
        fields = record_fields(owner) or {}
        given = {key: value for key, value in fields.items() if value is not MISSING}
        return tuple(fields) if name == "_fields" else given
    found = find_in_class(owner, name)
    return Member(owner, name) if found is MISSING else _taken_off(owner, found)


def _taken_off(owner: Class, found: Value) -> Value:
    """What is taken off its class: a static method is plain again, a class method is bound."""
    if not isinstance(found, Function):
        plain = _made_static(found)
        return found if plain is MISSING else plain
    names = [part.decorator.name for part in found.applied if isinstance(part.decorator, Reference)]
    if "builtins.classmethod" in names:
        return Method(found, owner)
    if "builtins.staticmethod" not in names:
        return found
    kept = [part for part in found.applied if part.decorator != Reference("builtins.staticmethod")]
    return found.copy(kept)


def _made_static(found: Value) -> Value:
    """What `staticmethod(...)` was called with, where that is no function of the project; `MISSING` for all else."""
    is_static = isinstance(found, Construction) and found.callee == Reference("builtins.staticmethod")
    return found.arguments[0] if is_static and len(found.arguments) == 1 else MISSING


def class_that_defines(owner: Class, function: Function | None) -> Class | None:
    """The class among `owner` and its project bases whose body made `function`."""
    if any(value is function for value in owner.names.values()):
        return owner
    found = (class_that_defines(base, function) for base in own_bases(owner))
    return next((base for base in found if base is not None), None)


def outside_base(owner: Class) -> Reference | None:
    """The first base outside the project that a class has, itself or through its project bases."""
    for part in owner.bases:
        base = part.owner if isinstance(part, Subscripted) else part
        if isinstance(base, Reference) and base.name not in _EMPTY_BASES:
            return base
        found = outside_base(base) if isinstance(base, Class) else None
        if found is not None:
            return found
    return None


def _above(machine: Machine, parent: Parent, name: str) -> Value:
    """What `super().name` gives."""
    for base in own_bases(parent.of):
        found = find_in_class(base, name)
        if found is not MISSING:
            return Method(found, parent.owner) if isinstance(found, Function) else found
    outside = outside_base(parent.of)
    if name == "__setattr__" and outside is None:
        return Method(Reference("builtins.object.__setattr__"), parent.owner)
    if name == "__new__" and outside is None:
        return Reference("builtins.object.__new__")
    return Unknown(f"`super().{name}` is not there") if outside is None else _inherited(parent.owner, outside, name)


def _inherited(owner: Value, outside: Reference, name: str) -> Value:
    return Method(Reference(f"{outside.name}.{name}"), owner)


def _instance_attribute(machine: Machine, owner: Instance, name: str) -> Value:
    if name in owner.fields:
        return owner.fields[name]
    if name == "__dict__" and not ("_fields" in owner.fields or "_value_" in owner.fields):
        return owner.fields
    found = find_in_class(owner.of, name)
    if machine.world.explores and not (name in _RECORD_METHODS and "_fields" in owner.fields):
        outside = outside_base(owner.of) if found is MISSING else None
        if outside is not None and not is_field(owner.of, name):
            return _inherited(owner, outside, name)
    if isinstance(found, Function):
        return _method(machine, owner, found)
    if _is_set_elsewhere(owner.of) and is_field(owner.of, name):
        return Unknown(f"`{name}` of an object of `{owner.of.name}` is set by code that is not followed")
    if found is MISSING and lowered(owner) is owner and not machine.world.explores:
        return Unknown(f"{describe(owner)} has no `{name}` that is followed")
    if found is MISSING or isinstance(found, Lambda):
        return Bound(owner, name)
    plain = _made_static(found)
    return found if plain is MISSING else plain


def _is_set_elsewhere(owner: Class) -> bool:
    """Is an object's `__init__` made by a decorator of the class, or inherited from a package?"""
    outside = outside_base(owner)
    if outside is not None and outside.name.partition(".")[0] not in sys.stdlib_module_names | {"builtins"}:
        return True
    return bool(owner.decorators) or any(isinstance(base, Class) and _is_set_elsewhere(base) for base in owner.bases)


def _method(machine: Machine, owner: Instance, found: Function) -> Value:
    decorators = {part.decorator.name for part in found.applied if isinstance(part.decorator, Reference)}
    if "builtins.staticmethod" in decorators:
        return found
    if decorators & _PROPERTIES:
        value = machine.call(found, [owner], [], None)
        if "functools.cached_property" in decorators:
            set_field(machine, owner, found.name, value)
        return value
    return Method(found, owner.of if "builtins.classmethod" in decorators else owner)


def set_field(machine: Machine, owner: Instance, name: str, value: Value) -> None:
    """Bind a field of an object, in doubt where it is not sure to happen."""
    is_certain = machine.guess is None or owner.born is machine.guess
    owner.fields[name] = value if is_certain else machine.guess


def annotations_of(machine: Machine, function: Function) -> dict[str, Value]:
    """What `function.__annotations__` holds: the one dictionary that changes of it change."""
    while function.annotations is None and function.wrapped is not None:
        function = function.wrapped
    if function.annotations is None:
        header = function.header
        rows = [(part.name, part.annotation) for part in header.parameters] + [("return", header.returns)]
        written = {name: machine.evaluate(part, function.scope) for name, part in rows if part is not None}
        function.annotations, function.written = dict(written), written
    return function.annotations


def _function_attribute(machine: Machine, owner: Function | Lambda, name: str) -> Value:
    if isinstance(owner, Lambda):
        return "<lambda>" if name in ("__name__", "__qualname__") else Unknown(f"the attribute `{name}` of a lambda")
    if name == "__annotations__":
        return annotations_of(machine, owner)
    known = {
        "__name__": owner.name,
        "__qualname__": owner.qualname,
        "__module__": owner.home,
        "__doc__": owner.header.documentation,
    }
    return known.get(name, Unknown(f"the attribute `{name}` of `{owner.name}` is not followed"))
