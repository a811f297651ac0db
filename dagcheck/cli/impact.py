"""`dagcheck impact`: what does a change reach?"""

from __future__ import annotations

import argparse
import contextlib
import gc
from collections.abc import Iterator, Sequence

from dagcheck.cli import arguments, output
from dagcheck.impact.outcome import Impact
from dagcheck.project.comparison import compare
from dagcheck.settings import LOCK_LEVELS

_FORMATS = ("full", "concise", "json", "markdown", "pytest")
_FAILING = {"breaking": ("breaking",), "behaviour": ("breaking", "behaviour"), "never": ()}


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    destinations = output.destinations(asked.output, _FORMATS)
    with _uncollected():
        impact = _impact(asked)
    screen = output.screen(asked.color)
    output.write(_rendered(asked.format or ("full" if screen.is_terminal else "concise"), impact, screen))
    for destination in destinations:
        output.save(_rendered(destination.format, impact, output.PAPER), destination.path)
    return 1 if impact.effect in _FAILING[asked.fail_on_effect] else 0


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: two states of a project are many small values, none of them in circles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _impact(asked: argparse.Namespace) -> Impact:
    """The impact, or what it says of the selected nodes."""
    options = arguments.options(asked)
    comparison = compare(options, asked.base, asked.head)
    output.say("".join(f"{note}\n" for note in (*comparison.after.judgement.notes, *comparison.remarks)))
    selection = arguments.selection(asked.selectors, asked)
    if selection is None:
        return comparison.impact
    from dagcheck.project.selecting import narrowed, selected, strangers

    flows = comparison.after.judgement.dataflows
    chosen = selected(flows, selection, options, comparison.impact)
    changes = comparison.impact.changes
    gone = [change.renamed_from or change.node for change in changes if change.kind in ("removed", "renamed")]
    output.say("".join(f"{line}\n" for line in strangers(flows, selection, gone)))
    return narrowed(comparison.impact, chosen)


def _parser() -> arguments.Parser:
    parser = arguments.Parser(
        "impact", "[SELECTOR...] ", "Show what changed between two revisions, and what that reaches."
    )
    arguments.add_selectors(parser)
    arguments.add_analysis(parser)
    locks = parser.add_argument_group("versions of packages")
    locks.add_argument(
        "--locks", choices=LOCK_LEVELS,
        help="count changes in lock files: of what is imported (direct), of what that requires, too (transitive)",
    )  # fmt: skip
    arguments.add_rules(parser)
    arguments.add_output(parser, _FORMATS, "full on a terminal, else concise")
    status = parser.add_argument_group("exit status")
    status.add_argument(
        "--fail-on-effect", choices=tuple(_FAILING), default="never",
        help="mildest effect of a change that gives status 1 (default: never)",
    )  # fmt: skip
    return parser


def _rendered(form: str, impact: Impact, screen: output.Screen) -> str:
    if form in ("json", "pytest"):
        from dagcheck.report.impact import impact_json, tests_for_pytest

        return impact_json(impact) if form == "json" else tests_for_pytest(impact)
    if form == "markdown":
        from dagcheck.report.markdown import markdown

        return markdown(impact)
    from dagcheck.report.reach import concise, full

    return concise(impact, screen.has_color) if form == "concise" else full(impact, color=screen.has_color)
