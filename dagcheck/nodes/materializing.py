"""Which nodes do the savers and loaders make that a driver adds to its graph?

Source: `hamilton.io.materialization`. `to.json(id="j", dependencies=["a"])` adds the node `j` that saves `a`; with `combine`, or
for several dependencies, `j_build_result` joins them first. `from_.json(target="x")` adds `load_data.x` and takes the place of
`x`, computed or not. Adapters are chosen as for `save_to` and `load_from`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.values import Construction, Reference, Value
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.arguments import binding
from dagcheck.nodes.modifiers.adapter_use import METADATA
from dagcheck.nodes.modifiers.adapters import DIFFERS, Adapter, Kind, choose, registered
from dagcheck.nodes.node import Dependency, Node, Origin
from dagcheck.span import Location
from dagcheck.types.model import ClassType, GenericType, Type, UnknownType

_OWN = {"load": ("target",), "save": ("id", "dependencies", "combine")}
_FRAME = ClassType("class", "pandas.core.frame.DataFrame")
_JOINED: Mapping[str, Type] = {
    "DictResult": METADATA,
    "PandasDataFrameResult": _FRAME,
    "StrictIndexTypePandasDataFrameResult": _FRAME,
    "NumpyMatrixResult": _FRAME,
}
"""What Hamilton's own result builders say that they give."""


def saver_nodes(
    call: Construction, name: str, form: str, saved: Sequence[tuple[str, Type]], hierarchy: Hierarchy
) -> list[Node]:
    """The nodes of a saver for these dependencies, whose types are known as far as they can be."""
    made: list[Node] = []
    location = call.location
    assert location is not None  # whoever writes a call writes it somewhere
    joined = joined_by(call)
    if joined is not None:
        reads = [Dependency(part, type_, False, location.span) for part, type_ in saved]
        made.append(_node(f"{name}_build_result", joined_type(joined), reads, location, ()))
        saved = [(made[0].name, made[0].type)]
    if len(saved) != 1:
        return made
    ((read, type_),) = saved
    adapter, inputs = _adapter(call, "save", form, type_, hierarchy)
    inputs[read] = Dependency(read, type_, False, location.span)
    tags: list[tuple[str, Value]] = [("hamilton.data_saver", True), ("hamilton.data_saver.sink", form)]
    if adapter is not None and adapter.name:
        tags.append(("hamilton.data_saver.classname", adapter.name))
    made.append(_node(name, METADATA, list(inputs.values()), location, tags))
    return made


def loader_nodes(call: Construction, target: str, form: str, type_: Type, hierarchy: Hierarchy) -> list[Node]:
    """The nodes of a loader that takes the place of the node `target`."""
    location = call.location
    assert location is not None
    adapter, inputs = _adapter(call, "load", form, type_, hierarchy)
    pair = GenericType("generic", "tuple", (METADATA, type_))
    tags: list[tuple[str, Value]] = [
        ("hamilton.data_loader", True),
        ("hamilton.data_loader.has_metadata", True),
        ("hamilton.data_loader.source", form),
        ("hamilton.data_loader.node", target),
    ]
    if adapter is not None and adapter.name:
        tags.append(("hamilton.data_loader.classname", adapter.name))
    load = _node(f"load_data.{target}", pair, list(inputs.values()), location, tags)
    reads = [Dependency(load.name, pair, False, location.span)]
    changed = [(key, False if key.endswith("has_metadata") else value) for key, value in tags]
    return [load, _node(target, type_, reads, location, changed)]


def own_words(kind: Kind) -> Sequence[str]:
    """The arguments of a saver or loader that are not for the class that saves or loads."""
    return _OWN[kind]


def joined_by(call: Construction) -> Value:
    """The result builder by which a saver joins what it saves, or None."""
    return dict(call.keywords).get("combine", call.arguments[2] if len(call.arguments) > 2 else None)


def joined_type(builder: Value) -> Type:
    """What a result builder says that it gives."""
    callee = builder.callee if isinstance(builder, Construction) else builder
    name = callee.name if isinstance(callee, Reference) else ""
    name = name.rpartition(".")[2] if name.startswith("hamilton.") else ""
    return _JOINED.get(name, UnknownType("unknown", "a result builder that dagcheck does not know"))


def _adapter(
    call: Construction, kind: Kind, form: str, type_: Type, hierarchy: Hierarchy
) -> tuple[Adapter | None, dict[str, Dependency]]:
    """The adapter that Hamilton takes, and the dependencies by which it gets what is given as `source(...)`."""
    assert call.location is not None
    sources, values = dict[str, str](), list[str]()
    for word, value in call.keywords:
        bound = binding(value)
        if word in _OWN[kind]:
            continue
        if bound.kind == "source" and isinstance(bound.content, str):
            sources[word] = str(bound.content)
        else:
            values.append(word)
    known = registered(kind, form)
    adapter = None if known is None else choose(known, type_, kind, [*sources, *values], hierarchy).adapter
    required = (None if adapter is None else adapter.required) or {}
    optional = None if adapter is None else adapter.optional
    reads: dict[str, Dependency] = {}
    span = call.location.span
    for name, wanted in required.items():
        source = sources.get(name, name)
        reads[source] = Dependency(source, wanted, False, span)
    for name, source in sources.items():
        if name not in required:
            wanted = DIFFERS if optional is None else optional.get(name, DIFFERS)
            reads[source] = Dependency(source, wanted, optional is not None, span)
    return adapter, {name: read for name, read in reads.items() if name not in values}


def _node(
    name: str, type_: Type, reads: Sequence[Dependency], location: Location, tags: Sequence[tuple[str, Value]]
) -> Node:
    origin = Origin("", "", location.path, location.span.line, location.span.end_line)
    return Node(name, type_, tuple(reads), ALWAYS, "standard", origin, location.span, tags=tuple(tags))
