"""Does an input take a value? Every pair of these types and values, against Hamilton's own check at run time."""

from __future__ import annotations

import subprocess
import sys
from itertools import product

from dagcheck.types.given import takes
from tests.unit.type_sources import TypeSource

PREAMBLE = """\
import collections.abc
import typing
from typing import *

import numpy as np
import pandas as pd


class Spend:
    pass


T = TypeVar("T")
Name = NewType("Name", str)
"""

TYPES = """\
int
float
str
bool
bytes
complex
object
None
list
tuple
dict
set
Any
T
list[int]
List[int]
list[str]
list[list[int]]
List
tuple[int, str]
tuple[int, ...]
Tuple[int, str]
dict[str, int]
Dict[str, Any]
dict[int, list[int]]
set[int]
Set[str]
frozenset[int]
Sequence
Sequence[int]
Sequence[str]
Sequence[object]
Sequence[Optional[int]]
collections.abc.Sequence[int]
Iterable[int]
collections.abc.Iterable[str]
Mapping[str, int]
Callable[[int], int]
Optional[int]
int | None
Union[int, str]
Union[list[int], dict[str, int]]
int | list[str]
Literal["a", 1]
Literal[True]
Optional[Literal["b"]]
Annotated[int, "unit"]
Name
Spend
pd.Series
pd.DataFrame
np.ndarray
Union[pd.Series, float]
Type[int]
collections.abc.Sized
Hashable
""".splitlines()

VALUES = """\
None
0
1
True
1.5
1j
'a'
'b'
''
b'a'
[]
[1]
['a']
[1, 'a']
[[1]]
[None]
(None, 1)
()
(1, 'a')
('a',)
{}
{'a': 1}
{1: [1]}
{1}
{'a'}
set()
frozenset({1})
""".splitlines()


def test_no_value_is_judged_otherwise_than_by_hamilton() -> None:
    place = TypeSource(PREAMBLE)
    pairs = list(product(TYPES, VALUES))
    script = (
        f"{PREAMBLE}\nfrom hamilton.htypes import check_input_type\n"
        "def ask(type_, value):\n"
        "    try:\n        return bool(value is None or check_input_type(type_, value))\n"
        "    except Exception as error:\n        return type(error).__name__\n"
        f"for type_, value in {pairs!r}:\n"
        "    print(ask(type(None) if type_ == 'None' else eval(type_), eval(value)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    judged = 0
    for (type_, value), answer in zip(pairs, done.stdout.splitlines(), strict=True):
        ours = takes(place.type_of(type_), eval(value))
        judged += ours is not None
        assert ours is None or str(ours) == answer, f"{value} for {type_}: we say {ours}, Hamilton {answer}"
    assert judged > len(pairs) * 0.7, f"only {judged} of {len(pairs)} are judged"
