"""Which modifiers are written? One entry for each; those that dagcheck does not work out are left out.

Adding a modifier is one function and one entry in a family's `RECIPES`.
"""

from __future__ import annotations

from dagcheck.nodes.modifiers.registry import STAGES, modifier
from tests.generated.functions import Draft
from tests.generated.modifiers import (
    checking,
    choosing,
    conditions,
    containing,
    expanding,
    marking,
    moving,
    piping,
    replacing,
    taking_apart,
)
from tests.generated.modifiers.recipe import Recipe

_FAMILIES = (
    conditions,
    expanding,
    taking_apart,
    checking,
    marking,
    moving,
    replacing,
    piping,
    containing,
    choosing,
)

RECIPES: dict[str, Recipe] = {
    name: recipe
    for family in _FAMILIES
    for name, recipe in family.RECIPES.items()
    if modifier(name).apply is not None or modifier(name).stage in ("resolve", "dynamic")
}


def decorate(draft: Draft) -> None:
    """Put a stack of modifiers on a function, in an order of its own."""
    choice = draft.choice
    many = choice.weighted([(24, 0), (40, 1), (22, 2), (10, 3), (4, 4)])
    chosen: list[str] = []
    for _ in range(many):
        name = _chosen(draft, chosen)
        if name:
            chosen.append(name)
    for name in sorted(chosen, key=lambda name: STAGES.index(modifier(name).stage)):
        write(draft, name)
    if choice.chance(60):
        draft.decorators = choice.shuffled(draft.decorators)


def write(draft: Draft, name: str) -> None:
    """Put one modifier on a function, above the others."""
    draft.decorators.append(RECIPES[name].write(draft))
    draft.uses.append(name)
    draft.writing.used.append(name)


def _chosen(draft: Draft, chosen: list[str]) -> str:
    """A modifier that fits, mostly; "" for none."""
    before, draft.uses = draft.uses, chosen
    anything = draft.writing.wrong("a modifier that does not fit", 6)
    fitting = [(recipe.weight, name) for name, recipe in RECIPES.items() if anything or recipe.fits(draft)]
    draft.uses = before
    return draft.choice.weighted(fitting) if fitting else ""
