"""Which binding does each name in a text mean?

Python's own rules: a name belongs to the innermost function that binds it, classes are passed over from inside, `global` and
`nonlocal` give it away. Nothing is evaluated. A `Mention` is one place where a bare name stands; `Scopes` are all of a text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dagcheck.source.parsing import SyntaxFault, column_converter, parse
from dagcheck.span import Span

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Block:
    """A module, class, function, lambda or comprehension, and the names it binds itself. `line` is that of its `def`."""

    def __init__(self, kind: str, parent: Block | None, line: int = 0) -> None:
        self.kind = kind
        self.parent = parent
        self.line = line
        self.bound: dict[str, str] = {}
        """Name -> how it is bound: `parameter`, `import` or `local`."""
        self.given_away: dict[str, str] = {}

    def owner(self, name: str) -> Block | None:
        """The block whose binding the name means here; None for a builtin or nothing."""
        if self.given_away.get(name) == "global":
            return self._module()
        if name in self.bound and name not in self.given_away:
            return self
        block = self.parent
        while block is not None and (block.kind == "class" or name not in block.bound or name in block.given_away):
            if block.given_away.get(name) == "global":
                return self._module()
            block = block.parent
        return block

    def _module(self) -> Block:
        block = self
        while block.parent is not None:
            block = block.parent
        return block


class Mention(NamedTuple):
    """A bare name in the text, the block it stands in, and the block that binds it (None: a builtin, or nothing)."""

    name: str
    span: Span | None
    block: Block
    owner: Block | None


class Dotted(NamedTuple):
    """A name with attributes behind it; `spans` are those of the parts. `keywords` are its arguments', where it is called."""

    parts: tuple[str, ...]
    spans: tuple[Span | None, ...]
    block: Block
    keywords: tuple[tuple[str, Span], ...] = ()


class Scopes(NamedTuple):
    """All bare names and all dotted ones of a text, and what it imports: (name, dotted name, place of its last part)."""

    mentions: tuple[Mention, ...]
    dotted: tuple[Dotted, ...]
    imports: tuple[tuple[str, str, Span], ...]
    parameters: tuple[tuple[str, int, Span, Block], ...]
    module: Block
    tree: ast.Module


def scopes(text: str) -> Scopes | None:
    """The names of a text; None where it does not parse."""
    tree = parse(text)
    if isinstance(tree, SyntaxFault):
        return None
    reader = _Reader(text, tree)
    try:
        reader.read()
    except RecursionError:
        return None
    return reader.result()


class _Reader:
    """Walks one tree twice: for what each block binds, then for what each name means."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self._lines = text.split("\n")
        self._column = column_converter(text)
        self._tree = tree
        self._blocks: dict[int, Block] = {}
        self._mentions: list[Mention] = []
        self._dotted: list[Dotted] = []
        self._imports: list[tuple[str, str, Span]] = []
        self._parameters: list[tuple[str, int, Span, Block]] = []
        self._in_strings: list[tuple[ast.JoinedStr, list[int]]] = []

    def result(self) -> Scopes:
        module = self._blocks[id(self._tree)]
        found = (tuple(self._mentions), tuple(self._dotted), tuple(self._imports), tuple(self._parameters))
        return Scopes(*found, module, self._tree)

    def read(self) -> None:
        module = self._blocks[id(self._tree)] = Block("module", None)
        for statement in self._tree.body:
            self._bind(statement, module)
        for statement in self._tree.body:
            self._visit(statement, module)

    # --- what is bound

    def _bind(self, node: ast.AST, block: Block) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            block.bound.setdefault(node.name, "local")
            for part in (*node.decorator_list, node.args, node.returns):
                self._bind_parts(part, block)
            self._open(node, "function", block, node.body, node.lineno)
        elif isinstance(node, ast.ClassDef):
            block.bound.setdefault(node.name, "local")
            for outer in (*node.decorator_list, *node.bases, *node.keywords):
                self._bind(outer, block)
            self._open(node, "class", block, node.body, node.lineno)
        elif isinstance(node, ast.Lambda):
            self._bind_parts(node.args, block)
            self._open(node, "function", block, [node.body], node.lineno)
        elif isinstance(node, _COMPREHENSIONS):
            self._open(node, "comprehension", block, list(ast.iter_child_nodes(node)), node.lineno)
        elif isinstance(node, ast.NamedExpr):
            _holder(block).bound.setdefault(node.target.id, "local")
            self._bind(node.value, block)
        else:
            _note_binding(node, block)
            self._bind_parts(node, block)

    def _bind_parts(self, node: ast.AST | None, block: Block) -> None:
        for part in () if node is None else ast.iter_child_nodes(node):
            self._bind(part, block)

    def _open(self, node: ast.AST, kind: str, parent: Block, body: Sequence[ast.AST], line: int) -> None:
        block = self._blocks[id(node)] = Block(kind, parent, line)
        arguments = getattr(node, "args", None)
        for argument in _arguments(arguments) if isinstance(arguments, ast.arguments) else ():
            block.bound[argument.arg] = "parameter"
        for part in body:
            self._bind(part, block)

    # --- what is meant

    def _visit(self, node: ast.AST, block: Block) -> None:
        inner = self._blocks.get(id(node))
        if inner is not None:
            self._visit_block(node, block, inner)
        elif isinstance(node, ast.Name):
            self._mention(node.id, self._span(node, len(node.id)), block)
            self._dotted.append(Dotted((node.id,), (self._span(node, len(node.id)),), block))
        elif isinstance(node, ast.Attribute) and (chain := self._chain(node, block)) is not None:
            self._dotted.append(chain)
            self._mention(chain.parts[0], chain.spans[0], block)
        elif isinstance(node, ast.Call):
            self._visit_call(node, block)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        else:
            for name in _unplaced(node):
                self._mention(name, None, block)
            self._visit_parts(node, block)

    def _visit_parts(self, node: ast.AST, block: Block) -> None:
        if isinstance(node, ast.JoinedStr):
            start = len(self._mentions)
            for part in ast.iter_child_nodes(node):
                self._visit(part, block)
            self._place_in_string(node, start)
            return
        for part in ast.iter_child_nodes(node):
            self._visit(part, block)

    def _visit_block(self, node: ast.AST, block: Block, inner: Block) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            arguments = node.args
            for argument in _arguments(arguments):
                span = self._span(argument, len(argument.arg))
                if span is not None:
                    self._parameters.append((argument.arg, node.lineno, span, inner))
                if argument.annotation is not None:
                    self._visit(argument.annotation, block)
            for default in (*arguments.defaults, *arguments.kw_defaults):
                if default is not None:
                    self._visit(default, block)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._name_of_definition(node, block)
        elif isinstance(node, ast.ClassDef):
            self._mention(node.name, None, block)
        around, body = _around_and_inside(node)
        for part in around:
            self._visit(part, block)
        for part in body:
            self._visit(part, inner)

    def _name_of_definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef, block: Block) -> None:
        line = self._lines[node.lineno - 1]
        start = self._at(node.lineno, node.col_offset) + (10 if isinstance(node, ast.AsyncFunctionDef) else 4)
        is_plain = line[start - 1 : start - 1 + len(node.name)] == node.name
        span = Span(node.lineno, start, node.lineno, start + len(node.name)) if is_plain else None
        self._mention(node.name, span, block)

    def _visit_call(self, node: ast.Call, block: Block) -> None:
        chain = self._chain(node.func, block)
        keywords = [(word, self._span(word, len(word.arg))) for word in node.keywords if word.arg is not None]
        if chain is not None:
            named = tuple([(word.arg or "", span) for word, span in keywords if span is not None])
            self._dotted.append(chain._replace(keywords=named))
            self._mention(chain.parts[0], chain.spans[0], block)
        else:
            self._visit(node.func, block)
        for part in (*node.args, *(word.value for word in node.keywords)):
            self._visit(part, block)

    def _chain(self, node: ast.expr, block: Block) -> Dotted | None:
        """`a.b.c` as one thing; None when it does not begin with a name."""
        parts: list[tuple[str, Span | None]] = []
        while isinstance(node, ast.Attribute):
            end = node.end_col_offset or 0
            line = node.end_lineno or node.lineno
            column = self._at(line, end) - len(node.attr)
            parts.append((node.attr, self._checked(node.attr, Span(line, column, line, column + len(node.attr)))))
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        parts.append((node.id, self._span(node, len(node.id))))
        parts.reverse()
        return Dotted(tuple([name for name, _ in parts]), tuple([span for _, span in parts]), block)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            start = self._at(alias.lineno, alias.col_offset)
            if isinstance(node, ast.Import):
                last = alias.name.rpartition(".")[2]
                start += len(alias.name) - len(last)
                name = alias.asname or alias.name.partition(".")[0]
                dotted = alias.name if alias.asname else name
            else:
                last, name = alias.name, alias.asname or alias.name
                dotted = f"{'.' * node.level}{node.module or ''}{'.' if node.module else ''}{alias.name}"
            self._imports.append((name, dotted, Span(alias.lineno, start, alias.lineno, start + len(last))))

    def _mention(self, name: str, span: Span | None, block: Block) -> None:
        self._mentions.append(Mention(name, span, block, block.owner(name)))

    def _place_in_string(self, node: ast.JoinedStr, start: int) -> None:
        """Before Python 3.12 names in an f-string may have no place: where each such word stands there once per mention."""
        lost = [index for index in range(start, len(self._mentions)) if self._mentions[index].span is None]
        for name in {self._mentions[index].name for index in lost}:
            indexes = [index for index in range(start, len(self._mentions)) if self._mentions[index].name == name]
            places = list(self._words(node, name))
            if len(places) == len(indexes):
                for index, span in zip(indexes, places, strict=True):
                    self._mentions[index] = self._mentions[index]._replace(span=span)

    def _words(self, node: ast.JoinedStr, name: str) -> Iterator[Span]:
        last = node.end_lineno or node.lineno
        for line in range(node.lineno, last + 1):
            row = self._lines[line - 1]
            start = self._at(line, node.col_offset) - 1 if line == node.lineno else 0
            end = self._at(line, node.end_col_offset or 0) - 1 if line == last else len(row)
            for match in re.finditer(rf"\b{re.escape(name)}\b", row[:end]):
                if match.start() >= start:
                    yield Span(line, match.start() + 1, line, match.end() + 1)

    # --- places

    def _span(self, node: ast.AST, length: int) -> Span | None:
        line, offset = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        name = getattr(node, "id", None) or getattr(node, "arg", None) or ""
        if not 0 < line <= len(self._lines):
            return None
        column = self._at(line, offset)
        return self._checked(name, Span(line, column, line, column + length))

    def _checked(self, name: str, span: Span) -> Span | None:
        """The span, where the text agrees: names in f-strings have wrong places before Python 3.12."""
        row = self._lines[span.line - 1]
        return span if row[span.column - 1 : span.end_column - 1] == name else None

    def _at(self, line: int, offset: int) -> int:
        return offset + 1 if self._column is None else self._column(line, offset)


def _note_binding(node: ast.AST, block: Block) -> None:
    """What a node that opens no block binds by itself."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        block.bound.setdefault(node.id, "local")
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            block.bound[alias.asname or alias.name.partition(".")[0]] = "import"
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        kind = "global" if isinstance(node, ast.Global) else "nonlocal"
        block.given_away.update(dict.fromkeys(node.names, kind))
    else:
        block.bound.update({name: "local" for name in _unplaced(node) if name not in block.bound})


def _holder(block: Block) -> Block:
    """The block for which `:=` binds: the one around all comprehensions."""
    while block.kind == "comprehension" and block.parent is not None:
        block = block.parent
    return block


def _around_and_inside(node: ast.AST) -> tuple[list[ast.AST], list[ast.AST]]:
    """The parts of a block that are evaluated where it stands, and those that are evaluated in it."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [*node.decorator_list, *([node.returns] if node.returns else [])], [*node.body]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)], [*node.body]
    if isinstance(node, _COMPREHENSIONS):
        first, *others = node.generators
        rest = [part for part in ast.iter_child_nodes(node) if part not in node.generators]
        return [first.iter], [first.target, *first.ifs, *others, *rest]
    return [], [getattr(node, "body", node)]


def _unplaced(node: ast.AST) -> list[str]:
    """Names that a node spells without a syntax node of their own, so that nobody knows their place."""
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return node.names
    name = getattr(node, "rest" if isinstance(node, ast.MatchMapping) else "name", None)
    is_binding = isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping))
    return [name] if is_binding and isinstance(name, str) else []


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return found + [part for part in (arguments.vararg, arguments.kwarg) if part is not None]
