"""What does real Hamilton make of these modules? Imports and builds them once, in this process, and says it as plain data.

A process is good for one build: Hamilton renames functions while it builds, and modules stay imported. So this runs in a
child of `oracle_server`, or, where a process cannot fork, as a script that reads one request on stdin.

A request is a mapping: `folder` (absolute, becomes the working directory), `roots` (import roots, relative to it),
`modules` (dotted names, in the driver's order), `config`, `allow_module_overrides`, `stand_ins` (packages that need not
be installed, see `stand_ins`). With `configs`, a list, instead of `config`, the answer is `{"answers": [...]}`, one for
each: the modules are imported anew for each, in the same process. With `script`, that file is run instead of modules being
built, and then the statements `then` (see `oracle_script`).

An answer is `{"nodes": [...]}` in Hamilton's own order, or `{"error": {...}}` with the stage at which it was raised
(`import`: while a module was imported; `build`: while the driver was built) and, if the trace passes through the folder,
the innermost `path` and `line` there. A node is `{name, kind, role, type, dependencies, tags, documentation}` as in
`dagcheck graph --format json` (types by `type_text.normal_form`), plus `function`, `path` and `line` of the function it
came from: the name as written and the first line of its statement, decorators included.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
import traceback
import typing
from pathlib import Path
from typing import Any

from tests.harness.oracle_script import run_script
from tests.harness.stand_ins import stand_in_for
from tests.harness.type_text import normal_form

ROLES = {"EXPAND": "expand", "COLLECT": "collect"}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request. Changes the process beyond repair."""
    folder = Path(request["folder"])
    enter(folder, request["roots"])
    stand_in_for(request["stand_ins"])
    if "script" in request:
        return run_script(folder, request["script"], request["then"], _row, _told)
    if "configs" not in request:
        return _build(request, request["config"], folder)
    answers = []
    for config in request["configs"]:
        forget(folder, request["roots"])
        answers.append(_build(request, config, folder))
    return {"answers": answers}


def _build(request: dict[str, Any], config: dict[str, Any], folder: Path) -> dict[str, Any]:
    modules = []
    for name in request["modules"]:
        try:
            modules.append(importlib.import_module(name))
        except BaseException as error:  # noqa: BLE001 - modules may raise anything, SystemExit too
            return {"error": {"stage": "import", "module": name, **_told(error, folder)}}
    from hamilton import driver

    builder = driver.Builder().with_config(config).with_modules(*modules)
    if request["allow_module_overrides"]:
        builder = builder.allow_module_overrides()
    try:
        graph = builder.build().graph
    except BaseException as error:  # noqa: BLE001 - nor does the build promise what it raises
        return {"error": {"stage": "build", "module": None, **_told(error, folder)}}
    return {"nodes": [_row(node, folder) for node in graph.nodes.values()]}


def enter(folder: Path, roots: list[str]) -> None:
    """Make the folder the place that modules come from, whatever of the same name is imported already."""
    os.chdir(folder)
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(folder / root) for root in roots]
    forget(folder, roots)


def forget(folder: Path, roots: list[str]) -> None:
    """Let the next import read the folder's modules again, and no class of the last one be found behind a text."""
    for forget_types in typing._cleanups:  # type: ignore[attr-defined]
        forget_types()
    own = {path.stem for root in roots for path in (folder / root).iterdir()} | {"tests"}  # this package, too
    for name in [name for name in sys.modules if name.partition(".")[0] in own]:
        del sys.modules[name]
    importlib.invalidate_caches()


def leave_repository() -> None:
    """Take the repository, which is the current folder, off the path, so that no case imports from it."""
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != Path.cwd()]


def _told(error: BaseException, folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = {"type": type(error).__name__, "message": str(error), "path": None, "line": None}
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(folder):
            told |= {"path": Path(frame.filename).relative_to(folder).as_posix(), "line": frame.lineno}
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        told |= {"path": Path(error.filename).relative_to(folder).as_posix(), "line": error.lineno}
    return told


def _row(node: Any, folder: Path) -> dict[str, Any]:
    return {
        "name": node.name,
        "kind": "input" if node.user_defined else "function",
        "role": ROLES.get(node.node_role.name, "standard"),
        "type": normal_form(node.type),
        "dependencies": [
            {"name": name, "type": normal_form(type_), "optional": kind.name == "OPTIONAL"}
            for name, (type_, kind) in node.input_types.items()
        ],
        "tags": json.loads(json.dumps(node.tags, default=lambda value: {"$repr": repr(value)})),
        "documentation": node.documentation or "",
        **({} if node.user_defined else _origin(node, folder)),
    }


def _origin(node: Any, folder: Path) -> dict[str, Any]:
    functions = node.originating_functions or ()
    code = inspect.unwrap(functions[-1]).__code__ if functions else None
    if code is None or not Path(code.co_filename).is_relative_to(folder):
        return {"function": None, "path": None, "line": None}
    path = Path(code.co_filename).relative_to(folder).as_posix()
    return {"function": code.co_name, "path": path, "line": code.co_firstlineno}


if __name__ == "__main__":
    leave_repository()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    json.dump(answer(json.load(sys.stdin)), out)
    out.flush()
    sys.stdout.flush()
    os._exit(0)
