"""`load_from.*` and `dataloader`: where do data come into the dataflow?

Source: `hamilton.function_modifiers.adapters`. `load_from` puts two nodes before one parameter: `f.load_data.p`, which gives
the data together with what is known of them, and `f.select_data.p`, which gives the data. `dataloader` makes the same two of a
function that returns such a pair itself: `f.loader` and `f`. Loaders are chosen at import for the function's parameter, and
again at build for what its nodes read.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.values import Value
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.injection import injectable, redirected
from dagcheck.nodes.modifiers.adapter_use import METADATA, Request, chosen, inputs, request
from dagcheck.nodes.modifiers.adapters import Adapter
from dagcheck.nodes.modifiers.metadata import with_tags
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.signature import without_extras
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.types.assignability import No, Raises, fits
from dagcheck.types.model import NONE_ITSELF, AnnotatedType, ClassType, GenericType, Type, UnknownType
from dagcheck.types.printing import brief

_STR, _DICT = ClassType("class", "str"), ClassType("class", "dict")


def load_from(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@load_from.csv(path=source("path"), inject_="data")`: a parameter gets what a loader loads."""
    asked = request(subject, use, "load")
    inject = use.keyword("inject_")
    if inject is not None and not isinstance(inject, str):
        if is_plain(inject):
            subject.reject(use, f"`inject_` names a parameter, it cannot be {describe(inject)}", ("value", "inject_"))
        else:
            subject.unresolved(use, inject, ("value", "inject_"))
        return nodes
    _check_function(asked, inject)
    parameter = _parameter(asked, nodes, inject)
    if parameter is None:
        return nodes
    type_ = injectable(nodes)[parameter]
    adapter = None if subject.is_rejected else chosen(asked, type_, "build")
    made = _loader_nodes(asked, parameter, type_, adapter)
    return [*(redirected(node, parameter, made[1].name) for node in nodes), *made]


def _check_function(asked: Request, inject: str | None) -> None:
    """What Hamilton checks when it decorates: the parameter, and that some loader loads its type with these arguments."""
    parameters, name = asked.subject.signature.parameters, asked.subject.function.header.name
    names = [part.name for part in parameters]
    if inject is not None and inject not in names:
        import difflib

        near = difflib.get_close_matches(inject, names, 1)
        takes = ", ".join(f"`{part}`" for part in names) or "none"
        advice = f"did you mean `{near[0]}`?" if near else f"its parameters: {takes}"
        asked.reject(f"`{name}` has no parameter `{inject}`", ("value", "inject_"), stage="import", advice=advice)
    elif inject is None and len(names) != 1:
        several = f"has {len(names)} parameters" if names else "has no parameter"
        advice = 'name the one that gets the data: `inject_="..."`' if names else ""
        message = f"`{name}` {several}, so `@{asked.use.name}` does not know where to put the data"
        asked.reject(message, stage="import", advice=advice)
    else:
        type_ = parameters[names.index(inject) if inject is not None else 0].type
        if type_ is not None:
            chosen(asked, without_extras(type_), "import")


def _parameter(asked: Request, nodes: list[Node], inject: str | None) -> str | None:
    """The name that gets the data; by now it need not be a parameter of the function."""
    names = list(injectable(nodes))
    if inject is None and len(names) == 1:
        return names[0]
    if inject in names:
        return inject
    if asked.subject.complete and not asked.subject.is_rejected:
        read = "nothing" if not names else ", ".join(f"`{name}`" for name in names)
        before = "once the modifiers before it are at work, the function reads"
        message = f"`@{asked.use.name}` does not know where to put the data: {before} {read}"
        asked.reject(message, ("value", "inject_"), stage="build")
    return None


def _loader_nodes(asked: Request, parameter: str, type_: Type, adapter: Adapter | None) -> tuple[Node, Node]:
    """The node that loads, and the one that takes the data from what it gives."""
    subject, span = asked.subject, blame(asked.use, ("value", "inject_"))
    pair = GenericType("generic", "tuple", (METADATA, type_))
    tags: dict[str, Value] = {
        "hamilton.data_loader": True,
        "hamilton.data_loader.has_metadata": True,
        "hamilton.data_loader.source": asked.key,
        "hamilton.data_loader.node": parameter,
    }
    if adapter is not None and adapter.name:
        tags["hamilton.data_loader.classname"] = adapter.name
    origin, condition = subject.origin(asked.use.name), subject.condition
    reads = tuple(inputs(asked, adapter).values())
    load = Node(f"{subject.name}.load_data.{parameter}", pair, reads, condition, "standard", origin, span)
    read = (Dependency(load.name, pair, False, span),)
    select = Node(f"{subject.name}.select_data.{parameter}", type_, read, condition, "standard", origin, span)
    return with_tags(load, tags), with_tags(select, {**tags, "hamilton.data_loader.has_metadata": False})


def dataloader(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@dataloader()` on a function that returns data and a dictionary about them."""
    (own,) = nodes
    returns = subject.signature.returns
    if returns is not None:
        _check_pair(subject, use, without_extras(returns))
    name, origin = subject.name, subject.origin(use.name)
    tags: dict[str, Value] = {
        "hamilton.data_loader": True,
        "hamilton.data_loader.has_metadata": True,
        "hamilton.data_loader.node": name,
        "hamilton.data_loader.classname": f"{name}()",
        "hamilton.data_loader.source": "loader",
    }
    loader = with_tags(own._replace(name=f"{name}.loader", origin=origin), tags)
    reads = (Dependency(loader.name, own.type, False, own.span),)
    if _first(own.type) == NONE_ITSELF:
        message = f"`@dataloader` finds no type for what `{name}` loads: in `tuple[None, ...]` None is kept as it is"
        subject.reject(use, message, hamilton="build", advice="write `typing.Tuple[None, dict]`")
    data = own._replace(
        type=_first(own.type), dependencies=reads, role="standard", origin=origin, annotation="", tags=()
    )
    changed = {"hamilton.data_loader.has_metadata": False, "hamilton.data_loader.source": name}
    return [loader, with_tags(data, {**tags, **changed})]


def _first(type_: Type) -> Type:
    """The first argument of the return type, as `typing_inspect.get_args` gives it."""
    if isinstance(type_, GenericType) and type_.arguments:
        return type_.arguments[0]
    if isinstance(type_, AnnotatedType):
        return type_.underlying
    return UnknownType("unknown", "what is loaded has no known type")


def _check_pair(subject: Subject, use: Use, returns: Type) -> None:
    """The return type must be a tuple of the data's type and a `dict` with text keys."""
    if isinstance(returns, UnknownType):
        return
    wanted = "`tuple[<type of the data>, dict]`"
    message = f"`@dataloader` needs a function that returns {wanted}, not `{brief(returns)}`"
    if not isinstance(returns, GenericType) or returns.name not in ("tuple", "typing.Tuple"):
        subject.reject(use, message)
        return
    if len(returns.arguments) != 2:
        subject.reject(use, message)
        return
    about = returns.arguments[1]
    keys = about.arguments[0] if isinstance(about, GenericType) and about.arguments else _STR
    if isinstance(fits(about, _DICT, subject.setting.hierarchy), (No, Raises)):
        subject.reject(use, message)
    elif not isinstance(keys, UnknownType) and keys != _STR:
        subject.reject(use, f"{message}: what is said about the data must have text keys")
