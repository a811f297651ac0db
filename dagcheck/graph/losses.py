"""What did a dataflow lose between two states of the project?

A name that some node made and that is still read becomes an input without a word: Hamilton builds the graph, and the value has
to come from outside from then on. A *loss* is such a name, in the configurations in which something made it before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from dagcheck.evaluation.conditions import NEVER, Condition, both
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.settling import Reader
from dagcheck.nodes.node import Node


class Loss(NamedTuple):
    """A name that nothing makes any more in the configurations of `condition`, though `readers` need it there.

    `producer` is the node that made it; `renamed_to` is what that is called now, "" where it is gone.
    """

    dataflow: Dataflow
    name: str
    producer: Node
    readers: tuple[Reader, ...]
    condition: Condition
    renamed_to: str = ""


def losses(before: Dataflow, after: Dataflow, intended: Collection[str] = ()) -> Iterator[Loss]:
    """The names that were lost; `intended` are those that are meant to be inputs now."""
    for name, readers in after.readers.items():
        producers = before.producers.get(name)
        if not producers or name in intended or producers == after.producers.get(name):
            continue
        for input_ in after.verdicts[name].inputs:
            for producer in producers:
                condition = both(producer.condition, input_.condition)
                lost = [reader for reader in readers if condition and both(reader.node.condition, condition) != NEVER]
                if condition is not None and condition != NEVER and lost:
                    yield Loss(after, name, producer, tuple(lost), condition)
                    break
