"""Where does the interpreter that runs the dataflows keep its packages, and which Python is it?

Told from folders and `pyvenv.cfg` alone: no interpreter is started, nothing of an environment is imported. Knowing the
environment only sharpens answers; without one, foreign packages are known by name at most.

Terms: the *prefix* is the folder of an environment. An environment is *isolated* when dagcheck runs from it and Hamilton
is not installed there, as in a commit hook: it says nothing about the user's code.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

from dagcheck.bounded import Bounded
from dagcheck.names.modules import is_standard
from dagcheck.settings import Options, Settings, UsageError


class Environment(NamedTuple):
    """A Python environment. `version` is (major, minor); `origin` says what chose it."""

    prefix: str
    site_packages: tuple[str, ...]
    version: tuple[int, int] | None
    origin: str


def choose_environment(
    project: str,
    settings: Settings,
    options: Options,
    cwd: str,
    *,
    environ: Mapping[str, str] = os.environ,
    own_prefix: str = sys.prefix,
) -> Environment | None:
    """`--python`, else the settings' `python`, else the project's `.venv`, else `$VIRTUAL_ENV` unless it is isolated.

    Raises `UsageError` for a `--python` that is no environment. One that the settings name is passed over when it is not
    there: not every machine that checks a project has its environment.
    """
    if options.python is not None:
        found = _environment(os.path.join(cwd, options.python), "--python")
        if found is None:
            raise UsageError(f"--python {options.python}: no Python environment there")
        return found
    candidates = [(os.path.join(project, settings.python), "settings")] if settings.python else []
    candidates.append((os.path.join(project, ".venv"), ".venv"))
    for path, origin in candidates:
        if (found := _environment(path, origin)) is not None:
            return found
    active = environ.get("VIRTUAL_ENV")
    found = _environment(active, "VIRTUAL_ENV") if active else None
    return None if found is None or _is_isolated(found, own_prefix) else found


def stamp(environment: Environment | None) -> str:
    """Changes whenever a package is installed, replaced or removed in the environment."""
    folders = () if environment is None else environment.site_packages
    return "".join(f"{folder}\0{os.stat(folder).st_mtime_ns}\0" for folder in folders if os.path.isdir(folder))


def is_foreign_in(environment: Environment | None) -> Callable[[str], bool]:
    """Whether a top-level name is one of the standard library or of a package installed in the environment."""
    if environment is None:
        return is_standard
    folders = environment.site_packages
    known: Bounded[str, bool] = Bounded()

    def is_foreign(name: str) -> bool:
        if name not in known:
            known[name] = is_standard(name) or any(_has(folder, name) for folder in folders)
        return known[name]

    return is_foreign


def _environment(path: str, origin: str) -> Environment | None:
    """The environment at a path: its folder, or an interpreter in its `bin` or `Scripts`."""
    prefix = os.path.normpath(path)
    if os.path.isfile(prefix):
        folder = os.path.dirname(prefix)
        if not os.path.basename(prefix).lower().startswith(("python", "pypy")):
            return None
        prefix = os.path.dirname(folder) if os.path.basename(folder).lower() in {"bin", "scripts"} else folder
    described = _description(prefix)
    site_packages = _site_packages(prefix)
    if described.get("include-system-site-packages") == "true" and "home" in described:
        home = described["home"]
        site_packages += _site_packages(os.path.dirname(home) if os.path.basename(home) == "bin" else home)
    if not described and not site_packages:
        return None
    words = described.get("version_info") or described.get("version") or _version_by_name(site_packages)
    return Environment(prefix, site_packages, _version(words), origin)


def _description(prefix: str) -> dict[str, str]:
    """What `pyvenv.cfg` says."""
    try:
        with open(os.path.join(prefix, "pyvenv.cfg"), encoding="utf-8", errors="replace") as file:
            pairs = (line.partition("=") for line in file.read().splitlines())
            return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}
    except OSError:
        return {}


def _site_packages(prefix: str) -> tuple[str, ...]:
    """The folders of installed packages that are there; Debian calls its own differently."""
    found = [os.path.join(prefix, "Lib", "site-packages")]
    for library in ("lib", "lib64", "local/lib"):
        folder = os.path.join(prefix, *library.split("/"))
        versions = [name for name in _names(folder) if name.startswith(("python3", "pypy3"))]
        for name in sorted(versions, key=lambda name: _version(name) or (0, 0), reverse=True):
            found += [os.path.join(folder, name, kind) for kind in ("site-packages", "dist-packages")]
    real = {os.path.realpath(path): path for path in reversed(found) if os.path.isdir(path)}
    return tuple(path for path in found if real.get(os.path.realpath(path)) == path)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _version_by_name(site_packages: tuple[str, ...]) -> str:
    names = (os.path.basename(os.path.dirname(path)) for path in site_packages)
    return next((name for name in names if "." in name), "")


def _version(words: str) -> tuple[int, int] | None:
    """The first two numbers of a version such as `3.11.7.final.0` or `python3.13t`."""
    match = re.match(r"\D*(\d+)\.(\d+)", words)
    return (int(match[1]), int(match[2])) if match else None


def _is_isolated(environment: Environment, own_prefix: str) -> bool:
    same = os.path.realpath(environment.prefix) == os.path.realpath(own_prefix)
    return same and not any(_has(folder, "hamilton") for folder in environment.site_packages)


def _has(folder: str, name: str) -> bool:
    return os.path.isdir(os.path.join(folder, name)) or os.path.isfile(os.path.join(folder, f"{name}.py"))
