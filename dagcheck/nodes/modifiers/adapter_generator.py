"""Which loaders and savers does Hamilton have, and what do they take? Writes the table of `dagcheck.nodes.modifiers.adapters`.

Run by a developer, never by dagcheck: this module alone imports Hamilton and its plugins.

    python -m dagcheck.nodes.modifiers.adapter_generator describe > one.json      in environments with different packages
    python -m dagcheck.nodes.modifiers.adapter_generator merge one.json two.json ...

An *adapter* is a loader or a saver; a *plugin* is the part of Hamilton that registers it once its package is installed. The
arguments of an adapter are the fields of its dataclass. What differs between environments, and hints that fail to resolve
there, are null in the table: not known. The first file decides on the order, so it should come from the richest environment.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import pathlib
import sys
import types
import typing
from typing import Any

from dagcheck.evaluation.values import Reference, Subscripted, Unknown, Value
from dagcheck.names.table_probe import canonical
from dagcheck.types import rows
from dagcheck.types.equality import normal
from dagcheck.types.expressions import Context, read

TABLE = pathlib.Path(__file__).parent / "_tables" / "adapters.json"
DISTRIBUTIONS = (
    "apache-hamilton numpy pandas polars pyarrow fsspec PyYAML matplotlib plotly xgboost-cpu lightgbm scikit-learn datasets "
    "mlflow-skinny kedro dlt pyspark lancedb"
).split()
"""Whose versions the table names."""


def _describe() -> dict[str, Any]:
    importlib.import_module("hamilton.function_modifiers")
    registry = importlib.import_module("hamilton.registry")
    found = {"load": registry.LOADER_REGISTRY, "save": registry.SAVER_REGISTRY}
    return {
        "versions": {"python": sys.version.split()[0], **_versions()},
        "validators": _validators(),
        **{
            kind: {key: [_adapter(item) for item in adapters] for key, adapters in sorted(keys.items())}
            for kind, keys in found.items()
        },
    }


def _versions() -> dict[str, str]:
    installed = {item.metadata["Name"]: item.version for item in importlib.metadata.distributions()}
    return {name: installed[name] for name in DISTRIBUTIONS if name in installed}


def _adapter(adapter: Any) -> dict[str, Any]:
    """One adapter: its class, its plugin ("" for those that Hamilton always has), types, and arguments with their types."""
    module = adapter.__module__.rpartition(".")[2]
    plugin = "" if module == "default_data_loaders" else module.partition("_extensions")[0]
    try:
        required = {name: _row(hint) for name, hint in adapter.get_required_arguments().items()}
        optional = {name: _row(hint) for name, hint in adapter.get_optional_arguments().items()}
    except NameError:
        required, optional = None, None
    return {
        "class": adapter.__qualname__,
        "plugin": plugin.removesuffix("_post_1_0_0"),
        "types": [_row(type_) for type_ in adapter.applicable_types()],
        "exact": "applies_to" in vars(adapter),
        "required": required,
        "optional": optional,
    }


def _validators() -> dict[str, str]:
    """The validators that Hamilton brings along: class to the name that ends the name of their node."""
    validators = importlib.import_module("hamilton.data_quality.default_validators")
    named: dict[str, str] = {}
    for validator in validators.AVAILABLE_DEFAULT_VALIDATORS:
        try:
            named[f"{validator.__module__}.{validator.__qualname__}"] = validator.name()
        except TypeError:  # a method of the instance: its name is not known without one
            continue
    return dict(sorted(named.items()))


def _row(hint: Any) -> Any:
    """The type of a live annotation, as dagcheck would read it where it is written, in normal form; null when it cannot be told."""
    type_ = normal(read(_value(hint), Context(Unknown, sys.version_info[:2])))
    return None if _has_unknown(row := rows.to_row(type_)) else row


def _has_unknown(row: Any) -> bool:
    return isinstance(row, tuple) and (row[:1] == ("unknown",) or any(map(_has_unknown, row)))


def _value(hint: Any) -> Value:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is None or hint is type(None):
        return None
    if hint is ...:
        return hint
    if isinstance(hint, list):
        return [_value(part) for part in hint]
    if origin in (typing.Union, types.UnionType):
        return Subscripted(Reference("typing.Union"), tuple(map(_value, arguments)))
    if origin is typing.Literal:
        return Subscripted(Reference("typing.Literal"), arguments)
    if arguments:
        spelling = f"typing.{hint._name}" if getattr(hint, "__module__", "") == "typing" else canonical(origin)
        return Subscripted(Reference(spelling), tuple(map(_value, arguments)))
    if isinstance(hint, type):
        return Reference("typing.Any" if hint is Any else canonical(hint))
    return Reference("typing.Any") if hint is Any else Unknown(repr(hint))


def _merged(described: list[dict[str, Any]]) -> dict[str, Any]:
    """One table of several environments."""
    table: dict[str, Any] = {"versions": [item["versions"] for item in described], "types": []}
    table["validators"] = {name: text for item in described for name, text in item["validators"].items()}
    for kind in ("load", "save"):
        keys = dict.fromkeys(key for item in described for key in item[kind])
        table[kind] = {
            key: [_packed(same, table["types"]) for same in _same([item[kind].get(key, []) for item in described])]
            for key in sorted(keys)
        }
    return table


def _same(lists: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """The descriptions of each adapter, in the order of the environment that has it first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for adapters in lists:
        for adapter in adapters:
            found.setdefault(f"{adapter['plugin']}.{adapter['class']}", []).append(adapter)
    return list(found.values())


def _packed(same: list[dict[str, Any]], types_: list[Any]) -> list[Any]:
    """`[class, plugin, types, required, optional, exact]`, types by their index; arguments null where they are not known."""
    first = max(same, key=lambda item: len(item["types"]))
    row: list[Any] = [first["class"], first["plugin"], [_index(type_, types_) for type_ in first["types"]]]
    for part in ("required", "optional"):
        known = [item[part] for item in same if item[part] is not None]
        if not known or any(list(other) != list(known[0]) for other in known):
            row.append(None)
            continue
        agreed = {
            name: hint if all(other[name] == hint for other in known) else None for name, hint in known[0].items()
        }
        row.append({name: None if hint is None else _index(hint, types_) for name, hint in agreed.items()})
    return [*row, True] if first["exact"] else row


def _index(row: Any, types_: list[Any]) -> int:
    if row not in types_:
        types_.append(row)
    return types_.index(row)


def _write(table: dict[str, Any]) -> None:
    """Compact JSON with one type, one adapter a line, so that a change can be reviewed."""

    def compact(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    parts = []
    for key, value in table.items():
        if isinstance(value, list):
            parts.append(f"{compact(key)}:[\n" + ",\n".join(map(compact, value)) + "]")
        elif key == "validators":
            parts.append(
                f"{compact(key)}:{{\n" + ",\n".join(f"{compact(k)}:{compact(v)}" for k, v in value.items()) + "}"
            )
        else:
            keys = (f"{compact(k)}:[\n" + ",\n".join(map(compact, v)) + "]" for k, v in value.items())
            parts.append(f"{compact(key)}:{{\n" + ",\n".join(keys) + "}")
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Run one of the two commands of the module's docstring."""
    command, *paths = arguments or [""]
    if command == "describe":
        sys.stdout.write(json.dumps(_describe()))
    elif command == "merge":
        _write(_merged([json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in paths]))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
