"""Which dataflows do the project's own drivers make?

Looks for the files that can build a driver, and only where there are some loads and runs what follows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagcheck.dataflows.reach import Reach
from dagcheck.dataflows.scripts import find_scripts
from dagcheck.dataflows.specification import NOTHING_DISCOVERED, Discovered
from dagcheck.project.run import Scene
from dagcheck.project.sources import Sources


def drivers_in(
    scene: Scene, paths: Sequence[str], reach: Reach, sources: Sources, is_outside: Callable[[str], bool]
) -> Discovered:
    """The dataflows that drivers in these files make."""
    scripts = find_scripts(paths, reach.hamilton, sources.source, reach.importers)
    if not scripts.paths:
        return NOTHING_DISCOVERED
    from dagcheck.dataflows.discovered import discovered
    from dagcheck.dataflows.search import World, search

    world = World(scene.modules, sources.source, is_outside, scene.python, {})
    return discovered(search(world, scripts), scene.modules, sources.source)
