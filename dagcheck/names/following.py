"""Where does a name of an installed package lead? Followed through texts and stubs, as Python would bind it.

Through imports, re-exports and star imports, then by what a type checker is told and what is imported late, then by submodules,
and where all that leads nowhere through the stub. What a stub says is followed from stub to stub. Names that branches of an
unreadable test bind differently, and circles of imports, lead nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, TypeAlias

from dagcheck.bounded import Bounded
from dagcheck.names import class_tables
from dagcheck.names.class_tables import Meaning
from dagcheck.names.installed import Installed
from dagcheck.names.outlines import Binding, ClassShape, Outline
from dagcheck.source.syntax import Expression

LONGEST = 3_000
"""Steps from a name to what it stands for, beyond which it is not known."""

DEEPEST = 80
"""Names on the way to one another, beyond which the first is not known."""

_Key: TypeAlias = "tuple[str, str, tuple[bool, ...]]"

_MAKERS = {
    "collections.namedtuple": "tuple",
    "typing.NamedTuple": "tuple",
    "typing.TypedDict": "typing.TypedDict",
    "enum.Enum": "enum.Enum",
    "enum.IntEnum": "enum.IntEnum",
    "enum.StrEnum": "enum.StrEnum",
}
"""Calls that make a class, and its base."""

_VARIABLE_MAKERS = frozenset({"typing.NewType", "typing.ParamSpec", "typing.TypeVar", "typing.TypeVarTuple"})
"""Calls that make a type which is no class."""


class Found(NamedTuple):
    """What a name led to: a module or class of an installed package, a name of another one, an expression, or no type."""

    kind: Literal["module", "class", "elsewhere", "expression", "object"]
    name: str
    expression: Expression | None = None


class Shape(NamedTuple):
    """A class statement, the module it stands in, and whether that is a stub or as good as one."""

    module: str
    statement: ClassShape
    is_stub: bool


class Follower:
    """Follows names through installed packages. `elsewhere` knows names that lead out of them.

    `shapes` are the class statements that were met, by canonical name; `made` the classes that a call makes, with the base.
    """

    def __init__(self, installed: Installed, elsewhere: Callable[[str], Meaning | None]) -> None:
        self.installed = installed
        self.shapes: dict[str, Shape] = {}
        self.made: dict[str, str | None] = {}
        self._elsewhere = elsewhere
        self._found: Bounded[_Key, Found | None] = Bounded()
        self._pending: set[_Key] = set()
        self._steps = 0
        self._cut = False

    def find(self, name: str) -> Found | None:
        """What a dotted name leads to; None when that cannot be followed."""
        self._steps = 0
        return self._find(name)

    def shape(self, name: str) -> Shape | None:
        """The class statement behind a canonical name."""
        if name not in self.shapes and name not in self.made:
            self._steps = 0
            self._locate(name)
        return self.shapes.get(name)

    def _find(self, name: str, by_stub: bool = False) -> Found | None:
        root, _, rest = name.partition(".")
        if not self.installed.has(root):
            return None
        return self._walk(Found("module", root), rest.split(".") if rest else [], by_stub)

    def _walk(self, start: Found | None, parts: list[str], by_stub: bool = False) -> Found | None:
        """Attribute after attribute; what a stub says is followed from stub to stub."""
        found = start
        for index, part in enumerate(parts):
            if found is None:
                return None
            if found.kind == "elsewhere":
                return Found("elsewhere", ".".join([found.name, *parts[index:]]))
            if found.kind == "module":
                found = self._attribute(found.name, part, by_stub)
            elif found.kind == "class":
                inner = f"{found.name}.{part}"
                found = Found("class", inner) if inner in self.shapes else None
            else:
                return None
        return found

    def _attribute(self, module: str, name: str, by_stub: bool = False) -> Found | None:
        return self._sought(module, name, (by_stub, not by_stub))

    def _sought(self, module: str, name: str, texts: tuple[bool, ...]) -> Found | None:
        """A name of a module: in the text that runs (False), in the stub (True), or in one after the other."""
        key = (module, name, texts)
        if key in self._found:
            return self._found[key]
        self._steps += 1
        if key in self._pending or self._steps > LONGEST or len(self._pending) > DEEPEST:
            self._cut = True  # a circle of imports: this way leads nowhere, another one may
            return None
        outer, self._cut = self._cut, False
        self._pending.add(key)
        found = self._attribute_of(*key)
        self._pending.discard(key)
        if found is not None or not self._cut or not self._pending:
            self._found[key] = found
        self._cut = outer or (self._cut and found is None)
        return found

    def _attribute_of(self, module: str, name: str, texts: tuple[bool, ...]) -> Found | None:
        for is_stub in texts:
            outline = self.outline(module, is_stub)
            found = self._alternatives(module, outline.names.get(name, ()), name, is_stub)
            found = found or self._by_stars(module, outline, name, is_stub)
            found = found or self._alternatives(module, outline.late.get(name, ()), name, is_stub)
            if found is None and self.installed.exists(f"{module}.{name}"):
                found = Found("module", f"{module}.{name}")
            if found is not None:
                return found
        return None

    def _alternatives(self, module: str, bindings: Iterable[Binding], name: str, is_stub: bool) -> Found | None:
        """What the bindings of a name lead to, if they agree; an import of what is not installed does not count."""
        found = {self._follow(module, binding, name, is_stub) for binding in bindings if self._may_be(module, binding)}
        return found.pop() if len(found) == 1 else None

    def _may_be(self, module: str, binding: Binding) -> bool:
        if binding[0] != "import":
            return True
        source = self._absolute(module, *binding[1:3])
        return source is None or source.partition(".")[0] != module.partition(".")[0] or self.installed.exists(source)

    def _by_stars(self, module: str, outline: Outline, name: str, is_stub: bool) -> Found | None:
        for level, target in reversed(outline.stars):
            source = self._absolute(module, level, target)
            if source is None or not self.installed.exists(source):
                dotted = f"{source}.{name}"
                if source and (self._elsewhere(dotted) is not None or class_tables.offers(source, name)):
                    return Found("elsewhere", dotted)
                continue
            if not self.installed.may_bind(self.installed.texts(source)[is_stub], name):
                continue
            exports = self.outline(source, is_stub).exports
            if (name in exports if exports is not None else not name.startswith("_")) and (
                found := self._sought(source, name, (is_stub,))
            ):
                return found
        return None

    def _follow(self, module: str, binding: Binding, name: str, is_stub: bool) -> Found | None:
        kind = binding[0]
        if kind == "class":
            canonical = f"{module}.{name}"
            text = self.installed.texts(module)[is_stub]
            self._add_shapes(canonical, module, ClassShape._make(binding[1]), text is not None and text.is_stub)
            return Found("class", canonical)
        if kind == "import":
            return self._imported(module, binding[1], binding[2], binding[3], is_stub)
        if kind == "lazy":
            return self._late(module, binding[1], binding[2])
        if kind == "function":
            return Found("object", f"{module}.{name}")
        return self._valued(module, binding[1], name, is_stub)

    def _add_shapes(self, canonical: str, module: str, shape: ClassShape, is_stub: bool) -> None:
        self.shapes[canonical] = Shape(module, shape, is_stub)
        for name, inner in shape.inner.items():
            self._add_shapes(f"{canonical}.{name}", module, ClassShape._make(inner), is_stub)

    def _imported(self, module: str, level: int, target: str, name: str, is_stub: bool) -> Found | None:
        source = self._absolute(module, level, target)
        if source is None:
            return None
        root = source.partition(".")[0]
        if root != module.partition(".")[0] or not self.installed.has(root):
            return Found("elsewhere", f"{source}.{name}" if name else source)
        if not name:
            return Found("module", source)
        return self._walk(self._find(source, is_stub), [name], is_stub)

    def _late(self, module: str, target: str, name: str) -> Found | None:
        """An entry of a table of lazy imports; the module may be relative, with dots or without."""
        package = module if self._is_package(module) else module.rpartition(".")[0]
        for source in (f"{package}.{target.lstrip('.')}", target):
            for candidate in (source, source.removesuffix(f".{name}")):
                if candidate and candidate != module and self.installed.exists(candidate):
                    found = self._attribute(candidate, name)
                    if found is not None:
                        return found
        return None

    def _valued(self, module: str, expression: Expression, name: str, is_stub: bool) -> Found | None:
        """An assignment: another name, a call that makes a class, or a type made of others."""
        dotted = dotted_name(expression)
        if dotted is not None:
            return self.look_up(module, dotted, is_stub) if dotted != name else None
        if expression[0] == "call":
            maker = self.base(module, expression[2], is_stub)
            if maker in _MAKERS:
                canonical = f"{module}.{name}"
                self.made[canonical] = _MAKERS[maker]
                return Found("class", canonical)
            return Found("expression", module, expression) if maker in _VARIABLE_MAKERS else None
        if expression[0] == "alias":
            return Found("object", f"{module}.{name}")
        if is_stub and expression[0] == "subscript" and self._is_own_class(module, expression[2]):
            # numpy's stub: `int64 = signedinteger[_64Bit]` stands for a class of its own.
            canonical = f"{module}.{name}"
            self.made[canonical] = self.base(module, expression[2], is_stub)
            return Found("class", canonical)
        return Found("expression", module, expression) if expression[0] in ("subscript", "binary") else None

    def _is_own_class(self, module: str, expression: Expression) -> bool:
        name = dotted_name(expression)
        bindings = self.outline(module, True).names.get(name or "", ())
        return any(binding[0] == "class" for binding in bindings)

    def look_up(self, module: str, dotted: str, is_stub: bool) -> Found | None:
        """A dotted name as it is written in a module, or in its stub."""
        first, *rest = dotted.split(".")
        found = self._attribute(module, first, is_stub)
        if found is None and class_tables.meaning(first) is not None and not self._binds(module, first):
            found = Found("elsewhere", first)
        return self._walk(found, rest, is_stub)

    def _binds(self, module: str, name: str) -> bool:
        outlines = [self.outline(module, is_stub) for is_stub in (False, True)]
        return any(name in outline.names or name in outline.late for outline in outlines)

    def _absolute(self, module: str, level: int, target: str) -> str | None:
        if not level:
            return target
        parts = module.split(".") if self._is_package(module) else module.split(".")[:-1]
        kept = parts[: len(parts) - level + 1]
        return ".".join([*kept, target] if target else kept) if len(kept) == len(parts) - level + 1 and kept else None

    def _is_package(self, module: str) -> bool:
        return any(text.is_package for text in self.installed.texts(module) if text is not None)

    def outline(self, module: str, is_stub: bool) -> Outline:
        """What a module's text, or its stub, binds."""
        return self.installed.outline(self.installed.texts(module)[is_stub])

    def _locate(self, name: str) -> None:
        """Find the class statement behind a canonical name: its module is the longest part that is one."""
        parts = name.split(".")
        for end in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:end])
            if self.installed.exists(module):
                self._walk(self._attribute(module, parts[end]), parts[end + 1 :])
                if name in self.shapes or name in self.made:
                    return

    def base(self, module: str, expression: Expression, is_stub: bool) -> str | None:
        """The name of a base, without its arguments, as the hierarchy wants it."""
        while expression[0] == "subscript":
            expression = expression[2]
        if expression[0] == "call":
            maker = self.base(module, expression[2], is_stub)
            return _MAKERS.get(maker or "")
        dotted = dotted_name(expression)
        found = None if dotted is None else self.look_up(module, dotted, is_stub)
        if found is None or found.kind in ("module", "object"):
            return found.name if found is not None and found.name in _MAKERS else None
        if found.kind == "expression":
            assert found.expression is not None
            return self.base(found.name, found.expression, is_stub)
        if found.kind == "class":
            return found.name
        name = class_tables.plain(found.name)
        meaning = self._elsewhere(name)
        if meaning is None or meaning.kind in ("object", "expression", "name"):
            return name if name in _MAKERS or name.startswith("typing.") else None
        return meaning.name


def dotted_name(expression: Expression) -> str | None:
    """The dotted name that an expression is; None for any other."""
    if expression[0] == "name":
        return str(expression[2])
    if expression[0] == "attr":
        owner = dotted_name(expression[2])
        return None if owner is None else f"{owner}.{expression[3]}"
    return None
