"""Is every annotation written in one way?"""

from __future__ import annotations

import collections
import collections.abc
import enum
import io
import sys
import typing
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hamilton.htypes import Collect, Parallelizable

from tests.harness.type_text import normal_form

T = typing.TypeVar("T")
UserId = typing.NewType("UserId", int)


class Box(typing.Generic[T]):
    class Inner:
        pass


class Color(enum.Enum):
    RED = 1


HERE = __name__
SERIES = f"{pd.Series.__module__}.Series"  # pandas 3 claims `pandas`

TEXTS: list[tuple[Any, str]] = [
    (int, "int"),
    (type(None), "NoneType"),
    (Any, "typing.Any"),
    (list, "list"),
    (typing.List, "typing.List"),  # noqa: UP006 - the spelling is the point, here and below
    (list[int], "list[int]"),
    (typing.List[int], "typing.List[int]"),  # noqa: UP006
    (typing.Dict[str, list[int]], "typing.Dict[str, list[int]]"),  # noqa: UP006
    (typing.Optional[int], "typing.Union[NoneType, int]"),  # noqa: UP045
    (typing.Union[str, int, None], "typing.Union[NoneType, int, str]"),  # noqa: UP007
    (int | None, "typing.Union[NoneType, int]"),
    (list[int] | str, "typing.Union[list[int], str]"),
    (tuple[()], "tuple[()]"),
    (tuple[int, ...], "tuple[int, ...]"),
    (typing.Tuple[int, str], "typing.Tuple[int, str]"),  # noqa: UP006
    (typing.Tuple, "typing.Tuple"),  # noqa: UP006
    (typing.Callable, "typing.Callable"),
    (typing.Callable[[int], str], "typing.Callable[[int], str]"),
    (typing.Callable[[], str], "typing.Callable[[], str]"),
    (typing.Callable[..., str], "typing.Callable[..., str]"),
    (collections.abc.Callable, "collections.abc.Callable"),
    (collections.abc.Callable[[int, str], bool], "collections.abc.Callable[[int, str], bool]"),
    (collections.abc.Sequence[int], "collections.abc.Sequence[int]"),
    (typing.Sequence[int], "typing.Sequence[int]"),
    (collections.OrderedDict[str, int], "collections.OrderedDict[str, int]"),
    (typing.DefaultDict[str, int], "typing.DefaultDict[str, int]"),  # noqa: UP006
    (typing.Type[int], "typing.Type[int]"),  # noqa: UP006
    (typing.Hashable, "typing.Hashable"),
    (typing.IO[str], "typing.IO[str]"),
    (typing.Literal["b", "a", 1, Color.RED], f"typing.Literal[{HERE}.Color.RED, 1, 'a', 'b']"),
    (typing.Annotated[int, "m", 5], "typing.Annotated[int, 'm', 5]"),
    (typing.Annotated[list[int], object()], "typing.Annotated[list[int], ...]"),
    (typing.Annotated[pd.Series, float], f"typing.Annotated[{SERIES}, float]"),
    (typing.Final[int], "typing.Final[int]"),
    (T, "~T"),
    (list[T], "list[~T]"),  # type: ignore[valid-type]
    (UserId, f"{HERE}.UserId"),
    (Box, f"{HERE}.Box"),
    (Box[int], f"{HERE}.Box[int]"),
    (Box.Inner, f"{HERE}.Box.Inner"),
    (Parallelizable[int], "hamilton.htypes.Parallelizable[int]"),
    (Collect[list[int]], "hamilton.htypes.Collect[list[int]]"),
    (np.ndarray, "numpy.ndarray"),
    (np.float64, "numpy.float64"),
    (np.array, "numpy.array"),
    (pd.Series | None, f"typing.Union[NoneType, {SERIES}]"),
    (io.BytesIO, "_io.BytesIO"),
    (5, "5"),
    ("text", "'text'"),
    (..., "..."),
    ((int, str), "(int, str)"),
    ((int,), "(int,)"),
    ([int], "[int]"),
    ({"a": int}, "{'a': int}"),
    (object(), "..."),
]


@pytest.mark.parametrize(("annotation", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_an_annotation_has_one_text(annotation: Any, text: str) -> None:
    assert normal_form(annotation) == text


def test_a_class_is_named_after_the_module_that_it_claims() -> None:
    assert normal_form(pd.DataFrame) == f"{pd.DataFrame.__module__}.DataFrame"


def test_a_name_that_is_not_resolved_stays_a_reference() -> None:
    assert normal_form(typing.List["K"]) == "typing.List[ForwardRef('K')]"  # type: ignore[name-defined] # noqa: F821, UP006


def test_the_version_is_one_that_is_tested() -> None:
    assert sys.version_info >= (3, 10)
