"""What a whole run makes of types: installed packages, registrations in kept units, adapters that loosen edges."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.harness.analysis import Answer, run

MISMATCH = "def spend(path: str) -> str: ...\n\n\ndef total(spend: int) -> int: ...\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def check(project: Path, *options: str) -> Answer:
    return run(["check", "--project", str(project), "--format", "concise", *options])


# --- installed packages

SHOP = "from .models import Item, Order\n"
MODELS = "class Item: ...\nclass Order(Item): ...\n"
FLOW = "import shop\n\n\ndef item(path: str) -> shop.Item: ...\n\n\ndef order(path: str) -> shop.Order: ...\n\n\n"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment with a package that would do harm if it were imported."""
    site = tmp_path / "env" / "lib" / "python3.11" / "site-packages"
    write(site, {"shop/__init__.py": SHOP, "shop/models.py": f"{MODELS}raise SystemExit('imported')\n"})
    (tmp_path / "env" / "pyvenv.cfg").write_text("home = /nowhere\nversion = 3.11.7\n", encoding="utf-8")
    return tmp_path / "env"


def flow(*readers: str) -> str:
    return FLOW + "\n\n\n".join(readers) + "\n"


def test_classes_of_installed_packages_are_related_as_they_are_written(project: Path, environment: Path) -> None:
    write(project, {"flow.py": flow("def a(order: shop.Item) -> int: ...", "def b(item: shop.Order) -> int: ...")})
    answer = check(project, "--module", "flow", "--python", str(environment))
    assert answer.stdout.count("type-mismatch") == 1
    assert "`b` reads `item` as `Order`, but it is `Item`" in answer.stdout


def test_without_the_environment_nothing_is_said_of_them(project: Path) -> None:
    write(project, {"flow.py": flow("def b(item: shop.Order) -> int: ...")})
    assert check(project, "--module", "flow").stdout == ""


def test_a_kept_run_is_redone_when_a_package_is_replaced(project: Path, environment: Path) -> None:
    write(project, {"flow.py": flow("def b(order: shop.Item) -> int: ...") + "\n# @config.when\n"})
    write(project, {"dagcheck.toml": '[[dataflow]]\nname = "all"\nmodules = ["flow"]\n'})
    options = ["--python", str(environment)]
    assert [check(project, *options).stdout for _ in range(2)] == ["", ""]
    site = environment / "lib" / "python3.11" / "site-packages"
    write(site, {"shop/models.py": "class Item: ...\nclass Order: ...\n", "shop-2.dist-info/METADATA": ""})
    os.utime(site, ns=(1, 1))  # what installing does to the folder, whatever the clock's resolution
    assert "`b` reads `order` as `Item`, but it is `Order`" in check(project, *options).stdout


OPTIONAL = """
try:
    from nowhere import Fast as Engine
except ImportError:
    class Engine: ...

try:
    from shop import Item as Thing
except ImportError:
    class Thing: ...

class Own: ...

def engine(path: str) -> Engine: ...
def thing(path: str) -> Thing: ...
def own(path: str) -> Own: ...
def a(engine: Own) -> int: ...
def b(own: Thing) -> int: ...
"""


def test_an_import_of_what_is_not_installed_is_handled_as_the_module_says(project: Path, environment: Path) -> None:
    write(project, {"flow.py": OPTIONAL})
    known = check(project, "--module", "flow", "--python", str(environment)).stdout
    assert "`a` reads `engine` as `Own`, but it is `Engine`" in known
    assert "`b` reads `own` as `Item`, but it is `Own`" in known
    assert check(project, "--module", "flow").stdout == ""


def test_where_packages_may_come_from_elsewhere_nothing_is_taken_for_missing(project: Path, environment: Path) -> None:
    write(environment / "lib" / "python3.11" / "site-packages", {"hooks.pth": "import hooks; hooks.install()\n"})
    write(project, {"flow.py": OPTIONAL})
    assert "engine" not in check(project, "--module", "flow", "--python", str(environment)).stdout


# --- registrations

SHAPES = """
import abc
class Shape(abc.ABC): ...
class Square: ...
Shape.register(Square)
"""
READERS = """
from hamilton.function_modifiers import tag
from shapes import Shape, Square
@tag(a="b")
def square(path: str) -> Square: ...
def area(square: Shape) -> int: ...
"""


def test_registrations_of_modules_that_were_read_in_an_earlier_run_count(project: Path) -> None:
    write(project, {"shapes.py": SHAPES, "flow.py": READERS})
    assert check(project).stdout == ""
    write(project, {"flow.py": READERS + "def size(area: int) -> int: ...\n"})
    assert check(project).stdout == ""
    write(project, {"shapes.py": SHAPES.replace("Shape.register(Square)", "")})
    assert "type-mismatch" in check(project).stdout


# --- adapters

RUN = """
import flow
from hamilton import driver, lifecycle

dr = driver.Builder().with_modules(flow).with_adapters({adapter}).build()
"""


@pytest.mark.parametrize(
    ("adapter", "words"),
    [
        ("lifecycle.NoEdgeAndInputTypeChecking()", "adapter `NoEdgeAndInputTypeChecking` may let any types pass"),
        ("Own()", "adapter `Own` checks edges itself"),
        ("lifecycle.PrintLn()", ""),
    ],
)
def test_a_mismatch_that_an_adapter_may_let_pass_is_only_counted(project: Path, adapter: str, words: str) -> None:
    own = "\nclass Own(lifecycle.EdgeConnectionHook):\n    def check_edge_types_match(self, **types): return True\n"
    script = RUN.replace("{adapter}", adapter).replace("\n\ndr", f"\n{own}\ndr")
    write(project, {"flow.py": MISMATCH, "run.py": script})
    answer = check(project)
    assert ("type-mismatch" in answer.stdout) == (not words)
    assert (f"1 type mismatch is not reported: {words}." in answer.stderr) == bool(words)
