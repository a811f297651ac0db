"""What does a piece of code say, however it is laid out?

`written` turns syntax into a digest that formatting, comments, docstrings, the Python version and the names of imports do
not change. Names that the code binds itself stand as they are; those it takes from around it are *references*: chains such
as `("numpy", "log")`, numbered in the order in which they are met, so that what they mean can be settled later
(`dagcheck.names.linking`). A local import is a reference too: its chain begins with an `Origin`.

Also noted: which references are stored into or called as methods, which might change what they stand for, and what looks
names up while it runs (`eval`, `getattr(module, name)`), after which nothing is certain.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from dagcheck.source.binding_names import LOCAL_IMPORT, bound_names, declared_outside, import_name
from dagcheck.source.digests import digest

Chain: TypeAlias = "tuple[str, ...]"
"""A name and the attributes taken off it."""

_SKIPPED = frozenset({"ctx", "type_comment", "kind", "type_ignores", "lineno", "col_offset"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CHANGING = frozenset(
    """add append appendleft clear discard extend extendleft insert pop popitem popleft push put register remove reverse setdefault
    sort update""".split()
)
"""Methods that change what they are called on."""
_OWN_NAMES = frozenset({"globals", "vars", "eval", "exec", "locals"})
_ANY_MODULE = frozenset({"__import__", "import_module", "reload"})


class Written(NamedTuple):
    """A piece of code. `changed` are those references that the code may change; `dynamic` what it looks up as it runs."""

    digest: bytes
    references: tuple[Chain, ...] = ()
    changed: tuple[Chain, ...] = ()
    dynamic: tuple[str, ...] = ()


class Scope(NamedTuple):
    """The names of one block inside the code; `imports` are those that a local import binds, with what it imports."""

    names: frozenset[str]
    imports: dict[str, str]
    is_class: bool = False


def written(nodes: Sequence[ast.AST], scopes: tuple[Scope, ...] = (), *, annotations: bool = True) -> Written:
    """The canonical form of some syntax; `annotations` says whether those of functions without decorators count."""
    writer = _Writer(annotations)
    for node in nodes:
        writer.write(node, scopes)
    return writer.result()


def function_scope(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Scope:
    """The scope of a function's body."""
    names = {argument.arg for argument in _arguments(node.args)}
    body: Sequence[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
    return _scope(body, names)


def without_docstring(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    """A body without what only documents: its docstring, and constants that stand as statements, `pass` among them."""
    return [node for node in body if not _says_nothing(node)]


class _Writer:
    """Writes syntax as a row of words."""

    def __init__(self, annotations: bool) -> None:
        self._annotations = annotations
        self._words: list[str] = []
        self._numbers: dict[Chain, int] = {}
        self._changed: dict[Chain, None] = {}
        self._dynamic: dict[str, None] = {}

    def result(self) -> Written:
        text = "\0".join(self._words).encode(errors="surrogatepass")
        return Written(digest(text), tuple(self._numbers), tuple(self._changed), tuple(self._dynamic))

    def write(self, node: Any, scopes: tuple[Scope, ...]) -> None:
        """One node, or what stands in a field of one."""
        if isinstance(node, (ast.Name, ast.Attribute)) and self._write_chain(node, scopes):
            return
        special = _SPECIAL.get(type(node))
        if special is not None:
            special(self, node, scopes)
        elif isinstance(node, ast.AST):
            self._write_fields(node, scopes)
        elif isinstance(node, list):
            self._words.append(f"[{len(node)}")
            for item in node:
                self.write(item, scopes)
        else:
            self._words.append(f"{type(node).__name__} {node!r}" if not isinstance(node, str) else node)

    def _write_fields(self, node: ast.AST, scopes: tuple[Scope, ...], *skipped: str) -> None:
        self._words.append(type(node).__name__)
        for name in node._fields:
            value = getattr(node, name, None)
            if name not in _SKIPPED and name not in skipped and value is not None and value != []:
                self._words.append(name)
                self.write(value, scopes)

    def write_constant(self, node: ast.Constant, _: tuple[Scope, ...]) -> None:
        value = node.value
        text = hex(value) if type(value) is int else repr(value)
        self._words.append(f"{type(value).__name__} {text}")

    def write_format(self, node: ast.JoinedStr, scopes: tuple[Scope, ...]) -> None:
        """An f-string; some versions of Python put empty texts between its parts, or split them."""
        self._words.append("JoinedStr")
        text = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
                continue
            self._words += [repr(text)]
            text = ""
            self.write(part, scopes)
        self._words.append(repr(text))

    # --- names

    def _write_chain(self, node: ast.expr, scopes: tuple[Scope, ...]) -> bool:
        """A name from outside with its attributes; False for anything else."""
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            return False
        root = _root(inner.id, scopes)
        if root is None:
            return False
        chain = (root, *reversed(parts))
        self._refer(chain)
        if not isinstance(getattr(node, "ctx", None), ast.Load):
            self._words.append("store")
            self._changed[chain] = None
        return True

    def _refer(self, chain: Chain) -> None:
        number = self._numbers.setdefault(chain, len(self._numbers))
        self._words.append(f"@{number}")

    def write_subscript(self, node: ast.Subscript, scopes: tuple[Scope, ...]) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._note_change(node.value, scopes)
        self._write_fields(node, scopes)

    def write_call(self, node: ast.Call, scopes: tuple[Scope, ...]) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            self._note_change(node.func.value, scopes)
        self._note_dynamic(node, scopes)
        self._write_fields(node, scopes)

    def _note_change(self, node: ast.expr, scopes: tuple[Scope, ...]) -> None:
        """What is stored into, or has a method called on it, may be another afterwards."""
        parts: list[str] = []
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            parts = [*parts, node.attr] if isinstance(node, ast.Attribute) else []
            node = node.value
        root = _root(node.id, scopes) if isinstance(node, ast.Name) else None
        if root is not None:
            chain = (root, *reversed(parts))
            self._changed[chain] = None

    def _note_dynamic(self, node: ast.Call, scopes: tuple[Scope, ...]) -> None:
        called = node.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        is_bare = isinstance(called, ast.Name) and _root(name, scopes) == name
        constant = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if is_bare and name in _OWN_NAMES and (name != "vars" or not node.args):
            self._dynamic[f"own {name}()"] = None
        elif name in _ANY_MODULE and (is_bare or name != "__import__"):
            if constant and isinstance(constant[0], str):
                self._refer((f"{LOCAL_IMPORT}0 {constant[0]} ",))
            else:
                self._dynamic[f"any {name}(...)"] = None
        elif is_bare and name == "getattr" and len(node.args) > 1 and len(constant) < len(node.args) - 1:
            self._dynamic["look getattr(...)"] = None

    # --- blocks with names of their own

    def write_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scopes: tuple[Scope, ...]) -> None:
        self._words += [type(node).__name__, node.name]
        self.write(node.decorator_list, scopes)
        annotated = self._annotations or bool(node.decorator_list)
        self.write_arguments(node.args, scopes, annotated)
        if annotated and node.returns is not None:
            self.write(plain_annotation(node.returns), scopes)
        inner = (*scopes, function_scope(node))
        self.write(list(without_docstring(node.body)), inner)

    def write_lambda(self, node: ast.Lambda, scopes: tuple[Scope, ...]) -> None:
        self._words.append("Lambda")
        self.write_arguments(node.args, scopes, annotated=False)
        self.write(node.body, (*scopes, function_scope(node)))

    def write_arguments(self, node: ast.arguments, scopes: tuple[Scope, ...], annotated: bool) -> None:
        """The parameters with their kinds and defaults."""
        for argument in _arguments(node):
            self._words.append(argument.arg)
            if annotated and argument.annotation is not None:
                self.write(plain_annotation(argument.annotation), scopes)
        kinds = (len(node.posonlyargs), len(node.args), node.vararg is not None, len(node.kwonlyargs))
        self._words.append(f"{kinds} {node.kwarg is not None}")
        self.write(node.defaults, scopes)
        self.write([default if default is not None else "" for default in node.kw_defaults], scopes)

    def write_class(self, node: ast.ClassDef, scopes: tuple[Scope, ...]) -> None:
        self._words += ["ClassDef", node.name]
        self.write(node.decorator_list, scopes)
        self.write(node.bases, scopes)
        self.write(node.keywords, scopes)
        body = without_docstring(node.body)
        self.write(list(body), (*scopes, _scope(body, set(), is_class=True)))

    def write_comprehension(self, node: Any, scopes: tuple[Scope, ...]) -> None:
        names = {name for part in node.generators for name in bound_names([part.target])}
        inner = (*scopes, Scope(frozenset(names), {}))
        self._words.append(type(node).__name__)
        for index, part in enumerate(node.generators):
            self.write(part.target, inner)
            self.write(part.iter, scopes if index == 0 else inner)
            self.write(part.ifs, inner)
            self._words.append(str(part.is_async))
        for name in ("elt", "key", "value"):
            if hasattr(node, name):
                self.write(getattr(node, name), inner)

    def write_annotated(self, node: ast.AnnAssign, scopes: tuple[Scope, ...]) -> None:
        self._words.append("AnnAssign")
        self.write(node.target, scopes)
        if scopes and scopes[-1].is_class:  # elsewhere it does nothing
            self.write(plain_annotation(node.annotation), scopes)
        self.write(node.value, scopes)

    def write_import(self, node: ast.Import | ast.ImportFrom, scopes: tuple[Scope, ...]) -> None:
        for alias in node.names:
            self._refer((import_name(node, alias)[1],))


_SPECIAL: dict[type, Any] = {
    ast.Constant: _Writer.write_constant,
    ast.JoinedStr: _Writer.write_format,
    ast.Subscript: _Writer.write_subscript,
    ast.Call: _Writer.write_call,
    ast.Lambda: _Writer.write_lambda,
    ast.ClassDef: _Writer.write_class,
    ast.AnnAssign: _Writer.write_annotated,
    **dict.fromkeys(_FUNCTIONS, _Writer.write_function),
    **dict.fromkeys(_COMPREHENSIONS, _Writer.write_comprehension),
    **dict.fromkeys((ast.Import, ast.ImportFrom), _Writer.write_import),
}


def plain_annotation(node: ast.expr) -> ast.expr:
    """An annotation in one of its equivalent spellings: quotes gone, `Optional` and `Union` as bars, `List` as `list`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return plain_annotation(ast.parse(node.value, mode="eval").body)
        except (SyntaxError, ValueError, RecursionError):
            return node
    if isinstance(node, ast.Subscript):
        name = _last_name(node.value)
        if name == "Literal":
            return node
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        parts = [plain_annotation(part) for part in inner]
        if name in ("Optional", "Union"):
            return _union([*parts, ast.Constant(None)] if name == "Optional" else parts)
        whole = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
        return ast.Subscript(plain_annotation(node.value), whole, ast.Load())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([plain_annotation(node.left), plain_annotation(node.right)])
    name = _last_name(node)
    return ast.Name(name.lower(), ast.Load()) if name in ("List", "Dict", "Set", "Tuple", "FrozenSet", "Type") else node


def _union(parts: Iterable[ast.expr]) -> ast.expr:
    """The members of a union, each once, whatever their order."""
    members: dict[str, ast.expr] = {}
    for part in parts:
        inner = part.values if isinstance(part, ast.BoolOp) else [part]
        members.update({ast.dump(member): member for member in inner})
    return ast.BoolOp(ast.Or(), [members[key] for key in sorted(members)])


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _root(name: str, scopes: tuple[Scope, ...]) -> str | None:
    """The first part of a chain that begins with this name; None when the code itself binds it."""
    for distance, scope in enumerate(reversed(scopes)):
        if scope.is_class and distance:
            continue  # what a class binds is not seen by the functions in it
        if name in scope.imports:
            return scope.imports[name]
        if name in scope.names:
            return None
    return name


def _scope(body: Iterable[ast.AST], names: set[str], *, is_class: bool = False) -> Scope:
    body = list(body)
    imports: dict[str, str] = {}
    bound = bound_names(body, imports) | names
    outside = declared_outside(body)
    return Scope(frozenset(bound - outside), {} if is_class else imports, is_class)


def _arguments(node: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (node.vararg, node.kwarg) if argument is not None]
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *starred]


def _says_nothing(node: ast.stmt) -> bool:
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_constant or isinstance(node, ast.Pass)
