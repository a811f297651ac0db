from __future__ import annotations

import random
from collections.abc import Sequence
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path

import pytest

from dagcheck.names.modules import ModuleIndex, Package, ProjectModule, import_roots, is_standard
from dagcheck.settings import UsageError


def lay(root: Path, *paths: str) -> Path:
    for path in paths:
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.touch()
    return root


def listed(*files: str, roots: Sequence[str] = ("",), links: Sequence[tuple[str, str]] = ()) -> ModuleIndex:
    return ModuleIndex("/nowhere", roots, files, links)


def path_of(index: ModuleIndex, dotted: str, importer: str | None = None) -> str | None:
    """The path that answers; "/" for a namespace package."""
    found = index.resolve(dotted, importer)
    if isinstance(found, Package):
        assert found.name == dotted
        return "/"
    return None if found is None else found.path


# Names


@pytest.mark.parametrize(
    ("path", "roots", "name"),
    [
        ("features.py", [""], "features"),
        ("pkg/features.py", [""], "pkg.features"),
        ("pkg/__init__.py", [""], "pkg"),
        ("pkg/sub/__init__.py", [""], "pkg.sub"),
        ("src/pkg/features.py", ["", "src"], "pkg.features"),
        ("src/pkg/features.py", [""], "src.pkg.features"),
        ("src/pkg/features.py", ["src/pkg", "src"], "features"),
        ("src2/pkg/features.py", ["", "src"], "src2.pkg.features"),
        ("scripts/run.py", ["src"], "scripts.run"),
        ("run.py", ["src"], "run"),
        ("01-load.py", [""], "01-load"),
        ("steps/01-load.py", [""], "steps.01-load"),
        ("my.module.py", [""], "my.module"),
        ("größe.py", [""], "größe"),
        ("my-project/features.py", [""], "my-project.features"),
    ],
)
def test_a_name_is_relative_to_the_longest_root(path: str, roots: list[str], name: str) -> None:
    index = listed(path, roots=roots)
    assert index.name_of(path) == name
    assert index.module_at(path) == ProjectModule(name, path)


@pytest.mark.parametrize("roots", [["", "src"], ["src", ""], ["src"], [""]])
def test_every_file_has_a_name_of_its_own_by_which_it_is_found(roots: list[str]) -> None:
    files = [
        "a.py",
        "src/a.py",
        "src/src/a.py",
        "pkg.py",
        "pkg/__init__.py",
        "pkg/m.py",
        "x/pkg/m.py",
        "my.mod.py",
        "my/mod.py",
    ]
    index = listed(*files, roots=roots)
    names = {index.name_of(path): path for path in files}
    assert sorted(names.values()) == sorted(files)
    assert {name: index.resolve(name, None) for name in names} == {n: ProjectModule(n, p) for n, p in names.items()}


def test_a_name_does_not_depend_on_the_way_a_module_was_found() -> None:
    index = listed("src/pkg/m.py", "scripts/run.py", "scripts/steps.py", roots=["", "src"])
    expected = ProjectModule("pkg.m", "src/pkg/m.py")
    assert (
        index.resolve("pkg.m", None) == index.resolve("src.pkg.m", None) == index.module_at("src/pkg/m.py") == expected
    )
    beside = index.resolve("steps", "scripts/run.py")
    assert beside == index.resolve("scripts.steps", None) == ProjectModule("scripts.steps", "scripts/steps.py")


# Roots


def test_the_project_and_its_src_are_the_roots_by_default(tmp_path: Path) -> None:
    lay(tmp_path, "a.py")
    assert import_roots(str(tmp_path), (), "/") == ("",)
    lay(tmp_path, "src/b.py")
    assert import_roots(str(tmp_path), (), "/") == ("", "src")


def test_a_src_that_is_a_package_or_a_file_is_no_root(tmp_path: Path) -> None:
    lay(tmp_path / "one", "src/__init__.py")
    lay(tmp_path / "two", "src")
    assert import_roots(str(tmp_path / "one"), (), "/") == ("",)
    assert import_roots(str(tmp_path / "two"), (), "/") == ("",)


def test_given_roots_stand_alone_and_may_lie_outside(tmp_path: Path) -> None:
    project = lay(tmp_path / "project", "src/a.py", "lib/b.py")
    lay(tmp_path, "shared/c.py")
    roots = import_roots(str(project), ("lib", "./", "../shared", "lib/../lib"), str(project))
    assert roots == ("lib", "", (tmp_path / "shared").as_posix())
    index = ModuleIndex(str(project), roots, ["src/a.py", "lib/b.py"])
    assert index.resolve("c", None) == ProjectModule("c", (tmp_path / "shared" / "c.py").as_posix())
    assert path_of(index, "b") == "lib/b.py"
    assert path_of(index, "a") is None


def test_roots_are_relative_to_the_folder_where_they_were_written(tmp_path: Path) -> None:
    lay(tmp_path, "a/lib/m.py")
    assert import_roots(str(tmp_path), ("lib",), str(tmp_path / "a")) == ("a/lib",)


def test_roots_that_are_no_folders_are_told_at_once(tmp_path: Path) -> None:
    lay(tmp_path, "a.py", "lib/b.py")
    with pytest.raises(UsageError) as caught:
        import_roots(str(tmp_path), ("gone", "lib", "a.py"), str(tmp_path))
    assert caught.value.messages == ("import root gone: no such folder", "import root a.py: no such folder")


# Imports


def test_modules_packages_and_namespace_packages_are_found() -> None:
    index = listed("m.py", "pkg/__init__.py", "pkg/a.py", "space/deep/b.py")
    answers = {name: path_of(index, name) for name in ("m", "pkg", "pkg.a", "space", "space.deep", "space.deep.b")}
    assert answers == {
        "m": "m.py",
        "pkg": "pkg/__init__.py",
        "pkg.a": "pkg/a.py",
        "space": "/",
        "space.deep": "/",
        "space.deep.b": "space/deep/b.py",
    }


@pytest.mark.parametrize(
    "dotted",
    ["n", "M", "pkg.A", "Pkg", "pkg.b", "m.x", "m.py", "pkg.a.x", "", ".", "pkg.", ".m", "pkg..a", "space.c", "pandas"],
)
def test_near_misses_are_not_found(dotted: str) -> None:
    index = listed("m.py", "pkg/__init__.py", "pkg/a.py", "space/deep/b.py")
    assert index.resolve(dotted, None) is None


def test_a_package_wins_over_a_module_and_a_module_over_a_namespace_package() -> None:
    index = listed("a.py", "a/__init__.py", "b.py", "b/c.py")
    assert path_of(index, "a") == "a/__init__.py"
    assert path_of(index, "b") == "b.py"
    assert path_of(index, "b.c") is None


def test_the_first_root_wins_but_a_namespace_package_never_hides_a_module() -> None:
    index = listed("one/a.py", "two/a.py", "one/b/x.py", "two/b/__init__.py", "two/b/y.py", roots=["one", "two"])
    assert path_of(index, "a") == "one/a.py"
    assert path_of(index, "b") == "two/b/__init__.py"
    assert path_of(index, "b.y") == "two/b/y.py"
    assert path_of(index, "b.x") is None


def test_a_namespace_package_may_have_portions_in_several_roots() -> None:
    index = listed("one/space/a.py", "two/space/b.py", roots=["one", "two"])
    assert [path_of(index, f"space.{name}") for name in "ab"] == ["one/space/a.py", "two/space/b.py"]


def test_a_script_finds_what_lies_beside_it_after_the_roots() -> None:
    index = listed("steps.py", "jobs/run.py", "jobs/steps.py", "jobs/load.py")
    assert path_of(index, "steps", "jobs/run.py") == "steps.py"
    assert path_of(index, "load", "jobs/run.py") == "jobs/load.py"
    assert path_of(index, "load", "other/run.py") is None
    assert path_of(index, "load") is None


def test_a_module_of_a_package_finds_what_lies_beside_the_topmost_package() -> None:
    index = listed(
        "jobs/pkg/__init__.py", "jobs/pkg/sub/__init__.py", "jobs/pkg/sub/m.py", "jobs/pkg/n.py", "jobs/top.py"
    )
    assert path_of(index, "pkg.n", "jobs/pkg/sub/m.py") == "jobs/pkg/n.py"
    assert path_of(index, "top", "jobs/pkg/sub/m.py") == "jobs/top.py"
    assert path_of(index, "n", "jobs/pkg/sub/m.py") is None


def test_a_file_beside_a_script_wins_over_a_namespace_package_in_a_root() -> None:
    index = listed("features/x.py", "jobs/run.py", "jobs/features.py")
    assert path_of(index, "features", "jobs/run.py") == "jobs/features.py"
    assert path_of(index, "features", "run.py") == "/"


def test_a_file_does_not_find_itself_by_lying_beside_itself() -> None:
    index = listed("loaders/polars.py", "loaders/other.py")
    assert path_of(index, "polars", "loaders/polars.py") is None
    assert path_of(index, "polars", "loaders/other.py") == "loaders/polars.py"


def test_the_standard_library_is_hidden_by_a_root_only() -> None:
    index = listed("types.py", "jobs/json.py", "jobs/run.py", "hamilton/mine.py", "email/notes.py")
    assert path_of(index, "types", "jobs/run.py") == "types.py"
    assert path_of(index, "json", "jobs/run.py") is None
    assert path_of(index, "hamilton") is None
    assert path_of(index, "hamilton.mine") == "hamilton/mine.py"
    assert path_of(index, "email") is None


def test_a_regular_package_called_hamilton_in_a_root_hides_the_real_one() -> None:
    assert path_of(listed("hamilton/__init__.py"), "hamilton") == "hamilton/__init__.py"


def test_installed_packages_are_hidden_by_a_root_only() -> None:
    files = ["jobs/pandas.py", "jobs/run.py", "polars.py", "arrow/x.py"]
    index = ModuleIndex("/nowhere", [""], files, is_foreign={"pandas", "polars", "arrow"}.__contains__)
    assert path_of(index, "pandas", "jobs/run.py") is None
    assert path_of(index, "polars", "jobs/run.py") == "polars.py"
    assert path_of(index, "arrow", "jobs/run.py") is None


def test_what_is_foreign_is_told_by_its_first_name() -> None:
    assert all(map(is_standard, ("os", "types", "hamilton")))
    assert not any(map(is_standard, ("pandas", "hamilton_sdk", "features")))


def test_a_link_is_the_file_it_leads_to() -> None:
    files = ["common/shared.py", "service/run.py", "kept/__init__.py", "kept/inner.py"]
    links = [("service/shared.py", "common/shared.py"), ("other/__init__.py", "kept/__init__.py")]
    index = listed(*files, "other/own.py", links=links)
    expected = ProjectModule("common.shared", "common/shared.py")
    assert index.resolve("shared", "service/run.py") == index.resolve("service.shared", None) == expected
    assert path_of(index, "other") == "kept/__init__.py"
    assert path_of(index, "other.own") == "other/own.py"
    assert path_of(index, "other.inner") is None


# Relative imports


@pytest.mark.parametrize(
    ("importer", "level", "module", "dotted"),
    [
        ("pkg/m.py", 1, "n", "pkg.n"),
        ("pkg/m.py", 1, None, "pkg"),
        ("pkg/__init__.py", 1, "n", "pkg.n"),
        ("pkg/__init__.py", 1, None, "pkg"),
        ("pkg/sub/m.py", 1, "n.o", "pkg.sub.n.o"),
        ("pkg/sub/m.py", 2, "n", "pkg.n"),
        ("pkg/sub/__init__.py", 2, None, "pkg"),
        ("src/pkg/m.py", 1, "n", "pkg.n"),
        ("pkg/my.mod.py", 1, "n", "pkg.n"),
        ("pkg/m.py", 2, "n", None),
        ("pkg/__init__.py", 2, None, None),
        ("m.py", 1, "n", None),
        ("m.py", 1, None, None),
        ("src/m.py", 1, "n", None),
        ("pkg/sub/m.py", 3, "n", None),
    ],
)
def test_a_relative_import_counts_from_the_package(
    importer: str, level: int, module: str | None, dotted: str | None
) -> None:
    assert listed(importer, roots=["", "src"]).relative(importer, level, module) == dotted


def test_a_relative_import_outside_the_project_counts_from_the_topmost_package(tmp_path: Path) -> None:
    lay(tmp_path, "project/x.py", "away/pkg/__init__.py", "away/pkg/sub/__init__.py", "away/pkg/sub/m.py")
    index = ModuleIndex(str(tmp_path / "project"), [""])
    importer = (tmp_path / "away/pkg/sub/m.py").as_posix()
    assert index.name_of(importer) == "pkg.sub.m"
    assert index.relative(importer, 2, "n") == "pkg.n"
    assert index.relative(importer, 3, "n") is None
    assert path_of(index, "pkg.sub", importer) == (tmp_path / "away/pkg/sub/__init__.py").as_posix()


# What the command line names


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(
        tmp_path / "project", "features.py", "pkg/__init__.py", "pkg/m.py", "space/n.py", "src/deep/o.py", "notes.txt"
    )


@pytest.mark.parametrize("lazily", [True, False])
@pytest.mark.parametrize(
    ("written", "cwd", "module"),
    [
        ("features", "", ("features", "features.py")),
        ("features.py", "", ("features", "features.py")),
        ("./features.py", "", ("features", "features.py")),
        ("../features.py", "pkg", ("features", "features.py")),
        ("pkg", "", ("pkg", "pkg/__init__.py")),
        ("./pkg", "", ("pkg", "pkg/__init__.py")),
        ("pkg/", "", ("pkg", "pkg/__init__.py")),
        ("pkg.m", "", ("pkg.m", "pkg/m.py")),
        ("pkg/m.py", "", ("pkg.m", "pkg/m.py")),
        ("space.n", "", ("space.n", "space/n.py")),
        ("n", "space", ("space.n", "space/n.py")),
        ("deep.o", "", ("deep.o", "src/deep/o.py")),
        ("src/deep/o.py", "", ("deep.o", "src/deep/o.py")),
    ],
)
def test_a_module_is_located_by_name_or_path(
    project: Path, written: str, cwd: str, module: tuple[str, str], lazily: bool
) -> None:
    files = None if lazily else [path.relative_to(project).as_posix() for path in project.rglob("*.py")]
    index = ModuleIndex(str(project), ("", "src"), files)
    assert index.locate(written, str(project / cwd)) == ProjectModule(*module)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("featurs", "no module `featurs` in the project folder, src"),
        ("pkg.x", "no module `pkg.x`"),
        ("space", "`space` is a folder without `__init__.py`"),
        ("./space", "./space is a folder without `__init__.py`"),
        ("gone.py", "no such file: gone.py"),
        ("pkg/gone.py", "no such file: pkg/gone.py"),
        ("./notes.txt", "./notes.txt is no Python file"),
        ("./pkg/m", "./pkg/m is no Python file"),
        ("", "no module ``"),
        ("a\0b.py", "no such file"),
    ],
)
def test_what_cannot_be_located_is_told(project: Path, written: str, problem: str) -> None:
    found = ModuleIndex(str(project), ("", "src")).locate(written, str(project))
    assert isinstance(found, str)
    assert found.startswith(problem)


def test_a_file_outside_the_project_can_be_named(project: Path, tmp_path: Path) -> None:
    lay(tmp_path, "away/lone.py", "away/beside.py")
    for index in (ModuleIndex(str(project), [""]), ModuleIndex(str(project), [""], ["features.py"])):
        found = index.locate("../away/lone.py", str(project))
        assert found == ProjectModule("lone", (tmp_path / "away/lone.py").as_posix())
        assert index.resolve("lone", None) == found
        assert (
            path_of(index, "beside", (tmp_path / "away/lone.py").as_posix()) == (tmp_path / "away/beside.py").as_posix()
        )


def test_two_files_of_one_name_outside_the_project_stay_apart(project: Path, tmp_path: Path) -> None:
    lay(tmp_path, "one/lone.py", "two/lone.py")
    index = ModuleIndex(str(project), [""])
    names = {index.name_of((tmp_path / folder / "lone.py").as_posix()) for folder in ("one", "two")}
    assert len(names) == 2


def test_a_listed_project_lets_the_user_name_a_file_that_is_not_listed(project: Path) -> None:
    index = ModuleIndex(str(project), [""], ["features.py"])
    assert index.locate("pkg/m.py", str(project)) == ProjectModule("pkg.m", "pkg/m.py")
    assert index.resolve("pkg.m", "features.py") is None


def test_looking_at_the_disk_is_exact_about_case(project: Path) -> None:
    index = ModuleIndex(str(project), [""])
    assert index.resolve("Features", None) is None
    assert isinstance(index.locate("Features.py", str(project)), str)


def test_a_lazy_index_does_not_list_the_tree(project: Path) -> None:
    lay(project, "huge/deep/deeper/x.py")
    index = ModuleIndex(str(project), [""])
    index.resolve("features", None)
    (project / "huge" / "late.py").touch()
    (project / "late.py").touch()
    assert path_of(index, "huge.late") == "huge/late.py", "a folder is looked at when it is needed"
    assert path_of(index, "late") is None, "and only once, so that a run sees one state of it"


# CPython as the judge


def cpython(root: Path, roots: Sequence[str], dotted: str) -> str | None:
    """What CPython's own finders answer, in the words of `path_of`."""
    places = [str(root / place) for place in roots]
    origin: str | None = None
    for part in dotted.split("."):
        specs = [FileFinder(place, (SourceFileLoader, [".py"])).find_spec(part) for place in places]
        found = [spec for spec in specs if spec is not None]
        regular = [spec for spec in found if spec.loader is not None][:1]
        if not found or (regular and not regular[0].origin):
            return None
        origin = Path(str(regular[0].origin)).relative_to(root).as_posix() if regular else "/"
        places = [str(place) for spec in regular or found for place in spec.submodule_search_locations or ()]
    return origin


@pytest.mark.parametrize("seed", range(40))
def test_roots_are_searched_as_cpython_searches_its_path(tmp_path: Path, seed: int) -> None:
    choice = random.Random(seed)
    names = ["a", "b", "__init__"]
    files = set()
    for _ in range(choice.randint(1, 12)):
        depth = choice.randint(0, 2)
        folders = [choice.choice(["one", "two"]), *(choice.choice(names[:2]) for _ in range(depth))]
        files.add("/".join([*folders, choice.choice(names) + ".py"]))
    root = lay(tmp_path, "one/unrelated.txt", "two/unrelated.txt", *sorted(files))
    index = ModuleIndex(str(root), ["one", "two"], files)
    lazy = ModuleIndex(str(root), ["one", "two"])
    for first in "ab":
        for dotted in (first, f"{first}.a", f"{first}.b", f"{first}.a.a", f"{first}.a.b", f"{first}.b.a"):
            expected = cpython(root, ["one", "two"], dotted)
            assert (dotted, path_of(index, dotted)) == (dotted, expected)
            assert (dotted, path_of(lazy, dotted)) == (dotted, expected)
