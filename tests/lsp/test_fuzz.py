"""A few hundred random edits in every run; `python -m tests.lsp.fuzz` has as many as one likes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lsp.fuzz import FIXTURES, fuzz


@pytest.mark.asyncio
@pytest.mark.parametrize(("fixture", "seed"), [("faults", 1), ("training", 2)])
async def test_random_edits(tmp_path: Path, fixture: str, seed: int) -> None:
    shutil.copytree(FIXTURES / fixture, tmp_path / fixture)
    outcome = await fuzz(tmp_path / fixture, 120, seed)
    assert outcome.answered == outcome.asked > 40
    assert outcome.pauses == 4
