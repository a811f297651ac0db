from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dagcheck.names.environment import Environment, choose_environment, is_foreign_in
from dagcheck.settings import Options, Settings, UsageError


def environment(
    folder: Path, version: str = "3.11", cfg: str | None = "version = 3.11.7\n", packages: str = ""
) -> Path:
    site = folder / "lib" / f"python{version}" / "site-packages"
    site.mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").touch()
    if cfg is not None:
        (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\n{cfg}", encoding="utf-8")
    for package in packages.split():
        (site / package).mkdir() if not package.endswith(".py") else (site / package).touch()
    return folder


def chosen(
    project: Path,
    *,
    option: str | None = None,
    setting: str | None = None,
    active: Path | None = None,
    own: str = "/none",
) -> Environment | None:
    environ = {} if active is None else {"VIRTUAL_ENV": str(active)}
    return choose_environment(
        str(project), Settings(python=setting), Options(python=option), str(project), environ=environ, own_prefix=own
    )


def test_without_any_environment_there_is_none(tmp_path: Path) -> None:
    assert chosen(tmp_path) is None


def test_the_projects_own_environment_is_found(tmp_path: Path) -> None:
    environment(tmp_path / ".venv")
    site = str(tmp_path / ".venv" / "lib" / "python3.11" / "site-packages")
    assert chosen(tmp_path) == Environment(str(tmp_path / ".venv"), (site,), (3, 11), ".venv")


def test_the_option_wins_over_the_setting_over_the_project_over_the_active_one(tmp_path: Path) -> None:
    places = [environment(tmp_path / name) for name in ("option", "setting", ".venv", "active")]
    how = {"option": "option", "setting": "setting", "active": places[3]}
    origins = []
    for name in ("option", "setting"):
        found = chosen(tmp_path, **how)  # type: ignore[arg-type]
        assert found is not None
        origins.append(found.origin)
        del how[name]
    found = chosen(tmp_path, **how)  # type: ignore[arg-type]
    assert found is not None
    assert [*origins, found.origin] == ["--python", "settings", ".venv"]
    (places[2] / "pyvenv.cfg").unlink()
    (places[2] / "lib" / "python3.11" / "site-packages").rmdir()
    found = chosen(tmp_path, **how)  # type: ignore[arg-type]
    assert found is not None
    assert found.origin == "VIRTUAL_ENV"


@pytest.mark.parametrize("spelling", ["env", "./env/", "env/bin/python"])
def test_an_option_names_a_folder_or_its_interpreter(tmp_path: Path, spelling: str) -> None:
    environment(tmp_path / "env")
    found = chosen(tmp_path, option=spelling)
    assert found is not None
    assert (found.prefix, found.version) == (str(tmp_path / "env"), (3, 11))


def test_a_linked_interpreter_belongs_to_the_environment_it_lies_in(tmp_path: Path) -> None:
    environment(tmp_path / "base", "3.9", "version = 3.9.1\n")
    environment(tmp_path / "env")
    (tmp_path / "env" / "bin" / "python").unlink()
    (tmp_path / "env" / "bin" / "python").symlink_to(tmp_path / "base" / "bin" / "python")
    found = chosen(tmp_path, option="env/bin/python")
    assert found is not None
    assert found.version == (3, 11)


@pytest.mark.parametrize("spelling", ["gone", "empty", "empty/file", "empty/python"])
def test_an_option_that_names_no_environment_is_a_usage_error(tmp_path: Path, spelling: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "file").touch()
    (tmp_path / "empty" / "python").touch()
    with pytest.raises(UsageError, match=f"^--python {spelling}: no Python environment there$"):
        chosen(tmp_path, option=spelling)


def test_a_setting_that_is_not_there_on_this_machine_is_passed_over(tmp_path: Path) -> None:
    environment(tmp_path / "active")
    assert chosen(tmp_path, setting="gone") is None
    found = chosen(tmp_path, setting="gone", active=tmp_path / "active")
    assert found is not None
    assert found.origin == "VIRTUAL_ENV"


@pytest.mark.parametrize(
    ("cfg", "version"),
    [
        ("version = 3.12.1\n", (3, 12)),
        ("version_info = 3.13.0.final.0\n", (3, 13)),
        ("VERSION_INFO=3.10.2\nversion = 20.24.1\n", (3, 10)),
        ("uv = 0.4\n", (3, 11)),
        ("version = unknown\n", None),
        (None, (3, 11)),
    ],
)
def test_the_version_is_read_from_the_description_or_the_folder(
    tmp_path: Path, cfg: str | None, version: tuple[int, int] | None
) -> None:
    environment(tmp_path / ".venv", cfg=cfg)
    found = chosen(tmp_path)
    assert found is not None
    assert found.version == version


def test_packages_lie_elsewhere_on_windows(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "Lib" / "site-packages").mkdir(parents=True)
    (tmp_path / ".venv" / "Scripts").mkdir()
    (tmp_path / ".venv" / "Scripts" / "python.exe").touch()
    for found in (chosen(tmp_path), chosen(tmp_path, option=".venv/Scripts/python.exe")):
        assert found is not None
        assert found.site_packages == (str(tmp_path / ".venv" / "Lib" / "site-packages"),)
        assert found.version is None


def test_a_second_library_folder_that_is_a_link_counts_once(tmp_path: Path) -> None:
    environment(tmp_path / ".venv")
    (tmp_path / ".venv" / "lib64").symlink_to("lib")
    found = chosen(tmp_path)
    assert found is not None
    assert found.site_packages == (str(tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"),)


def test_the_newest_python_of_a_shared_prefix_comes_first(tmp_path: Path) -> None:
    environment(tmp_path / "usr", "3.9", cfg=None)
    (tmp_path / "usr" / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    (tmp_path / "usr" / "lib" / "python3" / "dist-packages").mkdir(parents=True)
    found = chosen(tmp_path, option="usr")
    assert found is not None
    assert [Path(path).parent.name for path in found.site_packages] == ["python3.12", "python3.9", "python3"]
    assert found.version == (3, 12)


def test_an_environment_that_sees_the_systems_packages_has_both(tmp_path: Path) -> None:
    system = environment(tmp_path / "usr", cfg=None)
    cfg = f"home = {system / 'bin'}\ninclude-system-site-packages = true\n"
    environment(tmp_path / ".venv", cfg=cfg)
    found = chosen(tmp_path)
    assert found is not None
    assert found.site_packages == tuple(
        str(place / "lib" / "python3.11" / "site-packages") for place in (tmp_path / ".venv", system)
    )


def test_an_isolated_environment_is_not_the_users(tmp_path: Path) -> None:
    hook = environment(tmp_path / "hook", packages="dagcheck rich")
    assert chosen(tmp_path, active=hook, own=str(hook)) is None
    assert chosen(tmp_path, active=hook, own="/elsewhere") is not None


def test_an_environment_that_dagcheck_shares_with_hamilton_is_the_users(tmp_path: Path) -> None:
    shared = environment(tmp_path / "env", packages="dagcheck hamilton")
    found = chosen(tmp_path, active=shared, own=str(shared))
    assert found is not None
    assert found.origin == "VIRTUAL_ENV"


def test_installed_and_standard_names_are_foreign(tmp_path: Path) -> None:
    environment(tmp_path / ".venv", packages="pandas six.py numpy.libs")
    is_foreign = is_foreign_in(chosen(tmp_path))
    assert [name for name in ("pandas", "six", "os", "hamilton", "polars", "numpy", "Pandas") if is_foreign(name)] == [
        "pandas",
        "six",
        "os",
        "hamilton",
    ]
    assert not is_foreign_in(None)("pandas")


def test_a_real_environment_is_read_as_it_is(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True)
    found = chosen(tmp_path)
    assert found is not None
    assert found.version == sys.version_info[:2]
    assert all(os.path.isdir(path) for path in found.site_packages)
    assert len(found.site_packages) == 1
