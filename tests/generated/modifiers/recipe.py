"""How is one modifier written for a function? The shape of an entry in the table of recipes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.generated.functions import Draft
from tests.generated.values import Raw, spread, written


class Recipe(NamedTuple):
    """`write` gives the decorator's expression and says on the draft what becomes of its nodes.

    `fits`: is Hamilton likely to take it on this function? `weight`: how often it is drawn, against others.
    """

    write: Callable[[Draft], str]
    fits: Callable[[Draft], bool] = lambda draft: True
    weight: int = 4


def texts(draft: Draft, keywords: dict[str, Any]) -> dict[str, str]:
    """Keyword arguments for `called`, each value written in some way."""
    return spread(draft.writing, draft.module, keywords)


def text(draft: Draft, value: Any) -> str:
    """A value, written in some way."""
    return written(draft.writing, draft.module, value)


def call(draft: Draft, name: str, *arguments: str) -> Raw:
    """The call of something of Hamilton's, as part of an argument."""
    return Raw(f"{draft.hamilton(name)}({', '.join(arguments)})")


def target(draft: Draft) -> dict[str, Any]:
    """`target_=...`, now and then."""
    choice, names = draft.choice, list(draft.outputs) or [draft.name]
    if draft.writing.wrong("target that is not made", 6):
        return {"target_": choice.pick(("nowhere", ["nowhere"], names[0] + "_raw"))}
    form = choice.weighted([(70, "none"), (8, "name"), (8, "names"), (5, "..."), (4, "None")])
    if form == "none":
        return {}
    if form == "name":
        return {"target_": choice.pick(names)}
    return {"target_": choice.some(names, 1) if form == "names" else ... if form == "..." else None}
