"""Which file is meant by a module's name, and what is the name of a file?

Terms: an *import root* is a folder from which dotted names start; the *dotted name* of a file is relative to the longest
root it lies in. A *package* without `__init__.py` is a namespace package and has no file. Within roots names are found as
CPython finds them: a package before a module, either before a namespace package, whose portions may lie in several roots.

An import is tried against the roots, then the importer's own folder, then the parent of its topmost package. In the latter
two, and as a namespace package, a project file never hides a foreign module (standard library or installed); in a root it does.
Every module has one name, by whichever way it was found. Nothing is read here but names of files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from dagcheck.bounded import Bounded
from dagcheck.names.places import Places, is_outside, join
from dagcheck.settings import UsageError


class ProjectModule(NamedTuple):
    """A module of the project; `path` is relative to the project, absolute when the file lies outside."""

    name: str
    path: str


class Package(NamedTuple):
    """A namespace package: folders without an `__init__.py`."""

    name: str


def is_standard(name: str) -> bool:
    """Whether a top-level name is always foreign: the standard library's, and Hamilton's own."""
    return name in sys.stdlib_module_names or name == "hamilton"


def import_roots(project: str, given: Sequence[str], cwd: str, files: Iterable[str] | None = None) -> tuple[str, ...]:
    """The import roots as places. `given` are folders, relative to `cwd`; `files` are those of a project of the past.

    Default: the project folder, and its `src` if that is a folder and no package.
    Raises `UsageError` for those that are no folders.
    """
    missing = [root for root in given if files is None and not os.path.isdir(os.path.join(cwd, root))]
    if missing:
        raise UsageError(*(f"import root {root}: no such folder" for root in missing))
    places = Places(project, files)
    roots = [places.relative(os.path.join(cwd, root)) for root in given]
    if not roots:
        roots = ["", "src"] if places.is_folder("src") and not places.is_file("src/__init__.py") else [""]
    return tuple(dict.fromkeys(roots))


class ModuleIndex:
    """The modules of a project, found by name or by path.

    Given `files`, the project consists of these; without, the disk is asked for each name when it is needed.
    """

    def __init__(
        self,
        project: str,
        roots: Sequence[str],
        files: Iterable[str] | None = None,
        links: Iterable[tuple[str, str]] = (),
        is_foreign: Callable[[str], bool] = is_standard,
    ) -> None:
        """`project` is an absolute path, `roots` are places, `is_foreign` knows the top-level names of other packages."""
        self._places = Places(project, files, links)
        self._roots = tuple(roots)
        self._by_length = sorted(self._roots, key=len, reverse=True)
        self._is_foreign = is_foreign
        self._names: dict[str, str] = {}
        self._unreachable: dict[str, str] = {}
        self._in_roots: Bounded[str, str | Sequence[str]] = Bounded()
        self._answers: Bounded[tuple[str, str | None], ProjectModule | Package | None] = Bounded()

    def name_of(self, path: str) -> str:
        """The dotted name of a file: relative to its longest root; where that name means another file, or there is no
        such root, relative to the project, or to the parent of its topmost package."""
        name = self._names.get(path)
        if name is None:
            name = self._names[path] = self._name(path)
        return name

    def module_at(self, path: str) -> ProjectModule:
        """The module that a file is."""
        return ProjectModule(self.name_of(path), path)

    def holds(self, path: str) -> bool:
        """Is there a file of the project at this path?"""
        return self._places.is_file(path)

    def resolve(self, dotted: str, importer: str | None) -> ProjectModule | Package | None:
        """What an absolute import of `dotted` in the file `importer` finds in the project; None: nothing.

        Without an importer, names that were given out before are known, even those that no import could reach.
        """
        key = (dotted, importer)
        if key not in self._answers:
            folder = None if importer is None else importer.rpartition("/")[0]
            self._answers[key] = self._resolve(dotted, folder, importer)
        answer = self._answers[key]
        if answer is None and importer is None and dotted in self._unreachable:
            return ProjectModule(dotted, self._unreachable[dotted])
        return answer

    def relative(self, importer: str, level: int, module: str | None) -> str | None:
        """The absolute name that `from <level dots><module> import ...` means; None when it leads out of all packages."""
        folder = importer.rpartition("/")[0]
        parts = self._parts_below_root(folder)
        if level > len(parts):
            return None
        kept = parts[: len(parts) - level + 1]
        return ".".join([*kept, module] if module else kept)

    def locate(self, name_or_path: str, cwd: str) -> ProjectModule | str:
        """The module that a user names on the command line, or why there is none.

        A path is relative to `cwd` (absolute itself); a dotted name is tried against the roots, then `cwd`.
        """
        if name_or_path.endswith(".py") or "/" in name_or_path or os.sep in name_or_path:
            return self._locate_path(name_or_path, cwd)
        found = self._resolve(name_or_path, self._places.relative(cwd), None)
        if isinstance(found, ProjectModule):
            return found
        if isinstance(found, Package):
            return f"`{name_or_path}` is a folder without `__init__.py`; name one of its modules"
        roots = ", ".join(root or "the project folder" for root in self._roots)
        return f"no module `{name_or_path}` in {roots}"

    def _locate_path(self, written: str, cwd: str) -> ProjectModule | str:
        path = self._places.relative(os.path.join(cwd, written))
        if self._places.is_folder(path):
            if not self._places.is_file(path := join(path, "__init__.py")):
                return f"{written} is a folder without `__init__.py`; name one of its modules"
        elif not path.endswith(".py"):
            return f"{written} is no Python file"
        elif not self._places.is_file(path) and not os.path.isfile(os.path.join(cwd, written)):
            return f"no such file: {written}"  # one that is ignored or excluded counts when the user names it
        return self.module_at(self._places.target(path))

    def _resolve(self, dotted: str, folder: str | None, importer: str | None) -> ProjectModule | Package | None:
        parts = dotted.split(".")
        if dotted not in self._in_roots:
            self._in_roots[dotted] = self._search(self._roots, parts)
        found = self._in_roots[dotted]
        if isinstance(found, str):
            return self.module_at(found)
        if self._is_foreign(parts[0]):
            return None
        for place in () if folder is None else (folder, self._parent_of_topmost_package(folder)):
            beside = self._search([place], parts)
            if isinstance(beside, str) and beside != importer:
                return self.module_at(beside)
        return Package(dotted) if found else None

    def _search(self, places: Sequence[str], parts: Sequence[str]) -> str | Sequence[str]:
        """The file that a dotted name means, else the portions of a namespace package, none when there is nothing."""
        for index, part in enumerate(parts):
            path = self._regular(places, part) if part else None
            if path is None:
                portions = (join(place, part) for place in places)
                places = [portion for portion in portions if part and self._places.is_folder(portion)]
            elif index == len(parts) - 1:
                return self._places.target(path)
            elif path.endswith("/__init__.py"):
                places = [path.removesuffix("/__init__.py")]
            else:
                return ()
        return places

    def _regular(self, places: Sequence[str], name: str) -> str | None:
        """The first package or module of this name in the places."""
        for place in places:
            path = join(place, name)
            for candidate in (f"{path}/__init__.py", f"{path}.py"):
                if self._places.is_file(candidate):
                    return candidate
        return None

    def _name(self, path: str) -> str:
        folder, _, last = path.rpartition("/")
        stem = [] if last == "__init__.py" else [last.removesuffix(".py")]
        candidates = [[*self._parts_below_root(folder), *stem]]
        if not is_outside(path):
            candidates.append([*folder.split("/"), *stem] if folder else stem)
        for parts in candidates:
            name = ".".join(parts)
            if name and self._search(self._roots, name.split(".")) == path:
                return name
        name = ".".join(candidates[-1])
        if not name or name in self._unreachable or isinstance(self._search(self._roots, name.split(".")), str):
            name = path  # what bears the name is another file
        self._unreachable[name] = path
        return name

    def _parts_below_root(self, folder: str) -> list[str]:
        """The names of the packages that a folder stands for."""
        for root in self._by_length:
            if folder == root:
                return []
            below = join(root, "") if root else ""
            if folder.startswith(below) and (root or not is_outside(folder)):
                return folder[len(below) :].split("/")
        top = self._parent_of_topmost_package(folder) if is_outside(folder) else ""
        return folder[len(top) :].strip("/").split("/") if folder != top else []

    def _parent_of_topmost_package(self, folder: str) -> str:
        while folder and self._places.is_file(f"{folder}/__init__.py"):
            folder = folder.rpartition("/")[0]
        return folder
