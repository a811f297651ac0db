"""Which types are dataframes to Hamilton, and which type does a column have?

Source: `hamilton.registry` and the `*_extensions` plugins of Hamilton 1.90: each dataframe library registers a dataframe
type and, most of them, a column type. Dataframe types are compared by equality, so a subclass is none.
"""

from __future__ import annotations

from dagcheck.names.classes import Hierarchy
from dagcheck.types.expressions import canonical
from dagcheck.types.model import ClassType, GenericType, Type, UnknownType

_COLUMNS = {
    "pandas.DataFrame": "pandas.Series",
    "polars.DataFrame": "polars.Series",
    "polars.LazyFrame": "polars.Expr",
    "pyspark.pandas.DataFrame": "pyspark.pandas.Series",
    "dask.dataframe.DataFrame": "dask.dataframe.Series",
    "geopandas.GeoDataFrame": "geopandas.GeoSeries",
    "ibis.expr.types.Table": "ibis.expr.types.Column",
    "vaex.dataframe.DataFrame": "vaex.expression.Expression",
}
_SPARK = "pyspark.sql.DataFrame"


def column_type(frame: Type, hierarchy: Hierarchy) -> Type | None:
    """The type of a column of this dataframe type; None when Hamilton knows no dataframe of this type.

    An `UnknownType` when that cannot be told.
    """
    if isinstance(frame, UnknownType):
        return frame
    if not isinstance(frame, ClassType):
        return None
    for name, column in _COLUMNS.items():
        if frame.name in (name, canonical(name)):
            return ClassType("class", canonical(column))
    return (
        None
        if hierarchy.record(frame.name) is not None
        else UnknownType("unknown", f"`{frame.name}` may be another name of a dataframe type")
    )


def is_dataframe(type_: Type, hierarchy: Hierarchy) -> bool | None:
    """Does this type pass for a registered dataframe, as `schema.output` asks? None when that cannot be told."""
    if isinstance(type_, UnknownType):
        return None
    if isinstance(type_, GenericType) and type_.name.startswith("typing."):
        return False
    if not isinstance(type_, (ClassType, GenericType)):
        return False
    verdicts = [hierarchy.derives(type_.name, canonical(name)) for name in (*_COLUMNS, _SPARK)]
    return True if True in verdicts else None if None in verdicts else False
