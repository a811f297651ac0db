from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dagcheck.settings import DataflowSettings, Options, Settings, UsageError
from dagcheck.settings.loading import load_settings, unknown_rules
from dagcheck.span import Location

RULES = ("duplicate-node", "missing-variant", "mutated-input", "conflicting-input-defaults")


def load(root: Path, text: str, name: str = "dagcheck.toml") -> Settings:
    (root / name).write_text(text, encoding="utf-8")
    return load_settings(str(root), RULES)


def mistakes(root: Path, text: str, name: str = "dagcheck.toml") -> list[str]:
    with pytest.raises(UsageError) as caught:
        load(root, text, name)
    return list(caught.value.messages)


# What settings say


def test_a_project_without_settings_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(str(tmp_path), RULES) == Settings()
    assert Settings().fail_on == "error"
    assert Settings().type_check == "hamilton"
    assert Settings().dataflows == ()


def test_a_pyproject_of_others_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, "[tool.ruff]\nselect = ['E']\n# [tool.dagcheck]\n", "pyproject.toml") == Settings()


def test_all_keys_are_read(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    settings = load(
        tmp_path,
        """
        root = ["src"]
        python = ".venv"
        exclude = ["notebooks", "legacy/**"]
        select = ["mutated-input"]
        ignore = ["missing-variant"]
        fail-on = "warning"
        type-check = "strict"
        severity = { conflicting-input-defaults = "info" }
        [per-file-ignores]
        "legacy/**" = ["missing-variant", "duplicate-node"]
        "x.py" = []
        """,
    )
    assert settings == Settings(
        path="dagcheck.toml",
        roots=("src",),
        python=".venv",
        exclude=("notebooks", "legacy/**"),
        select=("mutated-input",),
        ignore=("missing-variant",),
        fail_on="warning",
        type_check="strict",
        severity={"conflicting-input-defaults": "info"},
        per_file_ignores=(("legacy/**", ("missing-variant", "duplicate-node")), ("x.py", ())),
    )


def test_a_dataflow_is_read_with_its_place(tmp_path: Path) -> None:
    text = """
    [tool.dagcheck]
    [[tool.dagcheck.dataflow]]
    name = "training"
    modules = ["features.spend", "features.signups_*"]
    config = { region = "US", depth = 3 }
    final-vars = ["model"]
    inputs = ["raw"]
    overrides = ["spend"]
    allow-module-overrides = true
    owner = "growth"
    [[tool.dagcheck.dataflow]]
    modules = ["m"]
    name = "bare"
    """
    full, bare = load(tmp_path, text, "pyproject.toml").dataflows
    assert full._replace(location=bare.location, places={}) == DataflowSettings(
        name="training",
        modules=("features.spend", "features.signups_*"),
        location=bare.location,
        configs=({"region": "US", "depth": 3},),
        final_vars=("model",),
        inputs=(("raw", None),),
        overrides=("spend",),
        allow_module_overrides=True,
        owner="growth",
    )
    assert bare == DataflowSettings("bare", ("m",), bare.location, places=bare.places)
    assert {key: (place.span.line, place.span.column) for key, place in full.places.items()} == {
        ("modules", "features.spend"): (5, 16),
        ("modules", "features.signups_*"): (5, 34),
        ("config 0", "region"): (6, 16),
        ("config 0", "depth"): (6, 31),
        ("final-vars", "model"): (7, 19),
        ("inputs", "raw"): (8, 15),
        ("overrides", "spend"): (9, 18),
    }
    assert full.place("overrides", "nobody") == full.location
    assert [flow.location.span.line for flow in (full, bare)] == [3, 12]
    assert isinstance(full.location, Location)
    assert full.location.path == "pyproject.toml"


def test_inputs_may_have_types_and_configurations_may_be_several(tmp_path: Path) -> None:
    text = """
    [[dataflow]]
    name = "a"
    modules = ["m"]
    configs = [{ region = "US" }, {}]
    inputs = { raw = "pandas.DataFrame", n = "int" }
    [[dataflow]]
    name = "b"
    modules = ["m"]
    inputs = []
    """
    first, second = load(tmp_path, text).dataflows
    assert first.configs == ({"region": "US"}, {})
    assert first.inputs == (("raw", "pandas.DataFrame"), ("n", "int"))
    assert (second.configs, second.inputs) == (None, ())


def test_the_documentation_shows_every_key(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    text = page.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "src").mkdir()
    rules = ["unused-node", "deprecated-modifier", "conflicting-input-defaults", "missing-variant"]
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    settings = load_settings(str(tmp_path), rules)
    assert [key for key, value in settings._asdict().items() if not value] == []
    assert set(settings.dataflows[0]._asdict()) - {"overrides", "allow_module_overrides"} == {
        key for key, value in settings.dataflows[0]._asdict().items() if value
    }


def test_a_file_of_our_own_wins_over_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.dagcheck]\nfail-on = 'info'\n", encoding="utf-8")
    assert load(tmp_path, "").fail_on == "error"
    (tmp_path / "dagcheck.toml").unlink()
    assert load_settings(str(tmp_path), RULES).fail_on == "info"


def test_windows_newlines_and_a_byte_order_mark_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "dagcheck.toml").write_bytes(b"\xef\xbb\xbffail-on = 'info'\r\nignore = []\r\n")
    assert load_settings(str(tmp_path), RULES).fail_on == "info"


# Mistakes


def test_all_mistakes_are_told_at_once_in_order(tmp_path: Path) -> None:
    text = 'fail_on = "error"\nexclud = []\nselect = ["mutated-inputs"]\nroot = "src"\n'
    assert mistakes(tmp_path, text) == [
        "dagcheck.toml:1:1: unknown key `fail_on`; did you mean `fail-on`?",
        "dagcheck.toml:2:1: unknown key `exclud`; did you mean `exclude`?",
        "dagcheck.toml:3:11: unknown rule `mutated-inputs`; did you mean `mutated-input`?",
        "dagcheck.toml:4:1: `root` must be a list of strings, not a string",
    ]


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("zebra = 1", "1:1: unknown key `zebra`"),
        ("python = 3.11", "1:1: `python` must be a string, not a number"),
        ("exclude = ['a', 1]", "1:1: `exclude` must be a list of strings, not a list with a number"),
        ("exclude = [['a']]", "1:1: `exclude` must be a list of strings, not a list with a list"),
        ("exclude = ['ok', 'a**b']", "1:18: pattern `a**b`: `**` stands for whole folders"),
        ("exclude = ['../up']", "1:12: pattern `../up`: a pattern cannot leave the project folder"),
        ("select = 1979-05-27", "1:1: `select` must be a list of strings, not a date or time"),
        ("ignore = { a = 1 }", "1:1: `ignore` must be a list of strings, not a table"),
        ("ignore = ['zebra']", "1:11: unknown rule `zebra`"),
        ("fail-on = 'fatal'", "1:1: `fail-on` must be one of error, warning, info, not `fatal`"),
        ("fail-on = true", "1:1: `fail-on` must be one of error, warning, info, not a boolean"),
        ("type-check = 'Strict'", "1:1: `type-check` must be one of hamilton, strict, off, not `Strict`"),
        ("severity = 'info'", "1:1: `severity` must be a table of rules, not a string"),
        (
            "severity = { duplicate-node = 'off' }",
            "1:14: `duplicate-node` must be one of error, warning, info, not `off`",
        ),
        (
            "severity = { duplicate-nodes = 'info' }",
            "1:14: unknown rule `duplicate-nodes`; did you mean `duplicate-node`?",
        ),
        ("per-file-ignores = ['x']", "1:1: `per-file-ignores` must be a table of patterns, not a list"),
        ("per-file-ignores = { '[' = [] }", "1:22: pattern `[`: `[` is not closed"),
        ("per-file-ignores = { a = 'x' }", "1:22: `a` must be a list of strings, not a string"),
        ("per-file-ignores = { a = ['x'] }", "1:27: unknown rule `x`"),
        ("root = ['gone']", "1:9: import root `gone`: no such folder"),
        (
            "dataflow = 'x'",
            "1:1: `dataflow` must be a list of tables, each written as [[tool.dagcheck.dataflow]], not a string",
        ),
        (
            "[dataflow]",
            "1:2: `dataflow` must be a list of tables, each written as [[tool.dagcheck.dataflow]], not a table",
        ),
        ("required-tags = 'owner'", "1:1: `required-tags` must be a list of strings, not a string"),
        ("node-names = '[a-z'", "1:1: `node-names` is no regular expression: unterminated character set"),
        (
            "layers = 'raw'",
            "1:1: `layers` must be a list of lists of modules and tags, from the bottom up, not a string",
        ),
        ("layers = ['raw']", "1:11: layer 1 must be a list of strings, not a string"),
        ("layers = [['raw'], [1]]", "1:20: layer 2 must be a list of strings, not a list with a number"),
        ("tool.dagcheck.ignore = []", "1:6: in dagcheck.toml the keys stand at top level, not in [tool.dagcheck]"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, line: str, mistake: str) -> None:
    [found] = mistakes(tmp_path, line + "\n")
    assert found.startswith(f"dagcheck.toml:{mistake}")


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ("modules = ['m']", "1:3: a dataflow needs `name`"),
        ("name = 'x'", "1:3: a dataflow needs `modules`"),
        ("name = ''\nmodules = ['m']", "2:1: a dataflow needs `name`"),
        ("name = 'x'\nmodules = []", "3:1: a dataflow needs `modules`"),
        ("name = 'x'\nmodules = 'm'", "3:1: `modules` must be a list of strings, not a string"),
        ("name = 'x'\nmodules = ['m']\nmodule = 1", "4:1: unknown key `module`; did you mean `modules`?"),
        ("name = 'x'\nmodules = ['m']\nfinal_vars = []", "4:1: unknown key `final_vars`; did you mean `final-vars`?"),
        ("name = 'x'\nmodules = ['m']\nconfig = [{}]", "4:1: `config` must be a table, not a list with a table"),
        ("name = 'x'\nmodules = ['m']\nconfigs = {}", "4:1: `configs` must be a list of tables, not a table"),
        ("name = 'x'\nmodules = ['m']\nconfigs = []", "4:1: `configs` must be a list of tables, not a list"),
        ("name = 'x'\nmodules = ['m']\nconfig = {}\nconfigs = [{}]", "5:1: `config` and `configs` exclude each other"),
        (
            "name = 'x'\nmodules = ['m']\ninputs = 'raw'",
            "4:1: `inputs` must be a list of strings, or a table of types, not a string",
        ),
        (
            "name = 'x'\nmodules = ['m']\ninputs = { raw = 1 }",
            "4:1: `inputs` must be a table of types as strings, not a number",
        ),
        (
            "name = 'x'\nmodules = ['m']\ninputs = { raw = 'list[int' }",
            "4:12: input `raw`: `list[int` is no type: it is no expression",
        ),
        (
            "name = 'x'\nmodules = ['m']\ninputs = { raw = 'f(x)' }",
            "4:12: input `raw`: `f(x)` is no type: only names, brackets and `|` may stand in one",
        ),
        ("name = 'x'\nmodules = ['m']\n[dataflow.inputs]\nraw = '5'", "5:1: input `raw`: `5` is no type"),
        (
            "name = 'x'\nmodules = ['m']\ninputs = { raw = 'Rows' }",
            "4:12: input `raw`: `Rows` is no type: `Rows` is no built-in class; write it with its module, as in `pandas.DataFrame`",
        ),
        (
            "name = 'x'\nmodules = ['m']\nallow-module-overrides = 1",
            "4:1: `allow-module-overrides` must be true or false, not a number",
        ),
        ("name = 1\nmodules = ['m']", "2:1: `name` must be a string, not a number"),
    ],
)
def test_a_mistake_in_a_dataflow_has_its_place(tmp_path: Path, lines: str, mistake: str) -> None:
    [found] = mistakes(tmp_path, f"[[dataflow]]\n{lines}\n")
    assert found == f"dagcheck.toml:{mistake}"


def test_two_dataflows_of_one_name_are_a_mistake_of_the_second(tmp_path: Path) -> None:
    flow = "[[dataflow]]\nname = '{}'\nmodules = ['m']\n"
    text = flow.format("a") + flow.format("b") + flow.format("a")
    assert mistakes(tmp_path, text) == ["dagcheck.toml:8:1: a dataflow called `a` is there already, in line 1"]


def test_two_dataflows_of_one_name_in_one_line_are_a_mistake_as_well(tmp_path: Path) -> None:
    text = "dataflow = [{ name = 'a', modules = ['m'] }, { name = 'a', modules = ['n'] }]\n"
    assert mistakes(tmp_path, text) == ["dagcheck.toml:1:48: a dataflow called `a` is there already, in line 1"]


def test_places_in_pyproject_are_those_of_the_whole_file(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\n\n[tool.dagcheck]\nselect = []\nexclde = []\n"
    assert mistakes(tmp_path, text, "pyproject.toml") == [
        "pyproject.toml:6:1: unknown key `exclde`; did you mean `exclude`?"
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("select = [\n", "2:1: "),
        ("a = 1\nb = \n", "2:5: invalid value"),
        ("a = 1\na = 2\n", "2:6: cannot overwrite a value"),
        ("x y = 1\n", "1:3: expected '=' after a key"),
    ],
)
def test_a_fault_in_the_syntax_has_its_place(tmp_path: Path, text: str, place: str) -> None:
    [found] = mistakes(tmp_path, text)
    assert found.startswith(f"dagcheck.toml:{place}")


def test_a_file_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "dagcheck.toml").write_bytes(b"a = 1\nb = '\xe9'\n")
    with pytest.raises(UsageError, match=r"^dagcheck.toml:2:1: no UTF-8$"):
        load_settings(str(tmp_path), RULES)


def test_a_file_nested_too_deeply_is_told(tmp_path: Path) -> None:
    [found] = mistakes(tmp_path, f"a = {'[' * 50_000}{']' * 50_000}\n")
    assert "nested too deeply" in found


def test_rules_of_the_command_line_are_checked_the_same_way() -> None:
    assert unknown_rules(["duplicate-node", "missing-varient", "zebra"], RULES) == [
        "unknown rule `missing-varient`; did you mean `missing-variant`?",
        "unknown rule `zebra`",
    ]


def test_a_usage_error_prints_one_line_a_mistake() -> None:
    assert str(UsageError("a", "b")) == "a\nb"


def test_options_are_empty_by_default() -> None:
    options = Options()
    assert (options.config, options.paths, options.use_cache, options.type_check) == (None, (), True, None)


def test_a_project_without_settings_loads_no_toml_reader(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    script = (
        "import sys; from dagcheck.settings.loading import load_settings; load_settings(sys.argv[1], ())\n"
        "print(sorted({'tomllib', 'tomli', 'json', 'difflib'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", script, str(tmp_path)]
    assert subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout == "[]\n"
