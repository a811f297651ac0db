"""`dagcheck check`: what goes where, in which form, with which status."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from dagcheck.diagnostics import Severity
from tests.cli.findings import Finds, finding, finds, result
from tests.harness.analysis import run

__all__ = ["finds"]

CONCISE = "spend.py:2:5: error[duplicate-node] two functions make the node `spend`\n"
FULL = """\
error[duplicate-node]: two functions make the node `spend`
 --> spend.py:2:5
  |
1 | def spend(raw: int) -> int:
  |     ----- made here
2 | def spend(raw: str) -> int:
  |     ^^^^^ made again here
  |

"""
SUMMARY = "Found 1 error in 1 file, 1 dataflow, 3 nodes.\n"


def test_findings_go_to_stdout_and_the_rest_to_stderr(finds: Finds) -> None:
    finds(result(finding(), notes=("something to know",)))
    assert run(["check"]) == (1, CONCISE, f"something to know\n{SUMMARY}")


def test_nothing_found_is_silent_on_stdout_and_status_0(finds: Finds) -> None:
    finds(result())
    for form in ("full", "concise"):
        assert run(["--format", form]) == (0, "", "Checked 1 file, 1 dataflow, 3 nodes: no findings.\n")


def test_each_format_goes_to_stdout_when_asked_for(finds: Finds) -> None:
    finds(result(finding()))
    assert run(["--format", "full"]).stdout == FULL
    assert run(["--format", "concise"]).stdout == CONCISE
    document = json.loads(run(["--format", "json"]).stdout)
    assert [row["rule"] for row in document["diagnostics"]] == ["duplicate-node"]
    assert document["summary"]["findings"] == {"error": 1, "warning": 0, "info": 0}
    assert run(["--format", "json"]).stderr == SUMMARY


@pytest.mark.parametrize(
    ("worst", "limit", "status"),
    [
        ("error", "error", 1),
        ("warning", "error", 0),
        ("warning", "warning", 1),
        ("info", "warning", 0),
        ("info", "info", 1),
        ("error", "info", 1),
    ],
)
def test_the_status_follows_fail_on_from_settings_or_command_line(
    finds: Finds, worst: Severity, limit: Severity, status: int
) -> None:
    finds(result(finding(worst), fail_on=limit))
    assert run([]).status == status
    finds(result(finding(worst), fail_on="error"))
    assert run(["--fail-on", limit]).status == status
    assert run(["--fail-on", limit, "--exit-zero"]).status == 0


def test_statistics_count_rules_on_stderr(finds: Finds) -> None:
    finds(result(finding(), finding("warning", "hidden-node"), finding()))
    answer = run(["--statistics", "--format", "json"])
    assert len(json.loads(answer.stdout)["diagnostics"]) == 3
    assert answer.stderr.startswith("2 error   duplicate-node\n1 warning hidden-node\nFound 2 errors and 1 warning in")


def test_output_writes_files_as_well(finds: Finds, tmp_path: Path) -> None:
    finds(result(finding()))
    files = {form: tmp_path / f"findings.{form}" for form in ("json", "full", "concise")}
    answer = run([f"--output={form}:{path}" for form, path in files.items()] + ["--color", "always"])
    assert "\x1b[1;31m" in answer.stdout
    assert files["concise"].read_text() == CONCISE
    assert files["full"].read_text() == FULL
    assert json.loads(files["json"].read_text())["schema_version"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["findings.concise", "findings.full", "findings.json"]


def test_a_file_is_replaced_whole_and_keeps_its_mode_and_its_links(finds: Finds, tmp_path: Path) -> None:
    finds(result(finding()))
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old and much longer than what will be written " * 100)
    target.chmod(0o640)
    link.symlink_to(target)
    run(["--output", f"concise:{link}"])
    assert target.read_text() == CONCISE
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_device_is_written_to_not_replaced(finds: Finds) -> None:
    finds(result(finding()))
    assert run(["--output", f"json:{os.devnull}"]).status == 1
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


def test_a_file_that_cannot_be_written_is_status_2_after_the_findings(finds: Finds, tmp_path: Path) -> None:
    finds(result(finding()))
    answer = run(["--output", f"json:{tmp_path / 'no' / 'folder.json'}"])
    assert (answer.status, answer.stdout) == (2, CONCISE)
    assert answer.stderr.startswith("dagcheck: cannot write ")
    assert list(tmp_path.iterdir()) == []


def test_every_option_reaches_the_analysis(finds: Finds, tmp_path: Path) -> None:
    asked = finds(result())
    settings = tmp_path / "config.json"
    settings.write_text('{"region": "UK", "size": 3}')
    line = (
        f"{tmp_path} --project p --root a --root b --module m --module n.py --assume x=1 --allow-module-overrides "
        f"--type-check strict --dataflow training --python .venv --select a,b --select c --ignore d,e --pedantic "
        f"--no-cache --cache-dir k --jobs 2 {settings}"
    )
    assert run(line.split()).status == 0
    (options,) = asked
    assert options._asdict() == {
        "project": "p",
        "roots": ("a", "b"),
        "modules": ("m", "n.py"),
        "paths": (str(tmp_path), str(settings)),
        "config": None,
        "assume": {"x": 1},
        "final_vars": None,
        "inputs": None,
        "overrides": None,
        "allow_module_overrides": True,
        "type_check": "strict",
        "dataflow": "training",
        "python": ".venv",
        "select": ("a", "b", "c"),
        "ignore": ("d", "e"),
        "pedantic": True,
        "use_cache": False,
        "cache_dir": "k",
        "jobs": 2,
        "locks": None,
    }


def test_a_configuration_is_fixed_by_mapping_pairs_or_file(finds: Finds, tmp_path: Path) -> None:
    asked = finds(result())
    path = tmp_path / "config.json"
    path.write_text('{"region": "UK", "size": 3}')
    run(["--config", '{"region": "US"}', "--config", "debug=true"])
    run(["--config-file", str(path)])
    run(["--config-file", str(path), "--config", "size=4"])
    run(["--config", "{}"])
    run([])
    assert [options.config for options in asked] == [
        {"region": "US", "debug": True},
        {"region": "UK", "size": 3},
        {"region": "UK", "size": 4},
        {},
        None,
    ]


def test_a_context_of_hamiltons_own_command_line_says_what_is_asked_of_the_run(finds: Finds, tmp_path: Path) -> None:
    asked = finds(result())
    path = tmp_path / "context.json"
    context = {"HAMILTON_CONFIG": {"a": 1}, "HAMILTON_FINAL_VARS": ["model"], "HAMILTON_INPUTS": {"raw": 1}}
    path.write_text(json.dumps(context))
    run(["--config-file", str(path)])
    (options,) = asked
    assert (options.config, options.final_vars, options.inputs, options.overrides) == (
        {"a": 1},
        ("model",),
        ("raw",),
        None,
    )
