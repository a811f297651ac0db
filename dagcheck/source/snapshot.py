"""Which files did the project have at a revision, and what did they hold?

The same answers that `dagcheck.source.listing` and `dagcheck.source.files` give about the disk, from one commit.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from dagcheck.settings.folder import PROJECT_FILE, SETTINGS_FILE, mentions_settings
from dagcheck.settings.globs import matcher
from dagcheck.source.files import MAXIMUM_BYTES, RawFile, Unreadable, digest_of
from dagcheck.source.listing import FileListing
from dagcheck.source.revisions import Entry, contents, files_at, is_link

_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta/history")


class Snapshot:
    """The project folder `root` at a commit. State: which contents were fetched so far."""

    def __init__(self, root: str, commit: str) -> None:
        self.commit = commit
        self._entries = {entry.path: entry for entry in files_at(root, commit)}
        self._held: dict[str, bytes] = {}

    def settings(self) -> tuple[str, bytes] | None:
        """The name and content of the file that holds the settings."""
        if SETTINGS_FILE in self._entries:
            return SETTINGS_FILE, self._bytes([SETTINGS_FILE])[SETTINGS_FILE]
        content = self._bytes([PROJECT_FILE]).get(PROJECT_FILE, b"")
        return (PROJECT_FILE, content) if mentions_settings(content) else None

    def listing(self, exclude: Sequence[str]) -> FileListing:
        """The Python files that no pattern of `exclude` covers."""
        excluded = matcher(exclude)
        foreign = self._environments()
        kept = [
            entry
            for path, entry in self._entries.items()
            if path.endswith(".py") and not excluded(path) and not path.startswith(foreign)
        ]
        files = {entry.path for entry in kept if not is_link(entry)}
        return FileListing(tuple(sorted(files)), tuple(self._links([entry for entry in kept if is_link(entry)], files)))

    def blobs(self) -> dict[str, str]:
        """What git calls the contents of each file."""
        return {path: entry.blob for path, entry in self._entries.items()}

    def fetch(self, paths: Iterable[str]) -> None:
        """Get the contents of these files at once."""
        self._bytes(paths)

    def read(self, path: str) -> RawFile | Unreadable:
        """The bytes of a file."""
        data = self._bytes([path]).get(path)
        if data is None:
            return Unreadable(path, "it is not there")
        if len(data) > MAXIMUM_BYTES:
            return Unreadable(path, f"it is larger than {MAXIMUM_BYTES // (1024 * 1024)} MiB")
        return RawFile(path, data, digest_of(data))

    def _bytes(self, paths: Iterable[str]) -> dict[str, bytes]:
        wanted = [path for path in paths if path in self._entries]
        missing = [self._entries[path] for path in wanted if path not in self._held]
        self._held.update(contents(missing) if missing else {})
        return {path: self._held[path] for path in wanted}

    def _environments(self) -> tuple[str, ...]:
        """The folders of virtual environments."""
        ends = [f"/{end}" for end in _ENVIRONMENTS]
        return tuple(f"{path.removesuffix(end)}/" for path in self._entries for end in ends if path.endswith(end))

    def _links(self, links: list[Entry], files: set[str]) -> list[tuple[str, str]]:
        """Links and the listed files that they lead to."""
        found = self._bytes(entry.path for entry in links)
        pairs = []
        for path, content in found.items():
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), content.decode(errors="replace")))
            if target in files:
                pairs.append((path, target))
        return pairs
