"""`unused-ignore`: a comment that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import CommentUnit, finding, rule
from dagcheck.span import Location


@rule(summary="A comment suppresses nothing", level="comment", group="source", severity="warning")
def unused_ignore(unit: CommentUnit) -> Iterator[Diagnostic]:
    """Hamilton knows nothing of such comments."""
    comment = unit.comment
    location = Location(unit.path, comment.span)
    if comment.problem:
        yield finding(f"this comment suppresses nothing: {comment.problem}", location, "silent", label="is ignored")
        return
    strange = [name for name in unit.unused if name not in unit.known]
    for name in strange:
        yield finding(
            f"there is no rule `{name}` to ignore",
            location,
            "silent",
            label="suppresses nothing",
            advice=_meant(unit, name),
        )
    idle = [name for name in unit.unused if name not in strange]
    if idle or comment.rules is None:
        what = f"no {', '.join(f'`{name}`' for name in idle)}" if idle else "nothing"
        yield finding(
            f"{what} is found {'in this file' if comment.for_file else 'here'}",
            location,
            "silent",
            label="suppresses nothing",
            advice="drop the comment" if len(idle) == len(comment.rules or ()) else "drop the name",
            certainty="certain" if unit.is_sure else "likely",
        )


def _meant(unit: CommentUnit, name: str) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(name, unit.known, 1)
    return f"did you mean `{nearest[0]}`?" if nearest else "`dagcheck rule` lists all rules"
