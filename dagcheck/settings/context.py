"""Which configuration, outputs and inputs does the command line give?

`--config` takes `KEY=VALUE` or a JSON object, again and again, later ones winning; `--config-file` a JSON or TOML file
that holds such a mapping. A file with a key such as `HAMILTON_CONFIG` is a context of Hamilton's own command line, whose
other keys name outputs, inputs and overrides; it may be Python, which callers know how to read without running it. A VALUE
is JSON where it can be read as JSON, else a string.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dagcheck.settings import UsageError
from dagcheck.settings.documents import read_json, read_toml

CONTEXT_KEYS = ("HAMILTON_CONFIG", "HAMILTON_FINAL_VARS", "HAMILTON_INPUTS", "HAMILTON_OVERRIDES")


class RunContext(NamedTuple):
    """What a run would be given. None: not said. Of inputs and overrides only the names count.

    `assume` are keys of a configuration that is not known as a whole.
    """

    config: dict[str, Any] | None = None
    final_vars: tuple[str, ...] | None = None
    inputs: tuple[str, ...] | None = None
    overrides: tuple[str, ...] | None = None
    assume: Mapping[str, Any] = {}


PythonReader = Callable[[str, str], RunContext]
"""From a file and the folder that it is relative to, to what it says."""


def run_context(
    values: Sequence[str],
    file: str | None,
    cwd: str = "",
    option: str = "--config",
    read_python: PythonReader | None = None,
) -> RunContext:
    """What `--config-file`, relative to `cwd`, and `--config` say together. Raises `UsageError`."""
    context = RunContext() if file is None else _from_file(file, cwd, read_python)
    if not values:
        return context
    config = dict(context.config or context.assume)
    for value in values:
        config.update(_assignments(value, option))
    return context._replace(config=config, assume={})


def configuration(values: Sequence[str], file: str | None = None, option: str = "--config") -> dict[str, Any] | None:
    """The configuration alone; None when nothing gives one. Serves `--assume` as well. Raises `UsageError`."""
    return run_context(values, file, option=option).config


def _assignments(value: str, option: str) -> Mapping[str, Any]:
    if value.lstrip().startswith("{"):
        mapping: dict[str, Any] = read_json(f"{option} {value}", value)
        return mapping
    key, equals, written = value.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"{option} {value}: expected KEY=VALUE or a JSON object")
    try:
        return {key.strip(): read_json(option, written)}
    except UsageError:
        return {key.strip(): written}


def _from_file(file: str, cwd: str, read_python: PythonReader | None) -> RunContext:
    try:
        with open(os.path.join(cwd, file), "rb") as opened:
            content = opened.read()
    except (OSError, ValueError) as error:
        raise UsageError(f"--config-file {file}: {getattr(error, 'strerror', None) or error}") from error
    if file.endswith(".py"):
        if read_python is None:
            raise UsageError(f"--config-file {file}: Python files are never run; write the mapping as JSON or TOML")
        return read_python(file, cwd)
    document = read_toml(file, content)[0] if file.endswith(".toml") else read_json(file, content)
    if not isinstance(document, dict):
        raise UsageError(f"{file}:1:1: expected a mapping from keys to values")
    if any(key in document for key in CONTEXT_KEYS):
        return _hamilton_context(file, document)
    return RunContext(document)


def _hamilton_context(file: str, document: dict[str, Any]) -> RunContext:
    config, final_vars, inputs, overrides = (document.get(key) for key in CONTEXT_KEYS)
    mistakes = [f"{file}: HAMILTON_CONFIG must be a mapping"] if not isinstance(config, (dict, type(None))) else []
    names = []
    for key, value in zip(CONTEXT_KEYS[1:], (final_vars, inputs, overrides), strict=True):
        listed = list(value) if isinstance(value, dict) and key != "HAMILTON_FINAL_VARS" else value
        if listed is not None and not (isinstance(listed, list) and all(isinstance(name, str) for name in listed)):
            mistakes.append(
                f"{file}: {key} must be a list of names" + (" or a mapping" if key != CONTEXT_KEYS[1] else "")
            )
        names.append(None if listed is None else tuple(listed))
    if mistakes:
        raise UsageError(*mistakes)
    return RunContext(config, names[0], names[1], names[2])
