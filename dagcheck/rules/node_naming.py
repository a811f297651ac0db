"""`node-naming`: a node's name is not of the form that the project asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.functions import functions
from dagcheck.rules.rule import ProjectUnit, finding, place, rule


@rule(
    summary="A node's name is not of the agreed form",
    level="project",
    group="practice",
    severity="warning",
    default=False,
)
def node_naming(unit: ProjectUnit) -> Iterator[Diagnostic]:
    """The form is `node-names` of the settings, a regular expression; names inside of a namespace are left alone."""
    if not unit.conventions.node_names:
        return
    pattern = re.compile(unit.conventions.node_names)
    for dataflow in unit.dataflows:
        for function in functions(dataflow):
            for node in function.named:
                if not pattern.fullmatch(node.name):
                    yield finding(
                        f"the name `{node.name}` is not of the form `{unit.conventions.node_names}`",
                        place(node),
                        "silent",
                        advice="rename the node, or change `node-names` in the settings",
                        nodes=(node.name,),
                        dataflow=dataflow,
                    )
