"""What is an expression of another package worth? Type aliases that its modules write, as far as they are made of names.

The evaluator follows the project's modules only; of an installed package one expression at a time is wanted, and its names
are looked up where it stands by `dagcheck.names.foreign`.
"""

from __future__ import annotations

import builtins

from dagcheck.evaluation.operations import binary, subscript
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value
from dagcheck.names import foreign
from dagcheck.source.syntax import Expression
from dagcheck.span import NOWHERE, Location
from dagcheck.types.naming import canonical


def written_in(module: str, expression: Expression) -> Value:
    """The value of an expression in a module of an installed package."""
    kind = expression[0]
    if kind == "const":
        return expression[2]
    if kind == "name":
        name = str(expression[2])
        if foreign.meaning(f"{module}.{name}") is not None:
            return Reference(f"{module}.{name}")
        return (
            Reference(f"builtins.{name}")
            if hasattr(builtins, name)
            else Unknown(f"`{name}` of `{module}` is not known")
        )
    if kind == "attr":
        owner = written_in(module, expression[2])
        return Reference(f"{owner.name}.{expression[3]}") if isinstance(owner, Reference) else owner
    if kind == "subscript":
        return subscript(written_in(module, expression[2]), written_in(module, expression[3]))
    if kind == "binary":
        return binary(expression[2], written_in(module, expression[3]), written_in(module, expression[4]))
    if kind in ("tuple", "list"):
        parts = [written_in(module, part) for part in expression[2]]
        return tuple(parts) if kind == "tuple" else parts
    if kind == "call" and expression[3] and expression[3][0][0] == "const":
        callee = written_in(module, expression[2])
        if isinstance(callee, Reference):  # `TypeVar("T")`: what tells it from others is its module
            maker = Reference(canonical(callee.name))
            return Construction(maker, (expression[3][0][2],), (), Location(module, NOWHERE))
    return Unknown("an alias of another package that is not followed")
