"""What is one run about, before anything is analysed?

Finds the project folder, its settings, files, import roots and Python version, and the cache. Everything here is needed even
where a run's verdict is known already, so nothing here imports the analysis.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from dagcheck import __version__
from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.names.environment import Environment, choose_environment, is_foreign_in, stamp
from dagcheck.names.modules import ModuleIndex, import_roots
from dagcheck.names.places import is_outside
from dagcheck.project.sources import Sources
from dagcheck.report.summary import Summary
from dagcheck.settings import Options, Settings, UsageError
from dagcheck.settings.folder import find_project
from dagcheck.settings.loading import load_settings, settings_from
from dagcheck.source.cache import Cache
from dagcheck.source.digests import digest
from dagcheck.source.listing import FileListing, list_files

if TYPE_CHECKING:  # only comparisons look at the past
    from dagcheck.source.snapshot import Snapshot

SCHEMA = 10
"""Changes whenever what is kept in the cache changes its meaning."""


class Scene(NamedTuple):
    """What an analysis works on.

    The project folder, the current folder, the import roots, the files (None: found when needed), the index of modules, the
    Python version that runs the project, the environment whose packages may be read, and the mark of its state.
    """

    root: str
    cwd: str
    roots: tuple[str, ...]
    files: tuple[str, ...] | None
    modules: ModuleIndex
    python: tuple[int, int]
    environment: Environment | None = None
    installed: str = ""


class Run(NamedTuple):
    """One command's surroundings. `notes` are lines for stderr."""

    scene: Scene
    settings: Settings
    options: Options
    sources: Sources
    cache: Cache | None
    links: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def prepare(options: Options, past: Snapshot | None = None, *, whole: bool = False) -> Run:
    """Set the scene: of what lies on the disk, or of the `past`. Raises `UsageError` for mistakes in options and settings.

    `whole`: all files of the project belong to it, even where the modules of the one dataflow are named.
    """
    cwd = os.getcwd()
    root = find_project(options, cwd)
    settings = load_settings(root, rule_names()) if past is None else settings_from(root, past.settings(), rule_names())
    cache_dir = os.path.join(cwd, options.cache_dir) if options.cache_dir else os.path.join(root, ".dagcheck_cache")
    if past is not None:
        listing: FileListing | None = past.listing(settings.exclude)
    else:
        listing = None if options.modules and not whole else list_files(root, settings.exclude, cache_dir)
    if listing is not None and listing.refusal:
        raise UsageError(listing.refusal)
    given = options.roots or [os.path.join(root, place) for place in settings.roots]
    files, links = (None, ()) if listing is None else (listing.files, listing.links)
    roots = import_roots(root, given, cwd, None if past is None else files)
    environment = choose_environment(root, settings, options, cwd)
    index = ModuleIndex(root, roots, files, links, is_foreign_in(environment))
    version = (environment.version if environment is not None else None) or sys.version_info[:2]
    trusted = options.use_cache and not (listing is not None and listing.cache_is_tracked)
    cache = Cache(cache_dir, version=f"{__version__} {_shapes()}", schema=SCHEMA) if trusted else None
    scene = Scene(root, cwd, roots, files, index, version, environment, stamp(environment))
    sources = Sources(root, cache, options.jobs, None if past is None else past.read)
    return Run(scene, settings, options, sources, cache, links, _listing_notes(listing))


def rule_names() -> list[str]:
    """The names of all rules, told from their pages: importing the rules would import the analysis."""
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "rules")
    return sorted(name[:-3].replace("_", "-") for name in os.listdir(folder) if name.endswith(".md"))


def run_key(run: Run) -> str:
    """All that a whole run depends on; "" when that is not known before it ran."""
    if run.scene.files is None or not _is_self_contained(run):
        return ""
    digests = run.sources.digests(run.scene.files)
    asked = run.options._replace(cache_dir=None, jobs=None, locks=None)
    scene = run.scene
    surroundings = (scene.python, scene.cwd, scene.root, scene.roots, run.links, scene.installed)
    parts = [repr(asked), repr(run.settings), repr(surroundings)]
    parts += [f"{path} {mark}" for path, mark in digests.items()]
    return digest("\0".join(parts).encode(errors="surrogatepass")).hex()


def asked_paths(run: Run) -> Callable[[str], bool]:
    """Was this path asked for? Without PATHs every one is."""
    if not run.options.paths:
        return lambda path: True
    wanted = [os.path.realpath(os.path.join(run.scene.cwd, path)) for path in run.options.paths]
    root = os.path.realpath(run.scene.root)

    def is_asked(path: str) -> bool:
        full = os.path.join(root, path)
        return any(full == one or full.startswith(os.path.join(one, "")) for one in wanted)

    return is_asked


def _shapes() -> str:
    """The fields of what a run's verdict is kept as: a change of shape makes older ones unreadable, not wrong."""
    return digest(repr([shape._fields for shape in (Diagnostic, Annotation, Summary)]).encode(), size=8).hex()


def _is_self_contained(run: Run) -> bool:
    """Can only listed files be read? Not with import roots elsewhere, nor with PATHs that git ignores."""
    listed = set(run.scene.files or ())
    paths = (os.path.relpath(os.path.join(run.scene.cwd, path), run.scene.root) for path in run.options.paths)
    named = (path.replace(os.sep, "/") for path in paths if path.endswith(".py"))
    return all(path in listed for path in named) and not any(is_outside(root) for root in run.scene.roots)


def _listing_notes(listing: FileListing | None) -> tuple[str, ...]:
    if listing is None:
        return ()
    tracked = "The cache folder is tracked by git, so its contents are not trusted and not used."
    return (*listing.notes, *([tracked] if listing.cache_is_tracked else ()))
