"""Which statements change a parameter in place, and which only seem to?"""

from __future__ import annotations

import pytest

from dagcheck.source.facts import changed_parameters, module_facts
from dagcheck.source.syntax import header_of


def changed(body: str, parameters: str = "df: pd.DataFrame, items: list[int], n: int") -> list[tuple[str, int]]:
    """The parameters that are changed, with the line below the `def`."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    text = f"def f({parameters}) -> None:\n{lines}"
    (statement,) = module_facts(text).statements
    return [(found.parameter, found.place[0] - 1) for found in changed_parameters(text, header_of(statement))]


@pytest.mark.parametrize(
    "body",
    [
        "df['a'] = 1",
        "df.loc[0, 'a'] = 1",
        "df.columns = ['a']",
        "df['a'] += 1",
        "df['a']: int = 1",
        "del df['a']",
        "del df.a",
        "df.drop('a', inplace=True)",
        "df['a'].fillna(0, inplace=True)",
        "x = len(df.pop('a'))",
        "df.insert(0, 'a', 1)",
        "(df['a'], y) = 1, 2",
        "for df['a'] in range(3): pass",
        "with open('x') as df.file: pass",
        "if n: df['a'] = 1",
        "while n: df['a'] = 1",
        "try:\n    df['a'] = 1\nexcept KeyError: pass",
        "same = df\nsame['a'] = 1",
        "df: pd.DataFrame = df\ndf['a'] = 1",
        "df += 1",
        "setattr(df, 'a', 1)",
        "return df.update(n)",
    ],
)
def test_this_changes_the_frame(body: str) -> None:
    assert {parameter for parameter, _ in changed(body)} == {"df"}


@pytest.mark.parametrize(
    "body",
    [
        "items.append(1)",
        "items.sort()",
        "items += [1]",
        "items[0] = 1",
        "random.shuffle(items)",
        "heapq.heapify(items)",
    ],
)
def test_this_changes_the_list(body: str) -> None:
    assert {parameter for parameter, _ in changed(body)} == {"items"}


@pytest.mark.parametrize(
    "body",
    [
        "df = df.copy()\ndf['a'] = 1",
        "copy = df.copy()\ncopy['a'] = 1",
        "if n:\n    df = df.copy()\ndf['a'] = 1",
        "for df in items: df['a'] = 1",
        "with n as df: df['a'] = 1",
        "del df\ndf['a'] = 1",
        "df, n = 1, 2\ndf['a'] = 1",
        "df.drop('a', inplace=False)",
        "df.append(1)",
        "n += 1",
        "x = df['a']",
        "def inner(df): df['a'] = 1",
        "g = lambda df: df.pop('a')",
        "other['a'] = df",
        "print(items.index(1))",
        "sorted(items)",
        "pass",
    ],
)
def test_this_changes_nothing(body: str) -> None:
    assert changed(body) == []


def test_what_is_not_annotated_by_a_known_name_is_only_changed_by_what_says_so() -> None:
    assert changed("x.update(1)\nx.append(1)", "x: Thing") == []
    assert changed("x.rename(a=1, inplace=True)", "x: Thing") == [("x", 1)]
    assert changed("x.append(1)", "x: 'typing.List[int]'") == [("x", 1)]


def test_places_count_code_points() -> None:
    text = "def f(größe: dict) -> None:\n    x = 'ü'; größe['ä'] = 1\n"
    (statement,) = module_facts(text).statements
    (found,) = changed_parameters(text, header_of(statement))
    assert found.place == (2, 14, 2, 24)
