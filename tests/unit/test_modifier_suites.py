"""Is every modifier shown in cases that Hamilton accepts, in cases that it rejects, and together with others?"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from dagcheck.nodes.modifiers.registry import MODIFIERS

SUITES = Path(__file__).parents[1] / "cases"
NEVER_ACCEPTED = {"dynamic_transform", "model"}
"""Hamilton 1.90 imports these and never builds them."""


@lru_cache(maxsize=1)
def cases() -> list[str]:
    """The code of every case."""
    texts = [path.read_text(encoding="utf-8") for path in SUITES.rglob("*.md")]
    sections = [part for text in texts for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]
    return ["\n".join(re.findall(r"```python\n(.*?)```", part, flags=re.DOTALL)) for part in sections]


def uses(name: str) -> list[str]:
    """The cases in which a modifier stands at a function."""
    last = re.escape(name.removesuffix(".*").rpartition(".")[2])
    whole = re.escape(name.partition(".")[0]) if name.startswith(("h_", "config", "schema")) else ""
    return [code for code in cases() if re.search(rf"@?(\w+\.)*{last}\b", code) and re.search(whole, code)]


@pytest.mark.parametrize("name", list(MODIFIERS))
def test_a_modifier_has_cases_of_every_sort(name: str) -> None:
    found = uses(name)
    rejected = [code for code in found if "# error: [" in code]
    stacked = [code for code in found if len(set(re.findall(r"^@([\w.]+)", code, flags=re.MULTILINE))) > 1]
    assert rejected
    assert stacked or name in NEVER_ACCEPTED
    assert len(found) > len(rejected) or name in NEVER_ACCEPTED
