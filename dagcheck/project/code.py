"""What does the code of one state of the project reach, and in which files is it the same as in another?

`Code` joins texts, imports and symbols of a state. `same_files` tells the files that, with all that they import at any
distance, did not change: whatever is made of them alone did not change either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from dagcheck.evaluation.program import Program
from dagcheck.names.linking import Linker
from dagcheck.names.modules import ModuleIndex
from dagcheck.project.sources import Sources
from dagcheck.source.cache import Cache
from dagcheck.source.symbols import NOTHING, SCHEMA, ModuleSymbols, from_row, module_symbols, to_row

_CHUNK = 500


class Links(NamedTuple):
    """What a file imports anywhere in it; `is_dynamic`: it imports modules by names that are not known."""

    imported: tuple[str, ...]
    is_dynamic: bool


class Code:
    """The code of one state of the project. State: what was read so far."""

    def __init__(
        self,
        program: Program,
        index: ModuleIndex,
        sources: Sources,
        cache: Cache | None,
        twin: Code | None = None,
    ) -> None:
        """`twin` is another state with the same files in the same places: the same texts import the same there."""
        self.program = program
        self._twin = twin
        self._index = index
        self._sources = sources
        self._cache = cache
        self._symbols: dict[str, ModuleSymbols] = {}
        self._fresh: dict[str, tuple[object, ...]] = {}
        self._links: dict[str, Links] = {}
        self._imports: dict[str, tuple[str, ...]] = {}

    def digest(self, path: str) -> str:
        """What identifies the text of a file; "" for one that cannot be read."""
        return self._sources.digests([path])[path]

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """What identifies the texts of files."""
        return self._sources.digests(paths)

    def symbols(self, path: str) -> ModuleSymbols:
        """The symbols of a file."""
        if path not in self._symbols:
            self.load([path])
        return self._symbols[path]

    def load(self, paths: Iterable[str]) -> None:
        """Get the symbols of these files at once: from the cache, and the others from their texts."""
        wanted = [path for path in dict.fromkeys(paths) if path not in self._symbols]
        keys = {path: f"symbols {SCHEMA} {self.digest(path)}" for path in wanted}
        known = self._kept(keys.values(), from_row)
        for path in wanted:
            symbols = known.get(keys[path])
            if symbols is None:
                text = self._sources.text(path) if self.digest(path) else ""
                symbols = module_symbols(text) if text else NOTHING
                self._remember(keys[path], symbols, to_row(symbols))
            self._symbols[path] = symbols

    def load_links(self, paths: Iterable[str]) -> None:
        """Get at once what these files import, and whether they look modules up while they run."""
        wanted = [path for path in dict.fromkeys(paths) if path not in self._links]
        keys = {path: f"links {SCHEMA} {self.digest(path)}" for path in wanted}
        known = self._kept(keys.values(), _links_from)
        self.load(path for path in wanted if keys[path] not in known)
        for path in wanted:
            links = known.get(keys[path])
            if links is None:
                links = _links_of(self._symbols[path])
                self._remember(keys[path], links, tuple(links))
            self._links[path] = links

    def links(self, path: str) -> Links:
        """What a file imports, and whether it looks modules up while it runs."""
        self.load_links([path])
        return self._links[path]

    def _kept(self, keys: Iterable[str], made_of: Callable[[Any], Any]) -> dict[str, Any]:
        """What was made of texts before, in this process or an earlier one."""
        wanted = list(dict.fromkeys(keys))
        memory = self._cache.memory if self._cache is not None else None
        found = {key: memory[key] for key in wanted if key in memory} if memory is not None else {}
        rest = [key for key in wanted if key not in found]
        rows = {} if self._cache is None else self._cache.get("facts", rest)
        made = {key: made_of(row) for key, row in rows.items()}
        if memory is not None:
            memory.update(made)
        return {**found, **made}

    def _remember(self, key: str, value: object, row: tuple[object, ...]) -> None:
        self._fresh[key] = row
        if self._cache is not None and self._cache.memory is not None:
            self._cache.memory[key] = value

    def keep(self) -> None:
        """Give the symbols that are new to the cache."""
        if self._cache is not None and self._fresh:
            self._cache.put("facts", self._fresh)
            self._fresh = {}

    def linker(self, paths: Iterable[str], is_same: Callable[[str], bool] = lambda path: False) -> Linker:
        """A linker over this state."""
        return Linker(self.symbols, self, paths, is_same)

    def imports(self, path: str) -> tuple[str, ...]:
        """The project's files that a file imports anywhere, packages on the way included; "" for what is not there."""
        known = self._imports.get(path)
        if known is None:
            twin = self._twin
            if twin is not None and twin.digest(path) == self.digest(path):
                known = twin.imports(path)
            else:
                known = tuple(sorted(set(self._imported(path))))
            self._imports[path] = known
        return known

    def closure(self, paths: Iterable[str]) -> list[str]:
        """These files and all that they import, at any distance."""
        found = dict.fromkeys(paths)
        layer = list(found)
        while layer:
            if self._twin is None:
                self.load_links(layer)
            further = dict.fromkeys(answer for path in layer for answer in self.imports(path) if answer not in found)
            layer = list(further)
            found.update(further)
        return list(found)

    def importing(self, paths: Iterable[str], wanted: Collection[str]) -> set[str]:
        """Those of the files that are `wanted`, or import one that is, at any distance."""
        importers: dict[str, list[str]] = {}
        for path in paths if wanted else ():
            for answer in self.imports(path):
                importers.setdefault(answer, []).append(path)
        found, pending = set(wanted), list(wanted)
        while pending:
            fresh = [path for path in importers.get(pending.pop(), ()) if path not in found]
            found.update(fresh)
            pending += fresh
        return found

    # --- what a `Finder` offers

    def answer(self, dotted: str, importer: str) -> str:
        """The path of a project module, "/" for a namespace package, "" for what is outside the project."""
        return self.program.answer(dotted, importer)

    def relative(self, importer: str, level: int, module: str | None) -> str | None:
        """The absolute name that a relative import means."""
        return self._index.relative(importer, level, module)

    def _imported(self, path: str) -> Iterator[str]:
        for what in self.links(path).imported:
            _, level, dotted, name = what.split(" ")
            base: str | None = dotted
            if level != "0":
                base = self.relative(path, int(level), dotted or None)
            parts = base.split(".") if base else []
            names = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
            if base and name and name != "*":
                names.append(f"{base}.{name}")
            yield from (answer for name in names if (answer := self.answer(name, path)).endswith(".py"))


def same_files(
    before: Code, after: Code, paths: Iterable[str], *, same_layout: bool = False, others: Collection[str] = ()
) -> frozenset[str]:
    """Those of the files that are the same in both states, with all that they import.

    `same_layout`: both states have the same files in the same places, so that the same imports find the same files. `others`
    are files that do not count as the same, whatever they hold.
    """
    importers: dict[str, list[str]] = {}
    changed: list[str] = []
    every = list(dict.fromkeys(paths))
    for path in every:
        imports = after.imports(path)
        is_same = path not in others and before.digest(path) == after.digest(path) != ""
        if not is_same or (not same_layout and before.imports(path) != imports):
            changed.append(path)
        for answer in imports:
            importers.setdefault(answer, []).append(path)
    touched = set(changed)
    while changed:
        for importer in importers.get(changed.pop(), ()):
            if importer not in touched:
                touched.add(importer)
                changed.append(importer)
    return frozenset(every) - touched


def _links_of(symbols: ModuleSymbols) -> Links:
    words = (word for symbol in symbols.symbols.values() for piece in symbol.pieces for word in piece.dynamic)
    return Links(symbols.imported, any(word.startswith("any ") for word in words))


def _links_from(row: tuple[Any, ...]) -> Links:
    return Links(*row)
