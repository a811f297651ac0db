"""The command line: one file per command. The only place that knows exit statuses.

0: clean, or answered. 1: findings at or above the level asked for. 2: usage, settings or internal error. 130: interrupted.
Findings and answers go to stdout, all else to stderr. Commands are imported when they are called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dagcheck.settings import UsageError

COMMANDS = {
    "check": "check [PATH...]  what is wrong (the default command)",
    "impact": "impact           what a change reaches",
    "dataflows": "dataflows        which dataflows there are and where they come from",
    "graph": "graph [SELECTOR] the graph, as tree, json, mermaid, dot or html",
    "show": "show NODE        one node: code, type, what feeds it, who reads it; two: the paths between them",
    "init": "init             write the settings that discovery found",
    "rename": "rename OLD NEW   rename a node everywhere",
    "rule": "rule [NAME]      the page of a rule, or all rules",
    "server": "server           serve an editor (Language Server Protocol)",
}
"""Name -> its line in the help."""

_HELP = f"""\
dagcheck: a static analyser for Apache Hamilton dataflows. It reads the code and never runs it.

usage: dagcheck [COMMAND] [OPTIONS]

commands:
{"".join(f"  {line}" + chr(10) for line in COMMANDS.values())}
options:
  -h, --help       this text; `dagcheck COMMAND --help` lists the options of a command
  --version        the version
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: that of the process) and return the exit status."""
    from dagcheck.cli import output

    output.prepare()
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
    except UsageError as error:
        output.say("".join(f"dagcheck: {message}\n" for message in error.messages))
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the last line of defence: an honest sentence, not a traceback
        output.say(_internal_error(error))
        return 2
    return status


def _run(arguments: list[str]) -> int:
    first = arguments[0] if arguments else "check"
    if first in {"-h", "--help"}:
        return _answer(_HELP)
    if first == "--version":
        from dagcheck import __version__

        return _answer(f"dagcheck {__version__}\n")
    if first not in COMMANDS:
        _refuse_unknown(first)
        arguments = ["check", *arguments]
    from importlib import import_module

    status: int = import_module(f"dagcheck.cli.{first if first in COMMANDS else 'check'}").run(arguments[1:])
    return status


def _answer(text: str) -> int:
    from dagcheck.cli import output

    output.write(text)
    return 0


def _refuse_unknown(word: str) -> None:
    """A bare word that is neither a path nor an option was meant to be a command."""
    is_bare = word.replace("-", "_").isidentifier() and not word.startswith("-")
    if not is_bare or os.path.exists(word):
        return
    raise UsageError(f"unknown command {word!r}; the commands are {', '.join(COMMANDS)}")


def _internal_error(error: Exception) -> str:
    if os.environ.get("DAGCHECK_DEBUG"):
        import traceback

        return "".join(traceback.format_exception(error))
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})" if trace else ""
    words = " ".join(str(error).split())
    return (
        f"dagcheck: internal error: {type(error).__name__}: {words}{place}\n"
        "This is a fault of dagcheck, not of your code; set DAGCHECK_DEBUG=1 for the traceback to report.\n"
    )
