"""Does `dagcheck impact --locks` read lock files at both revisions, and say what it makes of them?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.analysis import Answer, run_process
from tests.harness.repository import commit, git, make, put

SHOP = """\
import cv2
import dateutil.parser
import mystery
import numpy as np
import pandas as pd
import yaml

from rates import scaled


def prices(path: str) -> pd.Series:
    return pd.read_csv(path)["price"]


def total(prices: pd.Series) -> float:
    return float(prices.sum())


def picture(path: str) -> object:
    return cv2.imread(path)


def day(text: str) -> object:
    return dateutil.parser.parse(text)


def settings(text: str) -> object:
    return yaml.safe_load(text)


def strange(text: str) -> object:
    return mystery.solve(text)


def rate(units: int) -> float:
    return scaled(units)


def weight(units: int) -> float:
    return units * 0.2
"""
RATES = "import numpy\n\n\ndef scaled(value):\n    return numpy.log(value)\n"
SETTINGS = '[[dataflow]]\nname = "shop"\nmodules = ["shop"]\nfinal-vars = ["total"]\nowner = "growth"\n'
TEST = "from shop import rate\n\n\ndef test_rate():\n    assert rate(1) == 0\n"
PINS = {
    "numpy": "1.26.4", "pandas": "2.1.0", "opencv-python-headless": "4.9", "python-dateutil": "2.8", "PyYAML": "6.0",
    "tzdata": "2024a",
}  # fmt: skip


def requirements(**changed: str) -> str:
    pins = PINS | {name.replace("_", "-"): version for name, version in changed.items()}
    return "".join(f"{name}=={version}\n" for name, version in pins.items())


def project(**locks: str) -> dict[str, str]:
    files = {"dagcheck.toml": SETTINGS, "shop.py": SHOP, "rates.py": RATES, "tests/test_shop.py": TEST}
    return files | {name.replace("__", "/").replace("_txt", ".txt"): text for name, text in locks.items()}


def packages(**versions: str) -> str:
    rows = (PINS | versions).items()
    inner = {"pandas": 'dependencies = [{ name = "numpy" }, { name = "tzdata" }]\n'}
    return "version = 1\n" + "".join(
        f'[[package]]\nname = "{name}"\nversion = "{version}"\n{inner.get(name, "")}' for name, version in rows
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    make(folder)
    commit(folder, project(requirements_txt=requirements()), "first")
    return folder


def ask(folder: Path, *arguments: str) -> Answer:
    return run_process(["impact", "--no-cache", *arguments], folder)


def impact(folder: Path, *arguments: str) -> dict[str, Any]:
    answer = ask(folder, "--format", "json", "--locks", "direct", *arguments)
    assert answer.status == 0, answer.stderr
    document: dict[str, Any] = json.loads(answer.stdout)
    return document


def reasons(document: dict[str, Any]) -> dict[str, str]:
    return {change["node"]: change["reason"] for change in document["changes"]}


@pytest.mark.parametrize(
    ("pins", "node", "reason"),
    [
        ({"pandas": "2.2.0"}, "prices", "it uses pandas 2.1.0 -> 2.2.0 (requirements.txt)"),
        (
            {"opencv-python-headless": "4.10"},
            "picture",
            "it uses opencv-python-headless 4.9 -> 4.10 (requirements.txt)",
        ),
        ({"python-dateutil": "2.9"}, "day", "it uses python-dateutil 2.8 -> 2.9 (requirements.txt)"),
        ({"PyYAML": "6.1"}, "settings", "it uses pyyaml 6.0 -> 6.1 (requirements.txt)"),
        ({"numpy": "2.0"}, "rate", "it uses numpy 1.26.4 -> 2.0 (requirements.txt), by way of `rates.scaled`"),
    ],
)
def test_a_version_changes_the_nodes_that_use_it(
    repository: Path, pins: dict[str, str], node: str, reason: str
) -> None:
    put(repository, project(requirements_txt=requirements(**pins)))
    document = impact(repository)
    assert reasons(document) == {node: reason}
    change = document["changes"][0]
    assert (change["facets"], change["effect"], change["certainty"]) == (["helpers"], "behaviour", "certain")
    assert [row["nodes"] for row in document["versions"]] == [1]
    assert document["owners"] == ["growth"]
    assert document["tests"] == (["tests/test_shop.py::test_rate"] if node == "rate" else ["tests/test_shop.py"])
    assert [row["node"] for row in document["outputs"]] == (["total"] if node == "prices" else [])
    assert document["complete"]


def test_nobody_asked(repository: Path) -> None:
    put(repository, project(requirements_txt=requirements(pandas="2.2.0")))
    answer = ask(repository, "--format", "json")
    assert json.loads(answer.stdout)["changes"] == []
    assert answer.stderr == ""
    put(
        repository,
        {**project(requirements_txt=requirements(pandas="2.2.0")), "dagcheck.toml": f'locks = "direct"\n{SETTINGS}'},
    )
    assert reasons(json.loads(ask(repository, "--format", "json").stdout)).keys() == {"prices"}
    assert json.loads(ask(repository, "--format", "json", "--locks", "off").stdout)["changes"] == []


def test_every_format_says_it(repository: Path) -> None:
    put(repository, project(requirements_txt=requirements(pandas="2.2.0", tzdata="2025a", numpy="2.0|<b>*")))
    concise = ask(repository, "--locks", "direct", "--format", "concise").stdout
    assert "shop.py:11: behaviour[prices] modified: it uses pandas 2.1.0 -> 2.2.0 (requirements.txt)\n" in concise
    full = ask(repository, "--locks", "direct", "--format", "full").stdout
    assert "  pandas 2.1.0 -> 2.2.0 (requirements.txt)  used by 1 node\n" in full
    assert "  tzdata 2024a -> 2025a (requirements.txt)  no node is seen to use it\n" in full
    markdown = ask(repository, "--locks", "direct", "--format", "markdown").stdout
    assert "it uses pandas 2.1.0 -&#62; 2.2.0 (requirements.txt)" in markdown
    assert "<summary>Changed versions (3)</summary>" in markdown
    assert "<b>" not in markdown
    assert ask(repository, "--locks", "direct", "--format", "pytest").stdout == "tests/test_shop.py::test_rate\n"
    assert ask(repository, "--locks", "direct", "--fail-on-effect", "behaviour").status == 1


def test_what_belongs_to_no_known_distribution_is_told(repository: Path) -> None:
    """`mystery` may be in the distribution of which nothing is known; it cannot be in pandas."""
    commit(repository, project(requirements_txt=f"{requirements()}enigma==1\n"), "second")
    put(repository, project(requirements_txt=f"{requirements()}enigma==2\n"))
    document = impact(repository)
    assert document["changes"] == []
    assert not document["complete"]
    assert document["uncertain"] == [
        {
            "node": "strange",
            "dataflow": "shop",
            "reason": "it uses `mystery`, and to which of the locked distributions that belongs is not known",
        }
    ]


def test_the_environment_knows_what_is_in_a_distribution(repository: Path) -> None:
    records = {
        ".venv/pyvenv.cfg": "version = 3.12.1\n",
        ".venv/lib/python3.12/site-packages/enigma-1.dist-info/RECORD": "mystery/__init__.py,,\nenigma-1.dist-info/RECORD,,\n",
        ".venv/lib/python3.12/site-packages/other_one-1.dist-info/top_level.txt": "other\n",
        ".gitignore": ".venv\n",
    }
    files = project(requirements_txt=f"{requirements()}enigma==1\nother-one==1\n") | records
    commit(repository, files, "second")
    put(repository, files | {"requirements.txt": f"{requirements()}enigma==2\nother-one==1\n"})
    assert reasons(impact(repository)) == {"strange": "it uses enigma 1 -> 2 (requirements.txt)"}
    put(repository, files | {"requirements.txt": f"{requirements()}enigma==1\nother-one==2\n"})
    document = impact(repository)
    assert (document["changes"], document["uncertain"], document["complete"]) == ([], [], True)


def test_what_imports_require_counts_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    make(folder)
    commit(folder, project() | {"uv.lock": packages()}, "first")
    put(folder, project() | {"uv.lock": packages(tzdata="2025a")})
    assert impact(folder)["changes"] == []
    document = impact(folder, "--locks", "transitive")
    assert reasons(document) == {"prices": "it uses tzdata 2024a -> 2025a (uv.lock), by way of `pandas`"}
    assert document["changes"][0]["via"] == ["pandas", "tzdata"]
    assert [row["node"] for row in document["affected"]] == ["prices", "total"]


def test_a_file_that_does_not_record_requirements_is_told(repository: Path) -> None:
    put(repository, project(requirements_txt=requirements(tzdata="2025a")))
    answer = ask(repository, "--locks", "transitive")
    assert "requirements.txt does not record what requires what" in answer.stderr


def test_a_broken_file_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    make(folder)
    commit(folder, project() | {"uv.lock": packages()}, "first")
    put(folder, project() | {"uv.lock": packages(pandas="2.2.0") + "\n[[package\n"})
    answer = ask(folder, "--locks", "direct", "--format", "json")
    assert answer.status == 0
    assert answer.stderr.startswith("uv.lock at the working tree cannot be read, so its versions are not compared: ")
    document = json.loads(answer.stdout)
    assert (document["changes"], document["complete"]) == ([], False)
    assert document["remarks"] == answer.stderr.splitlines()
    markdown = ask(folder, "--locks", "direct", "--format", "markdown").stdout
    assert "- uv.lock at the working tree cannot be read, so its versions are not compared: " in markdown


def test_between_two_commits(repository: Path) -> None:
    commit(repository, project(requirements_txt=requirements(pandas="2.2.0")), "second")
    commit(repository, project(requirements_txt=requirements(pandas="2.3.0")), "third")
    put(repository, {})
    assert reasons(impact(repository, "--base", "HEAD~2", "--head", "HEAD~1")) == {
        "prices": "it uses pandas 2.1.0 -> 2.2.0 (requirements.txt)"
    }


def test_includes_and_links_are_followed(repository: Path) -> None:
    files = project() | {"requirements.txt": "-r requirements/../pins/all.txt\n", "pins/all.txt": requirements()}
    commit(repository, files, "second")
    put(repository, files | {"pins/all.txt": requirements(pandas="2.2.0")})
    assert reasons(impact(repository)) == {"prices": "it uses pandas 2.1.0 -> 2.2.0 (pins/all.txt)"}
    (repository / "requirements.txt").unlink()
    (repository / "requirements.txt").symlink_to("pins/all.txt")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "third")
    (repository / "pins/all.txt").write_text(requirements(pandas="2.4.0"))
    assert reasons(impact(repository)) == {"prices": "it uses pandas 2.2.0 -> 2.4.0 (requirements.txt)"}


def test_a_project_in_a_folder_has_the_lock_file_of_its_workspace(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    make(folder)
    inner = {f"members/shop/{name}": text for name, text in project().items()}
    commit(folder, inner | {"uv.lock": packages()}, "first")
    put(folder, inner | {"uv.lock": packages(pandas="2.2.0")})
    found = impact(folder / "members" / "shop")
    assert reasons(found) == {"prices": "it uses pandas 2.1.0 -> 2.2.0 (../../uv.lock)"}


def test_a_lock_file_that_leads_out_of_the_repository_is_not_read(repository: Path) -> None:
    (repository.parent / "outside.txt").write_text("pandas==9\n")
    put(repository, project(requirements_txt="-r ../outside.txt\n" + requirements()))
    answer = ask(repository, "--locks", "direct")
    assert "outside.txt" in answer.stderr
    assert "pandas 9" not in answer.stdout


def test_a_link_that_leads_out_of_the_repository_is_not_followed(repository: Path) -> None:
    (repository.parent / "secret.txt").write_text("the secret\n")
    (repository / "requirements.txt").unlink()
    (repository / "requirements.txt").symlink_to("../secret.txt")
    answer = ask(repository, "--locks", "direct")
    assert answer.stderr.startswith(
        "requirements.txt at the working tree cannot be read, so its versions are not compared"
    )
    assert "secret" not in answer.stdout + answer.stderr


def test_a_wrong_level_is_refused(repository: Path) -> None:
    answer = ask(repository, "--locks", "all")
    assert answer.status == 2
    assert "direct" in answer.stderr
    put(repository, project() | {"dagcheck.toml": 'locks = "all"\n'})
    answer = ask(repository)
    assert answer.stderr == "dagcheck: dagcheck.toml:1:1: `locks` must be one of off, direct, transitive, not `all`\n"
