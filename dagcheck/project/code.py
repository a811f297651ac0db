"""What does the code of one state of the project reach, and in which files is it the same as in another?

`Code` joins texts, imports and symbols of a state. `same_files` tells the files that, with all that they import at any
distance, did not change: whatever is made of them alone did not change either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dagcheck.evaluation.program import Program
from dagcheck.names.linking import Linker
from dagcheck.names.modules import ModuleIndex
from dagcheck.project.sources import Sources
from dagcheck.source.cache import Cache
from dagcheck.source.symbols import NOTHING, SCHEMA, ModuleSymbols, from_row, module_symbols, to_row

_CHUNK = 500


class Code:
    """The code of one state of the project. State: what was read so far."""

    def __init__(self, program: Program, index: ModuleIndex, sources: Sources, cache: Cache | None) -> None:
        self.program = program
        self._index = index
        self._sources = sources
        self._cache = cache
        self._symbols: dict[str, ModuleSymbols] = {}
        self._fresh: dict[str, tuple[object, ...]] = {}
        self._imports: dict[str, tuple[str, ...]] = {}

    def digest(self, path: str) -> str:
        """What identifies the text of a file; "" for one that cannot be read."""
        return self._sources.digests([path])[path]

    def symbols(self, path: str) -> ModuleSymbols:
        """The symbols of a file."""
        if path not in self._symbols:
            self.load([path])
        return self._symbols[path]

    def load(self, paths: Iterable[str]) -> None:
        """Get the symbols of these files at once: from the cache, and the others from their texts."""
        wanted = [path for path in dict.fromkeys(paths) if path not in self._symbols]
        keys = {path: f"symbols {SCHEMA} {self.digest(path)}" for path in wanted}
        known = {} if self._cache is None else self._cache.get("facts", list(dict.fromkeys(keys.values())))
        for path in wanted:
            row = known.get(keys[path])
            if row is not None:
                self._symbols[path] = from_row(row)
                continue
            text = self._sources.text(path) if self.digest(path) else ""
            self._symbols[path] = module_symbols(text) if text else NOTHING
            self._fresh[keys[path]] = to_row(self._symbols[path])

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
            known = self._imports[path] = tuple(sorted(set(self._imported(path))))
        return known

    def closure(self, paths: Iterable[str]) -> list[str]:
        """These files and all that they import, at any distance."""
        found = dict.fromkeys(paths)
        layer = list(found)
        while layer:
            self.load(layer)
            further = dict.fromkeys(answer for path in layer for answer in self.imports(path) if answer not in found)
            layer = list(further)
            found.update(further)
        return list(found)

    # --- what a `Finder` offers

    def answer(self, dotted: str, importer: str) -> str:
        """The path of a project module, "/" for a namespace package, "" for what is outside the project."""
        return self.program.answer(dotted, importer)

    def relative(self, importer: str, level: int, module: str | None) -> str | None:
        """The absolute name that a relative import means."""
        return self._index.relative(importer, level, module)

    def _imported(self, path: str) -> Iterator[str]:
        for what in self.symbols(path).imported:
            _, level, dotted, name = what.split(" ")
            base: str | None = dotted
            if level != "0":
                base = self.relative(path, int(level), dotted or None)
            parts = base.split(".") if base else []
            names = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
            if base and name and name != "*":
                names.append(f"{base}.{name}")
            yield from (answer for name in names if (answer := self.answer(name, path)).endswith(".py"))


def same_files(before: Code, after: Code, paths: Iterable[str]) -> frozenset[str]:
    """Those of the files that are the same in both states, with all that they import."""
    importers: dict[str, list[str]] = {}
    changed: list[str] = []
    every = list(dict.fromkeys(paths))
    for path in every:
        imports = after.imports(path)
        if before.digest(path) != after.digest(path) or not after.digest(path) or before.imports(path) != imports:
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
