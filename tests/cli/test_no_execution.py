"""Is it true that nothing of the user's is ever run?

A project that does its worst to be run is looked at by every command, under an audit hook in the process itself. Each
of its Python files notes that it was run, opens a socket and ends the process; it poses as the standard library and as
dagcheck's dependencies, as Hamilton, as a plug-in, as an environment, and as a git repository with programs to call.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

import pytest

from dagcheck import cli
from dagcheck.rules import RULES

AUDITED = Path(__file__).with_name("audited.py")
RAN = 77
"""The exit status of a process in which a file of the project was run."""

# What runpy itself imports from the current folder under `python -m` (types, functools, ...) is out of reach and not here.
STANDARD_LIBRARY = (
    "__future__ argparse ast bisect copy csv dataclasses datetime difflib enum fnmatch glob graphlib hashlib heapq inspect json "
    "linecache locale logging pathlib pickle platform pprint queue random re shlex shutil signal sqlite3 statistics "
    "string struct subprocess tempfile textwrap threading tokenize tomllib traceback typing unicodedata uuid weakref zipfile"
).split()
DEPENDENCIES = "libcst markdown_it networkx pygments rich tomli yaml".split()
COMES_ALONG = {*DEPENDENCIES, "_yaml", "dagcheck", "mdurl", "typing_extensions"}
"""Roots of what may be imported from installed packages: dagcheck, its dependencies, and theirs."""

COMMANDS = {
    "check": [
        ["check"],
        ["check", "--format", "full", "--color", "always"],
        ["check", "--format", "concise"],
        ["check", "--format", "json"],
        ["check", "--config-file", "context.py"],
    ],
    "impact": [["impact", "--format", form] for form in ("full", "concise", "json", "markdown", "pytest")],
    "dataflows": [["dataflows"], ["dataflows", "--format", "json"]],
    "graph": [["graph", "--format", form] for form in ("json", "tree", "mermaid", "dot", "html")]
    + [["graph", "state:modified+"]],
    "show": [["show", "spend"], ["show", "first", "second", "--format", "json"]],
    "init": [["init", "--project", "bare"]],
    "rename": [["rename", "first", "primary", "--diff"]],
    "rule": [["rule"], ["rule", "duplicate-node"], ["rule", "duplicate-node", "--color", "always"]],
}


class Hostile(NamedTuple):
    """The project, and the folder in which its files note that they were run."""

    folder: Path
    notes: Path

    def notes_taken(self) -> list[str]:
        return sorted(path.name for path in self.notes.iterdir())


@pytest.fixture
def hostile(tmp_path: Path) -> Hostile:
    project = Hostile(tmp_path / "project", tmp_path / "notes")
    project.folder.mkdir()
    project.notes.mkdir()
    for name in STANDARD_LIBRARY:
        _attack(project, f"{name}.py")
    for name in ("conftest", "setup", "sitecustomize", "usercustomize", "noxfile"):
        _attack(project, f"{name}.py")
    for name in (*DEPENDENCIES, "hamilton", "pandas", "encodings"):
        _attack(project, f"{name}/__init__.py")
    _attack(project, "hamilton/function_modifiers.py")
    _dataflow(project)
    _environment(project)
    _repository(project)
    return project


def _attack(project: Hostile, path: str, text: str = "") -> None:
    note = project.notes / path.replace("/", ".")
    payload = (
        f"import os\nos.close(os.open({str(note)!r}, os.O_CREAT))\nimport socket\nsocket.socket()\nos._exit({RAN})\n"
    )
    file = project.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(payload + text, encoding="utf-8")


def _program(project: Hostile, path: str) -> Path:
    file = project.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n: > '{project.notes}/{path.replace('/', '.')}'\nexit {RAN}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def _dataflow(project: Hostile) -> None:
    """Modules with faults that need every dependency to be told, a driver, and settings that name what there is to name."""
    _attack(
        project,
        "features.py",
        "import pandas as pd\nfrom hamilton.function_modifiers import config, parameterize, value\n"
        "from plugin import LIMIT, registered\n\n\n"
        "def spend(raw: pd.Series) -> pd.Series:\n    return raw[:LIMIT]\n\n\n"
        "def spend(raw: pd.Series) -> int:\n    return 1\n\n\n"
        "@registered\n@parameterize(**{name: {'rate': value(len(name))} for name in ('low', 'high')})\n"
        "def scaled(spend: str, rate: int) -> float:\n    return exit(spend)\n\n\n"
        "def first(second: int) -> int:\n    return second\n\n\n"
        "def second(first: int) -> int:\n    return first\n",
    )
    _attack(project, "bare/spend.py", "from hamilton import driver\nimport spend\ndriver.Driver({}, spend)\n")
    _attack(project, "context.py", "from plugin import LIMIT\nHAMILTON_CONFIG = {'region': 'US', 'limit': LIMIT}\n")
    _attack(
        project,
        "run.py",
        "import features\nfrom hamilton import driver\ndriver.Builder().with_modules(features).build()\n",
    )
    settings = (
        '[tool.dagcheck]\npython = "bin/python"\n[[tool.dagcheck.dataflow]]\nname = "d"\nmodules = ["features"]\n'
    )
    build = '[build-system]\nrequires = []\nbuild-backend = "plugin"\nbackend-path = ["."]\n'
    (project.folder / "pyproject.toml").write_text(settings + build, encoding="utf-8")


def _environment(project: Hostile) -> None:
    """Interpreters that are programs of ours, packages that attack, and a plug-in for networkx."""
    for path in ("bin/python", "bin/python3", ".venv/bin/python", ".venv/bin/python3", "git", "bin/git"):
        _program(project, path)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (project.folder / ".venv" / "pyvenv.cfg").write_text(f"home = {project.folder}/bin\n", encoding="utf-8")
    for packages in (f".venv/lib/{version}/site-packages", f"lib/{version}/site-packages"):
        _attack(project, f"{packages}/pandas/__init__.py", "class Series: ...\n")
        (project.folder / packages / "attack.pth").write_text("import plugin\n", encoding="utf-8")
    (project.folder / "attack.pth").write_text("import plugin\n", encoding="utf-8")
    _plug_in(project, project.folder / "attack.egg-info", "PKG-INFO")


def _plug_in(project: Hostile, metadata: Path, name: str) -> None:
    """An installed distribution that announces itself to every dependency that takes plug-ins."""
    _attack(project, "plugin.py")
    metadata.mkdir()
    (metadata / name).write_text("Metadata-Version: 2.1\nName: attack\nVersion: 1\n", encoding="utf-8")
    groups = ("networkx.backends", "networkx.backend_info", "pygments.lexers", "pygments.styles", "pygments.filters")
    (metadata / "entry_points.txt").write_text(
        "".join(f"[{group}]\nattack = plugin:main\n" for group in groups), encoding="utf-8"
    )


def _repository(project: Hostile) -> None:
    """A git repository with a program behind every name that git would call."""
    git = ["git", "-C", str(project.folder)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "features.py", "pyproject.toml"], check=True)
    author = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
    subprocess.run([*git, *author, "commit", "--quiet", "--message", "before"], check=True)
    with open(project.folder / "features.py", "a", encoding="utf-8") as file:
        file.write("\n\ndef third(second: int) -> int:\n    return second\n")
    program = str(_program(project, "program"))
    (project.folder / ".gitattributes").write_text("*.py filter=attack diff=attack\n", encoding="utf-8")
    names = "fsmonitor pager editor sshCommand askPass".split()
    keys = [f"core.{name}" for name in names] + ["filter.attack.clean", "filter.attack.process", "diff.external"]
    for key in [*keys, "diff.attack.textconv"]:
        subprocess.run([*git, "config", key, program], check=True)
    for hook in ("post-index-change", "post-checkout", "pre-commit", "reference-transaction"):
        _program(project, f".git/hooks/{hook}")


def _environ(**changes: str) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "GIT_"))}
    return {**inherited, **changes}


def test_the_project_is_as_hostile_as_it_looks(hostile: Hostile) -> None:
    script = hostile.folder / "script.py"
    for text in ("import features", "import json", "import rich", "from dagcheck.cli import main; main()"):
        script.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, str(script)], cwd=hostile.folder, env=_environ(), check=False)
        assert run.returncode == RAN
    subprocess.run(["git", "status"], cwd=hostile.folder, env=_environ(), capture_output=True, check=False)
    assert {"features.py", "json.py", "rich.__init__.py", "program"} <= set(hostile.notes_taken())


def test_every_command_is_tried() -> None:
    assert COMMANDS.keys() | {"server"} == cli.COMMANDS.keys()  # the server has a test of its own below


@pytest.mark.parametrize("arguments", [line for lines in COMMANDS.values() for line in lines], ids=" ".join)
@pytest.mark.parametrize("python_path", ["", "."], ids=["plain", "with PYTHONPATH"])
def test_nothing_of_the_project_is_run(
    hostile: Hostile, arguments: list[str], python_path: str, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    environ = _environ(PYTHONPATH=python_path, PATH=os.pathsep.join([".", "bin", os.environ["PATH"]]))
    if python_path:  # Python itself imports these from PYTHONPATH, before any program can object
        for name in ("sitecustomize.py", "usercustomize.py", "encodings/__init__.py"):
            (hostile.folder / name).unlink()
    run = subprocess.run(
        [sys.executable, str(AUDITED), str(report), str(hostile.folder), *arguments],
        cwd=hostile.folder, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert hostile.notes_taken() == []
    assert report.exists(), run.stderr
    seen = json.loads(report.read_text(encoding="utf-8"))
    assert [event for event in seen["events"] if not (_asks_git(event) or _makes_settings(event))] == []
    assert [name for name, origin in seen["origins"].items() if not _may_be_imported(name, origin)] == []
    assert {"networkx"} <= seen["origins"].keys() or arguments[0] != "check"
    assert seen["status"] == (1 if arguments[0] == "check" else 0), run.stderr


def _asks_git(event: list[str]) -> bool:
    """Is it the real git, asked for something that it only reads? That it calls no program shows in the notes."""
    reads = ("ls-files", "ls-tree", "cat-file", "rev-parse", "merge-base", "symbolic-ref", "remote")
    is_git = event[:2] == ["os.posix_spawn", shutil.which("git")]
    return is_git and any(f" {command}" in f"{event[2]} " for command in reads)


def _makes_settings(event: list[str]) -> bool:
    """Is it `init`, making a file that is not there yet?"""
    return event[0] == "open" and event[1].endswith("/bare/dagcheck.toml") and event[2] == "x"


def _may_be_imported(name: str, origin: str) -> bool:
    """Is it built in, of the standard library, of dagcheck, or of its dependencies?"""
    if not origin:
        return name.split(".")[0] in {*sys.builtin_module_names, *sys.stdlib_module_names, "dagcheck"}
    place = Path(origin).resolve()
    if place.is_relative_to(Path(__file__).parents[2] / "dagcheck"):
        return True
    paths = {key: Path(path).resolve() for key, path in sysconfig.get_paths().items()}
    if place.is_relative_to(paths["purelib"]) or place.is_relative_to(paths["platlib"]):
        return name.split(".")[0] in COMES_ALONG
    return place.is_relative_to(paths["stdlib"]) or place.is_relative_to(paths["platstdlib"])


@pytest.mark.parametrize("python_path", ["", "."], ids=["plain", "with PYTHONPATH"])
def test_python_m_finds_the_real_standard_library(hostile: Hostile, python_path: str) -> None:
    if python_path:
        for name in ("sitecustomize.py", "usercustomize.py", "encodings/__init__.py"):
            (hostile.folder / name).unlink()
    run = subprocess.run(
        [sys.executable, "-m", "dagcheck", "check", "--format", "json"],
        cwd=hostile.folder, env=_environ(PYTHONPATH=python_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert hostile.notes_taken() == []
    assert run.returncode == 1, run.stderr
    assert "shadowed-function" in {diagnostic["rule"] for diagnostic in json.loads(run.stdout)["diagnostics"]}


@pytest.mark.parametrize(
    "arguments", [["check"], *(["rule", rule.name, "--color", "always"] for rule in RULES)], ids=" ".join
)
def test_installed_plug_ins_of_dependencies_are_not_run(hostile: Hostile, arguments: list[str], tmp_path: Path) -> None:
    installed = Hostile(tmp_path / "installed", hostile.notes)
    _plug_in(installed, installed.folder / "attack-1.dist-info", "METADATA")
    run = subprocess.run(
        [sys.executable, "-m", "dagcheck", *arguments],
        cwd=hostile.folder, env=_environ(PYTHONPATH=str(installed.folder)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert hostile.notes_taken() == []
    assert run.returncode == (1 if arguments == ["check"] else 0), run.stderr


def test_the_server_runs_nothing_of_the_project(hostile: Hostile) -> None:
    root, uri = hostile.folder.as_uri(), (hostile.folder / "features.py").as_uri()
    text = (hostile.folder / "features.py").read_text(encoding="utf-8")
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    line = text[: text.index("def first(")].count("\n")
    at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": 5}}
    given: dict[str, object] = {
        "processId": None,
        "rootUri": root,
        "capabilities": {},
        "workspaceFolders": [{"uri": root, "name": "x"}],
    }
    asked = ("hover", "definition", "completion", "documentSymbol", "codeLens", "prepareRename")
    messages: list[tuple[str, object]] = [
        ("initialize", given),
        ("initialized", {}),
        ("textDocument/didOpen", {"textDocument": document}),
        *((f"textDocument/{what}", at) for what in asked),
        ("textDocument/rename", {**at, "newName": "primary"}),
        ("shutdown", None),
        ("exit", None),
    ]
    frames = []
    for number, (method, params) in enumerate(messages):
        body: dict[str, object] = {"jsonrpc": "2.0", "method": method, "params": params}
        if not method.endswith(("initialized", "didOpen", "exit")):
            body["id"] = number
        frames.append(json.dumps(body))
    wires = [f"Content-Length: {len(frame.encode())}\r\n\r\n{frame}".encode() for frame in frames]
    for name in ("sitecustomize.py", "usercustomize.py", "encodings/__init__.py"):
        (hostile.folder / name).unlink()
    server = subprocess.Popen(
        [sys.executable, "-m", "dagcheck", "server"],
        cwd=hostile.folder, env=_environ(PYTHONPATH="."), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(b"".join(wires[:-2]))
    server.stdin.flush()
    said = b""
    while said.count(b'"id":') < len(asked) + 2:
        said += (fresh := os.read(server.stdout.fileno(), 65536))
        assert fresh
    _, complaints = server.communicate(b"".join(wires[-2:]), timeout=60)
    assert hostile.notes_taken() == []
    assert server.returncode == 0, complaints.decode()
    assert b"(node) first" in said
