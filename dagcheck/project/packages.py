"""Which installed packages are read while a project is analysed? Those of the environment that was chosen for it.

What they came to is kept with everything else, and holds as long as none of what was read has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagcheck.names import foreign
from dagcheck.names.installed import Installed
from dagcheck.names.library import Library
from dagcheck.project.run import Scene
from dagcheck.source.cache import Cache


@contextmanager
def packages_read(scene: Scene, cache: Cache | None) -> Iterator[None]:
    """Let every layer ask the packages of the scene's environment, if it has one."""
    environment = scene.environment
    if environment is None or not environment.site_packages:
        with foreign.reading(None):
            yield
        return
    library = Library(Installed(environment.site_packages, scene.python, cache), foreign.meaning)
    with foreign.reading(library):
        yield
    library.keep()
