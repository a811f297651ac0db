"""What the command line does whatever the command: names, mistakes, endings, streams."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dagcheck
from dagcheck import cli
from dagcheck.cli import check as command
from dagcheck.cli import output
from dagcheck.settings import Options, UsageError
from tests.cli.findings import Finds, finding, finds, result
from tests.harness.analysis import run

__all__ = ["finds"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dagcheck_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
    return subprocess.run(
        [sys.executable, "-m", "dagcheck", *arguments],
        capture_output=True,
        check=False,
        env={**clean, **environment},
        timeout=60,
    )


def test_check_is_the_default_command(finds: Finds, folder: Path) -> None:
    asked = finds(result())
    (folder / "src").mkdir()
    for arguments in ([], ["src"], ["--pedantic"], ["--pedantic", "src"], ["--", "src"], ["check", "src"]):
        assert run(arguments).status == 0
    assert [(options.paths, options.pedantic) for options in asked] == [
        ((), False),
        (("src",), False),
        ((), True),
        (("src",), True),
        (("src",), False),
        (("src",), False),
    ]


@pytest.mark.parametrize("word", ["chekc", "rules", "Check"])
def test_an_unknown_command_names_the_known_ones(folder: Path, word: str) -> None:
    known = ", ".join(cli.COMMANDS)
    assert run([word]) == (2, "", f"dagcheck: unknown command {word!r}; the commands are {known}\n")


def test_a_folder_with_the_name_of_a_later_command_needs_check(
    finds: Finds, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_LATER", {"later"})
    asked = finds(result())
    (folder / "later").mkdir()
    (folder / "plain").mkdir()
    answer = run(["later"])
    assert answer.status == 2
    assert "dagcheck check later" in answer.stderr
    assert run(["check", "later"]).status == run(["plain"]).status == 0
    assert [options.paths for options in asked] == [("later",), ("plain",)]


def test_paths_that_do_not_exist_are_all_named(folder: Path) -> None:
    answer = run(["check", "a.py", "b/"])
    assert (answer.status, answer.stdout) == (2, "")
    assert answer.stderr == "dagcheck: no such file or folder: a.py\ndagcheck: no such file or folder: b/\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["--form", "json"], "unrecognized arguments: --form"),
        (["--jobs", "0"], "argument --jobs: expected a number above 0, not '0'"),
        (["--jobs", "many"], "argument --jobs: expected a number above 0, not 'many'"),
        (["--project"], "argument --project: expected one argument"),
        (["--output", "json"], "--output json: expected FORMAT:FILE, FORMAT one of full, concise, json"),
        (["--output", "xml:f"], "--output xml:f: expected FORMAT:FILE"),
        (["--output", "json:"], "--output json:: expected FORMAT:FILE"),
        (["--output", "json:-"], "--output json:-: expected FORMAT:FILE"),
        (["--config", "novalue"], "novalue"),
        (["--config-file", "none.json"], "none.json"),
        (["graph", "--fail-on", "error"], "unrecognized arguments: --fail-on"),
        (["graph", "node"], "unrecognized arguments: node"),
        (["rule", "a", "b"], "unrecognized arguments: b"),
    ],
)
def test_a_mistake_is_one_line_on_stderr_and_status_2(folder: Path, arguments: list[str], words: str) -> None:
    answer = run(arguments)
    assert (answer.status, answer.stdout) == (2, "")
    assert words in answer.stderr
    assert answer.stderr.startswith("dagcheck: ")
    assert answer.stderr.count("\n") == 1


def test_usage_errors_of_the_analysis_are_told_one_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Options) -> None:
        raise UsageError("pyproject.toml:3:1: unknown key `rot`", "pyproject.toml:4:1: `select` is a list")

    monkeypatch.setattr(command, "check", refuse)
    lines = ["dagcheck: pyproject.toml:3:1: unknown key `rot`", "dagcheck: pyproject.toml:4:1: `select` is a list"]
    assert run([]) == (2, "", "".join(f"{line}\n" for line in lines))


def test_an_internal_error_is_one_honest_line_unless_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Options) -> None:
        raise ValueError("some\nthing")

    monkeypatch.setattr(command, "check", fail)
    monkeypatch.setenv("DAGCHECK_DEBUG", "")
    error = io_of(["check"])
    assert error.startswith("dagcheck: internal error: ValueError: some thing (test_usage.py:")
    assert error.count("\n") == 2
    assert "DAGCHECK_DEBUG=1" in error
    assert "Traceback" not in error
    monkeypatch.setenv("DAGCHECK_DEBUG", "1")
    assert io_of(["check"]).startswith("Traceback")


def io_of(arguments: list[str]) -> str:
    """What the command, ending with status 2, writes to stderr, with the environment as it is."""
    import io

    error = io.StringIO()
    with contextlib.redirect_stderr(error):
        assert cli.main(arguments) == 2
    return error.getvalue()


def test_an_interruption_is_status_130_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: Options) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "check", interrupt)
    assert run([]) == (130, "", "")


def test_help_and_version_are_answers() -> None:
    assert run(["--version"]) == (0, f"dagcheck {dagcheck.__version__}\n", "")
    overview = run(["--help"])
    assert (overview.status, overview.stderr) == (0, "")
    assert all(f"\n  {name} " in overview.stdout for name in cli.COMMANDS)
    assert max(map(len, overview.stdout.splitlines())) <= 100
    for name in cli.COMMANDS:
        text = run([name, "--help"])
        assert (text.status, text.stderr) == (0, "")
        assert text.stdout.startswith(f"usage: dagcheck {name} ")


def test_a_reader_that_stops_reading_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "dagcheck", "rule"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_a_broken_pipe_keeps_the_status_of_the_findings(finds: Finds, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return False

        def write(self, _: str) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            raise OSError

    finds(result(finding()))
    monkeypatch.setattr(sys, "stdout", Broken())
    assert cli.main([]) == 1


def test_a_full_disk_is_an_error() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dagcheck", "rule"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_without_stdout_and_stderr_the_status_remains() -> None:
    code = "import sys; sys.stdout = sys.stderr = None\nfrom dagcheck.cli import main\nsys.exit(main(['rule', 'nonsense']))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_no_encoding_of_the_terminal_is_too_small(encoding: str) -> None:
    done = dagcheck_process("rule", "näme→", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 2
    assert done.stderr.decode(encoding).startswith("dagcheck: unknown rule 'n")


@pytest.mark.parametrize(
    ("choice", "environment", "has_color"),
    [
        ("auto", {}, False),
        ("always", {}, True),
        ("always", {"NO_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "0"}, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_a_choice_then_the_environment_then_the_terminal(
    monkeypatch: pytest.MonkeyPatch, choice: str, environment: dict[str, str], has_color: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.screen(choice).has_color is has_color


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of Unix")
@pytest.mark.parametrize(
    ("environment", "is_colored"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)],
    ids=["colour terminal", "dumb terminal", "NO_COLOR"],
)
def test_a_terminal_gets_full_findings_in_colour_if_it_can(
    tmp_path: Path, environment: dict[str, str], is_colored: bool
) -> None:
    (tmp_path / "broken.py").write_text("x = 1\ndef f(:\n")
    shown = on_a_terminal(["check", "--project", str(tmp_path), "--no-cache"], environment, columns=50)
    assert " --> " in shown
    assert "2 | " in shown
    assert "def f(:" in shown
    assert ("\x1b[1;31m" in shown) == is_colored
    assert ("\x1b" in shown) == is_colored


def on_a_terminal(arguments: list[str], environment: dict[str, str], columns: int) -> str:
    """What a process writes to a pseudo-terminal of so many columns."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    hidden = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"}
    clean = {name: value for name, value in os.environ.items() if name not in hidden}
    process = subprocess.Popen(
        [sys.executable, "-m", "dagcheck", *arguments],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**clean, **environment},
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says EIO at the end
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    process.wait(60)
    return shown.decode()
