"""Which objects does a module's top level bring to life?

`Function` and `Class` are the evaluator's stand-ins for objects that have an identity: two names for one function are the
same `Function`, and decorating it changes it for both. They are made by executing `def` and `class` statements and are
not changed once their module has been followed to its end.

What a decorator from outside the project does to a function is not decided here: it is noted in `Function.applied`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dagcheck.evaluation.values import Construction, Unknown, Value
from dagcheck.source.syntax import Expression, Header, Parameter, Place
from dagcheck.span import Location


class _Missing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
"""A name that is not bound."""


class Scope:
    """The names of one block: a module's, a function call's, or a class body's. `module` is the dotted name.

    `shared` are the names that `global` or `nonlocal` gives away. A module's scope also notes every function that was made
    while the module ran (`made`), the pairs of which the later `def` took the place of the earlier (`replaced`), the
    functions in whose place a decorator left something else, with the decorator's place (`displaced`), and every decorator
    that took hold of one of its functions, in that order (`decorated`).
    `calls` are those of things outside the project that stand as statements of their own. The scope of a function's call
    knows the `function`, and what it has yielded. `rebound` are the names that the module binds more than once, `failures`
    what raises while it is imported; `makes_names`: it may bind names that no statement shows. `sheltered` counts the `with`
    statements that are open, which may see what is raised inside them. What `:=` binds in a comprehension is bound around it.
    """

    __slots__ = (
        "calls",
        "decorated",
        "displaced",
        "failures",
        "function",
        "is_comprehension",
        "made",
        "makes_names",
        "module",
        "names",
        "parent",
        "path",
        "rebound",
        "replaced",
        "shared",
        "sheltered",
        "yields",
    )

    def __init__(self, module: str, path: str, parent: Scope | None = None) -> None:
        self.module = module
        self.path = path
        self.parent = parent
        self.names: dict[str, Value] = {}
        self.calls: list[Construction] = []
        self.shared: frozenset[str] = frozenset()
        self.rebound: frozenset[str] = frozenset()
        self.function: Function | None = None
        self.yields: list[Value] = []
        self.made: list[Function] = []
        self.replaced: list[tuple[Function, Function]] = []
        self.displaced: list[tuple[Function, Value, Place]] = []
        self.decorated: list[tuple[Function, Application]] = []
        self.failures: list[Unknown] = []
        self.makes_names = False
        self.sheltered = 0
        self.is_comprehension = False

    @property
    def outermost(self) -> Scope:
        """The scope of the module itself."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


class Application(NamedTuple):
    """A decorator at work on a function, bottom one first; `expression` is the decorator as written, if it was.

    `target` is the function that it took hold of, which others may have wrapped since.
    """

    decorator: Value
    expression: Expression | None
    path: str
    place: Place
    target: Function


class Function:
    """A function of the project. `name` is its `__name__`; `applied` are the decorators in the order they took hold.

    `wrapped` is the function that `functools.wraps` copied from: parameters are read from it (`inspect.signature` follows
    `__wrapped__`). `home` is the `__module__`, `annotations` what `__annotations__` holds since someone asked for it or assigned
    to it (None: as written); `written` is what it held when it was first asked for. `seen` is the scope in which annotations were
    evaluated, where names in them mean something else since. `defaults` are those that are more than a literal, as they were when
    the function was made.
    """

    __slots__ = (
        "annotations",
        "applied",
        "defaults",
        "header",
        "home",
        "name",
        "qualname",
        "scope",
        "seen",
        "wrapped",
        "written",
    )

    def __init__(self, name: str, header: Header, scope: Scope, qualname: str) -> None:
        self.name = name
        self.qualname = qualname
        self.header = header
        self.scope = scope
        self.home = scope.module
        self.applied: list[Application] = []
        self.wrapped: Function | None = None
        self.annotations: dict[str, Value] | None = None
        self.written: dict[str, Value] = {}
        self.seen: Scope | None = None
        self.defaults: dict[str, Value] = {}

    def copy(self, applied: list[Application]) -> Function:
        """The same function with other decorators at work on it."""
        made = Function(self.name, self.header, self.scope, self.qualname)
        made.home, made.wrapped, made.annotations, made.written = (
            self.home,
            self.wrapped,
            self.annotations,
            self.written,
        )
        made.applied, made.seen, made.defaults = applied, self.seen, self.defaults
        return made

    def wear(self, original: Function) -> Function:
        """What `functools.wraps(original)` copies to this one: names, module, annotations, attributes, and the way back."""
        if original.stands_on(self):
            return self
        self.name = original.name
        self.qualname = original.qualname
        self.home = original.home
        self.wrapped = original
        self.annotations = original.annotations
        self.applied = [*original.applied, *self.applied]
        return self

    def stands_on(self, other: Function) -> bool:
        """Is the other one this function, or one that it wraps?"""
        return self is other or (self.wrapped is not None and self.wrapped.stands_on(other))

    @property
    def source(self) -> Function:
        """The function whose signature and text stand behind this one."""
        function = self
        while function.wrapped is not None:
            function = function.wrapped
        return function

    def __repr__(self) -> str:
        return f"Function({self.home}.{self.qualname})"


class Class:
    """A class of the project: its bases as values, and its body's names and annotations.

    `is_called`: made by a call. `members` are those of an Enum class, once they were made (`dagcheck.evaluation.enums`).
    """

    __slots__ = (
        "annotations",
        "bases",
        "decorators",
        "is_called",
        "keywords",
        "members",
        "module",
        "name",
        "names",
        "place",
        "qualname",
        "scope",
    )

    def __init__(self, name: str, qualname: str, scope: Scope, place: Place) -> None:
        self.name = name
        self.qualname = qualname
        self.module = scope.module
        self.scope = scope
        self.place = place
        self.bases: tuple[Value, ...] = ()
        self.keywords: dict[str, Value] = {}
        self.decorators: tuple[Value, ...] = ()
        self.names: dict[str, Value] = {}
        self.annotations: dict[str, Expression] = {}
        self.is_called = False
        self.members: dict[str, Value] | None = None

    def __repr__(self) -> str:
        return f"Class({self.module}.{self.qualname})"


class Lambda:
    """A lambda of the project; Hamilton sees a function called `<lambda>`. `defaults` are as those of a `Function`."""

    __slots__ = ("body", "defaults", "parameters", "place", "scope")

    def __init__(self, parameters: tuple[Parameter, ...], body: Expression, scope: Scope, place: Place) -> None:
        self.parameters = parameters
        self.body = body
        self.scope = scope
        self.place = place
        self.defaults: dict[str, Value] = {}


class Instance:
    """An object of a project class whose fields are known: a dataclass, a NamedTuple, an Enum member.

    `born` is the doubt under which it was made, which does not spoil what is done to it under the same. `key` is what it equals
    and is hashed as, where that is not the object alone: the text or number that a member of an Enum is, what a record holds.
    """

    __slots__ = ("born", "fields", "key", "of")

    def __init__(self, of: Class, fields: dict[str, Value], born: Unknown | None = None, key: Value = MISSING) -> None:
        self.of = of
        self.fields = fields
        self.born = born
        self.key = key

    def __eq__(self, other: object) -> bool:
        if self is other or self.key is MISSING:
            return self is other
        return bool(self.key == (other.key if isinstance(other, Instance) else other))

    def __hash__(self) -> int:
        return id(self) if self.key is MISSING else hash(self.key)


class Model:
    """An object of something outside the project whose behaviour somebody knows and follows."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """What messages call it."""
        return "an object"

    def attribute(self, name: str) -> Value:
        """What `object.name` gives; a method by default."""
        return Bound(self, name)

    def call(
        self,
        machine: Any,
        method: str,
        arguments: list[Value],
        keywords: list[tuple[str, Value]],
        location: Location | None,
    ) -> Value:
        """What `object.method(...)` gives."""
        return Unknown(f"the method `{method}` is not followed", location)

    def operate(self, name: str, left: Value, right: Value) -> Value:
        """What `left <op> right` gives, where one of them is this object; the operator by the name of its `ast` class."""
        return Unknown("is an operation that is not followed")

    def item(self, index: Value) -> Value:
        """What `object[index]` gives."""
        return Unknown(f"{self.title} is not looked into")

    def truth(self) -> bool | Unknown:
        """Whether the object counts as true."""
        return True

    def contains(self, item: Value) -> bool | Unknown:
        """What `item in object` gives."""
        return Unknown(f"{self.title} is not looked into")

    def converted(self, function: str, arguments: list[Value]) -> Value:
        """What `str(object)`, `format(object, spec)` and their kin give, by the name of the function."""
        return Unknown(f"is no plain value for `{function}`")


class Bound(NamedTuple):
    """A method taken off a value, on its way to being called."""

    owner: Value
    name: str
    kind: str = "bound"


class Method(NamedTuple):
    """A function, or a reference to one, that was found in the class of an object, with that object."""

    function: Value
    owner: Value
    kind: str = "method"


class Parent(NamedTuple):
    """`super()` in a method of `of`: the object, seen from above that class."""

    owner: Value
    of: Class
    kind: str = "parent"


class Generator(NamedTuple):
    """What a generator function has yielded, as far as it was followed."""

    yields: tuple[Value, ...]
    kind: str = "generator"


class Either(NamedTuple):
    """A name that two branches of an unreadable test bind differently; `MISSING` where a branch does not bind it."""

    test: str
    place: Place
    when_true: Value
    when_false: Value
    unknown: Unknown
