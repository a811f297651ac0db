"""What do the project's files say, and what was known of them before?

`Sources` reads each file once, hands out its text and facts, and asks the cache for the facts of texts that were read in an
earlier run. It remembers which files could not be read, and which facts are new and worth keeping.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dagcheck.source.cache import Cache
from dagcheck.source.files import RawFile, Unreadable, decode_file, read_raw

if TYPE_CHECKING:  # a run whose verdict is known reads no facts, and must not import the parser
    from dagcheck.source.facts import Source


class Sources:
    """The files of one project folder. State: what was read so far. `jobs` processes share the reading (None: choose)."""

    def __init__(
        self,
        root: str,
        cache: Cache | None,
        jobs: int | None = None,
        read: Callable[[str], RawFile | Unreadable] | None = None,
    ) -> None:
        """`read` gives the bytes of files that are not those on the disk."""
        self._jobs = jobs
        self._root = root
        self._read_bytes = read
        self._digests: dict[str, str] = {}
        self._cache = cache
        self._raw: dict[str, RawFile | Unreadable] = {}
        self._sources: dict[str, Source | None] = {}
        self._rows: dict[str, tuple[object, ...]] = {}
        self._fresh: dict[str, tuple[object, ...]] = {}

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """The digest of each file, "" for one that cannot be read."""
        known = self._digests
        return {path: known[path] if path in known else self._digest(path) for path in paths}

    def trust(self, digests: Mapping[str, str]) -> None:
        """Take the digests of files that were read earlier, so that they need not be read for them again."""
        self._digests.update(digests)

    def load(self, paths: Sequence[str]) -> None:
        """Get the facts of these files: from the cache, and the others from their texts, all at once."""
        from dagcheck.project.workers import rows_of

        if self._cache is not None:
            digests = [digest for digest in self.digests(paths).values() if digest]
            self._rows.update(self._cache.get("facts", digests))
        fresh = [
            raw for path in paths if isinstance(raw := self._bytes(path), RawFile) and raw.digest not in self._rows
        ]
        files = [file for raw in fresh if (file := decode_file(raw)).fault is None]
        for file, row in zip(files, rows_of([file.text for file in files], self._jobs), strict=True):
            if row is not None:
                self._rows[file.digest] = row
                self._fresh[file.digest] = row

    def source(self, path: str) -> Source | None:
        """The text and facts of a file; None when it cannot be read."""
        if path not in self._sources:
            self._sources[path] = self._read(path)
        return self._sources[path]

    def read_paths(self) -> list[str]:
        """The files whose facts were asked for, sorted."""
        return sorted(path for path, source in self._sources.items() if source is not None)

    def unreadable(self) -> list[Unreadable]:
        """The files that could not be read, sorted."""
        return sorted(raw for raw in self._raw.values() if isinstance(raw, Unreadable))

    def has(self, path: str, mark: bytes) -> bool:
        """Does a file contain these bytes?"""
        raw = self._bytes(path)
        return isinstance(raw, RawFile) and mark in raw.data

    def any_has(self, mark: bytes) -> bool:
        """Does any file that was loaded contain these bytes?"""
        return any(isinstance(raw, RawFile) and mark in raw.data for raw in self._raw.values())

    def text(self, path: str) -> str:
        """The text of a file for showing, "" when it cannot be read."""
        known = self._sources.get(path)
        if known is not None:
            return known.text
        raw = self._bytes(path)
        return decode_file(raw).text if isinstance(raw, RawFile) else ""

    def keep(self) -> None:
        """Give the facts that are new to the cache."""
        if self._cache is not None and self._fresh:
            self._cache.put("facts", self._fresh)
            self._fresh = {}

    def _digest(self, path: str) -> str:
        raw = self._bytes(path)
        return raw.digest if isinstance(raw, RawFile) else ""

    def _bytes(self, path: str) -> RawFile | Unreadable:
        known = self._raw.get(path)
        if known is None:
            elsewhere = self._read_bytes is None or os.path.isabs(path)
            known = read_raw(self._root, path) if elsewhere or self._read_bytes is None else self._read_bytes(path)
            self._raw[path] = known
        return known

    def _read(self, path: str) -> Source | None:
        from dagcheck.source.facts import ModuleFacts, Source, from_row, module_facts, to_row

        raw = self._bytes(path)
        if isinstance(raw, Unreadable):
            return None
        file = decode_file(raw)
        row = self._rows.get(raw.digest)
        if row is not None:
            return Source(path, file.text, from_row(row))
        if file.fault is not None:
            return Source(path, file.text, ModuleFacts((), frozenset(), None, False, file.fault))
        facts = module_facts(file.text)
        if self._cache is not None:
            self._fresh[raw.digest] = to_row(facts)
        return Source(path, file.text, facts)
