"""Is what was found of drivers, and kept, always what would be found from scratch? One edit after another, each held to a fresh run."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from tests.harness.analysis import run

FLOW = "def spend(raw: int) -> int:\n    return raw\n\n\ndef total(spend: int) -> int:\n    return spend\n"
FILES = {
    "flow.py": FLOW,
    "other.py": "def signups(raw: int) -> int:\n    return raw\n",
    "settings.py": "LIMIT = 1\nCONFIG = {'region': 'US', 'limit': LIMIT}\n\n\ndef unused(x):\n    return x\n",
    "support.py": (
        "from hamilton import driver\nfrom settings import CONFIG\n\n\n"
        "def build(*modules, **more):\n"
        "    return driver.Builder().with_modules(*modules).with_config({**CONFIG, **more}).build()\n"
    ),
    "conftest.py": (
        "import pytest\nimport flow\nfrom support import build\n\n\n@pytest.fixture\ndef dr():\n    return build(flow)\n"
    ),
    "test_a.py": (
        "import flow\nfrom support import build\n\n\n"
        "def test_fixture(dr):\n    dr.execute(['total'], inputs={'raw': 1})\n\n\n"
        "def test_own():\n    build(flow, key=1).execute(['spend'], inputs={'raw': 1})\n"
    ),
    "test_b.py": (
        "import flow\nimport other\nfrom hamilton import ad_hoc_utils, driver\n\n\n"
        "def test_both():\n    driver.Driver({}, flow, other).execute(['signups'], inputs={'raw': 1})\n\n\n"
        "def test_made():\n    def one(x: int) -> int:\n        return x\n\n"
        "    module = ad_hoc_utils.create_temporary_module(one)\n    driver.Driver({}, module).execute(['one'])\n"
    ),
    "run.py": (
        "import sys\nfrom hamilton import driver\nimport flow\nimport other\nfrom settings import unused\n\n\n"
        "def main(flag, modules=(flow,)):\n"
        "    dr = driver.Builder().with_modules(*([other] if flag else modules)).build()\n"
        "    return dr.execute(['total'], inputs={'raw': 'x'})\n\n\n"
        "if __name__ == '__main__':\n    unused(main(sys.argv))\n"
    ),
}
EDITS = [
    ("settings.py", "'US'", "'UK'"),
    ("settings.py", "LIMIT = 1", "LIMIT = 2"),
    ("settings.py", "    return x", "    y = x\n    return y"),
    ("settings.py", "def unused(x):", "def unused(x, y=1):"),
    ("flow.py", "    return raw", "    # so\n    return raw"),
    ("flow.py", "def total(", "def sum_of("),
    ("support.py", "{**CONFIG, **more}", "more"),
    ("support.py", "with_modules(*modules)", "with_modules(*modules[:1])"),
    ("conftest.py", "build(flow)", "build(flow, from_fixture=1)"),
    ("test_a.py", "['spend']", "['total', 'spent']"),
    ("test_b.py", "x: int", "x: str"),
    ("test_b.py", "    driver.Driver({}, flow, other)", "    # so\n    driver.Driver({}, flow, other)"),
    ("run.py", "[other]", "[other, flow]"),
    ("other.py", "def signups", "FLAG = 1\n\n\ndef signups"),
    ("conftest.py", "import pytest", "import pytest as pytest"),
]


def answers(folder: Path, *options: str) -> list[object]:
    listed = run(["dataflows", "--project", str(folder), "--format", "json", *options])
    checked = run(["check", "--project", str(folder), "--format", "json", *options])
    assert (listed.status, checked.status in {0, 1}) == (0, True), listed.stderr + checked.stderr
    return [json.loads(listed.stdout), json.loads(checked.stdout)]


@pytest.mark.parametrize("seed", range(3))
def test_every_edit_is_seen(tmp_path: Path, seed: int) -> None:
    """Edits come and go, so that old rows meet files that have changed and changed back."""
    random = Random(seed)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done: set[int] = set()
    for _ in range(18):
        number = random.randrange(len(EDITS))
        name, old, new = EDITS[number]
        if number in done:
            old, new = new, old
        text = (tmp_path / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        done ^= {number}
        assert answers(tmp_path) == answers(tmp_path, "--no-cache"), (number, name, old, new)


def test_files_that_come_and_go_are_seen(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = answers(tmp_path)
    (tmp_path / "conftest.py").unlink()
    without = answers(tmp_path)
    assert without == answers(tmp_path, "--no-cache") != before
    (tmp_path / "conftest.py").write_text(FILES["conftest.py"], encoding="utf-8")
    assert answers(tmp_path) == before


def test_only_what_an_edit_reaches_is_followed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagcheck.dataflows import passes

    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    followed: list[str] = []
    script = passes.Script  # type: ignore[attr-defined]

    def noting(world: object, path: str, scripts: object) -> object:
        followed.append(path)
        return script(world, path, scripts)  # type: ignore[arg-type]

    monkeypatch.setattr(passes, "Script", noting)
    answers(tmp_path)
    followed.clear()
    (tmp_path / "test_a.py").write_text(FILES["test_a.py"] + "# so\n", encoding="utf-8")
    run(["check", "--project", str(tmp_path)])
    assert followed == ["test_a.py", "test_b.py"]  # a module that is made at run time cannot be kept
    followed.clear()
    (tmp_path / "flow.py").write_text(FLOW.replace("return raw", "return raw + 1"), encoding="utf-8")
    run(["check", "--project", str(tmp_path)])
    assert followed == ["test_b.py"]
