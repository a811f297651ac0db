"""What do the names of installed packages stand for? Followed through their texts, without importing anything.

A name is followed as Python would bind it: through imports, re-exports and star imports, then by what a type checker is told
and what is imported late, then by submodules, and where all that leads nowhere through the stub. The class statement at the
end gives the canonical name and the bases. What cannot be followed is not known.

Where a package is of the same series as the one that a bundled table describes, the table is asked first: it knows compiled
classes better than their stubs do, and costs less. See `dagcheck.names.foreign`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, TypeAlias

from dagcheck.names import class_tables
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.class_tables import Meaning
from dagcheck.names.installed import Installed
from dagcheck.names.outlines import Binding, ClassShape, Outline
from dagcheck.source.syntax import Expression

LONGEST = 3_000
"""Steps from a name to what it stands for, beyond which it is not known."""

_DISTRIBUTIONS = {
    "PIL": ("pillow",),
    "hamilton": ("apache_hamilton", "sf_hamilton"),
    "ibis": ("ibis_framework",),
    "sklearn": ("scikit_learn",),
    "xgboost": ("xgboost", "xgboost_cpu"),
}
"""Distributions that are not called like their packages."""

_GENERATING = frozenset({"numpy"})
"""Packages that make the names of their classes when they are imported: what a table knows of them counts, of any version."""

_Key: TypeAlias = "tuple[str, str, bool]"

_MAKERS = {
    "collections.namedtuple": "tuple",
    "typing.NamedTuple": "tuple",
    "typing.TypedDict": "typing.TypedDict",
    "enum.Enum": "enum.Enum",
    "enum.IntEnum": "enum.IntEnum",
    "enum.StrEnum": "enum.StrEnum",
}
"""Calls that make a class, and its base."""


class Found(NamedTuple):
    """What a name led to: a module or class of an installed package, a name of another one, an expression, or no type."""

    kind: Literal["module", "class", "elsewhere", "expression", "object"]
    name: str
    expression: Expression | None = None


class Library:
    """The classes of the packages of one environment. `elsewhere` knows names that lead out of a package."""

    def __init__(self, installed: Installed, elsewhere: Callable[[str], Meaning | None] = class_tables.meaning) -> None:
        self.installed = installed
        self._elsewhere = elsewhere
        self._found: dict[_Key, Found | None] = {}
        self._shapes: dict[str, tuple[str, ClassShape, bool]] = {}
        self._made: dict[str, str | None] = {}
        self._records: dict[str, ClassRecord | None] = {}
        self._trusted: dict[str, bool] = {}
        self._steps = 0
        self._pending: set[_Key] = set()
        self._cut = False

    def has(self, root: str) -> bool:
        """Whether a package is installed."""
        return self.installed.has(root)

    def trusts_table(self, root: str) -> bool:
        """Whether the bundled table speaks for the package that is installed: both are of one series of versions."""
        if root not in self._trusted:
            described = class_tables.version(root)
            distributions = (root.lower().replace("-", "_"), *_DISTRIBUTIONS.get(root, ()))
            version = self.installed.version(distributions) if described else ""
            is_alike = not version or root in _GENERATING or _series(version) == _series(described)
            self._trusted[root] = bool(described) and is_alike
        return self._trusted[root]

    def meaning(self, name: str) -> Meaning | None:
        """What a dotted name of an installed package stands for; None when that cannot be followed."""
        self._steps = 0
        found = self._find(name)
        if found is None:
            return None
        if found.kind == "elsewhere":
            return self._elsewhere(found.name)
        if found.kind == "expression":
            return Meaning("expression", found.name, found.expression)
        return Meaning("class" if found.kind == "class" else "object", found.name)

    def record(self, name: str) -> ClassRecord | None:
        """What is known of the class with a canonical name."""
        if name not in self._records:
            self._records[name], self._steps = None, 0  # a class that is its own base
            self._records[name] = self._record(name)
        return self._records[name]

    def registered(self, name: str) -> list[tuple[str, str]]:
        """(ABC, class) pairs that the module of a class registers."""
        module = self._shapes[name][0] if name in self._shapes else ""
        pairs = self._outline(module, False).registered if module else ()
        names = ((self._base(module, owner, False), self._base(module, member, False)) for owner, member in pairs)
        return [(owner, member) for owner, member in names if owner and member]

    # --- names

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
                found = Found("class", inner) if inner in self._shapes else None
            else:
                return None
        return found

    def _attribute(self, module: str, name: str, by_stub: bool = False) -> Found | None:
        key = (module, name, by_stub)
        if key in self._found:
            return self._found[key]
        self._steps += 1
        if key in self._pending or self._steps > LONGEST:
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

    def _attribute_of(self, module: str, name: str, by_stub: bool) -> Found | None:
        for is_stub in (by_stub, not by_stub):
            outline = self._outline(module, is_stub)
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
                if source is not None and self._elsewhere(f"{source}.{name}") is not None:
                    return Found("elsewhere", f"{source}.{name}")
                continue
            exports = self._outline(source, is_stub).exports
            if (name in exports if exports is not None else not name.startswith("_")) and (
                found := self._attribute(source, name, is_stub)
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
        self._shapes[canonical] = (module, shape, is_stub)
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
        dotted = _dotted(expression)
        if dotted is not None:
            return self._look_up(module, dotted, is_stub) if dotted != name else None
        if expression[0] == "call":
            maker = self._base(module, expression[2], is_stub)
            if maker in _MAKERS:
                canonical = f"{module}.{name}"
                self._made[canonical] = _MAKERS[maker]
                return Found("class", canonical)
            return None
        if is_stub and expression[0] == "subscript" and self._is_own_class(module, expression[2]):
            # numpy's stub: `int64 = signedinteger[_64Bit]` stands for a class of its own.
            canonical = f"{module}.{name}"
            self._made[canonical] = self._base(module, expression[2], is_stub)
            return Found("class", canonical)
        return Found("expression", module, expression) if expression[0] in ("subscript", "binary") else None

    def _is_own_class(self, module: str, expression: Expression) -> bool:
        name = _dotted(expression)
        bindings = self._outline(module, True).names.get(name or "", ())
        return any(binding[0] == "class" for binding in bindings)

    def _look_up(self, module: str, dotted: str, is_stub: bool) -> Found | None:
        """A dotted name as it is written in a module, or in its stub."""
        first, *rest = dotted.split(".")
        found = self._attribute(module, first, is_stub)
        if found is None and class_tables.meaning(first) is not None and not self._binds(module, first):
            found = Found("elsewhere", first)
        return self._walk(found, rest, is_stub)

    def _binds(self, module: str, name: str) -> bool:
        outlines = [self._outline(module, is_stub) for is_stub in (False, True)]
        return any(name in outline.names or name in outline.late for outline in outlines)

    def _absolute(self, module: str, level: int, target: str) -> str | None:
        if not level:
            return target
        parts = module.split(".") if self._is_package(module) else module.split(".")[:-1]
        kept = parts[: len(parts) - level + 1]
        return ".".join([*kept, target] if target else kept) if len(kept) == len(parts) - level + 1 and kept else None

    def _is_package(self, module: str) -> bool:
        return any(text.is_package for text in self.installed.texts(module) if text is not None)

    def _outline(self, module: str, is_stub: bool) -> Outline:
        return self.installed.outline(self.installed.texts(module)[is_stub])

    # --- classes

    def _record(self, name: str) -> ClassRecord | None:
        if name not in self._shapes and name not in self._made:
            self._locate(name)
        if name in self._made:
            return ClassRecord(name, (self._made[name],), flags=frozenset({"open", "read"}))
        if name not in self._shapes:
            return None
        module, shape, is_stub = self._shapes[name]
        bases = [self._base(module, base, is_stub) for base in shape.bases] + ["typing.Generic"] * shape.is_generic
        if is_stub:
            bases = _without_parameters(bases)
        flags = {"read"} | ({"open"} if is_stub else set()) | self._decorated(module, shape, is_stub)
        metaclass = "" if shape.metaclass is None else self._base(module, shape.metaclass, is_stub) or "?"
        named = {kind: frozenset(word for word, what in shape.names if what == kind) for kind in _KINDS}
        blocks = named["none"] | ({"__hash__"} if "hashless" in flags else set())
        return ClassRecord(
            name,
            tuple(bases),
            named["method"],
            named["value"],
            named["annotated"],
            frozenset(blocks),
            frozenset(flags - {"hashless"}),
            metaclass,
        )

    def _locate(self, name: str) -> None:
        """Find the class statement behind a canonical name: its module is the longest part that is one."""
        parts = name.split(".")
        for end in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:end])
            if self.installed.exists(module):
                self._walk(self._attribute(module, parts[end]), parts[end + 1 :])
                if name in self._shapes or name in self._made:
                    return

    def _base(self, module: str, expression: Expression, is_stub: bool) -> str | None:
        """The name of a base, without its arguments, as the hierarchy wants it."""
        while expression[0] == "subscript":
            expression = expression[2]
        if expression[0] == "call":
            maker = self._base(module, expression[2], is_stub)
            return _MAKERS.get(maker or "")
        dotted = _dotted(expression)
        found = None if dotted is None else self._look_up(module, dotted, is_stub)
        if found is None or found.kind in ("module", "object"):
            return found.name if found is not None and found.name in _MAKERS else None
        if found.kind == "expression":
            assert found.expression is not None
            return self._base(found.name, found.expression, is_stub)
        if found.kind == "class":
            return found.name
        name = class_tables.plain(found.name)
        meaning = self._elsewhere(name)
        if meaning is None or meaning.kind in ("object", "expression"):
            return name if name in _MAKERS or name.startswith("typing.") else None
        return meaning.name

    def _decorated(self, module: str, shape: ClassShape, is_stub: bool) -> set[str]:
        """What the decorators of a class say of it; ones that are not known may have added anything."""
        flags: set[str] = set()
        for part in shape.decorators:
            callee = part[2] if part[0] == "call" else part
            dotted = _dotted(callee)
            found = None if dotted is None else self._look_up(module, dotted, is_stub)
            name = class_tables.plain(found.name) if found is not None else ""
            if name == "typing.runtime_checkable":
                flags.add("runtime")
            elif name == "dataclasses.dataclass":
                given = {word: value for word, value, _ in part[4]} if part[0] == "call" else {}
                is_frozen = given.get("frozen", ("",))[-2:-1] == (True,)
                flags |= {"hashless"} if not is_frozen and "eq" not in given else set()
            elif name not in ("typing.final", "functools.total_ordering"):
                flags.add("open")
        return flags


_KINDS = ("method", "value", "none", "annotated")


def _without_parameters(bases: list[str | None]) -> list[str | None]:
    """The bases as far as a stub can be believed: what it says of type parameters need not hold at run time."""
    aliases = class_tables.standard().aliases
    plain = [aliases.get(base or "", base) for base in bases if base not in ("typing.Generic", "typing.Protocol")]
    return plain if plain == bases else [*plain, None]


def _dotted(expression: Expression) -> str | None:
    if expression[0] == "name":
        return str(expression[2])
    if expression[0] == "attr":
        owner = _dotted(expression[2])
        return None if owner is None else f"{owner}.{expression[3]}"
    return None


def _series(version: str) -> tuple[str, ...]:
    """What versions that hardly differ have in common: the first number, of a version 0 the second too."""
    parts = tuple(version.split("."))
    return parts[:2] if parts[0] == "0" else parts[:1]
