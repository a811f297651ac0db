"""Does the commit hook work as people will use it? Real pre-commit, real git, a scratch repository.

pre-commit installs dagcheck from a clone into an environment of its own, so this needs the package index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULTY = '''\
"""Features."""

from hamilton.function_modifiers import tag


@tag(owner="growth")
def double(raw: int) -> int:
    return raw * 2


def half(double: str) -> float:
    return len(double) / 2
'''

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Repository:
    """A scratch git repository that knows nothing of the user's or the machine's settings."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        folder.mkdir(exist_ok=True)
        self.run("git", "init", "--quiet")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )

    def commit(self, **files: str) -> subprocess.CompletedProcess[str]:
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text, encoding="utf-8")
        self.run("git", "add", "--all")
        return self.run("git", "commit", "--message", "a commit")

    def revision(self) -> str:
        return self.run("git", "rev-parse", "--verify", "HEAD").stdout.strip()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON"))}
    return inherited | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Somebody",
        "GIT_AUTHOR_EMAIL": "somebody@example.org",
        "GIT_COMMITTER_NAME": "Somebody",
        "GIT_COMMITTER_EMAIL": "somebody@example.org",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
    }


@pytest.fixture
def hook(tmp_path: Path, environment: dict[str, str]) -> Repository:
    """dagcheck as it stands in the working tree, as a repository that pre-commit can clone."""
    repository = Repository(tmp_path / "hook", environment)
    wanted = ["dagcheck", "pyproject.toml", ".pre-commit-hooks.yaml", "README.md", "LICENSE", "CHANGELOG.md"]
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *wanted],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).exists():
            (repository.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, repository.folder / name)
    assert repository.commit().returncode == 0
    return repository


def test_a_commit_with_a_fault_is_refused_and_one_without_passes(
    hook: Repository, tmp_path: Path, environment: dict[str, str]
) -> None:
    project = Repository(tmp_path / "project", environment)
    (project.folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hook.folder}\n  rev: {hook.revision()}\n  hooks:\n  - id: dagcheck\n", encoding="utf-8"
    )
    installed = project.run(sys.executable, "-m", "pre_commit", "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr

    refused = project.commit(features=FAULTY)
    said = refused.stdout + refused.stderr
    assert refused.returncode == 1, said
    assert "type-mismatch" in said
    assert "features.py" in said
    assert project.revision() == ""

    passed = project.commit(features=FAULTY.replace("double: str", "double: int").replace("len(double)", "double"))
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout + passed.stderr
    assert project.revision() != ""

    (installed_command,) = (tmp_path / "pre-commit").glob("repo*/py_env-*/bin/dagcheck")
    page = project.run(str(installed_command), "rule", "type-mismatch")
    assert page.stdout.startswith("# type-mismatch"), page.stderr  # pages go along with the package
