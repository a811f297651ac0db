"""A dataflow as trees: from the final nodes down, everything once, readable however large."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent
from typing import Any, Literal

from dagcheck.dataflows.specification import SpecOrigin
from dagcheck.graph.entries import Entry
from dagcheck.nodes.node import Dependency, Role
from dagcheck.report.outline import Outline
from dagcheck.report.tree import DEPTH, tree
from dagcheck.span import Span
from dagcheck.types.model import ANY


def entry(
    name: str,
    *reads: str,
    annotation: str = "int",
    kind: Literal["function", "input", "config"] = "function",
    role: Role = "standard",
    when: Sequence[dict[str, Any]] | None = None,
) -> Entry:
    """An entry; a dependency written with a question mark is optional."""
    dependencies = tuple(Dependency(read.rstrip("?"), ANY, read.endswith("?"), Span(1, 1, 1, 2)) for read in reads)
    place: dict[str, Any] = {
        "function": name,
        "module": "m",
        "path": "m.py",
        "line": 1,
        "end_line": 2,
        "documentation": "",
    }
    return Entry(
        name=name, kind=kind, role=role, type=ANY, annotation=annotation, dependencies=dependencies, tags={}, when=None if when is None else tuple(when), **place
    )  # fmt: skip


def leaf(name: str, annotation: str = "int") -> Entry:
    return entry(name, kind="input", annotation=annotation)


def dataflow(*entries: Entry, **fields: Any) -> Outline:
    origin = SpecOrigin("file", "m.py", 1)
    return Outline(**{
        "name": "m", "origin": origin, "modules": (("m", "m.py"),), "config": None, "is_complete": True, "entries": entries
    } | fields)  # fmt: skip


def body(*entries: Entry, has_unicode: bool = True) -> str:
    """The trees without the heading."""
    return tree([dataflow(*entries)], has_unicode=has_unicode).split("\n\n", 1)[1]


def test_the_heading_says_where_it_comes_from_and_how_much_it_is() -> None:
    flow = dataflow(
        entry("b", "a"),
        leaf("a"),
        entry("region", kind="config"),
        name="training",
        origin=SpecOrigin("driver", "run.py", 14),
        modules=(("features.spend", "features/spend.py"), ("model", "model.py")),
        config={"region": "US"},
    )
    assert tree([flow]).startswith(
        dedent("""\
        training  (driver: run.py:14)
        modules: features.spend, model
        configuration: region="US"
        nodes: 1 from functions, 1 input, 1 from the configuration

    """)
    )


def test_an_incomplete_dataflow_says_so_and_a_free_configuration_says_nothing() -> None:
    assert "configuration" not in tree([dataflow(leaf("a"))])
    assert "more" not in tree([dataflow(leaf("a"))])
    assert "not everything could be resolved" in tree([dataflow(leaf("a"), is_complete=False)])
    assert "configuration: empty\n" in tree([dataflow(leaf("a"), config={})])


def test_variants_count_as_one_node_and_a_name_that_is_sometimes_an_input_as_both() -> None:
    flow = dataflow(
        entry("spend", when=[{"a": {"in": [1]}}]),
        entry("spend", when=[{"a": {"in": [2]}}]),
        entry("spend", kind="input", when=[{"a": {"not_in": [1, 2]}}]),
    )
    assert "nodes: 1 from functions, 1 input\n" in tree([flow])


def test_keys_of_the_configuration_are_rows_only_where_they_are_read() -> None:
    config = {"region": "US", "debug": True}
    flow = dataflow(
        entry("rate", "region"),
        entry("region", kind="config", annotation="str"),
        entry("debug", kind="config", annotation=""),
        config=config,
    )
    assert tree([flow]).endswith("\n\nrate: int\n└── region: str  config\n")
    assert "1 from functions, 0 inputs, 2 from the configuration" in tree([flow])


def test_shared_nodes_are_shown_once_and_inputs_in_full_each_time() -> None:
    entries = (
        entry("model", "mean", "alpha?", "spend", "mean2?"),
        entry("mean", "spend"),
        entry("mean2", "spend"),
        entry("spend", "raw", annotation="pd.Series"),
        leaf("raw", "pd.DataFrame"),
        leaf("alpha", "float"),
    )
    assert body(*entries) == dedent("""\
        model: int
        ├── mean: int
        │   └── spend: pd.Series
        │       └── raw: pd.DataFrame  input
        ├── alpha: float  input, optional
        ├── spend (above)
        └── mean2: int  optional
            └── spend (above)
    """)
    assert body(*entries, has_unicode=False) == body(*entries).replace("├──", "|--").replace("└──", "`--").replace(
        "│", "|"
    )


def test_variants_stand_side_by_side_with_their_conditions() -> None:
    assert body(
        entry("total", "spend"),
        entry("spend", "raw", when=[{"region": {"in": ["US"]}}]),
        entry("spend", "rate", "raw", when=[{"region": {"not_in": ["US"]}}]),
        leaf("raw"),
        leaf("rate", ""),
    ) == dedent("""\
        total: int
        ├── spend: int  when region="US"
        │   └── raw: int  input
        └── spend: int  when region!="US"
            ├── rate: Any  input
            └── raw: int  input
    """)


def test_a_final_node_with_variants_is_two_trees_in_one_place() -> None:
    assert body(
        entry("spend", "raw", when=[{"a": {"in": [1]}}]), entry("spend", "raw", when=[{"a": {"in": [2]}}]), leaf("raw")
    ) == dedent("""\
        spend: int  when a=1
        └── raw: int  input
        spend: int  when a=2
        └── raw: int  input
    """)


def test_a_cycle_is_shown_not_followed() -> None:
    assert body(entry("a", "b"), entry("b", "c", "x"), entry("c", "a"), leaf("x"), entry("self", "self")) == dedent("""\
        a: int
        └── b: int
            ├── c: int
            │   └── a (cycle)
            └── x: int  input

        self: int
        └── self (cycle)
    """)


def test_roles_are_named_and_a_final_node_alone_needs_no_space() -> None:
    assert body(
        entry("one"),
        entry("two"),
        entry("each", "one", role="expand"),
        entry("all", "each", role="collect"),
        entry("last"),
    ) == dedent("""\
        two: int

        all: int  collect
        └── each: int  expand
            └── one: int

        last: int
    """)


def test_a_deep_chain_is_broken_into_trees_of_bounded_depth() -> None:
    chain = [entry(f"n{number}", f"n{number - 1}") for number in range(2000, 0, -1)]
    lines = body(*chain, leaf("n0")).splitlines()
    assert max(map(len, lines)) <= 4 * DEPTH + len("n1000 (below)")
    assert [line.rpartition(" ")[2] for line in lines].count("(below)") == 2000 // DEPTH
    shown = [line.split()[-2].rstrip(":") for line in lines if line.endswith("int")]
    assert shown == [f"n{number}" for number in range(2000, 0, -1)]


def test_a_cycle_longer_than_one_tree_is_still_recognised() -> None:
    ring = [entry(f"n{number}", f"n{(number + 1) % 40}") for number in range(40)]
    text = body(*ring)
    assert text.count("(cycle)") == 1
    assert "n0 (cycle)" in text
    assert "(above)" not in text


def test_a_dependency_that_has_no_entry_is_named_all_the_same() -> None:
    assert body(entry("a", "gone?")) == "a: int\n└── gone  optional\n"


def test_a_thousand_nodes_take_about_a_thousand_lines() -> None:
    layers = [
        entry(f"n{layer}_{number}", *(f"n{layer - 1}_{(number + step) % 50}" for step in range(3) if layer))
        for layer in range(20)
        for number in range(50)
    ]
    lines = body(*layers).splitlines()
    assert sum(line.endswith("int") for line in lines) >= 1000
    assert len(lines) <= 1000 * 3 + 200


def test_dataflows_are_separated_and_colour_changes_no_character() -> None:
    import re

    flows = [dataflow(leaf("a")), dataflow(leaf("b"))]
    assert tree(flows) == f"{tree(flows[:1])}\n{tree(flows[1:])}"
    assert re.sub(r"\x1b\[[0-9;]*m", "", tree(flows, color=True)) == tree(flows)
    assert tree([]) == ""
