"""Which distributions are locked in another version than before?

A file is compared with itself; a distribution that moved from one file to another, and all of a file that took the place of
another, with what all files together say. Where only one side has something to compare, that is told, not taken for a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dagcheck.locks.lock import Lock

_MOST_REMARKS = 5


class VersionChange(NamedTuple):
    """A distribution with its versions before and after, and the files that say so; no version: it was not there."""

    distribution: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def words(self) -> str:
        """`pandas 2.1.0 -> 2.2.0 (uv.lock)`."""
        return f"{self.distribution} {_said(self.before)} -> {_said(self.after)} ({', '.join(self.files)})"

    @property
    def is_likely(self) -> bool:
        """Is one of the versions not known, so that it may be the same?"""
        return not any(self.before) or not any(self.after)


class LockComparison(NamedTuple):
    """What changed between two states of the lock files.

    `names` are all distributions that are locked, `requires` what each requires now, `remarks` are lines about what could not
    be read or compared; with a `fault` some change may have been missed.
    """

    changes: Mapping[str, VersionChange]
    names: frozenset[str]
    requires: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...] = ()
    is_complete: bool = True
    is_without_requirements: tuple[str, ...] = ()


def compared(before: Sequence[Lock], after: Sequence[Lock], base: str, head: str) -> LockComparison:
    """The changes from the locks of `base` to those of `head`."""
    old = {lock.path: lock for lock in before if not lock.fault}
    new = {lock.path: lock for lock in after if not lock.fault}
    faulty = {lock.path for lock in (*before, *after) if lock.fault}
    remarks = [*_remarks(before, base), *(line for line in _remarks(after, head))]
    read = [path for path in sorted({*old, *new}) if path not in faulty]
    changes: dict[str, VersionChange] = {}
    unknown: dict[str, None] = {}
    for name in sorted({name for path in read for side in (old, new) for name in _versions(side, path)}):
        change, alone = _change(name, read, old, new)
        if change is not None:
            changes[name] = change
        unknown.update(dict.fromkeys(alone))
    for path in unknown:
        side = head if path in old else base
        remarks.append(f"{path} is not there at {side}, so versions that only it has are not compared")
    if not old and not new and not faulty:
        remarks.append("no lock file was found, so no versions are compared")
    known = [side[path] for path in read for side in (old, new) if path in side]
    return LockComparison(
        changes,
        frozenset(name for lock in known for name in lock.versions),
        _requires(known),
        tuple(dict.fromkeys(remarks)),
        not faulty and not unknown and not any(lock.remarks for lock in known),
        tuple(sorted({lock.path for lock in known if lock.requires is None})),
    )


def _change(
    name: str, paths: Iterable[str], old: Mapping[str, Lock], new: Mapping[str, Lock]
) -> tuple[VersionChange | None, list[str]]:
    """How a distribution changed, and the files that have nothing on the other side to compare it with."""
    sides = [(path, _versions(old, path).get(name, ()), _versions(new, path).get(name, ())) for path in paths]
    both = [row for row in sides if row[1] and row[2] and row[1] != row[2]]
    if not both:
        earlier = tuple(sorted({version for _, versions, _ in sides for version in versions}))
        later = tuple(sorted({version for _, _, versions in sides for version in versions}))
        if earlier == later:
            return None, []
        alone = [path for path, was, now in sides if (was or now) and not (path in old and path in new)]
        if any(_is_unread(old, path, was) or _is_unread(new, path, now) for path, was, now in sides):
            return None, []  # it may stand in a line that could not be read, which is told
        if alone and not (earlier and later):
            return None, alone
        both = [(path, earlier, later) for path, was, now in sides if was != now]
    earlier = tuple(sorted({version for row in both for version in row[1]}))
    later = tuple(sorted({version for row in both for version in row[2]}))
    is_known = any(earlier) or any(later)
    change = VersionChange(name, earlier, later, tuple(path for path, _, _ in both))
    return (change if is_known else None), []


def _is_unread(side: Mapping[str, Lock], path: str, versions: tuple[str, ...]) -> bool:
    return not versions and path in side and bool(side[path].remarks)


def _versions(side: Mapping[str, Lock], path: str) -> Mapping[str, tuple[str, ...]]:
    return side[path].versions if path in side else {}


def _requires(locks: Iterable[Lock]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for lock in locks:
        for name, others in (lock.requires or {}).items():
            found.setdefault(name, {}).update(dict.fromkeys(others))
    return {name: tuple(others) for name, others in found.items()}


def _remarks(locks: Iterable[Lock], revision: str) -> Iterable[str]:
    for lock in locks:
        if lock.fault:
            yield f"{lock.path} at {revision} cannot be read, so its versions are not compared: {lock.fault}"
        for line, words in lock.remarks[:_MOST_REMARKS]:
            yield f"{lock.path}{f':{line}' if line else ''} at {revision}: {words}"
        if len(lock.remarks) > _MOST_REMARKS:
            yield f"{lock.path} at {revision}: and {len(lock.remarks) - _MOST_REMARKS} more such lines"


def _said(versions: tuple[str, ...]) -> str:
    shown = [version or "not pinned" for version in versions[:4]]
    return ", ".join([*shown, *(["..."] if len(versions) > 4 else [])]) or "not there"
