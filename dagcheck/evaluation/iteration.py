"""Which elements does a value have?

`iterate` lists the elements of plain containers, ranges, texts and Enum classes. Elements that cannot be known appear as
`Unknown`, runs of them as `Rest`; what cannot be iterated at all, or is too long, is `Unknown`. `spoil` is the other side: it leaves
a `Rest` in a container that was changed in a way that could not be followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.evaluation.enums import distinct_members, is_enum
from dagcheck.evaluation.guarding import LARGEST
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.objects import Class, Generator, Instance
from dagcheck.evaluation.streams import Stream, View, all_of
from dagcheck.evaluation.values import Rest, Unknown, Value


def iterate(value: Value) -> list[Value] | Unknown:
    """The elements of `value` in order; of an iterator all that are left, which are taken."""
    if isinstance(value, (str, bytes, range)) or type(value) in (list, tuple, dict, set, frozenset):
        if len(value) > LARGEST:
            return Unknown("is too long to follow")
        # Sets have no order a program may rely on; sorting makes ours the same in every run.
        return sorted(value, key=repr) if type(value) in (set, frozenset) else list(value)
    if isinstance(value, Class) and is_enum(value):
        return distinct_members(value)
    if isinstance(value, Generator):
        return list(value.yields)
    if isinstance(value, Instance) and "_fields" in value.fields:
        return [value.fields[name] for name in value.fields["_fields"]]
    if isinstance(value, View):
        return value.listed()
    return all_of(value) if isinstance(value, Stream) else explain(value)


def taken_one_by_one(value: Value) -> Iterator[Value] | Unknown:
    """The elements of `value`; of an iterator none is taken before it is asked for."""
    if isinstance(value, Stream):
        return value.each()
    items = iterate(value)
    return items if isinstance(items, Unknown) else iter(items)


def as_list(value: Value) -> Value:
    """What an iterator has left, or a view shows, for whoever wants to see all of it; any other value as it is."""
    return iterate(value) if isinstance(value, (Stream, View)) else value


def spoil(container: Value, reason: Unknown) -> None:
    """Mark a container as changed in a way that could not be followed."""
    if isinstance(container, list):
        container.append(Rest(reason))
    elif isinstance(container, dict):
        container[Rest(reason)] = None
    elif isinstance(container, set):
        container.add(Rest(reason))
