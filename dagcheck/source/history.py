"""What does git know about these files? The only door to git.

Terms: a *work tree* is a folder that git watches; *tracked* files are in its index. Git is only asked, never trusted
with a decision to run something: a repository's own configuration can name programs (file system monitors, hooks,
filters, transports), and each of these ways is closed. Whatever goes wrong, the answer is None and callers do without.

Cost: 1.5 ms for a small repository through `posix_spawn`; importing `subprocess` alone takes 8 ms.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

CAN_SPAWN = hasattr(os, "posix_spawn")
"""Whether the system starts programs without the 8 ms that importing `subprocess` takes."""

_QUIET = (
    "--no-pager",
    "--no-optional-locks",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
)
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone fetches what it lacks, by any program its configuration names
    "GIT_ALLOW_PROTOCOL": "none",  # the same, for git before 2.44: no transport has this name
    "GIT_TERMINAL_PROMPT": "0",
}


class GitFile(NamedTuple):
    """A file in a work tree; `path` is relative to the folder that was asked about, `/`-separated."""

    path: str
    tracked: bool


def list_work_tree(folder: str, patterns: tuple[str, ...]) -> list[GitFile] | None:
    """The files below `folder` that match a pathspec and are tracked, or untracked and not ignored.

    Tracked files that were deleted are included, submodules and nested repositories are not entered.
    None when git is missing, refuses (dubious ownership, a broken repository), or `folder` is in no work tree.
    """
    arguments = ("ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard", "--", *patterns)
    output = _git(folder, arguments)
    if output is None:
        return None
    entries = os.fsdecode(output).split("\0")
    files = {entry[2:]: entry[0] != "?" for entry in entries if entry and not entry.endswith("/")}
    return [GitFile(path, tracked) for path, tracked in files.items()]


def work_tree_top(folder: str) -> str | None:
    """The nearest folder upward with a `.git`, without asking git."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def submodules(top: str) -> list[str]:
    """The folders of the submodules that `.gitmodules` at the top of a work tree lists, relative to it."""
    try:
        with open(os.path.join(top, ".gitmodules"), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return []
    settings = (line.partition("=") for line in lines)
    paths = (value.strip().strip('"') for key, _, value in settings if key.strip() == "path")
    return [path for path in paths if path and not os.path.isabs(path) and ".." not in path.split("/")]


def ask(folder: str, *arguments: str, given: bytes = b"") -> bytes | None:
    """What git prints about the repository around `folder` when it is `given` this to read; None unless it succeeds.

    Only for commands that read: `rev-parse`, `merge-base`, `ls-tree`, `cat-file` and their like.
    """
    return _git(folder, arguments, given)


def _git(folder: str, arguments: tuple[str, ...], given: bytes = b"") -> bytes | None:
    """What git prints, None unless it succeeds."""
    program = _program(os.environ)
    if program is None:
        return None
    command = [program, *_QUIET, "-C", folder, *arguments]
    try:
        return _spawn(command, _environment(os.environ), given)
    except (OSError, ValueError):
        return None


def _program(environ: Mapping[str, str]) -> str | None:
    """Git's absolute path. Relative folders on the search path are passed over: they can be the project's own."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        program = os.path.join(folder, name)
        if os.path.isabs(program) and os.access(program, os.X_OK) and os.path.isfile(program):
            return program
    return None


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without variables that lead git to another repository, index or configuration, or make it write."""
    kept = {key: value for key, value in environ.items() if not key.upper().startswith("GIT_")}
    return kept | _ENVIRONMENT


def _spawn(command: list[str], environment: dict[str, str], given: bytes) -> bytes | None:
    if not CAN_SPAWN or (given and not hasattr(os, "memfd_create")):
        return _run(command, environment, given)
    reading, writing = os.pipe()
    source = _held(given) if given else os.open(os.devnull, os.O_RDONLY)
    files = [
        (os.POSIX_SPAWN_DUP2, source, 0),
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    with open(reading, "rb") as output:
        try:
            process = os.posix_spawn(command[0], command, environment, file_actions=files)
        finally:
            os.close(writing)
            os.close(source)
        content = output.read()
    _, status = os.waitpid(process, 0)
    return content if status == 0 else None


def _held(given: bytes) -> int:
    """A descriptor from which these bytes can be read: a pipe would take only so many before somebody reads."""
    held = os.memfd_create("given")
    view = memoryview(given)
    while view:
        view = view[os.write(held, view) :]
    os.lseek(held, 0, os.SEEK_SET)
    return held


def _run(command: list[str], environment: dict[str, str], given: bytes) -> bytes | None:
    import subprocess

    done = subprocess.run(command, env=environment, input=given, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
