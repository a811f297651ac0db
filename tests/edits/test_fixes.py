"""Does each fix mend its finding, and nothing else? Files go in, the command runs, bytes come out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.harness.analysis import run

HEAD = "from hamilton.function_modifiers import tag\n\n\n@tag(team='a')\ndef first(raw: int) -> int:\n    return raw\n"


def command(folder: Path, *arguments: str) -> str:
    """`dagcheck check` in a folder: what it prints."""
    answer = run(["check", "--project", str(folder), "--no-cache", "--jobs", "1", *arguments])
    assert answer.status in (0, 1), answer.stderr
    return answer.stdout


def written(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Put files into a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)


def rules(folder: Path) -> list[str]:
    """The rules of the findings."""
    return [each["rule"] for each in json.loads(command(folder, "--format", "json"))["diagnostics"]]


def fixed(folder: Path, text: str | bytes, *options: str) -> str:
    """The text of one module after `--fix`; afterwards there is nothing more to fix."""
    written(folder, {"flow.py": text})
    command(folder, "--fix", *options)
    after = (folder / "flow.py").read_bytes()
    command(folder, "--fix", *options)
    assert (folder / "flow.py").read_bytes() == after
    return after.decode("utf-8", "surrogateescape")


# --- annotations


def test_a_parameter_gets_the_type_of_the_node_that_it_reads(tmp_path: Path) -> None:
    after = fixed(tmp_path, HEAD + "\n\ndef second(first, other: int = 3) -> int:\n    return first\n")
    assert after == HEAD + "\n\ndef second(first: int, other: int = 3) -> int:\n    return first\n"
    assert rules(tmp_path) == []


def test_a_parameter_with_a_default_keeps_it(tmp_path: Path) -> None:
    after = fixed(tmp_path, HEAD + "\n\ndef second(first=3) -> int:\n    return first\n")
    assert "def second(first: int=3) -> int:" in after


def test_a_parameter_of_an_input_stays_as_it_is(tmp_path: Path) -> None:
    text = HEAD + "\n\ndef second(nobody) -> int:\n    return 1\n"
    assert fixed(tmp_path, text, "--unsafe-fixes") == text
    assert rules(tmp_path) == ["missing-parameter-type"]


def test_the_import_that_an_annotation_needs_is_written_below_the_others(tmp_path: Path) -> None:
    other = "import pandas as pd\n\nimport flow\n\n\ndef second(first) -> pd.Series:\n    return first\n\n\ndef third(second: pd.Series) -> int:\n    return 1\n"
    first = "import decimal\n\nfrom hamilton.function_modifiers import tag\n\n\n@tag(team='a')\ndef first(raw: int) -> decimal.Decimal:\n    return decimal.Decimal(raw)\n"
    script = "import flow\nimport more\nfrom hamilton import driver\n\ndriver.Builder().with_modules(flow, more).build().execute(['third'])\n"
    written(tmp_path, {"flow.py": first, "more.py": other, "run.py": script})
    command(tmp_path, "--fix")
    after = (tmp_path / "more.py").read_text(encoding="utf-8")
    assert after == other.replace("import flow\n", "import flow\nimport decimal\n").replace(
        "(first)", "(first: decimal.Decimal)"
    )


def test_a_name_that_means_something_else_here_is_not_annotated(tmp_path: Path) -> None:
    first = "import decimal as money\n\nfrom hamilton.function_modifiers import tag\n\n\n@tag(team='a')\ndef first(raw: int) -> money.Decimal:\n    return raw\n"
    other = "import fractions as money\n\n\ndef second(first) -> money.Fraction:\n    return first\n"
    script = "import flow\nimport more\nfrom hamilton import driver\n\ndriver.Builder().with_modules(flow, more).build().execute(['second'])\n"
    written(tmp_path, {"flow.py": first, "more.py": other, "run.py": script})
    command(tmp_path, "--fix", "--unsafe-fixes")
    assert (tmp_path / "more.py").read_text(encoding="utf-8") == other


def test_a_return_type_is_a_guess(tmp_path: Path) -> None:
    text = (
        HEAD
        + "\n\ndef second(first: int):  # why\n    return first\n\n\ndef third(second: float) -> int:\n    return 1\n"
    )
    assert fixed(tmp_path, text) == text
    assert fixed(tmp_path, text, "--unsafe-fixes") == text.replace("first: int):", "first: int) -> float:")
    assert rules(tmp_path) == []


def test_a_return_type_goes_behind_the_parameters_wherever_they_end(tmp_path: Path) -> None:
    text = (
        HEAD
        + "\n\ndef second(\n    first: int,  # a: comment)\n    table: dict[str, int] = {'a': 1},\n):\n    return first\n\n\ndef third(second: int) -> int:\n    return 1\n"
    )
    assert fixed(tmp_path, text, "--unsafe-fixes") == text.replace("\n):\n", "\n) -> int:\n")


def test_readers_that_do_not_agree_give_no_return_type(tmp_path: Path) -> None:
    text = (
        HEAD
        + "\n\ndef second(first: int):\n    return first\n\n\ndef third(second: float) -> int:\n    return 1\n\n\ndef fourth(second: int) -> int:\n    return 1\n"
    )
    assert fixed(tmp_path, text, "--unsafe-fixes") == text


# --- names


def test_a_misspelt_parameter_of_a_modifier_is_a_guess(tmp_path: Path) -> None:
    text = "from hamilton.function_modifiers import parameterize, value\n\n\n@parameterize(a={'spnd': value(1)})\ndef f(spend: int) -> int:\n    return spend\n"
    assert fixed(tmp_path, text) == text
    assert fixed(tmp_path, text, "--unsafe-fixes") == text.replace("'spnd'", "'spend'")
    assert rules(tmp_path) == []


def test_a_misspelt_output_is_corrected_in_the_call_of_the_driver(tmp_path: Path) -> None:
    script = "import flow\nfrom hamilton import driver\n\ndriver.Builder().with_modules(flow).build().execute(['frist'], inputs={'raw': 1})\n"
    written(tmp_path, {"flow.py": HEAD, "run.py": script})
    command(tmp_path, "--fix")
    assert (tmp_path / "run.py").read_text(encoding="utf-8") == script
    command(tmp_path, "--fix", "--unsafe-fixes")
    assert (tmp_path / "run.py").read_text(encoding="utf-8") == script.replace("frist", "first")


def test_a_name_like_no_other_stays(tmp_path: Path) -> None:
    script = "import flow\nfrom hamilton import driver\n\ndriver.Builder().with_modules(flow).build().execute(['elephant'], inputs={'raw': 1})\n"
    written(tmp_path, {"flow.py": HEAD, "run.py": script})
    command(tmp_path, "--fix", "--unsafe-fixes")
    assert (tmp_path / "run.py").read_text(encoding="utf-8") == script


# --- deprecated modifiers

INPUTS = "{{'tv': ('tv_share', 'of television'), 'web': ('web_share', 'of the web')}}"
BODY = "def share(spend: int) -> int:\n    return spend\n"
IMPORT = "from hamilton.function_modifiers import "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            f"{IMPORT}parametrized\n\n\n@parametrized('spend', {{('a', 'doc'): 1}})\n{BODY}",
            f"{IMPORT}parameterize_values\n\n\n@parameterize_values('spend', {{('a', 'doc'): 1}})\n{BODY}",
            id="parametrized",
        ),
        pytest.param(
            f"{IMPORT}parameterized_inputs\n\n\n@parameterized_inputs(a={{'spend': 'tv'}})\n{BODY}",
            f"{IMPORT}parameterize_sources\n\n\n@parameterize_sources(a={{'spend': 'tv'}})\n{BODY}",
            id="parameterized_inputs",
        ),
        pytest.param(
            f"{IMPORT}pipe, step\n\n\ndef _twice(x: int) -> int:\n    return 2 * x\n\n\n@pipe(step(_twice))\n{BODY}",
            f"{IMPORT}pipe_input, step\n\n\ndef _twice(x: int) -> int:\n    return 2 * x\n\n\n@pipe_input(step(_twice))\n{BODY}",
            id="pipe",
        ),
        pytest.param(
            f"{IMPORT}parametrized_input\n\n\n@parametrized_input('spend', {{'tv': ('a', 'doc'), 'web': ('b', 'doc')}})  # two\n{BODY}",
            f"{IMPORT}parametrized_input\n{IMPORT}parameterize, source\n\n\n"
            f"@parameterize(a=({{'spend': source('tv')}}, 'doc'), b=({{'spend': source('web')}}, 'doc'))  # two\n{BODY}",
            id="parametrized_input",
        ),
        pytest.param(
            f"{IMPORT}parametrized as p\n\n\n@p('spend', {{('a', 'doc'): 1}})\n{BODY}",
            f"{IMPORT}parameterize_values as p\n\n\n@p('spend', {{('a', 'doc'): 1}})\n{BODY}",
            id="an import under another name",
        ),
        pytest.param(
            f"from hamilton import function_modifiers as fm\n\n\n@fm.parametrized('spend', {{('a', 'doc'): 1}})\n{BODY}",
            f"from hamilton import function_modifiers as fm\n\n\n@fm.parameterize_values('spend', {{('a', 'doc'): 1}})\n{BODY}",
            id="a module",
        ),
        pytest.param(
            f"import hamilton.function_modifiers\n\n\n@hamilton.function_modifiers.parametrized_input(variable_inputs={{'tv': ('a', 'doc')}}, parameter='spend')\n{BODY}",
            f"import hamilton.function_modifiers\n\n\n@hamilton.function_modifiers.parameterize(a=({{'spend': hamilton.function_modifiers.source('tv')}}, 'doc'))\n{BODY}",
            id="a dotted module, arguments by name",
        ),
        pytest.param(
            f"{IMPORT}parametrized\n\nimport os\n\n\n@parametrized('spend', {{('a', 'doc'): 1}})\n{BODY}\n\n@parametrized('cost', {{('b', 'doc'): 1}})\ndef cost_share(cost: int) -> int:\n    return cost\n",
            f"{IMPORT}parameterize_values\n\nimport os\n\n\n@parameterize_values('spend', {{('a', 'doc'): 1}})\n{BODY}\n\n@parameterize_values('cost', {{('b', 'doc'): 1}})\ndef cost_share(cost: int) -> int:\n    return cost\n",
            id="two uses of one import",
        ),
        pytest.param(
            f"{IMPORT}parametrized, parameterize_values\n\n\n@parametrized('spend', {{('a', 'doc'): 1}})\n{BODY}\n\n@parameterize_values('cost', {{('b', 'doc'): 1}})\ndef cost_share(cost: int) -> int:\n    return cost\n",
            f"{IMPORT}parameterize_values, parameterize_values\n\n\n@parameterize_values('spend', {{('a', 'doc'): 1}})\n{BODY}\n\n@parameterize_values('cost', {{('b', 'doc'): 1}})\ndef cost_share(cost: int) -> int:\n    return cost\n",
            id="the new name is imported already",
        ),
    ],
)  # fmt: skip
def test_a_deprecated_modifier_is_replaced(tmp_path: Path, before: str, after: str) -> None:
    assert fixed(tmp_path, before) == after
    assert rules(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{IMPORT}parametrized_input\n\nTABLE = {{'tv': ('a', 'doc')}}\n\n\n@parametrized_input('spend', TABLE)\n{BODY}",
        f"{IMPORT}parametrized_input\n\n\n@parametrized_input(*['spend', {{'tv': ('a', 'doc')}}])\n{BODY}",
        f"{IMPORT}parametrized\n\nold = parametrized\n\n\n@old('spend', {{('a', 'doc'): 1}})\n{BODY}",
        f"{IMPORT}dynamic_transform\nfrom hamilton.models import BaseModel\n\n\n@dynamic_transform(BaseModel, 'x')\n{BODY}",
    ],
)
def test_a_deprecated_modifier_that_is_not_written_plainly_stays(tmp_path: Path, text: str) -> None:
    assert fixed(tmp_path, text, "--unsafe-fixes") == text


def test_a_name_of_the_users_own_is_not_taken_for_the_new_modifier(tmp_path: Path) -> None:
    text = (
        f"{IMPORT}parametrized\n\nparameterize_values = print\n\n\n@parametrized('spend', {{('a', 'doc'): 1}})\n{BODY}"
    )
    assert fixed(tmp_path, text, "--unsafe-fixes") == text


# --- comments


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n\ndef second(first: int) -> int:  # dagcheck: ignore[type-mismatch]\n    return 1\n", "\n\ndef second(first: int) -> int:\n    return 1\n"),
        ("\n\n# dagcheck: ignore-file[type-mismatch]\ndef second(first: int) -> int:\n    return 1\n", "\n\ndef second(first: int) -> int:\n    return 1\n"),
        ("\n\ndef second(first: int) -> int:  # dagcheck: ignore[type-mismatch]  # noqa: D103\n    return 1\n", "\n\ndef second(first: int) -> int:  # noqa: D103\n    return 1\n"),
        ("\n\ndef second(first: int) -> int:  # noqa: D103  # dagcheck: ignore[type-mismatch]\n    return 1\n", "\n\ndef second(first: int) -> int:  # noqa: D103\n    return 1\n"),
        ("\n\nTEXT = '# dagcheck: ignore[type-mismatch]'\n", "\n\nTEXT = '# dagcheck: ignore[type-mismatch]'\n"),
        ("\n\ndef second(first: int) -> int:\n    return 1  # dagcheck: ignore", "\n\ndef second(first: int) -> int:\n    return 1"),
    ],
)  # fmt: skip
def test_an_unused_comment_is_taken_away(tmp_path: Path, before: str, after: str) -> None:
    assert fixed(tmp_path, HEAD + before) == HEAD + after
    assert rules(tmp_path) == []


def test_a_comment_loses_only_the_rules_that_it_does_not_need(tmp_path: Path) -> None:
    text = HEAD + "\n\ndef second(first: str) -> int:  # dagcheck: ignore[type-mismatch, invalid-name]\n    return 1\n"
    assert fixed(tmp_path, text) == text.replace(", invalid-name", "")
    assert rules(tmp_path) == []


def test_a_comment_that_silences_something_stays(tmp_path: Path) -> None:
    text = HEAD + "\n\ndef second(first: str) -> int:  # dagcheck: ignore[type-mismatch]\n    return 1\n"
    assert fixed(tmp_path, text, "--unsafe-fixes") == text


def test_a_misspelt_rule_in_a_comment_is_corrected_by_a_guess(tmp_path: Path) -> None:
    text = HEAD + "\n\ndef second(first: str) -> int:  # dagcheck: ignore[type-mismach]\n    return 1\n"
    assert fixed(tmp_path, text) == text
    assert fixed(tmp_path, text, "--unsafe-fixes") == text.replace("mismach", "mismatch")
    assert rules(tmp_path) == []


def test_a_comment_in_the_last_line_goes_without_the_line_before_it(tmp_path: Path) -> None:
    assert fixed(tmp_path, HEAD + "# dagcheck: ignore-file[type-mismatch]") == HEAD


def test_a_comment_inside_keeps_the_indentation_of_its_neighbour(tmp_path: Path) -> None:
    text = HEAD + "\n\ndef second(first: int) -> int:\n    # dagcheck: ignore[type-mismatch]  # noqa\n    return 1\n"
    assert fixed(tmp_path, text) == text.replace("# dagcheck: ignore[type-mismatch]  # noqa", "# noqa")


@pytest.mark.parametrize("own", ["from other import source\n", "def source() -> int:\n    return 1\n", "source = 3\n"])
def test_a_name_of_the_users_own_is_not_taken_for_source(tmp_path: Path, own: str) -> None:
    text = f"{IMPORT}parametrized_input\n\n{own}\n\n@parametrized_input('spend', {{'tv': ('a', 'doc')}})\n{BODY}"
    assert fixed(tmp_path, text, "--unsafe-fixes") == text


# --- texts of all kinds

SEVERAL = (
    "from hamilton.function_modifiers import parametrized, tag\n\n\n@tag(team='a')\ndef größe(raw: int) -> int:  # dagcheck: ignore[cyclic-dependency]\n"
    "\treturn raw\n\n\n@parametrized('größe', {('zweite', 'naïve 🚲'): 1})\ndef second(größe, raw: int) -> int:\n\treturn raw\n\n\n"
    "def third(größe, zweite) -> int:\n\treturn größe"
)
MENDED = (
    "from hamilton.function_modifiers import parameterize_values, tag\n\n\n@tag(team='a')\ndef größe(raw: int) -> int:\n"
    "\treturn raw\n\n\n@parameterize_values('größe', {('zweite', 'naïve 🚲'): 1})\ndef second(größe: int, raw: int) -> int:\n\treturn raw\n\n\n"
    "def third(größe: int, zweite: int) -> int:\n\treturn größe"
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_newlines_marks_tabs_and_the_end_stay_as_they_are(tmp_path: Path, newline: str, mark: str) -> None:
    after = fixed(tmp_path, (mark + SEVERAL.replace("\n", newline)).encode())
    assert after == mark + MENDED.replace("\n", newline)


def test_mixed_newlines_stay_each_as_it_is(tmp_path: Path) -> None:
    text = SEVERAL.replace("\n", "\r\n", 4)
    assert fixed(tmp_path, text.encode()) == MENDED.replace("\n", "\r\n", 4)


def test_a_declared_encoding_is_kept(tmp_path: Path) -> None:
    declared = "# -*- coding: latin-1 -*-\n" + SEVERAL.replace("🚲", "é")
    written(tmp_path, {"flow.py": declared.encode("latin-1")})
    command(tmp_path, "--fix")
    expected = "# -*- coding: latin-1 -*-\n" + MENDED.replace("🚲", "é")
    assert (tmp_path / "flow.py").read_bytes() == expected.encode("latin-1")


def test_a_diff_changes_nothing_and_is_what_git_applies(tmp_path: Path) -> None:
    import subprocess

    written(tmp_path, {"flow.py": SEVERAL})
    shown = command(tmp_path, "--diff")
    assert (tmp_path / "flow.py").read_text(encoding="utf-8") == SEVERAL
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=shown.encode(), check=True)
    assert (tmp_path / "flow.py").read_text(encoding="utf-8") == MENDED


def test_a_folder_that_is_named_is_all_that_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"a/flow.py": SEVERAL, "b/flow.py": SEVERAL})
    monkeypatch.chdir(tmp_path)
    command(tmp_path, "--fix", "a")
    assert (tmp_path / "a/flow.py").read_text(encoding="utf-8") == MENDED
    assert (tmp_path / "b/flow.py").read_text(encoding="utf-8") == SEVERAL
