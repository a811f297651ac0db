"""`dagcheck dataflows`: which dataflows are there, and where do they come from?"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.cli import arguments, output
from dagcheck.project import ListResult, dataflows

_FORMATS = ("text", "json")


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    destinations = output.destinations(asked.output, _FORMATS)
    result = dataflows(arguments.options(asked))
    output.say("".join(f"{note}\n" for note in result.notes))
    output.write(_rendered(asked.format or "text", result, output.screen(asked.color)))
    for destination in destinations:
        output.save(_rendered(destination.format, result, output.PAPER), destination.path)
    return 0


def _parser() -> arguments.Parser:
    parser = arguments.Parser(
        "dataflows", "", "List the dataflows of a project: where each comes from, and what is asked of it."
    )
    arguments.add_analysis(parser)
    arguments.add_output(parser, _FORMATS, "text")
    return parser


def _rendered(form: str, result: ListResult, screen: output.Screen) -> str:
    from dagcheck.report.dataflows import dataflow_list, dataflows_json

    if form == "json":
        return dataflows_json(result.specs, result.unresolved)
    return dataflow_list(result.specs, result.unresolved, color=screen.has_color)
