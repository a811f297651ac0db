"""How is an impact said in a terminal? `full` for people, `concise` one line a change, an output and a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dagcheck.impact.effects import Change
from dagcheck.impact.outcome import ChangedVersion, Impact
from dagcheck.impact.propagation import Affected
from dagcheck.report.concise import finding_line
from dagcheck.report.headline import headline
from dagcheck.report.text import Line, Piece, Style, counted, painted, printable
from dagcheck.report.values import condition_in_words

_STYLES: dict[str, Style] = {"breaking": "error", "behaviour": "warning", "metadata": "dim"}
_MOST_ROWS = 40
_MOST_ON_THE_WAY = 6


def concise(impact: Impact, color: bool = False) -> str:
    """`path:line: effect[node] reason`, then outputs and new findings; "" when nothing changed."""
    lines: list[Line] = [_change_line(change) for change in impact.changes]
    for output in impact.outputs:
        line = f":{output.line}" if output.path else ""
        place = (Piece(printable(output.path or output.place), "strong"), Piece(f"{line}: ", "dim"))
        lines.append((*place, Piece("output", "info"), Piece(f"[{printable(output.node)}] is affected")))
    lines += [finding_line(diagnostic) for diagnostic in impact.new]
    return painted(dict.fromkeys(lines), color)


def full(impact: Impact, *, color: bool = False) -> str:
    """The headline, then what changed, what it reaches, whom it concerns, and what is wrong now."""
    lines: list[Line] = [(Piece(f"{printable(headline(impact))}.", "strong"),)]
    several = len(impact.dataflows) > 1
    sections: list[tuple[str, list[Line]]] = [
        ("Changed", [line for change in impact.changes for line in _change(change, several)]),
        ("Affected", [_affected(row, several) for row in impact.affected if row.distance]),
        ("Outputs", [_output(impact, index, several) for index in range(len(impact.outputs))]),
        ("New findings", [finding_line(diagnostic) for diagnostic in impact.new]),
        ("Resolved findings", [finding_line(diagnostic) for diagnostic in impact.resolved]),
        ("Owners", [(Piece(printable(owner)),) for owner in impact.owners]),
        ("Versions", [_version(row) for row in impact.versions]),
        ("Tests", [(Piece(printable(test)),) for test in impact.tests]),
        ("Cannot be told", [(Piece(printable(f"{row.node}: {row.reason}")),) for row in impact.uncertain]),
    ]
    for title, rows in sections:
        if rows:
            lines += [(), (Piece(title, "strong"),)]
            lines += [(Piece("  "), *row) for row in _cut(rows)]
    return painted(lines, color)


def _cut(rows: Sequence[Line]) -> Iterator[Line]:
    yield from rows[:_MOST_ROWS]
    if len(rows) > _MOST_ROWS:
        yield (Piece(f"... and {len(rows) - _MOST_ROWS} more (--format json has all of them)", "dim"),)


def _change_line(change: Change) -> Line:
    place = (Piece(printable(change.path), "strong"), Piece(f":{change.line}: ", "dim")) if change.path else ()
    effect = Piece(f"{change.effect}[{printable(change.node)}]", _STYLES[change.effect])
    return (*place, effect, Piece(f" {change.kind}: {printable(change.reason)}"))


def _change(change: Change, several: bool) -> Iterator[Line]:
    kind = f"renamed from {change.renamed_from}" if change.renamed_from else change.kind
    facets = f" ({', '.join(change.facets)})" if change.kind == "modified" else ""
    name = f"{change.dataflow}: {change.node}" if several else change.node
    likely = ", likely" if change.certainty == "likely" else ""
    yield (
        Piece(f"{change.effect:<9} ", _STYLES[change.effect]),
        Piece(printable(name), "strong"),
        Piece(printable(f"  {kind}{facets}{likely}"), "dim"),
    )
    place = f"  {change.path}:{change.line}" if change.path else ""
    yield (Piece(" " * 10), Piece(printable(change.reason)), Piece(printable(place), "dim"))


def _affected(row: Affected, several: bool) -> Line:
    name = f"{row.dataflow}: {row.node}" if several else row.node
    when = f"  when {condition_in_words(row.when)}" if row.when else ""
    way = list(row.route)
    if len(way) > _MOST_ON_THE_WAY:
        way = [*way[:2], "...", *way[-3:]]
    return (
        Piece(f"{row.distance:>3}  ", "dim"),
        Piece(printable(name), "strong"),
        Piece(printable(f"  {' -> '.join(way)}"), "dim"),
        Piece(printable(when), "info"),
    )


def _version(row: ChangedVersion) -> Line:
    users = f"used by {counted(row.nodes, 'node')}" if row.nodes else "no node is seen to use it"
    return (Piece(printable(row.change.words)), Piece(f"  {users}", "dim"))


def _output(impact: Impact, index: int, several: bool) -> Line:
    row = impact.outputs[index]
    name = f"{row.dataflow}: {row.node}" if several else row.node
    return (Piece(printable(name), "strong"), Piece(printable(f"  {row.place}"), "dim"))
