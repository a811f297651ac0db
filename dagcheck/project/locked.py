"""Which versions of distributions changed between two states of the project, and which imports do they stand behind?

Lock files are looked for in the folder of the project; where it has none in either state, in the nearest folder above it that has
some, up to the top of the repository. They are read at a commit from git's objects, in the working tree from the disk.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Sequence
from stat import S_ISREG

from dagcheck.impact.versions import Versions
from dagcheck.locks.comparison import LockComparison, compared
from dagcheck.locks.reading import FOLDERS, MOST_BYTES, is_lock_file, read_locks
from dagcheck.names.distributions import Distributions
from dagcheck.names.environment import Environment
from dagcheck.project.code import Code
from dagcheck.settings import LockLevel
from dagcheck.source.history import work_tree_top
from dagcheck.source.revisions import WORKING_TREE, names_at, texts_at


def versions_of(
    comparison: LockComparison, environment: Environment | None, level: LockLevel, imported: Iterable[str]
) -> Versions:
    """The changed distributions with the imports that they stand behind; `imported` are all of the project's."""
    folders = () if environment is None else environment.site_packages
    distributions = Distributions(folders, comparison.names)
    requires = comparison.requires if level == "transitive" else {}
    known = distributions.packages_are_known
    return Versions(comparison.changes, requires, distributions.of, known, imported)


def outside_names(code: Code, paths: Iterable[str]) -> dict[str, set[str]]:
    """The names outside the project that each file refers to, as it stands."""
    linker = code.linker(())
    found: dict[str, set[str]] = {}
    for path in paths:
        targets = []
        for symbol in code.symbols(path).symbols.values():
            targets += [linker.target(path, chain) for piece in symbol.pieces for chain in piece.references]
            targets += [linker.imported(path, what) for what in symbol.imports]
        found[path] = {target.outside for target in targets if target.key is None}
    return found


def compare_locks(root: str, base: str, head: str) -> LockComparison:
    """The changes of lock files from `base` to `head`; their paths are told from the project folder `root`."""
    top = work_tree_top(root) or root
    folder = os.path.relpath(root, top).replace(os.sep, "/").removeprefix(".")
    revisions = [base, head]
    while True:
        listed = [_listed(top, revision, folder) for revision in revisions]
        if any(listed) or not folder:
            break
        folder = posixpath.dirname(folder)
    start = os.path.relpath(root, top).replace(os.sep, "/")
    locks = []
    for revision, paths in zip(revisions, listed, strict=True):
        found = read_locks(paths, lambda wanted, revision=revision: _contents(top, revision, wanted))  # type: ignore[misc]
        locks.append([lock._replace(path=posixpath.relpath(lock.path, start)) for lock in found])
    names = ["the working tree" if revision == WORKING_TREE else f"commit {revision[:12]}" for revision in revisions]
    return compared(locks[0], locks[1], names[0], names[1])


def remarks_on(locks: LockComparison, level: LockLevel) -> tuple[str, ...]:
    """What is to be said about lock files that could not be read or compared."""
    files = locks.is_without_requirements
    if level != "transitive" or not files or not locks.changes:
        return locks.remarks
    words = f"{', '.join(files)} {'does' if len(files) == 1 else 'do'} not record what requires what"
    return (*locks.remarks, f"{words}, so of what stands only there, direct imports alone count")


def _listed(top: str, revision: str, folder: str) -> list[str]:
    """The lock files in a folder of the repository."""
    places = [posixpath.join(folder, inner).rstrip("/") for inner in FOLDERS]
    if revision == WORKING_TREE:
        names = [posixpath.join(place, name) for place in places for name in _names(os.path.join(top, place))]
    else:
        names = [name for place in places for name in names_at(top, revision, place)]
    return [name for name in names if is_lock_file(name)]


def _names(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_file())
    except OSError:
        return []


def _contents(top: str, revision: str, paths: Sequence[str]) -> dict[str, bytes]:
    if revision != WORKING_TREE:
        return texts_at(top, revision, paths)
    return dict(_on_disk(top, paths))


def _on_disk(top: str, paths: Iterable[str]) -> Iterable[tuple[str, bytes]]:
    """The beginnings of files that are there: one byte more than is read tells that one is too large.

    A link that leads out of the repository is not followed: what it leads to is nobody's lock file, and would be quoted.
    """
    inside = os.path.join(os.path.realpath(top), "")
    for path in paths:
        full = os.path.join(top, path)
        try:
            if os.path.realpath(full).startswith(inside) and S_ISREG(os.stat(full).st_mode):
                with open(full, "rb") as file:
                    yield path, file.read(MOST_BYTES + 1)
        except (OSError, ValueError):
            continue
