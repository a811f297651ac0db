"""Which dataflows do the project's drivers make, while the project is being edited?

Scripts are followed with all that they import, which takes long in a large project; but what drivers are given seldom hangs on what
is typed. The answer of last time stands as long as the scripts are the same and the files some function of which was entered, and of
every other file that was read on the way the statements that are no functions, and which functions there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from dagcheck.dataflows.reach import Reach
from dagcheck.dataflows.scripts import find_scripts
from dagcheck.dataflows.specification import NOTHING_DISCOVERED, Discovered
from dagcheck.names.modules import ModuleIndex
from dagcheck.project.run import Scene
from dagcheck.project.sources import Sources
from dagcheck.source.facts import Source


class _Known(NamedTuple):
    """An answer, and what it hangs on: the index of modules, and a mark for each file that was read, `whole` or in outline."""

    modules: ModuleIndex
    scripts: tuple[str, ...]
    whole: frozenset[str]
    marks: Mapping[str, str]
    found: Discovered


class KnownDrivers:
    """State: the last answer, and the marks of texts."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._outlines: dict[str, tuple[str, str]] = {}

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
        known = self._known
        if known is not None and known.modules is scene.modules and known.scripts == scripts.paths:
            before = known.marks.items()
            if all(self._mark(path, sources, whole=path in known.whole) == mark for path, mark in before):
                return known.found
        from dagcheck.dataflows.discovered import discovered
        from dagcheck.dataflows.search import World, search

        read: set[str] = set()

        def reading(path: str) -> Source | None:
            read.add(path)
            return sources.source(path)

        world = World(scene.modules, reading, is_outside, scene.python, {}, [0])
        found = discovered(search(world, scripts), scene.modules, reading)
        whole = frozenset({*scripts.paths, *_wholly_read(found), *(path for path, _ in world.bodies)})
        marks = {path: self._mark(path, sources, whole=path in whole) for path in sorted(read | whole)}
        self._known = _Known(scene.modules, scripts.paths, whole, marks, found)
        return found

    def forget(self, paths: Iterable[str]) -> None:
        """Drop the marks of files that are gone."""
        for path in paths:
            self._outlines.pop(path, None)

    def _mark(self, path: str, sources: Sources, *, whole: bool) -> str:
        digest = sources.digests([path])[path]
        if whole or not digest:
            return digest
        known = self._outlines.get(path)
        if known is None or known[0] != digest:
            source = sources.source(path)
            known = self._outlines[path] = (digest, "" if source is None else _outline(source))
        return known[1]


def _wholly_read(found: Discovered) -> set[str]:
    """The files whose functions a driver is given one by one."""
    return {path for spec in found.specs for path in spec.temporary_paths}


def _outline(source: Source) -> str:
    """A text as far as drivers may hang on it: its top level, functions by their names alone."""
    if source.facts.fault is not None:
        return "broken"
    lines = source.text.split("\n")
    parts = []
    for statement in source.facts.statements:
        if statement[0] == "def":
            parts.append(f"def {statement[2][0]}")
        else:
            place = statement[1]
            parts.append("\n".join(lines[place[0] - 1 : place[2]]))
    return "\n".join(parts)
