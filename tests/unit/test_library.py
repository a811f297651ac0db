"""What names of installed packages stand for: every way in which packages lead to their classes, and the live classes."""

from __future__ import annotations

import importlib
import inspect
import itertools
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dagcheck.names import class_tables, foreign
from dagcheck.names.class_tables import Meaning
from dagcheck.names.classes import Hierarchy
from dagcheck.names.installed import Installed
from dagcheck.names.library import Library
from dagcheck.names.subclasses import is_subclass
from dagcheck.types.assignability import matches
from dagcheck.types.expressions import show
from tests.unit.type_sources import TypeSource

PYTHON = sys.version_info[:2]


class Site:
    """A folder of packages that a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, **files: str) -> None:
        """Files by path; `__` stands for `/`, `_py` and `_pyi` for the endings."""
        for name, text in files.items():
            self.add(name.replace("__", "/").replace("_pyi", ".pyi").replace("_py", ".py"), text)

    def add(self, path: str, text: str = "") -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def library(self) -> Library:
        return Library(Installed((str(self.folder),), (3, 11)), foreign.meaning)

    def name(self, dotted: str) -> str | None:
        """The canonical name that a dotted one leads to, if that is a class."""
        with foreign.reading(self.library()):
            found = foreign.meaning(dotted)
        return found.name if found is not None and found.kind == "class" else None


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.add("lib/_impl.py", "class Thing: pass\nclass Other(Thing): pass\n_hidden = Thing\n")
    return made


# --- ways to a class


@pytest.mark.parametrize(
    "init",
    [
        "from ._impl import Thing",
        "from lib._impl import Thing",
        "from lib._impl import Other as _O, Thing",
        "from . import _impl\nThing = _impl.Thing",
        "import lib._impl\nThing = lib._impl.Thing",
        "import lib._impl as impl\nThing = impl.Thing",
        "from ._impl import *",
        "from ._impl import _hidden as Thing",
        "try:\n    from ._impl import Thing\nexcept ImportError:\n    Thing = None",
        "try:\n    from ._fast import Thing\nexcept ImportError:\n    from ._impl import Thing",
        "import sys\nif sys.version_info >= (3, 8):\n    from ._impl import Thing\nelse:\n    Thing = object",
        "import sys\nif sys.version_info < (3, 8):\n    Thing = object\nelse:\n    from ._impl import Thing",
        "import os\nif os.environ.get('A'):\n    from ._impl import Thing\nelse:\n    from lib._impl import Thing",
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ._impl import Thing\n"
            "def __getattr__(name):\n    return load(name)"
        ),
        "def __getattr__(name):\n    if name == 'Thing':\n        from ._impl import Thing\n        return Thing\n    raise AttributeError",
        "_LAZY = {'Thing': '._impl'}\ndef __getattr__(name):\n    return getattr(importlib.import_module(_LAZY[name]), name)",
        "_dynamic_imports = {'Thing': '_impl'}\ndef __getattr__(name):\n    return load(name)",
        "_dynamic_imports = {'Thing': 'lib._impl:Thing'}\ndef __getattr__(name):\n    return load(name)",
        "_lazy = {'Thing': ('lib._impl', 'Thing')}\ndef __getattr__(name):\n    return load(name)",
        "_import_structure = {'_impl': ['Other', 'Thing']}\nimport sys\nsys.modules[__name__] = _LazyModule(_import_structure)",
        (
            "import lazy_loader as lazy\n"
            "__getattr__, __dir__, __all__ = lazy.attach(__name__, submodules=['_impl'], submod_attrs={'_impl': ['Thing']})"
        ),
    ],
)
def test_a_name_is_followed_to_its_class_statement(site: Site, init: str) -> None:
    site.add("lib/__init__.py", init)
    assert site.name("lib.Thing") == "lib._impl.Thing"


@pytest.mark.parametrize(
    "init",
    [
        "",
        "Thing = make()",
        "Thing = None",
        "def Thing(): pass",
        "from ._missing import Thing",
        "from ._impl import *\n__all__ = []\ndel Thing",
        "import os\nif os.environ.get('A'):\n    from ._impl import Thing\nelse:\n    from ._impl import Other as Thing",
        "import os\nif os.environ.get('A'):\n    from ._impl import Thing\nelse:\n    Thing = make()",
        "from lib import Thing",
        "Thing = Thing",
    ],
)
def test_what_leads_nowhere_or_to_several_things_is_not_known(site: Site, init: str) -> None:
    site.add("lib/__init__.py", init)
    if "import *" in init:
        site.add("lib/_impl.py", "class Thing: pass\n__all__ = ['Other']")
    assert site.name("lib.Thing") is None


def test_a_star_brings_what_all_lists_and_nothing_else(site: Site) -> None:
    site.add("lib/__init__.py", "from ._impl import *")
    site.add(
        "lib/_impl.py",
        "class _Kept: pass\nclass Dropped: pass\n__all__ = ['_Kept']\n__all__ += ['Late']\nclass Late: pass",
    )
    assert site.name("lib._Kept") == "lib._impl._Kept"
    assert site.name("lib.Late") == "lib._impl.Late"
    assert site.name("lib.Dropped") is None


def test_the_last_of_two_star_imports_counts(site: Site) -> None:
    site.add("lib/__init__.py", "from ._impl import *\nfrom ._more import *")
    site.add("lib/_more.py", "class Thing: pass")
    assert site.name("lib.Thing") == "lib._more.Thing"


def test_a_compiled_module_is_known_by_its_stub_and_packages_by_their_stub_packages(site: Site) -> None:
    site.add("lib/__init__.py", "from ._fast import Speed\nfrom ._impl import Thing")
    site.add("lib/_fast.cpython-311-x86_64-linux-gnu.so")
    site.add("lib/_fast.pyi", "from ._impl import Thing\nclass Speed(Thing): ...")
    site.add("other/__init__.py", "exec(open('x').read())")
    site.add("other-stubs/__init__.pyi", "class Made: ...")
    assert site.name("lib.Speed") == "lib._fast.Speed"
    assert site.name("other.Made") == "other.Made"
    with foreign.reading(site.library()):
        assert Hierarchy().derives("lib._fast.Speed", "lib._impl.Thing") is True


def test_a_stub_beside_a_lazy_module_is_believed(site: Site) -> None:
    site.add(
        "lib/__init__.py",
        "import lazy_loader\n__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)",
    )
    site.add("lib/__init__.pyi", "from ._impl import Thing")
    assert site.name("lib.Thing") == "lib._impl.Thing"


def test_what_a_stub_says_of_type_parameters_is_not_believed(site: Site) -> None:
    site.add(
        "lib/_fast.pyi",
        "from typing import *\nT = TypeVar('T')\nclass Box(Generic[T]): ...\nclass Row(Sequence[T]): ...",
    )
    with foreign.reading(site.library()):
        assert Hierarchy().derives("lib._fast.Box", "typing.Generic") is None
        assert Hierarchy().derives("lib._fast.Row", "collections.abc.Sequence") is True
        assert Hierarchy().derives("lib._fast.Row", "typing.Generic") is None


def test_a_class_inside_a_class_has_its_qualified_name(site: Site) -> None:
    site.add("lib/__init__.py", "class Outer:\n    class Inner: pass\nInner = Outer.Inner")
    assert site.name("lib.Inner") == site.name("lib.Outer.Inner") == "lib.Outer.Inner"


def test_names_lead_from_package_to_package(site: Site) -> None:
    site.add("lib/__init__.py", "from ._impl import Thing")
    site.add(
        "wrapper.py",
        "from lib import Thing\nimport lib as _lib\nSame = _lib.Thing\nfrom collections import OrderedDict",
    )
    assert site.name("wrapper.Thing") == site.name("wrapper.Same") == "lib._impl.Thing"
    assert site.name("wrapper.OrderedDict") == "collections.OrderedDict"


def test_an_editable_installation_is_followed(site: Site, tmp_path: Path) -> None:
    site.add("elsewhere/mine/__init__.py", "class Own: pass")
    site.add("src/yours.py", "class Own: pass")
    site.add("site/__editable___mine_finder.py", f"MAPPING: dict[str, str] = {{'mine': '{tmp_path}/elsewhere/mine'}}\n")
    site.add("site/yours.pth", f"import something\n{tmp_path}/src\n")
    inner = Site(tmp_path / "site")
    assert inner.name("mine.Own") == "mine.Own"
    assert inner.name("yours.Own") == "yours.Own"


def test_calls_that_make_classes_do(site: Site) -> None:
    site.add(
        "lib/__init__.py",
        "from collections import namedtuple\nimport enum, typing\nPoint = namedtuple('Point', 'x y')\n"
        "Color = enum.Enum('Color', 'RED')\nRow = typing.TypedDict('Row', {'a': int})\nclass P3(namedtuple('B', 'x')): pass",
    )
    with foreign.reading(site.library()):
        hierarchy = Hierarchy()
        assert foreign.meaning("lib.Point") == Meaning("class", "lib.Point")
        assert hierarchy.derives("lib.Point", "tuple") is True
        assert hierarchy.derives("lib.Color", "enum.Enum") is True
        assert hierarchy.derives("lib.P3", "tuple") is True
        assert hierarchy.is_typed_dict("lib.Row")


def test_functions_and_modules_are_no_types(site: Site) -> None:
    site.add("lib/__init__.py", "from ._impl import Thing\ndef make(): pass")
    with foreign.reading(site.library()):
        assert foreign.meaning("lib.make") == Meaning("object", "lib.make")
        assert foreign.meaning("lib._impl") == Meaning("object", "lib._impl")


def test_metaclasses_without_a_hook_do_not_matter(site: Site) -> None:
    site.add(
        "lib/__init__.py",
        "import abc\nclass Meta(abc.ABCMeta): pass\nclass Hook(type):\n    def __subclasscheck__(cls, other): return True\n"
        "class A(metaclass=Meta): pass\nclass B(A): pass\nclass C(metaclass=Hook): pass\nclass D: pass",
    )
    with foreign.reading(site.library()):
        hierarchy = Hierarchy()
        assert is_subclass(hierarchy, "lib.B", "lib.A") is True
        assert is_subclass(hierarchy, "lib.D", "lib.A") is False
        assert is_subclass(hierarchy, "lib.D", "lib.C") not in (True, False)


def test_registrations_beside_a_class_count_and_others_may_exist(site: Site) -> None:
    site.add(
        "lib/__init__.py",
        "from collections.abc import Sequence\nclass Row: pass\nSequence.register(Row)\nclass Plain: pass",
    )
    with foreign.reading(site.library()):
        hierarchy = Hierarchy()
        assert foreign.meaning("lib.Row") is not None
        assert is_subclass(hierarchy, "lib.Row", "collections.abc.Sequence") is True
        assert is_subclass(hierarchy, "lib.Plain", "collections.abc.Sequence") not in (True, False)
        assert is_subclass(hierarchy, "lib.Plain", "dict") is False


@pytest.mark.parametrize(
    ("definition", "fits"),
    [
        ("NDArray: TypeAlias = ndarray[tuple[Any, ...], dtype[T]]", "yes"),
        *([("type NDArray[T] = ndarray[tuple[Any, ...], dtype[T]]", "no")] if PYTHON >= (3, 12) else []),
    ],
)
def test_numpys_array_alias_is_what_its_text_makes_of_it(site: Site, definition: str, fits: str) -> None:
    site.add("numpy/__init__.py", "class ndarray: pass\nclass dtype: pass\nclass float64(float): pass\n")
    site.add("numpy/typing/__init__.py", f"from numpy import ndarray, dtype\nfrom typing import *\n{definition}\n")
    place = TypeSource("import numpy as np\nimport numpy.typing as npt", (3, 12))
    with foreign.reading(site.library()):
        types = [place.type_of(text) for text in ("np.ndarray", "npt.NDArray[np.float64]")]
        assert matches(types[0], types[1], place.hierarchy).kind == fits
        assert matches(types[1], types[1], place.hierarchy).kind == "yes"


# --- which source is asked


def test_a_table_speaks_for_an_installed_package_of_the_same_series_only(site: Site) -> None:
    site.add("pandas/__init__.py", "class DataFrame: pass\nclass Brand(DataFrame): pass")
    described = class_tables.version("pandas")
    (site.folder / f"pandas-{described}.dist-info").mkdir()
    assert site.name("pandas.DataFrame") == "pandas.core.frame.DataFrame"
    assert site.name("pandas.Brand") == "pandas.Brand"
    (site.folder / f"pandas-{described}.dist-info").rename(site.folder / "pandas-0.1.dist-info")
    assert site.name("pandas.DataFrame") == "pandas.DataFrame"


def test_a_package_that_is_not_installed_is_known_from_its_table(site: Site) -> None:
    assert site.name("pandas.DataFrame") == "pandas.core.frame.DataFrame"
    assert site.name("unheard.Of") is None


def test_outside_of_reading_nothing_is_asked(site: Site) -> None:
    site.add("lib/__init__.py", "from ._impl import Thing")
    assert site.name("lib.Thing") is not None
    assert foreign.meaning("lib.Thing") is None


class Memory:
    """A store that counts what it is asked."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}

    def get(self, kind: str, keys: list[str]) -> dict[str, Any]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def put(self, kind: str, items: dict[str, Any]) -> None:
        self.rows.update(items)


def test_outlines_are_kept_until_their_text_changes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Memory()
    for _ in range(2):
        library = Library(Installed((str(site.folder),), (3, 11), store))
        assert library.meaning("lib._impl.Thing") == Meaning("class", "lib._impl.Thing")
        library.keep()
        monkeypatch.setattr("dagcheck.names.installed.outline", None)
    assert len(store.rows) == 2
    for key in [key for key in store.rows if key.startswith(f"{site.folder} ")]:
        del store.rows[key]
    assert Library(Installed((str(site.folder),), (3, 11), store)).meaning("lib._impl.Other") is not None
    monkeypatch.undo()
    site.add("lib/_impl.py", "class Another: pass")
    installed = Installed((str(site.folder),), (3, 11), store)
    assert Library(installed).meaning("lib._impl.Thing") is None


def test_texts_that_are_no_python_and_circles_end(site: Site) -> None:
    site.add("lib/__init__.py", "from lib.a import *\nfrom lib.b import X")
    site.add("lib/a.py", "from lib.b import *")
    site.add("lib/b.py", "from lib.a import *\nclass (")
    assert site.name("lib.X") is None
    site.add("lib/b.py", "from lib.a import *\nclass X(X): pass")
    assert site.name("lib.X") == "lib.b.X"
    with foreign.reading(site.library()):
        assert Hierarchy().ancestry("lib.b.X").names[0] == "lib.b.X"


# --- against live classes

PACKAGES = (
    "networkx",
    "click",
    "rich",
    "libcst",
    "hypothesis",
    "pytest",
    "packaging.version",
    "pydantic",
    "pandera",
    "polars",
)


def live_classes(package: str) -> Iterator[tuple[str, type]]:
    """Public names and classes of a package that is installed for the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module(package)
        for name in dir(module):
            thing = None if name.startswith("_") else getattr(module, name, None)
            if inspect.isclass(thing) and thing.__module__.partition(".")[0] == package.partition(".")[0]:
                yield f"{package}.{name}", thing


def site_packages() -> str:
    return str(Path(pytest.__file__).parent.parent)


@pytest.mark.parametrize("package", PACKAGES)
def test_installed_packages_are_read_as_python_imports_them(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "trusts_table", lambda self, root: False)
    library = Library(Installed((site_packages(),), PYTHON), foreign.meaning)
    with foreign.reading(library):
        hierarchy = Hierarchy(python=PYTHON)
        known = {}
        for name, cls in live_classes(package):
            found = foreign.meaning(name)
            if found is not None and found.kind == "class":
                assert found.name.rpartition(".")[2] == cls.__name__, name
                known[found.name] = cls
        assert len(known) >= 0.95 * len(set(dict(live_classes(package)).values()))
        wrong = [
            (name, base, answer)
            for (name, cls), (base, other) in itertools.product(list(known.items())[:60], list(known.items())[-60:])
            if (answer := is_subclass(hierarchy, name, base)) in (True, False) and answer != _live(cls, other)
        ]
    assert wrong == []


def _live(cls: type, base: type) -> bool | None:
    try:
        return issubclass(cls, base)
    except TypeError:
        return None


# --- aliases


def aliased(site: Site, text: str, name: str) -> str | None:
    site.add("lib/__init__.py", text)
    place = TypeSource("import lib")
    with foreign.reading(site.library()):
        return show(place.type_of(f"lib.{name}"))


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("from typing import Union\nA = Union[int, str]", "typing.Union[int, str]"),
        ("from typing import *\nA = Optional[List[int]]", "typing.Union[NoneType, typing.List[int]]"),
        ("import typing as t\nA: t.TypeAlias = t.Literal['a']", "typing.Literal['a']"),
        ("from typing_extensions import Annotated\nA = Annotated[int, 'm']", "typing.Annotated[int, 'm']"),
        ("from ._impl import Thing\nA = dict[str, Thing]", "dict[str, lib._impl.Thing]"),
        ("from ._impl import Thing\nA = Thing | None", "typing.Union[NoneType, lib._impl.Thing]"),
        ("B = list[int]\nA = B", "list[int]"),
        ("from typing import TypeVar\nA = TypeVar('T')", "~T"),
        ("from typing import NewType\nA = NewType('Id', int)", "lib.Id"),
        ("from typing import *\nT = TypeVar('T')\nB = Dict[str, T]\nA = B[int]", "typing.Dict[str, int]"),
        ("A = list[A]", None),
        ("A = Union[int, str]", None),
        ("A = dict[str, make()]", None),
    ],
)
def test_aliases_of_installed_packages_are_the_types_that_they_stand_for(
    site: Site, definition: str, expected: str | None
) -> None:
    assert aliased(site, definition, "A") == expected
