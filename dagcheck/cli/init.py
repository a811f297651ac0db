"""`dagcheck init`: write the settings that discovery found."""

from __future__ import annotations

import os
from collections.abc import Sequence

from dagcheck.cli import arguments, output
from dagcheck.project import dataflows
from dagcheck.settings import Options, UsageError
from dagcheck.settings.folder import SETTINGS_FILE, find_project, settings_file


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    options = Options(project=asked.project, roots=tuple(asked.root))
    root = find_project(options, os.getcwd())
    present = settings_file(root)
    if present is not None:
        raise UsageError(f"{os.path.join(root, present)} has settings of dagcheck already; nothing is overwritten")
    result = dataflows(options)
    if not result.specs and not result.unresolved:
        raise UsageError("no dataflow found, so there is nothing to write")
    from dagcheck.report.settings import settings_toml

    path = os.path.join(root, SETTINGS_FILE)
    _create(path, settings_toml(result.specs, result.unresolved))
    output.write(f"{path}\n")
    return 0


def _create(path: str, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already; nothing is overwritten") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def _parser() -> arguments.Parser:
    parser = arguments.Parser("init", "", f"Write {SETTINGS_FILE} with the dataflows that were found.")
    what = parser.add_argument_group("what is analysed")
    what.add_argument("--project", metavar="DIR", help="project folder (default: nearest with .git)")
    what.add_argument("--root", metavar="DIR", action="append", default=[], help="import root; repeatable")
    return parser
