"""Hamilton's verdict on an edge: measured answers, random pairs against real Hamilton, and what happens without knowledge."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from dagcheck.names import foreign
from dagcheck.names.classes import Hierarchy
from dagcheck.names.installed import Installed
from dagcheck.names.library import Library
from dagcheck.types.assignability import Assignability, Maybe, No, Raises, Yes, matches
from dagcheck.types.expressions import union
from dagcheck.types.model import (
    ANY,
    NONE,
    AnnotatedType,
    ClassType,
    GenericType,
    NewType,
    ObjectType,
    Type,
    TypeVariable,
    UnknownType,
)
from tests.unit import type_hierarchies
from tests.unit.type_campaign import compared
from tests.unit.type_hierarchies import hierarchies
from tests.unit.type_pairs import PREAMBLE, drawn, pairs
from tests.unit.type_sources import TypeSource

DATA = Path(__file__).parent / "data"
MEASURED = json.loads((DATA / "type-vectors.json").read_text(encoding="utf-8"))
EXTRA = json.loads((DATA / "type-vectors-extra.json").read_text(encoding="utf-8"))
PAIRS_AGAINST_HAMILTON = 1_000
HIERARCHIES = 20

INT, STR, LIST = ClassType("class", "int"), ClassType("class", "str"), ClassType("class", "list")
UNKNOWN = UnknownType("unknown", "`settings.TYPE` depends on the environment")


@functools.cache
def source(text: str, python: tuple[int, int] = (3, 11)) -> TypeSource:
    return TypeSource(text, python)


def judge(
    parameter: str, node: str, imports: str = "from typing import *", python: tuple[int, int] = (3, 11)
) -> Assignability:
    place = source(imports, python)
    return matches(place.type_of(parameter), place.type_of(node), place.hierarchy)


def both_ways(row: dict[str, Any], python: tuple[int, int] = (3, 11)) -> tuple[Assignability, Assignability]:
    imports = "\n".join(row["imports"])
    return judge(row["param"], row["node"], imports, python), judge(row["node"], row["param"], imports, python)


def list_of(*arguments: Type) -> GenericType:
    return GenericType("generic", "list", arguments)


# --- measured with real Hamilton


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row['param']} <- {row['node']}")
def test_a_measured_answer_is_reproduced_or_left_open(row: dict[str, Any]) -> None:
    forwards, backwards = both_ways(row)
    if not isinstance(forwards, Maybe):
        assert forwards.kind == ("yes" if row["match"] else "no")
    if {forwards.kind, backwards.kind} <= {"yes", "no"}:
        assert ("yes" in (forwards.kind, backwards.kind)) == row["input_compatible"]


@pytest.mark.parametrize("trusts_tables", [True, False])
def test_measured_answers_hold_where_the_packages_are_read(
    trusts_tables: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not trusts_tables:
        monkeypatch.setattr(Library, "trusts_table", lambda self, root: False)
    installed = Installed((str(Path(pytest.__file__).parent.parent),), (3, 11))
    decided, wrong = 0, []
    with foreign.reading(Library(installed, foreign.meaning)):
        for row in MEASURED:
            place = TypeSource("\n".join(row["imports"]))
            verdict = matches(place.type_of(row["param"]), place.type_of(row["node"]), place.hierarchy)
            decided += verdict.kind != "maybe"
            wrong += [row] if verdict.kind not in {"maybe", "yes" if row["match"] else "no"} else []
    assert wrong == []
    # The newest packages for CPython 3.10 are older ones, one of whose types is not told apart there.
    assert decided >= (0.988 if trusts_tables else 0.94) * len(MEASURED)


def test_nearly_all_measured_answers_are_decided(capsys: pytest.CaptureFixture[str]) -> None:
    decided = sum(not isinstance(both_ways(row)[0], Maybe) for row in MEASURED)
    with capsys.disabled():
        print(f"\n{decided} of {len(MEASURED)} measured pairs of types are decided")
    assert decided >= 0.97 * len(MEASURED)


@pytest.mark.parametrize("row", EXTRA["raises"], ids=lambda row: f"{row['param']} <- {row['node']}")
def test_where_hamilton_raises_so_do_we(row: dict[str, Any]) -> None:
    forwards, backwards = row["result"].split(" | ")
    for measured, verdict in zip((forwards, backwards), both_ways(row), strict=True):
        outcome = measured.split("=")[1].split(" ")[0]
        if not isinstance(verdict, Maybe):
            assert verdict.kind == {"True": "yes", "False": "no", "None": "raises"}[outcome]


@pytest.mark.parametrize("row", EXTRA["version_dependent"], ids=lambda row: f"{row['param']} <- {row['node']}")
def test_what_depends_on_the_version_is_reproduced_or_left_open(row: dict[str, Any]) -> None:
    verdict = both_ways(row)[0]
    assert isinstance(verdict, Maybe) or verdict.kind == ("yes" if row["match"] else "no")


def test_numpys_array_alias_is_only_certain_where_it_is_an_ordinary_alias() -> None:
    imports = "import numpy as np\nimport numpy.typing as npt"
    assert isinstance(judge("np.ndarray", "npt.NDArray[np.float64]", imports, (3, 11)), Yes)
    assert isinstance(judge("np.ndarray", "npt.NDArray[np.float64]", imports, (3, 12)), Maybe)
    assert isinstance(judge("npt.NDArray[np.float64]", "npt.NDArray[np.float64]", imports, (3, 12)), Yes)


def test_random_pairs_get_hamiltons_own_verdict() -> None:
    asked = drawn(pairs, PAIRS_AGAINST_HAMILTON)
    batches = [(PREAMBLE, asked), *((made.text, list(made.pairs)) for made in drawn(hierarchies(), HIERARCHIES))]
    found = list(compared(batches, sys.version_info[:2]))
    answers = [answer for _, _, both in found for answer in both]
    differing = [
        (text.removeprefix(type_hierarchies.PREAMBLE), pair, both)
        for text, pair, both in found
        if any(ours not in {theirs, "maybe"} for theirs, ours in both)
    ]
    assert differing == []
    assert sum(ours != "maybe" for _, ours in answers) >= 0.95 * len(answers)
    assert sum(theirs == "yes" for theirs, _ in answers) >= 0.05 * len(answers)


# --- without knowledge


@pytest.mark.parametrize("parameter", [INT, UNKNOWN, list_of(INT), union([INT, STR])])
def test_a_node_of_type_any_fits_everywhere(parameter: Type) -> None:
    assert matches(parameter, ANY, Hierarchy()) == Yes()


@pytest.mark.parametrize(
    ("parameter", "node"), [(UNKNOWN, INT), (INT, UNKNOWN), (UNKNOWN, UNKNOWN), (list_of(UNKNOWN), list_of(INT))]
)
def test_an_unknown_type_leaves_it_open_and_says_why(parameter: Type, node: Type) -> None:
    assert isinstance(matches(parameter, node, Hierarchy()), Maybe)


def test_an_unknown_part_does_not_hide_what_is_certain() -> None:
    assert isinstance(matches(INT, list_of(UNKNOWN), Hierarchy()), No)
    assert isinstance(matches(LIST, list_of(UNKNOWN), Hierarchy()), Yes)
    assert isinstance(matches(union([INT, UNKNOWN]), INT, Hierarchy()), Yes)


def test_names_that_no_table_knows_fit_themselves_and_may_be_aliases_of_each_other() -> None:
    one, other = ClassType("class", "tensors.Tensor"), ClassType("class", "tensors.FloatTensor")
    assert matches(one, one, Hierarchy()) == Yes()
    assert isinstance(matches(one, other, Hierarchy()), Maybe)
    assert isinstance(matches(list_of(one), list_of(other), Hierarchy()), Maybe)
    assert isinstance(matches(one, INT, Hierarchy()), Maybe)
    assert isinstance(matches(INT, one, Hierarchy()), Maybe)


def test_a_name_that_may_be_no_class_need_not_make_the_check_raise() -> None:
    collect = ClassType("class", "hamilton.htypes.Collect")
    assert isinstance(matches(collect, INT, Hierarchy()), Raises)
    assert isinstance(matches(collect, ClassType("class", "lib.Rows"), Hierarchy()), Maybe)


def test_parallelizable_and_collect_without_one_type_raise() -> None:
    empty = GenericType("generic", "hamilton.htypes.Collect", ())
    assert isinstance(matches(empty, INT, Hierarchy()), Raises)


def test_a_generic_of_a_package_that_is_not_known_may_be_anything_but_itself() -> None:
    ints, texts = (GenericType("generic", "lib.Box", (part,)) for part in (INT, STR))
    assert matches(ints, ints, Hierarchy()) == Yes()
    assert isinstance(matches(ints, texts, Hierarchy()), Maybe)


def test_a_union_that_contains_something_else_for_certain_is_not_one_of_its_members() -> None:
    frame = ClassType("class", "pandas.core.frame.DataFrame")
    assert isinstance(matches(frame, union([ClassType("class", "lib.Thing"), NONE]), Hierarchy()), No)


def test_metadata_made_by_a_call_may_or_may_not_be_equal() -> None:
    def annotated(text: str) -> Type:
        return AnnotatedType("annotated", list_of(INT), (text,))

    assert isinstance(matches(annotated("Field(gt=0)"), annotated("Field(gt=0)"), Hierarchy()), Maybe)
    assert isinstance(matches(annotated("'metres (m)'"), annotated("'metres (m)'"), Hierarchy()), Yes)
    assert isinstance(matches(annotated("'a'"), annotated("'b'"), Hierarchy()), No)
    assert isinstance(matches(annotated("1"), annotated("True"), Hierarchy()), Maybe)


def test_variables_and_newtypes_of_one_name_are_told_apart_by_where_they_were_made() -> None:
    here, there = TypeVariable("typevar", "T", "a.py:1:1"), TypeVariable("typevar", "T", "b.py:1:1")
    assert isinstance(matches(here, here, Hierarchy()), Yes)
    assert isinstance(matches(here, there, Hierarchy()), No)
    assert isinstance(matches(NewType("newtype", "N", "a"), NewType("newtype", "N", "b"), Hierarchy()), No)


def test_a_thing_that_is_no_type_fits_only_itself() -> None:
    array = ObjectType("object", "numpy.array")
    assert isinstance(matches(array, array, Hierarchy()), Yes)
    assert isinstance(matches(ClassType("class", "numpy.ndarray"), array, Hierarchy()), No)


def test_an_arm_that_raises_beside_one_that_fits_depends_on_their_order() -> None:
    module = "from typing import *\nclass P(Protocol):\n    def f(self) -> int: ..."
    assert isinstance(judge("Union[int, P]", "int", module), Yes)
    assert isinstance(judge("Union[P, int]", "int", module), Raises)
    assert isinstance(judge("Union[str, P]", "int", module), Raises)


# --- in words


@pytest.mark.parametrize(
    ("parameter", "node", "reason"),
    [
        ("list[bool]", "list[int]", "`list[int]` is not `list[bool]`: Hamilton compares type arguments exactly"),
        ("Sequence[str]", "List[int]", "`List[int]` is not `Sequence[str]`: Hamilton compares type arguments exactly"),
        ("str", "int", "`int` is not `str`"),
        ("float", "int", "`int` is not `float`: Hamilton does not promote numbers"),
        ("bool", "int", "`int` is wider than `bool`, which is one of its subclasses"),
        ("int", "Optional[int]", "`int | None` may be None, which `int` does not allow"),
        ("object", "int | str", "`int | str` is not `object`: Hamilton takes a union only where the same union is asked for"),
        ("int | str", "float", "`float` is none of `int | str`"),
        ("str", "Literal['a']", "`Literal['a']` is not `str`: Hamilton lets a Literal match only the same Literal"),
        ("list[int]", "Annotated[list[int], 'm']", "`Annotated[list[int], 'm']` is not `list[int]`: Hamilton looks through `Annotated` on the parameter, not on the node"),
        ("Callable", "Callable[[int], int]", "`Callable[[int], int]` is not `Callable`: Hamilton lets a Callable match only the same Callable"),
        ("int", "any", "`any` is not `int`: `any` is no type, and matches only itself"),
    ],
)  # fmt: skip
def test_a_reason_is_a_sentence_in_the_users_words(parameter: str, node: str, reason: str) -> None:
    verdict = judge(parameter, node)
    assert isinstance(verdict, No)
    assert verdict.reasons[0] == reason


@pytest.mark.parametrize(
    ("parameter", "node", "advice"),
    [
        ("int", "Optional[int]", "annotate the parameter `int | None`"),
        ("list[bool]", "list[int]", "annotate both with the same arguments, or the parameter `list`"),
        ("tuple[int, int]", "tuple[int, ...]", "annotate both with the same arguments, or the parameter `tuple`"),
        ("float", "int", "annotate the parameter `float | int`"),
        ("int", "any", "write `typing.Any`, which is a type"),
    ],
)
def test_where_it_is_evident_a_reason_says_what_would_fit(parameter: str, node: str, advice: str) -> None:
    verdict = judge(parameter, node)
    assert isinstance(verdict, No)
    assert verdict.reasons[1] == advice


@pytest.mark.parametrize("pair", [("int | None", "Optional[int]"), ("list", "list[int]"), ("float | int", "int")])
def test_advised_annotations_fit(pair: tuple[str, str]) -> None:
    assert isinstance(judge(*pair), Yes)


def test_types_of_one_short_name_are_told_apart_by_their_modules() -> None:
    frames = "import pandas as pd\nimport polars as pl"
    verdict = judge("pd.DataFrame", "pl.DataFrame", frames)
    assert isinstance(verdict, No)
    assert verdict.reasons == ("`polars.dataframe.frame.DataFrame` is not `pandas.core.frame.DataFrame`",)
