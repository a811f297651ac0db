"""What is this expression worth?

`evaluate` follows one expression tuple (see `dagcheck.source.syntax`) in a scope. It is total: it gives a value or an
`Unknown` that names the sub-expression which stopped it and why. It runs nothing of the user's; calls are the business of
`dagcheck.evaluation.calls`, reached through the `Machine`.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable

from dagcheck.evaluation import operations
from dagcheck.evaluation.attributes import attribute, class_that_defines
from dagcheck.evaluation.class_makers import made_by
from dagcheck.evaluation.comprehensions import comprehend
from dagcheck.evaluation.deciding import compared, decided, looked_up, perhaps
from dagcheck.evaluation.enums import enum_members, is_enum
from dagcheck.evaluation.failures import exception_of
from dagcheck.evaluation.guarding import guarded
from dagcheck.evaluation.ignorance import derived, differs_in_every_run, explain, is_plain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.machine import Machine, at
from dagcheck.evaluation.objects import MISSING, Class, Either, Function, Instance, Lambda, Method, Model, Parent, Scope
from dagcheck.evaluation.printing import show
from dagcheck.evaluation.targets import bind_name
from dagcheck.evaluation.texts import text_of
from dagcheck.evaluation.values import Construction, Member, Reference, Rest, Subscripted, Unknown, Value
from dagcheck.names import foreign
from dagcheck.source.syntax import Expression, parameters_of

_GLOBALS = Reference("builtins.globals")
_SUPER = Reference("builtins.super")
_MODULES = Reference("sys.modules")
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
    exporter = outside[0] if len(outside) == 1 else foreign.exporter(outside, name) if outside else None
    if exporter is not None:
        return Reference(f"{exporter}.{name}")
    if name.startswith("__") and name.endswith("__"):  # what Python itself gives a module, `__file__` or `__import__`
        return Reference(name)
    if outside:
        return Unknown(f"`{name}` comes from one of several star imports")
    is_open = scope.outermost.makes_names
    return Unknown(f"`{name}` may be made at run time" if is_open else f"`{name}` is not defined")


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
    if callee == _SUPER and not arguments:
        return _parent(scope)
    location = at(scope, expression[1])
    if not isinstance(callee, (Construction, Member, Subscripted)) and not _is_outside(callee):
        failing = next((part for part in [*arguments, *(part for _, part in keywords)] if exception_of(part)), None)
        if failing is not None:
            return failing
    value = made_by(machine.call(callee, arguments, keywords, location), expression, scope)
    if machine.world.explores and not isinstance(callee, (Class, Function, Lambda, Method)):
        written = expression[2]
        machine.hand_over(written[-1] if written[0] in ("attr", "name") else "", arguments, keywords, location)
    return value


def _is_outside(callee: Value) -> bool:
    """Is a call of this kept as it is written, arguments that raise included?"""
    return isinstance(callee, Reference) and not callee.name.startswith("builtins.")


def _parent(scope: Scope) -> Value:
    """`super()`: the first argument of the method that is running, seen from above the class that the method is of."""
    block: Scope | None = scope
    while block is not None and block.function is None:
        block = block.parent
    owner = next(iter(block.names.values()), None) if block is not None else None
    if block is None or not isinstance(owner, (Class, Instance)):
        return Unknown("`super()` is not followed here")
    home = class_that_defines(owner.of if isinstance(owner, Instance) else owner, block.function)
    return Unknown("`super()` is not followed here") if home is None else Parent(owner, home)


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


def _is_open(owner: dict[Value, Value], index: Value) -> bool:
    """Is it not known which key is asked for?"""
    return isinstance(operations.looked_up(owner, index), Unknown)


def _subscript(machine: Machine, expression: Expression, scope: Scope) -> Value:
    owner = machine.evaluate(expression[2], scope)
    index = machine.evaluate(expression[3], scope)
    if owner == _MODULES and isinstance(index, str):
        return machine.world.import_module(index, scope)
    if machine.world.explores and type(owner) is dict and not is_plain(index) and _is_open(owner, index):
        hanging = looked_up(machine, owner, index)
        if hanging is not None:
            return hanging
        chosen = decided(machine, explain(index), scope, expression[3][1], len(owner))
        keys = list(owner)
        # A place that is passed again may find another dictionary there.
        index = chosen if isinstance(chosen, Unknown) else keys[chosen] if chosen < len(keys) else explain(index)
    if type(owner) is dict and id(owner) in machine.world.factories:
        from dagcheck.evaluation.library.containers import missing

        made = missing(machine, owner, index)
        if made is not MISSING:
            return made
    if isinstance(owner, Class) and isinstance(index, str) and is_enum(owner) and index in enum_members(owner):
        return enum_members(owner)[index]
    found = operations.subscript(owner, index)
    if type(owner) is dict and exception_of(found) == "KeyError" and machine.world.may_grow(owner, scope):
        return Unknown("looks for what may be added to a dictionary of another module")
    return found


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
    return guarded(set, items)


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
        if isinstance(key, Unknown) or isinstance(guarded(hash, key), Unknown):
            pairs[Rest(explain(key))] = None
        else:
            pairs[key] = value
    return pairs


def _binary(machine: Machine, expression: Expression, scope: Scope) -> Value:
    left, right = machine.evaluate(expression[3], scope), machine.evaluate(expression[4], scope)
    if dict in (type(left), type(right)) and machine.world.factories:
        from dagcheck.evaluation.library.containers import combined

        made = combined(machine, expression[2], left, right)
        if made is not MISSING:
            return made
    return operations.binary(expression[2], left, right)


def _unary(machine: Machine, expression: Expression, scope: Scope) -> Value:
    operand = machine.evaluate(expression[3], scope)
    result = operations.unary(expression[2], operand)
    if expression[2] == "Not" and isinstance(result, Unknown):
        chosen = decided(machine, result, scope, expression[1], 2, value=operand)
        return chosen if isinstance(chosen, Unknown) else chosen != 0
    return result


def _logic(machine: Machine, expression: Expression, scope: Scope) -> Value:
    stops_on = expression[2] == "Or"
    value: Value = None
    for index, part in enumerate(expression[3], 1):
        value = machine.evaluate(part, scope)
        result = operations.truth(value)
        if isinstance(result, Unknown):
            for other in expression[3][index:]:
                perhaps(machine, other, result, scope)
            return derived(result, show(expression))
        if result is stops_on:
            return value
    return value


def _compare(machine: Machine, expression: Expression, scope: Scope) -> Value:
    left = machine.evaluate(expression[2], scope)
    for name, part in expression[3]:
        right = machine.evaluate(part, scope)
        result = operations.compare(name, left, right)
        if isinstance(result, Unknown) and machine.world.explores:
            result = compared(machine, name, left, right, result)
        if result is not True:
            return result
        left = right
    return True


def _choice(machine: Machine, expression: Expression, scope: Scope) -> Value:
    tested = machine.evaluate(expression[2], scope)
    result = operations.truth(tested)
    if isinstance(result, Unknown):
        chosen = decided(machine, result, scope, expression[2][1], 2, value=tested)
        if isinstance(chosen, Unknown):
            for part in expression[3:5]:
                perhaps(machine, part, chosen, scope)
            return chosen
        result = chosen == 0
    return machine.evaluate(expression[3 if result else 4], scope)


def _lambda(machine: Machine, expression: Expression, scope: Scope) -> Value:
    made = Lambda(parameters_of(expression[2]), expression[3], scope, expression[1] or (1, 1, 1, 1))
    for parameter in made.parameters:
        if parameter.default is not None and parameter.default[0] != "const":
            made.defaults[parameter.name] = machine.evaluate(parameter.default, scope)
    return made


_CONVERTERS: dict[int, tuple[str, list[Value]]] = {115: ("str", []), 114: ("repr", [])}
_CONVERSIONS: dict[int, Callable[[Value], Value]] = {-1: lambda value: value, 115: str, 114: repr, 97: ascii}


def _format(machine: Machine, expression: Expression, scope: Scope) -> Value:
    pieces: list[str] = []
    for part in expression[2]:
        if part[0] == "const":
            pieces.append(part[2])
            continue
        value = machine.evaluate(part[0], scope)
        spec = "" if part[2] is None else machine.evaluate(part[2], scope)
        text = _shown(machine, value, part[1], spec)
        if isinstance(text, Unknown):
            return text
        pieces.append(text)
    return "".join(pieces)


def _shown(machine: Machine, value: Value, conversion: int, spec: Value) -> str | Unknown:
    """One value as it stands in a text."""
    if isinstance(value, Model) and isinstance(spec, str) and len(spec) < 80:
        shown = value.converted(*_CONVERTERS.get(conversion, ("format", [spec])))
        if isinstance(shown, str):
            return shown
    if isinstance(value, Instance) and isinstance(spec, str):
        converted = {115: "str", 114: "repr"}.get(conversion)
        value, conversion = text_of(machine, value, converted or "format", "" if converted else spec), -1
        spec = spec if converted else ""
    if not is_plain(value) or not isinstance(spec, str):
        return explain(value if not is_plain(value) else spec)
    if differs_in_every_run(value):
        return Unknown("is different in every run")
    text: str | Unknown = (
        guarded(format, _CONVERSIONS[conversion](value), spec) if len(spec) < 8 else Unknown("has a long format")
    )
    return text


def _walrus(machine: Machine, expression: Expression, scope: Scope) -> Value:
    value = machine.evaluate(expression[3], scope)
    block = scope
    while block.is_comprehension and block.parent is not None:
        block = block.parent
    bind_name(expression[2], value, block)
    return value


def _await(machine: Machine, expression: Expression, scope: Scope) -> Value:
    value = machine.evaluate(expression[2], scope) if machine.world.explores else None
    return value if machine.world.explores else Unknown("is an await expression")


def _yield(machine: Machine, expression: Expression, scope: Scope) -> Value:
    block: Scope | None = scope
    while block is not None and block.function is None:
        block = block.parent
    if block is not None and machine.guess is not None and not machine.world.explores:
        block.yields.append(Rest(machine.guess))
    elif block is not None:
        value = None if expression[2] is None else machine.evaluate(expression[2], scope)
        block.yields.extend([value] if expression[0] == "yield" else _spread(value))
    return Unknown("is a yield expression")


def _opaque(machine: Machine, expression: Expression, scope: Scope) -> Value:
    return Unknown(f"is {expression[2]}")


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
    "comprehension": comprehend,
    "await": _await,
    "yield": _yield,
    "yield from": _yield,
    "opaque": _opaque,
}
