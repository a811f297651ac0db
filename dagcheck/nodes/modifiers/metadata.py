"""`tag`, `tag_outputs`, `schema.output`, `cache`, `ray_remote_options`: what is written on the nodes?

Source: `hamilton.function_modifiers.metadata`. These make no nodes; they run last, and upper tags overwrite lower ones.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.values import Rest, Unknown, Value
from dagcheck.nodes.arguments import Step
from dagcheck.nodes.dataframes import is_dataframe
from dagcheck.nodes.node import Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import transform
from dagcheck.nodes.uses import Use
from dagcheck.types.printing import brief

_RESERVED = ("hamilton", "data_quality", "gdpr", "ccpa", "dag", "module", "ray_remote")


def tag(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@tag(key="value", ...)` on the final nodes, or on `target_`."""
    bypass = use.keyword("bypass_reserved_namespaces_", False)
    tags: dict[str, Value] = {}
    for key, value in use.keywords:
        if key in ("target_", "bypass_reserved_namespaces_"):
            continue
        if key == "**" or not is_plain(value):
            subject.unresolved(use, value, ("value", key), complete=True)
        elif _allowed(subject, use, key, value, bypass):
            tags[key] = value
    return transform(subject, use, use.keyword("target_"), nodes, lambda node: [with_tags(node, tags)])


def tag_outputs(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@tag_outputs(node={"key": "value"})`: Hamilton checks neither names nor values here."""
    tags: dict[str, dict[str, Value]] = {}
    for name, value in use.keywords:
        if name == "**" or type(value) is not dict or not is_plain(value):
            subject.unresolved(use, value, ("value", name), complete=True)
        else:
            tags[name] = value
    return [with_tags(node, tags[node.name]) if node.name in tags else node for node in nodes]


def cache(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@cache(behavior=..., format=...)`, on all nodes unless targeted."""
    given = {name: use.keyword(name) for name in ("behavior", "format")}
    tags: dict[str, Value] = {}
    for name, value in given.items():
        if not is_plain(value):
            subject.unresolved(use, value, ("value", name), complete=True)
        elif value:
            tags[f"cache.{name}"] = value
    return transform(subject, use, use.keyword("target_", ...), nodes, lambda node: [with_tags(node, tags)])


def schema_output(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@schema.output(("column", "type"), ...)` on a dataframe node; kept as one internal tag."""
    fields: list[str] = []
    for index, field in enumerate(use.arguments):
        pair = iterate(field) if not isinstance(field, Rest) else field.unknown
        if isinstance(pair, Unknown):
            if is_plain(field):
                subject.reject(
                    use, f"a schema field is a pair of name and type, not {describe(field)}", ("argument", index)
                )
            else:
                subject.unresolved(use, field, ("argument", index), complete=True)
        elif len(pair) != 2:
            subject.reject(
                use, f"a schema field is a pair of name and type, not {describe(field)}", ("argument", index)
            )
        elif is_plain(pair):
            fields.append(f"{pair[0]}={pair[1]}")

    def decorate(node: Node) -> list[Node]:
        if is_dataframe(node.type, subject.setting.hierarchy) is False:
            message = (
                f"`@schema.output` works on a dataframe, but `{node.name}` is `{node.annotation or brief(node.type)}`"
            )
            subject.reject(use, message, hamilton="build")
        return [with_tags(node, {"hamilton.internal.schema_output": ",".join(fields)})]

    return transform(subject, use, use.keyword("target_"), nodes, decorate)


def ray_remote_options(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@ray_remote_options(num_cpus=2)` on the final nodes: each option is kept as JSON in a tag."""
    import json

    tags: dict[str, Value] = {}
    for name, value in use.keywords:
        if name == "**" or not is_plain(value):
            subject.unresolved(use, value, ("value", name), complete=True)
        elif not all(part.isidentifier() for part in name.split(".")):
            subject.reject(use, f"option `{name}` is no dotted identifier", ("keyword", name))
        else:
            try:
                tags[f"ray_remote.{name}"] = json.dumps(value)
            except (TypeError, ValueError):
                message = f"option `{name}` must be something that JSON can hold, not {describe(value)}"
                subject.reject(use, message, ("value", name))
    return transform(subject, use, None, nodes, lambda node: [with_tags(node, tags)])


def with_tags(node: Node, tags: dict[str, Value]) -> Node:
    """The node with more tags; lists become tuples, as nodes are immutable."""
    merged = dict(node.tags)
    merged.update({key: tuple(value) if isinstance(value, list) else value for key, value in tags.items()})
    return node._replace(tags=tuple(merged.items()))


def _allowed(subject: Subject, use: Use, key: str, value: Value, bypass: Value) -> bool:
    steps: tuple[Step, ...] = (("keyword", key),)
    parts = key.split(".")
    if parts[0] in _RESERVED and bypass is False:
        subject.reject(use, f"the tag namespace `{parts[0]}` is reserved by Hamilton", *steps)
        return False
    if not all(part.isidentifier() for part in parts):
        subject.reject(use, f"tag key `{key}` is no dotted identifier", *steps)
        return False
    if isinstance(value, str):
        return True
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        if len(set(value)) == len(value):
            return True
        subject.reject(use, f"the values of tag `{key}` repeat themselves", ("value", key))
        return False
    message = f"tag `{key}` must be a string or a non-empty list of strings, not {describe(value)}"
    subject.reject(use, message, ("value", key))
    return False
