"""How is one node shown? Its code, place, type and documentation, what feeds it and who reads it, in each dataflow.

`paths` shows the shortest ways between two nodes instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dagcheck.graph.entries import Entry
from dagcheck.report.graph import entry_json
from dagcheck.report.json import Json, document
from dagcheck.report.text import Line, Piece, painted, printable, wrapped
from dagcheck.report.values import condition_in_words, written
from dagcheck.types.printing import brief, show

LineOf = Callable[[str, int], "str | None"]

_MOST_LINES = 40
_WIDTH = 110


class Portrait(NamedTuple):
    """A node in one dataflow: its variants, the names up- and downstream with their distances, the outputs it leads to."""

    name: str
    dataflow: str
    variants: tuple[Entry, ...]
    upstream: Mapping[str, int]
    downstream: Mapping[str, int]
    outputs: tuple[str, ...]


class Ways(NamedTuple):
    """The shortest paths between two nodes in one dataflow, from the one that is read to the one that reads."""

    dataflow: str
    paths: tuple[tuple[str, ...], ...]


def portraits(found: Sequence[Portrait], line_of: LineOf, *, color: bool = False) -> str:
    """Each node once with its code, then its surroundings in each dataflow."""
    lines: list[Line] = []
    for name in dict.fromkeys(portrait.name for portrait in found):
        same = [portrait for portrait in found if portrait.name == name]
        lines += [()] if lines else []
        seen: list[Entry] = []
        for entry in (entry for portrait in same for entry in portrait.variants):
            if not any(_place(entry) == _place(other) and entry.when == other.when for other in seen):
                lines += [*([()] if seen else []), *_variant(entry, line_of)]
                seen.append(entry)
        for portrait in same:
            lines += [(), *_surroundings(portrait)]
    return painted(lines, color)


def paths(found: Sequence[Ways], one: str, other: str, *, color: bool = False) -> str:
    """The ways between two nodes, or that there are none."""
    lines: list[Line] = []
    for ways in found:
        lines += [*([()] if lines else []), (Piece(printable(f"In {ways.dataflow}"), "strong"),)]
        lines += [(Piece(f"  {printable(' -> '.join(path))}"),) for path in ways.paths]
    if not lines:
        lines = [(Piece(printable(f"No path leads from `{one}` to `{other}`, or back.")),)]
    return painted(lines, color)


def show_json(found: Iterable[Portrait], ways: Iterable[Ways]) -> str:
    """The document of `dagcheck show --format json`."""
    return document(
        {
            "nodes": [_portrait_json(portrait) for portrait in found],
            "paths": [{"dataflow": item.dataflow, "paths": [list(path) for path in item.paths]} for item in ways],
        }
    )


def _portrait_json(portrait: Portrait) -> dict[str, Json]:
    near: Callable[[Mapping[str, int]], list[Json]] = lambda names: [  # noqa: E731
        {"node": name, "distance": distance} for name, distance in names.items()
    ]
    return {
        "name": portrait.name,
        "dataflow": portrait.dataflow,
        "variants": [entry_json(entry) for entry in portrait.variants],
        "upstream": near(portrait.upstream),
        "downstream": near(portrait.downstream),
        "outputs": list(portrait.outputs),
    }


def _place(entry: Entry) -> tuple[object, ...]:
    return entry.kind, entry.path, entry.line, entry.function


def _variant(entry: Entry, line_of: LineOf) -> Iterator[Line]:
    when = f"  when {condition_in_words(entry.when)}" if entry.when else ""
    kind = "" if entry.kind == "function" else f"  {entry.kind}"
    type_ = show(entry.type) or entry.annotation or brief(entry.type)
    yield (
        Piece(printable(entry.name), "strong"),
        Piece(printable(f": {type_}")),
        Piece(printable(kind + when), "info"),
    )
    if entry.path:
        yield (Piece(printable(f"  {entry.path}:{entry.line}"), "dim"), Piece(printable(f"  {entry.module}"), "dim"))
    for paragraph in entry.documentation.strip().splitlines():
        yield from ((Piece(f"  {line}"),) for line in wrapped(printable(paragraph.strip()), _WIDTH))
    tags = {key: value for key, value in entry.tags.items() if key != "module" and not key.startswith("hamilton.")}
    if tags:
        words = ", ".join(f"{key}={written(value)}" for key, value in tags.items())
        yield (Piece("  tags: ", "dim"), Piece(printable(words)))
    if entry.path:
        yield ()
        yield from _code(entry, line_of)


def _code(entry: Entry, line_of: LineOf) -> Iterator[Line]:
    first, last = entry.line, entry.end_line
    above = line_of(entry.path, first - 1)
    while (
        above is not None
        and above.strip()
        and not above.lstrip().startswith(("def ", "class ", "return"))
        and first > 1
    ):
        if not (above.lstrip().startswith(("@", ")", "#")) or above[:1] in " \t"):
            break
        first -= 1
        above = line_of(entry.path, first - 1)
    width = len(str(last))
    for number in range(first, min(last, first + _MOST_LINES) + 1):
        text = line_of(entry.path, number) or ""
        yield (Piece(f"  {number:>{width}} | ", "frame"), Piece(printable(text.expandtabs(4))))
    if last > first + _MOST_LINES:
        yield (Piece(f"  {'...':>{width}}", "dim"),)


def _surroundings(portrait: Portrait) -> Iterator[Line]:
    yield (Piece(printable(f"In {portrait.dataflow}"), "strong"),)
    rows = (
        ("fed by", [f"{name} ({distance})" for name, distance in portrait.upstream.items()]),
        ("read by", [f"{name} ({distance})" for name, distance in portrait.downstream.items()]),
        ("outputs", list(portrait.outputs)),
    )
    for title, items in rows:
        shown = wrapped(printable(", ".join(items) or "nothing"), _WIDTH - 12)
        for index, line in enumerate(shown):
            yield (Piece(f"  {title if index == 0 else '':<9} ", "dim"), Piece(line))
