"""Loaders and savers: is the bundled table what Hamilton has, and is the right one taken for a type?"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from dagcheck.evaluation.values import Reference, Subscripted, Unknown
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.modifiers import adapter_generator
from dagcheck.nodes.modifiers.adapters import DIFFERS, Choice, Kind, _is_slip, choose, keys, registered, validator_names
from dagcheck.types import rows
from dagcheck.types.expressions import Context, read
from dagcheck.types.model import ANY, ClassType, Type, UnknownType

KINDS: tuple[Kind, ...] = ("load", "save")
HIERARCHY = Hierarchy(
    {
        "shop.Frame": ClassRecord("shop.Frame", ("pandas.core.frame.DataFrame",)),
        "shop.Odd": ClassRecord("shop.Odd", (None,)),
        "shop.Net": ClassRecord("shop.Net", ("networks.Module",)),
    }
)


def named(name: str) -> Type:
    """The type that an annotation with this name means."""
    return read(Reference(name), Context(Unknown))


def chosen(kind: Kind, key: str, type_: Type | str, *given: str) -> Choice:
    adapters = registered(kind, key)
    assert adapters is not None
    return choose(adapters, named(type_) if isinstance(type_, str) else type_, kind, given, HIERARCHY)


def name_of(choice: Choice) -> str | None:
    return None if choice.adapter is None else choice.adapter.name


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """What the Hamilton that is installed says, with the plugins whose packages are."""
    return adapter_generator._describe()


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_has_what_the_installed_hamilton_registers(described: dict[str, Any], kind: Kind) -> None:
    for key, adapters in described[kind].items():
        known = registered(kind, key)
        assert known is not None, key
        names = [(adapter.plugin, adapter.name) for adapter in known]
        positions = [names.index((adapter["plugin"], adapter["class"])) for adapter in adapters]
        assert positions == sorted(positions), f"{key} is registered in another order"
        for adapter, position in zip(adapters, positions, strict=True):
            for part, ours in (("required", known[position].required), ("optional", known[position].optional)):
                if ours is None or adapter[part] is None:
                    continue
                assert list(ours) == list(adapter[part]), f"{adapter['class']} takes other arguments"
                theirs = {name: row for name, row in adapter[part].items() if row is not None and ours[name] != DIFFERS}
                assert {name: ours[name] for name in theirs} == {n: rows.from_row(r) for n, r in theirs.items()}


def test_the_table_knows_the_validators(described: dict[str, Any]) -> None:
    assert described["validators"].items() <= validator_names().items()


def test_the_table_covers_every_plugin_that_registers_adapters() -> None:
    plugins = {adapter.plugin for kind in KINDS for key in keys(kind) for adapter in registered(kind, key) or []}
    assert plugins == {
        "", "dlt", "huggingface", "kedro", "lightgbm", "matplotlib", "mlflow", "numpy", "pandas", "plotly", "polars",
        "polars_lazyframe", "sklearn_plot", "spark", "xgboost", "yaml",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "key", "type_", "expected"),
    [
        ("load", "csv", "pandas.DataFrame", "PandasCSVReader"),
        ("load", "csv", "polars.DataFrame", "PolarsCSVReader"),
        ("load", "csv", "polars.LazyFrame", "PolarsScanCSVReader"),
        ("load", "csv", "pyspark.sql.DataFrame", "CSVDataLoader"),
        ("load", "json", "builtins.dict", "JSONDataLoader"),
        ("load", "json", "xgboost.Booster", "XGBoostJsonReader"),
        ("load", "file", "builtins.str", "RawFileDataLoader"),
        ("load", "file", "lightgbm.Booster", "LightGBMFileReader"),
        ("load", "pickle", "pandas.DataFrame", "PandasPickleReader"),
        ("load", "pickle", "builtins.int", "PickleLoader"),
        ("load", "literal", "builtins.int", "LiteralValueDataLoader"),
        ("load", "hf_dataset", "datasets.Dataset", "HuggingFaceDSLoader"),
        ("save", "csv", "polars.LazyFrame", "PolarsCSVWriter"),
        ("save", "json", "xgboost.XGBClassifier", "XGBoostJsonWriter"),
        ("save", "file", "lightgbm.LGBMRegressor", "LightGBMFileWriter"),
        ("save", "html", "plotly.graph_objects.Figure", "PlotlyInteractiveWriter"),
        ("save", "plt", "matplotlib.pyplot.Figure", "MatplotlibWriter"),
        ("save", "png", "sklearn.metrics.RocCurveDisplay", "SklearnPlotSaver"),
        ("save", "parquet", "datasets.Dataset", "HuggingFaceDSParquetSaver"),
        ("save", "pickle", "sklearn.linear_model.LogisticRegression", "PickleSaver"),
        ("save", "pickle", "shop.Frame", "PandasPickleWriter"),
        ("save", "memory", "builtins.int", "InMemoryResult"),
    ],
)
def test_the_last_that_fits_is_taken(kind: Kind, key: str, type_: str, expected: str) -> None:
    assert name_of(chosen(kind, key, type_)) == expected


@pytest.mark.parametrize(
    ("kind", "key", "type_"),
    [("load", "csv", "builtins.dict"), ("load", "json", "builtins.int"), ("save", "json", "pandas.Series")],
)
def test_where_nothing_fits_there_is_none_for_certain(kind: Kind, key: str, type_: str) -> None:
    assert chosen(kind, key, type_) == Choice(None, certain=True)


def test_nobody_is_blamed_for_a_type_that_is_not_known() -> None:
    assert not chosen("save", "csv", UnknownType("unknown", "?")).certain
    assert not chosen("save", "csv", "shop.Odd").certain
    assert not chosen("save", "csv", "acme.Table").certain


def test_a_class_of_an_unknown_package_is_no_frame_but_may_be_pickled() -> None:
    assert name_of(chosen("save", "pickle", "networks.Module")) == "PickleSaver"
    assert name_of(chosen("save", "pickle", "shop.Net")) == "PickleSaver"
    assert name_of(chosen("load", "pickle", "networks.Module")) == "PickleLoader"


def test_a_class_of_a_package_that_extends_pandas_may_be_a_frame() -> None:
    assert name_of(chosen("save", "csv", "geopandas.GeoDataFrame")) == "PandasCSVWriter"
    assert set(chosen("save", "pickle", "geopandas.GeoDataFrame").names) == {"PandasPickleWriter", "PickleSaver"}


def test_what_is_installed_decides_where_several_fit() -> None:
    choice = chosen("load", "file", ANY)
    assert choice.names == ("LightGBMFileReader", "RawFileDataLoader")
    assert choice.adapter is not None
    assert choice.adapter.name == ""
    assert choice.adapter.required == {"path": DIFFERS}
    assert choice.adapter.optional == {"encoding": ClassType("class", "str")}


def test_the_arguments_tell_apart_what_could_be_either() -> None:
    assert name_of(chosen("load", "file", ANY, "path", "encoding")) == "RawFileDataLoader"


def test_a_union_of_all_that_a_saver_takes_fits() -> None:
    both = Subscripted(Reference("typing.Union"), (Reference("builtins.list"), Reference("builtins.dict")))
    assert name_of(chosen("save", "json", read(both, Context(Unknown)))) == "JSONDataSaver"
    less = Subscripted(Reference("typing.Optional"), (Reference("builtins.dict"),))
    assert chosen("save", "json", read(less, Context(Unknown))).certain


@pytest.mark.parametrize(
    ("written", "slip"), [("jsn", True), ("cvs", True), ("jsom", True), ("jsonl", False), ("xy", False)]
)
def test_a_slip_is_told_from_a_name_of_its_own(written: str, slip: bool) -> None:
    assert any(_is_slip(written, key) for key in keys("load")) == slip


def test_the_table_is_read_only_when_a_key_is_looked_up() -> None:
    program = "from dagcheck.nodes.modifiers import adapters, registry; assert adapters._loaded == {}"
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
