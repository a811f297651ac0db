"""How the bundled tables are made: what a live class tells, and how the versions of Python are laid together."""

from __future__ import annotations

import types
from typing import Any

import pytest

from dagcheck.names import table_generator
from dagcheck.names.table_probe import PACKAGE_ROOTS, Description

MODULE = """
import abc
from typing import *
T = TypeVar("T")
class Plain: pass
class Child(Plain):
    __hash__ = None
    def __iter__(self): ...
    def helper(self): ...
class Registry(abc.ABC): pass
class Member: pass
Registry.register(Member)
@runtime_checkable
class Walker(Protocol):
    def walk(self): ...
class Strict(Protocol):
    def walk(self): ...
class Named(Protocol):
    name: str
class Row(TypedDict):
    a: int
class Odd(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other): return "o" in other.__name__
class Meta(type):
    def __subclasscheck__(cls, other): return True
class Made(metaclass=Meta): pass
class Box(Generic[T]): pass
class Crate(Generic[T]):
    def __class_getitem__(cls, item): return type(List[int])(cls, item)
class Tin(Generic[T]):
    def __class_getitem__(cls, item): return cls
class Shelf(list): pass
def function(): ...
alias = Plain
_hidden = int
"""


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    module = types.ModuleType("described")
    exec(MODULE, vars(module))
    return Description([module], ("__hash__", "__iter__")).as_json()


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("Plain", []),
        ("Child", [["described.Plain"], "-__hash__ __iter__"]),
        ("Registry", [["abc.ABC"], "", "abstract"]),
        ("Walker", [["typing.Protocol"], "", "abstract runtime"]),
        ("Strict", [["typing.Protocol"], "", "abstract static"]),
        ("Named", [["typing.Protocol"], "", "abstract static data"]),
        ("Row", [["typing.TypedDict"]]),
        ("Odd", [["abc.ABC"], "", "abstract hook"]),
        ("Made", [[], "", "metaclass"]),
        ("Box", [["typing.Generic"]]),
        ("Crate", [["typing.Generic"]]),
        ("Tin", [["typing.Generic"], "", "subscript"]),
        ("Shelf", [["list"]]),
    ],
)
def test_a_class_tells_what_issubclass_will_ask(description: dict[str, Any], name: str, row: list[Any]) -> None:
    found = description["classes"][f"described.{name}"]
    if name == "Walker":
        assert description["hooks"]["described.Walker"] == ["walk"]
        row = [["typing.Protocol"], "walk", "abstract runtime complete"]
    assert found == row


def test_public_names_lead_to_classes_and_functions_are_told_apart(description: dict[str, Any]) -> None:
    assert description["names"]["described.alias"] == "described.Plain"
    assert "described._hidden" not in description["names"]
    assert "described.function" in description["objects"]


def test_registrations_are_kept(description: dict[str, Any]) -> None:
    assert description["registered"]["described.Registry"] == ["described.Member"]


def version(
    number: str, names: dict[str, str], classes: dict[str, list[Any]], objects: tuple[str, ...] = ()
) -> dict[str, Any]:
    empty: dict[str, Any] = {"asked": [], "aliases": {}, "hooks": {}, "registered": {}}
    return {"version": number, "names": names, "classes": classes, "objects": list(objects), **empty}


def test_a_row_that_changes_is_kept_by_the_version_it_begins_with() -> None:
    names = {"m.A": "m.A"}
    merged = table_generator._merged(
        [
            version("3.10.1", names, {"m.A": []}),
            version("3.11.1", names, {"m.A": []}),
            version("3.12.1", names, {"m.A": [["int"]]}),
        ]
    )
    assert merged["classes"] == {"m.A": {"10": [], "12": [["int"]]}}


def test_a_class_that_moved_keeps_the_name_of_the_reference_version() -> None:
    before = version("3.11.1", {"m.Path": "m.Path"}, {"m.Path": []})
    after = version("3.13.1", {"m.Path": "m._local.Path"}, {"m._local.Path": [], "m.Sub": [["m._local.Path"]]})
    merged = table_generator._merged([before, after])
    assert merged["names"] == {"m.Path": "m.Path"}
    assert merged["classes"] == {"m.Path": [], "m.Sub": [["m.Path"]]}


def test_a_name_of_two_meanings_means_nothing() -> None:
    other = version("3.10.1", {"m.Error": "m.Error"}, {"m.Error": [], "OSError": []})
    same = version("3.11.1", {"m.Error": "OSError"}, {"OSError": []}, ("m.Lock",))
    later = version("3.13.1", {"m.Error": "OSError", "m.Lock": "m.Lock"}, {"OSError": [], "m.Lock": []})
    assert table_generator._merged([other, same, later])["names"] == {"m.Error": None, "m.Lock": None}


def test_the_packages_described_are_those_whose_classes_are_looked_at_twice() -> None:
    assert set(table_generator.PACKAGES) == set(PACKAGE_ROOTS)
