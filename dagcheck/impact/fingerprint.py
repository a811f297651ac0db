"""What is a node made of, facet by facet?

A *fingerprint* is a digest per facet, the same for the same meaning: formatting, comments, the order of definitions, the file
that holds a function and the Python version have no part in it.

- `interface`: type, dependencies and their types, role, defaults.
- `body`: the function's code, as far as it runs for this node.
- `modifiers`: what the function's decorators give this node, as evaluated.
- `condition`: the configurations in which it exists.
- `metadata`: documentation and tags.
- `helpers`: all project code that it reaches: functions, constants, classes, at any distance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dagcheck.evaluation.boxes import OPAQUE
from dagcheck.evaluation.conditions import Condition
from dagcheck.evaluation.objects import Class, Function
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Module, Value
from dagcheck.impact.anatomy import Anatomy, anatomy
from dagcheck.impact.worth import worth
from dagcheck.names.linking import WHOLE, Key, Linker, Target, counting
from dagcheck.names.modules import ProjectModule
from dagcheck.names.outsiders import Outsiders
from dagcheck.nodes.node import Node
from dagcheck.nodes.uses import Use, decoration
from dagcheck.source.digests import digest
from dagcheck.source.symbols import EFFECTS, Piece, Symbol
from dagcheck.types.model import UnknownType
from dagcheck.types.printing import show

FACETS = ("interface", "body", "modifiers", "condition", "metadata", "helpers")

_CODE = ("signature", "body", "value")
_ADAPTERS = ("load_from.", "save_to.")


class Fingerprint(NamedTuple):
    """A digest per facet; `place` is the module that holds the function, `import_` what importing that module does."""

    interface: bytes
    body: bytes
    modifiers: bytes
    condition: bytes
    metadata: bytes
    helpers: bytes
    place: str
    import_: bytes


class Fingerprints:
    """The fingerprints of one state of the project. State: what was worked out so far."""

    def __init__(
        self,
        program: Program,
        linker: Linker,
        module_at: Callable[[str], ProjectModule],
        lines_of: Callable[[str], Sequence[tuple[int, int, str]]],
    ) -> None:
        """`lines_of` tells for a file the first and last line and the name of every symbol in it."""
        self.linker = linker
        self._program = program
        self._module_at = module_at
        self._lines_of = lines_of
        self._lines: dict[str, Sequence[tuple[int, int, str]]] = {}
        self._functions: dict[str, dict[int, list[Function]]] = {}

    def of(self, node: Node, config: Mapping[str, Any] | None) -> Fingerprint:
        """The fingerprint of a node; `config` is the fixed configuration of its dataflow."""
        uses = self._uses(node)
        made = anatomy(node, uses)
        pieces = [(key, piece) for key in self.keys(node) for piece in self._pieces(key)]
        running = [(key, piece) for key, piece in pieces if made.runs_body and piece.role in _CODE]
        modifiers, code = self._modifiers(node, made, uses, pieces, config)
        reached = [*running, *((key, piece) for key, piece in pieces if made.runs_body and piece.role == "defaults")]
        # By name, so that a reordered body is no change here; those of one name stay in order, so that swapping them is.
        named = sorted((pair for key, piece in reached for pair in self._inside(key, piece)), key=lambda pair: pair[0])
        helpers = [word for _, word in named]
        helpers += [self.linker.comes_to(key) for key in self.keys(node) if self._is_changed_from_afar(key)]
        helpers += sorted(set(self._classes(pieces)))
        if any(use.name.startswith(_ADAPTERS) for use in uses):
            helpers += [self.linker.comes_to(Key(key.path, EFFECTS)) for key in self.keys(node)]
        return Fingerprint(
            self._interface(node, [piece for _, piece in pieces] if made.runs_body else []),
            digest(b"\0".join(word for key, piece in running for word in self._body(key, piece))),
            modifiers,
            condition_digest(node.condition),
            digest(repr((node.documentation, _own_tags(node))).encode(errors="surrogatepass")),
            digest(b"\0".join([*helpers, *code])),
            node.origin.module,
            self._import(node.origin.path),
        )

    def guesses(self, node: Node) -> bool:
        """Does the node's code look names up while it runs, so that not all it reaches need matter?"""
        for key in self.linker.reached(self.keys(node)):
            symbol = self.linker.symbol(key)
            for piece in counting(symbol) if symbol is not None else ():
                if any(not word.startswith("look ") for word in piece.dynamic):
                    return True
                targets = (self.linker.target(key.path, chain).key for chain in piece.references if piece.dynamic)
                if any(target is not None and target.name == WHOLE for target in targets):
                    return True
        return False

    def reliance(self, node: Node, outsiders: Outsiders) -> dict[str, Target]:
        """The labels of what a node reaches outside the project, each with the first reference that leads there.

        Annotations are no code that runs: what they name is reached by the values that others make.
        """
        made = anatomy(node, self._uses(node))
        pieces = [(key, piece) for key in self.keys(node) for piece in self._pieces(key)]
        given = [self._targets_in(part.value) for part in made.parts]
        is_known = made.known and None not in given
        targets = [Target(key) for key in self.keys(node) if self._is_changed_from_afar(key)]
        for key, piece in pieces:
            chains = piece.references if made.runs_body and piece.role in (*_CODE, "defaults") else ()
            if piece.role == "decorator" and (not is_known or (made.runs_body and not self._is_modifier(key, piece))):
                chains = piece.references
            elif piece.role == "decorator" and self._is_modifier(key, piece):
                chains = piece.references[:1]
            targets += [self.linker.target(key.path, chain) for chain in chains]
        targets += [target for found_in in given for target in found_in or ()]
        targets += [Target(key) for key in self._class_keys(pieces)]
        found: dict[str, Target] = {}
        for target in targets:
            for label in sorted(outsiders.reached(target)):
                found.setdefault(label, target)
        return found

    def annotated(self, node: Node) -> list[str]:
        """The names outside the project in the annotations of code that runs for a node: values it may be given."""
        if not anatomy(node, self._uses(node)).runs_body:
            return []
        pieces = [(key, piece) for key in self.keys(node) for piece in self._pieces(key) if piece.role == "annotations"]
        targets = (self.linker.target(key.path, chain) for key, piece in pieces for chain in piece.references)
        return [target.outside for target in targets if target.key is None]

    def keys(self, node: Node) -> list[Key]:
        """The symbols that hold the code of a node: its function's, and that of what made it a node of this module."""
        places = [(node.origin.path, node.origin.line), (node.path or node.origin.path, node.span.line)]
        return list(dict.fromkeys(key for path, line in places for key in self._at(path, line)))

    # --- facets

    def _interface(self, node: Node, pieces: Iterable[Piece]) -> bytes:
        reads = [(part.name, _type_words(part.type, part.annotation), part.optional) for part in node.dependencies]
        words = repr((_type_words(node.type, node.annotation), reads, node.role)).encode(errors="surrogatepass")
        return digest(b"\0".join([words, *(piece.digest for piece in pieces if piece.role == "defaults")]))

    def _body(self, key: Key, piece: Piece) -> list[bytes]:
        """Some code with the names of what it refers to, whatever they are imported as."""
        names = []
        for chain in piece.references:
            target = self.linker.target(key.path, chain)
            inside = target.key.name if target.key is not None else target.outside
            names.append(".".join((inside, *target.rest)))
        return [piece.digest, "\0".join(names).encode(errors="surrogatepass")]

    def _modifiers(
        self,
        node: Node,
        made: Anatomy,
        uses: Sequence[Use],
        pieces: Sequence[tuple[Key, Piece]],
        config: Mapping[str, Any] | None,
    ) -> tuple[bytes, list[bytes]]:
        """The digest of what modifiers and other decorators give the node, and what the code in that comes to."""
        decorators = [(key, piece) for key, piece in pieces if piece.role == "decorator"]
        words: list[bytes] = []
        code: list[bytes] = []
        if not made.known:
            return self._all_decorators(decorators, config)
        for part in made.parts:
            known = worth(part.value, self._code_of)
            if known is None:
                return self._all_decorators(decorators, config)
            words.append(f"{part.modifier} {known.words}".encode(errors="surrogatepass"))
            code += known.code
        if any(use.name.startswith("resolve") for use in uses):
            words.append(repr(sorted((config or {}).items(), key=repr)).encode(errors="surrogatepass"))
        for key, piece in decorators:
            if made.runs_body and not self._is_modifier(key, piece):
                words += self._body(key, piece)
                code += [word for _, word in self._inside(key, piece)]
        return digest(b"\0".join(words)), code

    def _all_decorators(
        self, decorators: Sequence[tuple[Key, Piece]], config: Mapping[str, Any] | None
    ) -> tuple[bytes, list[bytes]]:
        """Where an argument is not known: the decorators as they are written, and all that they reach."""
        words = [word for key, piece in decorators for word in self._body(key, piece)]
        words.append(repr(sorted((config or {}).items(), key=repr)).encode(errors="surrogatepass"))
        return digest(b"\0".join(words)), [word for pair in decorators for _, word in self._inside(*pair)]

    def _inside(self, key: Key, piece: Piece) -> Iterator[tuple[str, bytes]]:
        """The project code that a piece refers to, or may look up while it runs: its name and what it comes to."""
        for chain in piece.references:
            target = self.linker.target(key.path, chain)
            if target.key is not None:
                yield target.key.name, self.linker.word(target)
        if any(word.startswith("own ") for word in piece.dynamic):
            yield WHOLE, self.linker.comes_to(Key(key.path, WHOLE))

    def _classes(self, pieces: Iterable[tuple[Key, Piece]]) -> Iterator[bytes]:
        return map(self.linker.comes_to, self._class_keys(pieces))

    def _class_keys(self, pieces: Iterable[tuple[Key, Piece]]) -> Iterator[Key]:
        """The project's classes among the annotations: an argument may be an instance of one."""
        for key, piece in pieces:
            for chain in piece.references if piece.role == "annotations" else ():
                target = self.linker.target(key.path, chain)
                for reached in self.linker.reached([target.key]) if target.key is not None else ():
                    symbol = self.linker.symbol(reached)
                    if symbol is not None and symbol.kind == "class":
                        yield reached

    def _targets_in(self, value: Value) -> list[Target] | None:
        """What an evaluated argument refers to; None where it is not known, so that the decorators count as written."""
        keys: list[Key] = []

        def note(code: Value) -> bytes | None:
            found = self._keys_of(code)
            keys.extend(found)
            return b"" if found else None

        known = worth(value, note)
        return None if known is None else [*map(Target, keys), *(Target(None, (), name) for name in known.outside)]

    def _is_changed_from_afar(self, key: Key) -> bool:
        """May statements elsewhere change what the name stands for?"""
        symbol = self.linker.symbol(key)
        return symbol is not None and (symbol.kind == "value" or any(piece.role == "effect" for piece in symbol.pieces))

    def _import(self, path: str) -> bytes:
        key = Key(path, EFFECTS)
        return b"" if self.linker.symbol(key) is None else self.linker.comes_to(key)

    # --- where the code is

    def _at(self, path: str, line: int) -> list[Key]:
        if path not in self._lines:
            self._lines[path] = self._lines_of(path) if path else ()
        return [Key(path, name) for first, last, name in self._lines[path] if first <= line <= last]

    def _pieces(self, key: Key) -> Sequence[Piece]:
        symbol = self.linker.symbol(key)
        return () if symbol is None or key.name == EFFECTS else symbol.pieces

    def _is_modifier(self, key: Key, piece: Piece) -> bool:
        """Is a decorator one of Hamilton's, so that what it does is known from its arguments?"""
        if not piece.references:
            return False
        target = self.linker.target(key.path, piece.references[0])
        return target.key is None and target.outside.startswith("hamilton.")

    def _uses(self, node: Node) -> tuple[Use, ...]:
        path, line = node.origin.path, node.origin.line
        if path not in self._functions:
            by_line: dict[int, list[Function]] = {}
            for function in self._program.scope(self._module_at(path)).made:
                by_line.setdefault(function.source.header.place[0], []).append(function)
            self._functions[path] = by_line
        found = self._functions[path].get(line, [])
        return tuple([use for function in found for use in decoration(function).uses])

    def _code_of(self, value: Value) -> bytes | None:
        keys = self._keys_of(value)
        return digest(b"".join(self.linker.comes_to(key) for key in keys)) if keys else None

    def _keys_of(self, value: Value) -> list[Key]:
        """The symbols that hold a module, function or class of the project; none where that is not known."""
        if isinstance(value, Module):
            scope = self._program.scope_of(value.module)
            return [] if scope is None else [Key(scope.path, WHOLE)]
        if isinstance(value, Function):
            if value.scope.parent is not None or value.wrapped is not None:
                return []  # it may hold on to values of the call that made it
            return self._at(value.scope.path, value.header.place[0])
        return self._at(value.scope.outermost.path, value.place[0]) if isinstance(value, Class) else []


def condition_digest(condition: Condition) -> bytes:
    """The configurations of a condition; predicates that cannot be read count by their code instead."""
    boxes = sorted(
        repr(
            sorted(
                (key, allowed.positive, sorted(map(repr, allowed.members)), allowed.part_of)
                for key, allowed in box
                if not key.startswith(OPAQUE)
            )
        )
        for box in condition.boxes
    )
    return digest("\0".join(boxes).encode(errors="surrogatepass"))


def symbol_lines(symbols: Mapping[str, Symbol]) -> list[tuple[int, int, str]]:
    """The first and last lines of symbols with their names."""
    return sorted(
        (first, last, name) for name, symbol in symbols.items() for first, last in symbol.lines if name != EFFECTS
    )


def _own_tags(node: Node) -> list[tuple[str, str]]:
    return sorted((key, repr(value)) for key, value in node.tags if key != "module")


def _type_words(type_: Any, annotation: str) -> str:
    return f"unknown {annotation}" if isinstance(type_, UnknownType) else show(type_) or annotation
