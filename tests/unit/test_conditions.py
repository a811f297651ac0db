"""Is the algebra of conditions what brute force says, configuration by configuration?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagcheck.evaluation.boxes import Unhashable, hashable
from dagcheck.evaluation.conditions import (
    ALWAYS,
    MOST_BOXES,
    NEVER,
    Condition,
    both,
    either,
    holds,
    is_opaque,
    is_text,
    mentions,
    none_of,
    one_of,
    opaque,
    part_of,
    substituted,
    without,
)
from dagcheck.evaluation.witnesses import mentioned_witness, ordered, witness

Config = Mapping[str, Any]

KEYS = ("a", "b", "c")
MENTIONED: tuple[Any, ...] = (None, True, 1, 0, 2.0, "x", "xy", "", ["x"], ("x",), {"x": 1})
STRANGE: tuple[Any, ...] = ("strange", 99, "y", "yx")
TEXTS = ("xy", "yx")


class Formula(NamedTuple):
    """A condition made by the algebra, what it means by itself, and how it is written."""

    condition: Condition
    means: Callable[[Config], bool]
    text: str


def _atoms() -> st.SearchStrategy[Formula]:
    values = st.lists(st.sampled_from(MENTIONED), min_size=0, max_size=3)
    keys = st.sampled_from(KEYS)
    return st.one_of(
        st.builds(
            lambda key, members: Formula(
                one_of(key, members), lambda config: config.get(key) in members, f"{key} in {members}"
            ),
            keys,
            values,
        ),
        st.builds(
            lambda key, members: Formula(
                none_of(key, members), lambda config: config.get(key) not in members, f"{key} not in {members}"
            ),
            keys,
            values,
        ),
        st.builds(
            lambda key, text: Formula(
                part_of(key, text),
                lambda config: isinstance(config.get(key), str) and config[key] in text,
                f"{key} part of {text!r}",
            ),
            keys,
            st.sampled_from(TEXTS),
        ),
        st.builds(
            lambda key, wanted: Formula(
                is_text(key, wanted), lambda config: isinstance(config.get(key), str) == wanted, f"{key} text: {wanted}"
            ),
            keys,
            st.booleans(),
        ),
    )


def _combined(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    def combine(left: Formula, right: Formula, kind: str) -> Formula:
        made = {"and": both, "or": either, "without": without}[kind](left.condition, right.condition)
        assert made is not None, "three keys stay far below the limit"

        def means(config: Config) -> bool:
            one, other = left.means(config), right.means(config)
            return {"and": one and other, "or": one or other, "without": one and not other}[kind]

        return Formula(made, means, f"({left.text} {kind} {right.text})")

    return st.builds(combine, parts, parts, st.sampled_from(["and", "or", "without"]))


FORMULAS = st.recursive(_atoms(), _combined, max_leaves=8)


def configurations() -> Iterator[dict[str, Any]]:
    """Every key absent, or with one of the values."""
    rest = [value for value in (*MENTIONED, *STRANGE) if value is not None]
    for chosen in product([None, *rest], repeat=len(KEYS)):
        yield {key: value for key, value in zip(KEYS, chosen, strict=True) if value is not None}


ALL = list(configurations())


@settings(max_examples=150, deadline=None)
@given(FORMULAS)
def test_a_condition_holds_where_its_formula_does(formula: Formula) -> None:
    for config in ALL:
        assert holds(formula.condition, config) == formula.means(config), (formula.text, config)


@settings(max_examples=150, deadline=None)
@given(FORMULAS)
def test_only_what_holds_nowhere_is_never(formula: Formula) -> None:
    assert (formula.condition == NEVER) == (not any(map(formula.means, ALL))), formula.text


@settings(max_examples=150, deadline=None)
@given(FORMULAS)
def test_a_witness_fulfils_the_condition_with_the_fewest_keys(formula: Formula) -> None:
    found = witness(formula.condition, {key: ordered(values) for key, values in mentions(formula.condition).items()})
    if found is None:
        assert formula.condition == NEVER
        return
    smallest = {key: value.value if isinstance(value, Unhashable) else value for key, value in found.items()}
    assert formula.means(smallest), (formula.text, smallest)
    sizes = [len(config) for config in ALL if formula.means(config)]
    assert len(smallest) == min(sizes), (formula.text, smallest)


@settings(max_examples=150, deadline=None)
@given(FORMULAS, st.dictionaries(st.sampled_from(KEYS), st.sets(st.sampled_from(["x", "xy", 1, None])), min_size=3))
def test_a_witness_of_mentioned_values_has_no_others(formula: Formula, named: dict[str, set[Any]]) -> None:
    mentioned = {key: ordered(values) for key, values in named.items()}
    found = mentioned_witness(formula.condition, mentioned)
    if found is not None:
        assert formula.means(found), (formula.text, found)
        assert all(value in mentioned[key] for key, value in found.items())


@settings(max_examples=100, deadline=None)
@given(FORMULAS, st.sampled_from([value for value in MENTIONED if value is not None]))
def test_a_known_value_and_a_renamed_key_can_be_put_in(formula: Formula, value: Any) -> None:
    made = substituted(formula.condition, {"a": value}, {"b": "c"})
    for config in ALL:
        given_ = {"a": value, **({"b": config["c"], "c": config["c"]} if "c" in config else {})}
        assert holds(made, config) == formula.means(given_), (formula.text, config)


@settings(max_examples=100, deadline=None)
@given(FORMULAS, FORMULAS)
def test_what_is_cut_off_and_what_is_left_are_apart_and_add_up(left: Formula, right: Formula) -> None:
    inside, outside = both(left.condition, right.condition), without(left.condition, right.condition)
    assert inside is not None
    assert outside is not None
    assert both(inside, outside) == NEVER
    assert without(left.condition, inside) is not None
    for config in ALL[::7]:
        assert (holds(inside, config) or holds(outside, config)) == left.means(config)


def test_adjacent_variants_add_up_to_always() -> None:
    us, other = one_of("region", ["US"]), none_of("region", ["US"])
    assert either(us, other) == ALWAYS
    assert either(either(us, one_of("region", ["EU"])) or NEVER, none_of("region", ["US", "EU"])) == ALWAYS


def test_an_opaque_predicate_is_either_true_or_not() -> None:
    guess = opaque("flow.py:3")
    rest = without(ALWAYS, guess)
    assert rest is not None
    assert both(guess, rest) == NEVER
    assert either(guess, rest) == ALWAYS
    assert (holds(guess, {}), holds(rest, {}), is_opaque(rest)) == (None, None, True)


def test_an_opaque_predicate_does_not_hide_what_the_keys_decide() -> None:
    condition = both(opaque("flow.py:3"), one_of("region", ["US"]))
    assert condition is not None
    assert holds(condition, {"region": "EU"}) is False
    assert holds(condition, {"region": "US"}) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [([1], [True]), ([1.0], [1]), ({"a": [1], "b": 2}, {"b": 2, "a": [True]}), ({1, 2}, frozenset([2, 1]))],
)
def test_equal_values_without_a_hash_are_one_member(one: Any, other: Any) -> None:
    assert one == other
    assert hashable(one) == hashable(other)


def test_a_list_is_no_tuple() -> None:
    assert hashable([1]) == Unhashable("[1]")
    assert hashable([1]) != hashable((1,))


def test_nan_equals_nothing() -> None:
    assert one_of("rate", [float("nan")]) == NEVER
    assert none_of("rate", [float("nan")]) == ALWAYS


def test_fuel_ends_in_ignorance() -> None:
    condition = ALWAYS
    for number in range(MOST_BOXES):
        cut = both(one_of(f"a{number}", [1]), one_of(f"b{number}", [1]))
        assert cut is not None
        rest = without(condition, cut)
        if rest is None:
            return
        condition = rest
    pytest.fail("there are always more boxes")


def test_a_witness_prefers_what_is_mentioned_to_what_is_not() -> None:
    condition = none_of("region", [None, "US"])
    assert witness(condition, {"region": ordered(["US", "EU"])}) == {"region": "EU"}
    assert witness(condition, {"region": ordered(["US"])}) == {"region": "other"}


def test_a_witness_of_a_substring_is_the_whole_string_unless_a_part_is_mentioned() -> None:
    assert witness(part_of("region", "US,EU")) == {"region": "US,EU"}
    assert witness(part_of("region", "US,EU"), {"region": ordered(["US,EU", "EU"])}) == {"region": "EU"}


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [([None, "US"], "other"), ([None, True], False), ([None, 0, 1], 2), ([None, True, False], 2)],
)
def test_another_value_is_of_the_kind_of_those_it_must_not_be(excluded: list[Any], expected: Any) -> None:
    assert witness(none_of("key", excluded)) == {"key": expected}
