"""Are the lines of docs/editors.md that no test can run in their editor at least what that editor reads?"""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "editors.md").read_text(encoding="utf-8")


def block(heading: str, language: str) -> str:
    """The first block of code below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


def test_settings_of_the_client_for_vs_code() -> None:
    settings = json.loads(block("VS Code", "json"))
    assert settings == {
        "glspc.server.languageId": ["python"],
        "glspc.server.command": "dagcheck",
        "glspc.server.commandArguments": ["server"],
    }


def test_languages_of_helix() -> None:
    reader = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    languages = reader.loads(block("Helix", "toml"))
    assert languages["language-server"]["dagcheck"] == {"command": "dagcheck", "args": ["server"]}
    (python,) = languages["language"]
    assert python["name"] == "python"
    assert "dagcheck" in python["language-servers"]
