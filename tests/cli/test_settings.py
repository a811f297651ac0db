"""Is each key of the settings effective? Whole projects, each with what one key changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.harness.analysis import Answer, run

SPEND = """\
from hamilton.function_modifiers import config


@config.when(region="US")
def tax__us(price: float) -> float:
    return price * 0.07


@config.when(region="EU")
def tax__eu(price: float) -> float:
    return price * 0.2


def total(price: float, tax: float) -> int:
    return 1
"""

MODEL = """\
def model(total: str) -> float:
    return 1.0
"""

DATAFLOW = """\
[[dataflow]]
name = "sales"
modules = ["spend", "model"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two modules: a mismatch of types between them, and a node without a variant for every region."""
    (tmp_path / "spend.py").write_text(SPEND, encoding="utf-8")
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    return tmp_path


def check(project: Path, settings: str, *arguments: str) -> Answer:
    (project / "dagcheck.toml").write_text(settings, encoding="utf-8")
    return run(["check", "--project", str(project), "--no-cache", "--format", "json", *arguments])


def found(answer: Answer) -> list[tuple[str, str]]:
    """The rules and places of the findings."""
    assert answer.status in {0, 1}, answer.stderr
    return [(item["rule"], f"{item['path']}:{item['line']}") for item in json.loads(answer.stdout)["diagnostics"]]


def graphs(project: Path, settings: str, *arguments: str) -> list[Mapping[str, Any]]:
    (project / "dagcheck.toml").write_text(settings, encoding="utf-8")
    answer = run(["graph", "--project", str(project), "--no-cache", "--format", "json", *arguments])
    assert answer.status == 0, answer.stderr
    dataflows: list[Mapping[str, Any]] = json.loads(answer.stdout)["dataflows"]
    return dataflows


MISMATCH = ("type-mismatch", "model.py:1")


def test_modules_of_a_dataflow_are_checked_together(project: Path) -> None:
    assert found(check(project, DATAFLOW)) == [MISMATCH]
    assert MISMATCH not in found(check(project, ""))


def test_fail_on_says_which_findings_fail(project: Path) -> None:
    quiet = 'severity = { type-mismatch = "info" }\n' + DATAFLOW
    assert check(project, quiet).status == 0
    assert check(project, 'fail-on = "info"\n' + quiet).status == 1
    assert check(project, 'fail-on = "info"\n' + quiet, "--fail-on", "error").status == 0


def test_severity_is_what_the_settings_say(project: Path) -> None:
    answer = check(project, 'severity = { type-mismatch = "warning" }\n' + DATAFLOW)
    assert [item["severity"] for item in json.loads(answer.stdout)["diagnostics"]] == ["warning"]


def test_rules_can_be_ignored_and_selected_again(project: Path) -> None:
    settings = 'ignore = ["type-mismatch"]\n' + DATAFLOW
    assert found(check(project, settings)) == []
    assert found(check(project, settings, "--select", "type-mismatch")) == [MISMATCH]


def test_a_rule_that_is_off_speaks_where_it_is_selected(project: Path) -> None:
    settings = DATAFLOW + 'final-vars = ["total"]\nconfig = { region = "US" }\n'
    assert "unused-node" not in {rule for rule, _ in found(check(project, settings))}
    assert ("unused-node", "model.py:1") in found(check(project, 'select = ["unused-node"]\n' + settings))


def test_rules_can_be_ignored_in_some_files(project: Path) -> None:
    ignored = '\n[per-file-ignores]\n"{}" = ["type-mismatch"]\n'
    assert found(check(project, DATAFLOW + ignored.format("mod*.py"))) == []
    assert found(check(project, DATAFLOW + ignored.format("spend.py"))) == [MISMATCH]


def test_types_may_go_unchecked(project: Path) -> None:
    assert found(check(project, 'type-check = "off"\n' + DATAFLOW)) == []
    assert found(check(project, 'type-check = "off"\n' + DATAFLOW, "--type-check", "hamilton")) == [MISMATCH]


def test_excluded_files_are_not_read(project: Path) -> None:
    (project / "broken.py").write_text("def f(:\n", encoding="utf-8")
    assert ("syntax-error", "broken.py:1") in found(check(project, DATAFLOW))
    assert found(check(project, 'exclude = ["broken.py"]\n' + DATAFLOW)) == [MISMATCH]


def test_modules_are_found_below_the_roots(project: Path) -> None:
    (project / "code").mkdir()
    for name in ("spend.py", "model.py"):
        (project / name).rename(project / "code" / name)
    assert check(project, DATAFLOW).status == 2
    assert found(check(project, 'root = ["code"]\n' + DATAFLOW)) == [("type-mismatch", "code/model.py:1")]


def test_python_says_which_packages_are_foreign(project: Path) -> None:
    packages = project / "env" / "lib" / "python3.11" / "site-packages"
    (packages / "shop").mkdir(parents=True)
    (packages / "shop" / "__init__.py").write_text("class Cart: ...\n", encoding="utf-8")
    (project / "env" / "pyvenv.cfg").write_text("version = 3.11.4\n", encoding="utf-8")
    (project / "model.py").write_text(
        "import shop\n\n\ndef cart() -> shop.Cart:\n    return shop.Cart()\n\n\ndef model(cart: int) -> int:\n    return 1\n",
        encoding="utf-8",
    )
    assert found(check(project, DATAFLOW)) == []
    assert found(check(project, 'python = "env"\n' + DATAFLOW)) == [("type-mismatch", "model.py:8")]


def test_a_configuration_fixes_the_variants(project: Path) -> None:
    (flow,) = graphs(project, DATAFLOW + 'config = { region = "US" }\n')
    assert flow["config"] == {"region": "US"}
    assert [node["line"] for node in flow["nodes"] if node["name"] == "tax"] == [5]
    (free,) = graphs(project, DATAFLOW)
    assert [node["line"] for node in free["nodes"] if node["name"] == "tax"] == [10, 5, None]


def test_several_configurations_are_checked_each(project: Path) -> None:
    settings = DATAFLOW + 'configs = [{ region = "US" }, { region = "UK" }]\n'
    assert [flow["config"] for flow in graphs(project, settings)] == [{"region": "US"}, {"region": "UK"}]
    answer = check(project, settings)
    assert found(answer) == [MISMATCH, ("missing-variant", "spend.py:14")]
    assert json.loads(answer.stdout)["diagnostics"][1]["config"] == {"region": "UK"}


def test_the_command_line_wins_over_the_configuration(project: Path) -> None:
    (flow,) = graphs(project, DATAFLOW + 'config = { region = "US" }\n', "--config", "region=EU")
    assert flow["config"] == {"region": "EU"}


def test_outputs_that_are_asked_for_must_be_there(project: Path) -> None:
    settings = DATAFLOW + 'final-vars = [\n  "total",\n  "modle",\n]\n'
    assert ("unknown-output", "dagcheck.toml:6") in found(check(project, settings))


def test_the_inputs_are_complete(project: Path) -> None:
    settings = DATAFLOW + 'config = { region = "US" }\n'
    assert found(check(project, settings + 'inputs = ["price"]\n')) == [MISMATCH]
    assert ("unresolved-input", "spend.py:5") in found(check(project, settings + 'inputs = ["cost"]\n'))
    assert ("unresolved-input", "spend.py:5") in found(check(project, settings + "inputs = {}\n"))
    assert found(check(project, settings + '[dataflow.inputs]\nprice = "float"\n')) == [MISMATCH]


def test_types_of_inputs_are_compared_with_their_readers(project: Path) -> None:
    settings = DATAFLOW + 'overrides = ["model"]\n[dataflow.inputs]\nprice = "{}"\n'
    fault = ("input-value-type", "dagcheck.toml:6")
    assert found(check(project, settings.format("int"))).count(fault) == 2
    assert fault not in found(check(project, settings.format("float")))
    assert fault not in found(check(project, 'type-check = "off"\n' + settings.format("int")))
    answer = check(project, settings.format("somewhere.Price"))
    assert "nothing is known of `somewhere.Price`" in answer.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spend.Price", "`spend.Price` is no type: module `spend` does not define `Price`"),
        ("spend.total", "`spend.total` is no type: it is a value"),
        ("datetime.datetim", "`datetime.datetim` is no type: `datetime` has no `datetim`"),
        ("int[str]", "`int[str]` is no type: `int` takes no type arguments"),
        ("typing.Optional", "`typing.Optional` is no type"),
    ],
)
def test_what_is_no_type_is_told_with_its_place(project: Path, text: str, words: str) -> None:
    answer = check(project, DATAFLOW + f'inputs = {{ price = "{text}" }}\n')
    assert (answer.status, answer.stdout) == (2, "")
    assert answer.stderr.splitlines() == [f"dagcheck: dagcheck.toml:4:12: input `price`: {words}"]


def test_what_is_overridden_needs_no_variant(project: Path) -> None:
    settings = DATAFLOW + 'config = { region = "UK" }\n'
    assert ("missing-variant", "spend.py:14") in found(check(project, settings))
    assert found(check(project, settings + 'overrides = ["tax"]\n')) == [MISMATCH]


def test_later_modules_may_override_earlier_ones(project: Path) -> None:
    (project / "model.py").write_text(SPEND.partition("def total")[2].join(["def total", ""]), encoding="utf-8")
    assert ("duplicate-node", "model.py:1") in found(check(project, DATAFLOW))
    assert found(check(project, DATAFLOW + "allow-module-overrides = true\n")) == []


@pytest.mark.parametrize("pattern", ["parts.*", "parts/*.py", "parts.[!t]*"])
def test_a_glob_means_modules_by_name_or_path(project: Path, pattern: str) -> None:
    (project / "parts").mkdir()
    for name in ("spend.py", "model.py"):
        (project / name).rename(project / "parts" / name)
    (project / "parts" / "test_spend.py").write_text("def test_total() -> None: ...\n", encoding="utf-8")
    (flow,) = graphs(project, f'[[dataflow]]\nname = "sales"\nmodules = ["{pattern}"]\n')
    assert [module["path"] for module in flow["modules"]] == ["parts/model.py", "parts/spend.py"]


def test_a_module_that_is_not_there_is_told_with_its_place(project: Path) -> None:
    answer = check(project, '[[dataflow]]\nname = "sales"\nmodules = [\n  "spend",\n  "modle",\n  "nowhere.*",\n]\n')
    assert answer.status == 2
    assert answer.stderr.splitlines() == [
        "dagcheck: dagcheck.toml:5:3: dataflow `sales` names module `modle`, which is not there; did you mean `model`?",
        "dagcheck: dagcheck.toml:6:3: dataflow `sales` names module `nowhere.*`, which is not there",
    ]


def test_keys_of_the_configuration_are_compared_with_what_variants_ask_for(project: Path) -> None:
    answer = check(project, DATAFLOW + '[dataflow.config]\nregoin = "US"\n')
    assert ("unknown-config", "dagcheck.toml:5") in found(answer)
