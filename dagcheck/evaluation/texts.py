"""Which text do `str`, `repr` and f-strings make of an object of a project class?

That of its own `__str__`, which is followed, or of what it stands for. `str(member)` of an Enum that is a text or a number as well
depends on the version of Python, unless the Enum is a `StrEnum`: such objects stay as they are.
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import find_in_class, outside_base
from dagcheck.evaluation.iteration import is_enum
from dagcheck.evaluation.lowering import derives, lowered
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import Class, Function, Instance, Lambda
from dagcheck.evaluation.values import Construction, Value


def text_of(machine: Machine, value: Value, method: str = "__str__") -> Value:
    """What `str(value)` gives, or `repr(value)`, where the class says it; any other value as it is."""
    found = value
    if isinstance(value, Construction) and isinstance(value.callee, Class) and outside_base(value.callee) is None:
        found = machine.object(value)
    if not isinstance(found, Instance):
        return value
    own = find_in_class(found.of, method)
    if not isinstance(own, (Function, Lambda)) and not is_enum(found.of):
        own = find_in_class(found.of, "__repr__")
    if isinstance(own, (Function, Lambda)):
        return machine.call(own, [found], [], None)
    return lowered(found) if method == "__str__" and derives(found.of, "enum.StrEnum") else value


def formatted(machine: Machine, value: Value) -> Value:
    """What an f-string formats in the place of a value."""
    text = text_of(machine, value)
    is_number = text is value and isinstance(value, Instance) and derives(value.of, "enum.IntEnum")
    return lowered(value) if is_number else text
