"""How does a graph look to Graphviz?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dagcheck.report.outline import Outline
from dagcheck.report.text import printable
from dagcheck.types.printing import brief


def dot(outlines: Iterable[Outline]) -> str:
    """Whole dataflows as one digraph, a cluster each where there are several."""
    listed = list(outlines)
    lines = ["digraph dagcheck {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    for index, outline in enumerate(listed):
        inner = list(_inside(outline))
        if len(listed) > 1:
            lines.append(f"  subgraph cluster_{index} {{")
            lines.append(f"    label={_quoted(outline.name)};")
            lines += [f"  {line}" for line in inner]
            lines.append("  }")
        else:
            lines += inner
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _inside(outline: Outline) -> Iterator[str]:
    shown: set[str] = set()
    for entry in outline.entries:
        if entry.name not in shown:
            shown.add(entry.name)
            kind = "" if entry.kind == "function" else ", style=dashed"
            text = f'"{_escaped(entry.name)}\\n{_escaped(entry.annotation or brief(entry.type))}"'
            yield f"  {_key(outline, entry.name)} [label={text}{kind}];"
    names = {entry.name for entry in outline.entries}
    edges = [(part.name, entry.name) for entry in outline.entries for part in entry.dependencies if part.name in names]
    for start, end in dict.fromkeys(edges):
        yield f"  {_key(outline, start)} -> {_key(outline, end)};"


def _key(outline: Outline, name: str) -> str:
    return _quoted(f"{outline.name}/{name}")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """A text as it stands between Graphviz's quotes."""
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')
