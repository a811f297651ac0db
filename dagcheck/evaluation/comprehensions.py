"""Which elements does a comprehension make?

Round by round, as Python would. Where it cannot be known whether there is a round, the elements are a `Rest`; who follows code for
what it does follows one such round all the same, with loop variables that are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagcheck.evaluation import operations
from dagcheck.evaluation.deciding import perhaps
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import Scope
from dagcheck.evaluation.targets import assign
from dagcheck.evaluation.values import Rest, Unknown, Value
from dagcheck.source.syntax import Expression


def comprehend(machine: Machine, expression: Expression, scope: Scope) -> Value:
    """The value of a comprehension: a list, a set or a dictionary; a generator counts as the list of what it gives."""
    kind, element, generators = expression[2:5]
    inner = Scope(scope.module, scope.path, scope)
    results: list[Value] = []
    for step in _rounds(machine, generators, inner):
        if isinstance(step, Unknown):
            for part in element if kind == "dict" else (element,):
                perhaps(machine, part, step, inner)
            results.append((Rest(step), None) if kind == "dict" else Rest(step))
        elif kind == "dict":
            key = machine.evaluate(element[0], inner)
            value = machine.evaluate(element[1], inner)
            hashable = not isinstance(key, Unknown) and not isinstance(operations.guarded(hash, key), Unknown)
            results.append((key, value) if hashable else (Rest(explain(key)), None))
        else:
            results.append(machine.evaluate(element, inner))
        if machine.fuel < 0:
            return Unknown("takes too long to compute")
    if kind == "dict":
        return dict(results)
    return operations.guarded(set, results) if kind == "set" else results


def _rounds(machine: Machine, generators: tuple[Any, ...], scope: Scope) -> Iterator[Unknown | None]:
    """Bind the loop variables round by round; yields None for a round that counts, `Unknown` for rounds that may."""
    if not generators:
        yield None
        return
    target, iterable, tests, _ = generators[0]
    items = iterate(machine.evaluate(iterable, scope))
    for item in [Rest(items)] if isinstance(items, Unknown) else items:
        if isinstance(item, Rest):
            yield from _perhaps_rounds(machine, generators, item.unknown, scope)
            continue
        assign(machine, target, item, scope)
        verdict = next(
            (result for test in tests if (result := operations.truth(machine.evaluate(test, scope))) is not True), True
        )
        if isinstance(verdict, Unknown):
            yield from _perhaps_inner(machine, generators, verdict, scope)
        elif verdict:
            yield from _rounds(machine, generators[1:], scope)


def _perhaps_rounds(
    machine: Machine, generators: tuple[Any, ...], reason: Unknown, scope: Scope
) -> Iterator[Unknown | None]:
    """The rounds of what cannot be iterated: one, which may be none or many."""
    target, _, tests, _ = generators[0]
    assign(machine, target, Unknown(reason.reason, reason.location), scope)
    for test in tests:
        perhaps(machine, test, reason, scope)
    yield from _perhaps_inner(machine, generators, reason, scope)


def _perhaps_inner(
    machine: Machine, generators: tuple[Any, ...], reason: Unknown, scope: Scope
) -> Iterator[Unknown | None]:
    """The inner rounds of a round that may be none; only one for who does not ask what they do."""
    if not machine.world.explores:
        yield reason
        return
    for _ in _rounds(machine, generators[1:], scope):
        yield reason
