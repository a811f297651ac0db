"""Which classes outside the project are known, and what are they called? The bundled tables.

Terms: a *public name* is a dotted path by which users reach something; the *canonical name* of a class is the module of
its class statement plus its qualified name, builtins bare. A *row* says of one class: its bases, which of the asked names
it binds, and flags. There is one table for what everybody uses of the standard library, one for the rest of it, and one for
each bundled package; each is read when a name first asks for it.

What is not in a table is not known: the tables never say that something does not exist. They are written by
`dagcheck.names.table_generator`; what follows from them is `dagcheck.names.classes`.
"""

from __future__ import annotations

import sys
from typing import Any, Literal, NamedTuple

from dagcheck.bounded import Bounded


class Table(NamedTuple):
    """One bundled file, as it stands there."""

    names: dict[str, str | None]
    """Public name to canonical name; None: what it means depends on the version or the platform."""
    classes: dict[str, Any]
    """Canonical name to `[bases, names, flags]` with empty ends left out, or to such lists by first minor version."""
    aliases: dict[str, str]
    """`typing` alias to the canonical name of its origin."""
    objects: frozenset[str]
    """Public names of functions and modules: things that are no types."""
    hooks: dict[str, list[str]]
    """ABCs and runtime protocols to the methods that make any class their subclass."""
    registered: dict[str, list[str]]
    """ABCs to the classes registered with them."""
    version: str
    """Of what is described."""
    asked: frozenset[str]
    """The names that every row tells about, whether it is complete or not; others the table was not asked for."""


class Meaning(NamedTuple):
    """What a public name stands for: a class, a `typing` alias (`typing.List`, whose origin is a class), or no type at all.

    An `expression` is a type made of others in an installed package; `name` is the module in which it is written. A `name`
    is another name for something of the standard library that is no class: `typing.Union`.
    """

    kind: Literal["class", "alias", "object", "expression", "name"]
    name: str
    expression: Any = None


class Row(NamedTuple):
    """What a table tells of one class: canonical names of its bases (`object` left out), names it binds, names it binds to None.

    Flags: `abstract` (its metaclass is ABCMeta), `runtime` or `static` (a protocol with or without `runtime_checkable`),
    `data` (a protocol with members that are no methods), `hook`, `metaclass` (decides by itself what a subclass is),
    `subscript` (its subscription is no plain alias), `complete` (it binds nothing but the names given).
    """

    bases: tuple[str, ...]
    binds: frozenset[str]
    blocks: frozenset[str]
    flags: frozenset[str]


_loaded: Bounded[str, Table] = Bounded()
_names: dict[str, frozenset[str]] = {}


def meaning(name: str) -> Meaning | None:
    """What a dotted name outside the project stands for; None when no table knows."""
    name = plain(name)
    table = table_for(name)
    if name in table.names:
        target = table.names[name]
        return None if target is None else Meaning("class", target)
    if name in table.classes:
        return Meaning("class", name)
    if name in table.aliases:
        return Meaning("alias", name)
    return Meaning("object", name) if name in table.objects else None


def row(name: str, minor: int) -> Row | None:
    """The row of the class with a canonical name, as it is in CPython 3.`minor`."""
    found = table_for(name).classes.get(name)
    if found is None:
        return None
    if isinstance(found, dict):
        starts = sorted(map(int, found))
        found = found[str(max((start for start in starts if start <= minor), default=starts[0]))]
    names = found[1].split() if len(found) > 1 else []
    return Row(
        tuple(found[0]) if found else (),
        frozenset(name for name in names if name[0] != "-"),
        frozenset(name[1:] for name in names if name[0] == "-"),
        frozenset(found[2].split() if len(found) > 2 else ()),
    )


def lacks(name: str) -> tuple[str, str] | None:
    """The module of the standard library and its attribute, where a dotted name asks for one that no version has."""
    module, _, last = name.partition(".")
    if module not in sys.stdlib_module_names:
        return None
    names = _module_names()
    while last:
        part, _, rest = last.partition(".")
        if part.startswith("_") or (module in names and part not in names[module] and f"{module}.{part}" not in names):
            return (module, part) if module in names and not part.startswith("_") else None
        module, last = f"{module}.{part}", rest
    return None


def offers(module: str, name: str) -> bool:
    """Whether a module of the standard library has a name in some version."""
    return name in _module_names().get(module, ())


def _module_names() -> dict[str, frozenset[str]]:
    if not _names:
        _names.update({name: frozenset(words.split()) for name, words in _read("standard_names")["modules"].items()})
    return _names


def is_shifting(name: str) -> bool:
    """Whether a table says that a name means another class in another release or on another platform."""
    name = plain(name)
    names = table_for(name).names
    return name in names and names[name] is None


def version(root: str) -> str:
    """The version of the package that a table describes, "" where there is none."""
    return _table(root).version


def plain(name: str) -> str:
    """A name without `builtins.`, and `typing_extensions` taken for `typing`."""
    if name.startswith("builtins."):
        return name[len("builtins.") :]
    return "typing" + name[len("typing_extensions") :] if name.startswith("typing_extensions.") else name


def standard() -> Table:
    """The standard library's common part, which alone has aliases and most hooks."""
    return _table("standard")


def table_for(name: str) -> Table:
    """The one table that may know a name; an empty one where there is none."""
    root, dot, _ = name.partition(".")
    if not dot or root in sys.stdlib_module_names:
        common = standard()
        return common if not dot or _knows(common, name) else _table("standard_more")
    return _table(root)


def _knows(table: Table, name: str) -> bool:
    return name in table.classes or name in table.names or name in table.aliases or name in table.objects


def _table(name: str) -> Table:
    if name not in _loaded:
        content = _read(name)
        known = {field: content.get(field, {}) for field in Table._fields}
        known["objects"], known["asked"] = frozenset(known["objects"]), frozenset(known["asked"])
        known["version"] = content.get("version", "")
        _loaded[name] = Table(**known)
    return _loaded[name]


def _read(name: str) -> dict[str, Any]:
    import json
    import os

    path = os.path.join(os.path.dirname(__file__), "_tables", f"{name}.json")
    try:
        with open(path, encoding="utf-8") as file:
            return dict(json.load(file))
    except OSError:
        return {}
