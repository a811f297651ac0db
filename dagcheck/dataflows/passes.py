"""Which dataflows do a project's drivers make, without following again what still holds?

What a file's passes come to (see `dagcheck.dataflows.search`) hangs on the text of the file, on what was read on the way: of files
some function of which was entered the whole text, of others the gist (`dagcheck.dataflows.gists`), on which functions other files had
entered before, and on which functions matter. It is kept with all of these, and holds as long as they are the same. A file
that builds what no row can hold is followed each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from dagcheck.dataflows.discovered import discovered, resolved
from dagcheck.dataflows.exploration import Key
from dagcheck.dataflows.found_rows import SHAPE, UnstorableError, from_row, to_row
from dagcheck.dataflows.gists import gist
from dagcheck.dataflows.scripts import Scripts
from dagcheck.dataflows.search import MOST_STEPS, PASSES, Pass, Script, World
from dagcheck.dataflows.specification import Discovered, Found, Unresolved
from dagcheck.source.digests import digest
from dagcheck.source.facts import Source


class Store(Protocol):
    """What keeps rows from one run to the next."""

    def get(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """The rows of those keys that are known."""

    def put(self, rows: Mapping[str, Any]) -> None:
        """Keep these rows."""


class Texts(NamedTuple):
    """The project's files: the digest of one ("" where it cannot be read), and its text with facts."""

    digest_of: Callable[[str], str]
    source_of: Callable[[str], Source | None]


Read = tuple[str, str, str]
"""A file that was read: its path, its digest, and its gist where that is enough, else ""."""


class Followed(NamedTuple):
    """The dataflows that drivers make, and all files that this hangs on."""

    found: Discovered
    reads: frozenset[Read]


class _Shown(NamedTuple):
    """What a pass came to, as it is kept; `asked` and `called` as in `Pass`, as pairs."""

    found: tuple[Found, ...]
    unresolved: tuple[Unresolved, ...]
    entered: tuple[Key, ...]
    asked: tuple[tuple[Key, bool], ...]
    called: tuple[tuple[str, bool], ...]
    steps: int


def drivers_found(world: World, scripts: Scripts, texts: Texts, store: Store | None, around: str) -> Followed:
    """The dataflows that these scripts make. `around` marks all else that decides: the files there are, Python, packages."""
    marks = _Marks(texts)
    keys = {path: _key(path, texts, scripts, around) for path in scripts.paths}
    rows = store.get(list(keys.values())) if store is not None else {}
    files = [_File(world, path, scripts, marks, rows.get(keys[path])) for path in scripts.paths]
    entered: set[Key] = set()
    shown: list[_Shown] = []
    for number in range(PASSES):
        for file in files:
            made = file.shown(number, entered)
            entered.update(made.entered)
            shown.append(made)
    if store is not None:
        store.put({keys[file.path]: row for file in files if (row := file.row()) is not None})
    found = [one for made in shown for one in made.found]
    unresolved = [one for made in shown for one in made.unresolved]
    reads = frozenset(read for file in files for read in file.reads())
    return Followed(discovered(found, unresolved, texts.source_of), reads)


def hold(reads: Iterable[Read], texts: Texts) -> bool:
    """Are these files as they were, as far as drivers hang on them?"""
    return _Marks(texts).hold(reads)


def _key(path: str, texts: Texts, scripts: Scripts, around: str) -> str:
    lines = ",".join(map(str, sorted(scripts.mattering.get(path, ()))))
    rest = f"{lines}\0{around}\0{SHAPE}"
    return f"{path}\0{texts.digest_of(path)}\0{digest(rest.encode(errors='surrogatepass')).hex()}"


class _Marks:
    """The gists of files. State: those that were asked for."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._gists: dict[str, str] = {}

    def gist(self, path: str) -> str:
        """The gist of a file as it is now, "" where it cannot be read."""
        if path not in self._gists:
            source = self.texts.source_of(path)
            self._gists[path] = "" if source is None else gist(source)
        return self._gists[path]

    def hold(self, reads: Iterable[Read]) -> bool:
        """Are these files as they were?"""
        return all(
            self.texts.digest_of(path) == mark or (gist_ != "" and self.gist(path) == gist_)
            for path, mark, gist_ in reads
        )


class _File:
    """One file, followed or remembered. State: what its passes came to, and the live search where one is needed."""

    def __init__(self, world: World, path: str, scripts: Scripts, marks: _Marks, row: Any) -> None:
        self.path = path
        self._scripts = scripts
        self._marks = marks
        self._kept: list[_Shown] = []
        self._kept_reads: tuple[Read, ...] = ()
        if row is not None and marks.hold(row[0]):
            self._kept_reads = row[0]
            self._kept = [_Shown(*from_row(part)) for part in row[1]]
        self._shown: list[_Shown] = []
        self._reads: set[str] = set()
        self._world = world._replace(read=self._read)
        self._steps = world.steps
        self._script: Script | None = None
        self._is_storable = True

    def shown(self, number: int, entered: set[Key]) -> _Shown:
        """What this pass comes to, after all that was `entered` before."""
        made = self._remembered(number, entered) or self._followed(number, entered.__contains__)
        self._shown.append(made)
        return made

    def row(self) -> Any:
        """What to keep; None where it is kept already, or cannot be."""
        if self._script is None or not self._is_storable:
            return None
        try:
            shown = tuple([to_row(tuple(made)) for made in self._shown])
        except UnstorableError:
            return None
        return (self.reads(), shown)

    def reads(self) -> tuple[Read, ...]:
        """The files that the passes hang on."""
        if self._script is None:
            return self._kept_reads
        whole = {self.path} | {path for made in self._shown for path, _ in made.entered}
        whole |= {path for made in self._shown for (path, _), _ in made.asked}
        whole |= {path for made in self._shown for one in made.found for path in one.spec.temporary_paths}
        texts = self._marks.texts
        return tuple(
            [
                (path, texts.digest_of(path), "" if path in whole else self._marks.gist(path))
                for path in sorted(self._reads | whole)
            ]
        )

    def _remembered(self, number: int, entered: set[Key]) -> _Shown | None:
        if not self._kept or self._script is not None:
            return None
        kept = self._kept[number]
        holds = (
            self._steps[0] + kept.steps <= MOST_STEPS
            and all((key in entered) == known for key, known in kept.asked)
            and all(self._scripts.is_called(name) == known for name, known in kept.called)
        )
        if not holds:
            return None
        self._steps[0] += kept.steps
        return kept

    def _followed(self, number: int, was_entered: Callable[[Key], bool]) -> _Shown:
        if self._script is None:
            self._script = Script(self._world, self.path, self._scripts)
            for earlier, kept in enumerate(self._shown):  # the passes that were remembered left nothing to go on from
                before, self._steps[0] = self._steps[0], 0
                self._script.next_pass(earlier, _as_told(kept))
                self._steps[0] = before
        return self._told(self._script.next_pass(number, was_entered))

    def _told(self, made: Pass) -> _Shown:
        self._is_storable = self._is_storable and made.is_free
        found, unresolved = resolved(made.seen, self._world.modules, self._read)
        asked, called = tuple(sorted(made.asked.items())), tuple(sorted(made.called.items()))
        shown = _Shown(tuple(found), tuple(unresolved), tuple(sorted(made.entered)), asked, called, made.steps)
        with suppress(UnstorableError):  # the same from the first time on as it will be once it is kept
            shown = _Shown(*from_row(to_row(tuple(shown))))
        return shown

    def _read(self, path: str) -> Source | None:
        self._reads.add(path)
        return self._marks.texts.source_of(path)


def _as_told(kept: _Shown) -> Callable[[Key], bool]:
    answers = dict(kept.asked)
    return lambda key: answers.get(key, False)
