"""Which dataflows do the project's own drivers make?

Looks for the files that can build a driver, and only where there are some loads and runs what follows them. What they came to is kept
in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dagcheck.dataflows.reach import Reach
from dagcheck.dataflows.scripts import Scripts, find_scripts
from dagcheck.dataflows.specification import NOTHING_DISCOVERED, Discovered
from dagcheck.project.run import Scene
from dagcheck.project.sources import Sources
from dagcheck.source.cache import Cache
from dagcheck.source.digests import digest

if TYPE_CHECKING:  # only where there are drivers
    from dagcheck.dataflows.passes import Followed, Store, Texts


def drivers_in(  # noqa: PLR0917  private to the project, and each stands for itself
    scene: Scene,
    paths: Sequence[str],
    reach: Reach,
    sources: Sources,
    is_outside: Callable[[str], bool],
    cache: Cache | None = None,
) -> Discovered:
    """The dataflows that drivers in these files make."""
    scripts = find_scripts(paths, reach.hamilton, sources.source, reach.importers)
    if not scripts.paths:
        return NOTHING_DISCOVERED
    return followed(scripts, scene, sources, is_outside, None if cache is None else _InCache(cache)).found


def texts_of(sources: Sources) -> Texts:
    """The project's files, as the search for drivers asks for them."""
    from dagcheck.dataflows.passes import Texts

    return Texts(lambda path: sources.digests([path])[path], sources.source)


def followed(
    scripts: Scripts, scene: Scene, sources: Sources, is_outside: Callable[[str], bool], store: Store | None
) -> Followed:
    """The dataflows of drivers in these scripts; what is in the `store` and still holds is not followed again."""
    from dagcheck.dataflows.passes import drivers_found
    from dagcheck.dataflows.search import World

    world = World(scene.modules, sources.source, is_outside, scene.python, {}, [0])
    around = (
        *scene.roots,
        *(scene.files or ()),
        scene.root,
        repr(scene.python),
        repr(scene.environment),
        scene.installed,
    )
    mark = digest("\0".join(around).encode(errors="surrogatepass")).hex()
    return drivers_found(world, scripts, texts_of(sources), store, mark)


class _InCache:
    """The rows of drivers in the cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """The rows of those keys that are known."""
        return self._cache.get("drivers", keys)

    def put(self, rows: Mapping[str, Any]) -> None:
        """Keep these rows."""
        self._cache.put("drivers", rows)
