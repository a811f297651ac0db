"""Does a run that finds everything in its cache say what the first one said?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.analysis import run

BROKEN = "def spend(path: str) -> int\n    return 1\n"
READER = "import rates\n\n\ndef total(spend: int) -> int:\n    return spend * rates.TAX\n"


@pytest.mark.parametrize("options", [[], ["--module", "total", "--module", "spend"]])
def test_a_file_that_does_not_parse_is_told_again(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"spend.py": BROKEN, "total.py": READER, "rates.py": "TAX = 2\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    first = run(["check", "--project", str(tmp_path), *options])
    assert first[0] == 1
    assert "3 files" in first[2]
    assert [run(["check", "--project", str(tmp_path), *options]) for _ in range(2)] == [first, first]


def test_a_file_whose_import_broke_and_came_back_is_judged_anew(tmp_path: Path) -> None:
    inner = "def text_length(text: str) -> int:\n    return len(text)\n"
    outer = (
        "import inner\nfrom hamilton.function_modifiers import source, subdag\n\n\n"
        '@subdag(inner, inputs={"text": source("title")})\ndef graded(text_length: int) -> int:\n    return text_length\n'
    )
    (tmp_path / "outer.py").write_text(outer, encoding="utf-8")
    answers = []
    for text in (inner, "def broken(\n", inner + "\n", "def broken(\n", inner):
        (tmp_path / "inner.py").write_text(text, encoding="utf-8")
        answers.append(run(["graph", "--project", str(tmp_path), "--format", "json"]))
        assert answers[-1] == run(["graph", "--project", str(tmp_path), "--format", "json", "--no-cache"])
    assert answers[0] == answers[4] != answers[3]
