"""Does the README tell the truth?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from dagcheck.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str) -> list[str]:
    """The contents of the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_two_commands_are_one_line_each() -> None:
    section = README.split("\n## Two commands\n")[1].split("\n## ")[0]
    commands = blocks("sh", section)
    assert [command.count("\n") for command in commands] == [1, 1]
    assert "dagcheck check --exit-zero fixtures/faults" in commands[0]
    assert commands[1].rstrip().rpartition("&& ")[2].startswith(".venv/bin/pytest")


def test_the_sample_is_what_the_command_prints(tmp_path: Path) -> None:
    (sample,) = blocks("text", README)
    command = [
        sys.executable,
        "-m",
        "dagcheck",
        "check",
        "fixtures/faults",
        "--format",
        "full",
        "--cache-dir",
        str(tmp_path),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    findings = {finding.strip() for finding in re.split(r"\n\n(?=\w+\[)", run.stdout)}
    shown = [finding.strip() for finding in re.split(r"\n\n(?=\w+\[)", sample)]
    assert shown
    assert [finding for finding in shown if finding not in findings] == []
    assert f"{['one', 'two', 'three', 'four'][len(shown) - 1]} of the {number(len(findings))} findings" in README


def number(count: int) -> str:
    return {10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen"}.get(count, str(count))


def test_every_command_is_shown_in_use() -> None:
    usage = README.split("\n## Use\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\$ dagcheck (\w+)", usage, re.MULTILINE)) == COMMANDS.keys()
