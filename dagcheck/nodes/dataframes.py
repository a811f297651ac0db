"""Which types are dataframes to Hamilton, and which type does a column have?

Source: `hamilton.registry` and the `*_extensions` plugins of Hamilton 1.90: each dataframe library registers a dataframe
type and, most of them, a column type. Dataframe types are compared by equality, so a subclass is none.
"""

from __future__ import annotations

from dagcheck.names.classes import Hierarchy
from dagcheck.types.assignability import Maybe, Yes, matches
from dagcheck.types.expressions import canonical
from dagcheck.types.model import AnnotatedType, ClassType, Type, UnknownType

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
    if isinstance(type_, AnnotatedType):
        return is_dataframe(type_.underlying, hierarchy) and None
    doubtful = False
    for name in (*_COLUMNS, _SPARK):
        verdict = matches(ClassType("class", canonical(name)), type_, hierarchy)
        if isinstance(verdict, Yes):
            return True
        doubtful = doubtful or isinstance(verdict, Maybe)
    return None if doubtful else False
