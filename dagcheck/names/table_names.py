"""Which names do the modules of the standard library have, in any version and on any platform? Writes `standard_names.json`.

Run by a developer, never by dagcheck, where mypy is installed, for it brings the stubs of the standard library:

    python -m dagcheck.names.table_names

A name counts if the stub binds it under whatever condition, or if the module that is here has it. Modules whose names can come
from elsewhere (`__getattr__`, stubs that are not complete) are left out.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import pathlib
import sys
from collections.abc import Iterable, Iterator

from dagcheck.names.table_probe import COMMON

TABLE = pathlib.Path(__file__).parent / "_tables" / "standard_names.json"

OTHERS = """argparse ast asyncio base64 calendar cmath codecs concurrent.futures configparser copy csv ctypes email.message glob
    hashlib heapq html http importlib inspect ipaddress json math multiprocessing operator pickle pprint queue secrets shutil
    socket sqlite3 statistics struct subprocess tempfile textwrap threading traceback unittest urllib.parse warnings weakref
    xml.etree.ElementTree zipfile""".split()
"""Modules that people annotate with, besides the common ones."""


def main() -> None:
    """Write the table."""
    modules = {}
    for name in sorted({*COMMON, *OTHERS} - {"builtins"}):
        module = importlib.import_module(name)
        names = {*_stub_names(name, set()), *dir(module)}
        if "__getattr__" not in names:
            modules[name] = " ".join(sorted(part for part in names if not part.startswith("_")))
    rows = ",\n".join(f"{json.dumps(name)}:{json.dumps(words)}" for name, words in modules.items())
    TABLE.write_text(f'{{"version":"{sys.version.split()[0]}",\n"modules":{{\n{rows}}}}}\n', encoding="utf-8")


def _stub_names(module: str, seen: set[str]) -> Iterator[str]:
    """The names that a stub binds, those of star imports and of submodules included."""
    path = _stub(module)
    if path is None or module in seen:
        return
    seen.add(module)
    if path.name == "__init__.pyi":
        yield from (part.stem for part in path.parent.iterdir() if part.suffix == ".pyi" or part.is_dir())
    yield from _bound(ast.parse(path.read_text(encoding="utf-8")).body, module, seen)


def _stub(module: str) -> pathlib.Path | None:
    spec = importlib.util.find_spec("mypy")
    assert spec is not None, "mypy brings the stubs"
    assert spec.origin is not None
    root = pathlib.Path(spec.origin).parent / "typeshed" / "stdlib"
    stem = root.joinpath(*module.split("."))
    return next((path for path in (stem / "__init__.pyi", stem.with_suffix(".pyi")) if path.exists()), None)


def _bound(body: Iterable[ast.stmt], module: str, seen: set[str]) -> Iterator[str]:
    for part in body:
        if isinstance(part, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield part.name
        elif isinstance(part, ast.Import):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            source = (
                importlib.util.resolve_name("." * part.level + (part.module or ""), module)
                if part.level
                else part.module
            )
            for alias in part.names:
                if alias.name == "*":
                    yield from _stub_names(source or "", seen)
                yield alias.asname or alias.name
        elif isinstance(part, (ast.Assign, ast.AnnAssign)):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
        else:
            for block in ("body", "orelse", "handlers", "finalbody"):
                yield from _bound(getattr(part, block, ()), module, seen)


if __name__ == "__main__":
    main()
