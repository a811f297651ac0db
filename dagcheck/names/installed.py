"""Which file is meant by a module of an installed package, and what does it bind?

Packages lie in the folders of an environment (see `dagcheck.names.environment`), in folders that a `.pth` file there adds, or
where an editable installation maps them. A module has up to two texts: the one that runs, and a stub, beside it or in a
package called `<name>-stubs`; a compiled one has only the stub. Texts are read when they are asked for, and their outlines
kept by path, time of change and size. Nothing is imported.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from dagcheck.bounded import Bounded
from dagcheck.names.outlines import EMPTY, Outline, from_row, outline

LARGEST = 4_000_000
"""Bytes of a text above which it is not read."""

_MAPPING = re.compile(r"^MAPPING(?:: [^=]+)? = (\{.*\})$", re.MULTILINE)
_HARMLESS = re.compile(r"distutils-precedence|_virtualenv|__editable__|coverage|a1_coverage|pytest-cov|sitecustomize")
"""The `.pth` files that run code and bring no package which is not followed here."""
_VERSION = re.compile(r"(.+?)-([^-]+)\.(?:dist|egg)-info$")


class Store(Protocol):
    """What remembers outlines from run to run: `dagcheck.source.cache.Cache`."""

    def get(self, kind: Any, keys: Any) -> dict[str, Any]:
        """The values of those keys that are known."""

    def put(self, kind: Any, items: Any) -> None:
        """Keep values."""


class ModuleText(NamedTuple):
    """A text of a module: its path, whether it is a package's, whether it is a stub or as good as one."""

    path: str
    is_package: bool
    is_stub: bool


class Installed:
    """The packages in some folders. State: what was looked at and read so far."""

    def __init__(self, folders: tuple[str, ...], python: tuple[int, int], store: Store | None = None) -> None:
        self._folders = folders
        self._python = python
        self._store = store
        self._entries: Bounded[str, tuple[str, ...]] = Bounded()
        self._mapped: dict[str, str] | None = None
        self._other_ways: bool | None = None
        self._versions: dict[str, str] | None = None
        self._texts: Bounded[str, tuple[ModuleText | None, ModuleText | None]] = Bounded()
        self._outlines: dict[str, Outline] = {}
        self._read_texts: dict[str, str] = {}
        self._marks: dict[str, tuple[int, int]] = {}
        self._fresh: dict[str, Any] = {}

    def has(self, root: str) -> bool:
        """Whether a top-level package or module of this name is installed, its stubs alone included."""
        return any(self.texts(root)) or self._is_namespace(root)

    def exists(self, module: str) -> bool:
        """Whether there is a module or a package of this name, be it one without a text."""
        if any(self.texts(module)) or self._is_namespace(module):
            return True
        above, _, name = module.replace(".", "/").rpartition("/")
        return any(self._is_compiled(os.path.join(folder, above), name) for folder in self._search_path())

    def lacks(self, root: str) -> bool:
        """Whether a top-level name is certainly not installed: nothing may bring packages in a way that is not followed."""
        return not self._has_other_ways() and not self.exists(root) and root not in self._editable()

    def texts(self, module: str) -> tuple[ModuleText | None, ModuleText | None]:
        """The text that runs, and the stub."""
        if module not in self._texts:
            self._texts[module] = self._find(module, "py"), self._find(module, "pyi")
        return self._texts[module]

    def outline(self, text: ModuleText | None) -> Outline:
        """What a text binds; nothing where there is none, or none that can be read."""
        if text is None:
            return EMPTY
        if text.path not in self._outlines:
            self._outlines[text.path] = self._read(text)
        return self._outlines[text.path]

    def may_bind(self, text: ModuleText | None, name: str) -> bool:
        """Whether a line of a text looks as if it bound a name, or stars that may bring it: cheaper than an outline."""
        if text is None or text.path in self._outlines:
            return text is not None
        if text.path not in self._read_texts:
            self._mark(text.path)
            self._read_texts[text.path] = _text(text.path)
        content = self._read_texts[text.path]
        return "import *" in content or any(_binds(line, name) for line in _lines_with(content, name))

    def version(self, distributions: tuple[str, ...]) -> str:
        """The version of the first of these distributions that is installed, "" when none is."""
        if self._versions is None:
            names = (name for folder in reversed(self._folders) for name in self._names(folder))
            found = (match for name in names if (match := _VERSION.match(name)))
            self._versions = {match[1].lower().replace("-", "_"): match[2] for match in found}
        return next((self._versions[name] for name in distributions if name in self._versions), "")

    def recall(self) -> Any:
        """What `keep` was given in an earlier run, if everything that was read for it is as it was; else None."""
        if self._store is None:
            return None
        row = self._store.get("outlines", [self._key()]).get(self._key())
        if row is None or any(self._mark(path) != mark for path, mark in row[0]):
            return None
        return row[1]

    def keep(self, answers: Any) -> None:
        """Give the outlines that are new to the store, and what followed from all that was read."""
        if self._store is not None:
            marks = tuple(self._marks.items())
            self._store.put("outlines", {**self._fresh, self._key(): (marks, answers)})
            self._fresh = {}

    def _key(self) -> str:
        """The state of the folders: installing and removing packages changes it."""
        return "\0".join([*(f"{folder} {self._mark(folder)[0]}" for folder in self._folders), str(self._python)])

    def _mark(self, path: str) -> tuple[int, int]:
        """When a file was changed, and its size."""
        if path not in self._marks:
            try:
                status = os.stat(path)
                self._marks[path] = (status.st_mtime_ns, status.st_size)
            except OSError:
                self._marks[path] = (0, 0)
        return self._marks[path]

    def _find(self, module: str, ending: str) -> ModuleText | None:
        root, _, rest = module.partition(".")
        inner = rest.replace(".", "/")
        for folder in self._places(root, ending):
            stem = os.path.join(folder, inner) if inner else folder
            above, name = os.path.split(stem)
            if "__init__." + ending in self._names(stem):
                return ModuleText(os.path.join(stem, f"__init__.{ending}"), True, ending == "pyi")
            if f"{name}.{ending}" in self._names(above):
                return ModuleText(f"{stem}.{ending}", False, ending == "pyi" or self._is_compiled(above, name))
        return None

    def _is_compiled(self, folder: str, name: str) -> bool:
        """Whether an extension module stands beside a text, which then is not what runs."""
        return any(other.startswith(f"{name}.") and other.endswith((".so", ".pyd")) for other in self._names(folder))

    def _places(self, root: str, ending: str) -> Iterator[str]:
        """Where the package or module `root` may lie."""
        if root in self._editable():
            yield self._editable()[root]
        for folder in self._search_path():
            yield os.path.join(folder, root)
            if ending == "pyi":
                yield os.path.join(folder, f"{root}-stubs")

    def _is_namespace(self, module: str) -> bool:
        inner = module.replace(".", "/")
        return any(self._names(os.path.join(folder, inner)) for folder in self._search_path())

    def _names(self, folder: str) -> tuple[str, ...]:
        if folder not in self._entries:
            try:
                self._entries[folder] = tuple(os.listdir(folder))
            except (OSError, ValueError):
                self._entries[folder] = ()
        return self._entries[folder]

    def _search_path(self) -> tuple[str, ...]:
        if "" not in self._entries:
            added = [line for folder in self._folders for line in self._added(folder)]
            self._entries[""] = (*self._folders, *added)
        return self._entries[""]

    def _added(self, folder: str) -> Iterator[str]:
        """The folders that `.pth` files add."""
        for name in sorted(self._names(folder)):
            if name.endswith(".pth"):
                lines = _text(os.path.join(folder, name)).splitlines()
                paths = (os.path.join(folder, line.strip()) for line in lines if not line.startswith(("import ", "#")))
                yield from (path for path in paths if path != os.path.join(folder, "") and os.path.isdir(path))

    def _has_other_ways(self) -> bool:
        """Whether a `.pth` file runs code that may make further packages importable."""
        if self._other_ways is None:
            names = [(folder, name) for folder in self._folders for name in self._names(folder)]
            files = [os.path.join(*pair) for pair in names if pair[1].endswith(".pth") and not _HARMLESS.match(pair[1])]
            self._other_ways = any("import " in _text(path) for path in files)
        return self._other_ways

    def _editable(self) -> dict[str, str]:
        """Top-level names to the places that editable installations map them to."""
        if self._mapped is None:
            self._mapped = {}
            for folder in self._folders:
                for name in self._names(folder):
                    if name.startswith("__editable__") and name.endswith("_finder.py"):
                        self._mapped.update(_mapping(_text(os.path.join(folder, name))))
        return self._mapped

    def _read(self, text: ModuleText) -> Outline:
        changed, size = self._mark(text.path)
        if size > LARGEST:
            return EMPTY
        key = f"{text.path}\0{changed}\0{size}\0{self._python}"
        known = self._store.get("outlines", [key]).get(key) if self._store is not None else None
        if known is not None:
            return from_row(known)
        made = outline(self._read_texts.pop(text.path, "") or _text(text.path), self._python, text.is_stub)
        self._fresh[key] = tuple(made)
        return made


def _lines_with(text: str, word: str) -> Iterator[str]:
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at)
        yield text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]
        at = text.find(word, end) if end >= 0 else -1


def _binds(line: str, name: str) -> bool:
    """Whether a line looks as if it bound a name: by `class`, an assignment, an import, or in a table of lazy imports."""
    return (
        line.lstrip().startswith((f"class {name}", name)) or "import " in line or f"as {name}" in line or '": ' in line
    )


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _mapping(text: str) -> dict[str, str]:
    match = _MAPPING.search(text)
    try:
        found = ast.literal_eval(match[1]) if match else {}
    except (ValueError, SyntaxError):
        return {}
    return {name: path for name, path in found.items() if isinstance(name, str) and isinstance(path, str)}
