"""How is the list of rules shown? As a table for people, as JSON for programs; and which rule was meant by a misspelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dagcheck.report.json import document
from dagcheck.report.text import Line, Piece, painted
from dagcheck.rules.rule import Rule


def rule_table(rules: Sequence[Rule], color: bool = False) -> str:
    """The rules by group, in the order given: name, severity, summary."""
    width = max((len(rule.name) for rule in rules), default=0)
    lines: list[Line] = []
    for group in dict.fromkeys(rule.group for rule in rules):
        lines += [*([()] if lines else []), (Piece(group, "strong"),)]
        lines += [_row(rule, width) for rule in rules if rule.group == group]
    return painted(lines, color)


def rules_json(pages: Iterable[tuple[Rule, str]]) -> str:
    """The document of `dagcheck rule --format json`: rules with their pages (Markdown)."""
    rows = [
        {
            "name": rule.name,
            "summary": rule.summary,
            "severity": rule.severity,
            "group": rule.group,
            "level": rule.level,
            "status": rule.status,
            "default": rule.default,
            "page": page,
        }
        for rule, page in pages
    ]
    return document({"rules": rows})


def nearest(name: str, names: Sequence[str]) -> str:
    """The names most like `name`, as words; "" when none is."""
    import difflib

    from dagcheck.report.text import joined

    return joined(difflib.get_close_matches(name, names, 3, 0.62), "or")


def _row(rule: Rule, width: int) -> Line:
    summary = rule.summary if rule.default else f"{rule.summary} (off until selected)"
    return (Piece(f"  {rule.name:<{width}}  "), Piece(f"{rule.severity:<7}", rule.severity), Piece(f"  {summary}"))
