"""How do `+=` and its kin, and `del`, change what is there?

Lists, sets and dictionaries are changed in place, so that all names of one see it; for all else the target is bound again.
"""

from __future__ import annotations

from dagcheck.evaluation import operations
from dagcheck.evaluation.failures import noted, raised
from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import explain, is_data
from dagcheck.evaluation.iteration import iterate, spoil
from dagcheck.evaluation.machine import Machine, Outcome
from dagcheck.evaluation.objects import Scope
from dagcheck.evaluation.targets import assign, delete_attribute
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.source.syntax import Statement


def augment(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """`target += part` and its kin."""
    target, name, part = statement[2:5]
    before, change = machine.evaluate(target, scope), machine.evaluate(part, scope)
    in_place = (type(before), name) in {(list, "Add"), (dict, "BitOr"), (set, "BitOr")}
    if (type(before), name) in _REWRITTEN:
        return _rewrite(machine, before, operations.binary(name, before, change), scope)
    value = change if in_place else operations.binary(name, before, change)
    failure = raised(machine, value, scope)
    if failure is not None:
        return failure
    value = noted(machine, value, scope, statement[1])
    if in_place:
        _extend(machine, before, value)
    else:
        assign(machine, target, value, scope)
    return None


_REWRITTEN = {(list, "Mult"), (set, "BitAnd"), (set, "BitXor"), (set, "Sub")}
"""Containers that these operators change in place, and to what they would give elsewhere."""


def _rewrite(machine: Machine, before: Value, after: Value, scope: Scope) -> Outcome | None:
    """Change a container in place to what an operator would give elsewhere."""
    failure = raised(machine, after, scope)
    if failure is not None:
        return failure
    doubt = machine.doubt(before) or (after if isinstance(after, Unknown) else None)
    if doubt is not None:
        spoil(before, doubt)
    elif isinstance(before, list):
        before[:] = after
    else:
        before.clear()
        before.update(after)
    return None


def _extend(machine: Machine, before: Value, change: Value) -> None:
    """Change a container in place, as `+=` and `|=` do."""
    items = iterate(change)
    doubt = machine.doubt(before)
    if doubt is not None or isinstance(items, Unknown):
        spoil(before, doubt or explain(change))
    elif isinstance(before, list):
        before.extend(items)
    else:
        before.update(change)


def delete(machine: Machine, statement: Statement, scope: Scope) -> None:
    """`del` of names, elements and attributes."""
    for target in statement[2]:
        if target[0] == "name":
            scope.names.pop(target[2], None)
        elif target[0] == "attr":
            delete_attribute(machine, machine.evaluate(target[2], scope), target[3])
        elif target[0] == "subscript":
            owner, index = machine.evaluate(target[2], scope), machine.evaluate(target[3], scope)
            if not is_data(owner):
                continue
            doubt = machine.doubt(owner)
            if doubt is not None or isinstance(
                guarded(lambda owner=owner, index=index: owner.__delitem__(index)), Unknown
            ):
                spoil(owner, doubt or explain(index))
