"""Which classes do the standard library and the commonest packages have? Writes the tables of `dagcheck.names.class_tables`.

Run by a developer, never by dagcheck: this module alone imports the libraries that it describes.

    python3.10 -m dagcheck.names.table_generator describe > 3.10.json      the same with 3.11, 3.12, 3.13
    python -m dagcheck.names.table_generator merge 3.10.json 3.11.json 3.12.json 3.13.json
    python -m dagcheck.names.table_generator package pandas                   in an environment that has pandas

Terms: a *public name* is a dotted path by which users reach a class; its *canonical name* is the module of the class
statement plus the qualified name, builtins bare. The standard library's are those of CPython 3.11, so that
`pathlib._local.Path` of 3.13 is `pathlib.Path`. A name that means different things in different versions means `null`.
"""

from __future__ import annotations

import abc
import collections.abc
import importlib
import json
import numbers
import pathlib
import pkgutil
import re
import sys
import types
import warnings
from typing import Any

from dagcheck.names.table_probe import COMMON, Description, canonical

TABLES = pathlib.Path(__file__).parent / "_tables"
REFERENCE = "3.11"

UNFIT = re.compile(r"^(_.*|antigravity|this|idlelib|lib2to3|turtle.*|test|tests|pydoc_data|ensurepip|venv|tkinter)$")
"""Parts of module names that nobody annotates with, or that do something when imported."""

PACKAGES = {
    "PIL": ("PIL.Image", "PIL.ImageDraw", "PIL.ImageEnhance", "PIL.ImageFile", "PIL.ImageFilter", "PIL.ImageFont",
            "PIL.ImagePalette", "PIL.ImageSequence", "PIL.TiffImagePlugin", "PIL.PngImagePlugin", "PIL.JpegImagePlugin"),
    "dask": ("dask", "dask.array", "dask.bag", "dask.base", "dask.dataframe", "dask.delayed"),
    "datasets": ("datasets",),
    "distributed": ("distributed",),
    "hamilton": ("hamilton.htypes", "hamilton.data_quality.base", "hamilton.node", "hamilton.base",
                 "hamilton.function_modifiers.dependencies"),
    "ibis": ("ibis", "ibis.backends", "ibis.expr.datatypes", "ibis.expr.schema", "ibis.expr.types"),
    "lightgbm": ("lightgbm", "lightgbm.engine"),
    "matplotlib": ("matplotlib", "matplotlib.artist", "matplotlib.axes", "matplotlib.figure", "matplotlib.pyplot",
                   "matplotlib.transforms"),
    "numpy": ("numpy", "numpy.random", "numpy.ma", "numpy.polynomial", "numpy.exceptions"),
    "pandas": (
        "pandas", "pandas.api.extensions", "pandas.api.indexers", "pandas.api.typing", "pandas.arrays", "pandas.errors",
        "pandas.io.formats.style", "pandas.tseries.offsets", "pandas.core.groupby", "pandas.core.resample",
    ),
    "pandera": ("pandera", "pandera.pandas", "pandera.polars", "pandera.typing", "pandera.typing.pandas",
                "pandera.typing.polars"),
    "plotly": ("plotly.graph_objects", "plotly.graph_objs", "plotly.basedatatypes"),
    "polars": ("polars", "polars.datatypes", "polars.exceptions", "polars.selectors", "polars.dataframe", "polars.series",
               "polars.lazyframe", "polars.dataframe.group_by", "polars.lazyframe.group_by"),
    "pyarrow": ("pyarrow", "pyarrow.compute", "pyarrow.csv", "pyarrow.dataset", "pyarrow.fs", "pyarrow.parquet"),
    "pydantic": ("pydantic", "pydantic.main", "pydantic.fields", "pydantic.types", "pydantic.networks"),
    "pyspark": ("pyspark", "pyspark.pandas", "pyspark.sql", "pyspark.sql.types"),
    "sklearn": tuple(
        f"sklearn.{name}"
        for name in "base calibration cluster compose covariance decomposition dummy ensemble feature_extraction "
        "feature_extraction.text feature_selection gaussian_process impute inspection isotonic linear_model manifold "
        "metrics mixture model_selection multiclass multioutput naive_bayes neighbors neural_network pipeline "
        "preprocessing svm tree".split()
    ),
    "torch": ("torch", "torch.distributions", "torch.nn", "torch.nn.modules.loss", "torch.nn.parameter", "torch.optim",
              "torch.optim.lr_scheduler", "torch.utils.data"),
    "xgboost": ("xgboost",),
}  # fmt: skip
"""Per package, the modules whose public names are described."""

DISTRIBUTIONS = {
    "PIL": "pillow",
    "hamilton": "apache-hamilton",
    "ibis": "ibis-framework",
    "sklearn": "scikit-learn",
    "xgboost": "xgboost-cpu",
}
"""The distribution of a package that is not called like it."""

BORROWED = {"hamilton": {"hamilton.htypes.column": "typing.Annotated"}}
"""Public names of a package for classes that are not its own."""

SHIFTING = {"numpy": "bool int_ uint intc uintc intp uintp long ulong longlong ulonglong longdouble clongdouble "
                     "float96 float128 complex192 complex256".split()}  # fmt: skip
"""Public names that mean another class in another release or on another platform."""


def _standard_modules() -> list[types.ModuleType]:
    names = [name for name in sys.stdlib_module_names if not UNFIT.match(name)] + list(COMMON)
    modules: dict[str, types.ModuleType] = {}
    for name in sorted(names):
        module = _imported(name)
        if module is None:
            continue
        modules[name] = module
        for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}.", onerror=lambda _: None):
            if not any(UNFIT.match(part) for part in found.name.split(".")) and (inner := _imported(found.name)):
                modules[found.name] = inner
    return list(modules.values())


def _imported(name: str) -> types.ModuleType | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except Exception:  # noqa: BLE001  modules of other platforms fail in many ways
        return None


def _describe_standard() -> dict[str, Any]:
    description = Description(_standard_modules()).as_json()
    description["version"] = ".".join(map(str, sys.version_info[:3]))
    description["objects"] += sorted(name for name in sys.stdlib_module_names if not UNFIT.match(name))
    return description


def _describe_package(package: str) -> dict[str, Any]:
    import importlib.metadata

    asked = Description(_standard_modules()).asked
    namespaces = [module for name in PACKAGES[package] if (module := _imported(name))]
    description = Description(namespaces, asked).as_json()
    shifting = {f"{package}.{name}": None for name in SHIFTING.get(package, ())}
    own = {name: row for name, row in description["classes"].items() if name.startswith(f"{package}.")}
    registered = {
        name: kept
        for name, members in {**_foreign_registrations(), **description["registered"]}.items()
        if (kept := [member for member in members if member in own])
    }
    return {
        "version": importlib.metadata.version(DISTRIBUTIONS.get(package, package)),
        "asked": list(asked),
        "names": {
            **{name: target for name, target in description["names"].items() if target in own and name != target},
            **BORROWED.get(package, {}),
            **shifting,
        },
        "classes": own,
        "objects": [package, *(name for name in description["objects"] if name.rpartition(".")[0] == package)],
        "hooks": {name: needed for name, needed in description["hooks"].items() if name in own},
        "registered": registered,
    }


def _foreign_registrations() -> dict[str, list[str]]:
    """What packages registered with the standard library's ABCs."""
    standard = [
        cls for module in (collections.abc, numbers) for cls in vars(module).values() if isinstance(cls, abc.ABCMeta)
    ]
    return {
        canonical(cls): sorted(
            canonical(member)
            for reference in abc._get_dump(cls)[0]  # type: ignore[attr-defined]
            if (member := reference()) is not None
        )
        for cls in standard
    }


def _merged(descriptions: list[dict[str, Any]]) -> dict[str, Any]:
    """One description of several versions: the reference version's names, each class's rows by first minor version."""
    reference = next(item for item in descriptions if item["version"].startswith(f"{REFERENCE}."))
    renamed = [_renamed(item, reference) for item in descriptions]
    targets: dict[str, set[str]] = {}
    for item in renamed:
        for name, target in item["names"].items():
            targets.setdefault(name, set()).add(target)
    objects = {name for item in renamed for name in item["objects"]}
    rows: dict[str, dict[str, list[Any]]] = {}
    for item in renamed:
        for name, row in item["classes"].items():
            previous = rows.setdefault(name, {})
            if not previous or list(previous.values())[-1] != row:
                previous[item["version"].split(".")[1]] = row
    return {
        "version": ", ".join(item["version"] for item in descriptions),
        "asked": sorted({name for item in renamed for name in item["asked"]}),
        "names": {
            name: next(iter(found)) if len(found) == 1 and name not in objects else None
            for name, found in targets.items()
        },
        "classes": {name: next(iter(found.values())) if len(found) == 1 else found for name, found in rows.items()},
        "aliases": {name: target for item in renamed for name, target in item["aliases"].items()},
        "objects": sorted(objects - set(targets)),
        "hooks": {name: needed for item in renamed for name, needed in item["hooks"].items()},
        "registered": _united([item["registered"] for item in renamed]),
    }


def _united(maps: list[dict[str, list[str]]]) -> dict[str, list[str]]:
    united: dict[str, set[str]] = {}
    for registrations in maps:
        for name, members in registrations.items():
            united.setdefault(name, set()).update(members)
    return {name: sorted(members) for name, members in united.items()}


def _renamed(item: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    """The description with the reference version's canonical names, where a public name shows that it is the same class."""
    new = {
        target: reference["names"][name]
        for name, target in item["names"].items()
        if reference["names"].get(name, target) != target and reference["names"][name] not in item["classes"]
    }
    text = json.dumps({key: value for key, value in item.items() if key != "objects"})
    for old, now in new.items():
        text = text.replace(json.dumps(old), json.dumps(now))
    return {**json.loads(text), "objects": item["objects"]}


def _split(table: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part that every run loads, and the rest."""

    def is_common(name: str) -> bool:
        return name.rpartition(".")[0] in {*COMMON, ""}

    wanted = [target for name, target in table["names"].items() if target and is_common(name)]
    wanted += [*table["aliases"].values(), *table["hooks"], *table["registered"]]
    wanted += [member for members in table["registered"].values() for member in members]
    common: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in common and name in table["classes"]:
            common.add(name)
            rows = table["classes"][name]
            wanted += [
                base for row in (rows.values() if isinstance(rows, dict) else [rows]) for base in (row or [[]])[0]
            ]
    first = {
        **table,
        "names": {n: t for n, t in table["names"].items() if is_common(n) and n not in {t, f"builtins.{t}"}},
        "classes": {n: row for n, row in table["classes"].items() if n in common},
        "objects": [n for n in table["objects"] if is_common(n)],
    }
    rest = {
        "version": table["version"],
        "asked": table["asked"],
        "names": {n: t for n, t in table["names"].items() if not is_common(n) and n != t},
        "classes": {n: row for n, row in table["classes"].items() if n not in common},
    }
    return first, rest


def _write(name: str, table: dict[str, Any]) -> None:
    """Compact JSON with one entry a line, so that a change to a table can be reviewed."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows = ",\n".join(
                f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in sorted(value.items())
            )
            parts.append(f"{json.dumps(key)}:{{\n{rows}}}")
        else:
            parts.append(
                f"{json.dumps(key)}:{json.dumps(value, indent=0) if isinstance(value, list) else json.dumps(value)}"
            )
    (TABLES / f"{name}.json").write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Run one of the three commands of the module's docstring."""
    command, *rest = arguments
    if command == "describe":
        sys.stdout.write(json.dumps(_describe_standard()))
    elif command == "merge":
        descriptions = [json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in rest]
        common, more = _split(_merged(descriptions))
        _write("standard", common)
        _write("standard_more", more)
    elif command == "package":
        for package in rest:
            _write(package, _describe_package(package))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
