"""How is a module's part of a dataflow written down as plain data, and read back?

Rows are tuples of exact built-in types, for `marshal`. Types, conditions and origins repeat within a module, so they stand
once in a table and nodes refer to them by index. `from_row(to_row(x)) == x`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dagcheck.evaluation.boxes import Allowed, Unhashable
from dagcheck.evaluation.conditions import Condition
from dagcheck.names.class_record import ClassRecord
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Dependency, Fault, Node, Origin
from dagcheck.span import Location, Span
from dagcheck.types import rows as type_rows
from dagcheck.types.model import Type

Row = tuple[Any, ...]


def to_row(module: ModuleNodes) -> Row:
    """The module's part as plain data."""
    types, conditions, origins = _Table(type_rows.to_row), _Table(_condition_row), _Table(tuple)
    nodes = tuple([_node_row(node, types, conditions, origins) for node in module.nodes])
    faults = tuple([_fault_row(fault, conditions) for fault in module.faults])
    tables = (tuple(types.rows), tuple(conditions.rows), tuple(origins.rows))
    flags = (module.is_dataflow, module.complete, module.needs_config)
    return (module.name, module.path, nodes, faults, flags, tables)


def from_row(row: Row) -> ModuleNodes:
    """The inverse of `to_row`."""
    name, path, nodes, faults, flags, (types, conditions, origins) = row
    known_types = [type_rows.from_row(item) for item in types]
    known_conditions = [_condition_from(item) for item in conditions]
    known_origins = [Origin._make(item) for item in origins]
    made = tuple([_node_from(item, known_types, known_conditions, known_origins) for item in nodes])
    found = tuple([_fault_from(item, known_conditions) for item in faults])
    return ModuleNodes(name, path, made, found, *flags)


def record_rows(records: Mapping[str, ClassRecord]) -> Row:
    """Class records as plain data."""
    return tuple(
        [tuple(sorted(part) if isinstance(part, frozenset) else part for part in item) for item in records.values()]
    )


def records_from(rows: Row) -> dict[str, ClassRecord]:
    """The inverse of `record_rows`."""
    made = [ClassRecord._make((*row[:2], *(frozenset(part) for part in row[2:7]), row[7])) for row in rows]
    return {record.name: record for record in made}


class _Table:
    """Distinct values in order of appearance; a value's index stands for it."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        self.rows: list[Any] = []
        self._convert = convert
        self._indexes: dict[Any, int] = {}

    def index(self, value: Any) -> int:
        known = self._indexes.get(value)
        if known is None:
            known = self._indexes[value] = len(self.rows)
            self.rows.append(self._convert(value))
        return known


def _node_row(node: Node, types: _Table, conditions: _Table, origins: _Table) -> Row:
    dependencies = tuple(
        [
            (part.name, types.index(part.type), part.optional, tuple(part.span), part.annotation, part.default)
            for part in node.dependencies
        ]
    )
    return (
        node.name,
        types.index(node.type),
        dependencies,
        conditions.index(node.condition),
        node.role,
        origins.index(node.origin),
        tuple(node.span),
        node.annotation,
        node.documentation,
        node.tags,
        node.path,
    )


def _node_from(row: Row, types: list[Type], conditions: list[Condition], origins: list[Origin]) -> Node:
    name, type_, dependencies, condition, role, origin, span, annotation, documentation, tags, path = row
    made = tuple(
        [Dependency(part[0], types[part[1]], part[2], Span._make(part[3]), part[4], part[5]) for part in dependencies]
    )
    place = Span._make(span)
    head = (name, types[type_], made, conditions[condition], role, origins[origin], place)
    return Node(*head, annotation, documentation, tags, path)


def _fault_row(fault: Fault, conditions: _Table) -> Row:
    related = tuple([(place.path, tuple(place.span), words) for place, words in fault.related])
    changed = fault._replace(span=tuple(fault.span), condition=conditions.index(fault.condition), related=related)  # type: ignore[arg-type]
    return tuple(changed)


def _fault_from(row: Row, conditions: list[Condition]) -> Fault:
    fault = Fault._make(row)
    related = tuple([(Location(path, Span._make(span)), words) for path, span, words in row[6]])
    condition = conditions[fault.condition]  # type: ignore[call-overload]
    return fault._replace(span=Span._make(fault.span), condition=condition, related=related)


def _condition_row(condition: Condition) -> Row:
    return tuple(
        [
            tuple(
                [
                    (key, allowed.positive, tuple(map(_value_row, allowed.members)), allowed.part_of)
                    for key, allowed in box
                ]
            )
            for box in condition.boxes
        ]
    )


def _condition_from(row: Row) -> Condition:
    return Condition(
        tuple(
            [
                tuple(
                    [
                        (key, Allowed(positive, frozenset(map(_value_from, members)), text))
                        for key, positive, members, text in box
                    ]
                )
                for box in row
            ]
        )
    )


def _value_row(value: Any) -> Row:
    return (True, value.text) if isinstance(value, Unhashable) else (False, value)


def _value_from(row: Row) -> Any:
    return Unhashable(row[1]) if row[0] else row[1]
