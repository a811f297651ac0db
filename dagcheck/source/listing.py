"""Which files belong to the project?

In a git work tree: what git tracks, and what it does not ignore. Elsewhere: what a walk finds. A walk, and git's untracked
files, pass over hidden folders, caches, installed packages and build products; virtual environments are passed over
always. Submodules that are checked out belong to the project, other nested repositories do not. Links to folders are
never followed; a link to a listed file is another name of that file, not another file.

Paths are relative to the project folder and `/`-separated. Nothing is opened here; `dagcheck.source.files` reads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from stat import S_ISLNK, S_ISREG
from typing import NamedTuple

from dagcheck.settings.folder import is_too_broad, settings_file
from dagcheck.settings.globs import matcher
from dagcheck.source.history import list_work_tree, submodules, work_tree_top

MAXIMUM_FILES = 50_000


class FileListing(NamedTuple):
    """The project's Python files, sorted. `links` are (link, listed file it leads to) pairs, not in `files`.

    `refusal` says why nothing was listed. A cache that is tracked by git came with the project and can be forged.
    """

    files: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    cache_is_tracked: bool = False
    notes: tuple[str, ...] = ()
    refusal: str = ""


def list_files(root: str, exclude: Sequence[str] = (), cache_dir: str | None = None) -> FileListing:
    """The Python files of the project folder `root` (an absolute path) that no pattern of `exclude` covers.

    `cache_dir` (absolute) is only looked at for being tracked. A home folder or the root of a file system is not searched
    below its own files unless it holds settings.
    """
    excluded = matcher(exclude)
    notes: tuple[str, ...] = ()
    tracked = False
    if is_too_broad(root) and not settings_file(root):
        found = _walk(root, excluded, deep=False)
        notes = (f"{root} is searched without its folders; name a project with --project, or add a dagcheck.toml",)
    elif (listed := _ask_git(root, excluded, cache_dir)) is not None:
        found, tracked = listed
    else:
        found = _walk(root, excluded)
    if len(found) > MAXIMUM_FILES:
        refusal = f"more than {MAXIMUM_FILES:,} Python files below {root}; name a smaller project, or exclude folders"
        return FileListing((), (), tracked, notes, refusal)
    files, links, dropped = _sort_out(root, found)
    return FileListing(tuple(files), tuple(links), tracked, notes + tuple(dropped))


def _ask_git(root: str, excluded: Callable[[str], bool], cache_dir: str | None) -> tuple[list[str], bool] | None:
    """The files by git's word, and whether some of the cache is tracked. None when git has no say over the folder."""
    top = work_tree_top(root)
    if top is None:
        return None
    cache = _below(root, cache_dir) if cache_dir else None
    patterns = ("*.py", f":(literal){cache}") if cache else ("*.py",)
    listed = list_work_tree(root, patterns)
    if listed is None or (not listed and top != root):
        return None  # an ignored folder inside some larger work tree, such as a home folder kept in git
    folders = _Folders(root)
    tracked = bool(cache) and any(file.tracked and (file.path + "/").startswith(f"{cache}/") for file in listed)
    files = [
        path
        for path, kept in listed
        if path.endswith(".py") and folders.belongs(os.path.dirname(path), kept) and not excluded(path)
    ]
    for submodule in _submodules_below(root, top):
        below = _ask_git(f"{root}/{submodule}", _within(submodule, excluded), None)
        files.extend(f"{submodule}/{path}" for path in (below[0] if below else ()))
    return files, tracked


def _submodules_below(root: str, top: str) -> list[str]:
    """Checked-out submodules strictly below `root`, reached without links, relative to it."""
    full = (os.path.join(top, path) for path in submodules(top))
    below = [_below(root, path) for path in full if os.path.exists(os.path.join(path, ".git"))]
    real = os.path.realpath(root)
    return [
        path for path in below if path and os.path.realpath(f"{root}/{path}") == os.path.join(real, *path.split("/"))
    ]


def _within(folder: str, excluded: Callable[[str], bool]) -> Callable[[str], bool]:
    """The same test for paths that are relative to a folder of the project."""
    return lambda path: excluded(f"{folder}/{path}")


def _below(root: str, path: str) -> str | None:
    """`path` relative to `root` and `/`-separated; None when it is not strictly below."""
    prefix = root.rstrip(os.sep) + os.sep
    full = os.path.normpath(path)
    return full[len(prefix) :].replace(os.sep, "/") if full.startswith(prefix) and full != prefix else None


def _walk(root: str, excluded: Callable[[str], bool], *, deep: bool = True) -> list[str]:
    """The Python files below `root` by looking; stops soon after the limit is passed."""
    folders = _Folders(root)
    files: list[str] = []
    pending = [""]
    while pending and len(files) <= MAXIMUM_FILES:
        folder = pending.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except OSError:
            continue
        for name, is_folder in found:
            path = f"{folder}/{name}" if folder else name
            if is_folder and deep and not excluded(path) and folders.belongs_itself(path, name):
                pending.append(path)
            elif not is_folder and name.endswith(".py") and not excluded(path):
                files.append(path)
    return files


class _Folders:
    """Which folders are the project's own. Remembers, since many files share a folder."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._known: dict[tuple[str, bool], bool] = {("", True): True, ("", False): True}

    def belongs(self, folder: str, tracked: bool) -> bool:
        """Whether a folder and all that it lies in belong to the project; only environments are foreign when tracked."""
        known = self._known.get((folder, tracked))
        if known is None:
            above, _, name = folder.rpartition("/")
            own = not self._is_environment(folder) if tracked else self.belongs_itself(folder, name)
            known = self._known[folder, tracked] = own and self.belongs(above, tracked)
        return known

    def belongs_itself(self, folder: str, name: str) -> bool:
        """Whether a folder belongs to the project if what it lies in does."""
        if name[0] == "." or name in {"__pycache__", "node_modules", "site-packages"} or name.endswith(".egg-info"):
            return False
        if name in {"build", "dist"} and not os.path.exists(f"{self._root}/{folder}/__init__.py"):
            return False
        return not self._is_environment(folder)

    def _is_environment(self, folder: str) -> bool:
        full = f"{self._root}/{folder}"
        return os.path.exists(f"{full}/pyvenv.cfg") or os.path.exists(f"{full}/conda-meta")


def _sort_out(root: str, found: list[str]) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Regular files, links to them, and notes on names that cannot be shown; what is gone is dropped."""
    files: list[str] = []
    links: list[str] = []
    notes: list[str] = []
    for path in sorted(found):
        try:
            path.encode()
            mode = os.lstat(f"{root}/{path}").st_mode
        except UnicodeEncodeError:
            notes.append(f"{path.encode(errors='backslashreplace').decode()}: left out, its name is no UTF-8")
            continue
        except OSError:
            continue
        if S_ISREG(mode):
            files.append(path)
        elif S_ISLNK(mode) and os.path.isfile(f"{root}/{path}"):
            links.append(path)
    return files, _resolve_links(root, files, links) if links else [], notes


def _resolve_links(root: str, files: list[str], links: list[str]) -> list[tuple[str, str]]:
    """The targets of links among the listed files; the first link to a file from elsewhere stands for it in `files`."""
    real = os.path.realpath(root)
    listed = {os.path.join(real, *path.split("/")): path for path in files}
    pairs = []
    for link in links:
        target = os.path.realpath(f"{root}/{link}")
        if target in listed:
            pairs.append((link, listed[target]))
        else:
            listed[target] = link
            files.append(link)
    files.sort()
    return pairs
