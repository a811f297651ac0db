"""`check_output`: a value is checked before others read it."""

from __future__ import annotations

from typing import Any

from tests.generated.functions import Draft
from tests.generated.modifiers.recipe import Recipe, target, texts
from tests.generated.values import Raw, called

_NUMBERS = ("int", "float", "bool", "float64", "Real", "Level")
_CHECKS: dict[str, tuple[tuple[str, ...], Any]] = {
    "range": (("Series", *_NUMBERS), (0, 1)),
    "values_in": (("Series", "str", *_NUMBERS), [1, 2]),
    "data_type": (("Series", "str", *_NUMBERS), Raw("int")),
    "max_fraction_nans": (("Series",), 0.5),
    "allow_nans": (("Series",), False),
    "max_standard_dev": (("Series",), 1.0),
    "mean_in_range": (("Series",), (0, 1)),
    "contains": (("str",), "a"),
    "does_not_contain": (("str",), "b"),
}


def check_output(draft: Draft) -> str:
    """`check_output(range=(0, 1), importance="fail")`."""
    choice, writing = draft.choice, draft.writing
    head = draft.returns.head if draft.returns is not None else ""
    if writing.wrong("check for another type"):
        fitting = list(_CHECKS)
    else:
        fitting = [name for name, (heads, _) in _CHECKS.items() if head in heads]
    given: dict[str, Any] = {name: _CHECKS[name][1] for name in choice.some(fitting, 0, 2)}
    if choice.chance(30) or not given:
        given["allow_none"] = choice.chance(50)
    if choice.chance(40):
        given["importance"] = choice.pick(("warn", "fail"))
    if writing.wrong("unknown check"):
        given["rang"] = (0, 1)
    if writing.wrong("unknown importance"):
        given["importance"] = "high"
    for name in list(draft.outputs):
        draft.outputs[f"{name}_raw"] = draft.outputs[name]
    return called(draft.hamilton("check_output"), [], texts(draft, {**given, **target(draft)}))


RECIPES: dict[str, Recipe] = {
    "check_output": Recipe(check_output, lambda draft: "check_output" not in draft.uses, weight=6),
}
