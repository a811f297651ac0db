"""Which dataflows do the project's drivers make, while the project is being edited?

Scripts are followed with all that they import, which takes long in a large project; but what drivers are given seldom hangs on what
is typed. The answer of last time stands as long as the scripts are the same, and the files that it hangs on (`dagcheck.dataflows.passes`).
Otherwise what the other scripts came to is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dagcheck.dataflows.reach import Reach
from dagcheck.dataflows.scripts import find_scripts
from dagcheck.dataflows.specification import NOTHING_DISCOVERED, Discovered
from dagcheck.names.modules import ModuleIndex
from dagcheck.project.discovery import followed, texts_of
from dagcheck.project.run import Scene
from dagcheck.project.sources import Sources


class _Known(NamedTuple):
    """An answer, and what it hangs on: the index of modules, the scripts, and the files that were read."""

    modules: ModuleIndex
    scripts: tuple[str, ...]
    reads: frozenset[tuple[str, str, str]]
    found: Discovered


class KnownDrivers:
    """State: the last answer, and what each script came to."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._rows = _Rows()

    def found(
        self,
        scene: Scene,
        paths: Sequence[str],
        reach: Reach,
        sources: Sources,
        is_outside: Callable[[str], bool],
    ) -> Discovered:
        """The dataflows that drivers in these files make."""
        scripts = find_scripts(paths, reach.hamilton, sources.source, reach.importers)
        if not scripts.paths:
            return NOTHING_DISCOVERED
        from dagcheck.dataflows.passes import hold

        known = self._known
        is_same = known is not None and known.modules is scene.modules and known.scripts == scripts.paths
        if known is not None and is_same and hold(known.reads, texts_of(sources)):
            return known.found
        found, reads = followed(scripts, scene, sources, is_outside, self._rows)
        self._known = _Known(scene.modules, scripts.paths, reads, found)
        return found


class _Rows:
    """What scripts came to last time. State: the rows."""

    def __init__(self) -> None:
        self._rows: dict[str, Any] = {}

    def get(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """The rows of those keys that are known; others are forgotten."""
        self._rows = {key: self._rows[key] for key in keys if key in self._rows}
        return dict(self._rows)

    def put(self, rows: Mapping[str, Any]) -> None:
        """Keep these rows."""
        self._rows.update(rows)
