"""Which loader or saver does Hamilton take for a type, and what does it want to be told?

An *adapter* is a loader or a saver, a *key* the name by which users reach several of them (`load_from.csv`). Of those of one
key, Hamilton takes the last registered whose types fit; one that declares `Any` is the last resort (source:
`hamilton.function_modifiers.adapters.resolve_adapter_class`). Which are registered depends on the packages that are
installed, and so does the order. Pandas and numpy always are; of the others nothing is known unless the type is theirs.

Where that leaves several adapters, `Choice.adapter` tells what they have in common; where it may leave none, nobody is blamed.
The bundled table is written by `dagcheck.nodes.modifiers.adapter_generator`, and read when a key is first looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from dagcheck.names.classes import Hierarchy
from dagcheck.types import rows
from dagcheck.types.assignability import fits
from dagcheck.types.equality import same
from dagcheck.types.model import ANY, ClassType, GenericType, Type, UnknownType

Kind = Literal["load", "save"]
Answer = Literal["yes", "no", "maybe", "raises"]

DIFFERS = UnknownType("unknown", "it depends on the packages that are installed")
_ALWAYS = frozenset({"", "pandas", "numpy"})
_PACKAGES = {"polars_lazyframe": "polars", "spark": "pyspark", "huggingface": "datasets", "sklearn_plot": "sklearn"}
_RELATED = {"pandas": frozenset({"geopandas", "modin", "pandera"}), "polars": frozenset({"pandera"})}
"""Packages whose classes are known to derive from those of another."""


class Adapter(NamedTuple):
    """A loader or saver: the qualified name of its class ("": not known which), who registers it, the types it is for.

    `plugin` is "" for those that are always there. Arguments are None where they are not known. `exact`: its types are
    compared by equality.
    """

    name: str
    plugin: str
    types: tuple[Type, ...]
    required: Mapping[str, Type] | None
    optional: Mapping[str, Type] | None
    exact: bool = False

    def missing(self, given: Iterable[str]) -> list[str]:
        """The required arguments that are not given."""
        names = set(given)
        return [name for name in self.required or () if name not in names]

    def surplus(self, given: Iterable[str]) -> list[str]:
        """The arguments given that the adapter does not take."""
        if self.required is None or self.optional is None:
            return []
        return [name for name in given if name not in self.required and name not in self.optional]


class Choice(NamedTuple):
    """What Hamilton takes: an adapter, or what all that it may take have in common.

    None: there is none (`certain`), or dagcheck cannot tell. `names` are the classes between which it cannot be told;
    `error` are the words with which Hamilton's own comparison fails.
    """

    adapter: Adapter | None
    certain: bool = False
    names: tuple[str, ...] = ()
    error: str = ""


def keys(kind: Kind) -> list[str]:
    """The keys that Hamilton and its plugins have."""
    return list(_table()[kind])


def registered(kind: Kind, key: str) -> list[Adapter] | None:
    """The adapters of a key in the order in which Hamilton and its plugins register them; None: there is no such key."""
    table = _table()
    found = table[kind].get(key)
    return None if found is None else [_unpacked(row, table["types"]) for row in found]


def meant_by(kind: Kind, key: str) -> str:
    """The key of Hamilton's that one looks like a slip of; "" where it may well be somebody's own."""
    import difflib

    near = difflib.get_close_matches(key, keys(kind), 1)
    return near[0] if near and _is_slip(key, near[0]) else ""


def validator_names() -> Mapping[str, str]:
    """The names of Hamilton's own validators, by their class."""
    names: Mapping[str, str] = _table()["validators"]
    return names


def choose(adapters: Sequence[Adapter], type_: Type, kind: Kind, given: Sequence[str], hierarchy: Hierarchy) -> Choice:
    """The adapter that Hamilton takes for a type; `given` are the arguments written, which tell apart what could be either."""
    answers: dict[int, Answer] = {}
    for index, adapter in enumerate(adapters):
        answer = _fits(adapter, type_, kind, hierarchy)
        if answer == "raises" and _is_there(adapter, type_):
            return Choice(None, certain=True, error=f"Hamilton cannot compare it with the types of `{adapter.name}`")
        answers[index] = answer
    doubt = any(answer in ("maybe", "raises") for answer in answers.values())
    likely = [index for index in reversed(answers) if _is_likely(adapters[index], answers[index], type_, hierarchy)]
    options, settled = _options([adapters[index] for index in likely], [answers[index] for index in likely], type_)
    if not settled:
        resorts = [adapter for adapter in reversed(adapters) if ANY in adapter.types]
        more, settled = _options(resorts, ["yes" for _ in resorts], type_)
        options += more
    if not options:
        return Choice(None, certain=not doubt and not isinstance(type_, UnknownType))
    taking = [adapter for adapter in options if not adapter.missing(given) and not adapter.surplus(given)]
    choice = _common(taking or options)
    names = tuple(dict.fromkeys(adapter.name for adapter in options))
    # Where another one is installed and comes first, the arguments do not fit, and Hamilton refuses.
    is_open = bool(taking) and not choice.names and len(names) > 1 and not isinstance(type_, UnknownType)
    return choice._replace(names=names) if is_open else choice


def _options(adapters: list[Adapter], answers: list[Answer], type_: Type) -> tuple[list[Adapter], bool]:
    """Those that Hamilton may take, last registered first, down to the first that is certain; and whether one is."""
    options: list[Adapter] = []
    for adapter, answer in zip(adapters, answers, strict=True):
        options.append(adapter)
        if answer == "yes" and _is_there(adapter, type_):
            return options, True
    return options, False


def _common(options: list[Adapter]) -> Choice:
    first = options[0]
    if all(adapter[:1] + adapter[3:] == first[:1] + first[3:] for adapter in options):
        return Choice(first)
    names = tuple([adapter.name for adapter in options])
    arguments = [adapter.required for adapter in options] + [adapter.optional for adapter in options]
    if None in arguments:
        return Choice(Adapter("", first.plugin, first.types, None, None), names=names)
    required = [name for name in first.required or () if all(name in (other.required or ()) for other in options)]
    every = dict.fromkeys(name for part in arguments for name in part or ())
    types = {name: _agreed([part[name] for part in arguments if part and name in part]) for name in every}
    optional = {name: type_ for name, type_ in types.items() if name not in required}
    return Choice(Adapter("", first.plugin, (), {name: types[name] for name in required}, optional), names=names)


def _agreed(types: list[Type]) -> Type:
    return types[0] if all(type_ == types[0] for type_ in types) else DIFFERS


def _fits(adapter: Adapter, type_: Type, kind: Kind, hierarchy: Hierarchy) -> Answer:
    """`applies_to`: a loader's type must go where the parameter's is asked for, a node's type where a saver's is."""
    if isinstance(type_, UnknownType):
        return "maybe"
    doubtful = False
    for own in adapter.types:
        if adapter.exact:
            equal = same(type_, own, hierarchy)
            answer: Answer = "maybe" if equal is None else "yes" if equal else "no"
        else:
            answer = (fits(own, type_, hierarchy) if kind == "load" else fits(type_, own, hierarchy)).kind
        if answer == "yes":
            return "yes"
        if answer == "raises":
            return "maybe" if doubtful else "raises"
        doubtful = doubtful or answer == "maybe"
    if kind == "save" and type_.kind == "union" and {*type_.members} == {*adapter.types}:
        return "yes"
    return "maybe" if doubtful else "no"


def _is_there(adapter: Adapter, type_: Type) -> bool:
    """Is the adapter registered for certain? A type of a package says that the package is installed."""
    package = _PACKAGES.get(adapter.plugin, adapter.plugin)
    return adapter.plugin in _ALWAYS or package in {name.partition(".")[0] for name in _class_names(type_)}


def _is_likely(adapter: Adapter, answer: Answer, type_: Type, hierarchy: Hierarchy) -> bool:
    """May the adapter fit? A class of which nothing is known is not taken for a kin of another package's classes."""
    if answer != "maybe" or isinstance(type_, UnknownType):
        return answer in ("yes", "maybe")
    packages = {name.partition(".")[0] for own in adapter.types for name in _class_names(own) if "." in name}
    kin = packages.union(*(_RELATED.get(package, frozenset()) for package in packages))
    strangers = _strangers(type_, hierarchy)
    return not packages or strangers is None or bool(strangers & kin)


def _strangers(type_: Type, hierarchy: Hierarchy) -> set[str] | None:
    """The packages of the classes behind a type of which nothing is known; None when not even their names are."""
    found: set[str] = set()
    for name in _class_names(type_):
        for ancestor in hierarchy.ancestry(name).names:
            record = hierarchy.record(ancestor)
            if record is not None and None in record.bases:
                return None
            if record is None:
                found.add(ancestor.partition(".")[0])
    return found


def _class_names(type_: Type) -> list[str]:
    if isinstance(type_, ClassType):
        return [type_.name]
    if isinstance(type_, GenericType):
        return [type_.name, *(name for part in type_.arguments for name in _class_names(part))]
    if type_.kind == "union":
        return [name for part in type_.members for name in _class_names(part)]
    return _class_names(type_.underlying) if type_.kind == "annotated" else []


def _unpacked(row: list[Any], types: list[Any]) -> Adapter:
    name, plugin, own, required, optional, *exact = row
    applicable = tuple([rows.from_row(types[index]) for index in own])
    return Adapter(name, plugin, applicable, _arguments(required, types), _arguments(optional, types), bool(exact))


def _arguments(row: dict[str, int | None] | None, types: list[Any]) -> dict[str, Type] | None:
    if row is None:
        return None
    return {name: DIFFERS if index is None else rows.from_row(types[index]) for name, index in row.items()}


_loaded: dict[str, Any] = {}


def _table() -> dict[str, Any]:
    if not _loaded:
        import json
        import os

        path = os.path.join(os.path.dirname(__file__), "_tables", "adapters.json")
        with open(path, encoding="utf-8") as file:
            _loaded.update(json.load(file))
    return _loaded


def _is_slip(written: str, meant: str) -> bool:
    """Two neighbours exchanged, or one letter left out or replaced; more letters may be a name of its own."""
    if len(written) == len(meant):
        odd = [index for index, pair in enumerate(zip(written, meant, strict=True)) if pair[0] != pair[1]]
        exchanged = len(odd) == 2 and sorted(written) == sorted(meant) and odd[1] == odd[0] + 1
        return len(odd) == 1 or exchanged
    return len(written) == len(meant) - 1 and any(
        meant[:index] + meant[index + 1 :] == written for index in range(len(meant))
    )
