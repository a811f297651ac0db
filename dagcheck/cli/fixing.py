"""`dagcheck check --fix` and `--diff`: mend what can be mended."""

from __future__ import annotations

import os

from dagcheck.cli import output
from dagcheck.edits.edit import Edit, between, difference
from dagcheck.project.editing import Mended, mend, write
from dagcheck.project.workspace import Workspace
from dagcheck.settings import Options
from dagcheck.settings.folder import find_project


def fix(options: Options, *, unsafe: bool, only_show: bool) -> bool:
    """Make the fixes, or show them; True when there is something left to report."""
    cwd = os.getcwd()
    paths = tuple(os.path.join(cwd, path) for path in options.paths)
    workspace = Workspace(find_project(options, cwd), options._replace(paths=paths))
    mended = mend(workspace, unsafe=unsafe)
    if only_show:
        output.write(difference(mended.texts))
    else:
        write(workspace, tuple(edit for text in mended.texts for edit in _edits(*text)))
    output.say(_words(mended, only_show=only_show))
    return not only_show


def _edits(path: str, before: str, after: str) -> list[Edit]:
    return between(path, before, after)


def _words(mended: Mended, *, only_show: bool) -> str:
    count, files = len(mended.done), len(mended.texts)
    if not count:
        return "Nothing to fix.\n"
    what = "1 finding" if count == 1 else f"{count} findings"
    where = "1 file" if files == 1 else f"{files} files"
    return f"{'Would fix' if only_show else 'Fixed'} {what} in {where}.\n"
