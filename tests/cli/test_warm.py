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


def test_a_helper_that_goes_back_to_what_it_was_is_seen(tmp_path: Path) -> None:
    """What was worked out for another text of an imported file does not hold, though that file's own text is known again."""
    dataflow = (
        "from hamilton.function_modifiers import tag\nfrom kinds import Model\n\n\n"
        "@tag(a='b')\ndef made(x: int) -> Model:\n    return Model()\n\n\ndef used(made: int) -> int:\n    return 1\n"
    )
    texts = ["class Model:\n    x = 1\n", "class Other:\n    x = 1\n"]
    (tmp_path / "flow.py").write_text(dataflow, encoding="utf-8")
    told = []
    for number, text in enumerate([texts[0], texts[1], texts[0], texts[1], texts[0]]):
        (tmp_path / "kinds.py").write_text(text, encoding="utf-8")
        (tmp_path / "other.py").write_text(f"X = {number}\n", encoding="utf-8")  # so that no run is remembered
        told.append(run(["check", "--project", str(tmp_path), "--format", "concise"])[1].count("type-mismatch"))
    assert told == [1, 0, 1, 0, 1]


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
