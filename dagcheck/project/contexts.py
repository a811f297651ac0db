"""What does a context of Hamilton's command line say that is written as Python?

Hamilton imports such a file and takes four names from it (`hamilton.cli.logic._read_py_context`). Here it is read: what its
top level binds is followed as far as that can be known, and nothing in it is run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.objects import MISSING
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Rest, Unknown, Value
from dagcheck.names.modules import ModuleIndex
from dagcheck.settings import UsageError
from dagcheck.settings.context import CONTEXT_KEYS, RunContext
from dagcheck.source.facts import Source, module_facts
from dagcheck.source.files import Unreadable, read_source
from dagcheck.span import Location

CONFIG, FINAL_VARS, INPUTS, OVERRIDES = CONTEXT_KEYS


def python_context(file: str, cwd: str) -> RunContext:
    """The context in `file`, relative to `cwd`. Raises `UsageError` with all that cannot be read, each with its place."""
    folder, name = os.path.split(os.path.abspath(os.path.join(cwd, file)))
    index = ModuleIndex(folder, ("",))
    program = Program(index, lambda path: _source(folder, path))
    scope = program.scope(index.module_at(name))
    fault = _fault(folder, name)
    if fault:
        raise UsageError(f"--config-file {file}: {fault}")
    values = {key: scope.names[key] for key in CONTEXT_KEYS if scope.names.get(key, MISSING) is not MISSING}
    if not values:
        raise UsageError(f"--config-file {file}: binds none of {', '.join(CONTEXT_KEYS)}")
    reader = _Reader(file)
    config, assume = reader.config(values.get(CONFIG))
    outputs, inputs, overrides = (reader.names(key, values.get(key)) for key in (FINAL_VARS, INPUTS, OVERRIDES))
    if reader.mistakes:
        raise UsageError(*reader.mistakes)
    return RunContext(config, outputs, inputs, overrides, assume)


class _Reader:
    """Reads the values of one file, and collects what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.mistakes: list[str] = []
        self._file = file

    def config(self, value: Value) -> tuple[dict[str, Value] | None, Mapping[str, Value]]:
        """The whole configuration; or None, and those of its keys whose values are known."""
        if value is None:
            return None, {}
        if type(value) is not dict:
            self._mistake(CONFIG, "a mapping", value)
            return None, {}
        if is_plain(value):
            return {str(key): item for key, item in value.items()}, {}
        return None, {key: item for key, item in value.items() if isinstance(key, str) and is_plain(item)}

    def names(self, key: str, value: Value) -> tuple[str, ...] | None:
        """The names in a list, or of a mapping, whose values do not matter."""
        if value is None:
            return None
        kinds = (list, tuple) if key == FINAL_VARS else (list, tuple, dict)
        if type(value) not in kinds:
            self._mistake(key, "a list of names" if key == FINAL_VARS else "a list of names or a mapping", value)
            return None
        wrong = next((name for name in value if not isinstance(name, str)), None)
        if wrong is not None:
            self._mistake(key, "made of names", wrong)
            return None
        return tuple(str(name) for name in value)

    def _mistake(self, key: str, expected: str, value: Value) -> None:
        unknown = explain(value) if isinstance(value, (Unknown, Rest)) or not is_plain(value) else None
        if unknown is None:
            self.mistakes.append(f"{self._file}: {key} must be {expected}")
            return
        place = _place(self._file, unknown.location)
        self.mistakes.append(f"{place}: {key} cannot be read without running the file: {unknown.reason}")


def _place(file: str, location: Location | None) -> str:
    return file if location is None else f"{file}:{location.span.line}:{location.span.column}"


def _source(folder: str, path: str) -> Source | None:
    file = read_source(folder, path)
    if isinstance(file, Unreadable) or file.fault is not None:
        return None
    return Source(path, file.text, module_facts(file.text))


def _fault(folder: str, name: str) -> str:
    """What keeps the file from being read at all."""
    file = read_source(folder, name)
    if isinstance(file, Unreadable):
        return file.reason
    fault = file.fault or module_facts(file.text).fault
    return "" if fault is None else f"line {fault.span.line}: {fault.message}"
