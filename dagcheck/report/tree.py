"""How does a dataflow look in a terminal? As trees, from the final nodes down to the inputs.

A node's dependencies stand below it, once: where it is met again, `(above)` points back, or `(cycle)` where it is met
below itself. Variants of one name stand beside each other with their conditions. A branch deeper than `DEPTH` is broken
off with `(below)` and goes on as a tree of its own, so that a chain of a thousand nodes stays readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dagcheck.graph.entries import Entry
from dagcheck.report.outline import Outline
from dagcheck.report.text import Line, Piece, counted, painted, printable
from dagcheck.report.values import condition_in_words, settings_in_words
from dagcheck.types.printing import brief

DEPTH = 12
"""Levels of one tree."""

_UNICODE = ("├── ", "│   ", "└── ", "    ")
_ASCII = ("|-- ", "|   ", "`-- ", "    ")
"""What leads to a line and stands below it where more follows; the same for the last line."""


class _Way(NamedTuple):
    """The names on the way down to a line, the nearest first."""

    name: str
    rest: _Way | None


class _Edge(NamedTuple):
    """A line to come: a name, read by the last name of `way`."""

    name: str
    is_optional: bool
    way: _Way | None
    depth: int


def tree(outlines: Iterable[Outline], *, color: bool = False, has_unicode: bool = True) -> str:
    """Each dataflow as a heading and its trees, separated by empty lines."""
    lines: list[Line] = []
    for outline in outlines:
        lines += [*([()] if lines else []), *_heading(outline)]
        previous = 0
        for root in map(list, _Forest(outline.entries, _UNICODE if has_unicode else _ASCII).trees()):
            lines += [*([] if previous == len(root) == 1 else [()]), *root]
            previous = len(root)
    return painted(lines, color)


def _heading(outline: Outline) -> Iterator[Line]:
    origin = outline.origin
    line = f":{origin.line}" if origin.line and origin.kind != "file" else ""
    place = f": {origin.path}{line}" if origin.path else ""
    yield (Piece(printable(outline.name), "strong"), Piece(printable(f"  ({origin.kind}{place})"), "dim"))
    modules = ", ".join(name for name, _ in outline.modules)
    yield (Piece("modules: ", "dim"), Piece(printable(modules)))
    if outline.config is not None:
        yield (Piece("configuration: ", "dim"), Piece(printable(settings_in_words(outline.config.items()) or "empty")))
    yield (Piece("nodes: ", "dim"), Piece(_figures(outline)))


def _figures(outline: Outline) -> str:
    kinds = [kind for _, kind in {(entry.name, entry.kind) for entry in outline.entries}]
    figures = [f"{kinds.count('function')} from functions", counted(kinds.count("input"), "input")]
    if "config" in kinds:
        figures.append(f"{kinds.count('config')} from the configuration")
    rest = "" if outline.is_complete else "; there may be more, not everything could be resolved"
    return ", ".join(figures) + rest


class _Forest:
    """The trees of one dataflow while they are written: which names have been shown, which were put off."""

    def __init__(self, entries: Sequence[Entry], strokes: tuple[str, str, str, str]) -> None:
        self.strokes = strokes
        self.variants: dict[str, list[Entry]] = {}
        for entry in entries:
            self.variants.setdefault(entry.name, []).append(entry)
        self.shown: set[str] = set()
        self.put_off: list[_Edge] = []

    def trees(self) -> Iterator[Iterator[Line]]:
        """First what nothing reads, then what only a cycle reads; each followed by the branches broken off it.

        Keys of the configuration that no node reads are in the heading, not here.
        """
        read = {dependency.name for row in self.variants.values() for entry in row for dependency in entry.dependencies}
        unread = [name for name in self.variants if name not in read]
        final = [name for name in unread if any(entry.kind != "config" for entry in self.variants[name])]
        for name in [*final, *(name for name in self.variants if name in read)]:
            self.put_off.append(_Edge(name, False, None, 0))
            while self.put_off:
                edge = self.put_off.pop(0)
                if edge.name not in self.shown:
                    yield self._branch(edge._replace(depth=0), "", is_last=True)

    def _branch(self, edge: _Edge, margin: str, is_last: bool) -> Iterator[Line]:
        """The lines of a name behind `margin`, one a variant, each with its dependencies below it."""
        variants = self.variants.get(edge.name, [])
        pointer = self._pointer(edge, variants)
        if pointer or not variants:
            yield (Piece(margin + self._stroke(edge, is_last), "dim"), *_reference(edge, pointer))
            return
        self.shown.add(edge.name)
        way = _Way(edge.name, edge.way)
        for entry in variants:
            ends = is_last and entry is variants[-1]
            yield (Piece(margin + self._stroke(edge, ends), "dim"), *_words(edge, entry))
            deeper = margin + ("" if edge.depth == 0 else self.strokes[3] if ends else self.strokes[1])
            for dependency in entry.dependencies:
                reader = _Edge(dependency.name, dependency.optional, way, edge.depth + 1)
                yield from self._branch(reader, deeper, is_last=dependency is entry.dependencies[-1])

    def _stroke(self, edge: _Edge, is_last: bool) -> str:
        return "" if edge.depth == 0 else self.strokes[2 if is_last else 0]

    def _pointer(self, edge: _Edge, variants: Sequence[Entry]) -> str:
        """Where the name's dependencies are, if not here; "" for here. A name without any is said in full each time."""
        if not any(entry.dependencies for entry in variants):
            return ""
        if edge.name in self.shown:
            return "cycle" if _leads_over(edge.way, edge.name) else "above"
        if edge.depth >= DEPTH:
            self.put_off.append(edge)
            return "below"
        return ""


def _leads_over(way: _Way | None, name: str) -> bool:
    while way is not None and way.name != name:
        way = way.rest
    return way is not None


def _reference(edge: _Edge, pointer: str) -> Line:
    return (
        Piece(printable(edge.name)),
        Piece(f" ({pointer})" if pointer else "", "dim"),
        Piece("  optional" if edge.is_optional else "", "info"),
    )


def _words(edge: _Edge, entry: Entry) -> Line:
    """`name: type  input, optional, when region="US"`."""
    remarks = [
        "" if entry.kind == "function" else entry.kind,
        "" if entry.role == "standard" else entry.role,
        "optional" if edge.is_optional else "",
        f"when {condition_in_words(entry.when)}" if entry.when else "",
    ]
    words = printable(", ".join(filter(None, remarks)))
    type_ = entry.annotation or ("" if entry.kind == "config" else brief(entry.type))
    return (
        Piece(printable(entry.name), "strong"),
        Piece(f": {printable(type_)}" if type_ else ""),
        Piece(f"  {words}" if words else "", "info"),
    )
