"""Does `dagcheck impact` compare the right revisions, whatever state a repository is in, and say what to do where it cannot?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.analysis import Answer, run_process
from tests.harness.repository import commit, git, make, put

PRICE = "def price(cost: float) -> float:\n    return cost * {rate}\n\n\ndef label(price: float) -> str:\n    return str(price)\n"


def shop(rate: float = 1.5, **more: str) -> dict[str, str]:
    """A project of one dataflow."""
    settings = '[[dataflow]]\nname = "shop"\nmodules = ["shop"]\nfinal-vars = ["label"]\n'
    return {"dagcheck.toml": settings, "shop.py": PRICE.format(rate=rate), **more}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit of a project, on the branch main."""
    folder = tmp_path / "repository"
    make(folder)
    commit(folder, shop(), "first")
    return folder


def impact(folder: Path, *arguments: str) -> dict[str, Any]:
    answer = ask(folder, "--format", "json", *arguments)
    assert answer.status == 0, answer.stderr
    document: dict[str, Any] = json.loads(answer.stdout)
    return document


def ask(folder: Path, *arguments: str) -> Answer:
    return run_process(["impact", "--no-cache", *arguments], folder)


def changed(document: dict[str, Any]) -> list[str]:
    return [change["node"] for change in document["changes"]]


def refusal(folder: Path, *arguments: str) -> str:
    answer = ask(folder, *arguments)
    assert (answer.status, answer.stdout) == (2, "")
    return answer.stderr


class TestWhichRevisions:
    def test_the_working_tree_is_compared_with_the_last_commit_on_the_only_branch(self, repository: Path) -> None:
        put(repository, shop(1.6))
        document = impact(repository)
        assert changed(document) == ["price"]
        assert document["base"] == git(repository, "rev-parse", "HEAD")
        assert document["head"] == "working-tree"
        assert [row["node"] for row in document["outputs"]] == ["label"]

    def test_staged_and_untracked_files_count_and_ignored_ones_do_not(self, repository: Path) -> None:
        settings = shop()["dagcheck.toml"].replace('["shop"]', '["shop", "more*"]')
        files = shop(
            1.6, **{"more.py": "def tax(price: float) -> float:\n    return price\n", "more_ignored.py": "A = 1\n"}
        )
        put(repository, {**files, "dagcheck.toml": settings, ".gitignore": "more_ignored.py\n"})
        git(repository, "add", "shop.py")
        assert changed(impact(repository)) == ["price", "tax"]

    def test_two_revisions_may_be_named_in_any_way(self, repository: Path) -> None:
        commit(repository, shop(1.6), "second")
        commit(
            repository, shop(1.6) | {"shop.py": PRICE.format(rate=1.6).replace("str(price)", "repr(price)")}, "third"
        )
        assert changed(impact(repository, "--base", "HEAD~2", "--head", "HEAD~1")) == ["price"]
        assert changed(impact(repository, "--base", "HEAD~1", "--head", "main")) == ["label"]
        first = git(repository, "rev-parse", "--short", "HEAD~2")
        assert changed(impact(repository, "--base", first)) == ["label", "price"]

    def test_a_branch_is_compared_with_where_it_began(self, repository: Path) -> None:
        git(repository, "checkout", "--quiet", "-b", "work")
        commit(repository, shop(1.6), "on the branch")
        git(repository, "checkout", "--quiet", "main")
        commit(repository, shop() | {"shop.py": PRICE.format(rate=1.5).replace("str", "repr")}, "meanwhile")
        git(repository, "checkout", "--quiet", "work")
        document = impact(repository)
        assert changed(document) == ["price"]
        assert document["base"] == git(repository, "merge-base", "main", "work")

    def test_the_branch_that_the_upstream_goes_to_wins(self, repository: Path, tmp_path: Path) -> None:
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", str(repository), str(clone))
        git(clone, "checkout", "--quiet", "-b", "work", "origin/main")
        commit(clone, shop(1.6), "on the branch")
        git(clone, "push", "--quiet", "--set-upstream", "origin", "work")
        assert changed(impact(clone)) == ["price"]

    def test_a_detached_head_is_compared_with_the_default_branch(self, repository: Path, tmp_path: Path) -> None:
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", str(repository), str(clone))
        git(clone, "checkout", "--quiet", "--detach")
        commit(clone, shop(1.6), "on no branch")
        assert changed(impact(clone)) == ["price"]

    def test_a_worktree_has_its_own_head(self, repository: Path, tmp_path: Path) -> None:
        place = tmp_path / "worktree"
        git(repository, "worktree", "add", "--quiet", "-b", "work", str(place))
        put(place, {**shop(1.6), ".git": (place / ".git").read_text()})
        assert changed(impact(place)) == ["price"]
        assert changed(impact(repository)) == []

    def test_a_project_may_be_a_folder_of_the_repository(self, repository: Path) -> None:
        commit(repository, {f"inner/{name}": text for name, text in shop().items()}, "moved")
        put(repository, {f"inner/{name}": text for name, text in shop(1.6).items()})
        document = impact(repository / "inner")
        assert changed(document) == ["price"]
        assert document["changes"][0]["path"] == "shop.py"

    def test_a_renamed_file_is_no_change_of_behaviour(self, repository: Path) -> None:
        files = shop()
        put(
            repository,
            {"dagcheck.toml": files["dagcheck.toml"].replace('["shop"]', '["store"]'), "store.py": files["shop.py"]},
        )
        document = impact(repository)
        assert {change["kind"] for change in document["changes"]} == {"moved"}
        assert document["affected"] == []

    def test_settings_are_those_of_each_revision(self, repository: Path) -> None:
        put(repository, {**shop(1.6), "dagcheck.toml": "", "pyproject.toml": "[tool.other]\n"})
        assert changed(impact(repository, "--module", "shop")) == ["price"]


class TestSubmodules:
    @pytest.fixture
    def outer(self, repository: Path, tmp_path: Path) -> Path:
        library = tmp_path / "library"
        make(library)
        commit(library, {"rates.py": "RATE = 1.5\n"}, "first")
        git(repository, "submodule", "--quiet", "add", str(library), "library")
        text = "from library.rates import RATE\n\n\ndef price(cost: float) -> float:\n    return cost * RATE\n"
        (repository / "shop.py").write_text(text)
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", "with a library")
        return repository

    def test_a_submodule_is_read_at_the_commit_that_the_revision_names(self, outer: Path) -> None:
        (outer / "library" / "rates.py").write_text("RATE = 1.6\n")
        document = impact(outer)
        assert [change["via"] for change in document["changes"]] == [["library.rates.RATE"]]
        git(outer / "library", "commit", "--quiet", "--all", "--message", "second")
        git(outer, "commit", "--quiet", "--all", "--message", "newer library")
        assert changed(impact(outer, "--base", "HEAD~1", "--head", "HEAD")) == ["price"]
        assert changed(impact(outer, "--base", "HEAD")) == []

    def test_a_commit_that_the_submodule_lacks_is_named_with_the_command_that_gets_it(self, outer: Path) -> None:
        git(outer, "update-index", "--cacheinfo", f"160000,{'1' * 40},library")
        git(outer, "commit", "--quiet", "--message", "a commit that nobody has")
        message = refusal(outer, "--base", "HEAD")
        assert "`library` is a submodule at commit 111111111111, which its clone lacks" in message
        assert f"git -C {outer}/library fetch origin {'1' * 40}" in message


class TestRefusals:
    def test_outside_a_repository(self, tmp_path: Path) -> None:
        (tmp_path / "shop.py").write_text(PRICE.format(rate=1))
        assert "is in no git repository, so there are no revisions to compare" in refusal(tmp_path)

    def test_before_the_first_commit(self, tmp_path: Path) -> None:
        make(tmp_path)
        put(tmp_path, shop())
        assert "there is no commit yet to compare with" in refusal(tmp_path)

    @pytest.mark.parametrize("revision", ["", "-x", "--upload-pack=touch attacked"])
    def test_what_is_no_revision(self, repository: Path, revision: str) -> None:
        assert "is no revision" in refusal(repository, f"--base={revision}")

    def test_an_unknown_revision(self, repository: Path) -> None:
        assert "there is no commit `nowhere` here" in refusal(repository, "--base", "nowhere")
        assert "there is no commit `nowhere` here" in refusal(repository, "--head", "nowhere")

    def test_a_branch_that_was_not_fetched(self, repository: Path, tmp_path: Path) -> None:
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", str(repository), str(clone))
        git(repository, "branch", "other")
        message = refusal(clone, "--base", "origin/other")
        assert "git fetch origin other:refs/remotes/origin/other" in message
        git(clone, "fetch", "origin", "other:refs/remotes/origin/other")
        assert changed(impact(clone, "--base", "origin/other")) == []
        assert "did you mean `origin/other`?" in refusal(clone, "--base", "other")

    def test_a_shallow_clone_that_does_not_reach_back(self, repository: Path, tmp_path: Path) -> None:
        git(repository, "checkout", "--quiet", "-b", "work")
        for rate in (1.6, 1.7):
            commit(repository, shop(rate), f"rate {rate}")
        git(repository, "checkout", "--quiet", "main")
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "work", f"file://{repository}", str(clone))
        git(clone, "fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main")
        message = refusal(clone)
        assert "this shallow clone does not reach back to where `origin/main` and `HEAD` part" in message
        assert "git fetch --unshallow" in message
        assert changed(impact(clone, "--base", "origin/main")) == ["price"]
        git(clone, "fetch", "--quiet", "--unshallow")
        assert changed(impact(clone)) == ["price"]

    def test_a_shallow_clone_of_one_branch_is_no_reason_to_say_that_nothing_changed(
        self, repository: Path, tmp_path: Path
    ) -> None:
        git(repository, "checkout", "--quiet", "-b", "work")
        commit(repository, shop(1.6), "on the branch")
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "work", f"file://{repository}", str(clone))
        git(clone, "remote", "set-head", "origin", "--delete")
        message = refusal(clone)
        assert "this shallow clone does not have the branch that the work goes to" in message
        git(clone, "checkout", "--quiet", "--detach")
        assert refusal(clone) == message
        command = "git fetch --unshallow origin main:refs/remotes/origin/main"
        assert command in refusal(clone, "--base", "main")
        git(clone, "fetch", "--quiet", "--unshallow", "origin", "main:refs/remotes/origin/main")
        assert "did you mean `origin/main`?" in refusal(clone, "--base", "main")
        assert changed(impact(clone)) == ["price"]

    def test_a_clone_that_does_not_know_the_default_branch_says_so(self, repository: Path, tmp_path: Path) -> None:
        git(repository, "checkout", "--quiet", "-b", "work")
        commit(repository, shop(1.6), "on the branch")
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", "--single-branch", "--branch", "work", str(repository), str(clone))
        git(clone, "remote", "set-head", "origin", "--delete")
        answer = ask(clone)
        assert (answer.status, answer.stdout) == (0, "")
        assert answer.stderr.startswith("which branch of `origin` the work goes to is not known here")
        git(clone, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
        assert ask(clone).stderr == ""
        assert changed(impact(clone)) == ["price"]

    def test_a_bare_repository_is_called_one(self, repository: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", "--bare", str(repository), str(tmp_path / "bare"))
        assert "is a bare repository, without files" in refusal(tmp_path / "bare")

    def test_a_partial_clone_without_the_contents(self, repository: Path, tmp_path: Path) -> None:
        commit(repository, shop(1.6), "second")
        git(repository, "config", "uploadpack.allowFilter", "true")
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{repository}", str(clone))
        assert "git fetch --refetch --no-filter" in refusal(clone, "--base", "HEAD~1")

    def test_histories_without_a_common_commit(self, repository: Path) -> None:
        git(repository, "checkout", "--quiet", "--orphan", "apart")
        commit(repository, shop(1.6), "apart")
        assert "`main` and `HEAD` have no commit in common" in refusal(repository)


class TestCommandLine:
    def test_the_exit_status_follows_the_worst_effect_that_is_asked_for(self, repository: Path) -> None:
        put(repository, shop(1.6))
        assert [ask(repository, "--fail-on-effect", level).status for level in ("never", "breaking", "behaviour")] == [
            0,
            0,
            1,
        ]
        put(repository, shop() | {"shop.py": "def label(price: float) -> str:\n    return str(price)\n"})
        assert [ask(repository, "--fail-on-effect", level).status for level in ("never", "breaking", "behaviour")] == [
            0,
            1,
            1,
        ]

    def test_several_reports_are_written_at_once(self, repository: Path, tmp_path: Path) -> None:
        put(repository, shop(1.6))
        paths = {form: tmp_path / f"report.{form}" for form in ("json", "markdown", "pytest", "full")}
        ask(repository, *(part for form, path in paths.items() for part in ("--output", f"{form}:{path}")))
        assert json.loads(paths["json"].read_text())["changes"][0]["node"] == "price"
        assert paths["markdown"].read_text().startswith("<!-- dagcheck:impact -->\n")
        assert "1 node changed" in paths["full"].read_text()

    def test_selectors_narrow_the_report(self, repository: Path) -> None:
        put(repository, shop(1.6))
        assert [row["node"] for row in impact(repository, "state:modified")["affected"]] == ["price"]
        assert [row["node"] for row in impact(repository, "state:affected", "--exclude", "price")["affected"]] == [
            "label"
        ]
        assert impact(repository, "output:*")["changes"] == []

    def test_selectors_that_mean_nothing_are_told(self, repository: Path) -> None:
        put(repository, shop() | {"shop.py": PRICE.format(rate=1.6).replace("label", "sticker")})
        answer = ask(repository, "prise+", "price,tag:nope", "label", "state:new", "--exclude", "output:x")
        assert answer.stderr.splitlines() == [
            f"`{term}` selects no node." for term in ("prise", "tag:nope", "output:x")
        ]
        assert refusal(repository, "") == "dagcheck: an empty selector means nothing\n"
        assert "`prise` selects no node." in run_process(["graph", "--no-cache", "prise"], repository).stderr
        assert "selects no node" not in run_process(["show", "--no-cache", "prise"], repository).stderr

    def test_a_driver_that_lost_its_module_is_broken(self, repository: Path) -> None:
        run = 'from hamilton import driver\nimport shop\n\ndr = driver.Driver({}, shop)\ndr.execute(["label"], inputs={"cost": 1.0})\n'
        files = {"shop.py": PRICE.format(rate=1.5), "run.py": run}
        commit(repository, files, "second")
        put(repository, {"run.py": run})
        document = impact(repository)
        assert [(change["node"], change["kind"], change["effect"]) for change in document["changes"]] == [
            ("label", "removed", "breaking"),
            ("price", "removed", "behaviour"),
        ]
        assert document["changes"][0]["reason"] == "run.py:5 asks for `label`, and its driver can no longer be followed"
        assert [(row["node"], row["path"], row["line"]) for row in document["outputs"]] == [("label", "run.py", 5)]
        assert ask(repository).stderr == ""
        put(repository, {"other.py": "A = 1\n"})
        assert {change["effect"] for change in impact(repository)["changes"]} == {"behaviour"}

    def test_outputs_of_the_command_line_have_no_place(self, repository: Path) -> None:
        put(repository, {"shop.py": PRICE.format(rate=1.6)})
        arguments = ["--module", "shop", "--final-vars", "label"]
        assert "command line: output[label] is affected\n" in ask(repository, *arguments).stdout
        assert "label  command line\n" in ask(repository, *arguments, "--format", "full").stdout
        assert "`label` (`command line`)" in ask(repository, *arguments, "--format", "markdown").stdout
        [row] = impact(repository, *arguments)["outputs"]
        assert (row["path"], row["line"]) == (None, None)

    def test_what_was_not_read_is_told(self, repository: Path) -> None:
        put(repository, shop(1.6, **{"large.py": "#" * (2 * 1024 * 1024 + 1)}))
        answer = ask(repository)
        assert "large.py was not read: it is larger than 2 MiB." in answer.stderr
        assert "behaviour[price]" in answer.stdout

    def test_other_commands_select_by_state_too(self, repository: Path) -> None:
        put(repository, shop(1.6))
        answer = run_process(["graph", "--no-cache", "--format", "json", "state:modified.body"], repository)
        assert [node["name"] for node in json.loads(answer.stdout)["dataflows"][0]["nodes"]] == ["price"]

    def test_the_cache_changes_nothing(self, repository: Path) -> None:
        put(repository, shop(1.6))
        arguments = ["impact", "--format", "json"]
        told = [run_process(arguments, repository).stdout for _ in range(3)]
        assert {*told, ask(repository, "--format", "json").stdout} == {told[0]}

    def test_the_same_is_said_whatever_the_hash_seed(self, repository: Path) -> None:
        put(repository, shop(1.6))
        told = set()
        for seed in ("0", "1", "2"):
            command = [sys.executable, "-m", "dagcheck", "impact", "--no-cache", "--format", "markdown"]
            environment = {**os.environ, "PYTHONHASHSEED": seed}
            told.add(subprocess.run(command, cwd=repository, env=environment, capture_output=True, check=True).stdout)
        assert len(told) == 1

    def test_a_clean_tree_is_calm(self, repository: Path) -> None:
        assert ask(repository, "--format", "concise").stdout == ""
        assert ask(repository, "--format", "full").stdout == "No node changed.\n"
        assert "### No node changed\n" in ask(repository, "--format", "markdown").stdout
