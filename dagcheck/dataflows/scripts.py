"""Which files, and which of their functions, can have anything to do with drivers?

A cheap look, so that a project without drivers pays nothing: a file can build a driver if it mentions a driver and has
Hamilton in it, or if it imports such a file and calls something that is defined there. A function matters if it
calls a driver, or another function that matters. Names are compared and not resolved, which only ever widens the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from dagcheck.dataflows.calls import METHODS
from dagcheck.dataflows.declared import is_test_module
from dagcheck.dataflows.drivers import BUILDER_METHODS
from dagcheck.source.facts import Source
from dagcheck.source.syntax import Header, Statement, blocks, header_of

_MAKERS = frozenset({"Driver", "AsyncDriver", "Builder"})
_SIGNS = ("Driver", "Builder", "hamilton.driver", "hamilton.async_driver", "h_async")
_MADE = frozenset({"create_temporary_module", "module_from_source", "create_module"})
_MATTERING = _MAKERS | METHODS | (BUILDER_METHODS - {"copy", "build"}) | _MADE


class Scripts(NamedTuple):
    """The files that can build or run a driver, sorted; per file the lines of the functions that matter; what is called."""

    paths: tuple[str, ...]
    mattering: Mapping[str, frozenset[int]]
    called: frozenset[str]

    def matters(self, path: str, header: Header) -> bool:
        """Can this function, or one that is written inside or around it, have to do with drivers?"""
        lines = self.mattering.get(path, frozenset())
        return any(header.first_line <= line <= header.end_line for line in lines)

    def is_called(self, name: str) -> bool:
        """Does some file call something of this name?"""
        return name in self.called


def find_scripts(
    paths: Sequence[str],
    reaching: AbstractSet[str],
    source_of: Callable[[str], Source | None],
    importers: Mapping[str, AbstractSet[str]],
) -> Scripts:
    """The scripts among these files; `importers` tells, for a file, which files import it."""
    files: dict[str, _Lines] = {}
    for path in paths:
        source = source_of(path)
        if source is not None and _can_build(source, path in reaching):
            files[path] = _Lines(source)
    if not files:
        return Scripts((), {}, frozenset())
    _add_tests(files, paths, source_of)
    _add_callers(files, importers, source_of)
    return _mattering(files)


def _can_build(source: Source, reaches: bool) -> bool:
    text = source.text
    if "river" not in text and "Builder" not in text:  # one look where most files have neither
        return False
    imports = reaches or "from hamilton" in text or "import hamilton" in text
    return imports and any(part in text for part in _SIGNS)


def _add_tests(files: dict[str, _Lines], paths: Iterable[str], source_of: Callable[[str], Source | None]) -> None:
    """The tests that ask a driver which a `conftest.py` makes for them."""
    folders = [path.removesuffix("conftest.py") for path in files if path.rpartition("/")[2] == "conftest.py"]
    for path in paths if folders else ():
        if path not in files and is_test_module(path) and any(path.startswith(folder) for folder in folders):
            source = source_of(path)
            if source is not None and not source.facts.called.isdisjoint(METHODS):
                files[path] = _Lines(source)


def _add_callers(
    files: dict[str, _Lines], importers: Mapping[str, AbstractSet[str]], source_of: Callable[[str], Source | None]
) -> None:
    """The files that import a script and call something of it."""
    pending = list(files)
    while pending:
        path = pending.pop()
        for other in sorted(importers.get(path, ())):
            source = source_of(other)
            if other not in files and source is not None and not source.facts.called.isdisjoint(files[path].defined):
                files[other] = _Lines(source)
                pending.append(other)


class _Lines:
    """The functions of one file: names, extents, and what each calls."""

    def __init__(self, source: Source) -> None:
        self.functions: list[tuple[str, str, Header]] = []
        _collect(source.facts.statements, "", self.functions)
        self.defined = frozenset(name for owner, name, _ in self.functions for name in (owner, name) if name)
        lines = source.text.split("\n")
        self.calls = [_called(lines[header.first_line - 1 : header.end_line]) for _, _, header in self.functions]
        self.called = _called(lines)


def _collect(statements: Iterable[Statement], owner: str, found: list[tuple[str, str, Header]]) -> None:
    for statement in statements:
        if statement[0] == "def":
            header = header_of(statement)
            found.append((owner, header.name, header))
        elif statement[0] == "class":
            _collect(statement[6], statement[2], found)
        for block in blocks(statement):
            _collect(block, owner, found)


def _called(lines: Iterable[str]) -> frozenset[str]:
    """The names before an opening parenthesis, those of definitions apart."""
    names: set[str] = set()
    for piece in "\n".join(lines).split("("):
        words = piece[-80:].replace("\n", " ").split(" ")
        if len(words) < 2 or words[-2] not in ("def", "class"):
            names.add(words[-1].rpartition(".")[2].strip("([{=,*@\n\t"))
    return frozenset(names)


def _mattering(files: Mapping[str, _Lines]) -> Scripts:
    """From the functions that call a driver to those that call them, round by round."""
    names, lines = set(_MATTERING), {path: set[int]() for path in files}
    changed = True
    while changed:
        changed = False
        for path, file in files.items():
            for (owner, name, header), called in zip(file.functions, file.calls, strict=True):
                if header.place[0] not in lines[path] and not called.isdisjoint(names):
                    lines[path].add(header.place[0])
                    names.update(part for part in (owner, name) if part)
                    changed = True
    everywhere = frozenset().union(*(file.called for file in files.values()))
    mattering = {path: frozenset(found) for path, found in lines.items()}
    return Scripts(tuple(sorted(files)), mattering, everywhere)
