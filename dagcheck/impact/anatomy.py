"""What of a function makes this one node?

A function with modifiers may make many nodes, and few of them depend on all of it: a row of a `parameterize` table belongs to
one node, a column taken out of a dataframe runs none of the function's body. Told from the modifier that made the node last
and from the modifiers' arguments as evaluated. What is not known for sure belongs to every node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dagcheck.evaluation.values import Value
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.node import Node
from dagcheck.nodes.uses import Use

_TABLES = frozenset({"parameterize", "parameterize_sources", "parameterized_inputs"})
_BY_PARAMETER = {"parameterize_values": 0, "parametrized": 0, "parametrized_input": 1}
"""Modifiers whose table holds the names of nodes in its keys (0) or its values (1)."""
_PARTS = frozenset({"extract_columns", "extract_fields", "unpack_fields"})
_PIPES = frozenset({"pipe", "pipe_input", "pipe_output"})
_NO_PART = frozenset(
    """tag tag_outputs schema.output cache ray_remote_options hamilton_exclude mutate config config.when config.when_not
    config.when_in config.when_not_in""".split()
)
"""What these do to a node is in its tags and its condition."""
_BESIDE = frozenset({*_PIPES, "dataloader", "datasaver", "subdag", "parameterized_subdag"})
"""What these do to the function's own node is in its name, its type and its dependencies."""
_FAMILIES_BESIDE = ("load_from.", "save_to.")


class Part(NamedTuple):
    """The part of a modifier that a node depends on: what it is called and its arguments."""

    modifier: str
    value: Value


class Anatomy(NamedTuple):
    """What makes a node: whether the function's body runs for it, and the parts of modifiers that count.

    Not `known`: a modifier made it that stands at another function, so that the decorators count as they are written.
    """

    runs_body: bool
    parts: tuple[Part, ...]
    known: bool = True


def anatomy(node: Node, uses: Sequence[Use]) -> Anatomy:
    """What of its function makes a node; `uses` are all modifiers of the function."""
    maker = node.origin.modifiers[0] if node.origin.modifiers else ""
    same = [use for use in uses if use.name == maker]
    others = [part for use in uses if use.name != maker for part in _beside(use)]
    if maker == "":
        return Anatomy(runs_body=True, parts=tuple([part for use in uses for part in _beside(use, node)]))
    if maker in (*_PIPES, "mutate") and (node.name.endswith(".raw") or _is_closing(node)):
        return Anatomy(runs_body=not _is_closing(node), parts=tuple(others))
    if len(same) != 1:
        return _everything(uses)._replace(known=bool(same))
    special = _SPECIAL.get(maker)
    if special is None:
        return _everything(uses)
    return special(node, same[0], others) or _everything(uses)


def _everything(uses: Sequence[Use]) -> Anatomy:
    return Anatomy(runs_body=True, parts=tuple([_whole(use) for use in uses if use.name not in _NO_PART]))


def _whole(use: Use) -> Part:
    return Part(use.name, (list(use.arguments), [list(pair) for pair in use.keywords]))


def _beside(use: Use, node: Node | None = None) -> list[Part]:
    """What a modifier means for a node that another modifier, or none, has made."""
    if use.name in _NO_PART or use.name in _BESIDE or use.name.startswith(_FAMILIES_BESIDE):
        return []
    if use.name in _PARTS:
        kept = [[name, value] for name, value in use.keywords if name not in ("fields", "columns")]
        return [Part(use.name, kept)] if kept else []
    return [_whole(use)]


def _from_table(node: Node, use: Use, others: list[Part]) -> Anatomy | None:
    """One row of a table: the row, and what holds for all of them."""
    rows = dict(use.keywords)
    if node.name not in rows:
        return None
    return Anatomy(runs_body=True, parts=(Part(use.name, rows[node.name]), *others))


def _from_parameter_table(node: Node, use: Use, others: list[Part]) -> Anatomy | None:
    table = (
        use.arguments[1] if len(use.arguments) > 1 else use.keyword("assigned_output", use.keyword("variable_inputs"))
    )
    if type(table) is not dict:
        return None
    side = _BY_PARAMETER[use.name]
    rows = [
        [key, value]
        for key, value in table.items()
        if type((key, value)[side]) is tuple and (key, value)[side][:1] == (node.name,)
    ]
    parameter = use.arguments[0] if use.arguments else use.keyword("parameter")
    return Anatomy(runs_body=True, parts=(Part(use.name, [parameter, rows]), *others)) if rows else None


def _own(node: Node, use: Use, others: list[Part]) -> Anatomy:
    return Anatomy(runs_body=True, parts=(_whole(use), *others))


def _part(node: Node, use: Use, others: list[Part]) -> Anatomy | None:
    """A column, field or element: what it is called, and for elements where it stands."""
    place = list(use.arguments).index(node.name) if use.name == "unpack_fields" and node.name in use.arguments else 0
    kept = [[name, value] for name, value in use.keywords if name not in ("fields", "columns")]
    return Anatomy(runs_body=False, parts=(Part(use.name, [node.name, place, kept]),))


def _step(node: Node, use: Use, others: list[Part]) -> Anatomy | None:
    """One of the steps of a pipe."""
    for index, step in enumerate(use.arguments):
        place = blame(use, ("argument", index))
        if place[:2] <= node.span[:2] and node.span[2:] <= place[2:] and place != blame(use):
            return Anatomy(runs_body=False, parts=(Part(use.name, step),))
    return None


def _is_closing(node: Node) -> bool:
    """Does it only hand on what the last step of a pipe gave? Its function is Hamilton's."""
    return dict(node.tags).get("module") == "hamilton.function_modifiers.macros"


def _inside(node: Node, use: Use, others: list[Part]) -> Anatomy | None:
    """What a subdag is given, or its final node."""
    if not any(name == "hamilton.non_final_node" for name, _ in node.tags):
        return Anatomy(runs_body=True, parts=tuple(others))
    key = node.name.rpartition(".")[2]
    for keyword in ("inputs", "config"):
        given = use.keyword(keyword)
        if type(given) is dict and key in given:
            return Anatomy(runs_body=False, parts=(Part(use.name, given[key]),))
    return Anatomy(runs_body=False, parts=(Part(use.name, [list(pair) for pair in use.keywords]),))


def _inside_table(node: Node, use: Use, others: list[Part]) -> Anatomy | None:
    """What one of several subdags is given, or its final node."""
    if node.name in dict(use.keywords):
        return Anatomy(runs_body=True, parts=tuple(others))
    namespace, _, key = node.name.rpartition(".")
    row = use.keyword(namespace)
    for keyword in ("inputs", "config") if type(row) is dict else ():
        for given in (row.get(keyword), use.keyword(keyword)):
            if type(given) is dict and key in given:
                return Anatomy(runs_body=False, parts=(Part(use.name, given[key]),))
    return None


def _checked(node: Node, use: Use, others: list[Part]) -> Anatomy:
    """The value as it was, a validator's verdict on it, or what hands the value on."""
    is_verdict = any(name == "hamilton.data_quality.contains_dq_results" for name, _ in node.tags)
    is_last = any(part.name == f"{node.name}_raw" for part in node.dependencies)
    if is_verdict or is_last:
        return Anatomy(runs_body=False, parts=(_whole(use),))
    return Anatomy(runs_body=True, parts=tuple(others))


_SPECIAL: dict[str, Callable[[Node, Use, list[Part]], Anatomy | None]] = {
    **dict.fromkeys(_TABLES, _from_table),
    **dict.fromkeys(_BY_PARAMETER, _from_parameter_table),
    **dict.fromkeys(("inject", "does"), _own),
    **dict.fromkeys(_PARTS, _part),
    **dict.fromkeys(_PIPES, _step),
    **dict.fromkeys(("check_output", "check_output_custom"), _checked),
    "subdag": _inside,
    "parameterized_subdag": _inside_table,
}
