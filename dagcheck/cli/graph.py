"""`dagcheck graph`: which nodes are there, and how do they hang together?"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.cli import arguments, output
from dagcheck.project import GraphResult, graph
from dagcheck.report.outline import outline

_FORMATS = ("tree", "json", "mermaid", "dot", "html")


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    destinations = output.destinations(asked.output, _FORMATS)
    result = graph(arguments.options(asked), arguments.selection(asked.selectors, asked))
    output.say("".join(f"{note}\n" for note in (*result.notes, *result.strangers)))
    output.write(_rendered(asked.format or "tree", result, output.screen(asked.color)))
    for destination in destinations:
        output.save(_rendered(destination.format, result, output.PAPER), destination.path)
    from dagcheck.report.summary import summary_line

    output.say(f"{summary_line(result.summary)}\n")
    return 0


def _parser() -> arguments.Parser:
    parser = arguments.Parser(
        "graph", "[SELECTOR...] ", "Show the nodes of the dataflows of a project and what they depend on."
    )
    arguments.add_selectors(parser)
    arguments.add_analysis(parser)
    arguments.add_rules(parser)
    arguments.add_output(parser, _FORMATS, "tree")
    return parser


def _rendered(form: str, result: GraphResult, screen: output.Screen) -> str:
    outlines = [
        outline(flow, None if result.chosen is None else result.chosen.get(flow.name, set()))
        for flow in result.dataflows
    ]
    if result.chosen is not None:
        outlines = [shown for shown in outlines if shown.entries]
    if form == "json":
        from dagcheck.report.graph import graph_json

        return graph_json(outlines, result.diagnostics)
    if form == "mermaid":
        from dagcheck.report.mermaid import graph_picture

        return graph_picture(outlines)
    if form == "dot":
        from dagcheck.report.dot import dot

        return dot(outlines)
    if form == "html":
        from dagcheck.report.page import page

        return page(outlines)
    from dagcheck.report.tree import tree

    return tree(outlines, color=screen.has_color, has_unicode=screen.has_unicode)
