"""What do import statements bind, and which of them fail?

A module is asked of the world. Where somebody is there to catch it, an import of a package that is not installed raises; so does
one of a name that a module of the project does not have, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from dagcheck.evaluation.deciding import decided
from dagcheck.evaluation.failures import RAISES, is_missing, noted, raised
from dagcheck.evaluation.machine import Machine, Outcome, Signal, at
from dagcheck.evaluation.objects import Scope
from dagcheck.evaluation.values import Module, Reference, Unknown, Value
from dagcheck.names import foreign
from dagcheck.source.syntax import Statement, blocks


def follow_import(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """`import a.b`, `import a.b as c`."""
    absent = _absent(machine, [name for name, _ in statement[2]], statement, scope)
    if absent is not None:
        return absent
    for dotted, alias in statement[2]:
        value = machine.world.import_module(dotted, scope)
        if alias is not None:
            scope.names[alias] = value
            continue
        root = dotted.partition(".")[0]
        scope.names[root] = value if root == dotted else machine.world.import_module(root, scope)
    return None


def follow_from(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """`from a import b, c as d`, relative ones and those with a star included."""
    _, place, name, level, aliases = statement
    absent = None if level else _absent(machine, [name or ""], statement, scope)
    if absent is not None:
        return absent
    dotted = machine.world.resolve_relative(level, name, scope) if level else name
    if isinstance(dotted, Unknown):
        _bind_all(aliases, dotted._replace(location=at(scope, place)), scope)
        return None
    source = machine.world.import_module(dotted, scope)
    for part, alias in aliases:
        if part == "*":
            _import_everything(machine, source, scope)
        elif isinstance(source, Module):
            scope.names[alias or part] = machine.world.attribute(source.module, part)
        else:
            scope.names[alias or part] = machine.world.outside(f"{dotted}.{part}")
    return _missing_name(machine, statement, scope)


def imports_from(statements: Iterable[Statement], package: str) -> bool:
    """Does a module of this package import anything of the package while it is followed?"""
    for statement in statements:
        kind = statement[0]
        if kind == "from" and (statement[3] or (statement[2] or "").partition(".")[0] == package):
            return True
        if kind == "import" and any(dotted.partition(".")[0] == package for dotted, _ in statement[2]):
            return True
        if any(imports_from(block, package) for block in blocks(statement)):
            return True
    return False


def fall_back(machine: Machine, statement: Statement, scope: Scope) -> None:
    """`try: import fast as flow`, `except ImportError: import flow`: a name may be a module of the project instead.

    Whether something outside the project is installed where the code runs, nobody can tell here.
    """
    for _, _, body in statement[3]:
        other = Scope(scope.module, scope.path, scope)
        machine.execute([part for part in body if part[0] in ("import", "from")], other)
        for name, value in other.names.items():
            outside = scope.names.get(name)
            if isinstance(value, Module) and isinstance(outside, Reference):
                unknown = Unknown(f"`{outside.name}` is not in the project and may be missing", at(scope, statement[1]))
                way = decided(machine, unknown, scope, statement[1], 2)
                scope.names[name] = way if isinstance(way, Unknown) else (outside, value)[way]


def _absent(machine: Machine, dotted: list[str], statement: Statement, scope: Scope) -> Outcome | None:
    """What comes of importing a package that is known not to be installed, where that is caught."""
    for name in dotted if machine.trying else ():
        root = name.partition(".")[0]
        if foreign.is_absent(root) and isinstance(machine.world.import_module(root, scope), Reference):
            words = f"{RAISES}ModuleNotFoundError: No module named '{root}'"
            return (Signal.RAISE, Unknown(words, at(scope, statement[1])))
        if root != name and not machine.world.explores and _may_be_missing(machine, root, name, scope):
            return (Signal.RAISE, Unknown(f"`{name}` may be missing", at(scope, statement[1])))
    return None


def _may_be_missing(machine: Machine, root: str, name: str, scope: Scope) -> bool:
    """Is it a package of the project that has no such module that can be seen?"""
    is_own = isinstance(machine.world.import_module(root, scope), Module)
    return is_own and isinstance(machine.world.import_module(name, scope), Reference)


def _missing_name(machine: Machine, statement: Statement, scope: Scope) -> Outcome | None:
    """What comes of importing a name that a module of the project does not have."""
    for part, alias in statement[4]:
        value = scope.names.get(alias or part)
        if isinstance(value, Unknown) and is_missing(value):
            error = Unknown(f"{RAISES}ImportError: {value.reason}", at(scope, statement[1]))
            failure = raised(machine, error, scope)
            if failure is not None:
                return failure
            scope.names[alias or part] = noted(machine, error, scope, statement[1])
    return None


def _bind_all(aliases: tuple[tuple[str, str | None], ...], value: Value, scope: Scope) -> None:
    for part, alias in aliases:
        scope.names[alias or part] = value


def _import_everything(machine: Machine, source: Value, scope: Scope) -> None:
    if isinstance(source, Module):
        names = machine.world.attribute(source.module, "*")
        if type(names) is dict:
            scope.names.update(names)
        scope.outermost.makes_names |= machine.world.makes_names(source.module)
    elif isinstance(source, Reference):
        # What a module outside the project exports is looked up when a name is missing.
        stars = scope.outermost.names.setdefault("*", [])
        stars.append(source.name)
