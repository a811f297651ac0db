"""What did the project hold at a revision? From git's objects, without a checkout.

Terms: a *revision* is a commit that a user names; the *working tree* is what lies on the disk. Commands are read-only and
look at objects alone: no hook, filter, pager, external diff, textconv or file system monitor has a part in them (the ways
are closed in `dagcheck.source.history`). What cannot be answered is a `UsageError` with the command that mends it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dagcheck.settings import UsageError
from dagcheck.source.history import ask, work_tree_top

WORKING_TREE = "working-tree"
"""What stands for the files on the disk where a commit could stand."""

_USUAL = ("main", "master")
"""What default branches are usually called."""
_NAME = re.compile(r"[\w][\w./+-]*")
_HASH = re.compile(r"[0-9a-f]{4,40}")
_LINK, _SUBMODULE = "120000", "160000"


class Entry(NamedTuple):
    """A file at a revision. `repository` is the folder of the repository that holds it: a submodule's may differ."""

    path: str
    mode: str
    blob: str
    repository: str


def commit_of(folder: str, revision: str) -> str:
    """The full name of the commit that a revision means."""
    _demand_repository(folder)
    found = _commit(folder, revision)
    if found is None:
        raise UsageError(_missing(folder, revision))
    return found


class Start(NamedTuple):
    """The commit at which some work began; `remark` says why it may be another one."""

    commit: str
    remark: str = ""


def default_base(folder: str, head: str = "HEAD") -> Start:
    """The commit at which the work on `head` began: its merge base with the branch it goes to."""
    _demand_repository(folder)
    if _commit(folder, head) is None:
        if head == "HEAD":
            raise UsageError("there is no commit yet to compare with; commit something, or name one with --base")
        raise UsageError(_missing(folder, head))
    branch = _destination(folder)
    if branch is not None:
        return Start(merge_base(folder, branch, head))
    remote = next(filter(None, _remotes(folder)), "")
    all_branches = f"{remote} '+refs/heads/*:refs/remotes/{remote}/*'"
    if remote and _is_shallow(folder):
        message = "this shallow clone does not have the branch that the work goes to; fetch the rest with"
        raise UsageError(f"{message}: git fetch --unshallow {all_branches}, or name a commit with --base")
    own = _upstream(folder) or _usual_branch(folder)
    start = commit_of(folder, head) if own is None else merge_base(folder, own, head)
    if not remote or _branch(folder) in _USUAL:
        return Start(start)
    words = f"which branch of `{remote}` the work goes to is not known here, so this compares with commit {start[:12]}"
    return Start(start, f"{words}; name another with --base, or fetch all branches with: git fetch {all_branches}")


def merge_base(folder: str, one: str, other: str) -> str:
    """The newest commit that both revisions contain."""
    first, second = commit_of(folder, one), commit_of(folder, other)
    found = _line(folder, "merge-base", first, second)
    if found is not None:
        return found
    if _is_shallow(folder):
        message = f"this shallow clone does not reach back to where `{one}` and `{other}` part; fetch the rest with"
        raise UsageError(f"{message}: git fetch --unshallow")
    raise UsageError(f"`{one}` and `{other}` have no commit in common; name the commit to compare with: --base REF")


def files_at(folder: str, commit: str) -> list[Entry]:
    """The files below `folder` at a commit, sorted by path; submodules that are checked out are entered."""
    return sorted(_entries(folder, commit, ""))


def contents(entries: Iterable[Entry]) -> dict[str, bytes]:
    """The bytes of these files, by path."""
    by_repository: dict[str, list[Entry]] = {}
    for entry in entries:
        by_repository.setdefault(entry.repository, []).append(entry)
    found: dict[str, bytes] = {}
    for repository, listed in by_repository.items():
        blobs = _blobs(repository, list(dict.fromkeys(entry.blob for entry in listed)))
        found.update({entry.path: blobs[entry.blob] for entry in listed})
    return found


def names_at(top: str, commit: str, folder: str) -> list[str]:
    """The files that lie in a folder of a repository at a commit, not deeper, by their paths from its `top`."""
    listing = ask(top, "ls-tree", "-z", commit, *([f"{folder}/"] if folder else []))
    rows = (line.partition("\t") for line in os.fsdecode(listing or b"").split("\0"))
    return sorted(path for head, _, path in rows if head.partition(" ")[2].startswith("blob "))


def texts_at(top: str, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
    """What these files held at a commit, links followed within the repository; those that were not there are left out."""
    wanted = [path for path in paths if not path.startswith("../") and "\n" not in path]
    given = "".join(f"{commit}:{path}\n" for path in wanted)
    answer = ask(top, "cat-file", "--batch", "--follow-symlinks", given=os.fsencode(given)) if wanted else b""
    found: dict[str, bytes] = {}
    position = 0
    for path in wanted if answer else ():
        end = (answer or b"").index(b"\n", position)
        line = (answer or b"")[position:end]
        position = end + 1
        if line.endswith((b" missing", b" ambiguous")):
            continue
        words = line.split(b" ")
        size = int(words[-1])
        if words[1:2] == [b"blob"]:
            found[path] = (answer or b"")[position : position + size]
        position += size + 1
    return found


def is_link(entry: Entry) -> bool:
    """Is it a symbolic link? Its content is then where it leads to."""
    return entry.mode == _LINK


# --- revisions


def _commit(folder: str, revision: str) -> str | None:
    if not revision or revision.startswith("-"):
        return None
    return _line(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")


def _destination(folder: str) -> str | None:
    """The branch of a remote that the current work goes to, None where that is not known.

    The upstream, unless that is the same branch on another machine; else the default branch of the remote.
    """
    branch, upstream = _branch(folder), _upstream(folder)
    if upstream and upstream.partition("/")[2] != branch and upstream != branch:
        return upstream
    for remote in _remotes(folder):
        default = _line(folder, "symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD")
        names = [default] if default else [f"{remote}/{name}" for name in _USUAL]
        known = next((name for name in names if _commit(folder, f"refs/remotes/{name}")), None)
        if known:
            return known
    return None


def _branch(folder: str) -> str:
    return _line(folder, "symbolic-ref", "--quiet", "--short", "HEAD") or ""


def _upstream(folder: str) -> str | None:
    return _line(folder, "rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}")


def _usual_branch(folder: str) -> str | None:
    """One of the usual branches, if it is another than the current one."""
    branch = _branch(folder)
    return next((name for name in _USUAL if name != branch and _commit(folder, f"refs/heads/{name}")), None)


def _remotes(folder: str) -> list[str]:
    """The remotes, `origin` first."""
    names = (_line(folder, "remote") or "").split("\n")
    return sorted(filter(None, names), key=lambda name: (name != "origin", name))


def _is_shallow(folder: str) -> bool:
    return _line(folder, "rev-parse", "--is-shallow-repository") == "true"


def _missing(folder: str, revision: str) -> str:
    """Why a revision means no commit here, and what to do about it."""
    if not revision or revision.startswith("-"):
        return f"{revision!r} is no revision"
    if not _line(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
        return f"there is no commit `{revision}`: nothing has been committed here yet"
    remote, _, branch = revision.partition("/")
    remotes = _remotes(folder)
    if branch and remote in remotes:
        return f"`{revision}` is not here; fetch it with: git fetch {remote} {branch}:refs/remotes/{revision}"
    near = next((name for name in remotes if _commit(folder, f"refs/remotes/{name}/{revision}")), None)
    if near:
        return f"there is no commit `{revision}` here; did you mean `{near}/{revision}`?"
    is_shallow = _is_shallow(folder)
    where = "in this shallow clone" if is_shallow else "here"
    unshallow = " --unshallow" if is_shallow else ""
    if remotes and _NAME.fullmatch(revision) and not _HASH.fullmatch(revision) and revision != "HEAD":
        fetch = f"git fetch{unshallow} {remotes[0]} {revision}:refs/remotes/{remotes[0]}/{revision}"
        return f"there is no commit `{revision}` {where}; if it is a branch of `{remotes[0]}`, fetch it with: {fetch}"
    if is_shallow:
        return f"there is no commit `{revision}` {where}; fetch the rest with: git fetch --unshallow"
    hint = f"; if it is on a remote, fetch it with: git fetch {remotes[0]}" if remotes else ""
    return f"there is no commit `{revision}` here{hint}"


def _demand_repository(folder: str) -> None:
    if _line(folder, "rev-parse", "--git-dir") is not None:
        return
    if work_tree_top(folder) is None:
        if all(os.path.exists(os.path.join(folder, name)) for name in ("HEAD", "objects", "refs")):
            raise UsageError(f"{folder} is a bare repository, without files; make some with: git worktree add ../files")
        raise UsageError(f"{folder} is in no git repository, so there are no revisions to compare")
    raise UsageError(f"git does not read the repository of {folder}; it says why with: git -C {folder} status")


# --- objects


def _entries(folder: str, commit: str, prefix: str) -> Iterator[Entry]:
    listing = ask(folder, "ls-tree", "-r", "-z", commit)
    if listing is None:
        words = f"`{prefix.rstrip('/')}` is a submodule at commit {commit[:12]}, which its clone lacks"
        if not prefix:
            raise UsageError(
                f"the files of commit {commit[:12]} are not all here; fetch them with: git fetch --refetch"
            )
        raise UsageError(f"{words}; fetch it with: git -C {folder} fetch origin {commit}")
    for line in os.fsdecode(listing).split("\0"):
        head, _, path = line.partition("\t")
        if not path:
            continue
        mode, _, blob = head.split(" ")
        inner = os.path.join(folder, path)
        if mode != _SUBMODULE:
            yield Entry(prefix + path, mode, blob, folder)
        elif os.path.exists(os.path.join(inner, ".git")):
            yield from _entries(inner, blob, f"{prefix}{path}/")


def _blobs(repository: str, names: list[str]) -> dict[str, bytes]:
    """The bytes of objects by their names."""
    if not names:
        return {}
    answer = ask(repository, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    found: dict[str, bytes] = {}
    position = 0
    while answer is not None and position < len(answer):
        end = answer.index(b"\n", position)
        words = answer[position:end].split(b" ")
        position = end + 1
        if len(words) == 3:
            size = int(words[2])
            found[words[0].decode()] = answer[position : position + size]
            position += size + 1
    missing = [name for name in names if name not in found]
    if missing:
        raise UsageError(
            f"{len(missing)} of the files to compare with are not in this partial clone"
            "; fetch them with: git fetch --refetch --no-filter"
        )
    return found


def _line(folder: str, *arguments: str) -> str | None:
    """What git prints, without the newline at its end; None when it fails or prints nothing."""
    answer = ask(folder, *arguments)
    text = "" if answer is None else os.fsdecode(answer).strip("\n")
    return text or None
