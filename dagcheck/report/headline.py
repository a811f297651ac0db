"""What is the one thing to know about a change? A sentence that a reviewer understands in five seconds."""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.impact.effects import Change
from dagcheck.impact.outcome import Impact
from dagcheck.report.text import counted, joined


def headline(impact: Impact) -> str:
    """The sentence, without a full stop."""
    names = _names(impact.changes)
    breaking = _names([change for change in impact.changes if change.effect == "breaking"])
    if not names:
        return f"No node changed{_findings(impact)}"
    if impact.effect == "metadata":
        return f"Only documentation, tags or places changed ({counted(len(names), 'node')}){_findings(impact)}"
    changed = _names([change for change in impact.changes if change.effect != "metadata"])
    first = f"{counted(len(changed), 'node')} changed"
    if breaking:
        which = "" if len(breaking) == len(changed) == 1 else f" {len(breaking)}"
        verb = "breaks what depends on it" if len(breaking) == 1 else "break what depends on them"
        first += f"{',' if which else ' and'}{which} {verb}"
    return f"{first}; {_reached(impact, changed)}{_findings(impact)}"


def _reached(impact: Impact, changed: Sequence[str]) -> str:
    further = len({row.node for row in impact.affected} - set(changed))
    outputs = len({row.node for row in impact.outputs})
    words = [f"{counted(further, 'node')} downstream" if further else "nothing downstream"]
    if outputs:
        words.append(counted(outputs, "output"))
    return f"{joined(words)} affected" if further or outputs else "nothing else is affected"


def _findings(impact: Impact) -> str:
    """`; this change introduces 2 errors and resolves 1 finding`."""
    counts = {level: sum(1 for item in impact.new if item.severity == level) for level in ("error", "warning", "info")}
    new = joined([counted(number, "note" if level == "info" else level) for level, number in counts.items() if number])
    words = [f"introduces {new}"] if new else []
    words += [f"resolves {counted(len(impact.resolved), 'finding')}"] if impact.resolved else []
    return f"; this change {joined(words)}" if words else ""


def _names(changes: Sequence[Change]) -> list[str]:
    """The nodes, each once however many dataflows it is part of."""
    return list(dict.fromkeys(change.node for change in changes))
