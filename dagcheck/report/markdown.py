"""How is an impact said to a reviewer? As a Markdown comment on a pull request.

It opens with a hidden marker, by which the next run finds and replaces it. Then a headline, what changed and why it matters, what
is affected that somebody asks for, findings, a picture, and the rest folded away. Whatever the size of the change, it stays
below the limit of GitHub and GitLab: lists are cut, with the number of what is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.impact.effects import Change
from dagcheck.impact.outcome import Impact
from dagcheck.report.escaping import code, prose
from dagcheck.report.headline import headline
from dagcheck.report.mermaid import impact_picture
from dagcheck.report.text import counted, printable
from dagcheck.report.values import condition_in_words

MARKER = "<!-- dagcheck:impact -->"
MOST_CHARACTERS = 65_000
"""GitHub takes 65,536 in a comment."""

_SIGNS = {"breaking": "🔴", "behaviour": "🟡", "metadata": "⚪", "error": "🔴", "warning": "🟡", "info": "⚪"}


class _Limits(NamedTuple):
    """How many rows of each list are shown, and whether there is a picture."""

    changes: int
    rows: int
    picture: bool = True


_TIGHTER = (
    _Limits(40, 250),
    _Limits(40, 80),
    _Limits(20, 30),
    _Limits(10, 10, picture=False),
    _Limits(3, 3, picture=False),
)


def markdown(impact: Impact) -> str:
    """The comment."""
    text = ""
    for limits in _TIGHTER:
        text = "\n\n".join(section for section in _sections(impact, limits) if section) + "\n"
        if len(text) <= MOST_CHARACTERS:
            break
    return text


def _sections(impact: Impact, limits: _Limits) -> Iterator[str]:
    yield MARKER
    yield f"### {_sign(impact)}{prose(headline(impact))}"
    several = len(impact.dataflows) > 1
    shown = [change for change in impact.changes if change.effect != "metadata"]
    yield _changes(shown, limits.changes, several)
    yield _outputs(impact, limits.rows, several)
    yield _findings("New findings", impact.new, limits.changes)
    if limits.picture and shown:
        drawing, remark = impact_picture(impact)
        yield "\n\n".join(part for part in (f"```mermaid\n{drawing}```" if drawing else "", remark) if part)
    yield _uncertain(impact, limits.changes)
    yield _remarks(impact, limits.changes)
    yield _details("Affected nodes", len(impact.affected), _affected(impact, limits.rows, several))
    yield _details("Changed versions", len(impact.versions), _versions(impact, limits.rows))
    yield _details("Tests to run", len(impact.tests), _tests(impact, limits.rows))
    words = [change for change in impact.changes if change.effect == "metadata"]
    yield _details("Changes of documentation, tags and places", len(words), _changes(words, limits.rows, several))
    resolved = _findings("", impact.resolved, limits.rows)
    yield _details("Resolved findings", len(impact.resolved), resolved)
    yield f"<sub>dagcheck compared {_revision(impact.base)} with {_revision(impact.head)}.</sub>"


def _sign(impact: Impact) -> str:
    worst = "breaking" if any(item.severity == "error" for item in impact.new) else impact.effect
    return f"{_SIGNS[worst]} " if worst in ("breaking", "behaviour") else ""


def _changes(changes: Sequence[Change], limit: int, several: bool) -> str:
    if not changes:
        return ""
    grouped = _grouped(changes)
    rows = [_change(change, flows, several) for change, flows in grouped]
    return _table(("", "node", "change", "why it matters" if changes[0].effect != "metadata" else "what"), rows, limit)


def _grouped(changes: Sequence[Change]) -> list[tuple[Change, list[str]]]:
    """Changes that are the same in several dataflows stand once, the worst first."""
    found: dict[Change, list[str]] = {}
    for change in changes:
        found.setdefault(change._replace(dataflow=""), []).append(change.dataflow)
    order = {"breaking": 0, "behaviour": 1, "metadata": 2}
    return sorted(found.items(), key=lambda item: order[item[0].effect])


def _change(change: Change, flows: Sequence[str], several: bool) -> tuple[str, ...]:
    where = f"<br>in {', '.join(map(code, flows[:4]))}{' …' if len(flows) > 4 else ''}" if several else ""
    place = f"<br>{code(f'{change.path}:{change.line}')}" if change.path else ""
    kind = f"renamed from {code(change.renamed_from)}" if change.renamed_from else change.kind
    facets = f": {', '.join(change.facets)}" if change.kind == "modified" else ""
    likely = "; likely" if change.certainty == "likely" else ""
    effect = f"**{change.effect}**" if change.effect == "breaking" else change.effect
    what = f"{kind}{facets}<br>{effect}{likely}"
    return (_SIGNS[change.effect], f"{code(change.node)}{place}{where}", what, prose(change.reason))


def _outputs(impact: Impact, limit: int, several: bool) -> str:
    if not impact.outputs and not impact.owners:
        return ""
    lines = []
    if impact.outputs:
        rows = [
            f"{code(row.node)}{f' of {code(row.dataflow)}' if several else ''} ({code(row.place)})"
            for row in impact.outputs
        ]
        lines.append(f"**Affected outputs:** {_row(rows, min(limit, 20))}")
    if impact.owners:
        lines.append(f"**Owners:** {_row([code(owner) for owner in impact.owners], min(limit, 20))}")
    return "  \n".join(lines)


def _findings(title: str, diagnostics: Sequence[Diagnostic], limit: int) -> str:
    if not diagnostics:
        return ""
    lines = [f"**{title}**\n"] if title else []
    for item in diagnostics[:limit]:
        place = code(f"{item.location.path}:{item.location.span.line}")
        advice = f" — {prose(item.help)}" if item.help else ""
        lines.append(f"- {_SIGNS[item.severity]} {place} {prose(item.message)} ({code(item.rule)}){advice}")
    return "\n".join([*lines, *_left_out(len(diagnostics), limit, "- ")])


def _uncertain(impact: Impact, limit: int) -> str:
    if not impact.uncertain:
        return ""
    lines = [f"**Cannot be told for {counted(len(impact.uncertain), 'node')}**\n"]
    lines += [f"- {code(row.node)} of {code(row.dataflow)}: {prose(row.reason)}" for row in impact.uncertain[:limit]]
    return "\n".join([*lines, *_left_out(len(impact.uncertain), limit, "- ")])


def _remarks(impact: Impact, limit: int) -> str:
    if not impact.remarks:
        return ""
    lines = ["**Lock files**\n", *(f"- {prose(remark)}" for remark in impact.remarks[:limit])]
    return "\n".join([*lines, *_left_out(len(impact.remarks), limit, "- ")])


def _affected(impact: Impact, limit: int, several: bool) -> str:
    rows = []
    for row in impact.affected:
        route = " → ".join(
            code(name) for name in (row.route if len(row.route) < 7 else (*row.route[:3], "…", *row.route[-3:]))
        )
        when = code(condition_in_words(row.when)) if row.when else ""
        flow = (code(row.dataflow),) if several else ()
        rows.append((code(row.node), *flow, str(row.distance), route if row.distance else "changed itself", when))
    heads = ("node", *(("dataflow",) if several else ()), "distance", "route", "when")
    if not any(row.when for row in impact.affected):
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return _table(heads, rows, limit)


def _versions(impact: Impact, limit: int) -> str:
    rows = [(prose(row.change.words), counted(row.nodes, "node") if row.nodes else "") for row in impact.versions]
    return _table(("distribution", "used by"), rows, limit)


def _tests(impact: Impact, limit: int) -> str:
    fence = "````" if any("```" in test for test in impact.tests) else "```"
    lines = [printable(test)[:300] for test in impact.tests[:limit]]
    return "\n".join([f"{fence}text", *lines, fence, *_left_out(len(impact.tests), limit, "")])


def _details(title: str, number: int, body: str) -> str:
    if not number or not body:
        return ""
    return f"<details>\n<summary>{title} ({number})</summary>\n\n{body}\n\n</details>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], limit: int) -> str:
    line: Callable[[Sequence[str]], str] = lambda cells: f"| {' | '.join(cells)} |"  # noqa: E731
    lines = [line(heads), line(["---"] * len(heads)), *map(line, rows[:limit])]
    return "\n".join([*lines, *(f"\n{left}" for left in _left_out(len(rows), limit, ""))])


def _row(items: Sequence[str], limit: int) -> str:
    left = f" and {len(items) - limit} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + left


def _left_out(number: int, limit: int, mark: str) -> list[str]:
    return [f"{mark}… and {number - limit} more"] if number > limit else []


def _revision(name: str) -> str:
    return code(name[:12]) if len(name) == 40 else "the working tree"
