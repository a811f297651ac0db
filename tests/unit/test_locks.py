"""Is each kind of lock file read for what it says, and told of where it cannot be?"""

from __future__ import annotations

import json
import time

import pytest

from dagcheck.locks.blocks import read_blocks
from dagcheck.locks.comparison import compared
from dagcheck.locks.lock import Lock, normalised
from dagcheck.locks.reading import is_lock_file, read_locks


def lock(path: str, text: str | bytes, **more: str) -> Lock:
    files = {path: text.encode() if isinstance(text, str) else text, **{name: more[name].encode() for name in more}}
    found = read_locks([path], lambda wanted: {name: files[name] for name in wanted if name in files})
    return next(one for one in found if one.path == path)


UV = """\
version = 1
[[package]]
name = "Foo_Bar"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "numpy", marker = "python_full_version < '3.11'" }, { name = "six", extra = ["x"] }]
[package.optional-dependencies]
all = [{ name = "attrs" }]
[[package]]
name = "numpy"
version = "1.26.4"
resolution-markers = ["python_full_version < '3.11'"]
[[package]]
name = "numpy"
version = "2.0.0"
[[package]]
name = "tool"
version = "3"
source = { git = "https://example.com/tool?rev=main#0123456789abcdef0123" }
[[package]]
name = "web"
source = { url = "https://example.com/web-1.whl" }
[[package]]
name = "me"
source = { virtual = "." }
[[package]]
name = "lib"
version = "0.3"
source = { editable = "../lib" }
"""
POETRY = """\
[[package]]
name = "pandas"
version = "2.1.0"
[package.dependencies]
numpy = [{version = ">=1.22", markers = "python_version < '3.11'"}, {version = ">=1.23"}]
matplotlib = {version = ">=3", optional = true}
[package.extras]
plot = ["matplotlib (>=3)"]
[package.source]
type = "legacy"
url = "https://example.com/simple"
[[package]]
name = "tool"
version = "3"
[package.source]
type = "git"
url = "https://example.com/tool"
resolved_reference = "0123456789abcdef"
[metadata]
lock-version = "2.0"
"""
PDM = """\
[[package]]
name = "pandas"
version = "2.1.0"
dependencies = ["numpy>=1.22; python_version < '3.11'", "tzdata"]
[[package]]
name = "tool"
version = "3"
git = "https://example.com/tool"
revision = "0123456789abcdef"
"""
PYLOCK = """\
lock-version = "1.0"
created-by = "somebody"
[[packages]]
name = "pandas"
version = "2.1.0"
dependencies = [{ name = "numpy" }]
[[packages]]
name = "tool"
vcs = { type = "git", url = "https://example.com/tool", commit-id = "0123456789abcdef" }
[[packages]]
name = "me"
directory = { path = ".", editable = true }
"""


def test_tables_of_packages() -> None:
    uv = lock("uv.lock", UV)
    assert uv.versions == {
        "foo-bar": ("1.0",),
        "numpy": ("1.26.4", "2.0.0"),
        "tool": ("3 (git 0123456789ab)",),
        "web": ("https://example.com/web-1.whl",),
        "lib": ("0.3",),
    }
    assert uv.requires is not None
    assert uv.requires["foo-bar"] == ("numpy", "six", "attrs")
    poetry = lock("poetry.lock", POETRY)
    assert poetry.versions == {"pandas": ("2.1.0",), "tool": ("3 (git 0123456789ab)",)}
    assert poetry.requires == {"pandas": ("numpy",), "tool": ()}
    pdm = lock("pdm.lock", PDM)
    assert pdm.versions == {"pandas": ("2.1.0",), "tool": ("3 (git 0123456789ab)",)}
    assert pdm.requires == {"pandas": ("numpy", "tzdata"), "tool": ()}
    pylock = lock("pylock.prod.toml", PYLOCK)
    assert pylock.versions == {"pandas": ("2.1.0",), "tool": ("git 0123456789ab",)}
    assert pylock.requires == {"pandas": ("numpy",), "tool": ()}
    assert not any(one.remarks or one.fault for one in (uv, poetry, pdm, pylock))


def test_a_pipfile_lock() -> None:
    document = {
        "_meta": {"hash": {"sha256": "x"}},
        "default": {"pandas": {"version": "==2.1.0", "hashes": []}, "tool": {"git": "u", "ref": "0123456789abcdef"}},
        "develop": {"pytest": {"version": "==8.0"}, "me": {"editable": True, "path": "."}},
    }
    found = lock("Pipfile.lock", json.dumps(document))
    assert found.versions == {"pandas": ("2.1.0",), "tool": ("git 0123456789ab",), "pytest": ("8.0",), "me": ("",)}
    assert found.requires is None


REQUIREMENTS = """\
# made by pip-compile
--index-url https://example.com/simple
-r base.txt
-c limits/constraints.txt
pandas[excel,plot] == 2.1.0 \\
    --hash=sha256:0123 \\
    --hash=sha256:4567
    # via -r requirements.in
numpy==1.26.4 ; python_version < "3.11"  # old
numpy==2.0.0 ; python_version >= "3.11"
Scikit_Learn===1.4.0
loose>=1,<2
star==1.*
bare
tool @ git+https://example.com/tool@0123456789abcdef0123456789abcdef01234567#egg=tool
https://example.com/wheel_made-1.5-py3-none-any.whl
-e ./lib
./other[x]
-e git+https://example.com/cloned@v1.2#egg=cloned
-e git+https://example.com/unknown
what is this
"""


def test_requirements() -> None:
    found = lock("requirements.txt", REQUIREMENTS, **{"base.txt": "six==1\n-r requirements.txt\n"})
    assert found.versions == {
        "pandas": ("2.1.0",),
        "numpy": ("1.26.4", "2.0.0"),
        "scikit-learn": ("1.4.0",),
        "loose": ("",),
        "star": ("",),
        "bare": ("",),
        "tool": ("git 0123456789ab",),
        "wheel-made": ("1.5",),
        "cloned": ("git v1.2",),
    }
    assert found.includes == ("base.txt", "limits/constraints.txt")
    assert [line for line, _ in found.remarks] == [20, 21]


def test_includes_are_files_of_their_own_and_circles_end() -> None:
    files = {"requirements.txt": b"-r a/one.txt\n", "a/one.txt": b"-r ../requirements.txt\n-r two.txt\nx==1\n"}
    found = read_locks(["requirements.txt"], lambda wanted: {path: files[path] for path in wanted if path in files})
    assert [(one.path, bool(one.fault)) for one in found] == [
        ("a/one.txt", False), ("a/two.txt", True), ("requirements.txt", False),
    ]  # fmt: skip
    assert "a/one.txt names it" in found[1].fault


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_requirements_with_a_byte_order_mark(encoding: str) -> None:
    assert lock("requirements.txt", "numpy==1.26.4\r\n".encode(encoding)).versions == {"numpy": ("1.26.4",)}


CONDA = """\
# made by conda-lock
version: 1
metadata:
  content_hash:
    linux-64: abc
  channels:
  - url: conda-forge
    used_env_vars: []
  platforms: [linux-64, osx-64]
package:
- name: numpy
  version: 1.26.4
  manager: conda
  platform: linux-64
  dependencies:
    libblas: '>=3.9.0,<4.0a0'
    python: '>=3.12,<3.13.0a0'
  url: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py312_0.conda
  hash:
    md5: abc
  category: main
  optional: false
- name: tzdata
  version: "2024a"
  manager: pip
  platform: linux-64
  dependencies: {}
  url: https://example.com/tzdata.whl
"""
PIXI = """\
version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py312heda63a1_0.conda
      - pypi: https://files.example.com/six-1.16.0-py2.py3-none-any.whl
packages:
- conda: https://conda.anaconda.org/conda-forge/linux-64/scikit-learn-1.4.0-py312_0.conda
  sha256: abc
  depends:
  - numpy >=1.19,<3
  - python >=3.12
  license: BSD-3-Clause
  size: 100
- pypi: https://files.example.com/six-1.16.0-py2.py3-none-any.whl
  name: six
  version: 1.16.0
  requires_dist:
  - attrs>=1 ; extra == 'x'
- kind: conda
  name: pandas
  version: 2.1.0
  depends: []
"""
ENVIRONMENT = """\
name: shop
channels:
  - conda-forge
dependencies:
  - python=3.12
  - conda-forge::numpy=1.26.4=py312_0
  - pandas==2.1.0
  - scipy>=1.10
  - pip
  - pip:
      - six==1.16.0
      - "attrs>=1"
"""


def test_conda() -> None:
    conda = lock("conda-lock.yml", CONDA)
    assert conda.versions == {"numpy": ("1.26.4",), "tzdata": ("2024a",)}
    assert conda.requires == {"numpy": ("libblas", "python"), "tzdata": ()}
    pixi = lock("pixi.lock", PIXI)
    assert pixi.versions == {"scikit-learn": ("1.4.0",), "six": ("1.16.0",), "pandas": ("2.1.0",)}
    assert pixi.requires == {"scikit-learn": ("numpy", "python"), "six": ("attrs",), "pandas": ()}
    environment = lock("environment.dev.yml", ENVIRONMENT)
    assert environment.versions == {
        "python": ("3.12",), "numpy": ("1.26.4",), "pandas": ("2.1.0",), "scipy": ("",), "pip": ("",),
        "six": ("1.16.0",), "attrs": ("",),
    }  # fmt: skip
    assert not any(one.remarks or one.fault for one in (conda, pixi, environment))


def test_blocks() -> None:
    text = """\
a: 1
b:
  - x
  - - y
    - z
  - k: "q # no"   # yes
    l: 'it''s'
c: [1, {d: e}, "f, g"]
t: |
  any: thing
  - at all
u: long
  words
e:
"""
    assert read_blocks(text) == (
        {
            "a": "1", "b": ["x", ["y", "z"], {"k": "q # no", "l": "it's"}], "c": ["1", {"d": "e"}, "f, g"],
            "t": "any: thing\n- at all", "u": "long words", "e": None,
        },
        [],
    )  # fmt: skip


@pytest.mark.parametrize(
    "line", ["x: &anchor 1", "x: *alias", "x: !!python/object:os.system ls", "? y", "x: [1", "%TAG"]
)
def test_lines_of_another_shape_are_told(line: str) -> None:
    found, strange = read_blocks(f"a: 1\n{line}\nb: 2\n")
    assert [number for number, _ in strange] == [2]
    assert found["a"] == "1"
    assert found["b"] == "2"
    assert found.get("x") is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("uv.lock", "[[package]\n"), ("uv.lock", "package = 3\n"), ("uv.lock", b"\xff\xfe\x00"), ("Pipfile.lock", "[1]"),
        ("Pipfile.lock", "{"), ("conda-lock.yml", "- a\n"), ("conda-lock.yml", b"\xff"), ("pixi.lock", "version: 6\n"),
        ("environment.yml", "name: x\n"), ("requirements.txt", b"\xff"), ("Pipfile.lock", "[" * 100_000),
        ("uv.lock", "a = " + "[" * 5_000),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_fault(path: str, text: str | bytes) -> None:
    found = lock(path, text)
    assert found.fault
    assert not found.versions


@pytest.mark.parametrize(
    "path", ["uv.lock", "poetry.lock", "Pipfile.lock", "pixi.lock", "environment.yml", "requirements.txt"]
)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "- \n- -\n  -",
        "a:\n b\n  c:",
        "[[package]]\nname = 3",
        '{"a": {"b": [1]}}',
        "a: {b: c",
        "\t-\t:",
        "{}",
    ],
)
def test_nothing_makes_a_reader_fail(path: str, text: str) -> None:
    assert lock(path, text).path == path


def test_large_files_take_little_time() -> None:
    packages = "".join(
        f"- name: p{number}\n  version: 1.{number}\n  dependencies:\n    numpy: '>=1'\n  url: https://x/{number}\n"
        for number in range(20_000)
    )
    start = time.process_time()
    assert len(lock("conda-lock.yml", f"package:\n{packages}").versions) == 20_000
    assert len(lock("requirements.txt", "a==1 \\\n" * 50_000).remarks) <= 1
    assert lock("requirements.txt", "x" * 1_000_000).remarks
    assert lock("requirements.txt", "a" + "<=" * 900 + "\n" + "a-" * 900 + "\n" + "a==1," * 300).path
    assert time.process_time() - start < 8
    assert "larger" in lock("uv.lock", b" " * (25 * 1024 * 1024)).fault


def test_which_files_are_lock_files() -> None:
    yes = """uv.lock poetry.lock pdm.lock pylock.toml pylock.dev.toml Pipfile.lock pixi.lock conda-lock.yml linux.conda-lock.yml
    environment.yml environment-dev.yaml requirements.txt requirements-dev.txt dev-requirements.txt requirements.lock
    requirements/prod.txt""".split()
    no = [
        "requirements.in",
        "notes.txt",
        "package-lock.json",
        "Cargo.lock",
        "environment.py",
        "docs/notes.txt",
        "my.uv.lock",
    ]
    assert [path for path in (*yes, *no) if is_lock_file(path)] == yes


def test_names_are_normalised() -> None:
    assert normalised("Ruamel.YAML__clib") == "ruamel-yaml-clib"


def words(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], tuple[str, ...]]:
    sides = [[lock(path, text) for path, text in files.items()] for files in (before, after)]
    found = compared(sides[0], sides[1], "commit abc", "the working tree")
    return [change.words for change in found.changes.values()], found.remarks


class TestComparing:
    def test_versions_under_markers_are_compared_as_a_whole(self) -> None:
        before = "numpy==1.26.4 ; python_version < '3.11'\nnumpy==2.0.0 ; python_version >= '3.11'\n"
        assert words({"requirements.txt": before}, {"requirements.txt": before.replace("2.0.0", "2.1.0")})[0] == [
            "numpy 1.26.4, 2.0.0 -> 1.26.4, 2.1.0 (requirements.txt)"
        ]

    def test_hashes_comments_and_order_are_no_change(self) -> None:
        after = {"requirements.txt": "b==2 --hash=sha256:1\n# x\na==1\n"}
        assert words({"requirements.txt": "a==1\nb==2\n"}, after) == ([], ())

    def test_a_pin_that_moves_to_another_file_is_none(self) -> None:
        before = {"requirements.txt": "a==1\nb==1\n", "requirements-dev.txt": "c==1\n"}
        after = {"requirements.txt": "b==1\n", "requirements-dev.txt": "a==1\nc==1\n"}
        assert words(before, after) == ([], ())

    def test_another_tool_is_compared_by_what_both_know(self) -> None:
        found, remarks = words({"poetry.lock": POETRY}, {"uv.lock": POETRY.replace("2.1.0", "2.2.0")})
        assert found == ["pandas 2.1.0 -> 2.2.0 (poetry.lock, uv.lock)"]
        assert remarks == ()

    def test_a_first_lock_file_is_no_change_and_told(self) -> None:
        found, remarks = words({}, {"uv.lock": UV})
        assert found == []
        assert remarks == ("uv.lock is not there at commit abc, so versions that only it has are not compared",)

    def test_what_is_new_or_gone_in_a_file(self) -> None:
        assert words({"requirements.txt": "a==1\nb==1\nc\n"}, {"requirements.txt": "b==1\nd==4\ne\n"})[0] == [
            "a 1 -> not there (requirements.txt)",
            "d not there -> 4 (requirements.txt)",
        ]

    def test_the_same_change_in_several_files_is_one(self) -> None:
        before = {"uv.lock": POETRY, "requirements.txt": "pandas==2.1.0\n"}
        assert words(before, {path: text.replace("2.1.0", "2.2.0") for path, text in before.items()})[0] == [
            "pandas 2.1.0 -> 2.2.0 (requirements.txt, uv.lock)"
        ]

    def test_a_file_that_cannot_be_read_is_left_out_and_told(self) -> None:
        before = {"uv.lock": POETRY, "requirements.txt": "a==1\n"}
        found, remarks = words(before, {"uv.lock": "[[package\n", "requirements.txt": "a==2\n"})
        assert found == ["a 1 -> 2 (requirements.txt)"]
        assert len(remarks) == 1
        assert remarks[0].startswith(
            "uv.lock at the working tree cannot be read, so its versions are not compared: 1:10: "
        )

    def test_what_may_stand_in_a_line_that_was_not_read_is_no_change(self) -> None:
        found, remarks = words({"requirements.txt": "a==1\nb==1\n"}, {"requirements.txt": "a==2\nb = = 1\n"})
        assert found == ["a 1 -> 2 (requirements.txt)"]
        assert remarks == ("requirements.txt:2 at the working tree: `b = = 1` is no requirement that can be read",)

    @pytest.mark.parametrize("path", ["requirements.txt", "uv.lock", "conda-lock.yml", "Pipfile.lock"])
    def test_marks_of_a_merge(self, path: str) -> None:
        assert lock(path, "a\n<<<<<<< HEAD\nb\n=======\n").fault.endswith("left its marks in line 2")

    def test_nothing_to_compare_is_told(self) -> None:
        assert words({}, {}) == ([], ("no lock file was found, so no versions are compared",))
