"""How is dagcheck started without running the code it reads?

`python -m dagcheck` puts the current folder, and PYTHONPATH whatever it names, before the standard library: a user's
`json.py` or `rich/` would be imported in place of the real one, and so be executed. Before anything else is imported,
*foreign* entries (the current folder, the folder of this file, PYTHONPATH) are therefore moved behind the standard
library and the installed packages, or dropped where they are of no use. The console script goes the same way.

Out of our hands is what Python imports before this file: `sitecustomize`, `usercustomize` and `.pth` files; with
PYTHONPATH, the start-up modules that are not frozen (`encodings`, on 3.10 also `os`, `io`, `abc` ...) and the `re` of
older console scripts; with `python -m`, what `runpy` needs (`types` and `warnings`, up to 3.11 also `contextlib`,
`collections`, `functools`, `keyword`, `operator`, `reprlib`). `python -I -m dagcheck` closes all of these.
Nothing may be imported here or in `dagcheck/__init__.py` that is not loaded already: not even `__future__`.
"""

import gc
import os
import sys


def main() -> int:
    """Run the command line on `sys.argv` and return its exit status."""
    sys.path[:] = without_foreign_first(sys.path, os.environ.get("PYTHONPATH", ""), _folder())
    os.environ["PYTHONSAFEPATH"] = "1"  # for worker processes, which would put the current folder first again
    gc.disable()  # one short run makes hardly any garbage, and looking for it takes a tenth of the time
    from dagcheck.cli import main as run

    return run()


def script() -> None:
    """Run the command line as a process of its own, and end it at once.

    What is known of a large project is a million objects, and taking them apart one by one at the end is of no use to anybody.
    Whatever is kept was closed before: the cache commits what it is given, and all that was said is flushed here.
    """
    status = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):  # nobody is listening any more
            pass
    os._exit(status)


def without_foreign_first(path: list[str], python_path: str, current: str) -> list[str]:
    """`path` with foreign entries at its end.

    `python_path` is the value of PYTHONPATH, `current` the current folder, both absolute or "". Of the current folder
    and what lies in it only the entry stays from which dagcheck itself was loaded: it holds users' files, and even
    at the end of the path they could pose as an optional dependency or as an installed plug-in.
    """
    package = os.path.dirname(os.path.realpath(__file__))
    library = os.path.dirname(os.path.realpath(os.__file__))
    declared = {_place(entry, current) for entry in python_path.split(os.pathsep) if entry}
    trusted, foreign = [], []
    for entry in path:
        place = _place(entry, current)
        if _within(place, library) or place not in {*declared, current, package}:
            trusted.append(entry)
        elif place == os.path.dirname(package) or not (place == package or _within(place, current)):
            foreign.append(entry)
    return trusted + foreign


def _folder() -> str:
    try:
        return os.path.realpath(os.getcwd())
    except OSError:  # the current folder is gone
        return ""


def _place(entry: str, current: str) -> str:
    return os.path.realpath(os.path.join(current, entry))


def _within(place: str, folder: str) -> bool:
    return bool(folder) and (place == folder or place.startswith(folder.rstrip(os.sep) + os.sep))


if __name__ == "__main__":
    script()
