"""`dagcheck rename OLD NEW`: call a node otherwise, everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.cli import arguments, output
from dagcheck.settings import Options, UsageError


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    import os

    from dagcheck.edits.edit import Refused, applied, by_file, difference
    from dagcheck.project.editing import index_of, rename_in, write
    from dagcheck.project.workspace import Workspace
    from dagcheck.settings.folder import find_project

    options = Options(project=asked.project, roots=tuple(asked.root))
    workspace = Workspace(find_project(options, os.getcwd()), options)
    found = rename_in(workspace, asked.old, asked.new, dataflow=asked.dataflow)
    if isinstance(found, Refused):
        raise UsageError(*(f"not renamed: {reason}" for reason in found.reasons))
    files = by_file(found.edits)
    if asked.diff:
        places = index_of(workspace.view())
        texts = [(path, places.text(path), applied(places.text(path), edits)) for path, edits in files.items()]
        output.write(difference(texts))
        return 0
    write(workspace, found.edits)
    output.say(f"Renamed `{asked.old}` to `{asked.new}` in {_places(len(found.edits), len(files))}.\n")
    return 0


def _parser() -> arguments.Parser:
    parser = arguments.Parser(
        "rename", "OLD NEW ", "Rename a node: its function, all that reads it, and wherever else it is named."
    )
    parser.add_argument("old", metavar="OLD", help="the name it has")
    parser.add_argument("new", metavar="NEW", help="the name it gets")
    parser.add_argument("--dataflow", metavar="NAME", help="the dataflow that is meant, where several have the name")
    parser.add_argument("--diff", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--project", metavar="DIR", help="project folder (default: nearest with settings or .git)")
    parser.add_argument("--root", metavar="DIR", action="append", default=[], help="import root; repeatable")
    return parser


def _places(edits: int, files: int) -> str:
    places = "1 place" if edits == 1 else f"{edits} places"
    return f"{places} of 1 file" if files == 1 else f"{places} in {files} files"
