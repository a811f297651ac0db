"""Who stands behind a node: which people, which tests?

Owners come from tags, from the dataflow's settings, and from CODEOWNERS by the file that holds the function. A test exercises a
function when it reaches it: it calls it, hands its module to a driver, or uses a fixture or another function that does. Where a
file of tests imports the module and none of its tests is seen to reach the function, all of them count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from dagcheck.dataflows.declared import is_test_module
from dagcheck.names.linking import Key, Linker
from dagcheck.settings.globs import matcher
from dagcheck.source.facts import Source
from dagcheck.source.symbols import ModuleSymbols
from dagcheck.source.syntax import Header, header_of

OWNER_TAGS = ("owner", "owners", "team")
CODEOWNERS = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub and GitLab look for the file."""


def owners_in_tags(tags: Mapping[str, Any]) -> list[str]:
    """The owners that a node's tags name."""
    found: list[str] = []
    for key in OWNER_TAGS:
        value = tags.get(key)
        found += (
            [value]
            if isinstance(value, str)
            else [str(item) for item in value]
            if isinstance(value, (list, tuple))
            else []
        )
    return [part.strip() for text in found for part in text.split(",") if part.strip()]


def code_owners(text: str, prefix: str = "") -> Callable[[str], tuple[str, ...]]:
    """The owners of a path by a CODEOWNERS file; of its lines the last one that matches counts, in each section by itself.

    `prefix` leads from the file's repository to the folder that paths are relative to.
    """
    sections: list[list[tuple[Callable[[str], bool], tuple[str, ...]]]] = [[]]
    default: tuple[str, ...] = ()
    for line in text.splitlines():
        words = line.partition("#")[0].replace("\\ ", "\0").split()
        if line.lstrip().startswith(("[", "^[")):
            default = tuple(words[1:]) if words else ()
            sections.append([])
        elif words:
            pattern = words[0].replace("\0", " ")
            sections[-1].append((_matcher(pattern), tuple(words[1:]) or default))

    def owners(path: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for section in sections:
            matching = [names for matches, names in section if matches(prefix + path)]
            found.update(dict.fromkeys(matching[-1] if matching else ()))
        return tuple(found)

    return owners


def tests_reaching(
    paths: Iterable[str],
    source_of: Callable[[str], Source | None],
    symbols_of: Callable[[str], ModuleSymbols],
    linker: Linker,
    wanted: Collection[Key],
) -> list[str]:
    """The tests that reach these symbols, as pytest names them; `paths` are the files of the project."""
    files = [path for path in paths if path.endswith(".py")]
    modules = {key.path for key in wanted}
    found: list[str] = []
    for path in sorted(path for path in files if is_test_module(path) and not path.endswith("conftest.py")):
        source = source_of(path)
        if source is None:
            continue
        symbols = symbols_of(path)
        hit = [name for name, keys in _tests(source, files, source_of) if _reaches(linker, keys, wanted)]
        found += [f"{path}::{name}" for name in hit]
        if not hit and any(target in modules for target in _imported(path, symbols, linker)):
            found.append(path)
    return found


def _tests(
    source: Source, files: Collection[str], source_of: Callable[[str], Source | None]
) -> Iterator[tuple[str, list[Key]]]:
    """The tests of a file, each with the symbols it begins at: itself and the fixtures it names."""
    fixtures = _fixtures(source, files, source_of)
    for statement in source.facts.statements:
        if statement[0] == "def" and fnmatchcase(header_of(statement).name, "test*"):
            header = header_of(statement)
            yield header.name, [Key(source.path, header.name), *_used(header, fixtures)]
        elif statement[0] == "class" and statement[2].startswith("Test"):
            methods = [header_of(inner) for inner in statement[6] if inner[0] == "def"]
            used = [key for header in methods for key in _used(header, fixtures)]
            yield statement[2], [Key(source.path, statement[2]), *used]


def _used(header: Header, fixtures: Mapping[str, tuple[Key, Header]]) -> list[Key]:
    """The fixtures that a function takes as parameters, and those that they take."""
    found: dict[Key, None] = {}
    pending = [part.name for part in header.parameters]
    while pending:
        fixture = fixtures.get(pending.pop())
        if fixture is not None and fixture[0] not in found:
            found[fixture[0]] = None
            pending += [part.name for part in fixture[1].parameters]
    return list(found)


def _fixtures(
    source: Source, files: Collection[str], source_of: Callable[[str], Source | None]
) -> dict[str, tuple[Key, Header]]:
    """The functions of a file and of the `conftest.py` above it, the nearest ones first."""
    folders = source.path.split("/")[:-1]
    paths = [source.path, *("/".join([*folders[:end], "conftest.py"]) for end in range(len(folders), -1, -1))]
    found: dict[str, tuple[Key, Header]] = {}
    for path in paths:
        file = source_of(path) if path in files else None
        for statement in () if file is None else file.facts.statements:
            if statement[0] == "def":
                header = header_of(statement)
                found.setdefault(header.name, (Key(path, header.name), header))
    return found


def _reaches(linker: Linker, keys: Iterable[Key], wanted: Collection[Key]) -> bool:
    return any(key in wanted for key in linker.reached(keys))


def _imported(path: str, symbols: ModuleSymbols, linker: Linker) -> Iterator[str]:
    """The files that a file imports, wherever in it."""
    for what in symbols.imported:
        target = linker.target(path, (what,))
        if target.key is not None:
            yield target.key.path


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a pattern of CODEOWNERS means a path: like `.gitignore`, but `docs/*` stops at the folder's own files."""
    if pattern.endswith("/*") and "**" not in pattern:
        inner, depth = matcher([pattern]), pattern.strip("/").count("/")
        return lambda path: inner(path) and path.count("/") == depth
    return matcher([pattern])
