"""Is what the package promises there?"""

from __future__ import annotations

from pathlib import Path

import pytest

import dagcheck

QUICKSTART = Path(__file__).resolve().parents[2] / "fixtures" / "quickstart"


@pytest.mark.parametrize("name", dagcheck.__all__)
def test_a_public_name_is_there_and_listed(name: str) -> None:
    assert getattr(dagcheck, name) is not None
    assert name in dir(dagcheck)


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="module 'dagcheck' has no attribute 'chekc'"):
        dagcheck.chekc  # noqa: B018


def test_a_project_can_be_checked_from_python() -> None:
    result = dagcheck.check(dagcheck.Options(project=str(QUICKSTART), use_cache=False))
    assert (result.diagnostics, result.summary.nodes) == ((), 10)
