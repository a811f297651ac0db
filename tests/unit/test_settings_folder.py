from __future__ import annotations

from pathlib import Path

import pytest

from dagcheck.settings import Options, UsageError
from dagcheck.settings.folder import find_project, is_too_broad, mentions_settings, settings_file


def lay(root: Path, *paths: str) -> Path:
    for path in paths:
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text("[tool.dagcheck]\n" if full.name == "pyproject.toml" else "", encoding="utf-8")
    return root


def found(root: Path, *paths: str, cwd: str = "", project: str | None = None) -> str:
    folder = find_project(Options(project=project, paths=paths), str(root / cwd))
    return Path(folder).relative_to(root).as_posix()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.mark.parametrize("name", ["dagcheck.toml", "pyproject.toml"])
def test_the_nearest_folder_with_settings_wins_over_a_nearer_repository(tmp_path: Path, name: str) -> None:
    lay(tmp_path, f"a/{name}", "a/b/.git/HEAD", "a/b/c/m.py")
    assert found(tmp_path, cwd="a/b/c") == "a"


def test_of_two_folders_with_settings_the_nearer_wins(tmp_path: Path) -> None:
    lay(tmp_path, "dagcheck.toml", "a/b/pyproject.toml", "a/b/c/m.py")
    assert found(tmp_path, cwd="a/b/c") == "a/b"


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    lay(tmp_path, "dagcheck.toml", "a/pyproject.toml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    assert found(tmp_path, cwd="a") == "."


def test_without_settings_the_nearest_repository_is_the_project(tmp_path: Path) -> None:
    lay(tmp_path, ".git/HEAD", "a/.git", "a/b/m.py")
    assert found(tmp_path, cwd="a/b") == "a"


def test_without_either_the_current_folder_is_the_project(tmp_path: Path) -> None:
    lay(tmp_path, "a/b/m.py")
    assert found(tmp_path, cwd="a") == "a"
    assert found(tmp_path, "b/m.py", cwd="a") == "a"


def test_the_search_starts_at_what_the_paths_have_in_common(tmp_path: Path) -> None:
    lay(tmp_path, "dagcheck.toml", "a/dagcheck.toml", "a/x/m.py", "a/y/n.py", "b/dagcheck.toml", "b/o.py")
    assert found(tmp_path, "a/x/m.py", "a/y") == "a"
    assert found(tmp_path, "b/o.py") == "b"
    assert found(tmp_path, "a/x", "b") == "."


def test_a_path_outside_the_current_folder_is_its_own_project(tmp_path: Path) -> None:
    lay(tmp_path, "here/a.py", "there/b.py", "hereafter/c.py")
    assert found(tmp_path, "../there/b.py", cwd="here") == "there"
    assert found(tmp_path, "../hereafter", cwd="here") == "hereafter"


def test_the_home_folder_is_no_project_even_when_git_keeps_it(home: Path) -> None:
    lay(home, ".git/HEAD", "work/m.py")
    assert find_project(Options(paths=("work/m.py",)), str(home)) == str(home / "work")
    assert find_project(Options(), str(home / "work")) == str(home / "work")


def test_the_home_folder_is_a_project_when_it_holds_settings(home: Path) -> None:
    lay(home, "dagcheck.toml", "work/m.py")
    assert find_project(Options(), str(home / "work")) == str(home)


def test_the_root_of_a_file_system_is_no_project(tmp_path: Path) -> None:
    lay(tmp_path, "work/m.py")
    assert find_project(Options(paths=(str(tmp_path / "work"),)), "/") == str(tmp_path / "work")
    assert is_too_broad("/")


def test_a_named_project_wins_over_everything(tmp_path: Path) -> None:
    lay(tmp_path, "dagcheck.toml", "a/.git/HEAD", "a/b/m.py")
    assert found(tmp_path, project="a/b") == "a/b"
    assert found(tmp_path, "b/m.py", cwd="a", project="b") == "a/b"


def test_a_named_project_must_exist_and_be_a_folder(tmp_path: Path) -> None:
    lay(tmp_path, "a.py")
    for project in ("gone", "a.py"):
        with pytest.raises(UsageError, match=f"--project {project}: no such folder"):
            found(tmp_path, project=project)


def test_paths_outside_a_named_project_are_refused(tmp_path: Path) -> None:
    lay(tmp_path, "a/m.py", "ab/n.py")
    with pytest.raises(UsageError) as caught:
        found(tmp_path, "a/m.py", "ab/n.py", project="a")
    assert caught.value.messages == ("ab/n.py is outside the project a",)


def test_all_missing_paths_are_told_at_once(tmp_path: Path) -> None:
    lay(tmp_path, "a.py")
    with pytest.raises(UsageError) as caught:
        found(tmp_path, "a.py", "b.py", "c")
    assert caught.value.messages == ("no such file or folder: b.py", "no such file or folder: c")


def test_a_file_of_settings_of_our_own_wins_over_pyproject(tmp_path: Path) -> None:
    lay(tmp_path, "dagcheck.toml", "pyproject.toml", "other/pyproject.toml", "empty/m.py")
    assert settings_file(str(tmp_path)) == "dagcheck.toml"
    assert settings_file(str(tmp_path / "other")) == "pyproject.toml"
    assert settings_file(str(tmp_path / "empty")) is None


@pytest.mark.parametrize(
    ("content", "mentioned"),
    [
        (b"[tool.dagcheck]\n", True),
        (b"x = 1\r\n  [tool.dagcheck]  # ours\r\n", True),
        (b"[tool.dagcheck.per-file-ignores]\n", True),
        (b"[[tool.dagcheck.dataflow]]\n", True),
        (b"[tool.dagcheck-other]\n", False),
        (b"# [tool.dagcheck]\n", False),
        (b'x = "[tool.dagcheck]"\n', False),
        (b"[tool.ruff]\n", False),
        (b"", False),
    ],
)
def test_our_table_is_told_from_near_misses(content: bytes, mentioned: bool) -> None:
    assert mentions_settings(content) == mentioned
