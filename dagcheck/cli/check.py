"""`dagcheck check [PATH...]`: what is wrong?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from dagcheck.cli import arguments, output
from dagcheck.diagnostics import SEVERITIES, Diagnostic, Severity
from dagcheck.project import CheckResult, check

_FORMATS = ("full", "concise", "json")


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    destinations = output.destinations(asked.output, _FORMATS)
    options = arguments.options(asked, asked.paths)
    if asked.fix or asked.diff:
        from dagcheck.cli.fixing import fix

        if not fix(options, unsafe=asked.unsafe_fixes, only_show=asked.diff):
            return 0
    selection = arguments.selection(asked.select_nodes, asked)
    result = check(options, selection)
    screen = output.screen(asked.color)
    output.say("".join(f"{note}\n" for note in result.notes))
    output.write(_rendered(asked.format or ("full" if screen.is_terminal else "concise"), result, screen))
    for destination in destinations:
        output.save(_rendered(destination.format, result, output.PAPER), destination.path)
    _conclude(result, asked.statistics)
    return _status(result.diagnostics, asked, result.fail_on)


def _parser() -> arguments.Parser:
    parser = arguments.Parser(
        "check", "[PATH...] ", "Report what is wrong in the dataflows of a project, in every configuration."
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", help="show only findings in these files and folders")
    arguments.add_analysis(parser)
    arguments.add_rules(parser)
    group = parser.add_argument_group("which nodes")
    group.add_argument(
        "--select-nodes", metavar="SELECTOR", action="append", default=[],
        help="only findings about these nodes: +name, tag:key=value, state:modified+ ...; repeatable",
    )  # fmt: skip
    group.add_argument("--exclude", metavar="SELECTOR", action="append", default=[], help="but not these; repeatable")
    arguments.add_revisions(group)
    arguments.add_output(parser, _FORMATS, "full on a terminal, else concise")
    mending = parser.add_argument_group("fixes")
    mending.add_argument("--fix", action="store_true", help="make the safe fixes first, then report what is left")
    mending.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: those that guess, too")
    mending.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    status = parser.add_argument_group("exit status")
    status.add_argument("--fail-on", choices=SEVERITIES, help="mildest finding that gives status 1 (default: error)")
    status.add_argument("--exit-zero", action="store_true", help="status 0 whatever is found")
    status.add_argument("--statistics", action="store_true", help="count the findings of each rule, on stderr")
    return parser


def _rendered(form: str, result: CheckResult, screen: output.Screen) -> str:
    if form == "json":
        from dagcheck.report.json import check_json

        return check_json(result.diagnostics, result.summary)
    if not result.diagnostics:
        return ""
    if form == "concise":
        from dagcheck.report.concise import concise

        return concise(result.diagnostics, screen.has_color)
    from dagcheck.report.full import full

    return full(
        result.diagnostics,
        result.excerpt,
        has_several_dataflows=result.summary.dataflows > 1,
        width=screen.width,
        color=screen.has_color,
    )


def _conclude(result: CheckResult, with_statistics: bool) -> None:
    from dagcheck.report.summary import statistics, summary_line

    if with_statistics:
        output.say(statistics(result.diagnostics))
    output.say(f"{summary_line(result.summary)}\n")


def _status(diagnostics: Sequence[Diagnostic], asked: argparse.Namespace, default: Severity) -> int:
    limit = SEVERITIES.index(asked.fail_on or default)
    fails = any(SEVERITIES.index(diagnostic.severity) <= limit for diagnostic in diagnostics)
    return 1 if fails and not asked.exit_zero else 0
