"""What does an `impact` block say? The document of `dagcheck impact`, in lines that a person can write.

    discount: modified (body): behaviour
    price: modified (helpers) via pricing.RATE: behaviour
    total: renamed from amount (metadata): breaking
    affected: discount, total 1, invoice 2
    outputs: invoice
    owners: growth
    tests: tests/test_pricing.py::test_price
    new: lost-producer
    resolved: type-mismatch
    uncertain: chosen

Changes in their order, `(likely)` behind those that are; affected nodes with their distance, if it is not 0. Lines with nothing
to say are left out; a block that says `nothing` is about a change that changes nothing. A dataflow's name stands before a slash
where there are several.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any


def differences(text: str, document: Mapping[str, Any]) -> list[str]:
    """The lines of a block against what was found; empty when they are the same."""
    expected = [line.strip() for line in text.splitlines() if line.strip()]
    found = list(lines(document)) or ["nothing"]
    return [] if expected == found else list(difflib.ndiff(expected, found))


def lines(document: Mapping[str, Any]) -> Iterator[str]:
    """What was found, as lines of a block."""
    rows = [*document["changes"], *document["affected"]]
    several = len({row["dataflow"] for row in rows}) > 1

    def named(row: Mapping[str, Any]) -> str:
        return f"{row['dataflow']}/{row['node']}" if several else str(row["node"])

    for change in document["changes"]:
        yield f"{named(change)}: {_change(change)}"
    nodes = [f"{named(row)} {row['distance']}".removesuffix(" 0") for row in document["affected"]]
    yield from _list("affected", nodes)
    yield from _list("outputs", [named(row) for row in document["outputs"]])
    yield from _list("owners", document["owners"])
    yield from _list("tests", document["tests"])
    for kind in ("new", "resolved"):
        yield from _list(kind, [diagnostic["rule"] for diagnostic in document["diagnostics"][kind]])
    yield from _list("uncertain", [named(row) for row in document["uncertain"]])


def _change(change: Mapping[str, Any]) -> str:
    words = [change["kind"]]
    if change["renamed_from"]:
        words.append(f"from {change['renamed_from']}")
    if change["facets"]:
        words.append(f"({', '.join(change['facets'])})")
    if change["via"]:
        words.append(f"via {', '.join(change['via'])}")
    likely = " (likely)" if change["certainty"] == "likely" else ""
    return f"{' '.join(words)}: {change['effect']}{likely}"


def _list(name: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f"{name}: {', '.join(items)}"
