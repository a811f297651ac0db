"""How does a graph look in a browser? One page that needs nothing else: no server, no network, no other file.

The picture is drawn here, as SVG; the page's script only answers clicks and searches. What comes from code is text of elements or
JSON in which nothing can end the element it stands in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from html import escape

from dagcheck.report.layers import columns
from dagcheck.report.outline import Outline
from dagcheck.report.text import cells, printable
from dagcheck.report.values import condition_in_words, written
from dagcheck.types.printing import brief

_HEIGHT, _GAP, _COLUMN_GAP, _PADDING = 34, 14, 70, 14
_CELL = 7.2
_WIDEST = 36


def page(outlines: Iterable[Outline]) -> str:
    """The page of some dataflows."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "page.html"), encoding="utf-8") as file:
        template = file.read()
    listed = list(outlines)
    sections = "\n".join(_section(number, outline) for number, outline in enumerate(listed))
    title = escape(", ".join(printable(outline.name) for outline in listed) or "no dataflow")
    data = json.dumps({f"{number}": _facts(outline) for number, outline in enumerate(listed)}).replace("<", "\\u003c")
    return template.replace("%TITLE%", title).replace("%SECTIONS%", sections).replace("%DATA%", data)


def _section(number: int, outline: Outline) -> str:
    heading = escape(printable(outline.name))
    nodes = len({entry.name for entry in outline.entries})
    return f'<section data-flow="{number}"><h2>{heading} <small>{nodes} nodes</small></h2>{_drawing(number, outline)}</section>'


def _reads(outline: Outline) -> dict[str, list[str]]:
    names = {entry.name for entry in outline.entries}
    found: dict[str, dict[str, None]] = {name: {} for name in (entry.name for entry in outline.entries)}
    for entry in outline.entries:
        found[entry.name].update(dict.fromkeys(part.name for part in entry.dependencies if part.name in names))
    return {name: list(others) for name, others in found.items()}


def _drawing(number: int, outline: Outline) -> str:
    """The graph of a dataflow as SVG."""
    reads = _reads(outline)
    kinds = {entry.name: entry.kind for entry in reversed(outline.entries)}
    boxes: dict[str, tuple[float, float, float]] = {}
    left, bottom = float(_PADDING), 0.0
    for column in columns(list(reads), reads):
        width = max(_width(name) for name in column)
        for row, name in enumerate(column):
            top = _PADDING + row * (_HEIGHT + _GAP)
            boxes[name] = (left, top, width)
            bottom = max(bottom, top + _HEIGHT)
        left += width + _COLUMN_GAP
    size = f'width="{left - _COLUMN_GAP + _PADDING:.0f}" height="{bottom + _PADDING:.0f}"'
    parts = [*_lines(reads, boxes), *_boxes(number, boxes, kinds)]
    return f'<svg {size} role="img" aria-label="the graph">{"".join(parts)}</svg>'


def _lines(reads: dict[str, list[str]], boxes: dict[str, tuple[float, float, float]]) -> Iterator[str]:
    indexes = {name: index for index, name in enumerate(boxes)}
    for name, others in reads.items():
        for other in others:
            start, end = boxes[other], boxes[name]
            x, y = start[0] + start[2], start[1] + _HEIGHT / 2
            to_x, to_y = end[0], end[1] + _HEIGHT / 2
            bend = max(30.0, (to_x - x) / 2)
            way = f"M{x:.0f} {y:.0f}C{x + bend:.0f} {y:.0f} {to_x - bend:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}"
            yield f'<path d="{way}" data-from="{indexes[other]}" data-to="{indexes[name]}"/>'


def _boxes(number: int, boxes: dict[str, tuple[float, float, float]], kinds: dict[str, str]) -> Iterator[str]:
    for index, (name, (left, top, width)) in enumerate(boxes.items()):
        text = escape(_short(name))
        yield (
            f'<g class="node {kinds[name]}" data-node="{index}" tabindex="0" transform="translate({left:.0f} {top:.0f})">'
            f'<title>{escape(printable(name))}</title><rect width="{width:.0f}" height="{_HEIGHT}" rx="7"/>'
            f'<text x="{width / 2:.0f}" y="{_HEIGHT / 2 + 4.5:.1f}">{text}</text></g>'
        )


def _facts(outline: Outline) -> list[dict[str, object]]:
    """What is said about each node when it is chosen, in the order of the drawing."""
    rows: dict[str, dict[str, object]] = {}
    order = [name for column in columns(list(_reads(outline)), _reads(outline)) for name in column]
    for entry in outline.entries:
        tags = [f"{key}={written(value)}" for key, value in entry.tags.items() if not key.startswith("hamilton.")]
        when = condition_in_words(entry.when) if entry.when else ""
        variant = {
            "type": entry.annotation or brief(entry.type),
            "place": f"{entry.path}:{entry.line}" if entry.path else entry.kind,
            "when": when,
            "tags": ", ".join(tags),
            "documentation": entry.documentation,
        }
        row = rows.setdefault(entry.name, {"name": entry.name, "variants": []})
        row["variants"] = [*row["variants"], variant]  # type: ignore[misc]
    return [rows[name] for name in order]


def _width(name: str) -> float:
    return cells(_short(name)) * _CELL + 24


def _short(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _WIDEST else f"{shown[: _WIDEST - 1]}…"
