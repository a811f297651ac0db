"""What text do objects of project classes show?

Their own `__str__`, `__repr__` and `__format__` are followed; a member of an Enum shows what the version of Python says.
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import find_in_class
from dagcheck.evaluation.enums import is_enum, mixed_type, shows_its_value
from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import Function, Instance
from dagcheck.evaluation.values import Unknown, Value


def text_of(machine: Machine, shown: Instance, function: str, spec: str = "") -> Value:
    """What `str(object)`, `repr(object)` or `format(object, spec)` gives, by the name of the function."""
    own = find_in_class(shown.of, f"__{function}__")
    if isinstance(own, Function):
        return machine.call(own, [shown, spec] if function == "format" else [shown], [], None)
    if function == "format":
        return _formatted(machine, shown, spec)
    if function == "str" and not is_enum(shown.of):
        return text_of(machine, shown, "repr")
    return _member_text(machine, shown, function) if is_enum(shown.of) else explain(shown)


def _formatted(machine: Machine, shown: Instance, spec: str) -> Value:
    is_older = _is_older(machine)
    has_own = isinstance(find_in_class(shown.of, "__str__"), Function)
    is_mixed = mixed_type(shown.of) is not None if is_older else shows_its_value(shown.of)
    value = shown.fields["value"] if is_enum(shown.of) and is_mixed and not has_own else text_of(machine, shown, "str")
    if spec and not is_enum(shown.of):
        return Unknown("is formatted in a way of its own")
    return guarded(format, value, spec) if is_plain(value) else explain(value)


def _member_text(machine: Machine, shown: Instance, function: str) -> Value:
    name, value = f"{shown.of.name}.{shown.fields['name']}", shown.fields["value"]
    if not is_plain(value):
        return explain(value)
    if function == "repr":
        return f"<{name}: {value!r}>"
    return str(value) if shows_its_value(shown.of) and not _is_older(machine) else name


def _is_older(machine: Machine) -> bool:
    """Is it a Python before 3.11, which changed how members of Enum classes are shown?"""
    version = machine.world.outside("sys.version_info")
    return type(version) is tuple and version[:2] < (3, 11)
