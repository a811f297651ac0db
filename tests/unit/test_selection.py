"""Do selectors mean what dbt's grammar says they mean?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dagcheck.graph.selection import check_selectors
from dagcheck.settings import UsageError
from tests.harness.analysis import run

FEATURES = """
from hamilton.function_modifiers import config, tag


def a(start: int) -> int:
    return start


@tag(owner="growth", layer=["raw", "clean"])
def b(a: int) -> float:
    return a * 1.0


@config.when(mode="x")
def c__x(b: float) -> float:
    return b


@config.when_not(mode="x")
def c__y(a: int) -> float:
    return a * 2.0


@tag(owner="sales")
def d(c: float, other: int) -> float:
    return c + other
"""
REPORT = "def e(d: float, b: float) -> str:\n    return str(d + b)\n\n\ndef f(other: int) -> int:\n    return other\n"
SETTINGS = '[[dataflow]]\nname = "flow"\nmodules = ["features", "report"]\nfinal-vars = ["e", "b"]\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in {"features.py": FEATURES, "report.py": REPORT, "dagcheck.toml": SETTINGS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def selected(project: Path, *arguments: str) -> str:
    """The chosen names, one letter each, inputs included."""
    answer = run(["graph", "--project", str(project), "--no-cache", "--format", "json", *arguments])
    assert answer.status == 0, answer.stderr
    flows: list[dict[str, Any]] = json.loads(answer.stdout)["dataflows"]
    return " ".join(sorted({node["name"] for flow in flows for node in flow["nodes"]}))


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("b", "b"),
        ("+b", "a b start"),
        ("b+", "b c d e"),
        ("1+b+1", "a b c e"),
        ("2+d", "a b c d other"),
        ("+d+", "a b c d e other start"),
        ("@f", "f other"),
        ("@d", "a b c d e other start"),
        ("a f", "a f"),
        ("b+,+d", "b c d"),
        ("+b,+f", ""),
        ("[ab]", "a b"),
        ("?", "a b c d e f"),
        ("node:a", "a"),
        ("nothing", ""),
        ("tag:owner", "b d"),
        ("tag:owner=growth", "b"),
        ("tag:owner=*s", "d"),
        ("tag:layer=clean", "b"),
        ("+tag:owner=growth", "a b start"),
        ("module:report", "e f"),
        ("path:report.py", "e f"),
        ("path:*.py", "a b c d e f"),
        ("path:rep", ""),
        ("type:float", "b c d"),
        ("type:input", "other start"),
        ("function:c__x", "c"),
        ("dataflow:flow,a", "a"),
        ("output:*", "b e"),
        ("output:e", "e"),
    ],
)
def test_what_a_selector_means(project: Path, selector: str, names: str) -> None:
    assert selected(project, selector) == names


def test_exclude_takes_away_and_stands_alone(project: Path) -> None:
    assert selected(project, "b+", "--exclude", "d+") == "b c"
    assert selected(project, "--exclude", "+e", "--exclude", "type:input") == "f"


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("++a", "'++a' is no selector"),
        ("@a+", "'@a+' is no selector"),
        ("a+b", "'a+b' is no selector"),
        ("owner:me", "there is no method `owner`; there are node, tag,"),
        ("tag:", "a value is missing behind `tag:`"),
        ("state:old", "there is no state `old`; there are new, modified"),
        ("a,,b", "'' is no selector"),
    ],
)
def test_what_is_no_selector(selector: str, words: str) -> None:
    with pytest.raises(UsageError, match=r"selector|method|state|value") as raised:
        check_selectors([selector])
    assert words in str(raised.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(UsageError) as raised:
        check_selectors(["++a b", "x:y"])
    assert len(raised.value.messages) == 2


def test_check_tells_the_findings_of_the_selected_nodes(project: Path, tmp_path: Path) -> None:
    for name, text in {"features.py": FEATURES, "report.py": REPORT, "dagcheck.toml": SETTINGS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "report.py").write_text(
        f"{REPORT}\n\ndef g(d: str) -> str:\n    return d\n\n\ndef h(f: str) -> str:\n    return f\n"
    )
    options = ["--project", str(tmp_path), "--no-cache", "--format", "concise"]
    assert run(["check", *options]).stdout.count("type-mismatch") == 2
    assert run(["check", *options, "--select-nodes", "f+"]).stdout.count("type-mismatch") == 1
    assert run(["check", *options, "--select-nodes", "a"])[:2] == (0, "")


class TestShow:
    def test_a_node_with_its_code_and_surroundings(self, project: Path) -> None:
        text = run(["show", "d", "--project", str(project), "--no-cache"]).stdout
        assert text.startswith('d: float\n  features.py:25  features\n  tags: owner="sales"\n')
        assert (
            '  24 | @tag(owner="sales")\n  25 | def d(c: float, other: int) -> float:\n  26 |     return c + other\n'
            in text
        )
        assert "  fed by    c (1), other (1), b (2), a (2), start (3)\n  read by   e (1)\n  outputs   e\n" in text

    def test_variants_stand_beside_each_other(self, project: Path) -> None:
        text = run(["show", "c", "--project", str(project), "--no-cache"]).stdout
        assert 'c: float  when mode="x"\n' in text
        assert 'c: float  when mode!="x"\n' in text

    def test_paths_between_two(self, project: Path) -> None:
        options = ["--project", str(project), "--no-cache"]
        assert run(["show", "a", "e", *options]).stdout == "In flow\n  a -> b -> e\n"
        assert run(["show", "e", "a", *options]).stdout == "In flow\n  a -> b -> e\n"
        assert run(["show", "b", "f", *options]).stdout == "No path leads from `b` to `f`, or back.\n"

    def test_json(self, project: Path) -> None:
        answer = run(["show", "e", "--project", str(project), "--no-cache", "--format", "json"])
        (node,) = json.loads(answer.stdout)["nodes"]
        assert node["upstream"][0] == {"node": "d", "distance": 1}
        assert (node["outputs"], node["downstream"], len(node["variants"])) == (["e"], [], 1)

    def test_a_name_that_is_not_there(self, project: Path) -> None:
        answer = run(["show", "features", "--project", str(project), "--no-cache"])
        assert (answer.status, answer.stderr.split("\n")[-2]) == (2, "dagcheck: there is no node `features`")
        assert "there is no node `zz`" in run(["show", "a", "zz", "--project", str(project), "--no-cache"]).stderr


@pytest.mark.parametrize("form", ["mermaid", "dot", "html", "tree"])
def test_graphs_in_every_form(project: Path, form: str) -> None:
    text = run(["graph", "+d", "--project", str(project), "--no-cache", "--format", form]).stdout
    assert all(name in text for name in ("start", "other"))
    assert "report" not in text or form in ("tree", "html")
