"""Which pairs of annotations are worth asking Hamilton about? Random ones, as source text.

`PREAMBLE` is the module in which they are written; `pairs` makes (parameter, node), half of them variations of one another,
since two types drawn blindly rarely fit. `ask_hamilton` is real Hamilton's answer to a whole batch, in one process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

Drawn = TypeVar("Drawn")

PREAMBLE = """
import abc, collections, collections.abc as cabc, dataclasses, datetime, decimal, enum, fractions, io, numbers, os, pathlib, re, types, uuid
from typing import *
from hamilton.htypes import Parallelizable, Collect
import typing, contextlib
T = TypeVar("T"); U = TypeVar("U"); BT = TypeVar("BT", bound=int); N = NewType("N", int); N2 = NewType("N2", str)
class A: pass
class B(A): pass
class C(B, cabc.Sized):
    def __len__(self): return 0
class G(Generic[T]): pass
class GI(G[int]): pass
class GB(Generic[T, U]): pass
class P(Protocol):
    def f(self) -> int: ...
@runtime_checkable
class RP(Protocol):
    def f(self) -> int: ...
class SP(RP): pass
@runtime_checkable
class RP2(RP, Protocol):
    def g(self) -> int: ...
@runtime_checkable
class DP(Protocol):
    x: int
@runtime_checkable
class GP(Protocol[T]):
    def f(self) -> T: ...
@runtime_checkable
class SI(Sized, Iterable[int], Protocol):
    def more(self) -> int: ...
class HasF:
    def f(self) -> int: return 1
class HasBoth(HasF):
    def g(self) -> int: return 1
class NoF(HasF):
    f = None
class Long:
    def __len__(self) -> int: return 0
    def __iter__(self): return iter(())
    def __contains__(self, x): return False
class Equal:
    def __eq__(self, other): return True
class Called:
    def __call__(self): return 1
class Way:
    def __fspath__(self): return ""
class TD(TypedDict):
    a: int
class TD2(TD):
    b: int
class NT(NamedTuple):
    a: int
class E(enum.Enum):
    X = 1
class IE(enum.IntEnum):
    X = 1
class MyList(list): pass
class MyListInt(list[int]): pass
class LI(List[int]): pass
class LA(List): pass
class DI(Dict[str, int], G[int]): pass
class It(Iterable[int]):
    def __iter__(self): return iter(())
class Seq(cabc.Sequence):
    def __len__(self): return 0
    def __getitem__(self, i): return 0
class VA(abc.ABC): pass
class VB(VA): pass
@VB.register
class VR: pass
@cabc.Sequence.register
class VS: pass
class Num(numbers.Number): pass
class MyInt(int): pass
class Date(datetime.date): pass
@dataclasses.dataclass
class D: x: int = 0
@dataclasses.dataclass(frozen=True)
class FD: x: int = 0
class Error(ValueError): pass
def function(): pass
"""

_CLASSES = """int bool str float complex bytes bytearray object list dict set frozenset tuple type range slice memoryview
Exception ValueError None datetime.date datetime.datetime datetime.timedelta decimal.Decimal fractions.Fraction
uuid.UUID pathlib.Path pathlib.PurePath os.PathLike numbers.Number numbers.Real numbers.Integral numbers.Complex io.StringIO io.BytesIO io.IOBase
io.TextIOBase enum.Enum enum.IntEnum collections.OrderedDict collections.defaultdict collections.Counter collections.deque
cabc.Sequence cabc.Mapping cabc.Iterable cabc.Iterator cabc.Collection cabc.Sized cabc.Hashable cabc.Callable cabc.Set
cabc.MutableMapping cabc.MutableSequence cabc.Container cabc.Generator cabc.Awaitable cabc.Reversible cabc.ByteString types.FunctionType
types.NoneType contextlib.AbstractContextManager re.Pattern IO TextIO BinaryIO SupportsInt SupportsFloat SupportsIndex SupportsAbs
A B C G GI GB P RP SP RP2 DP GP SI HasF HasBoth NoF Long Equal Called Way TD TD2 NT E IE MyList MyListInt LI LA DI It Seq VA VB VR
VS Num MyInt Date D FD Error Parallelizable Collect Generic""".split()
_BARE = """Any List Dict Set FrozenSet Tuple Type Sequence Mapping Iterable Iterator Collection Sized Hashable Callable MutableMapping
MutableSequence Deque DefaultDict OrderedDict Counter Pattern Awaitable Generator ContextManager Container Text AbstractSet
T U BT N N2 AnyStr NoReturn 5 function any (int,str) [int] "A" "list[int]" """.split()
_ONE = """List list Set set FrozenSet frozenset Type type Sequence cabc.Sequence Iterable cabc.Iterable Iterator Collection cabc.Collection
Deque collections.deque Counter Awaitable AbstractSet Optional Parallelizable Collect G GP Final ClassVar IO Pattern re.Pattern
ContextManager os.PathLike MutableSequence Container cabc.Set""".split()
_TWO = """Dict dict Mapping cabc.Mapping MutableMapping DefaultDict collections.defaultdict OrderedDict collections.OrderedDict GB
Tuple tuple Union""".split()
_LITERALS = ["Literal['a']", "Literal['b']", "Literal['a','b']", "Literal['b','a']", "Literal[1]", "Literal[True]", "Literal[None]",
             "Literal[1,'a']", "Literal[True,'a']", "Literal[Literal['a'],'b']", "Literal[E.X]"]  # fmt: skip
_SPECIAL = ["tuple[()]", "Tuple[()]", "Callable[[int],int]", "cabc.Callable[[int],int]", "Callable[...,int]", "Callable[[],Any]",
            "Generator[int,None,None]", "cabc.Generator[int,None,None]", "type(None)", "List[T]", "G[T]", "Dict[T,int]", "List[typing.T]",
            "tuple[int,...]", "Tuple[int,...]", "Tuple[str,...]", "int|None", "int|str", "str|int|None", "list[int]|None", "A|None", "list['A']",
            "List['A']", "G['A']", "Dict[str,'list[int]']", "Optional['B']", "Annotated[Annotated[int,'a'],'b']", "Annotated[int,'a','b']",
            "Annotated[A,1]", "Annotated[list[int],1]", "Annotated[tuple,'m']", "Annotated[cabc.Callable,'m']"]  # fmt: skip

_atoms = st.sampled_from([*_CLASSES, *_CLASSES, *_BARE, *_LITERALS, *_SPECIAL])


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}[{}]".format, st.sampled_from(_ONE), inner),
        st.builds("{}[{},{}]".format, st.sampled_from(_TWO), inner, inner),
        st.builds("Union[{},{},{}]".format, inner, inner, inner),
        st.builds("Annotated[{},{}]".format, inner, st.sampled_from(["'m'", "'z'", "1", "int"])),
        st.builds("Callable[[{}],{}]".format, inner, inner),
    )


texts = st.recursive(_atoms, _compound, max_leaves=4)
_VARIATIONS = ["{}", "Optional[{}]", "Annotated[{},'m']", "Annotated[{},'z']", "Union[{},bytes]", "Union[bytes,{}]", "Parallelizable[{}]",
               "Collect[{}]", "List[{}]", "list[{}]", "Sequence[{}]", "cabc.Sequence[{}]", "dict[str,{}]", "Mapping[str,{}]",
               "DefaultDict[str,{}]", "tuple[{},int]", "Tuple[{},int]", "G[{}]"]  # fmt: skip
_varied = st.builds(
    lambda text, one, other: (one.format(text), other.format(text)),
    texts,
    st.sampled_from(_VARIATIONS),
    st.sampled_from(_VARIATIONS),
)
_classes = st.tuples(st.sampled_from(_CLASSES), st.sampled_from(_CLASSES))
pairs: st.SearchStrategy[tuple[str, str]] = st.one_of(st.tuples(texts, texts), _varied, _varied, _classes)

_ASK = """
import json, os, sys, typing, warnings
warnings.simplefilter("ignore")
from hamilton.htypes import types_match
names = {"__name__": "__main__"}
def hint(text):
    def function(x): ...
    function.__annotations__ = {"x": eval(text, names)}
    return typing.get_type_hints(function, globalns=names, include_extras=True)["x"]
def answer(parameter, node):
    try:
        parameter, node = hint(parameter), hint(node)
    except Exception:
        return "invalid"
    try:
        return "yes" if types_match(parameter, node) else "no"
    except Exception as error:
        return "raises"
def in_a_child(function, *arguments):
    # What one check leaves in the caches of ABCs may change what the next one says, and so do registrations.
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(writer, "w") as pipe:
            json.dump(function(*arguments), pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text)
def answers(preamble, pairs):
    exec(preamble, names)
    return [in_a_child(answer, *pair) for pair in pairs]
json.dump([in_a_child(answers, *batch) for batch in json.load(sys.stdin)], sys.stdout)
"""


def drawn(strategy: st.SearchStrategy[Drawn], count: int, chosen: int | None = None) -> list[Drawn]:
    """So many examples, the same ones each time; other ones for each seed that is chosen."""
    found: list[Drawn] = []
    fixed = chosen is None

    @settings(
        max_examples=count, derandomize=fixed, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def draw(example: Drawn) -> None:
        found.append(example)

    (draw if chosen is None else seed(chosen)(draw))()
    return found


def ask_hamilton(pairs: Sequence[tuple[str, str]], preamble: str = PREAMBLE, python: str = sys.executable) -> list[str]:
    """For each (parameter, node): yes, no, raises, or invalid when Python itself refuses one of them."""
    return ask_hamilton_in([(preamble, pairs)], python)[0]


def ask_hamilton_in(
    modules: Sequence[tuple[str, Sequence[tuple[str, str]]]], python: str = sys.executable
) -> list[list[str]]:
    """The same for pairs in several modules, given by their texts."""
    request = json.dumps(modules)
    done = subprocess.run([python, "-c", _ASK], input=request, capture_output=True, text=True, check=True, timeout=1800)
    return list(json.loads(done.stdout))
