"""What do the project's modules bind, and what did each of them read?

A `Program` follows modules on demand, each once, in the order in which they are first needed, as Python's import system
would. It is the `World` of every interpreter. For every module it notes which names it imported and what file answered
(or that none did), so that results can be kept for as long as all of that still holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dagcheck.evaluation.failures import RAISES, makes_names
from dagcheck.evaluation.imports import imports_from
from dagcheck.evaluation.interpreter import Interpreter, run_module
from dagcheck.evaluation.machine import DecoratorKind, Machine
from dagcheck.evaluation.objects import MISSING, Function, Scope
from dagcheck.evaluation.values import Module, Reference, Unknown, Value
from dagcheck.names.modules import ModuleIndex, Package, ProjectModule
from dagcheck.source.bindings import bindings, rebound
from dagcheck.source.facts import Source, function_body
from dagcheck.source.syntax import Place, Statement
from dagcheck.span import Location

_LONGEST_CIRCLE = 10
"""More modules than that in a circle are not tried one by one."""


class Body(NamedTuple):
    """A function's body as it is read when somebody asks, and whether a `yield` stands in it."""

    statements: tuple[Statement, ...]
    yields: bool


class Program:
    """The modules of one project. `read` gives a file by its path, or None when it cannot be read.

    Names for which `is_outside` holds belong to other packages even where a file of the project would answer to them.
    `python` is the version (major, minor) that runs the project. `decorator` knows decorators from outside the project,
    `refusal` what calls of other things out there certainly raise ("" where they do not).
    """

    explores = False

    def __init__(
        self,
        index: ModuleIndex,
        read: Callable[[str], Source | None],
        is_outside: Callable[[str], bool] | None = None,
        python: tuple[int, int] = (3, 11),
        *,
        decorator: Callable[[Value], DecoratorKind | None] = lambda value: None,
        refusal: Callable[
            [str, Sequence[Value], Sequence[tuple[str, Value]]], str
        ] = lambda name, arguments, keywords: "",
    ) -> None:
        self.decorator = decorator
        self._refusal = refusal
        self.factories: dict[int, tuple[Value, Value]] = {}
        self._python = python
        self._index = index
        self._read = read
        self._is_outside = is_outside
        self._scopes: dict[str, Scope] = {}
        self._running: dict[str, str] = {}
        """The names of the modules that are being followed, by path, the outermost first."""
        self._circles: dict[tuple[str, ...], bool] = {}
        self.bodies: dict[tuple[str, Place], Body] = {}
        self._interpreters: dict[str, Interpreter] = {}
        self.imports: dict[str, dict[str, str]] = {}
        """Per file: every dotted name it imported -> the path that answered, "" when none in the project did."""

    def scope(self, module: ProjectModule) -> Scope:
        """The names of a module, which is followed now if it was not before."""
        scope = self._scopes.get(module.path)
        if scope is not None:
            return scope
        source = self._read(module.path)
        self._run_packages_around(module, source)
        if module.path in self._scopes:  # one of the packages imports it
            return self._scopes[module.path]
        scope = self._scopes[module.path] = Scope(module.name, module.path)
        self.imports.setdefault(module.path, {})
        if source is None:
            return scope
        scope.rebound = rebound(source.facts.statements)
        scope.makes_names = makes_names(source.text)
        self._running[module.path] = module.name
        run_module(self.interpreter(scope), source.facts, scope)
        del self._running[module.path]
        # `globals()` can be given keys that are no names: nobody can ask for those.
        names: dict[Any, Value] = scope.names
        for key in [key for key in names if not isinstance(key, str)]:
            del names[key]
        return scope

    def scope_of(self, module: str) -> Scope | None:
        """The names of a module by its dotted name; None when it has no file."""
        found = self._index.resolve(module, None)
        return self.scope(found) if isinstance(found, ProjectModule) else None

    def call(self, function: Value, arguments: list[Value], keywords: list[tuple[str, Value]]) -> Value:
        """What a call of a project function gives, in the interpreter of its own module."""
        scope = getattr(function, "scope", None)
        if not isinstance(scope, Scope):
            return Unknown("is no function of the project")
        return self.interpreter(scope).call(function, arguments, keywords, None)

    def statements(self, path: str) -> tuple[Statement, ...]:
        """The top-level statements of a file."""
        source = self._read(path)
        return () if source is None else source.facts.statements

    def is_read(self, path: str) -> bool:
        """Could a file be read and parsed?"""
        source = self._read(path)
        return source is not None and source.facts.fault is None

    def listed_names(self, scope: Scope) -> frozenset[str] | None:
        """The names that a module's own `__dir__` gives, None where it has none: `inspect.getmembers` sees no others."""
        own = scope.names.get("__dir__")
        if not isinstance(own, Function):
            return None
        names = self.interpreter(scope).call(own, [], [], None)
        is_list = type(names) in (list, tuple, set) and all(isinstance(name, str) for name in names)
        return frozenset(names) if is_list else None

    def scopes(self) -> list[Scope]:
        """The modules followed so far."""
        return list(self._scopes.values())

    def interpreter(self, scope: Scope) -> Interpreter:
        """The interpreter of the module that `scope` belongs to."""
        machine = self._interpreters.get(scope.path)
        if machine is None:
            machine = self._interpreters[scope.path] = Interpreter(self)
        return machine

    def answer(self, dotted: str, importer: str) -> str:
        """What importing `dotted` in the file `importer` finds: a path, "/" for a namespace package, "" for nothing."""
        return _answer(self._find(dotted, importer))

    # --- what a `World` offers

    def import_module(self, dotted: str, importer: Scope) -> Value:
        """A `Module` of the project, or a `Reference` to something outside."""
        found = self._resolve(dotted, importer.path)
        if found is None:
            return Reference(dotted)
        if isinstance(found, ProjectModule):
            self._run_packages(dotted, importer)
            self.scope(found)
        return Module(found.name)

    def resolve_relative(self, level: int, dotted: str | None, importer: Scope) -> str | Unknown:
        """The absolute name of a relative import."""
        found = self._index.relative(importer.path, level, dotted)
        return Unknown("a relative import leads out of its package") if found is None else found

    def attribute(self, module: str, name: str) -> Value:
        """A name of a project module, a submodule included, or `Unknown`."""
        found = self._index.resolve(module, None)
        scope = self.scope(found) if isinstance(found, ProjectModule) else None
        if name == "*":
            return {} if scope is None else _exported(scope)
        if scope is not None and name in scope.names:
            return scope.names[name]
        path = scope.path if scope is not None else ""
        inner = self._resolve(f"{module}.{name}", path)
        if inner is not None:
            if isinstance(inner, ProjectModule):
                self.scope(inner)
            return Module(inner.name)
        return self._missing(module, name, scope)

    def may_grow(self, container: Value, scope: Scope) -> bool:
        """Is this of another module of the project, and may somebody have added to it whom nobody has followed?"""
        for other in self._scopes.values():
            names = [] if other is scope.outermost else [key for key, held in other.names.items() if held is container]
            source = self._read(other.path) if names else None
            if source is not None and (not container or any(_is_used_inside(source.text, name) for name in names)):
                return True
        return False

    def makes_names(self, module: str) -> bool:
        """May a project module have names that no statement of it shows?"""
        scope = self.scope_of(module)
        return scope is None or scope.makes_names

    def names(self, module: str) -> dict[str, Value] | None:
        """The names of a project module, to be changed; None when it has no file."""
        scope = self.scope_of(module)
        return None if scope is None else scope.names

    def outside(self, name: str) -> Value:
        """A `Reference`, or the value where the chosen Python version tells it."""
        if name == "sys.version_info":
            return (*self._python, 0, "final", 0)
        if name.startswith(("math.", "string.")):
            from dagcheck.evaluation.library.pure import constant

            value = constant(name)
            return Reference(name) if value is MISSING else value
        return Reference(name)

    def call_outside(
        self,
        machine: Machine,
        name: str,
        arguments: list[Value],
        keywords: list[tuple[str, Value]],
        location: Location | None,
    ) -> Value:
        """Nothing outside the project is known here, but what it refuses."""
        refused = self._refusal(name, arguments, keywords)
        return Unknown(f"{RAISES}{refused}", location) if refused else MISSING

    def body(self, function: Function) -> tuple[Statement, ...]:
        """The statements of a function's body."""
        key = (function.scope.path, function.header.place)
        known = self.bodies.get(key)
        if known is None:
            source = self._read(function.scope.path)
            statements = () if source is None else function_body(source.text, function.header)
            known = self.bodies[key] = Body(statements, _yields(statements))
        return known.statements

    def is_generator(self, function: Function) -> bool:
        """Does a function yield?"""
        self.body(function)
        return self.bodies[function.scope.path, function.header.place].yields

    def is_empty(self, function: Function) -> bool | None:
        """Does a function's code do nothing? None where that cannot be told."""
        from dagcheck.source.bytecode import is_empty

        source = self._read(function.scope.path)
        return None if source is None else is_empty(source.text, function.header)

    # --- inside

    def _resolve(self, dotted: str, importer: str) -> ProjectModule | Package | None:
        found = self._find(dotted, importer or None)
        if importer:
            self.imports.setdefault(importer, {})[dotted] = _answer(found)
        return found

    def _find(self, dotted: str, importer: str | None) -> ProjectModule | Package | None:
        outside = self._is_outside is not None and self._is_outside(dotted)
        return None if outside else self._index.resolve(dotted, importer)

    def _run_packages(self, dotted: str, importer: Scope) -> None:
        """Importing `a.b.c` runs `a` and `a.b` first."""
        parts = dotted.split(".")
        for end in range(1, len(parts)):
            outer = self._resolve(".".join(parts[:end]), importer.path)
            if isinstance(outer, ProjectModule):
                self.scope(outer)

    def _run_packages_around(self, module: ProjectModule, source: Source | None) -> None:
        """A module that imports from its own package and is imported by it: Python is through with the package's part first.

        Elsewhere it makes no difference whether the packages are followed, and none is only for the sake of order.
        """
        package, _, inner = module.name.partition(".")
        if self.explores or not inner or source is None or not imports_from(source.facts.statements, package):
            return
        parts = module.name.split(".")
        for end in range(1, len(parts)):
            outer = self._find(".".join(parts[:end]), module.path)
            if isinstance(outer, ProjectModule):
                self.scope(outer)

    def _missing(self, module: str, name: str, scope: Scope | None) -> Value:
        if name == "__name__":
            return module
        if name.startswith("__") and name.endswith("__"):
            return Unknown(f"`{name}` of module `{module}` is Python's own")
        if scope is None:
            return Unknown(f"package `{module}` has no module `{name}`")
        outside = scope.names.get("*", ())
        if len(outside) == 1:
            return Reference(f"{outside[0]}.{name}")
        source = self._read(scope.path)
        if source is not None and source.facts.fault is not None:
            return Unknown(f"module `{module}` does not parse")
        if (
            scope.path in self._running
            and source is not None
            and (_makes if scope.path.endswith("__init__.py") else _binds)(source.facts.statements, name)
        ):
            return self._not_yet(module, name, scope)
        if scope.makes_names or scope.path.endswith("__init__.py"):  # a package may have parts that are no Python text
            return Unknown(f"module `{module}` may make `{name}` at run time")
        return Unknown(f"module `{module}` does not define `{name}`")

    def _not_yet(self, module: str, name: str, scope: Scope) -> Unknown:
        """Why a module that is being followed does not have a name; certain where no module of the circle may come first.

        Which module of a circle of imports is imported first is for whoever imports them to choose, and some choices may work.
        """
        circle = tuple(self._running)[list(self._running).index(scope.path) :]
        if scope.makes_names or not self._fails_in_every_order(circle):
            return Unknown(f"module `{module}` is imported in a circle and does not have `{name}` yet")
        others = ", ".join(f"`{self._running[path]}`" for path in circle[1:])
        return Unknown(f"module `{module}` does not define `{name}` yet: it is imported in a circle, through {others}")

    def _fails_in_every_order(self, circle: tuple[str, ...]) -> bool:
        """Does the import of each of these modules fail, where it is the first; the first of them is, here."""
        if len(circle) not in range(2, _LONGEST_CIRCLE):
            return False
        if circle not in self._circles:
            self._circles[circle] = all(self._fails_first(path) for path in circle[1:])
        return self._circles[circle]

    def _fails_first(self, path: str) -> bool:
        afresh = _Afresh(
            self._index, self._read, self._is_outside, self._python, decorator=self.decorator, refusal=self._refusal
        )
        afresh.scope(self._index.module_at(path))
        return any(scope.failures for scope in afresh.scopes())


class _Afresh(Program):
    """The project as it is followed from another module on, where a circle of imports counts as it comes."""

    def _fails_in_every_order(self, circle: tuple[str, ...]) -> bool:
        return True


def _binds(statements: Sequence[Statement], name: str) -> bool:
    """Do these statements bind the name, or may they?"""
    return not bindings(statements).keys().isdisjoint((name, "*"))


def _makes(statements: Sequence[Statement], name: str) -> bool:
    """Do these statements of a package bind the name other than by an import, which may find a part that is no Python text?"""
    own = [part for part in statements if part[0] in ("def", "class", "assign", "annassign")]
    return name in bindings(own)


def _is_used_inside(text: str, name: str) -> bool:
    """Does a name of a module stand anywhere but at the beginning of a line, so that a function may change what it holds?"""
    return re.search(rf"^[ \t]+.*\b{re.escape(name)}\b", text, re.MULTILINE) is not None


def _answer(found: ProjectModule | Package | None) -> str:
    return found.path if isinstance(found, ProjectModule) else "/" if isinstance(found, Package) else ""


def _exported(scope: Scope) -> dict[str, Value]:
    wanted = scope.names.get("__all__")
    if isinstance(wanted, (list, tuple)):
        return {name: scope.names[name] for name in wanted if isinstance(name, str) and name in scope.names}
    return {name: value for name, value in scope.names.items() if not str(name).startswith("_") or name == "*"}


def _yields(parts: Any) -> bool:
    """Does a `yield` stand among these statements, functions inside them apart?"""
    if not isinstance(parts, tuple):
        return False
    if parts and parts[0] in ("def", "lambda", "class"):
        return False
    if len(parts) == 3 and parts[0] in ("yield", "yield from"):
        return True
    return any(_yields(part) for part in parts)
