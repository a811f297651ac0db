"""Which names are likely to be meant to be another one?"""

from __future__ import annotations

import pytest

from dagcheck.rules.misspelling import Dictionary, distance

NAMES = ("marketing_spend", "signups", "cost_per_signup", "spend_2024", "price", "raw_orders", "orders")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("marketing_spent", "marketing_spend"),
        ("marekting_spend", "marketing_spend"),
        ("markting_sepnd", "marketing_spend"),
        ("signup", "signups"),
        ("singups", "signups"),
        ("xsignups", "signups"),
        ("cost_per_sign_up", "cost_per_signup"),
        ("prcie", "price"),
    ],
)
def test_a_letter_or_two_may_be_wrong(name: str, meant: str) -> None:
    assert Dictionary(NAMES).meant(name) == meant


@pytest.mark.parametrize(
    "name",
    [
        "spend_2025",
        "spend_2023",
        "signups_1",
        "rate",
        "pr",
        "prize_money",
        "web_orders",
        "signups",
        "marketing",
        "zzzzz",
    ],
)
def test_another_word_is_another_name(name: str) -> None:
    assert Dictionary(NAMES).meant(name) in (None, name)


@pytest.mark.parametrize(
    ("left", "right", "steps"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("abc", "acb", 1), ("spend", "spent", 1), ("kitten", "sitting", 3)],
)
def test_the_distance_counts_letters(left: str, right: str, steps: int) -> None:
    assert distance(left, right) == distance(right, left) == steps
