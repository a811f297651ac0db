from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from dagcheck.source import history, listing
from dagcheck.source.listing import FileListing, list_files

IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")


def git(folder: Path, *arguments: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    command = ["git", *IDENTITY, "-C", str(folder), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def lay(root: Path, *paths: str, text: str = "x = 1\n") -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def repository(root: Path, *paths: str) -> Path:
    root.mkdir(exist_ok=True, parents=True)
    git(root, "init", "-q")
    lay(root, *paths)
    if paths:
        git(root, "add", "-f", *paths)
        git(root, "commit", "-qm", "x")
    return root


def names(root: Path, exclude: Sequence[str] = (), cache_dir: str | None = None) -> tuple[str, ...]:
    return list_files(str(root), exclude, cache_dir).files


# Without git


def test_a_walk_finds_python_files_and_nothing_else(tmp_path: Path) -> None:
    lay(tmp_path, "a.py", "pkg/b.py", "pkg/deep/c.py", "notes.txt", "stub.pyi", "py", "pkg/data.py.bak", "UPPER.PY")
    assert names(tmp_path) == ("a.py", "pkg/b.py", "pkg/deep/c.py")


def test_the_order_is_that_of_the_paths(tmp_path: Path) -> None:
    lay(tmp_path, "b.py", "a/z.py", "a.py", "a-b/x.py", "B.py")
    assert names(tmp_path) == tuple(sorted(["b.py", "a/z.py", "a.py", "a-b/x.py", "B.py"]))


def test_a_walk_passes_over_what_is_not_the_projects_own(tmp_path: Path) -> None:
    lay(tmp_path, "own.py", ".hidden/a.py", "pkg/__pycache__/b.py", "node_modules/c.py", "x.egg-info/d.py")
    lay(tmp_path, "build/lib/e.py", "dist/f.py", "lib/site-packages/g.py")
    assert names(tmp_path) == ("own.py",)


def test_near_misses_of_foreign_folders_are_the_projects_own(tmp_path: Path) -> None:
    own = lay(tmp_path, "builds/a.py", "distance/b.py", "pycache/c.py", "egg-info/d.py", "build.py", "dist.py")
    assert names(own) == ("build.py", "builds/a.py", "dist.py", "distance/b.py", "egg-info/d.py", "pycache/c.py")


def test_a_package_that_is_called_build_is_the_projects_own(tmp_path: Path) -> None:
    lay(tmp_path, "src/build/__init__.py", "src/build/steps.py", "build/lib/copy.py")
    assert names(tmp_path) == ("src/build/__init__.py", "src/build/steps.py")


@pytest.mark.parametrize("marker", ["pyvenv.cfg", "conda-meta/history"])
def test_a_virtual_environment_of_any_name_is_passed_over(tmp_path: Path, marker: str) -> None:
    lay(tmp_path, "env3/lib/python3.11/x.py", "env3/bin/activate_this.py", f"env3/{marker}", "environment/y.py")
    assert names(tmp_path) == ("environment/y.py",)


def test_excluded_folders_and_files_are_left_out(tmp_path: Path) -> None:
    lay(tmp_path, "a.py", "notebooks/b.py", "pkg/notebooks/c.py", "pkg/legacy/d.py", "pkg/e_old.py", "legacy/f.py")
    assert names(tmp_path, ["notebooks", "pkg/legacy", "*_old.py"]) == ("a.py", "legacy/f.py")


def test_a_folder_that_links_back_is_not_entered(tmp_path: Path) -> None:
    lay(tmp_path, "pkg/a.py")
    (tmp_path / "pkg" / "again").symlink_to(tmp_path)
    (tmp_path / "other").symlink_to(tmp_path / "pkg")
    assert names(tmp_path) == ("pkg/a.py",)


def test_a_link_to_a_listed_file_is_another_name_of_it(tmp_path: Path) -> None:
    lay(tmp_path, "common/shared.py")
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "shared.py").symlink_to("../common/shared.py")
    found = list_files(str(tmp_path))
    assert found.files == ("common/shared.py",)
    assert found.links == (("service/shared.py", "common/shared.py"),)


def test_links_to_a_file_from_elsewhere_are_listed_once(tmp_path: Path) -> None:
    outside = lay(tmp_path / "outside", "shared.py")
    project = lay(tmp_path / "project", "m.py")
    for name in ("b.py", "a.py"):
        (project / name).symlink_to(outside / "shared.py")
    found = list_files(str(project))
    assert found.files == ("a.py", "m.py")
    assert found.links == (("b.py", "a.py"),)


def test_links_that_lead_nowhere_or_to_folders_are_dropped(tmp_path: Path) -> None:
    lay(tmp_path, "pkg/a.py")
    (tmp_path / "gone.py").symlink_to("nothing.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "folder.py").symlink_to("pkg")
    assert names(tmp_path) == ("pkg/a.py",)


def test_a_folder_or_pipe_with_the_name_of_a_file_is_dropped(tmp_path: Path) -> None:
    lay(tmp_path, "folder.py/inner.py")
    os.mkfifo(tmp_path / "pipe.py")
    assert names(tmp_path) == ("folder.py/inner.py",)


def test_a_name_that_is_no_utf_8_is_left_out_with_a_note(tmp_path: Path) -> None:
    lay(tmp_path, "a.py")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py")).write_text("x = 1\n", encoding="utf-8")
    found = list_files(str(tmp_path))
    assert found.files == ("a.py",)
    assert found.notes == ("caf\\udce9.py: left out, its name is no UTF-8",)


def test_a_folder_that_cannot_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "a.py", "locked/b.py")
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names(tmp_path) == ("a.py",)


def test_too_many_files_are_refused_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MAXIMUM_FILES", 3)
    lay(tmp_path, "a.py", "b.py", "c.py")
    assert list_files(str(tmp_path)).refusal == ""
    lay(tmp_path, "d.py")
    refused = list_files(str(tmp_path))
    assert refused.files == ()
    assert "more than 3 Python files" in refused.refusal
    assert list_files(str(tmp_path), ["d.py"]).files == ("a.py", "b.py", "c.py")


def test_a_home_folder_is_not_searched_below_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    lay(tmp_path, "a.py", "projects/b.py")
    found = list_files(str(tmp_path))
    assert found.files == ("a.py",)
    assert "--project" in found.notes[0]
    assert names(tmp_path / "projects") == ("b.py",)


def test_a_home_folder_with_settings_is_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    lay(tmp_path, "a.py", "projects/b.py")
    (tmp_path / "dagcheck.toml").write_text("", encoding="utf-8")
    assert list_files(str(tmp_path)) == FileListing(("a.py", "projects/b.py"))


# With git


def test_git_gives_tracked_and_new_files_but_not_ignored_ones(tmp_path: Path) -> None:
    repository(tmp_path, "tracked.py", "forced.py", "pkg/deep/a.py")
    lay(tmp_path, "new.py", "ignored.py", "out/b.py")
    (tmp_path / ".gitignore").write_text("ignored.py\nforced.py\nout/\n", encoding="utf-8")
    assert names(tmp_path) == ("forced.py", "new.py", "pkg/deep/a.py", "tracked.py")


def test_deleted_files_are_dropped(tmp_path: Path) -> None:
    repository(tmp_path, "a.py", "b.py", "c.py")
    (tmp_path / "a.py").unlink()
    git(tmp_path, "rm", "-q", "b.py")
    assert names(tmp_path) == ("c.py",)


def test_a_file_in_conflict_is_listed_once(tmp_path: Path) -> None:
    repository(tmp_path, "a.py")
    git(tmp_path, "checkout", "-qb", "other")
    lay(tmp_path, "a.py", text="x = 2\n")
    git(tmp_path, "commit", "-qam", "other")
    git(tmp_path, "checkout", "-q", "-")
    lay(tmp_path, "a.py", text="x = 3\n")
    git(tmp_path, "commit", "-qam", "mine")
    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path, "merge", "other")
    assert names(tmp_path) == ("a.py",)


def test_a_folder_inside_a_work_tree_gets_paths_of_its_own(tmp_path: Path) -> None:
    repository(tmp_path, "a.py", "sub/b.py", "sub/deep/c.py")
    assert names(tmp_path / "sub") == ("b.py", "deep/c.py")


def test_untracked_files_follow_the_rules_of_a_walk_and_tracked_ones_are_kept(tmp_path: Path) -> None:
    repository(tmp_path, "build/tracked.py", ".github/scripts/tracked.py")
    lay(tmp_path, "build/untracked.py", ".hidden/untracked.py", "pkg.egg-info/untracked.py", "own.py")
    assert names(tmp_path) == (".github/scripts/tracked.py", "build/tracked.py", "own.py")


@pytest.mark.parametrize("marker", ["pyvenv.cfg", "conda-meta/history"])
def test_a_virtual_environment_is_passed_over_even_when_tracked(tmp_path: Path, marker: str) -> None:
    repository(tmp_path, "a.py", "env/lib/x.py", f"env/{marker}")
    lay(tmp_path, "env2/lib/python3.11/deep/y.py", f"env2/{marker}")
    assert names(tmp_path) == ("a.py",)


def test_excludes_hold_in_a_work_tree(tmp_path: Path) -> None:
    repository(tmp_path, "a.py", "notebooks/b.py", "pkg/notebooks/c.py")
    assert names(tmp_path, ["notebooks"]) == ("a.py",)


def test_unusual_names_come_through(tmp_path: Path) -> None:
    paths = ("with space.py", "tab\there.py", 'quo"te.py', "new\nline.py", "größe.py", "-c.py", "[x].py")
    repository(tmp_path, *(f"./{path}" for path in paths))
    assert names(tmp_path) == tuple(sorted(paths))


def test_a_nested_clone_is_not_part_of_the_project(tmp_path: Path) -> None:
    repository(tmp_path, "a.py")
    repository(tmp_path / "clone", "b.py")
    assert names(tmp_path) == ("a.py",)


def test_a_submodule_is_part_of_the_project(tmp_path: Path) -> None:
    library = repository(tmp_path / "library", "features.py", "pkg/more.py")
    project = repository(tmp_path / "project", "a.py")
    git(project, "submodule", "--quiet", "add", str(library), "vendor/library")
    lay(project, "vendor/library/new.py")
    expected = ("a.py", "vendor/library/features.py", "vendor/library/new.py", "vendor/library/pkg/more.py")
    assert names(project) == expected
    assert names(project, ["vendor/library/pkg"]) == expected[:3]
    assert names(project / "vendor") == tuple(path.removeprefix("vendor/") for path in expected[1:])


def test_a_submodule_that_is_not_checked_out_is_no_obstacle(tmp_path: Path) -> None:
    project = repository(tmp_path / "project", "a.py")
    (project / ".gitmodules").write_text('[submodule "x"]\n\tpath = gone\n\turl = nowhere\n', encoding="utf-8")
    assert names(project) == ("a.py",)


def test_a_list_of_submodules_cannot_lead_outside_or_around(tmp_path: Path) -> None:
    repository(tmp_path / "outside", "secret.py")
    project = repository(tmp_path / "project", "a.py")
    (project / "self").symlink_to(project)
    (project / "out").symlink_to(tmp_path / "outside")
    entries = "".join(
        f"\tpath = {path}\n" for path in ("../outside", str(tmp_path / "outside"), "self", "out", ".", "")
    )
    (project / ".gitmodules").write_text(f"[submodule]\n{entries}", encoding="utf-8")
    assert names(project) == ("a.py",)


def test_a_project_in_an_ignored_folder_of_a_larger_work_tree_is_walked(tmp_path: Path) -> None:
    repository(tmp_path, ".gitignore")
    (tmp_path / ".gitignore").write_text("*\n", encoding="utf-8")
    lay(tmp_path, "project/a.py")
    assert names(tmp_path / "project") == ("a.py",)


def test_a_repository_that_ignores_all_its_code_has_none(tmp_path: Path) -> None:
    repository(tmp_path, ".gitignore")
    (tmp_path / ".gitignore").write_text("*.py\n", encoding="utf-8")
    lay(tmp_path, "a.py")
    assert names(tmp_path) == ()


def test_a_link_in_a_work_tree_is_another_name_of_its_file(tmp_path: Path) -> None:
    repository(tmp_path, "real.py")
    (tmp_path / "link.py").symlink_to("real.py")
    git(tmp_path, "add", "link.py")
    found = list_files(str(tmp_path))
    assert (found.files, found.links) == (("real.py",), (("link.py", "real.py"),))


# When git fails or cannot be trusted


def test_without_git_the_work_tree_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, "a.py")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert names(tmp_path) == ("a.py",)


@pytest.mark.parametrize("content", [b"", b"gitdir: nowhere\n", b"\xff\xfe"])
def test_a_broken_repository_is_walked(tmp_path: Path, content: bytes) -> None:
    lay(tmp_path, "a.py")
    (tmp_path / ".git").write_bytes(content)
    assert names(tmp_path) == ("a.py",)


def test_a_git_that_refuses_dubious_ownership_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path / "project", "a.py", ".git/HEAD", "ignored.py")
    script = tmp_path / "bin" / "git"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\necho 'fatal: detected dubious ownership' >&2\nexit 128\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(script.parent))
    assert names(tmp_path / "project") == ("a.py", "ignored.py")


def test_a_git_that_lies_in_the_current_folder_is_never_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "a.py", ".git/HEAD")
    planted = tmp_path / "git"
    planted.write_text("#!/bin/sh\ntouch planted-ran\n", encoding="utf-8")
    planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", "bin"]))
    assert names(tmp_path) == ("a.py",)
    assert not (tmp_path / "planted-ran").exists()


def test_variables_of_a_running_hook_do_not_lead_git_astray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = repository(tmp_path / "other", "wrong.py")
    project = repository(tmp_path / "project", "right.py")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert names(project) == ("right.py",)


def marker_script(folder: Path) -> tuple[Path, Path]:
    """A program that leaves a mark when it runs, and where."""
    mark = folder / "mark"
    script = folder / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\necho\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script, mark


def test_no_program_that_the_repository_names_is_run(tmp_path: Path) -> None:
    script, mark = marker_script(tmp_path)
    project = repository(tmp_path / "project", "a.py")
    hook = project / ".git" / "hooks" / "post-index-change"
    shutil.copy(script, hook)
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "pager.ls-files", "core.askPass", "core.editor"):
        git(project, "config", key, str(script))
    for key in ("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.external", "core.gitProxy"):
        git(project, "config", key, str(script))
    git(project, "config", "core.untrackedCache", "true")
    (project / ".gitattributes").write_text("*.py filter=x\n", encoding="utf-8")
    lay(project, "a.py", text="x = 'changed'\n")
    mark.unlink(missing_ok=True)
    assert names(project) == ("a.py",)
    assert not mark.exists()


def test_the_file_system_monitor_of_the_test_above_would_have_run(tmp_path: Path) -> None:
    script, mark = marker_script(tmp_path)
    project = repository(tmp_path / "project", "a.py")
    git(project, "config", "core.fsmonitor", str(script))
    git(project, "ls-files", "-co")
    assert mark.exists()


def sparse_clone_without_a_tree(folder: Path, mark: Path) -> Path:
    """A partial clone that must fetch an object to list its files, by a transport that is a shell command."""
    source = repository(folder / "source", "a/f.py", "b/g.py")
    clone = folder / "clone"
    git(folder, "clone", "-q", "--no-checkout", source.as_uri(), str(clone))
    git(clone, "sparse-checkout", "set", "--cone", "--sparse-index", "a")
    git(clone, "checkout", "-q")
    tree = git(clone, "rev-parse", "HEAD:b").strip()
    packs = list((clone / ".git" / "objects" / "pack").glob("*.pack"))
    for pack in packs:
        moved = folder / pack.name
        pack.rename(moved)
        pack.with_suffix(".idx").unlink()
        with moved.open("rb") as content:
            subprocess.run(["git", "-C", str(clone), "unpack-objects", "-q"], stdin=content, check=True)
    (clone / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    settings: Mapping[str, str] = {
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::sh -c touch% {mark}",
        "protocol.ext.allow": "always",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
    }
    for key, value in settings.items():
        git(clone, "config", key, value)
    return clone


def test_nothing_is_fetched_for_a_partial_clone(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    clone = sparse_clone_without_a_tree(tmp_path, mark)
    assert names(clone) == ("a/f.py",)
    assert not mark.exists()
    git(clone, "-c", "safe.bareRepository=all", "ls-files", "-co")
    assert mark.exists(), "the attack does not work any more: this test proves nothing"


def test_a_bare_repository_planted_in_a_folder_is_not_used(tmp_path: Path) -> None:
    script, mark = marker_script(tmp_path)
    project = repository(tmp_path / "project", "a.py")
    planted = project / "pkg"
    planted.mkdir()
    git(planted, "init", "-q", "--bare", ".")
    git(planted, "--git-dir", ".", "config", "core.fsmonitor", str(script))
    git(planted, "--git-dir", ".", "config", "core.bare", "false")
    git(planted, "--git-dir", ".", "config", "core.worktree", str(planted))
    lay(planted, "b.py")
    assert names(planted) == ("b.py",)
    assert not mark.exists()


def test_git_is_asked_without_subprocess_where_the_system_can_spawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path, "a.py")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("subprocess was used"))
    assert history.list_work_tree(str(tmp_path), ("*.py",)) == [history.GitFile("a.py", tracked=True)]


def test_git_is_asked_through_subprocess_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, "a.py")
    monkeypatch.setattr(history, "CAN_SPAWN", False)
    assert history.list_work_tree(str(tmp_path), ("*.py",)) == [history.GitFile("a.py", tracked=True)]
    assert history.list_work_tree(str(tmp_path / "nowhere"), ("*.py",)) is None


# The cache


def test_a_tracked_cache_is_told(tmp_path: Path) -> None:
    repository(tmp_path, "a.py", ".dagcheck_cache/facts.sqlite")
    assert list_files(str(tmp_path), (), str(tmp_path / ".dagcheck_cache")).cache_is_tracked


def test_a_python_file_tracked_below_the_cache_is_told_too(tmp_path: Path) -> None:
    repository(tmp_path, "a.py", "cache/x.py")
    assert list_files(str(tmp_path), (), str(tmp_path / "cache")).cache_is_tracked


def test_an_untracked_cache_is_fine(tmp_path: Path) -> None:
    repository(tmp_path, "a.py", ".dagcheck_cache_of_mine/x.py")
    lay(tmp_path, ".dagcheck_cache/facts.sqlite")
    found = list_files(str(tmp_path), (), str(tmp_path / ".dagcheck_cache"))
    assert not found.cache_is_tracked
    assert found.files == (".dagcheck_cache_of_mine/x.py", "a.py")


def test_a_cache_outside_the_project_is_not_asked_about(tmp_path: Path) -> None:
    repository(tmp_path / "project", "a.py")
    found = list_files(str(tmp_path / "project"), (), str(tmp_path / "cache"))
    assert (found.files, found.cache_is_tracked) == (("a.py",), False)
