"""`does`: another function's body stands in for an empty one."""

from __future__ import annotations

from tests.generated.functions import Draft
from tests.generated.modifiers.recipe import Recipe, texts
from tests.generated.values import called


def does(draft: Draft) -> str:
    """`does(function, its_name="your_name")`."""
    choice, writing = draft.choice, draft.writing
    draft.body = choice.pick(("pass", "...", "return None"))
    if writing.wrong("a body that is not empty"):
        draft.body = "return 2 if str() else 3"
    name = writing.fresh("_replacing")
    form = choice.pick(("**", "same", "mapped"))
    mapping = {}
    if form == "**":
        takes = "**given"
    elif form == "same":
        takes = ", ".join(draft.names)
    else:
        takes = ", ".join(f"of_{part}" for part in draft.names)
        mapping = {f"of_{part}": part for part in draft.names}
    if writing.wrong("a function that takes something else"):
        takes = "nothing_of_this"
    draft.module.add(f"def {name}({takes}):\n    return None")
    return called(draft.hamilton("does"), [name], texts(draft, mapping))


RECIPES: dict[str, Recipe] = {
    "does": Recipe(
        does, lambda draft: not any(part.prefix for part in draft.parameters) and not draft.is_async, weight=3
    ),
}
