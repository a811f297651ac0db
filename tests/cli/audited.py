"""Runs dagcheck's command line under an audit hook and reports what happened: `audited.py REPORT PROJECT ARGUMENT...`.

Stands in for `python -m dagcheck`: the current folder is first on sys.path, as it would be there. The report is a JSON
file, written last; a process that was ended from inside leaves none. Imports nothing that is not loaded already, for
PYTHONPATH may hold anything.
"""

import os
import sys

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "ctypes.")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

CodeType = type(compile("", "", "exec"))

report_path, project = sys.argv[1], os.path.realpath(sys.argv[2])
events: list[tuple[str, ...]] = []
watching = True


def inside(path: object) -> bool:
    """Does a path lie in the project?"""
    if not isinstance(path, str) or path.startswith("<"):  # `collections.namedtuple` runs code of its own as "<string>"
        return False
    return os.path.realpath(path).startswith(project + os.sep)


def words(arguments: tuple[object, ...]) -> list[str]:
    """The arguments of an event as text; a command line becomes one text."""
    return [" ".join(map(str, argument)) if isinstance(argument, list) else str(argument) for argument in arguments]


def is_write(path: object, mode: object, flags: object) -> bool:
    """Does this change a file of the project, its cache left out?"""
    return isinstance(flags, int) and bool(flags & WRITING) and inside(path) and ".dagcheck_cache" not in str(path)


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what must not happen."""
    if not watching:
        return
    if event.startswith(FORBIDDEN):
        events.append((event, *words(arguments)))
    elif event == "exec" and isinstance(arguments[0], CodeType) and inside(arguments[0].co_filename):
        events.append((event, arguments[0].co_filename))
    elif event == "open" and is_write(*arguments):
        events.append((event, *words(arguments)))


before = set(sys.modules)
sys.path[0] = os.getcwd()
sys.argv = ["dagcheck", *sys.argv[3:]]
sys.addaudithook(watch)
try:
    from dagcheck.__main__ import main

    status: object = main()
except SystemExit as stop:
    status = stop.code
finally:
    watching = False
origins = {
    name: getattr(module, "__file__", None) or ""
    for name, module in list(sys.modules.items())
    if name not in before and module is not None
}
import json  # noqa: E402 - the real one, now

with open(report_path, "w", encoding="utf-8") as report:
    json.dump({"status": status, "events": events, "origins": origins, "path": sys.path}, report)
