"""What does one text of an installed package bind, and to what?

An `Outline` is what a text says by itself, bodies of functions apart: which names its module has, as far as they may be
types. Terms: a *binding* is a plain tuple told by its first part; a name has several where a test that cannot be read
chooses. *Late* names are those that only a type checker is told of (`if TYPE_CHECKING`), or that a module's `__getattr__`,
a table of lazy imports or an `except` brings.

Bindings: `("class", shape)` with a `ClassShape` as a plain tuple | `("import", level, module, name)`, name "" for the module
itself | `("lazy", module, name)`, the module relative or not | `("value", expression)`, `("alias", None)` being the expression
of what a `type` statement makes | `("function",)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from dagcheck.source.skeleton import skeleton
from dagcheck.source.syntax import Expression, compact_expression, without_place

Binding: TypeAlias = "tuple[Any, ...]"


class ClassShape(NamedTuple):
    """A class statement. `names` are (name, kind) pairs of what its body binds, kind one of `method value none annotated`;
    `inner` are the shapes of the classes inside it, by name."""

    bases: tuple[Expression, ...]
    metaclass: Expression | None
    decorators: tuple[Expression, ...]
    names: tuple[tuple[str, str], ...]
    inner: dict[str, Any]
    is_generic: bool


class Outline(NamedTuple):
    """What one text binds. `exports` is what `__all__` lists, None without one; `registered` are (ABC, class) pairs."""

    names: dict[str, tuple[Binding, ...]]
    late: dict[str, tuple[Binding, ...]]
    stars: tuple[tuple[int, str], ...]
    exports: tuple[str, ...] | None
    registered: tuple[tuple[Expression, Expression], ...]


EMPTY = Outline({}, {}, (), None, ())


def outline(text: str, python: tuple[int, int], is_stub: bool) -> Outline:
    """The outline of a text; an empty one where the text does not parse."""
    tree = skeleton(text)
    if tree is None:
        return EMPTY
    reader = _Reader(python, is_stub)
    try:
        reader.follow(tree.body, "certain")
    except RecursionError:
        return EMPTY
    return reader.outline()


def from_row(row: tuple[Any, ...]) -> Outline:
    """An outline from the plain tuple that it was stored as."""
    return Outline._make(row)


class _Reader:
    """Follows the statements of one text. How sure a binding is: `certain`, `perhaps` or `late`."""

    def __init__(self, python: tuple[int, int], is_stub: bool) -> None:
        self._python = python
        self._is_stub = is_stub
        self._names: dict[str, tuple[Binding, ...]] = {}
        self._late: dict[str, tuple[Binding, ...]] = {}
        self._stars: list[tuple[int, str]] = []
        self._exports: list[str] | None = None
        self._registered: list[tuple[Expression, Expression]] = []
        self._tables: list[ast.Dict] = []

    def outline(self) -> Outline:
        """What was read."""
        if "__getattr__" in self._names or "_LazyModule" in self._names:
            for table in self._tables:
                for name, binding in _lazy_names(table):
                    self._late.setdefault(name, (binding,))
        exports = None if self._exports is None else tuple(self._exports)
        return Outline(self._names, self._late, tuple(self._stars), exports, tuple(self._registered))

    def follow(self, body: Iterable[ast.stmt], sure: str) -> None:
        """A block of statements."""
        for node in body:
            if isinstance(node, ast.ClassDef):
                self._bind(node.name, ("class", tuple(_class_shape(node))), sure)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._bind(node.name, ("function",), sure)
                if node.name == "__getattr__":
                    self.follow((part for part in ast.walk(node) if isinstance(part, ast.ImportFrom)), "late")
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node, sure)
            elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                self._assign(node, sure)
            elif isinstance(node, ast.Expr):
                self._call(node.value)
            elif isinstance(node, ast.Delete):
                for target in node.targets:
                    self._names.pop(getattr(target, "id", ""), None)
            else:
                self._block(node, sure)

    def _block(self, node: ast.stmt, sure: str) -> None:
        if isinstance(node, ast.If):
            first, second = self._branches(node.test)
            self.follow(node.body, _less(sure, first))
            self.follow(node.orelse, _less(sure, second))
        elif isinstance(node, ast.Try):
            self.follow([*node.body, *node.orelse, *node.finalbody], sure)
            for handler in node.handlers:
                self.follow(handler.body, "late")
        elif isinstance(node, (ast.With, ast.For, ast.While)):
            self.follow(node.body, sure if isinstance(node, ast.With) else "perhaps")
        elif type(node).__name__ == "TypeAlias":
            name: str = node.name.id  # type: ignore[attr-defined]
            self._bind(name, ("value", ("alias", None)), sure)

    def _branches(self, test: ast.expr) -> tuple[str, str]:
        """How sure the two branches of an `if` are; "never" for one that does not run."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            first, second = self._branches(test.operand)
            return second, first
        text = ast.unparse(test)
        if text in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING"):
            return ("certain", "never") if self._is_stub else ("late", "certain")
        if isinstance(test, ast.Compare) and text.startswith("sys.version_info ") and len(test.ops) == 1:
            verdict = self._compare(test.ops[0], test.comparators[0])
            if verdict is not None:
                return ("certain", "never") if verdict else ("never", "certain")
        return "perhaps", "perhaps"

    def _compare(self, operator: ast.cmpop, bound: ast.expr) -> bool | None:
        try:
            wanted = ast.literal_eval(bound)
        except (ValueError, TypeError):
            return None
        if not isinstance(wanted, tuple) or len(wanted) < 2:
            return None
        if isinstance(operator, ast.GtE):
            return self._python >= wanted[:2]
        return self._python < wanted[:2] if isinstance(operator, ast.Lt) else None

    def _bind(self, name: str, binding: Binding, sure: str) -> None:
        if sure == "certain":
            self._names[name] = (binding,)
        elif sure == "perhaps":
            self._names[name] = (*self._names.get(name, ()), binding)
        elif sure == "late":
            self._late.setdefault(name, (binding,))

    def _import(self, node: ast.Import | ast.ImportFrom, sure: str) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                module = alias.name if alias.asname else alias.name.partition(".")[0]
                self._bind(alias.asname or module, ("import", 0, module, ""), sure)
            return
        for alias in node.names:
            if alias.name != "*":
                binding = ("import", node.level, node.module or "", alias.name)
                self._bind(alias.asname or alias.name, binding, sure)
            elif sure != "never":
                self._stars.append((node.level, node.module or ""))

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, sure: str) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.value is None:
            return
        for target in targets:
            if isinstance(target, ast.Name):
                self._assign_name(target.id, node.value, sure, isinstance(node, ast.AugAssign))
            elif isinstance(target, ast.Tuple) and "__getattr__" in {getattr(part, "id", "") for part in target.elts}:
                self._bind("__getattr__", ("function",), sure)
                self._attach(node.value)
            elif ast.unparse(target) == "sys.modules[__name__]":
                self._bind("_LazyModule", ("function",), sure)

    def _assign_name(self, name: str, value: ast.expr, sure: str, adds: bool) -> None:
        if name == "__all__":
            self._export(value, adds)
        elif isinstance(value, ast.Dict):
            self._tables.append(value)
        elif isinstance(value, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.Call)):
            self._bind(name, ("value", compact_expression(value, without_place)), sure)
        else:
            self._bind(name, ("value", ("opaque", None, "a value")), sure)

    def _export(self, value: ast.expr, adds: bool) -> None:
        """`__all__`, as far as it is written out; anything else in it, and any name without an underscore counts."""
        parts = value.elts if isinstance(value, (ast.List, ast.Tuple)) else None
        listed = None if parts is None else [part.value for part in parts if isinstance(part, ast.Constant)]
        if listed is None or (adds and self._exports is None):
            self._exports = None
        else:
            self._exports = [*(self._exports or () if adds else ()), *map(str, listed)]

    def _attach(self, value: ast.expr) -> None:
        """`lazy_loader.attach(__name__, submodules, {"module": ["name"]})`; `attach_stub` leads to the stub anyway."""
        for part in (*getattr(value, "args", ()), *(word.value for word in getattr(value, "keywords", ()))):
            if isinstance(part, ast.Dict):
                self._tables.append(part)

    def _call(self, value: ast.expr) -> None:
        """`Abstract.register(Class)`."""
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "register":
            owner = compact_expression(value.func.value, without_place)
            self._registered += [(owner, compact_expression(part, without_place)) for part in value.args]


def _less(sure: str, branch: str) -> str:
    """How sure a branch is inside a block that is that sure itself."""
    order = ("never", "late", "perhaps", "certain")
    return min(sure, branch, key=order.index)


def _lazy_names(table: ast.Dict) -> Iterator[tuple[str, Binding]]:
    """The names in a table of lazy imports: `{"Name": "module"}`, `{"Name": ("module", "name")}` or `{"module": ["Name"]}`."""
    for key, value in zip(table.keys, table.values, strict=True):
        word = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
        if word is None:
            continue
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            module, _, name = value.value.partition(":")
            yield word, ("lazy", module, name or word)
            continue
        parts = [part.value for part in getattr(value, "elts", ()) if isinstance(part, ast.Constant)]
        if isinstance(value, ast.Tuple) and len(parts) == 2:
            yield word, ("lazy", str(parts[0]), str(parts[1] or word))
        else:
            for part in parts:
                yield str(part), ("lazy", word, str(part))


def _class_shape(node: ast.ClassDef) -> ClassShape:
    names: dict[str, str] = {}
    inner: dict[str, Any] = {}
    for part in _statements(node.body):
        if isinstance(part, ast.ClassDef):
            inner[part.name] = tuple(_class_shape(part))
            names[part.name] = "value"
        elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names[part.name] = "value" if _is_property(part) else "method"
        elif isinstance(part, ast.Assign):
            kind = "none" if isinstance(part.value, ast.Constant) and part.value.value is None else "value"
            names.update({target.id: kind for target in part.targets if isinstance(target, ast.Name)})
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            is_none = isinstance(part.value, ast.Constant) and part.value.value is None
            names[part.target.id] = "annotated" if part.value is None else "none" if is_none else "value"
    metaclass = next((word.value for word in node.keywords if word.arg == "metaclass"), None)
    return ClassShape(
        tuple([compact_expression(base, without_place) for base in node.bases]),
        None if metaclass is None else compact_expression(metaclass, without_place),
        tuple([compact_expression(part, without_place) for part in node.decorator_list]),
        tuple(names.items()),
        inner,
        bool(getattr(node, "type_params", ())),
    )


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a class body, those under a test included but for what only a type checker sees."""
    for part in body:
        if isinstance(part, ast.If):
            is_checked = ast.unparse(part.test).endswith("TYPE_CHECKING")
            yield from _statements([*(() if is_checked else part.body), *part.orelse])
        else:
            yield part


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("property" in ast.unparse(part) for part in node.decorator_list)
