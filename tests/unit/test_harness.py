"""Does the bench notice what it should? Every way in which a case can be wrong must make it fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness import analysis, graph_block
from tests.harness.cases import Case, cases
from tests.harness.compare import canonical_type, compare
from tests.harness.expectations import CommentError, expected_diagnostics, expected_nodes
from tests.harness.markdown import SuiteError
from tests.harness.matching import mismatches
from tests.harness.oracle import Oracle, Rejection, Verdict
from tests.harness.runner import Outcome, run_case
from tests.harness.snapshots import Rewrite, rewrite

PLAIN = """\
# Suite

## Case

One function is one node.

```python
def a(x: int, y: float = 2.0) -> int:  # nodes: a
    return x
```

```graph
x, y? -> a
a: int
x: int [input]
y: float [input]
```
"""
REJECTED = PLAIN.replace(") -> int:  # nodes: a", "):  # error: [missing-return-type]").partition("```graph")[0]


def suite(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "suite.md"
    path.write_text(text, encoding="utf-8")
    return path


def only_case(tmp_path: Path, text: str) -> Case:
    (case,) = cases(suite(tmp_path, text))
    return case


def section(*parts: str) -> str:
    return "# Suite\n\n## Case\n\nThis shows one thing.\n\n" + "\n\n".join(parts) + "\n"


def python(text: str, name: str = "") -> str:
    return (f"`{name}`:\n\n" if name else "") + f"```python\n{text}\n```"


FOUND = {"path": "a.py", "line": 1, "severity": "error", "rule": "x", "message": "the words", "config": {}}
NODES: tuple[dict[str, Any], ...] = (
    {"name": "a", "kind": "function", "role": "standard", "type": "list[int]", "when": [{"k": {"in": ["US"]}}],
     "dependencies": [{"name": "x", "optional": True}]},
    {"name": "x", "kind": "config", "role": "standard", "type": None, "dependencies": []},
)  # fmt: skip
NODE = {"name": "a", "kind": "function", "role": "standard", "type": "pandas.DataFrame", "tags": {"module": "m"},
        "dependencies": [{"name": "x", "type": "int", "optional": False}]}  # fmt: skip
INPUT = {"name": "x", "kind": "input", "role": "standard", "type": "int", "tags": {}, "dependencies": []}
REJECTION = Rejection("build", "ValueError", "no", None, None, None)
BUILD_ERROR = {"severity": "error", "hamilton": "build", "rule": "x", "message": "m", "path": "a.py", "line": 1}
NO_RETURN = {"rule": "missing-return-type", "severity": "error", "certainty": "certain", "hamilton": "build",
         "message": "a has no type", "path": "dataflow.py", "line": 1, "config": {}}  # fmt: skip


A = python("def a(x: int) -> int:\n    return x")


class TestReadingSuites:
    def test_a_heading_with_blocks_is_a_case_and_one_without_is_not(self, tmp_path: Path) -> None:
        text = PLAIN + "\n## Only prose\n\nNothing to see here.\n"
        assert [case.titles for case in cases(suite(tmp_path, text))] == [("Suite", "Case")]

    def test_a_file_without_a_name_is_the_default_module(self, tmp_path: Path) -> None:
        case = only_case(tmp_path, section(A))
        assert ([file.name for file in case.files], case.modules) == (["dataflow.py"], ("dataflow",))

    @pytest.mark.parametrize("line", ["`b/c.py`:", "**b/c.py**", "**`b/c.py`**:", "The rest stands in `b/c.py`:"])
    def test_the_line_before_a_block_names_the_file(self, tmp_path: Path, line: str) -> None:
        case = only_case(tmp_path, section(f"{line}\n\n```python\nA = 1\n```"))
        assert ([file.name for file in case.files], case.modules) == (["b/c.py"], ("b.c",))

    def test_modules_are_in_the_order_of_the_blocks(self, tmp_path: Path) -> None:
        case = only_case(tmp_path, section(python("", "z.py"), python("", "a.py"), python("", "p/__init__.py")))
        assert case.modules == ("z", "a", "p")

    def test_modules_lie_below_their_roots(self, tmp_path: Path) -> None:
        case = only_case(tmp_path, section("<!-- roots: src -->", python("", "src/p/a.py")))
        assert (case.roots, case.modules) == (("src",), ("p.a",))

    def test_lines_of_files_are_lines_of_the_suite(self, tmp_path: Path) -> None:
        case = only_case(tmp_path, PLAIN)
        assert PLAIN.splitlines()[case.files[0].line - 1].startswith("def a")

    def test_configurations_come_from_directives_blocks_and_graphs(self, tmp_path: Path) -> None:
        parts = ['<!-- config: {"k": 1} -->', "```json config\n[{}, {}]\n```", '```graph {"k": 2}\nx -> a\n```', A]
        assert only_case(tmp_path, section(*parts)).configs == ({"k": 1}, {}, {}, {"k": 2})

    def test_a_suite_without_configuration_tries_the_empty_one(self, tmp_path: Path) -> None:
        assert only_case(tmp_path, section(A)).configs == ({},)

    def test_a_case_for_another_python_is_left_out(self, tmp_path: Path) -> None:
        assert cases(suite(tmp_path, section("<!-- python: <3.5 -->", A))) == ()
        assert len(cases(suite(tmp_path, section("<!-- python: >=3.5, <3.99 -->", A)))) == 1

    def test_only_what_is_not_installed_needs_a_stand_in(self, tmp_path: Path) -> None:
        case = only_case(tmp_path, section("<!-- stand-ins: nowhere_installed, pytest -->", A))
        assert case.stand_ins == ("nowhere_installed",)

    def test_hamilton_finds_the_stand_in_and_what_is_missing_otherwise(self, tmp_path: Path, oracle: Oracle) -> None:
        text = section(python("import nowhere_installed as n\n\n\ndef a(x: n.Frame) -> n.Frame:\n    return x"))
        (problem,) = run_case(only_case(tmp_path, text), tmp_path / "1", oracle, with_dagcheck=False).problems
        assert "No module named 'nowhere_installed'" in problem.message
        text = text.replace("## Case\n", "## Case\n\n<!-- stand-ins: nowhere_installed -->\n")
        assert run_case(only_case(tmp_path, text), tmp_path / "2", oracle, with_dagcheck=False).problems == ()

    @pytest.mark.parametrize(
        ("parts", "message"),
        [
            (("<!-- modlues: a -->", A), "unknown directive 'modlues'"),
            (("<!-- discover: yes -->", A), "takes no value"),
            (("<!-- differs -->", A), "needs a value"),
            (("<!-- modules: a -->", "<!-- modules: b -->", A), "stands twice"),
            (("<!-- modules: a",), "this comment is never closed"),
            (("<!-- discover --> and more", A), "nothing may follow"),
            (("<!-- python: 3.11 -->", A), "not a condition on the version"),
            (("<!-- config: {'a': 1} -->", A), "not JSON"),
            (("<!-- config: 3 -->", A), "a configuration is a mapping"),
            (("<!-- modules: a -->",), "has nothing to direct"),
            (("<!-- modules: none -->", "```graph\nx -> a\n```", A), "without modules there is no graph"),
            (("```pyhton\nA = 1\n```",), "means nothing here: pyhton"),
            (("```\nA = 1\n```",), "means nothing here: (none)"),
            (("```python title\nA = 1\n```",), "means nothing here"),
            (("```json configs\n{}\n```", A), "means nothing here"),
            (("```impact\n```", A), "needs files under"),
            ((python("A = 1", "before/a.py"),), "need an `impact` block"),
            (("```json\n{}\n```", A), "needs a name"),
            (("```python\nA = 1",), "this block is never closed"),
            (("~~~python\nA = 1\n~~~",), "made of backticks"),
            (("- item\n  ```python\n  A = 1\n  ```",), "start of its line"),
            (("`a.py`\n\n```python\nA = 1\n```",), "ends with a colon"),
            ((A, A), "dataflow.py stands twice"),
            ((python("A = 1", "a.toml"),), "is no name for a python file"),
            ((python("A = 1", "../a.py"),), "is no name for a python file"),
            (("`a.txt`:\n\n```graph\nx -> a\n```", A), "is no file"),
            (("```graph\nx => a\n```", A), "neither an edge nor a node"),
            (("```json config\n[{}, {}]\n```", "```graph\nx -> a\n```", A), "say which configuration"),
            (("```snapshot\n```", "```snapshot\n```", A), "one block of this kind: snapshot"),
            ((python("x = 1  # eror: [duplicate-node]"),), "this is no expectation"),
        ],
    )
    def test_nothing_is_silently_ignored(self, tmp_path: Path, parts: tuple[str, ...], message: str) -> None:
        with pytest.raises(SuiteError, match=r"suite\.md:\d+: ") as raised:
            cases(suite(tmp_path, section(*parts)))
        assert message in str(raised.value)

    def test_a_case_opens_with_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(SuiteError, match="opens with a sentence"):
            cases(suite(tmp_path, f"# Suite\n\n## Case\n\n{A}\n\nThis comes too late.\n"))

    def test_two_cases_of_one_name_are_a_mistake(self, tmp_path: Path) -> None:
        with pytest.raises(SuiteError, match="two cases are called"):
            cases(suite(tmp_path, section(A) + section(A).partition("\n")[2]))

    def test_blocks_stand_below_headings(self, tmp_path: Path) -> None:
        with pytest.raises(SuiteError, match="before the first heading"):
            cases(suite(tmp_path, f"Some words first.\n\n{A}\n"))


class TestReadingExpectations:
    def test_a_comment_expects_on_its_own_line(self) -> None:
        (item,) = expected_diagnostics('a = 1\nb = 2  # error: [duplicate-node] "b" \n')
        assert item == (2, "error", "duplicate-node", "b")

    def test_several_follow_each_other(self) -> None:
        found = expected_diagnostics('a = 1  # error: [x-y] "b"  # warning: [z]  # info: [w]')
        assert [(item.severity, item.rule) for item in found] == [("error", "x-y"), ("warning", "z"), ("info", "w")]

    def test_an_expectation_may_stand_above_its_line(self) -> None:
        found = expected_diagnostics("# error-below: [x]\n# warning-below: [y]\na = 1\n")
        assert [(item.line, item.rule) for item in found] == [(3, "x"), (3, "y")]

    def test_in_the_page_of_a_rule_a_bare_one_means_that_rule(self) -> None:
        found = expected_diagnostics('a = 1  # error\nb = 2  # warning: "part"\n', "x-y")
        assert [(item.rule, item.message) for item in found] == [("x-y", ""), ("x-y", "part")]

    @pytest.mark.parametrize(
        "text",
        [
            "a = 1  # error",
            "a = 1  # error: duplicate-node",
            "a = 1  # error [x]",
            "a = 1  # errors: [x]",
            "a = 1  # Error: [x]",
            "a = 1  # error: [x] 'part'",
            "a = 1  # error: [x] part",
            "a = 1  # error: [x]  # warn: [y]",
            "a = 1  # warn: [y]",
            "a = 1  # error-below: [x]",
            "# error: [x]\na = 1",
            "# error-below: [x]",
            "a = 1  # error-above: [x]",
            "def a(): ...  # node: a",
            "def a(): ...  # nodes:",
            "def a(): ...  # no node",
        ],
    )
    def test_what_is_almost_an_expectation_is_a_mistake(self, text: str) -> None:
        with pytest.raises(CommentError):
            expected_diagnostics(text)

    def test_other_comments_are_left_alone(self) -> None:
        text = "a = 1  # dagcheck: ignore[x]\nb = 2  # type: ignore[y]\nc = 3  # an error, perhaps\nd = '# no'\n"
        assert expected_diagnostics(text) == ()

    def test_nodes_belong_to_the_function_they_stand_at(self) -> None:
        text = "@d\n@e  # nodes: a, b.c\ndef f():\n    pass\n\n# no nodes\ndef g(): ...\ndef h(): ...  # nodes: h\n"
        found = [(item.function, item.line, sorted(item.names)) for item in expected_nodes(text)]
        assert found == [("f", 3, ["a", "b.c"]), ("g", 7, []), ("h", 8, ["h"])]

    def test_nodes_without_a_function_are_a_mistake(self) -> None:
        with pytest.raises(CommentError, match="no function"):
            expected_nodes("a = 1  # nodes: a\n")


class TestMatching:
    def problems(self, text: str, *found: Mapping[str, Any]) -> list[str]:
        return [item.message for item in mismatches({"a.py": expected_diagnostics(text)}, found)]

    def test_what_is_expected_and_found_is_fine(self) -> None:
        assert self.problems('a = 1  # error: [x] "words"', FOUND) == []

    @pytest.mark.parametrize(
        "text", ["a = 1  # error: [y]", "a = 1  # warning: [x]", 'a = 1  # error: [x] "other"', "\na = 1  # error: [x]"]
    )
    def test_another_rule_severity_message_or_line_is_not(self, text: str) -> None:
        first, second = sorted(self.problems(text, FOUND))
        assert (first.split(":")[0], second.split(":")[0]) == ("expected, not found", "not expected")

    def test_what_is_not_expected_is_a_problem(self) -> None:
        assert self.problems("a = 1", FOUND) == ['not expected: error[x] "the words"']
        assert self.problems("a = 1", {**FOUND, "path": "b.py"}) == ['not expected: error[x] "the words"']

    def test_one_expectation_is_for_one_diagnostic(self) -> None:
        assert len(self.problems("a = 1  # error: [x]", FOUND, FOUND)) == 1
        assert len(self.problems("a = 1  # error: [x]  # error: [x]", FOUND)) == 1
        other = {**FOUND, "message": "others"}
        assert self.problems('a = 1  # error: [x]  # error: [x] "words"', FOUND, other) == []


class TestGraphBlocks:
    def different(self, text: str) -> list[str]:
        return graph_block.differences(graph_block.parse(text), NODES)

    @pytest.mark.parametrize("text", ["x? -> a", 'a: list[int] when k in ["US"]', "x [input]", "x: ? [input]", ""])
    def test_what_is_there_is_there(self, text: str) -> None:
        assert self.different(text) == []

    @pytest.mark.parametrize(
        ("text", "different"),
        [
            ("x -> a", ["- x -> a", "+ x? -> a"]),
            ("x? -> a\ny -> a", ["- y -> a"]),
            ("y [input]", ["- y [input]", "+ x: ? [input]"]),
            ("x: int [input]", ["- x: int [input]", "+ x: ? [input]"]),
            ("a: int", ["- a: int", '+ a: list[int] when k in ["US"]']),
            ("a [expand]", ["- a [expand]", '+ a: list[int] when k in ["US"]']),
        ],
    )
    def test_of_each_sort_of_line_all_must_be_there_and_right(self, text: str, different: list[str]) -> None:
        assert self.different(text) == different

    def test_a_condition_is_one_line(self) -> None:
        when: list[dict[str, Any]] = [
            {"b": {"not_in": ["x", {"$absent": True}]}, "a": {"in": [True, 1]}},
            {"c": {"part_of": "text"}},
        ]
        assert graph_block.condition_text(when) == ('a in [1, true] and b not in ["x", absent] or c part of "text"')


class TestComparing:
    def compare(self, *ours: Mapping[str, Any]) -> tuple[str, ...]:
        return compare(Verdict((NODE, INPUT), None, ""), ours, (), ("m",)).differences

    def test_the_same_graph_is_the_same_in_any_order(self) -> None:
        comparison = compare(Verdict((NODE, INPUT), None, ""), (INPUT, NODE), ())
        assert comparison == ((), (), 2, 1)

    def test_a_configuration_key_is_an_input_to_hamilton(self) -> None:
        assert self.compare(NODE, {**INPUT, "kind": "config"}) == ()

    def test_names_of_packages_are_compared_by_root_and_class(self) -> None:
        assert self.compare({**NODE, "type": "pandas.core.frame.DataFrame"}, INPUT) == ()
        assert self.compare({**NODE, "type": "pandas.core.frame.Series"}, INPUT) != ()
        assert self.compare({**NODE, "type": "polars.DataFrame"}, INPUT) != ()

    @pytest.mark.parametrize(
        "change",
        [
            {"name": "b"},
            {"kind": "input"},
            {"role": "expand"},
            {"type": "int"},
            {"tags": {}},
            {"tags": {"module": "m", "owner": "o"}},
            {"dependencies": []},
            {"dependencies": [{"name": "x", "type": "int", "optional": True}]},
            {"dependencies": [{"name": "x", "type": "str", "optional": False}]},
            {"dependencies": [{"name": "y", "type": "int", "optional": False}]},
        ],
        ids=str,
    )
    def test_every_difference_in_a_node_is_one(self, change: dict[str, Any]) -> None:
        assert self.compare({**NODE, **change}, INPUT)[0] == "(- Hamilton, + dagcheck)"

    def test_a_node_too_many_or_too_few_is_a_difference(self) -> None:
        assert "- x: int [input]" in self.compare(NODE)
        assert "+ y: int [input]" in self.compare(NODE, INPUT, {**INPUT, "name": "y"})
        assert "+ x: int [input]" in self.compare(NODE, INPUT, INPUT)

    def test_an_unknown_type_hides_hamiltons_and_is_told(self) -> None:
        unknown = {**NODE, "type": None}
        comparison = compare(Verdict((NODE, INPUT), None, ""), (unknown, INPUT), ())
        assert (comparison.differences, comparison.unknown) == ((), ("a",))

    def test_a_rejection_must_be_shared_at_the_same_stage(self) -> None:
        rejected = Verdict((), REJECTION, "")
        assert compare(rejected, (), (BUILD_ERROR,)).differences == ()
        assert "at another stage" in compare(rejected, (), ({**BUILD_ERROR, "hamilton": "import"},)).differences[0]
        for change in ({"severity": "warning"}, {"hamilton": "execution"}):
            assert "dagcheck does not" in compare(rejected, (), ({**BUILD_ERROR, **change},)).differences[0]

    def test_what_hamilton_builds_must_not_be_rejected(self) -> None:
        built = Verdict((), None, "")
        assert "Hamilton builds this" in compare(built, (), (BUILD_ERROR,)).differences[0]
        assert compare(built, (), ({**BUILD_ERROR, "hamilton": "execution"},)).differences == ()

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("typing.Union[int, a.b.C]", "typing.Union[a.C, int]"),
            ("typing.Literal['b', 'a']", "typing.Literal['a', 'b']"),
            ("typing.Annotated[int, 'm']", "typing.Annotated[int, 'n', 1]"),
            ("collections.abc.Generator[int, None, None]", "collections.abc.Generator[int, NoneType, NoneType]"),
            ("_io.BytesIO", "io.BytesIO"),
            ("typing.Callable[[a.b.C], int]", "typing.Callable[[a.C], int]"),
        ],
    )
    def test_types_that_are_one_in_two_texts(self, one: str, other: str) -> None:
        assert canonical_type(one) == canonical_type(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("list[int]", "typing.List[int]"),
            ("list", "list[int]"),
            ("typing.Callable[[int], int]", "typing.Callable[..., int]"),
            ("m.a.C", "m.b.C"),
            ("typing.Literal['1']", "typing.Literal[1]"),
            ("tuple[int, ...]", "tuple[int]"),
        ],
    )
    def test_types_that_are_two(self, one: str, other: str) -> None:
        assert canonical_type(one, {"m"}) != canonical_type(other, {"m"})


class Dagcheck:
    """A dagcheck that knows what Hamilton says, and says it: something to take a part away from."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.diagnostics: tuple[dict[str, Any], ...] = ()
        self.change: Mapping[str, Any] = {}
        self.drop = ""

    def check(self, _: Path, __: Sequence[str]) -> tuple[dict[str, Any], ...]:
        return self.diagnostics

    def graph(self, folder: Path, _: Sequence[str]) -> analysis.Graphs:
        nodes = [{"path": None, "line": None, **node} for node in self.oracle.ask(folder, ["dataflow"], {}).nodes]
        nodes = [copy.deepcopy({**node, **self.change}) for node in nodes if node["name"] != self.drop]
        return analysis.Graphs(({"name": "command-line", "nodes": nodes},), self.diagnostics)


@pytest.fixture
def dagcheck(oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> Dagcheck:
    fake = Dagcheck(oracle)
    monkeypatch.setattr(analysis, "check", fake.check)
    monkeypatch.setattr(analysis, "graph", fake.graph)
    return fake


class TestRunningCases:
    def run(self, tmp_path: Path, text: str, oracle: Oracle, **options: bool) -> Outcome:
        return run_case(only_case(tmp_path, text), tmp_path / "case", oracle, **options)

    def problems(self, tmp_path: Path, text: str, oracle: Oracle, **options: bool) -> str:
        outcome = self.run(tmp_path, text, oracle, **options)
        return "\n".join(f"{problem.line}: {problem.message}" for problem in outcome.problems)

    def test_a_case_that_holds_has_no_problems(self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck) -> None:
        assert self.problems(tmp_path, PLAIN, oracle) == ""
        dagcheck.diagnostics = (NO_RETURN,)
        assert self.problems(tmp_path, REJECTED, oracle) == ""

    def test_an_unexpected_diagnostic_is_a_problem_at_its_line(
        self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck
    ) -> None:
        dagcheck.diagnostics = ({**NO_RETURN, "severity": "warning", "hamilton": "silent"},)
        assert self.problems(tmp_path, PLAIN, oracle).startswith("8: not expected: warning[missing-return-type]")

    def test_a_missing_diagnostic_is_a_problem(self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck) -> None:
        found = self.problems(tmp_path, REJECTED, oracle)
        assert "8: expected, not found: error[missing-return-type]" in found
        assert "Hamilton rejects this, dagcheck does not" in found
        assert not dagcheck.diagnostics

    @pytest.mark.parametrize(
        "change", [{"type": "str"}, {"tags": {}}, {"kind": "input"}, {"dependencies": []}], ids=str
    )
    def test_a_graph_that_differs_is_a_problem(
        self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck, change: dict[str, Any]
    ) -> None:
        dagcheck.change = change
        assert "dagcheck and Hamilton disagree" in self.problems(tmp_path, PLAIN, oracle)

    def test_a_missing_node_is_a_problem(self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck) -> None:
        dagcheck.drop = "a"
        found = self.problems(tmp_path, PLAIN, oracle)
        assert "8: a makes none, expected: a" in found
        assert "dagcheck's graph is another" in found
        assert "- a: int [function]" in found

    def test_an_unknown_type_is_a_problem_unless_the_case_says_so(
        self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck
    ) -> None:
        dagcheck.change = {"type": None}
        without_graph = PLAIN.partition("```graph")[0]
        assert "unknown types: a, x, y" in self.problems(tmp_path, without_graph, oracle)
        stated = without_graph.replace("## Case\n", "## Case\n\n<!-- unknown types: for a test -->\n")
        assert self.problems(tmp_path, stated, oracle) == ""
        dagcheck.change = {}
        assert "all types are known" in self.problems(tmp_path, stated, oracle)

    def test_a_difference_on_purpose_must_be_one(self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck) -> None:
        stated = PLAIN.partition("```graph")[0].replace("## Case\n", "## Case\n\n<!-- differs: for a test -->\n")
        assert "but they agree" in self.problems(tmp_path, stated, oracle)
        dagcheck.change = {"tags": {}}
        assert self.problems(tmp_path, stated, oracle) == ""

    def test_a_witness_must_be_one(self, tmp_path: Path, oracle: Oracle, dagcheck: Dagcheck) -> None:
        text = PLAIN.replace("# nodes: a", "# error: [missing-return-type]")
        dagcheck.diagnostics = ({**NO_RETURN, "config": {"k": 1, "l": {"$absent": True}}},)
        assert "builds this in the witness configuration {'k': 1}" in self.problems(tmp_path, text, oracle)

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("# nodes: a", "# nodes: a, b", "8: in no configuration of the case Hamilton makes b"),
            ("# nodes: a", "# no nodes", "8: Hamilton makes more nodes of a: a"),
            ("a: int", "a: str", "12: Hamilton's graph is another"),
            ("x, y? -> a", "x -> a", "+ y? -> a"),
            ("y: float [input]", "", "+ y: float [input]"),
            (" -> int:  # nodes: a", ":", "3: no error is expected, but Hamilton rejects this"),
            ("# nodes: a", "# error: [duplicate-node]", "Hamilton rejects this in no configuration of the case"),
        ],
    )
    def test_a_case_that_is_wrong_about_hamilton_fails_without_dagcheck(
        self, tmp_path: Path, oracle: Oracle, old: str, new: str, message: str
    ) -> None:
        assert message in self.problems(tmp_path, PLAIN.replace(old, new), oracle, with_dagcheck=False)

    def test_each_of_several_errors_must_be_one(self, tmp_path: Path, oracle: Oracle) -> None:
        second = "def b(x: int) -> int:  # error: [missing-return-type]\n    return x\n```"
        text = REJECTED.rstrip().removesuffix("```") + second
        found = self.problems(tmp_path, text, oracle, with_dagcheck=False)
        assert found.startswith("10: without the other errors of the case, Hamilton has nothing against this")

    def test_nothing_may_hide_behind_an_expected_error(self, tmp_path: Path, oracle: Oracle) -> None:
        text = REJECTED.rstrip().removesuffix("```") + "def b(y) -> int:\n    return y\n```"
        found = self.problems(tmp_path, text, oracle, with_dagcheck=False)
        assert "without the expected errors, Hamilton rejects the rest: ValueError during build" in found


class TestAskingDagcheck:
    def test_a_process_of_its_own_says_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "flow.py").write_text("def a(x: int):\n    return x\n", encoding="utf-8")
        arguments = ["check", "--project", str(tmp_path), "--module", "flow", "--format", "json", "--no-cache"]
        answer = analysis.run(arguments)
        assert (answer.status, json.loads(answer.stdout)["diagnostics"][0]["rule"]) == (1, "missing-return-type")
        assert analysis.run_process(arguments, tmp_path) == answer

    def test_a_mistake_in_the_question_is_no_answer(self, tmp_path: Path) -> None:
        with pytest.raises(analysis.AnalysisError, match=r"(?s)ended with status 2.*nowhere"):
            analysis.check(tmp_path, ["--module", "nowhere"])


class TestSnapshots:
    def test_blocks_are_rewritten_in_place(self, tmp_path: Path) -> None:
        text = "# S\n\n```snapshot\nold\n```\n\nWords.\n\n````snapshot\n```\n````\n"
        path = suite(tmp_path, text)
        assert rewrite([Rewrite(str(path), 3, "new\nlines\n"), Rewrite(str(path), 9, "")]) == (str(path),)
        assert path.read_text(encoding="utf-8") == (
            "# S\n\n```snapshot\nnew\nlines\n```\n\nWords.\n\n````snapshot\n````\n"
        )
