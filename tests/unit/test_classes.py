"""Who is whose subclass: the bundled tables against the classes they describe, and the project's classes against Python."""

from __future__ import annotations

import abc
import collections.abc
import dataclasses
import importlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dagcheck.names import class_tables
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.class_tables import Meaning
from dagcheck.names.classes import Hierarchy
from dagcheck.names.subclasses import Refused, Unclear, is_subclass
from tests.unit.type_sources import TypeSource

PYTHON = sys.version_info[:2]
COMMON_MODULES = (
    "builtins", "typing", "types", "collections", "collections.abc", "abc", "array", "contextlib", "dataclasses", "datetime",
    "decimal", "enum", "fractions", "functools", "io", "numbers", "os", "pathlib", "re", "string", "uuid", "zoneinfo",
)  # fmt: skip
SPECIAL = {"typing.Any", "typing.Annotated"}  # classes in some versions only; annotations never get here with them


def record(name: str, *bases: str | None, **known: Any) -> ClassRecord:
    sets: Any = {key: frozenset(value.split()) for key, value in known.items()}
    return ClassRecord(name, bases, **sets)


def answer(name: str, base: str, *records: ClassRecord, **more: Any) -> Any:
    return is_subclass(Hierarchy({item.name: item for item in records}, **more), name, base)


def public_classes(modules: tuple[str, ...]) -> Iterator[tuple[str, type]]:
    """Canonical name and class of what the modules offer."""
    for module in modules:
        for attribute, thing in vars(importlib.import_module(module)).items():
            meaning = None if attribute.startswith("_") else class_tables.meaning(f"{module}.{attribute}")
            if meaning is not None and meaning.kind == "class" and isinstance(thing, type):
                yield meaning.name, thing


# --- the tables against what they describe


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_standard_librarys_classes_are_related_as_issubclass_says() -> None:
    # pydantic makes InitVar callable on Python 3.10, for whole processes in which it was imported.
    special = SPECIAL | ({"dataclasses.InitVar"} if "__call__" in vars(dataclasses.InitVar) else set())
    classes = {name: cls for name, cls in public_classes(COMMON_MODULES) if name not in special}
    hierarchy = Hierarchy(python=PYTHON)
    wrong = []
    undecided = 0
    for name, cls in classes.items():
        for base, other in classes.items():
            ours = is_subclass(hierarchy, name, base)
            undecided += isinstance(ours, Unclear)
            if not isinstance(ours, (Unclear, Refused)) and ours != issubclass(cls, other):
                wrong.append((name, base, ours))
    assert wrong == []
    assert len(classes) > 250
    assert undecided < 0.01 * len(classes) ** 2


def test_no_two_classes_of_the_standard_library_share_a_name() -> None:
    found: dict[str, type] = {}
    for name, cls in public_classes(COMMON_MODULES):
        assert found.setdefault(name, cls) is cls


@pytest.mark.parametrize("package", ["pandas", "numpy"])
def test_the_packages_at_hand_are_related_as_their_table_says(package: str) -> None:
    here = {
        "pandas": "pandas.DataFrame pandas.Series pandas.Index pandas.DatetimeIndex pandas.RangeIndex pandas.Timestamp pandas.Timedelta",
        "numpy": "numpy.ndarray numpy.matrix numpy.float64 numpy.float32 numpy.int64 numpy.bool_ numpy.complex128 numpy.str_ numpy.generic",
    }[package].split()
    there = dict(public_classes(("builtins", "collections.abc", "datetime", "numbers")))
    there.pop("collections.abc.Buffer", None)  # the packages' tables were made with a Python that has no such thing
    classes = {
        class_tables.meaning(name).name: getattr(importlib.import_module(package), name.partition(".")[2])  # type: ignore[union-attr]
        for name in here
    }
    hierarchy = Hierarchy(python=PYTHON)
    for name, cls in classes.items():
        for base, other in {**there, **classes}.items():
            assert is_subclass(hierarchy, name, base) == issubclass(cls, other), (name, base)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("builtins.int", Meaning("class", "int")),
        ("io.BytesIO", Meaning("class", "_io.BytesIO")),
        ("typing.List", Meaning("alias", "typing.List")),
        ("typing_extensions.List", Meaning("alias", "typing.List")),
        ("builtins.any", Meaning("object", "any")),
        ("numpy.array", Meaning("object", "numpy.array")),
        ("pandas.Series", Meaning("class", "pandas.core.series.Series")),
        ("pandas.core.series.Series", Meaning("class", "pandas.core.series.Series")),
        ("asyncio.Queue", Meaning("class", "asyncio.queues.Queue")),
        ("numpy.int_", None),  # another class on another platform
        ("asyncio.TimeoutError", None),  # another class since Python 3.11
        ("pandas.NoSuchThing", None),
        ("tensors.Tensor", None),
        ("nonsense", None),
    ],
)
def test_a_name_means_what_its_table_says_or_nothing(name: str, meaning: Meaning | None) -> None:
    assert class_tables.meaning(name) == meaning


def test_the_rest_of_the_standard_library_is_read_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_tables, "_loaded", {})
    hierarchy = Hierarchy()
    assert is_subclass(hierarchy, "datetime.datetime", "datetime.date") is True
    assert set(class_tables._loaded) == {"standard"}
    assert is_subclass(hierarchy, "http.client.HTTPResponse", "io.IOBase") is True
    assert set(class_tables._loaded) == {"standard", "standard_more"}


def test_every_table_names_the_versions_it_was_made_of() -> None:
    tables = Path(class_tables.__file__).parent / "_tables"
    assert {path.stem for path in tables.glob("*.json")} >= {
        "standard",
        "standard_more",
        "pandas",
        "numpy",
        "polars",
        "pyarrow",
    }
    for path in tables.glob("*.json"):
        assert '"version":"' in path.read_text(encoding="utf-8")[:40].replace(": ", ":")


@pytest.mark.parametrize(("python", "expected"), [((3, 11), False), ((3, 12), True), ((3, 14), True)])
def test_a_row_is_that_of_the_python_version_in_question(python: tuple[int, int], expected: bool) -> None:
    assert is_subclass(Hierarchy(python=python), "bytes", "collections.abc.Buffer") is expected


def test_what_a_packages_table_was_not_asked_for_is_unclear() -> None:
    later = Hierarchy(python=(3, 12))
    assert isinstance(is_subclass(later, "numpy.ndarray", "collections.abc.Buffer"), Unclear)
    assert is_subclass(later, "numpy.ndarray", "collections.abc.Iterable") is True


# --- inheritance in a project


def test_inheritance_goes_through_the_project_into_packages() -> None:
    frame = record("app.Frame", "pandas.core.frame.DataFrame")
    assert answer("app.Frame", "pandas.core.frame.DataFrame", frame) is True
    assert answer("app.Frame", "collections.abc.Iterable", frame) is True
    assert answer("app.Frame", "pandas.core.series.Series", frame) is False
    assert answer("pandas.core.frame.DataFrame", "app.Frame", frame) is False


def test_nothing_is_denied_of_a_class_with_a_base_that_is_not_known() -> None:
    tensor = record("app.Tensor", "tensors.Tensor")
    assert answer("app.Tensor", "tensors.Tensor", tensor) is True
    assert answer("app.Tensor", "object", tensor) is True
    for base in ("int", "collections.abc.Iterable", "tensors.FloatTensor"):
        assert isinstance(answer("app.Tensor", base, tensor), Unclear)
    assert isinstance(answer("int", "app.Tensor", tensor), Unclear)
    assert isinstance(answer("app.Hidden", "int", record("app.Hidden", None)), Unclear)


def test_an_order_of_bases_that_python_refuses_does_no_harm() -> None:
    a, b, c = record("A"), record("B", "A"), record("C", "A", "B")
    assert set(Hierarchy({item.name: item for item in (a, b, c)}).ancestry("C").names) == {"C", "A", "B", "object"}


def test_a_class_that_is_its_own_ancestor_does_no_harm() -> None:
    assert answer("A", "B", record("A", "B"), record("B", "A")) is True
    assert isinstance(answer("A", "int", record("A", "A")), Unclear)  # class A(A), after another class A


def test_the_order_of_ancestors_is_pythons() -> None:
    class A: ...

    class B(A): ...

    class C(A): ...

    class D(B, C): ...

    records = [record("A"), record("B", "A"), record("C", "A"), record("D", "B", "C")]
    names = Hierarchy({item.name: item for item in records}).ancestry("D").names
    assert list(names) == [cls.__name__ for cls in D.__mro__]


@pytest.mark.parametrize(
    ("bases", "generic"),
    [
        (("typing.List",), True),  # class X(List[int])
        (("list",), False),  # class X(list[int])
        (("typing.NamedTuple",), False),
        (("typing.Protocol",), True),
        (("typing.Iterable", "typing.Protocol"), True),
        (("app.Box",), True),
        (("int",), False),
    ],
)
def test_an_alias_of_typing_among_the_bases_brings_generic(bases: tuple[str, ...], generic: bool) -> None:
    box, made = record("app.Box", "typing.Generic"), record("app.Made", *bases)
    assert Hierarchy({"app.Box": box, "app.Made": made}).derives("app.Made", "typing.Generic") is generic


def test_a_named_tuple_is_a_tuple_and_a_typed_dict_a_dict() -> None:
    assert answer("app.Pair", "tuple", record("app.Pair", "typing.NamedTuple")) is True
    assert answer("app.Options", "dict", record("app.Options", "typing.TypedDict")) is True


# --- virtual subclasses


MODULE = """
import abc, collections.abc as cabc, dataclasses
from typing import *
class Plain: pass
class Walks:
    def walk(self): ...
class Stands(Walks):
    walk = None
@runtime_checkable
class Walker(Protocol):
    def walk(self) -> None: ...
class Strict(Protocol):
    def walk(self) -> None: ...
@runtime_checkable
class Named(Protocol):
    name: str
class Hero(Walker):
    pass
class Row(TypedDict):
    a: int
class Long:
    def __len__(self): return 1
class Equal:
    def __eq__(self, other): return True
class Shape(abc.ABC): pass
class Round(Shape): pass
@Round.register
class Ball: pass
class Odd(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other): return True
class Meta(type):
    def __subclasscheck__(cls, other): return True
class Made(metaclass=Meta): pass
"""  # fmt: skip


@pytest.mark.parametrize(
    ("name", "base", "expected"),
    [
        ("Walks", "Walker", True),
        ("Plain", "Walker", False),
        ("Stands", "Walker", False),
        ("Hero", "Walker", True),
        ("Walks", "Hero", False),
        ("int", "Walker", False),
        ("Long", "collections.abc.Sized", True),
        ("Plain", "collections.abc.Sized", False),
        ("Plain", "collections.abc.Hashable", True),
        ("Equal", "collections.abc.Hashable", False),
        ("Ball", "Round", True),
        ("Ball", "Shape", True),
        ("Plain", "Shape", False),
        ("Round", "Shape", True),
    ],
)
def test_protocols_hooks_and_registrations_count_as_in_python(name: str, base: str, expected: bool) -> None:
    names: dict[str, Any] = {"__name__": "app"}
    with warnings.catch_warnings():
        exec(MODULE, names)
    hierarchy = TypeSource(MODULE, name="app").hierarchy
    qualified = [part if "." in part or part == "int" else f"app.{part}" for part in (name, base)]
    assert is_subclass(hierarchy, qualified[0], qualified[1]) is expected
    scope = {**names, "collections": collections, "abc": abc}
    assert issubclass(eval(name, scope), eval(base, scope)) is expected


@pytest.mark.parametrize(
    ("base", "words"), [("Strict", "@runtime_checkable"), ("Named", "non-method members"), ("Row", "TypedDict")]
)
def test_some_classes_refuse_the_question(base: str, words: str) -> None:
    found = is_subclass(TypeSource(MODULE, name="app").hierarchy, "app.Walks", f"app.{base}")
    assert isinstance(found, Refused)
    assert words in found.error


@pytest.mark.parametrize("base", ["Odd", "Made"])
def test_what_a_class_decides_by_code_of_its_own_is_unclear(base: str) -> None:
    assert isinstance(is_subclass(TypeSource(MODULE, name="app").hierarchy, "app.Walks", f"app.{base}"), Unclear)


def test_a_class_whose_names_are_not_all_known_may_fit_a_protocol() -> None:
    walker = record("app.Walker", "typing.Protocol", methods="walk", flags="runtime")
    assert answer("app.A", "app.Walker", walker, record("app.A")) is False
    assert isinstance(answer("app.A", "app.Walker", walker, record("app.A", flags="open")), Unclear)
    assert isinstance(answer("decimal.Decimal", "app.Walker", walker), Unclear)


def test_registrations_with_a_standard_abc_count() -> None:
    records = (record("app.Table"),)
    assert answer("app.Table", "collections.abc.Sequence", *records) is False
    known = {"collections.abc.Sequence": ["app.Table"]}
    assert answer("app.Table", "collections.abc.Sequence", *records, registrations=known) is True
    assert answer("app.Table", "collections.abc.Iterable", *records, registrations=known) is True
    assert answer("app.Table", "collections.abc.Mapping", *records, registrations=known) is False


def test_anybody_may_have_put_a_class_below_the_most_general_abcs() -> None:
    for base in ("abc.ABC", "typing.Protocol"):
        assert isinstance(answer("int", base), Unclear)


# --- aliases


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("list", True),
        ("type", True),
        ("collections.abc.Sequence", True),
        ("numpy.ndarray", True),
        ("app.Box", True),
        ("pydantic.main.BaseModel", None),
        ("app.Model", None),
        ("tensors.Tensor", None),
        ("int", None),
    ],
)
def test_only_ordinary_generics_are_known_to_keep_their_arguments(name: str, expected: bool | None) -> None:
    records = (record("app.Box", "typing.Generic"), record("app.Model", "pydantic.main.BaseModel", "typing.Generic"))
    assert Hierarchy({item.name: item for item in records}).has_plain_alias(name) is expected
