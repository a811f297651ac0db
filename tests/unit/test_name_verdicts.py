"""What is decided about one name, where several functions make it?"""

from __future__ import annotations

from dagcheck.evaluation.conditions import ALWAYS, Condition, none_of, one_of
from dagcheck.graph.names import NameVerdict, Surroundings, judge
from dagcheck.graph.settling import Reader
from dagcheck.nodes.node import Dependency, Node, Origin
from dagcheck.span import Span
from dagcheck.types.assignability import Assignability, No, Yes
from dagcheck.types.model import ClassType, Type

INT, STR = ClassType("class", "int"), ClassType("class", "str")
US, EU = one_of("region", ["US"]), one_of("region", ["EU"])


def made(line: int, condition: Condition, type_: Type = INT) -> Node:
    origin = Origin("price", "prices", "prices.py", line, line)
    return Node("price", type_, (), condition, "standard", origin, Span(line, 1, line, 6))


def verdict(*producers: Node) -> NameVerdict:
    reads = Node(
        "total", INT, (Dependency("price", INT, False, Span(9, 1, 9, 6)),), ALWAYS, "standard", *made(9, ALWAYS)[5:7]
    )
    return judge("price", producers, [Reader(reads, reads.dependencies[0])], Surroundings(ALWAYS), same)


def same(wanted: Type, given: Type) -> Assignability:
    return Yes() if wanted == given else No((f"{given} is not {wanted}",))


def test_a_definition_clashes_with_each_variant_that_comes_before_it() -> None:
    clashes = verdict(made(1, US), made(2, EU), made(3, ALWAYS)).clashes
    assert [(clash.earlier.span.line, clash.later.span.line, clash.condition) for clash in clashes] == [
        (1, 3, US),
        (2, 3, EU),
    ]


def test_where_an_earlier_clash_stands_a_later_one_is_not_counted() -> None:
    clashes = verdict(made(1, US), made(2, ALWAYS), made(3, ALWAYS)).clashes
    assert [(clash.earlier.span.line, clash.later.span.line) for clash in clashes] == [(1, 2), (1, 3), (2, 3)]
    assert [clash.condition for clash in clashes] == [US, US, none_of("region", ["US"])]


def test_nothing_is_said_of_a_type_where_hamilton_stops_at_a_clash() -> None:
    mismatches = verdict(made(1, US), made(2, EU, STR), made(3, ALWAYS)).mismatches
    assert mismatches == ()


def test_a_type_is_judged_where_there_is_no_clash() -> None:
    mismatches = verdict(made(1, US), made(2, EU, STR)).mismatches
    assert [found.condition for found in mismatches] == [EU]
