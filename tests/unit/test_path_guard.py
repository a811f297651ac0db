"""Where do foreign entries of sys.path go?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagcheck.__main__ import without_foreign_first

CLONE = str(Path(__file__).resolve().parents[2])
LIBRARY = os.path.dirname(os.path.realpath(os.__file__))
PACKAGES = "/somewhere/lib/site-packages"


@pytest.mark.parametrize(
    ("path", "python_path", "current", "expected"),
    [
        pytest.param(
            ["/project", LIBRARY, PACKAGES], "", "/project", [LIBRARY, PACKAGES], id="current folder is dropped"
        ),
        pytest.param(["", LIBRARY, PACKAGES], "", "/project", [LIBRARY, PACKAGES], id="also as the empty entry"),
        pytest.param(
            [CLONE, LIBRARY, PACKAGES], "", CLONE, [LIBRARY, PACKAGES, CLONE], id="unless dagcheck came from there"
        ),
        pytest.param(
            ["/scripts", "/shared", LIBRARY, PACKAGES],
            "/shared",
            "/project",
            ["/scripts", LIBRARY, PACKAGES, "/shared"],
            id="PYTHONPATH goes last",
        ),
        pytest.param(
            ["/project/src", LIBRARY],
            os.pathsep.join(["src", "/gone"]),
            "/project",
            [LIBRARY],
            id="relative PYTHONPATH",
        ),
        pytest.param(
            [f"{CLONE}/dagcheck", LIBRARY, PACKAGES], "", "/project", [LIBRARY, PACKAGES], id="run by its file name"
        ),
        pytest.param(["/project", LIBRARY], LIBRARY, "/project", [LIBRARY], id="the standard library in PYTHONPATH"),
        pytest.param([LIBRARY, PACKAGES], "", "", [LIBRARY, PACKAGES], id="current folder is gone"),
        pytest.param(
            ["/project/.venv/lib/site-packages", LIBRARY],
            "",
            "/project",
            ["/project/.venv/lib/site-packages", LIBRARY],
            id="an environment inside the project is not the project",
        ),
    ],
)
def test_foreign_entries_come_last(path: list[str], python_path: str, current: str, expected: list[str]) -> None:
    assert without_foreign_first(path, python_path, current) == expected
