"""What does every node come to when real Hamilton runs the dataflow? One forked process each, all of them quick.

`run` builds the graph with Hamilton's driver and runs its nodes one after the other, so that a node that raises has the error for
its value, and what reads it has too. Values are written down in full, so that two runs can be compared by text.
"""

from __future__ import annotations

import asyncio
import dataclasses
import importlib
import inspect
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

WARM = ("hamilton.driver", "hamilton.function_modifiers", "numpy", "pandas")


class Subject(NamedTuple):
    """A dataflow that can be run: files, modules in order, configuration, import roots; `inputs` is a module that gives them."""

    name: str
    folder: Path
    modules: tuple[str, ...]
    config: Mapping[str, Any]
    inputs: Callable[[], dict[str, Any]]
    roots: tuple[str, ...] = (".",)


def run(subject: Subject, folder: Path) -> dict[str, str] | None:
    """The value of every node by its name, in words; None where Hamilton does not import or build it."""
    for name in WARM:  # once, for all forks
        importlib.import_module(name)
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        status = 1
        try:
            os.close(reading)
            with os.fdopen(os.open(os.devnull, os.O_WRONLY), "w") as nowhere, os.fdopen(writing, "w") as pipe:
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
                json.dump(_values(subject, folder), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.waitpid(process, 0)
    found: dict[str, str] | None = json.loads(text) if text and not status else None
    return found


def _values(subject: Subject, folder: Path) -> dict[str, str] | None:
    os.chdir(folder)
    warnings.simplefilter("ignore")
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(folder / root) for root in subject.roots]
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "run"}]:
        del sys.modules[name]
    from hamilton import driver

    try:
        modules = [importlib.import_module(name) for name in subject.modules]
        graph = driver.Builder().with_config(dict(subject.config)).with_modules(*modules).build().graph
        given = {**subject.config, **subject.inputs()}
    except BaseException:  # noqa: BLE001 - users' modules may raise anything
        return None
    results: dict[str, Any] = {}
    for name in graph.nodes:
        _run(name, graph.nodes, given, results, [])
    return {name: _words(results[name], 0) for name, node in graph.nodes.items() if not node.user_defined}


class _Failure(NamedTuple):
    """The value of a node that raised."""

    kind: str


def _run(
    name: str, nodes: Mapping[str, Any], given: Mapping[str, Any], results: dict[str, Any], active: list[str]
) -> None:
    if name in results:
        return
    node = nodes[name]
    if name in active:
        results[name] = _Failure("cycle")
        return
    if node.user_defined:
        results[name] = given.get(name, _Failure("missing"))
        return
    arguments: dict[str, Any] = {}
    for dependency, (_, kind) in node.input_types.items():
        _run(dependency, nodes, given, results, [*active, name])
        value = results[dependency]
        if isinstance(value, _Failure):
            if kind.name == "OPTIONAL" and value.kind == "missing":
                continue
            results[name] = _Failure(f"after {value.kind}")
            return
        arguments[dependency] = value
    try:
        value = node.callable(**arguments)
        if inspect.isawaitable(value):
            value = asyncio.run(_awaited(value))
        results[name] = list(value) if inspect.isgenerator(value) else value
    except BaseException as error:  # noqa: BLE001 - users' functions may raise anything
        results[name] = _Failure(f"{type(error).__name__}: {error}")


async def _awaited(value: Any) -> Any:
    return await value


def _words(value: Any, depth: int) -> str:
    """A value in full."""
    if depth > 12:
        return "..."
    kind = type(value).__name__
    if kind in ("DataFrame", "Series"):
        columns = [str(column) for column in getattr(value, "columns", [])]
        return f"{kind} {columns} {value.index.tolist()} {value.to_numpy().tolist()} {getattr(value, 'name', '')}"
    if hasattr(value, "tolist") and not isinstance(value, type):
        return f"{kind} {value.tolist()}"
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{_words(key, depth + 1)}: {_words(item, depth + 1)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, (list, tuple)):
        return f"{kind}[{', '.join(_words(item, depth + 1) for item in value)}]"
    if isinstance(value, (set, frozenset)):
        return f"{kind}{sorted(_words(item, depth + 1) for item in value)}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return f"{kind} {_words({field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}, depth + 1)}"
    text = repr(value)
    if " at 0x" in text:
        return f"{kind} {_words(vars(value), depth + 1) if hasattr(value, '__dict__') else ''}"
    return text
