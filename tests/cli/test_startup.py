"""Does a clean check load only what it needs? Counts modules, measures no time: benchmarks/run.py does that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

QUICKSTART = Path(__file__).resolve().parents[2] / "fixtures" / "quickstart"
HEAVY = {"libcst", "networkx", "rich", "hamilton", "numpy", "pandas"}


def loaded(*arguments: str) -> list[str]:
    """The dotted names of all modules that a process of Python imports, in order."""
    command = [sys.executable, "-X", "importtime", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, cwd=QUICKSTART, check=True)
    lines = [line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if line.startswith("import time:")]
    assert lines[0] == "imported package"
    return lines[1:]


@pytest.mark.parametrize("options", [["--no-cache"], []], ids=["without a cache", "with a cache"])
def test_a_clean_check_loads_no_dependency_and_no_hamilton(options: list[str], tmp_path: Path) -> None:
    cache = [] if options else ["--cache-dir", str(tmp_path)]
    for _ in range(2):  # with a cache, the second run takes another path
        modules = loaded("-m", "dagcheck", "check", *options, *cache)
        assert "dagcheck.project" in modules
        assert {module.split(".")[0] for module in modules} & HEAVY == set()


def test_importing_the_package_imports_nothing_else() -> None:
    bare = set(loaded("-c", "pass"))
    assert set(loaded("-c", "import dagcheck")) - bare == {"dagcheck"}
