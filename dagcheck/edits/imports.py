"""How does a file get a name that another file has?

A name in an annotation is worth something only where it is bound. What binds it elsewhere, an import or a class statement, tells the
import to write; it goes behind the imports that are there, or before the first statement that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dagcheck.edits.edit import Edit
from dagcheck.source.facts import Source
from dagcheck.source.syntax import Statement, blocks
from dagcheck.span import Location, Span


def names_in(annotation: str) -> list[str]:
    """The names that an annotation begins its parts with: `pd` and `list` of `list[pd.Series]`."""
    return list(dict.fromkeys(re.findall(r"(?<![\w.\"'])([A-Za-z_]\w*)", annotation)))


def needed(annotation: str, source: Source, home: Source | None, home_module: str) -> list[str] | None:
    """The import lines that make an annotation of `home` mean the same in `source`; None when that cannot be told."""
    here, there = dict(_bound(source.facts.statements)), dict(_bound(home.facts.statements)) if home is not None else {}
    lines: list[str] = []
    for name in names_in(annotation):
        line = there.get(name)
        if name in here:
            if line is not None and here[name] not in (line, "own") and there[name] != "own":
                return None  # it means something else here
            if line == "own" and home is not None and home.path != source.path and here[name] != _of(home_module, name):
                return None
        elif line == "own":
            if home is not None and home.path != source.path:
                lines.append(_of(home_module, name))
        elif line is not None:
            if line.startswith("from ."):
                return None
            lines.append(line)
        elif not _is_builtin(name):
            return None
    return list(dict.fromkeys(lines))


def insertion(text: str, statements: Iterable[Statement], path: str, lines: Iterable[str]) -> list[Edit]:
    """The edit that adds import lines to a file."""
    added = "".join(f"{line}\n" for line in lines)
    if not added:
        return []
    last, after_head = 0, 0
    for statement in statements:
        if statement[0] in ("import", "from"):
            last = statement[1][2]
        elif statement[0] == "expr" and not last and not after_head and statement[2][0] == "const":
            after_head = statement[1][2]
        else:
            break
    count = text.count("\n") + 1
    line = (last or after_head) + 1
    if line > count:
        end = Span(count, len(text.split("\n")[-1]) + 1, count, len(text.split("\n")[-1]) + 1)
        return [Edit(Location(path, end), f"\n{added.rstrip()}")]
    if not last and after_head:
        added = f"\n{added}"
    elif not last:
        added = f"{added}\n\n"
    return [Edit(Location(path, Span(line, 1, line, 1)), added)]


def _bound(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Name -> the import line that binds it, or `own` for anything else."""
    for statement in statements:
        kind = statement[0]
        if kind == "import":
            for dotted, alias in statement[2]:
                line = f"import {dotted} as {alias}" if alias else f"import {dotted}"
                yield alias or dotted.partition(".")[0], line
        elif kind == "from":
            start = f"from {'.' * statement[3]}{statement[2] or ''} import"
            for name, alias in statement[4]:
                yield alias or name, f"{start} {name} as {alias}" if alias else f"{start} {name}"
        elif kind in ("class", "alias"):
            yield statement[2], "own"
        elif kind == "def":
            yield statement[2][0], "own"
        elif kind == "assign":
            for target in statement[2]:
                if target[0] == "name":
                    yield target[2], "own"
        for block in blocks(statement):
            yield from _bound(block)


def _of(module: str, name: str) -> str:
    return f"from {module} import {name}"


def _is_builtin(name: str) -> bool:
    import builtins

    return hasattr(builtins, name)
