"""Which classes may a module define? Random hierarchies as source text, and pairs of annotations of them.

Every statement is run as it is made, and left out where Python refuses it, so that a hierarchy is always a module that can be
imported. `pairs` are (parameter, node) as in `type_pairs`.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

from hypothesis import strategies as st

PREAMBLE = """
import abc, collections, collections.abc as cabc, contextlib, dataclasses, datetime, enum, numbers, os
from collections import namedtuple
from dataclasses import dataclass, make_dataclass
from typing import *
from hamilton.htypes import Parallelizable, Collect
T = TypeVar("T")
class Hook(type):
    def __subclasscheck__(cls, other): return "1" in other.__name__
class Plain(type): pass
class PlainAbstract(abc.ABCMeta): pass
class Root(abc.ABC): pass
"""

_OUTSIDE = """int str list dict tuple set Exception object abc.ABC cabc.Sequence cabc.Mapping cabc.Iterable cabc.Sized cabc.Hashable
cabc.Callable Generic[T] Protocol Protocol[T] List[int] list[int] Dict[str,int] Sequence[T] Iterable[int] NamedTuple TypedDict
enum.Enum enum.IntEnum numbers.Number datetime.date os.PathLike contextlib.AbstractContextManager Root collections.OrderedDict
collections.UserDict Sized Hashable""".split()
_ABSTRACT = [
    "Root",
    "cabc.Sequence",
    "cabc.Mapping",
    "cabc.Iterable",
    "cabc.Sized",
    "numbers.Number",
    "os.PathLike",
    "Sequence",
    "Hashable",
]
_MEMBERS = ["def f(self): ...", "def g(self): ...", "def __len__(self): return 0", "def __iter__(self): return iter(())",
            "def __contains__(self, x): return False", "def __call__(self): ...", "def __fspath__(self): return ''", "x: int",
            "x: int = 0", "y = 1", "__hash__ = None", "def __eq__(self, o): return True", "f = None", "__iter__ = None",
            "@property\n    def f(self): ...", "@staticmethod\n    def f(): ...", "@classmethod\n    def g(cls): ...",
            "class Inner: pass", "g = len", "__slots__ = ()", "def __enter__(self): ...", "def __exit__(self, *a): ...",
            "if TYPE_CHECKING:\n        def f(self): ...", "__class_getitem__ = classmethod(lambda cls, i: cls)",
            "@classmethod\n    def __subclasshook__(cls, o): return NotImplemented"]  # fmt: skip
_DECORATORS = ["@dataclass", "@dataclass(frozen=True)", "@dataclass(eq=False)", "@runtime_checkable", "@final"]
_METACLASSES = ["abc.ABCMeta", "Hook", "Plain", "PlainAbstract"]
_CALLS = ["{0} = NamedTuple('{0}', [('a', int)])", "{0} = namedtuple('{0}', 'a b')", "{0} = TypedDict('{0}', {{'a': int}})",
          "{0} = enum.Enum('{0}', 'A B')", "{0} = type('{0}', ({1},), {{'f': len}})", "{0} = make_dataclass('{0}', ['a'])",
          "{0} = NewType('{0}', {1})", "{0} = List[{1}]", "{0} = {1}", "{0}: TypeAlias = '{1}'", "{0} = Union[{1}, None]",
          "{0} = Annotated[{1}, 'm']", "{0} = TypeVar('{0}', bound={1})", "class {0}(namedtuple('{0}', 'a')): pass"]  # fmt: skip
_WRAPS = ["{}", "{}", "{}", "Optional[{}]", "list[{}]", "List[{}]", "Sequence[{}]", "Type[{}]", "Union[{},int]", "Annotated[{},1]",
          "{}[int]", "{}[str]", "dict[str,{}]", "Collect[{}]", "Parallelizable[{}]", "'{}'", "tuple[{},...]"]  # fmt: skip
_OTHERS = (
    "int str object list dict tuple type Any None Hashable Iterable Sequence Sized Mapping Callable NamedTuple".split()
)


class Hierarchy(NamedTuple):
    """A module's text, and pairs of annotations to ask about in it."""

    text: str
    pairs: tuple[tuple[str, str], ...]


@st.composite
def hierarchies(draw: st.DrawFn, most_pairs: int = 40) -> Hierarchy:
    """A module of up to fourteen classes, and pairs."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(PREAMBLE, names)
    parts: list[str] = [PREAMBLE]
    made: list[str] = []
    for number in range(draw(st.integers(3, 14))):
        name = f"C{number}"
        text = draw(_statement(name, made))
        if _runs(text, names):
            parts.append(text)
            made += [name] if name in names else []
    known = st.sampled_from([*made, *made, *made, *_ABSTRACT, *_OTHERS])
    annotation = st.builds(lambda wrap, name: wrap.format(name), st.sampled_from(_WRAPS), known)
    pairs = draw(st.lists(st.tuples(annotation, annotation), min_size=most_pairs, max_size=most_pairs))
    return Hierarchy("\n".join(parts), tuple(pairs))


@st.composite
def _statement(draw: st.DrawFn, name: str, made: list[str]) -> str:
    kind = draw(st.sampled_from(["class"] * 7 + ["call"] * 2 + ["register"]))
    anything = st.sampled_from([*made, *made, *_OUTSIDE])
    if kind == "register" and made:
        return f"{draw(st.sampled_from([*_ABSTRACT, *made]))}.register({draw(st.sampled_from(made))})"
    if kind == "call":
        return draw(st.sampled_from(_CALLS)).format(name, draw(anything))
    bases = draw(st.lists(anything, max_size=2, unique=True))
    if draw(st.integers(0, 7)) == 0:
        bases.append(f"metaclass={draw(st.sampled_from(_METACLASSES))}")
    body = draw(st.lists(st.sampled_from(_MEMBERS), max_size=3, unique=True)) or ["pass"]
    decorators = draw(st.lists(st.sampled_from([*_DECORATORS, "@runtime_checkable"]), max_size=1))
    if draw(st.integers(0, 9)) == 0:
        decorators.append(f"@{draw(st.sampled_from(_ABSTRACT))}.register")
    lines = "".join(f"    {line}\n" for line in body)
    return "".join(f"{part}\n" for part in decorators) + f"class {name}({', '.join(bases)}):\n{lines}"


def _runs(text: str, names: dict[str, Any]) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(text, names)
        except Exception:  # noqa: BLE001  whatever Python refuses
            return False
    return True
