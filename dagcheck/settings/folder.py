"""Which folder is the project?

The nearest folder upward that holds dagcheck settings, else one that holds `.git`, else the current folder. A home folder
or the root of a file system is a project only when it holds settings: nobody means all that lies below it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from dagcheck.settings import Options, UsageError

SETTINGS_FILE = "dagcheck.toml"
PROJECT_FILE = "pyproject.toml"


def find_project(options: Options, cwd: str) -> str:
    """The project's folder as an absolute path.

    The search starts at the folder that all PATHs have in common, else at `cwd`.
    Raises `UsageError` when `--project` is no folder, a PATH does not exist or lies outside `--project`.
    """
    paths = [os.path.abspath(os.path.join(cwd, path)) for path in options.paths]
    missing = [written for written, path in zip(options.paths, paths, strict=True) if not os.path.exists(path)]
    if missing:
        raise UsageError(*(f"no such file or folder: {path}" for path in missing))
    if options.project is not None:
        return _given_project(options, cwd, paths)
    start = _common_folder(paths) if paths else os.path.abspath(cwd)
    for folder in _upward(start):
        if settings_file(folder):
            return folder
    for folder in _upward(start):
        if os.path.exists(os.path.join(folder, ".git")) and not is_too_broad(folder):
            return folder
    current = os.path.abspath(cwd)
    return current if _contains(current, start) and not is_too_broad(current) else start


def settings_file(folder: str) -> str | None:
    """The name of the file that holds the settings of this folder itself; `dagcheck.toml` wins over `pyproject.toml`."""
    if os.path.isfile(os.path.join(folder, SETTINGS_FILE)):
        return SETTINGS_FILE
    try:
        with open(os.path.join(folder, PROJECT_FILE), "rb") as file:
            content = file.read()
    except OSError:
        return None
    return PROJECT_FILE if mentions_settings(content) else None


def mentions_settings(content: bytes) -> bool:
    """Whether a `pyproject.toml` has a table of ours, told without parsing it."""
    if b"[tool.dagcheck" not in content:
        return False
    headers = (line.strip().lstrip(b"[") for line in content.splitlines() if line.lstrip().startswith(b"["))
    return any(header.startswith((b"tool.dagcheck]", b"tool.dagcheck.")) for header in headers)


def is_too_broad(folder: str) -> bool:
    """Whether the folder is a home folder or the root of a file system."""
    return os.path.dirname(folder) == folder or os.path.realpath(folder) == os.path.realpath(os.path.expanduser("~"))


def _given_project(options: Options, cwd: str, paths: list[str]) -> str:
    project = os.path.abspath(os.path.join(cwd, options.project or ""))
    if not os.path.isdir(project):
        raise UsageError(f"--project {options.project}: no such folder")
    outside = [written for written, path in zip(options.paths, paths, strict=True) if not _contains(project, path)]
    if outside:
        raise UsageError(*(f"{path} is outside the project {options.project}" for path in outside))
    return project


def _common_folder(paths: list[str]) -> str:
    try:
        common = os.path.commonpath(paths)
    except ValueError as error:  # two drives
        raise UsageError("the paths have no folder in common") from error
    return common if os.path.isdir(common) else os.path.dirname(common)


def _upward(folder: str) -> Iterator[str]:
    yield folder
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        yield folder


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
