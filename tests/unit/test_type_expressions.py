"""What annotations mean, and how types are written down: compared with what Python makes of the same text."""

from __future__ import annotations

import sys
import typing
from typing import Any

import pytest

from dagcheck.evaluation.values import Forward, Reference, Rest, Subscripted, Unknown
from dagcheck.types.equality import normal
from dagcheck.types.expressions import Context, brief, canonical, read, show, union
from dagcheck.types.model import (
    ANY,
    NONE,
    AnnotatedType,
    ClassType,
    GenericType,
    LiteralType,
    ObjectType,
    TypeVariable,
    UnionType,
    UnknownType,
)
from tests.harness.type_text import normal_form
from tests.unit.type_pairs import PREAMBLE, drawn, texts
from tests.unit.type_sources import TypeSource

PYTHON = sys.version_info[:2]
TYPING = "from typing import *\nimport typing, collections.abc as cabc\n"
INT, STR = ClassType("class", "int"), ClassType("class", "str")


def nowhere(text: str) -> Unknown:
    return Unknown(f"`{text}` is not defined")


def read_alone(value: Any) -> Any:
    return read(value, Context(nowhere))


def meant(text: str, module: str = TYPING, python: tuple[int, int] = (3, 11)) -> Any:
    return TypeSource(module, python).type_of(text)


# --- the same as Python


def hint(text: str, names: dict[str, Any]) -> Any:
    """What `get_type_hints` makes of an annotation."""

    def function(x: Any) -> None: ...

    function.__annotations__ = {"x": eval(text, names)}
    return typing.get_type_hints(function, globalns=names, include_extras=True)["x"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_random_annotations_are_shown_as_python_means_them() -> None:
    place = TypeSource(PREAMBLE, PYTHON)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(PREAMBLE, names)
    differing = []
    for text in drawn(texts, 400):
        if "(int,str)" in text or "[[int]]" in text:
            continue  # Python flattens what stands in the list of a Callable in odd ways
        try:
            expected = normal_form(hint(text, names)).replace("pathlib._local.", "pathlib.")  # where Python 3.13 put it
        except Exception:  # noqa: BLE001  Python itself refuses this annotation
            continue
        shown = show(place.type_of(text))
        if shown != expected:
            differing.append((text, expected, shown))
    assert differing == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("int", "int"),
        ("None", "NoneType"),
        ("Any", "typing.Any"),
        ("object", "object"),
        ("Optional[int]", "typing.Union[NoneType, int]"),
        ("int | None", "typing.Union[NoneType, int]"),
        ("Union[str, Union[int, None]]", "typing.Union[NoneType, int, str]"),
        ("Union[int, int]", "int"),
        ("List[int]", "typing.List[int]"),
        ("list[int]", "list[int]"),
        ("List", "typing.List"),
        ("cabc.Sequence", "collections.abc.Sequence"),
        ("dict[str, list['int']]", "dict[str, list[int]]"),
        ("tuple[int, ...]", "tuple[int, ...]"),
        ("tuple[()]", "tuple[()]"),
        ("Tuple[()]", "typing.Tuple[()]"),
        ("Callable[[int], str]", "typing.Callable[[int], str]"),
        ("Callable[..., str]", "typing.Callable[..., str]"),
        ("type[int]", "type[int]"),
        ("Final[int]", "typing.Final[int]"),
        ("ClassVar[int]", "typing.ClassVar[int]"),
        ("Literal['b', 'a', 'b']", "typing.Literal['a', 'b']"),
        ("Literal[Literal[1], None]", "typing.Literal[None, 1]"),
        ("Annotated[int, 'm']", "typing.Annotated[int, 'm']"),
        ("Annotated[Annotated[int, 'a'], 'b']", "typing.Annotated[int, 'a', 'b']"),
        ("NoReturn", "typing.NoReturn"),
        ("Text", "str"),
    ],
)
def test_an_annotation_is_shown_in_one_way(text: str, shown: str) -> None:
    assert show(meant(text)) == shown


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("builtins.int", "int"),
        ("datetime.datetime", "datetime.datetime"),
        ("typing.OrderedDict", "typing.OrderedDict"),
        ("pathlib.Path", "pathlib.Path"),
        ("io.StringIO", "_io.StringIO"),
        ("concurrent.futures.Future", "concurrent.futures._base.Future"),
        ("pandas.DataFrame", "pandas.core.frame.DataFrame"),
        ("pandas.core.frame.DataFrame", "pandas.core.frame.DataFrame"),
        ("polars.LazyFrame", "polars.lazyframe.frame.LazyFrame"),
        ("typing_extensions.Literal", "typing.Literal"),
        ("hamilton.htypes.column", "typing.Annotated"),
        ("tensors.Tensor", "tensors.Tensor"),
    ],
)
def test_a_class_is_called_by_the_module_of_its_statement(name: str, expected: str) -> None:
    assert canonical(name) == expected


# --- what is not a plain class


def test_names_of_typing_extensions_are_those_of_typing() -> None:
    assert meant("te.List[int]", "import typing_extensions as te") == meant("List[int]")


def test_a_forward_reference_is_looked_up_where_it_stands() -> None:
    assert meant("List['Later']", TYPING + "class Later: pass") == GenericType(
        "generic", "typing.List", (ClassType("class", "__main__.Later"),)
    )


def test_up_to_python_3_10_text_in_a_built_in_generic_stays_text() -> None:
    module = TYPING + "class K: pass"
    assert show(meant("list['K']", module, (3, 10))) == "list['K']"
    assert show(meant("List['K']", module, (3, 10))) == "typing.List[__main__.K]"
    assert show(meant("list['K']", module, (3, 11))) == "list[__main__.K]"


def test_none_stays_none_where_python_keeps_arguments_as_they_are() -> None:
    assert show(meant("dict[str, None]")) == "dict[str, None]"
    assert show(meant("Dict[str, None]")) == "typing.Dict[str, NoneType]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Generator[int]", "typing.Generator[int, NoneType, NoneType]"),
        ("Generator[int, str]", "typing.Generator[int, str, NoneType]"),
        ("Generator[int, str, str]", "typing.Generator[int, str, str]"),
        ("ContextManager[int]", "typing.ContextManager[int, typing.Union[NoneType, bool]]"),
        ("cabc.Generator[int]", "collections.abc.Generator[int]"),
    ],
)
def test_since_python_3_13_some_aliases_fill_in_arguments(text: str, shown: str) -> None:
    assert show(meant(text, TYPING, (3, 13))) == shown


def test_a_forward_reference_to_itself_ends() -> None:
    alias = Subscripted(Reference("builtins.list"), ("Tree",))
    assert show(read(alias, Context(lambda text: alias))) is None
    assert isinstance(read("Tree", Context(lambda text: text)), UnknownType)


def test_a_generic_alias_is_filled_in() -> None:
    module = TYPING + "T = TypeVar('T'); U = TypeVar('U')\nPair = tuple[T, Optional[U]]"
    assert show(meant("Pair[int, str]", module)) == "tuple[int, typing.Union[NoneType, str]]"
    assert show(meant("Pair[int]", module)) is None


def test_type_variables_of_one_name_differ_by_where_they_were_made() -> None:
    module = TYPING + "T = TypeVar('T')\nfirst = T\nT = TypeVar('T')"
    first, second = meant("first", module), meant("T", module)
    assert isinstance(first, TypeVariable)
    assert first.name == second.name == "T"
    assert first != second


def test_a_newtype_is_called_by_its_module() -> None:
    assert show(meant("N", TYPING + "N = NewType('N', int)")) == "__main__.N"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5", "5"),
        ("(int, str)", "(int, str)"),
        ("[int]", "[int]"),
        ("{'a': int}", "{'a': int}"),
        ("...", "..."),
        ("any", "any"),
    ],
)
def test_what_is_no_type_is_taken_as_it_is(text: str, shown: str) -> None:
    assert meant(text) == ObjectType("object", shown)


def test_a_function_of_numpy_is_no_type_but_its_class_is() -> None:
    module = "import numpy as np"
    assert meant("np.array", module) == ObjectType("object", "numpy.array")
    assert meant("np.ndarray", module) == ClassType("class", "numpy.ndarray")


def test_a_module_is_no_type() -> None:
    assert isinstance(meant("datetime", "import datetime"), ObjectType)


def test_numpys_array_alias_is_shown_as_numpy_writes_it_out() -> None:
    module = "import numpy as np\nimport numpy.typing as npt"
    assert show(meant("npt.NDArray[np.float64]", module)) == (
        "numpy.ndarray[tuple[typing.Any, ...], numpy.dtype[numpy.float64]]"
    )


def test_a_literal_of_a_name_whose_value_is_not_known_is_kept_by_name() -> None:
    value = Subscripted(Reference("typing.Literal"), (Reference("lib.MODE"), "a"))
    assert read_alone(value) == LiteralType("literal", (("?", "lib.MODE"), ("str", "'a'")))


# --- ignorance


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (Unknown("depends on the environment"), "depends on the environment"),
        (Forward("1 +", "invalid syntax"), "invalid syntax"),
        ("Missing", "`Missing` is not defined"),
        (Reference("typing.Brandnew"), "`typing.Brandnew` is not known"),
        (Subscripted(Reference("builtins.len"), (Reference("builtins.int"),)), "`len` takes no type arguments"),
        (Subscripted(Unknown("not found"), (Reference("builtins.int"),)), "not found"),
    ],
)
def test_what_cannot_be_read_is_unknown_for_a_reason(value: Any, reason: str) -> None:
    assert read_alone(value) == UnknownType("unknown", reason)


def test_a_type_with_an_unknown_part_is_not_shown_but_has_a_brief_form() -> None:
    part = read_alone(Subscripted(Reference("builtins.dict"), (Reference("builtins.str"), Unknown("no"))))
    assert show(part) is None
    assert brief(part) == "dict[str, ?]"


def test_arguments_that_could_not_be_counted_are_one_unknown() -> None:
    part = read_alone(Subscripted(Reference("builtins.tuple"), (Rest(Unknown("read from a file")),)))
    assert part == GenericType("generic", "tuple", (UnknownType("unknown", "read from a file"),))


def test_metadata_keeps_what_is_known_of_it() -> None:
    part = meant("Annotated[int, Field(gt=0, le=limit)]", TYPING + "from pydantic import Field\nlimit = open('limit')")
    assert isinstance(part, AnnotatedType)
    assert part.metadata[0].startswith("pydantic.Field(gt=0, le=")


# --- unions and brief forms


def test_a_union_keeps_the_order_and_forgets_repetition_and_nesting() -> None:
    assert union([INT, STR]) == union([INT, union([STR, INT])]) == UnionType("union", (INT, STR))
    assert union([STR, union([INT, STR])]) == UnionType("union", (STR, INT))
    assert show(union([STR, INT])) == show(union([INT, STR])) == "typing.Union[int, str]"
    assert normal(union([STR, INT])) == normal(union([INT, STR]))
    assert union([INT, INT]) == INT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Optional[datetime.datetime]", "datetime | None"),
        ("dict[str, pd.DataFrame]", "dict[str, DataFrame]"),
        ("Callable[[pd.Series], None]", "Callable[[Series], None]"),
        ("None", "None"),
        ("Annotated[pd.Series, 'm']", "Annotated[Series, 'm']"),
        ("Literal['a', 'b']", "Literal['a', 'b']"),
        ("tuple[()]", "tuple[()]"),
        ("Any", "Any"),
        ("NoReturn", "NoReturn"),
    ],
)
def test_the_brief_form_is_what_users_call_a_type(text: str, expected: str) -> None:
    assert brief(meant(text, TYPING + "import datetime\nimport pandas as pd")) == expected


def test_any_and_none_have_one_value_each() -> None:
    assert (meant("typing.Any"), meant("None"), meant("type(None)")) == (ANY, NONE, NONE)
