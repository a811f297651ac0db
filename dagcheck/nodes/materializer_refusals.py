"""Why does Hamilton refuse a saver or a loader that a driver adds to its graph?

Source: `hamilton.io.materialization`. A saver needs one thing to save, a class that saves what that is, and the arguments of
that class; a loader the same for what it loads into. Hamilton looks when the graph is changed, before anything is computed. Names
that are not there are not this module's business, nor are keys under which only the project registers classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dagcheck.evaluation.values import Construction, Rest
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.materializing import joined_by, joined_type, own_words
from dagcheck.nodes.modifiers.adapters import Adapter, Kind, choose, meant_by, registered
from dagcheck.span import Location
from dagcheck.types.model import Type
from dagcheck.types.printing import brief


class Refusal(NamedTuple):
    """What Hamilton minds, where that is written, and what to do."""

    message: str
    location: Location
    help: str = ""


class Named(NamedTuple):
    """A node to save or to load into, the place where its name is written, and its type."""

    name: str
    location: Location
    type: Type


def saver_refusal(call: Construction, form: str, saved: Sequence[Named], hierarchy: Hierarchy) -> Refusal | None:
    """Why Hamilton refuses a saver of these nodes; None if it does not, or if that cannot be told."""
    assert call.location is not None  # whoever writes a call writes it somewhere
    joined = joined_by(call)
    if joined is not None:
        return _refusal(
            call, "save", form, _Data("what `combine` gives", call.location, joined_type(joined)), hierarchy
        )
    if any(word == "**" for word, _ in call.keywords) or any(isinstance(part, Rest) for part in call.arguments):
        return None  # there may be a `combine` among them
    if len(saved) != 1:
        count = f"{len(saved)} nodes" if saved else "nothing"
        message = f"`to.{form}` is to save {count}, and is not told how to make one value of that"
        return Refusal(message, call.location, "say it with `combine`, as in `combine=base.DictResult()`")
    (only,) = saved
    return _refusal(call, "save", form, _Data(f"`{only.name}`", only.location, only.type), hierarchy)


def loader_refusal(call: Construction, form: str, target: Named, hierarchy: Hierarchy) -> Refusal | None:
    """Why Hamilton refuses a loader that takes the place of this node; None if it does not, or if that cannot be told."""
    return _refusal(call, "load", form, _Data(f"`{target.name}`", target.location, target.type), hierarchy)


class _Data(NamedTuple):
    """What is saved or loaded: in words, where it is named, and its type."""

    words: str
    location: Location
    type: Type


def _refusal(call: Construction, kind: Kind, form: str, data: _Data, hierarchy: Hierarchy) -> Refusal | None:
    adapters = registered(kind, form)
    if adapters is None:
        meant, word = meant_by(kind, form), "saver" if kind == "save" else "loader"
        if not meant or call.location is None:
            return None
        return Refusal(f"there is no {word} `{form}`", call.location, f"did you mean `{meant}`?")
    given = [word for word, _ in call.keywords if word not in own_words(kind)]
    choice = choose(adapters, data.type, kind, given, hierarchy)
    does, word = ("saves", "to") if kind == "save" else ("loads into", "from_")
    if choice.adapter is None:
        if not choice.certain:
            return None
        message = f"`{word}.{form}` {does} {data.words}, which is `{brief(data.type)}`, but nothing of that name can"
        return Refusal(message, data.location, choice.error or _for_types(does, adapters))
    return None if call.location is None else _misfit(call.location, f"{word}.{form}", choice.adapter, given)


def _misfit(location: Location, name: str, adapter: Adapter, given: Sequence[str]) -> Refusal | None:
    """What the class that Hamilton takes wants to be told and is not, or cannot be told."""
    missing, surplus = adapter.missing(given), adapter.surplus(given)
    if "**" in given or not (missing or surplus):
        return None
    known = [*(adapter.required or ()), *(adapter.optional or ())]
    takes = f"it takes {_listed(known)}" if known else "it takes no arguments"
    if missing:
        return Refusal(f"`{name}` needs {_listed(missing)}", location, takes)
    return Refusal(f"`{name}` takes no argument {_listed(surplus)}", location, takes)


def _for_types(does: str, adapters: Iterable[Adapter]) -> str:
    types = dict.fromkeys(f"`{brief(own)}`" for adapter in adapters for own in adapter.types)
    return f"it {does} {', '.join(types)}"


def _listed(names: Sequence[str]) -> str:
    shown = [f"`{name}`" for name in names[:8]]
    return ", ".join([*shown, "..."] if len(names) > len(shown) else shown)
