"""Which types are there, and in how many ways can one be written?

`any_type` draws a type, `spelled` writes it for a module: in one of its spellings, under an alias, as a string, with whatever
it needs imported. `readable_as` draws what a reader may call a type; most of the time Hamilton accepts that.
"""

from __future__ import annotations

from tests.generated import kinds
from tests.generated.choice import Choice
from tests.generated.writing import Module, Type, Writing

_SPELLINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "int": (("int", ""),),
    "str": (("str", ""),),
    "float": (("float", ""),),
    "bool": (("bool", ""),),
    "bytes": (("bytes", ""),),
    "object": (("object", ""),),
    "None": (("None", ""), ("type(None)", "")),
    "Any": (("Any", "from typing import Any"), ("typing.Any", "import typing"), ("t.Any", "import typing as t")),
    "list": (("list", ""), ("List", "from typing import List"), ("typing.List", "import typing")),
    "dict": (("dict", ""), ("Dict", "from typing import Dict"), ("typing.Dict", "import typing")),
    "set": (("set", ""), ("Set", "from typing import Set"), ("t.Set", "import typing as t")),
    "frozenset": (("frozenset", ""), ("FrozenSet", "from typing import FrozenSet")),
    "tuple": (("tuple", ""), ("Tuple", "from typing import Tuple"), ("typing.Tuple", "import typing")),
    "type": (("type", ""), ("Type", "from typing import Type")),
    "Sequence": (
        ("Sequence", "from typing import Sequence"),
        ("abc.Sequence", "from collections import abc"),
        ("collections.abc.Sequence", "import collections.abc"),
    ),
    "Mapping": (("Mapping", "from typing import Mapping"), ("abc.Mapping", "from collections import abc")),
    "Iterable": (("Iterable", "from typing import Iterable"), ("abc.Iterable", "from collections import abc")),
    "Iterator": (("typing.Iterator", "import typing"), ("abc.Iterator", "from collections import abc")),
    "Callable": (("Callable", "from typing import Callable"), ("abc.Callable", "from collections import abc")),
    "Hashable": (("typing.Hashable", "import typing"),),
    "SupportsInt": (("typing.SupportsInt", "import typing"),),
    "Generic": (("typing.Generic", "import typing"),),
    "date": (("datetime.date", "import datetime"), ("date", "from datetime import date")),
    "datetime": (("datetime.datetime", "import datetime"),),
    "Decimal": (("Decimal", "from decimal import Decimal"), ("decimal.Decimal", "import decimal")),
    "Number": (("numbers.Number", "import numbers"),),
    "Real": (("numbers.Real", "import numbers"), ("Real", "from numbers import Real")),
    "Path": (("Path", "from pathlib import Path"), ("pathlib.Path", "import pathlib")),
    "OrderedDict": (("collections.OrderedDict", "import collections"), ("t.OrderedDict", "import typing as t")),
    "defaultdict": (("collections.defaultdict", "import collections"), ("t.DefaultDict", "import typing as t")),
    "DataFrame": (
        ("pd.DataFrame", "import pandas as pd"),
        ("pandas.DataFrame", "import pandas"),
        ("DataFrame", "from pandas import DataFrame"),
    ),
    "Series": (("pd.Series", "import pandas as pd"), ("Series", "from pandas import Series")),
    "Index": (("pd.Index", "import pandas as pd"),),
    "Timestamp": (("pd.Timestamp", "import pandas as pd"),),
    "ndarray": (("np.ndarray", "import numpy as np"),),
    "float64": (("np.float64", "import numpy as np"),),
    "int64": (("np.int64", "import numpy as np"),),
    "Union": (
        ("Union", "from typing import Union"),
        ("typing.Union", "import typing"),
        ("t.Union", "import typing as t"),
    ),
    "Optional": (("Optional", "from typing import Optional"), ("typing.Optional", "import typing")),
    "Literal": (("Literal", "from typing import Literal"), ("typing.Literal", "import typing")),
    "Annotated": (("Annotated", "from typing import Annotated"), ("typing.Annotated", "import typing")),
    "Parallelizable": (
        ("Parallelizable", "from hamilton.htypes import Parallelizable"),
        ("htypes.Parallelizable", "from hamilton import htypes"),
    ),
    "Collect": (("Collect", "from hamilton.htypes import Collect"), ("htypes.Collect", "from hamilton import htypes")),
    "5": (("5", ""),),
    "...": (("...", ""),),
    "np.array": (("np.array", "import numpy as np"),),
}

INT, STR, FLOAT, BOOL, NONE, ANY = (Type(name) for name in ("int", "str", "float", "bool", "None", "Any"))
FRAME, SERIES, DICT, LIST, TUPLE = (Type(name) for name in ("DataFrame", "Series", "dict", "list", "tuple"))

_PLAIN = (INT, STR, FLOAT, BOOL, DICT, LIST, FRAME, SERIES)
_OTHERS = tuple(
    Type(head)
    for head in """object Any None bytes set tuple frozenset date datetime Decimal Number Real Path Index Timestamp ndarray
    float64 int64 Sequence Mapping Iterable Callable Hashable SupportsInt OrderedDict defaultdict type""".split()
)
_NO_TYPES = (Type("5"), Type("..."), Type("np.array"))
_ONE = ("list", "set", "Sequence", "Iterable", "Iterator", "frozenset", "type")


def any_type(choice: Choice, depth: int = 2) -> Type:
    """A type, plain ones more often than others."""
    kind = choice.weighted(_KINDS if depth else _KINDS[:4])
    if kind == "plain":
        return choice.pick(_PLAIN)
    if kind == "class":
        return Type(choice.pick(kinds.TYPES))
    if kind == "other":
        return choice.pick(_OTHERS)
    if kind == "no type":
        return choice.pick(_NO_TYPES)
    return _compound(choice, kind, depth - 1)


_KINDS = (
    (40, "plain"), (12, "class"), (14, "other"), (1, "no type"), (8, "list"), (8, "dict"), (6, "tuple"), (6, "Optional"),
    (4, "Union"), (3, "Literal"), (3, "Annotated"), (1, "Callable"), (3, "generic"), (1, "parallel"),
)  # fmt: skip


def _compound(choice: Choice, kind: str, depth: int) -> Type:
    def inner() -> Type:
        type_ = any_type(choice, depth)
        return INT if type_.head == "..." else type_  # Python itself stumbles over some of these

    if kind == "list":
        return Type(choice.pick(_ONE), (inner(),))
    if kind == "dict":
        return Type(choice.weighted([(6, "dict"), (1, "Mapping"), (1, "defaultdict")]), (STR, inner()))
    if kind == "tuple":
        rest = choice.weighted([(3, (inner(),)), (1, (Type("..."),)), (1, ()), (1, (inner(), inner()))])
        return Type("tuple", (inner(), *rest))
    if kind == "Optional":
        return Type("Optional", (inner(),))
    if kind == "Union":
        return Type("Union", tuple(inner() for _ in range(choice.number(2, 3))))
    if kind == "Literal":
        return Type("Literal", tuple(choice.some(("'a'", "'b'", "1", "True", "None"), 1, 3)))
    if kind == "Annotated":
        return Type("Annotated", (inner(), choice.pick(('"m"', "5", '"z", 1'))))
    if kind == "Callable":
        return Type("Callable", ("[int]", inner()))
    if kind == "parallel":
        return Type(choice.pick(("Parallelizable", "Collect")), (inner(),))
    return Type(choice.pick(kinds.GENERICS), (inner(),))


def readable_as(choice: Choice, type_: Type) -> Type:
    """What a reader may call a node of this type."""
    how = choice.weighted(
        [(70, "same"), (8, "optional"), (6, "union"), (4, "any"), (4, "wider"), (3, "annotated"), (3, "bare")]
    )
    if type_.head == "Literal" and len(type_.arguments) > 1 and how in ("optional", "union"):
        how = "same"  # there the order counts in which the values are written, which dagcheck does not keep
    if how == "same" or type_.head in ("5", "...", "np.array"):
        return type_
    if how == "optional":
        return Type("Optional", (type_,))
    if how == "union":
        other = choice.pick(_PLAIN)
        return Type("Union", tuple(choice.shuffled((type_, other))))
    if how == "annotated":
        return Type("Annotated", (type_, '"m"'))
    if how == "any":
        return ANY
    if how == "bare":
        return Type(type_.head) if type_.head in (*_ONE, "dict", "tuple", "Mapping") else type_
    return Type(choice.pick(_WIDER.get(type_.head, ("object",))))


_WIDER: dict[str, tuple[str, ...]] = {
    "bool": ("int", "Real", "object"),
    "int": ("Number", "object", "Hashable", "SupportsInt"),
    "float64": ("float", "Real"),
    "str": ("Sequence", "Hashable", "object"),
    "list": ("Sequence", "Iterable", "object"),
    "dict": ("Mapping", "Iterable"),
    "datetime": ("date",),
    "Timestamp": ("datetime", "date"),
    "DataFrame": ("Iterable", "object"),
    **kinds.WIDER,
}


def spelled(writing: Writing, module: Module, type_: Type) -> str:
    """The type as this module writes it, imports included."""
    choice = writing.choice
    form = choice.weighted([(80, "plain"), (8, "string"), (6, "alias")])
    if form == "alias" and type_.arguments:
        name = writing.fresh("Alias")
        module.add(f"{name} = {_text(writing, module, type_, operators=False)}")
        return name
    text = _text(writing, module, type_, operators=True)
    return repr(text) if form == "string" else text


def _text(writing: Writing, module: Module, type_: Type, *, operators: bool) -> str:
    choice, head = writing.choice, type_.head
    if head in ("Optional", "Union") and type_.arguments:
        return _union(writing, module, type_, operators=operators)
    name = _name(writing, module, head)
    if not type_.arguments:
        return name
    inner = [
        part if isinstance(part, str) else _text(writing, module, part, operators=operators) for part in type_.arguments
    ]
    if head not in ("Literal", "Annotated", "Callable") and not operators and choice.chance(5):
        inner[0] = repr(inner[0])  # a forward reference inside
    return f"{name}[{', '.join(inner)}]"


def _union(writing: Writing, module: Module, type_: Type, *, operators: bool) -> str:
    choice = writing.choice
    members = [_text(writing, module, part, operators=operators) for part in type_.arguments]
    if type_.head == "Optional":
        form = choice.pick(("Optional", "|", "Union"))
        if form == "Optional":
            return f"{_name(writing, module, 'Optional')}[{members[0]}]"
        members = choice.shuffled([members[0], "None"])
    else:
        form = choice.pick(("Union", "|"))
    joins = all(part.head not in ("5", "...", "np.array", "None") for part in type_.arguments)
    if form == "|" and operators and joins:
        return " | ".join(members)
    return f"{_name(writing, module, 'Union')}[{', '.join(members)}]"


def _name(writing: Writing, module: Module, head: str) -> str:
    """The name of a type without its arguments; a module keeps to the spelling that it chose first, mostly."""
    known = module.names.get(head)
    if known is not None and not writing.choice.chance(20):
        return known
    if head in kinds.CLASSES:
        name = kinds.imported(writing, module, head)
    else:
        name, line = writing.choice.pick(_SPELLINGS[head])
        module.need(line)
    module.names[head] = name
    return name
