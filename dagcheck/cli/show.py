"""`dagcheck show NODE`: where is this node made, what feeds it, who reads it? `dagcheck show A B`: how do they hang together?"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.cli import arguments, output
from dagcheck.project import GraphResult, graph
from dagcheck.settings import UsageError

_FORMATS = ("full", "json")


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    destinations = output.destinations(asked.output, _FORMATS)
    nodes = [asked.node, *([asked.other] if asked.other else [])]
    result = graph(arguments.options(asked), arguments.selection(nodes, asked))
    output.say("".join(f"{note}\n" for note in result.notes))
    _demand(nodes, result)
    output.say("".join(f"{line}\n" for line in result.strangers))
    output.write(_rendered(asked.format or "full", nodes, result, output.screen(asked.color)))
    for destination in destinations:
        output.save(_rendered(destination.format, nodes, result, output.PAPER), destination.path)
    return 0


def _parser() -> arguments.Parser:
    parser = arguments.Parser(
        "show", "NODE [NODE] ", "Show one node with its code and its surroundings, or the shortest paths between two."
    )
    parser.add_argument("node", metavar="NODE", help="a name, or a selector such as tag:owner=growth")
    parser.add_argument("other", metavar="NODE", nargs="?", help="another name: the paths between the two")
    group = parser.add_argument_group("which nodes")
    group.add_argument(
        "--exclude", metavar="SELECTOR", action="append", default=[], help="nodes to leave out; repeatable"
    )
    arguments.add_revisions(group)
    arguments.add_analysis(parser)
    arguments.add_rules(parser)
    arguments.add_output(parser, _FORMATS, "full")
    return parser


def _demand(nodes: Sequence[str], result: GraphResult) -> None:
    """Refuse what means no node anywhere, with the names that come nearest."""
    known = {entry.name for flow in result.dataflows for entry in flow.entries}
    chosen = {name for names in (result.chosen or {}).values() for name in names}
    missing = [node for node in nodes if node not in known] if len(nodes) > 1 else [] if chosen else list(nodes)
    if not missing:
        return
    import difflib

    messages = []
    for node in missing:
        near = difflib.get_close_matches(node, sorted(known), 3)
        hint = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
        messages.append(f"there is no node `{node}`{hint}")
    raise UsageError(*messages)


def _rendered(form: str, nodes: Sequence[str], result: GraphResult, screen: output.Screen) -> str:
    from dagcheck.project.portraits import portraits_of, ways_between
    from dagcheck.report.show import paths, portraits, show_json

    chosen = result.chosen or {}
    found = [] if len(nodes) > 1 else portraits_of(result.dataflows, chosen)
    ways = ways_between(result.dataflows, nodes[0], nodes[1]) if len(nodes) > 1 else []
    if form == "json":
        return show_json(found, ways)
    if len(nodes) > 1:
        return paths(ways, nodes[0], nodes[1], color=screen.has_color)
    return portraits(found, result.excerpt, color=screen.has_color)
