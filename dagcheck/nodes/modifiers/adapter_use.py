"""What is a loader or saver given, and which dependencies does its node get from that?

Terms as in `dagcheck.nodes.modifiers.adapters`. An argument given as `source("name")` is a dependency of the adapter's type
for it; anything else is a value that Hamilton keeps (source: `resolve_kwargs` and `AdapterFactory` of
`hamilton.function_modifiers.adapters`).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from dagcheck.evaluation.values import Construction
from dagcheck.nodes.arguments import Step, binding, blame
from dagcheck.nodes.modifiers.adapters import DIFFERS, Adapter, Choice, Kind, choose, meant_by, registered
from dagcheck.nodes.modifiers.own_adapters import own_adapters
from dagcheck.nodes.node import Dependency
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.types.model import ANY, ClassType, GenericType, Type, UnknownType
from dagcheck.types.printing import brief

METADATA = GenericType("generic", "dict", (ClassType("class", "str"), ANY))
"""What Hamilton says of data that were loaded or saved."""

Stage = Literal["import", "build"]
_OWN = {"load": ("inject_",), "save": ("output_name_", "target_")}
_WORDS = {"load": ("loader", "loads into"), "save": ("saver", "saves")}


class Given(NamedTuple):
    """The arguments for the adapter: names of nodes for those bound to one, and the names of the others.

    Not `complete`: more may be given than could be read.
    """

    sources: dict[str, str]
    values: tuple[str, ...]
    complete: bool

    @property
    def names(self) -> list[str]:
        """All arguments, without their order."""
        return [*self.sources, *self.values]


class Request(NamedTuple):
    """One use of `load_from.<key>` or `save_to.<key>`: the adapters of its key (None: nobody knows it), what it is given."""

    subject: Subject
    use: Use
    kind: Kind
    adapters: list[Adapter] | None
    given: Given

    @property
    def key(self) -> str:
        """What stands behind the point."""
        return self.use.name.partition(".")[2]

    def reject(self, message: str, *steps: Step, stage: Stage, advice: str = "") -> None:
        """Note that Hamilton refuses this use."""
        self.subject.reject(self.use, message, *steps, hamilton=stage, advice=advice)


def request(subject: Subject, use: Use, kind: Kind) -> Request:
    """What a use asks for; what cannot be read of it is noted."""
    return Request(subject, use, kind, _adapters(subject, use, kind), _given(subject, use, kind))


def chosen(asked: Request, type_: Type, stage: Stage) -> Adapter | None:
    """The adapter for this type, checked against the arguments; None, which is noted, when there is none."""
    if asked.adapters is None:
        return None
    subject, use, given = asked.subject, asked.use, asked.given
    choice = choose(asked.adapters, type_, asked.kind, given.names, subject.setting.hierarchy)
    adapter = choice.adapter
    if adapter is None:
        _note_none(asked, type_, choice, stage)
        return None
    if given.complete and (missing := adapter.missing(given.names)):
        names = ", ".join(f"`{name}`" for name in missing)
        asked.reject(f"`@{use.name}` for `{brief(type_)}` needs {names}", stage=stage, advice=_takes(adapter))
    for name in adapter.surplus(given.names):
        message = f"`@{use.name}` for `{brief(type_)}` takes no argument `{name}`"
        asked.reject(message, ("keyword", name), stage=stage, advice=_takes(adapter))
    if choice.names and stage == "build" and not subject.is_rejected:
        names = " or ".join(f"`{name}`" for name in dict.fromkeys(choice.names))
        message = f"which packages are installed decides whether `@{use.name}` takes {names} for `{brief(type_)}`"
        if isinstance(type_, UnknownType):
            message = f"`@{use.name}` takes {names}, depending on a type that dagcheck does not know: {type_.reason}"
        subject.note_unresolved(message, blame(use), path=use.application.path)
    return adapter


def inputs(asked: Request, adapter: Adapter | None) -> dict[str, Dependency]:
    """The dependencies by which the adapter's node gets its arguments, required ones first, as Hamilton collects them."""
    made: dict[str, Dependency] = {}
    use, sources = asked.use, asked.given.sources
    required = (adapter.required if adapter is not None else None) or {}
    optional = adapter.optional if adapter is not None else None
    for name, type_ in required.items():
        source = sources.get(name, name)
        made[source] = Dependency(source, type_, False, blame(use, ("value", name)))
    for name in sources if optional is None else optional:
        if name in sources and name not in required:
            type_ = DIFFERS if optional is None else optional[name]
            made[sources[name]] = Dependency(sources[name], type_, optional is not None, blame(use, ("value", name)))
    # Hamilton takes the names of values out of the names of nodes.
    return {name: dependency for name, dependency in made.items() if name not in asked.given.values}


def _adapters(subject: Subject, use: Use, kind: Kind) -> list[Adapter] | None:
    key = use.name.partition(".")[2]
    known, own = registered(kind, key), own_adapters(subject, kind, key)
    if known is not None or own:
        return [*(known or ()), *own]
    meant, word = meant_by(kind, key), _WORDS[kind][0]
    if meant:
        subject.reject(use, f"there is no {word} `{key}`", advice=f"did you mean `{meant}`?")
    else:
        message = f"`@{use.name}`: Hamilton has no {word} `{key}`, and dagcheck does not see where one is registered"
        subject.note_unresolved(message, blame(use), path=use.application.path)
    return None


def _given(subject: Subject, use: Use, kind: Kind) -> Given:
    sources: dict[str, str] = {}
    values: list[str] = []
    complete = True
    if use.arguments:
        subject.reject(use, f"`@{use.name}` takes keyword arguments only", ("argument", 0))
    for name, value in use.keywords:
        if name in _OWN[kind]:
            continue
        if name == "**":
            subject.unresolved(use, value, complete=True)
            complete = False
            continue
        bound = binding(value)
        if bound.kind == "source" and isinstance(bound.content, str):
            sources[name] = bound.content
            continue
        values.append(name)
        if bound.kind == "unknown" and not isinstance(value, Construction):
            subject.unresolved(use, value, ("value", name), complete=True)
    return Given(sources, tuple(values), complete)


def _note_none(asked: Request, type_: Type, choice: Choice, stage: Stage) -> None:
    word, verb = _WORDS[asked.kind]
    if not choice.certain:
        return
    if choice.error:
        asked.reject(f"no {word} can be chosen for `{brief(type_)}`: {choice.error}", stage=stage)
        return
    types = ", ".join(dict.fromkeys(f"`{brief(own)}`" for adapter in asked.adapters or () for own in adapter.types))
    message = f"no {word} of `@{asked.use.name}` {verb} `{brief(type_)}`"
    asked.reject(message, stage=stage, advice=f"there are {word}s for {types}")


def _takes(adapter: Adapter) -> str:
    if adapter.required is None or adapter.optional is None:
        return ""
    names = [f"`{name}`" for name in adapter.required] + [f"`{name}` (optional)" for name in adapter.optional]
    shown = [*names[:8], "..."] if len(names) > 8 else names
    return f"it takes {', '.join(shown)}" if shown else "it takes no arguments"
