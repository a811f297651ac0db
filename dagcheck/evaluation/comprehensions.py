"""Which elements does a comprehension make?

Round by round, as Python would. Where it cannot be known whether there is a round, the elements are a `Rest`; who follows code for
what it does follows one such round all the same, with loop variables that are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagcheck.evaluation import operations
from dagcheck.evaluation.deciding import perhaps
from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.iteration import taken_one_by_one
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Scope
from dagcheck.evaluation.streams import Stream
from dagcheck.evaluation.targets import assign
from dagcheck.evaluation.values import Rest, Unknown, Value
from dagcheck.source.syntax import Expression


def comprehend(machine: Machine, expression: Expression, scope: Scope) -> Value:
    """The value of a comprehension: a list, a set or a dictionary, or an iterator."""
    kind, element, generators = expression[2:5]
    inner = Scope(scope.module, scope.path, scope)
    inner.is_comprehension = True
    first = machine.evaluate(generators[0][1], scope)
    if kind == "generator":
        return Stream(machine, _yielded(machine, element, _rounds(machine, generators, inner, first), inner))
    results: list[Value] = []
    for step in _rounds(machine, generators, inner, first):
        if isinstance(step, Unknown):
            for part in element if kind == "dict" else (element,):
                perhaps(machine, part, step, inner)
            results.append((Rest(step), None) if kind == "dict" else Rest(step))
        elif kind == "dict":
            key = machine.evaluate(element[0], inner)
            value = machine.evaluate(element[1], inner)
            hashable = not isinstance(key, Unknown) and not isinstance(guarded(hash, key), Unknown)
            results.append((key, value) if hashable else (Rest(explain(key)), None))
        else:
            results.append(machine.evaluate(element, inner))
        if machine.fuel < 0:
            return Unknown("takes too long to compute")
    if kind == "dict":
        return dict(results)
    return guarded(set, results) if kind == "set" else results


def _yielded(machine: Machine, element: Expression, rounds: Iterator[Unknown | None], scope: Scope) -> Iterator[Value]:
    """What a generator expression gives, each element evaluated when somebody asks for it."""
    for step in rounds:
        if isinstance(step, Unknown):
            perhaps(machine, element, step, scope)
        yield Rest(step) if isinstance(step, Unknown) else machine.evaluate(element, scope)


def _rounds(
    machine: Machine, generators: tuple[Any, ...], scope: Scope, first: Value = MISSING
) -> Iterator[Unknown | None]:
    """Bind the loop variables round by round; yields None for a round that counts, `Unknown` for rounds that may.

    `first` is what the outermost loop goes over, which Python evaluates before all else.
    """
    if not generators:
        yield None
        return
    target, iterable, tests, _ = generators[0]
    items = taken_one_by_one(machine.evaluate(iterable, scope) if first is MISSING else first)
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
