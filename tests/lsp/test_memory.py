"""Does the server need no more memory after a thousand edits than after a hundred?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.lsp.fuzz import FIXTURES, fuzz

KIB_PER_EDIT = 2.0
"""What the process may grow by; without a collector it was 160 in `training`, and 5 in `faults`, whose files are small."""


@pytest.mark.asyncio
@pytest.mark.parametrize("fixture", ["training", "faults"])
async def test_the_process_does_not_grow_with_edits(tmp_path: Path, fixture: str) -> None:
    shutil.copytree(FIXTURES / fixture, tmp_path / fixture)
    outcome = await fuzz(tmp_path / fixture, 1200, 3, every=60)
    assert outcome.growth < KIB_PER_EDIT, outcome.memory
