"""How does a graph look as a Mermaid picture?

GitHub and GitLab draw at most 500 edges and 50,000 characters, and nobody reads as many: beyond `MOST_NODES` or `MOST_EDGES` the
picture shows modules instead of nodes, and beyond that there is none. Names are data: they stand in quotes, with every
character escaped that means something to Mermaid, and nodes are referred to by numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dagcheck.impact.outcome import Impact
from dagcheck.report.outline import Outline
from dagcheck.report.text import counted

MOST_NODES = 60
MOST_EDGES = 150
_LONGEST = 48

_STYLES = {
    "breaking": "fill:#fde0dd,stroke:#c0392b,color:#5b1a12,stroke-width:2px",
    "behaviour": "fill:#fdf0d5,stroke:#b9770e,color:#5a3a06,stroke-width:2px",
    "affected": "fill:#eef3f8,stroke:#7f93a8,color:#22303c",
    "output": "fill:#e3f1e5,stroke:#3c8d4a,color:#163d1d,stroke-width:2px",
    "gone": "fill:#ffffff,stroke:#c0392b,color:#c0392b,stroke-dasharray:4 3",
    "input": "fill:#ffffff,stroke:#9aa5b1,color:#3a444e,stroke-dasharray:4 3",
}


class Box(NamedTuple):
    """A node of a picture: its key, what is written in it, its style, and the frame it stands in."""

    key: str
    label: str
    style: str = ""
    is_round: bool = False
    frame: str = ""


def picture(boxes: Sequence[Box], edges: Iterable[tuple[str, str]]) -> str:
    """A flowchart from left to right; edges are pairs of keys."""
    numbers = {box.key: f"n{index}" for index, box in enumerate(boxes)}
    lines = ["flowchart LR"]
    frame, frames = "", 0
    for box in sorted(boxes, key=lambda box: box.frame):
        if box.frame != frame:
            lines += [*(["  end"] if frame else []), f'  subgraph s{frames}["{label(box.frame)}"]', "  direction LR"]
            frame, frames = box.frame, frames + 1
        opening, closing = ("([", "])") if box.is_round else ("[", "]")
        style = f":::{box.style}" if box.style else ""
        lines.append(f'  {numbers[box.key]}{opening}"{label(box.label)}"{closing}{style}')
    lines += ["  end"] if frame else []
    lines += [f"  {numbers[start]} --> {numbers[end]}" for start, end in edges if start in numbers and end in numbers]
    used = {box.style for box in boxes}
    lines += [f"  classDef {name} {style}" for name, style in _STYLES.items() if name in used]
    return "".join(f"{line}\n" for line in lines)


def label(text: str) -> str:
    """A text as it may stand between Mermaid's quotes."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return "".join(
        character if character.isalnum() or character in " _-.,:()/+=…" else f"#{ord(character)};"
        for character in (short if short.isprintable() else repr(short)[1:-1])
    )


def impact_picture(impact: Impact) -> tuple[str, str]:
    """The affected part as a picture, and a sentence about what it leaves out; both "" where there is nothing to draw."""
    if len(impact.affected) < 2:
        return "", ""
    several = len({row.dataflow for row in impact.affected}) > 1
    boxes = _boxes(impact, several)
    edges = list(dict.fromkeys((f"{flow}/{start}", f"{flow}/{end}") for flow, start, end in impact.edges))
    if len(boxes) <= MOST_NODES and len(edges) <= MOST_EDGES:
        return picture(boxes, edges), ""
    modules, between = _rolled_up(impact)
    if len(modules) <= MOST_NODES and len(between) <= MOST_EDGES:
        return picture(
            modules, between
        ), f"{counted(len(boxes), 'node')} are too many to draw: these are their modules."
    return "", f"{counted(len(boxes), 'node')} in {counted(len(modules), 'module')} are too many to draw."


def graph_picture(outlines: Iterable[Outline]) -> str:
    """Whole dataflows, one subgraph each where there are several."""
    boxes: dict[str, Box] = {}
    edges: dict[tuple[str, str], None] = {}
    listed = list(outlines)
    for outline in listed:
        frame = outline.name if len(listed) > 1 else ""
        for entry in outline.entries:
            style = "" if entry.kind == "function" else "input"
            key = f"{outline.name}/{entry.name}"
            if key not in boxes or boxes[key].style:
                boxes[key] = Box(key, entry.name, style, entry.kind != "function", frame)
            for part in entry.dependencies:
                edges[f"{outline.name}/{part.name}", key] = None
    return picture(list(boxes.values()), edges)


def _boxes(impact: Impact, several: bool) -> list[Box]:
    outputs = {(row.dataflow, row.node) for row in impact.outputs}
    effects = {(change.dataflow, change.node): change.effect for change in reversed(impact.changes)}
    present = {(row.dataflow, row.node) for row in impact.affected}
    boxes = []
    for row in impact.affected:
        place = (row.dataflow, row.node)
        style = str(effects.get(place, "affected")) if row.distance == 0 else "affected"
        style = "output" if place in outputs and style == "affected" else style
        frame = row.dataflow if several else ""
        boxes.append(Box(f"{row.dataflow}/{row.node}", row.node, style, place in outputs, frame))
    for flow, start, _ in dict.fromkeys(
        (flow, start, "") for flow, start, _ in impact.edges if (flow, start) not in present
    ):
        boxes.append(Box(f"{flow}/{start}", f"{start} (gone)", "gone", frame=flow if several else ""))
    return boxes


def _rolled_up(impact: Impact) -> tuple[list[Box], list[tuple[str, str]]]:
    """Modules with the number of their affected nodes, and the edges between them."""
    modules: Mapping[tuple[str, str], str] = dict(impact.modules)
    counts: dict[str, int] = {}
    changed: dict[str, str] = {}
    for row in impact.affected:
        module = modules.get((row.dataflow, row.node), "")
        counts[module] = counts.get(module, 0) + 1
    for change in reversed(impact.changes):
        module = modules.get((change.dataflow, change.node), "")
        if module in counts and change.effect != "metadata":
            changed[module] = "breaking" if "breaking" in (change.effect, changed.get(module)) else "behaviour"
    edges: dict[tuple[str, str], None] = {}
    for flow, start, end in impact.edges:
        pair = modules.get((flow, start), ""), modules.get((flow, end), "")
        if pair[0] != pair[1]:
            edges[pair] = None
    boxes = [
        Box(module, f"{module} ({counted(number, 'node')})", changed.get(module, "affected"))
        for module, number in counts.items()
    ]
    return boxes, list(edges)
