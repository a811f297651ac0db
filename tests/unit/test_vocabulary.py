"""Is the list of what Hamilton exports the list of what it exports?"""

from __future__ import annotations

import hamilton.function_modifiers
import pytest

from dagcheck.names.modifier_names import MODULE
from dagcheck.nodes.vocabulary import EXPORTED, misspelling


def test_the_names_are_those_of_the_installed_hamilton() -> None:
    public = {name for name in dir(hamilton.function_modifiers) if not name.startswith("__")}
    assert set(EXPORTED[""]) == public


@pytest.mark.parametrize("owner", [owner for owner in EXPORTED if owner])
def test_what_is_looked_up_in_a_modifier_is_there(owner: str) -> None:
    found = getattr(hamilton.function_modifiers, owner)
    assert all(hasattr(found, name) for name in EXPORTED[owner])


@pytest.mark.parametrize(
    ("dotted", "meant"),
    [
        (f"{MODULE}.extract_column", "extract_columns"),
        (f"{MODULE}.config.whne", "when"),
        (f"{MODULE}.extract_columns", None),
        (f"{MODULE}.config.when", None),
        (f"{MODULE}.macros.pipe_input", None),
        (f"{MODULE}.telescope", None),
        ("hamilton.plugins.h_spark.with_columns", None),
    ],
)
def test_only_what_is_near_a_name_is_a_misspelling(dotted: str, meant: str | None) -> None:
    found = misspelling(dotted)
    assert (found and found.meant) == meant
