"""`missing-tag`: a node lacks a tag that the project asks for."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.functions import functions
from dagcheck.rules.rule import ProjectUnit, finding, rule


@rule(summary="A node lacks a required tag", level="project", group="practice", severity="warning", default=False)
def missing_tag(unit: ProjectUnit) -> Iterator[Diagnostic]:
    """The keys are `required-tags` of the settings; of a function's nodes, those that end it need the tags, as with `@tag`."""
    for dataflow in unit.dataflows:
        for function in functions(dataflow) if unit.conventions.required_tags else ():
            tags = [{key for key, _ in node.tags} for node in function.final]
            missing = [key for key in unit.conventions.required_tags if any(key not in keys for keys in tags)]
            if missing:
                keys = ", ".join(f"`{key}`" for key in missing)
                yield finding(
                    f"`{function.name}` has no tag {keys}",
                    function.location,
                    "silent",
                    advice=f'add `@tag({missing[0]}="...")`',
                    nodes=tuple(node.name for node in function.final),
                    dataflow=dataflow,
                )
