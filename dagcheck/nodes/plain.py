"""Which node does a function make by itself, before any modifier?

Its name, its types and its dependencies are the function's; its role follows from Hamilton's own types among them
(`hamilton.node.Node.from_fn`).
"""

from __future__ import annotations

from dagcheck.evaluation.conditions import Condition
from dagcheck.evaluation.objects import Function
from dagcheck.nodes.node import Dependency, Node, Origin, Role
from dagcheck.nodes.signature import Signature
from dagcheck.span import Span
from dagcheck.types.model import GenericType, Type, UnknownType

_EXPAND, _COLLECT = "hamilton.htypes.Parallelizable", "hamilton.htypes.Collect"

REJECTED = UnknownType("unknown", "the function has an error")


def plain_node(
    function: Function,
    signature: Signature,
    name: str,
    condition: Condition,
    *,
    origin: Origin,
    config_keys: tuple[str, ...] | None = None,
) -> Node:
    """The node of a function; `config_keys` are those that decided that it exists, None where nothing did."""
    header = function.source.header
    dependencies = tuple(
        [
            Dependency(part.name, part.type or REJECTED, part.optional, part.span, part.annotation, part.default)
            for part in signature.parameters
        ]
    )
    tags: list[tuple[str, object]] = [("module", function.home)]
    if config_keys is not None:
        tags.append(("hamilton.config", ",".join(config_keys)))
    return Node(
        name,
        signature.returns or REJECTED,
        dependencies,
        condition,
        _role(signature),
        origin,
        Span(*header.name_place),
        signature.annotation,
        header.documentation or "",
        tuple(tags),
    )


def _role(signature: Signature) -> Role:
    """Collect in any hint, the return included, makes a collecting node; Parallelizable as the return an expanding one."""
    hints: list[Type | None] = [*(part.type for part in signature.parameters), signature.returns]
    if any(isinstance(hint, GenericType) and hint.name == _COLLECT and hint.arguments for hint in hints):
        return "collect"
    returns = signature.returns
    expands = isinstance(returns, GenericType) and returns.name == _EXPAND and bool(returns.arguments)
    return "expand" if expands else "standard"
