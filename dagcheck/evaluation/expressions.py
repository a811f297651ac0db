"""What is this expression worth?

`evaluate` follows one expression tuple (see `dagcheck.source.syntax`) in a scope. It is total: it gives a value or an
`Unknown` that names the sub-expression which stopped it and why. It runs nothing of the user's; calls are the business of
`dagcheck.evaluation.calls`, reached through the `Machine`.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

from dagcheck.evaluation import operations
from dagcheck.evaluation.attributes import attribute
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.iteration import iterate, spoil
from dagcheck.evaluation.machine import Machine, at
from dagcheck.evaluation.objects import Either, Function, Instance, Lambda, Scope
from dagcheck.evaluation.values import Forward, Reference, Rest, Unknown, Value
from dagcheck.source.syntax import Expression

_GLOBALS = Reference("builtins.globals")
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


def evaluate(machine: Machine, expression: Expression, scope: Scope) -> Value:
    """The value of `expression` in `scope`; an `Unknown` without a place gets the innermost one that is known."""
    machine.fuel -= 1
    if machine.fuel < 0:
        return Unknown("takes too long to compute", at(scope, expression[1]))
    value = _EVALUATE[expression[0]](machine, expression, scope)
    if isinstance(value, Unknown) and value.location is None and expression[1] is not None:
        return value._replace(location=at(scope, expression[1]))
    return value


def look_up(name: str, scope: Scope) -> Value:
    """A bare name: local scopes outward, then builtins."""
    block: Scope | None = scope
    while block is not None:
        if name in block.names:
            value = block.names[name]
            return value.unknown if isinstance(value, Either) else value
        block = block.parent
    if name == "Ellipsis":
        return ...
    if name in _BUILTINS:
        return Reference(f"builtins.{name}")
    if name == "__name__":
        return scope.module
    outside = scope.outermost.names.get("*", ())
    if len(outside) == 1:
        return Reference(f"{outside[0]}.{name}")
    if name in ("__file__", "__doc__", "__package__", "__spec__"):
        return Reference(name)
    return Unknown(f"`{name}` comes from one of several star imports" if outside else f"`{name}` is not defined")


def assign(machine: Machine, target: Expression, value: Value, scope: Scope) -> None:
    """Bind a target: a name, a pattern of names, an item of a container."""
    kind = target[0]
    if kind == "name":
        _bind(target[2], value, scope)
    elif kind in ("tuple", "list"):
        _unpack(machine, target, value, scope)
    elif kind == "star":
        assign(machine, target[2], value, scope)
    elif kind == "subscript":
        _set_item(machine, target, value, scope)
    elif kind == "attr":
        _set_attribute(machine.evaluate(target[2], scope), target[3], machine.guess or value)


def _bind(name: str, value: Value, scope: Scope) -> None:
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
        for part in targets:
            assign(machine, part, reason, scope)
        return
    if stars:
        after = len(targets) - stars[0] - 1
        end = len(items) - after
        items = [*items[: stars[0]], list(items[stars[0] : end]), *items[end:]]
    for part, item in zip(targets, items, strict=True):
        assign(machine, part, item, scope)


def _set_attribute(owner: Value, name: str, value: Value) -> None:
    """A field of an object, or what a function is called and annotated with; changes of all else are not followed."""
    if isinstance(owner, Instance):
        owner.fields[name] = value
    if not isinstance(owner, Function):
        return
    if name == "__name__" and isinstance(value, str):
        owner.name = value
    elif name == "__module__" and isinstance(value, str):
        owner.home = value
    elif name == "__annotations__" and type(value) is dict:
        owner.annotations, owner.written = value, {}


def _set_item(machine: Machine, target: Expression, value: Value, scope: Scope) -> None:
    owner = machine.evaluate(target[2], scope)
    index = machine.evaluate(target[3], scope)
    if isinstance(owner, Reference) or not isinstance(owner, (dict, list)):
        return
    if machine.guess is not None:
        spoil(owner, machine.guess)
    elif isinstance(owner, dict):
        if isinstance(index, Unknown) or isinstance(operations.guarded(hash, index), Unknown):
            spoil(owner, explain(index))
        else:
            owner[index] = value
    elif not is_plain(index) or isinstance(operations.guarded(owner.__setitem__, index, value), Unknown):
        spoil(owner, explain(index))


# --- one function per kind


def _name(machine: Machine, expression: Expression, scope: Scope) -> Value:
    return look_up(expression[2], scope)


def _attr(machine: Machine, expression: Expression, scope: Scope) -> Value:
    return attribute(machine, machine.evaluate(expression[2], scope), expression[3])


def _call(machine: Machine, expression: Expression, scope: Scope) -> Value:
    callee = machine.evaluate(expression[2], scope)
    arguments: list[Value] = []
    for part in expression[3]:
        if part[0] == "star":
            arguments.extend(_spread(machine.evaluate(part[2], scope)))
        else:
            arguments.append(machine.evaluate(part, scope))
    keywords: list[tuple[str, Value]] = []
    for name, part, _ in expression[4]:
        value = machine.evaluate(part, scope)
        if name is not None:
            keywords.append((name, value))
        else:
            keywords.extend(_spread_mapping(value))
    if callee == _GLOBALS and not arguments and not keywords:
        return scope.outermost.names
    return machine.call(callee, arguments, keywords, at(scope, expression[1]))


def _spread(value: Value) -> list[Value]:
    items = iterate(value)
    return [Rest(items)] if isinstance(items, Unknown) else items


def _spread_mapping(value: Value) -> list[tuple[str, Value]]:
    if type(value) is not dict:
        return [("**", Rest(explain(value)))]
    pairs: list[tuple[str, Value]] = []
    for key, item in value.items():
        known = isinstance(key, str)
        pairs.append((key, item) if known else ("**", Rest(explain(key))))
    return pairs


def _subscript(machine: Machine, expression: Expression, scope: Scope) -> Value:
    owner = machine.evaluate(expression[2], scope)
    return operations.subscript(owner, machine.evaluate(expression[3], scope))


def _slice(machine: Machine, expression: Expression, scope: Scope) -> Value:
    parts = [None if part is None else machine.evaluate(part, scope) for part in expression[2:5]]
    unknown = next((part for part in parts if not is_plain(part)), None)
    return slice(*parts) if unknown is None else explain(unknown)


def _items(machine: Machine, expression: Expression, scope: Scope) -> list[Value]:
    items: list[Value] = []
    for part in expression[2]:
        if part[0] == "star":
            items.extend(_spread(machine.evaluate(part[2], scope)))
        else:
            items.append(machine.evaluate(part, scope))
    return items


def _set(machine: Machine, expression: Expression, scope: Scope) -> Value:
    items = _items(machine, expression, scope)
    return operations.guarded(set, items)


def _dict(machine: Machine, expression: Expression, scope: Scope) -> Value:
    pairs: dict[Value, Value] = {}
    for key_part, value_part in expression[2]:
        value = machine.evaluate(value_part, scope)
        if key_part is None:
            if type(value) is dict:
                pairs.update(value)
            else:
                pairs[Rest(explain(value))] = None
            continue
        key = machine.evaluate(key_part, scope)
        if isinstance(key, Unknown) or isinstance(operations.guarded(hash, key), Unknown):
            pairs[Rest(explain(key))] = None
        else:
            pairs[key] = value
    return pairs


def _binary(machine: Machine, expression: Expression, scope: Scope) -> Value:
    left, right = machine.evaluate(expression[3], scope), machine.evaluate(expression[4], scope)
    return operations.binary(expression[2], left, right)


def _unary(machine: Machine, expression: Expression, scope: Scope) -> Value:
    return operations.unary(expression[2], machine.evaluate(expression[3], scope))


def _logic(machine: Machine, expression: Expression, scope: Scope) -> Value:
    stops_on = expression[2] == "Or"
    value: Value = None
    for part in expression[3]:
        value = machine.evaluate(part, scope)
        result = operations.truth(value)
        if isinstance(result, Unknown):
            return result
        if result is stops_on:
            return value
    return value


def _compare(machine: Machine, expression: Expression, scope: Scope) -> Value:
    left = machine.evaluate(expression[2], scope)
    for name, part in expression[3]:
        right = machine.evaluate(part, scope)
        result = operations.compare(name, left, right)
        if result is not True:
            return result
        left = right
    return True


def _choice(machine: Machine, expression: Expression, scope: Scope) -> Value:
    result = operations.truth(machine.evaluate(expression[2], scope))
    if isinstance(result, Unknown):
        return result
    return machine.evaluate(expression[3 if result else 4], scope)


def _lambda(machine: Machine, expression: Expression, scope: Scope) -> Value:
    return Lambda(expression[2], expression[3], scope, expression[1] or (1, 1, 1, 1))


_CONVERSIONS: dict[int, Callable[[Value], Value]] = {-1: lambda value: value, 115: str, 114: repr, 97: ascii}


def _format(machine: Machine, expression: Expression, scope: Scope) -> Value:
    pieces: list[str] = []
    for part in expression[2]:
        if part[0] == "const":
            pieces.append(part[2])
            continue
        value = machine.evaluate(part[0], scope)
        spec = "" if part[2] is None else machine.evaluate(part[2], scope)
        if not is_plain(value) or not isinstance(spec, str):
            return explain(value if not is_plain(value) else spec)
        shown = _CONVERSIONS[part[1]](value)
        text = operations.guarded(format, shown, spec) if len(spec) < 8 else Unknown("has a long format")
        if isinstance(text, Unknown):
            return text
        pieces.append(text)
    return "".join(pieces)


def _walrus(machine: Machine, expression: Expression, scope: Scope) -> Value:
    value = machine.evaluate(expression[3], scope)
    _bind(expression[2], value, scope)
    return value


def _comprehension(machine: Machine, expression: Expression, scope: Scope) -> Value:
    kind, element, generators = expression[2:5]
    inner = Scope(scope.module, scope.path, scope)
    results: list[Value] = []
    for step in _rounds(machine, generators, inner):
        if isinstance(step, Unknown):
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
    target, iterable, tests, is_async = generators[0]
    items = Unknown("is asynchronous") if is_async else iterate(machine.evaluate(iterable, scope))
    if isinstance(items, Unknown):
        yield items
        return
    for item in items:
        if isinstance(item, Rest):
            yield item.unknown
            continue
        assign(machine, target, item, scope)
        verdict = next(
            (result for test in tests if (result := operations.truth(machine.evaluate(test, scope))) is not True), True
        )
        if isinstance(verdict, Unknown):
            yield verdict
        elif verdict:
            yield from _rounds(machine, generators[1:], scope)


def _opaque(machine: Machine, expression: Expression, scope: Scope) -> Value:
    return Unknown(f"is {expression[2]}")


def read_annotation(machine: Machine, text: str, scope: Scope, parse: Callable[[str], Expression | str]) -> Value:
    """The value of an annotation written as a string; `parse` gives an expression or the error's words."""
    parsed = parse(text)
    return Forward(text, parsed) if isinstance(parsed, str) else machine.evaluate(parsed, scope)


_EVALUATE: dict[str, Callable[[Machine, Expression, Scope], Value]] = {
    "const": lambda machine, expression, scope: expression[2],
    "name": _name,
    "attr": _attr,
    "call": _call,
    "subscript": _subscript,
    "slice": _slice,
    "list": _items,
    "tuple": lambda machine, expression, scope: tuple(_items(machine, expression, scope)),
    "set": _set,
    "dict": _dict,
    "star": lambda machine, expression, scope: machine.evaluate(expression[2], scope),
    "binary": _binary,
    "unary": _unary,
    "logic": _logic,
    "compare": _compare,
    "choice": _choice,
    "lambda": _lambda,
    "format": _format,
    "walrus": _walrus,
    "comprehension": _comprehension,
    "opaque": _opaque,
}
