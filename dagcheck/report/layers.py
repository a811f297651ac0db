"""Where does each node of a picture stand? In columns from left to right, each behind all that it reads.

The longest way from a source decides the column; within a column, nodes are ordered by where their neighbours stand, a few
times back and forth, which leaves few crossings. Circles are broken where they are met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SWEEPS = 4


def columns(names: Sequence[str], reads: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The names in columns; `reads` are the edges between them."""
    depth = _depths(names, reads)
    found: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in names:
        found[depth[name]].append(name)
    readers: dict[str, list[str]] = {}
    for name in names:
        for other in reads.get(name, ()):
            readers.setdefault(other, []).append(name)
    for sweep in range(_SWEEPS):
        table = reads if sweep % 2 == 0 else readers
        order = range(1, len(found)) if sweep % 2 == 0 else range(len(found) - 2, -1, -1)
        place = {name: index for column in found for index, name in enumerate(column)}
        for number in order:
            weights = {name: _middle(name, table, place) for name in found[number]}
            found[number].sort(key=weights.__getitem__)
            place.update({name: index for index, name in enumerate(found[number])})
    return found


def _depths(names: Sequence[str], reads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The longest way to each name, found without recursion."""
    depth: dict[str, int] = {}
    active: set[str] = set()
    for start in names:
        stack = [start]
        while stack:
            name = stack[-1]
            if name in depth:
                stack.pop()
                continue
            waiting = [other for other in reads.get(name, ()) if other not in depth and other not in active]
            if waiting and name not in active:
                active.add(name)
                stack += waiting
                continue
            depth[name] = max((depth[other] + 1 for other in reads.get(name, ()) if other in depth), default=0)
            active.discard(name)
            stack.pop()
    return depth


def _middle(name: str, table: Mapping[str, Sequence[str]], place: Mapping[str, int]) -> float:
    near = [place[other] for other in table.get(name, ()) if other in place]
    return sum(near) / len(near) if near else float(place[name])
