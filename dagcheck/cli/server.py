"""`dagcheck server`: the language server, on standard input and output."""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.cli import arguments
from dagcheck.settings import UsageError


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    parser = arguments.Parser(
        "server", "", "Serve an editor over standard input and output (Language Server Protocol)."
    )
    parser.add_argument("--stdio", action="store_true", help="the only way there is; some clients say so")
    if arguments.parsed(parser, argv) is None:
        return 0
    try:
        from dagcheck.lsp.features import make_server
    except ImportError as error:
        if error.name and error.name.partition(".")[0] in ("pygls", "lsprotocol"):
            raise UsageError("the server needs the extra `lsp`: pip install 'hamilton-dagcheck[lsp]'") from error
        raise
    make_server().start_io()
    return 0
