"""What was already worked out? The only door to SQLite.

Terms: *facts* are kept by the digest of a text, *outlines* of installed packages' texts by path, time and size, *units* and
*drivers* by what they were read from, *runs* by all that a whole run read. All but runs are rows, read in bulk; a run's verdict is
a file of its own, so that a run in which nothing changed opens one small file instead of a database (importing `sqlite3` takes 11 ms, opening and asking 1 ms more).

A cache only ever saves time. A missing, damaged, locked, full or read-only cache behaves like an empty one: nothing here
raises, and what is not exactly as it was stored is not given back. Every key is joined with dagcheck's version, the
interpreter's and a schema number. One `Cache` belongs to one process.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from dagcheck.source.cache_folder import existing_folder, made_folder, read_entry, seal, unseal, write_entry
from dagcheck.source.digests import digest

if TYPE_CHECKING:
    from sqlite3 import Connection

Kind = Literal["drivers", "facts", "outlines", "units", "runs"]
Key = TypeVar("Key", str, bytes)

MAXIMUM_BYTES = 256 * 1024 * 1024
KEPT_DAYS = 30
KEPT_RUNS = 64

_FILE = "rows.sqlite"
_LAYOUT = 1
_REFRESH_DAYS = 7
_CHUNK = 500
_SECONDS_PER_DAY = 86_400


class Cache:
    """The cache in `cache_dir`, which is made on the first `put`. `close` it when the run is over."""

    def __init__(self, cache_dir: str, *, version: str, schema: int, today: int | None = None) -> None:
        """`today` counts days since 1970 and is for tests."""
        self._cache_dir = cache_dir
        self._made_by = f"{version} {sys.implementation.cache_tag} {schema}"
        self._today = int(time.time() // _SECONDS_PER_DAY) if today is None else today
        self._connection: Connection | None = None
        self._gave_up = False
        self._repaired = False
        self._stale: list[bytes] = []
        self.memory: dict[str | bytes, Any] | None = None
        """What was made of entries in this process, where two runs share it."""

    def share(self, other: Cache) -> None:
        """Let both caches of one process remember together what is made of their entries."""
        if other.memory is None:
            other.memory = {}
        self.memory = other.memory

    def get(self, kind: Kind, keys: Sequence[Key]) -> dict[Key, Any]:
        """The values of those keys that are known."""
        folder = existing_folder(self._cache_dir) if keys else None
        if folder is None:
            return {}
        full = dict(zip(self._full_keys(kind, keys), keys, strict=True))
        found: Iterable[tuple[bytes, Any]]
        if kind == "runs":
            found = [(key, read_entry(os.path.join(folder, kind), key)) for key in full]
        else:
            found = self._select(folder, list(full))
        values = ((full[key], unseal(key, stored)) for key, stored in found if key in full)
        return {key: value[0] for key, value in values if value is not None}

    def put(self, kind: Kind, items: Mapping[Key, Any]) -> None:
        """Keep values of plain data; those that `marshal` does not take are passed over."""
        folder = made_folder(self._cache_dir) if items else None
        if folder is None:
            return
        full = zip(self._full_keys(kind, items), items.values(), strict=True)
        sealed = [(key, stored) for key, value in full if (stored := seal(key, value)) is not None]
        if kind == "runs":
            for key, stored in sealed:
                write_entry(os.path.join(folder, kind), key, stored, KEPT_RUNS)
        else:
            rows = [(key, stored, self._today) for key, stored in sealed]
            self._change(folder, "INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Remember what was used lately, and let go of the database."""
        folder = existing_folder(self._cache_dir) if self._stale else None
        if folder is not None:
            self._change(
                folder, "UPDATE entries SET day = ? WHERE key = ?", [(self._today, key) for key in self._stale]
            )
        self._stale.clear()
        self._disconnect()

    def _full_keys(self, kind: Kind, keys: Iterable[str | bytes]) -> list[bytes]:
        prefix = digest(f"{kind} {self._made_by}".encode(), size=8)
        return [prefix + (key if isinstance(key, bytes) else key.encode(errors="surrogatepass")) for key in keys]

    def _select(self, folder: str, keys: list[bytes]) -> list[tuple[bytes, bytes]]:
        """The rows as they are stored, not yet believed."""
        rows: list[tuple[bytes, bytes, int]] = []

        def select(connection: Connection) -> None:
            for start in range(0, len(keys), _CHUNK):
                chunk = keys[start : start + _CHUNK]
                marks = ",".join("?" * len(chunk))
                statement = f"SELECT key, payload, abs(? - day) >= ? FROM entries WHERE key IN ({marks})"  # noqa: S608
                rows.extend(connection.execute(statement, [self._today, _REFRESH_DAYS, *chunk]))

        if os.path.exists(os.path.join(folder, _FILE)):
            self._attempt(folder, select)
        self._stale.extend(key for key, _, is_stale in rows if is_stale)
        return [(key, payload) for key, payload, _ in rows]

    def _change(self, folder: str, statement: str, rows: list[tuple[Any, ...]]) -> None:
        def change(connection: Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, rows)
            pruned = self._prune(connection)
            connection.execute("COMMIT")
            if pruned:
                connection.execute("VACUUM")

        if rows:
            self._attempt(folder, change)

    def _prune(self, connection: Connection) -> bool:
        """Once a day, drop what was not used for long, and everything when that leaves too much."""
        [(last,)] = connection.execute("SELECT day FROM pruned")
        if last == self._today:
            return False
        connection.execute("UPDATE pruned SET day = ?", (self._today,))
        dropped = connection.execute("DELETE FROM entries WHERE day < ?", (self._today - KEPT_DAYS,)).rowcount
        if _size(connection) > MAXIMUM_BYTES:
            dropped += connection.execute("DELETE FROM entries").rowcount
        return dropped > 0

    def _attempt(self, folder: str, action: Callable[[Connection], None]) -> None:
        """Do something with the database. A damaged one is removed, once; after any other failure it is left alone."""
        if self._gave_up:
            return
        try:
            import sqlite3
        except ImportError:  # an interpreter built without it
            self._gave_up = True
            return
        path = os.path.join(folder, _FILE)
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
                _prepare(self._connection)
            action(self._connection)
        except (sqlite3.Error, OSError, ValueError) as error:
            self._disconnect()
            if _is_damage(error):
                _discard(path)
            self._gave_up = self._repaired or not _is_damage(error)
            self._repaired = True

    def _disconnect(self) -> None:
        """Close the database; what was not committed is rolled back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _prepare(connection: Connection) -> None:
    """Make the tables of a new database. A database of another layout counts as damaged."""
    from sqlite3 import DatabaseError

    connection.execute("PRAGMA synchronous = OFF")  # damage after a power failure is noticed, and costs one slow run
    [(layout,)] = connection.execute("PRAGMA user_version")
    if layout == _LAYOUT:
        return
    if layout:
        raise DatabaseError(f"layout {layout}")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, payload BLOB, day INTEGER)")
    connection.execute("CREATE TABLE IF NOT EXISTS pruned (day INTEGER)")
    connection.execute("INSERT INTO pruned SELECT 0 WHERE NOT EXISTS (SELECT * FROM pruned)")
    connection.execute(f"PRAGMA user_version = {_LAYOUT}")
    connection.execute("COMMIT")


def _size(connection: Connection) -> int:
    """The bytes in use."""
    [(pages,)] = connection.execute("PRAGMA page_count")
    [(free,)] = connection.execute("PRAGMA freelist_count")
    [(size,)] = connection.execute("PRAGMA page_size")
    return int(pages - free) * int(size)


def _is_damage(error: Exception) -> bool:
    """Whether the database itself is at fault, not a lock, the disk, or the right to write."""
    from sqlite3 import OperationalError

    missing = str(error).startswith("no such")  # a table or column
    return missing or not isinstance(error, (OperationalError, OSError))


def _discard(path: str) -> None:
    for name in (path, f"{path}-journal"):
        with suppress(OSError):
            os.unlink(name)
