"""What do the project's files say while someone is editing them?

`LiveSources` holds texts that stand in editors and not yet on the disk, and keeps what was read until it is told that a file
changed. `Sources` with another view of the same files (`Mended`) puts each text that does not parse back to the last one that did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dagcheck.project.sources import Sources
from dagcheck.source.files import MAXIMUM_BYTES, RawFile, Unreadable, digest_of

if TYPE_CHECKING:
    from dagcheck.source.facts import Source


class LiveSources(Sources):
    """The files of one folder with the texts of open buffers over them. State: what was read, and the buffers."""

    def __init__(self, root: str) -> None:
        super().__init__(root, None, jobs=1)
        self._buffers: dict[str, str] = {}
        self._good: dict[str, tuple[str, Source]] = {}

    def load(self, paths: Sequence[str]) -> None:
        """Nothing: each file is read when it is asked for, and stays read."""

    def put(self, path: str, text: str | None) -> None:
        """Lay a text over a file; None takes it away again."""
        if text is None:
            self._buffers.pop(path, None)
        else:
            if path not in self._good:
                self.source(path)  # the file may parse where the text does not
            self._buffers[path] = text
        self.forget(path)

    def forget(self, path: str) -> None:
        """Read a file again when it is next asked for."""
        self._raw.pop(path, None)
        self._sources.pop(path, None)

    def forget_files(self) -> None:
        """Read all files again but those that stand in buffers."""
        for path in [path for path in self._raw if path not in self._buffers]:
            self.forget(path)

    def forget_except(self, paths: Iterable[str]) -> None:
        """Forget what was read of files that are gone, but those that stand in buffers."""
        kept = {*paths, *self._buffers}
        for path in [path for path in {*self._raw, *self._sources, *self._good} if path not in kept]:
            self.forget(path)
            self._good.pop(path, None)

    def buffer(self, path: str) -> str | None:
        """The text laid over a file."""
        return self._buffers.get(path)

    def good(self, path: str) -> tuple[str, Source] | None:
        """Digest and content of the last text of a file that parsed; None when there was none."""
        self.source(path)
        return self._good.get(path)

    def broken(self) -> list[str]:
        """The files that do not parse now but did before."""
        return [path for path, (digest, _) in self._good.items() if self.digests([path])[path] not in ("", digest)]

    def text(self, path: str) -> str:
        """The text of a file for showing; that of a buffer is text already, whatever encoding it declares."""
        return _plain(self._buffers[path]) if path in self._buffers else super().text(path)

    def _bytes(self, path: str) -> RawFile | Unreadable:
        text = self._buffers.get(path)
        if text is None or path in self._raw:
            return super()._bytes(path)
        data = text.encode("utf-8", "surrogatepass")
        raw: RawFile | Unreadable = RawFile(path, data, digest_of(data))
        if len(data) > MAXIMUM_BYTES:
            raw = Unreadable(path, f"it is larger than {MAXIMUM_BYTES // (1024 * 1024)} MiB")
        self._raw[path] = raw
        return raw

    def _read(self, path: str) -> Source | None:
        from dagcheck.source.facts import Source, module_facts

        text = self._buffers.get(path)
        raw = self._bytes(path)
        if text is None or isinstance(raw, Unreadable):
            source = super()._read(path)
        else:
            plain = _plain(text)
            source = Source(path, plain, module_facts(plain))
        if source is not None and source.facts.fault is None and isinstance(raw, RawFile):
            self._good[path] = (raw.digest, source)
        return source


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class Mended(Sources):
    """The same files, each with its last text that parsed."""

    def __init__(self, live: LiveSources) -> None:
        super().__init__("", None, jobs=1)
        self._live = live

    def load(self, paths: Sequence[str]) -> None:
        """Nothing: the other view reads."""

    def source(self, path: str) -> Source | None:
        """The last text of a file that parsed, else the one that does not."""
        good = self._live.good(path)
        return good[1] if good is not None else self._live.source(path)

    def text(self, path: str) -> str:
        """The text of a file for showing."""
        source = self.source(path)
        return "" if source is None else source.text

    def read_paths(self) -> list[str]:
        """The files whose facts were asked for."""
        return self._live.read_paths()

    def _bytes(self, path: str) -> RawFile | Unreadable:
        good = self._live.good(path)
        return RawFile(path, b"", good[0]) if good is not None else self._live._bytes(path)
