"""How fast is dagcheck against its peers, here and now? Prints the table of ratios of docs/architecture.md.

Ratios of whole processes, wall clock. Both sides of a ratio run in turn, `--rounds` times; the printed ratio is the
median of the ratios of the pairs, so a machine that slows down halfway does not tilt it. Absolute times stand beside
it for the curious and mean nothing elsewhere. `--quick` takes smaller projects and fewer rounds; the verdicts are then
only a hint. Needs the `dev` extra.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from drivers import DriversProject
from generate import CONFIG, write_project
from packages import IMPORTS, PackagesProject
from variants import write_variants

HERE = Path(__file__).resolve().parent
QUICKSTART = HERE.parent / "fixtures" / "quickstart"
PARSE = "import ast, pathlib, sys\nfor p in pathlib.Path(sys.argv[1]).rglob('*.py'): ast.parse(p.read_bytes())"
SURROUNDINGS = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""Packages that were installed have bytecode beside them: compiling dagcheck anew is not what is measured."""
AUTHOR = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]


class Command(NamedTuple):
    """A process to time. `before` runs untimed, each time."""

    arguments: list[str]
    folder: Path
    before: Callable[[], None] = lambda: None
    standard_input: str = ""


class Cost(NamedTuple):
    """Wall clock in seconds and peak resident memory in MiB."""

    seconds: float
    memory: float


class Row(NamedTuple):
    """One line of the table; `must` and `goal` are upper bounds of the ratio."""

    what: str
    subject: Command
    peer_name: str
    peer: Command
    must: float
    goal: float | None = None


def main() -> int:
    """Measure, print, and return 1 if a bound that must hold does not."""
    options = _options()
    nodes, modules = (1_000, 50) if options.quick else (10_000, 500)
    rounds = options.rounds or (3 if options.quick else 7)
    print(
        f"CPython {sys.version.split()[0]}, {os.cpu_count()} cores, {rounds} rounds, {nodes} nodes in {modules} modules\n"
    )
    print(f"{'what':44} {'dagcheck':>9} {'peer':>9}  {'ratio':>6} {'must':>6} {'goal':>6}")
    with tempfile.TemporaryDirectory() as scratch:
        project = Project(Path(scratch, "project"), nodes, modules)
        packages = PackagesProject(Path(scratch, "packages"))
        rows = [*_start_up(), *project.rows(), *_packages(packages), _every_configuration(Path(scratch))]
        rows.append(_drivers(DriversProject(Path(scratch, "drivers"))))
        held = [_measured(row, rounds) for row in rows]
        if not options.no_growth:
            held.append(_growth(Path(scratch), [100, 1_000, 10_000] if options.quick else [1_000, 10_000, 100_000]))
    return int(not all(held))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, help="pairs for each ratio (default 7, with --quick 3)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the nodes")
    parser.add_argument("--no-growth", action="store_true", help="leave out the growth from 1,000 to 100,000 nodes")
    return parser.parse_args()


def _start_up() -> list[Row]:
    check = _check(QUICKSTART)
    bare = Command([sys.executable, "-I", "-c", "pass"], QUICKSTART)
    hamilton = Command([sys.executable, "-c", "import hamilton.driver"], QUICKSTART)
    return [
        Row("check, ten nodes", check, "python -I -c pass", bare, must=8, goal=5),
        Row("check, ten nodes", check, "import hamilton.driver", hamilton, must=0.2),
    ]


def _packages(project: PackagesProject) -> list[Row]:
    """What reading installed packages costs: at first, and when a file was edited."""
    reads, knows = (project.arguments(reads=flag) for flag in (True, False))
    first = Command(reads, project.folder, project.forget)
    imports = Command([sys.executable, "-c", IMPORTS], project.folder)
    edited = [Command(part, project.folder, project.edit) for part in (reads, knows)]
    warm = [Command(part, project.folder) for part in (reads, knows)]
    return [
        Row("first check, packages read", first, "importing them", imports, must=0.5),
        Row("one file edited, packages read", edited[0], "tables alone", edited[1], must=1.15),
        Row("warm check, packages read", warm[0], "tables alone", warm[1], must=1.15),
    ]


class Project:
    """A generated project and the ways to look at it."""

    def __init__(self, folder: Path, nodes: int, modules: int) -> None:
        self.folder = folder
        self.names = write_project(folder, nodes, modules)
        self.edits = 0

    def rows(self) -> list[Row]:
        """The lines of the table that this project gives."""
        cold, warm = self._check(before=self._forget), self._check(before=self._settle)
        edited = self._check(before=self._edit)
        parse = Command([sys.executable, "-c", PARSE, str(self.folder)], self.folder)
        return [
            Row("cold check", cold, "Hamilton, cold", self._hamilton(before=self._forget), must=0.6, goal=0.35),
            Row("cold check", cold, "ast.parse", parse, must=3.5, goal=2),
            Row("warm check, nothing changed", warm, "Hamilton, warm", self._hamilton(), must=0.1),
            Row("warm check, one file edited", edited, "Hamilton, warm", self._hamilton(), must=0.15, goal=0.1),
            Row("impact, one function edited", self._impact(), "Hamilton, warm", self._hamilton(), must=0.2, goal=0.1),
        ]

    def _check(self, before: Callable[[], None]) -> Command:
        return _check(self.folder)._replace(before=before)

    def _impact(self) -> Command:
        """What an edited function reaches, compared with a commit that was compared with before."""
        for arguments in (["init", "--quiet"], ["add", "--all"], [*AUTHOR, "commit", "--quiet", "--message", "before"]):
            subprocess.run(["git", *arguments], cwd=self.folder, check=True)
        command = [sys.executable, "-m", "dagcheck", "impact", "--base", "HEAD"]
        return Command([*command, "--format", "concise"], self.folder, self._edit_and_compare)

    def _edit_and_compare(self) -> None:
        """Edit one function, compare once, and edit it again: what the base comes to is known then."""
        self._edit()
        _run(Command([sys.executable, "-m", "dagcheck", "impact", "--base", "HEAD"], self.folder))
        self._edit()

    def _hamilton(self, before: Callable[[], None] = lambda: None) -> Command:
        arguments = [sys.executable, str(HERE / "hamilton_build.py"), str(self.folder), json.dumps(CONFIG), "-"]
        return Command(arguments, self.folder, before, standard_input="\n".join(self.names))

    def _forget(self) -> None:
        """Drop what a run of either side leaves behind."""
        shutil.rmtree(self.folder / ".dagcheck_cache", ignore_errors=True)
        shutil.rmtree(self.folder / "features" / "__pycache__", ignore_errors=True)

    def _settle(self) -> None:
        """Leave the cache as a run on the same files leaves it."""
        _run(_check(self.folder))

    def _edit(self) -> None:
        """Change the body of one function in the middle of the project, on top of a warm cache."""
        self._settle()
        self.edits += 1
        path = self.folder / (self.names[len(self.names) // 2].replace(".", "/") + ".py")
        head, body = path.read_text(encoding="utf-8").split('of the period."""\n', 1)
        path.write_text(f'{head}of the period."""\n    edit = {self.edits}\n{body}', encoding="utf-8")


def _every_configuration(scratch: Path) -> Row:
    """Five to the power of forty configurations against one: the same functions with their conditions and without."""
    keyed, plain = scratch / "keyed", scratch / "plain"
    write_variants(keyed, keyed=True)
    write_variants(plain, keyed=False)
    arguments = [sys.executable, "-m", "dagcheck", "check", "--no-cache"]
    name = "without keys"
    return Row("check, 40 keys of 5 values", Command(arguments, keyed), name, Command(arguments, plain), must=1.5)


def _drivers(project: DriversProject) -> Row:
    """One of many files that build drivers was edited: the others are not followed again."""
    edited, fresh = _check(project.folder)._replace(before=project.edit), _check(project.folder)
    fresh.arguments.append("--no-cache")
    return Row("one of 300 driver scripts edited", edited, "without a cache", fresh, must=0.7, goal=0.5)


def _check(folder: Path) -> Command:
    return Command([sys.executable, "-m", "dagcheck", "check"], folder)


def _measured(row: Row, rounds: int) -> bool:
    """Run both sides in turn, print the line, and say whether the bound holds."""
    _run(row.subject), _run(row.peer)
    pairs = [(_run(row.subject).seconds, _run(row.peer).seconds) for _ in range(rounds)]
    ratio = median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (f"{median(side) * 1000:.0f} ms" for side in zip(*pairs, strict=True))
    goal = f"{row.goal:6.2f}" if row.goal else " " * 6
    verdict = "" if ratio <= row.must else "  over"
    what = f"{row.what} / {row.peer_name}"
    print(f"{what:44} {ours:>9} {theirs:>9}  {ratio:6.2f} {row.must:6.2f} {goal}{verdict}", flush=True)
    return ratio <= row.must


def _growth(scratch: Path, sizes: list[int]) -> bool:
    """Cold checks of growing projects: the slope of log time against log size, and the memory of the largest."""
    costs = []
    for size in sizes:
        project = Project(scratch / f"growth-{size}", size, max(1, size // 20))
        costs.append(_run(_check(project.folder)))
        shutil.rmtree(project.folder)
    steps = [
        math.log(b.seconds / a.seconds, y / x) for a, b, x, y in zip(costs, costs[1:], sizes, sizes[1:], strict=False)
    ]
    sizes_text = " -> ".join(f"{size:,}" for size in sizes)
    seconds_text = " -> ".join(f"{cost.seconds:.2f} s" for cost in costs)
    print(f"\ngrowth {sizes_text} nodes: {seconds_text}; last exponent {steps[-1]:.2f} (must 1.10)")
    print(f"peak memory at {sizes[-1]:,} nodes: {costs[-1].memory:.0f} MiB (must 1024)")
    return steps[-1] <= 1.1 and costs[-1].memory <= 1024


def _run(command: Command) -> Cost:
    command.before()
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(command.standard_input.encode())
        given.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=SURROUNDINGS,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last_words = said.read().decode()[-2000:]
            raise SystemExit(f"{' '.join(command.arguments)} exited with {process.returncode}:\n{last_words}")
    return Cost(seconds, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
