"""Is a piece of code the same digest for the same meaning, and another for another?"""

from __future__ import annotations

import ast

import pytest

from dagcheck.source.canonical import Written, plain_annotation, written
from dagcheck.source.symbols import Symbol, from_row, module_symbols, to_row


def of(text: str) -> Written:
    return written(ast.parse(text).body, annotations=False)


def annotation(text: str) -> str:
    return ast.dump(plain_annotation(ast.parse(text, mode="eval").body))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a'", 'x = "a"'),
        ("x = 1_000", "x = 1000"),
        ("x = (1 +\n  2)  # three", "x = 1 + 2"),
        ("def f():\n    '''Words.'''\n    return 1", "def f():\n    return 1"),
        ("def f():\n    pass", "def f():\n    '''Words.'''"),
        ("def f(a: int) -> int: return a", "def f(a): return a"),
        ("f = lambda x: x", "f = lambda x : (x)"),
        ("x: int = 1", "x: float = 1"),
        ("class A:\n    x: Optional[int] = None", "class A:\n    x: 'None | int' = None"),
        ("class A:\n    x: List[int]", "class A:\n    x: list[int]"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert of(one).digest == of(other).digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1.0"),
        ("x = 'a'", "x = b'a'"),
        ("x = True", "x = 1"),
        ("def f(a, b): return a", "def f(b, a): return a"),
        ("def f(a, b=1): return a", "def f(a, b=2): return a"),
        ("def f(a, *, b): return a", "def f(a, b): return a"),
        ("async def f(): return 1", "def f(): return 1"),
        ("x = a.b", "x = a[b]"),
        ("@d\ndef f(a: int): return a", "@d\ndef f(a: str): return a"),
        ("class A:\n    x: int = 1", "class A:\n    x: str = 1"),
        ("class A(B): pass", "class A(B, metaclass=C): pass"),
        ("x = [i for i in y]", "x = [i for i in y if i]"),
        ("x = f'{a}'", "x = f'{a!r}'"),
        ("x = y if z else w", "x = w if z else y"),
    ],
)
def test_another(one: str, other: str) -> None:
    assert (of(one).digest, of(one).references) != (of(other).digest, of(other).references)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("x = np.log(y)", [("x",), ("np", "log"), ("y",)]),
        ("def f(a): return a + b", [("b",)]),
        ("def f(a):\n    b = 1\n    return a + b", []),
        ("def f():\n    global b\n    b = 1", [("b",)]),
        ("def f():\n    def g(): return a\n    a = 1\n    return g", []),
        ("x = [i for i in y]", [("x",), ("y",)]),
        ("def f(): return [b := 1 for a in y] + b", [("y",)]),
        ("class A:\n    x = 1\n    def f(self): return x", [("x",)]),
        ("def f():\n    import a.b\n    return a.b.c", [("import 0 a ", "b", "c"), ("import 0 a ",)]),
        ("def f():\n    from a import b as c\n    return c(1)", [("import 0 a b",)]),
        ("def f(x):\n    try: return x\n    except E as e: return e", [("E",)]),
        (
            "def f(x):\n    match x:\n        case {'k': v, **rest}: return v, rest\n        case A(b): return b",
            [("A",)],
        ),
    ],
)
def test_what_is_taken_from_around(text: str, references: list[tuple[str, ...]]) -> None:
    assert sorted(of(text).references) == sorted(references)


@pytest.mark.parametrize(
    ("text", "changed", "dynamic"),
    [
        ("def f(): T['a'] = 1", [("T",)], []),
        ("def f(): T.append(1)", [("T",)], []),
        ("def f(): T.get(1)", [], []),
        ("def f(): m.T.x = 1", [("m", "T", "x")], []),
        ("def f(n): return globals()[n]", [], ["own globals()"]),
        ("def f(n): return importlib.import_module(n)", [], ["any import_module(...)"]),
        ("def f(): return importlib.import_module('a.b')", [], []),
        ("def f(n): return getattr(m, n)", [], ["look getattr(...)"]),
        ("def f(): return getattr(m, 'n')", [], []),
        ("def f(eval): return eval(1)", [], []),
    ],
)
def test_what_may_change_or_be_looked_up(text: str, changed: list[tuple[str, ...]], dynamic: list[str]) -> None:
    found = of(text)
    assert (list(found.changed), list(found.dynamic)) == (changed, dynamic)


def test_annotations_in_equivalent_spellings() -> None:
    spellings = ("Optional[int]", "Union[int, None]", "Union[None, int]", "int | None", "'int | None'", "None | int")
    assert len({annotation(text) for text in spellings}) == 1
    assert annotation("Literal['a']") != annotation("Literal['b']")
    assert annotation("Dict[str, List[int]]") == annotation("dict[str, list[int]]")


MODULE = """
import numpy as np
from helpers import scale as s
TABLE = {}
TABLE["a"] = 1
register(TABLE)
np.random.seed(0)
if TYPE_CHECKING:
    import later
if flag:
    def chosen(): return 1
else:
    def chosen(): return 2
if __name__ == "__main__":
    ignored = main()
@decorated
def f(x=TABLE): return s(x)
"""


def test_the_symbols_of_a_module() -> None:
    symbols = module_symbols(MODULE).symbols
    assert {name: symbol.kind for name, symbol in symbols.items()} == {
        "np": "import", "s": "import", "TABLE": "value", "": "value", "later": "import", "chosen": "function", "f": "function",
    }  # fmt: skip
    assert symbols["s"].imports == ("import 0 helpers scale",)
    assert roles(symbols["TABLE"]) == ["value", "effect", "effect"]
    assert roles(symbols["chosen"]).count("value") == 2
    assert roles(symbols["f"]) == ["decorator", "signature", "defaults", "annotations", "body"]
    assert [line for symbol in (symbols["f"],) for line in symbol.lines] == [(16, 17)]


def roles(symbol: Symbol) -> list[str]:
    return [piece.role for piece in symbol.pieces]


def test_rows_give_the_symbols_back() -> None:
    module = module_symbols(MODULE)
    assert from_row(to_row(module)) == module


@pytest.mark.parametrize("text", ["", "def f(:", "x = " + "(" * 3000 + ")" * 3000, "\0"])
def test_any_text_has_symbols_or_none(text: str) -> None:
    assert module_symbols(text).symbols == {}


def test_the_digest_does_not_hang_on_the_python_version() -> None:
    text = (
        "def f(x: int, *a, k=1.5, **b):\n    with a as c, d: return f'{x!r:>{k}}', 10**30, 1j, ..., [*a], x[1:2, ...]\n"
    )
    assert of(text).digest.hex() == "65f16d6a5cca919ad2e2d0c0fcffee17"
