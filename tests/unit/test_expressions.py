"""Is what the evaluator makes of an expression what Python makes of it?

`data/expressions.txt` has one expression a line, over the names that `data/expressions_setup.txt` binds. Python evaluates both, and
dagcheck reads both, as the argument of a `@tag`. What dagcheck cannot know it must say it does not know, never something else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dagcheck.project import graph
from dagcheck.report.graph import graph_json
from dagcheck.report.outline import outline
from dagcheck.settings import Options

DATA = Path(__file__).parent / "data"
SETUP = (DATA / "expressions_setup.txt").read_text()
EXPRESSIONS = (DATA / "expressions.txt").read_text().splitlines()

BEYOND = (
    "open('x').read()",
    "__import__('os').getcwd()",
    "datetime.date.today().year",
    "datetime.datetime.now()",
    "Path('x').exists()",
    "Path.cwd()",
    "os.environ['HOME']",
    "sorted(set(open('x')))",
    "[x for x in open('x')]",
    "fib(10**6)",
    "'a' * 10**9",
    "10 ** 10 ** 10",
    "list(range(10**9))",
    "list(itertools.product(range(1000), repeat=9))",
    "list(count())",
    "re.match('(a+)+$', 'a' * 5000)",
    "math.factorial(10**7)",
    "'%1000000000d' % 1",
    "f'{1:1000000000}'",
    "(lambda f: f(f))(lambda f: f(f))",
    "[0] * 10**10",
    "sum(range(10**9))",
    "next(open('x'))",
    "UNKNOWN_NAME",
    "Config()",
    "TABLE['nothing']",
    "int('x')",
    "json.load(open('x'))",
)
"""What a run would have to tell, what takes too long, and what raises."""


def read(expressions: list[str], folder: Path) -> dict[int, Any]:
    """What dagcheck makes of each: the text of a tag, or nothing."""
    functions = [f"@tag(v=repr({text}))\ndef f{index}(x: int) -> int: ...\n" for index, text in enumerate(expressions)]
    head = "import json\nimport os\nfrom hamilton.function_modifiers import tag\n"
    (folder / "flow.py").write_text(head + SETUP + "\n" + "\n".join(functions))
    result = graph(Options(project=str(folder), modules=("flow",), use_cache=False, jobs=1))
    document = json.loads(graph_json(map(outline, result.dataflows), result.diagnostics))
    nodes = {node["name"]: node["tags"].get("v") for node in document["dataflows"][0]["nodes"]}
    return {index: nodes[f"f{index}"] for index in range(len(expressions))}


def test_an_expression_is_worth_what_python_says(tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "builtins"}
    exec(compile(SETUP, "setup", "exec", dont_inherit=True), names)
    expected = {index: repr(eval(text, names)) for index, text in enumerate(EXPRESSIONS)}
    found = read(EXPRESSIONS, tmp_path)
    wrong = [
        (EXPRESSIONS[index], found[index], expected[index]) for index in expected if found[index] != expected[index]
    ]
    assert wrong == []


@pytest.mark.parametrize("text", BEYOND)
def test_what_cannot_be_known_is_not_guessed(text: str, tmp_path: Path) -> None:
    assert read([text], tmp_path) == {0: None}
