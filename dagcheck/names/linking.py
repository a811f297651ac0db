"""What does a piece of code reach?

A `Linker` follows the references of symbols (`dagcheck.source.symbols`) through imports and re-exports of one state of the
project. What a symbol *comes to* is a digest over its own code and, however many steps away, all the project code that it
reaches: functions, constants, classes with their bases, decorators. It is the same wherever the code stands and by whatever
names it was imported. Things outside the project count by name.

Names that refer to each other in a circle come to a digest over the whole circle. What changes a value from elsewhere
(`helpers.TABLE["k"] = 1`, a decorator that registers a function) counts as part of that value.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from dagcheck.names.circles import in_dependency_order
from dagcheck.source.binding_names import LOCAL_IMPORT
from dagcheck.source.canonical import Chain
from dagcheck.source.digests import digest
from dagcheck.source.symbols import ModuleSymbols, Piece, Symbol

WHOLE = "*"
"""The name that stands for everything in a module."""

_FARTHEST = 30


class Key(NamedTuple):
    """A symbol of a file; the name `WHOLE` means all of them."""

    path: str
    name: str


class Target(NamedTuple):
    """What a reference leads to: a symbol or module of the project, or a dotted name outside (`key` None).

    `rest` are the attributes that are taken off it.
    """

    key: Key | None
    rest: tuple[str, ...] = ()
    outside: str = ""


class Finder(Protocol):
    """How names of modules are found."""

    def answer(self, dotted: str, importer: str) -> str:
        """The path of a project module, "/" for a namespace package, "" for what is outside the project."""

    def relative(self, importer: str, level: int, module: str | None) -> str | None:
        """The absolute name that a relative import means."""


class Linker:
    """The code of one state of the project. State: what was followed so far."""

    def __init__(
        self,
        symbols_of: Callable[[str], ModuleSymbols],
        finder: Finder,
        paths: Iterable[str],
        is_same: Callable[[str], bool] = lambda path: False,
    ) -> None:
        """`paths` are the files that may change values of others.

        Code in files for which `is_same` holds is known to be what it is elsewhere, and so is all that it reaches: its place
        stands for it.
        """
        self._symbols_of = symbols_of
        self._finder = finder
        self._paths = tuple(paths)
        self._is_same = is_same
        self._targets: dict[tuple[str, Chain], Target] = {}
        self._digests: dict[Key, bytes] = {}
        self._influences: dict[Key, list[Key]] | None = None

    def symbol(self, key: Key) -> Symbol | None:
        """The symbol of a key."""
        return self._symbols_of(key.path).symbols.get(key.name)

    def comes_to(self, key: Key) -> bytes:
        """The digest over a symbol's code and all that it reaches."""
        if key not in self._digests:
            for circle in in_dependency_order(key, self.following, self._digests):
                self._settle(circle)
        return self._digests[key]

    def reached(self, keys: Iterable[Key]) -> dict[Key, Key | None]:
        """Everything that these symbols reach, themselves included; each with the one it was reached from, nearest first."""
        found: dict[Key, Key | None] = dict.fromkeys(keys)
        pending = list(found)
        for key in pending:
            for further in self.following(key):
                if further not in found:
                    found[further] = key
                    pending.append(further)
        return found

    def dynamic(self, key: Key) -> list[str]:
        """What a symbol, or what it reaches, looks up while it runs."""
        found: dict[str, None] = {}
        for reached in self.reached([key]):
            symbol = self.symbol(reached)
            for piece in counting(symbol) if symbol is not None else ():
                found.update(dict.fromkeys(piece.dynamic))
        return list(found)

    def target(self, path: str, chain: Chain) -> Target:
        """What a chain of names in a file leads to."""
        known = self._targets.get((path, chain))
        if known is None:
            known = self._targets[path, chain] = self._follow(path, chain, _FARTHEST)
        return known

    def word(self, target: Target) -> bytes:
        """What stands for a target in a digest."""
        if target.key is None:
            return f"outside {target.outside}".encode(errors="surrogatepass")
        return b"inside " + self.comes_to(target.key) + ".".join(target.rest).encode(errors="surrogatepass")

    def following(self, key: Key) -> list[Key]:
        """The symbols that a symbol refers to or is influenced by, in the order of its code."""
        if self._is_same(key.path):
            return []
        if key.name == WHOLE:
            module = self._symbols_of(key.path)
            stars = [star for what in module.stars if (star := self._star(key.path, what).key) is not None]
            return [*(Key(key.path, name) for name in module.symbols), *stars]
        symbol = self.symbol(key)
        if symbol is None:
            return []
        chains = [chain for piece in counting(symbol) for chain in piece.references]
        targets = [self.target(key.path, chain) for chain in chains]
        targets += [self._imported(key.path, what, (), _FARTHEST) for what in symbol.imports]
        found = [target.key for target in targets if target.key is not None]
        if any(word.startswith("own ") for piece in counting(symbol) for word in piece.dynamic):
            found.append(Key(key.path, WHOLE))
        return list(dict.fromkeys([*found, *self._influencing(key)]))

    def imported(self, path: str, what: str) -> Target:
        """What an import in a file leads to; `what` is as symbols say it."""
        return self._imported(path, what, (), _FARTHEST)

    # --- digests

    def _settle(self, circle: list[Key]) -> None:
        """Work out the digests of symbols that refer to each other, those they refer to being known."""
        inside = set(circle)
        own = {key: self._own(key, inside) for key in circle}
        if len(circle) == 1:
            self._digests[circle[0]] = own[circle[0]]
            return
        whole = digest(b"".join(sorted(own.values())))
        for key in circle:
            self._digests[key] = digest(own[key] + whole)

    def _own(self, key: Key, inside: set[Key]) -> bytes:
        """A symbol by its own code and the digests of what it refers to outside its circle."""
        symbol = self.symbol(key)
        if self._is_same(key.path) or (symbol is None and key.name != WHOLE):
            return digest(f"same {key.path} {key.name}".encode(errors="surrogatepass"))
        if symbol is None:
            parts = [f"{part.name} ".encode() + self._part(part, inside) for part in self.following(key)]
            return digest(b"module" + b"\0".join(sorted(parts)))
        words: list[bytes] = []
        for piece in counting(symbol):
            words += [piece.role.encode(), piece.digest]
            words += [self._reference(key.path, chain, inside) for chain in piece.references]
        for what in symbol.imports:
            words.append(self._target_word(self._imported(key.path, what, (), _FARTHEST), inside))
        influences = [self._part(other, inside) for other in self._influencing(key)]
        if any(word.startswith("own ") for piece in counting(symbol) for word in piece.dynamic):
            influences.append(self._part(Key(key.path, WHOLE), inside))
        return digest(b"\0".join([*words, *sorted(influences)]))

    def _reference(self, path: str, chain: Chain, inside: set[Key]) -> bytes:
        return self._target_word(self.target(path, chain), inside)

    def _target_word(self, target: Target, inside: set[Key]) -> bytes:
        if target.key is None:
            return f"outside {target.outside}".encode(errors="surrogatepass")
        return b"inside " + self._part(target.key, inside) + ".".join(target.rest).encode(errors="surrogatepass")

    def _part(self, key: Key, inside: set[Key]) -> bytes:
        if key not in inside:
            return self._digests[key]
        symbol = self.symbol(key)
        return b"circle" + b"".join(piece.digest for piece in (counting(symbol) if symbol is not None else ()))

    # --- what changes a value from elsewhere

    def _influencing(self, key: Key) -> list[Key]:
        if self._influences is None:
            self._influences = {}
            self._influences = self._gather()
        return self._influences.get(key, [])

    def _gather(self) -> dict[Key, list[Key]]:
        """For every value: the functions that change it, and the code that calls those while modules are imported."""
        found: dict[Key, list[Key]] = {}
        changers: dict[Key, set[Key]] = {}
        readers: dict[Key, list[Key]] = {}
        running: list[tuple[Key, list[Key]]] = []
        for key, symbol in self._all():
            runs: list[Key] = []
            for piece in counting(symbol):
                for chain in piece.changed:
                    changed = self.target(key.path, chain).key
                    if changed is not None and changed != key and self._is_value(changed):
                        found.setdefault(changed, []).append(key)
                        changers.setdefault(key, set()).add(changed)
                keys = [
                    target for chain in piece.references if (target := self.target(key.path, chain).key) is not None
                ]
                runs += keys if piece.runs else []
                for target in [] if piece.runs and symbol.kind != "class" else keys:
                    readers.setdefault(target, []).append(key)
            running.append((key, runs))
        reaching = _with_callers(changers, readers)
        for key, runs in running:
            for called in runs:
                for changed in sorted(reaching.get(called, ())):
                    if key != changed and key not in found.setdefault(changed, []):
                        found[changed].append(key)
        return {key: sorted(set(keys)) for key, keys in found.items()}

    def _all(self) -> Iterator[tuple[Key, Symbol]]:
        for path in self._paths:
            for name, symbol in self._symbols_of(path).symbols.items():
                yield Key(path, name), symbol

    def _is_value(self, key: Key) -> bool:
        symbol = self.symbol(key)
        return symbol is not None and symbol.kind in ("value", "class")

    # --- following names

    def _follow(self, path: str, chain: Chain, steps: int) -> Target:
        root, rest = chain[0], chain[1:]
        if root.startswith(LOCAL_IMPORT):
            return self._imported(path, root, rest, steps)
        module = self._symbols_of(path)
        symbol = module.symbols.get(root)
        if symbol is not None:
            if symbol.kind == "import" and not symbol.pieces and len(symbol.imports) == 1 and steps > 0:
                return self._imported(path, symbol.imports[0], rest, steps)
            return Target(Key(path, root), rest)
        for star in module.stars:
            target = self._star(path, star)
            if target.key is None:
                if root not in _BUILTINS:
                    return Target(None, (), ".".join((f"{target.outside}.*", *chain)))
            elif steps > 0 and self._exports(target.key.path, root, steps):
                return self._follow(target.key.path, chain, steps - 1)
        outer = () if root in _BUILTINS else self._outer_stars(path, set())
        return Target(None, (), ".".join((f"{outer[0]}.*" if outer else "builtins", *chain)))

    def _imported(self, path: str, what: str, rest: Chain, steps: int) -> Target:
        """What an import, and attributes taken off it, lead to."""
        _, level, dotted, name = what.split(" ")
        base: str | None = dotted
        if level != "0":
            base = self._finder.relative(path, int(level), dotted or None)
        if base is None or steps <= 0:
            return Target(None, (), ".".join((what, *rest)))
        return self._attributes(path, base, (name, *rest) if name and name != "*" else rest, steps)

    def _attributes(self, importer: str, dotted: str, rest: Chain, steps: int) -> Target:
        """Attributes of a module, submodules among them."""
        found = self._finder.answer(dotted, importer)
        if found == "":
            return Target(None, (), ".".join((dotted, *rest)))
        if not rest:
            return Target(None, (), dotted) if found == "/" else Target(Key(found, WHOLE))
        if found != "/" and self._exports(found, rest[0], steps):
            return self._follow(found, rest, steps - 1)
        inner = f"{dotted}.{rest[0]}"
        if self._finder.answer(inner, importer):
            return self._attributes(importer, inner, rest[1:], steps - 1)
        return Target(None, (), ".".join((dotted, *rest))) if found == "/" else Target(Key(found, rest[0]), rest[1:])

    def _exports(self, path: str, name: str, steps: int) -> bool:
        module = self._symbols_of(path)
        if name in module.symbols:
            return True
        stars = (self._star(path, star).key for star in module.stars) if steps > 0 else ()
        return any(
            star is not None and star.path != path and self._exports(star.path, name, steps - 1) for star in stars
        )

    def _outer_stars(self, path: str, seen: set[str]) -> tuple[str, ...]:
        """The modules outside the project from which everything comes into a file, by way of other files, too."""
        seen.add(path)
        found: list[str] = []
        for star in self._symbols_of(path).stars:
            target = self._star(path, star)
            if target.key is None:
                found.append(target.outside)
            elif target.key.path not in seen:
                found += self._outer_stars(target.key.path, seen)
        return tuple(found)

    def _star(self, path: str, what: str) -> Target:
        return self._imported(path, what, (), _FARTHEST)


def counting(symbol: Symbol) -> list[Piece]:
    """The pieces that what a symbol does depends on: annotations only where a decorator may read them."""
    is_decorated = any(piece.role == "decorator" for piece in symbol.pieces)
    left_out = ("documentation",) if is_decorated else ("documentation", "annotations")
    return [piece for piece in symbol.pieces if piece.role not in left_out]


def _with_callers(changers: dict[Key, set[Key]], readers: dict[Key, list[Key]]) -> dict[Key, set[Key]]:
    """For every function what it changes, itself or through functions that it refers to."""
    reaching = {key: set(changed) for key, changed in changers.items()}
    pending = list(reaching)
    while pending:
        key = pending.pop()
        for reader in readers.get(key, ()):
            before = reaching.setdefault(reader, set())
            if not reaching[key] <= before:
                before |= reaching[key]
                pending.append(reader)
    return reaching


_BUILTINS = frozenset(dir(builtins))
