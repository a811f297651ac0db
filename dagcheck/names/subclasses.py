"""Which class is a subclass of which? As `issubclass` answers in a fresh process, without running anything.

Terms: an ABC has *virtual* subclasses, by a *hook* (any class with certain methods) or because they were *registered*; what
is a virtual subclass of an ABC is one of the ABC's bases too. A runtime protocol is an ABC with its members for a hook.

The answer is three-valued: `Unclear` where a base, a method or a metaclass is not known. It is never False for something
that could be True. Protocols without `runtime_checkable` or with data members, and TypedDicts, make `issubclass` raise:
then the answer is `Refused`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from dagcheck.names import class_tables, foreign
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.classes import Hierarchy


class Unclear(NamedTuple):
    """No answer, and why."""

    reason: str


class Refused(NamedTuple):
    """`issubclass` raises a TypeError with these words."""

    error: str


Answer: TypeAlias = bool | Unclear | Refused

_NOT_RUNTIME = Refused("Instance and class checks can only be used with @runtime_checkable protocols")
_NOT_METHODS = Refused("Protocols with non-method members don't support issubclass()")
_TYPED_DICT = Refused("TypedDict does not support instance and class checks")

_ANYBODYS = ("abc.ABC", "typing.Protocol")
"""ABCs under which stand the ABCs of everybody."""

_PLAIN_METACLASSES = frozenset(
    {"abc.ABCMeta", "enum.EnumMeta", "enum.EnumType", "object", "type", "typing._ProtocolMeta"}
)
"""Metaclasses under which inheritance and registration decide, and nothing else."""

_NO_MEMBERS = frozenset(
    "__abstractmethods__ __annotations__ __class_getitem__ __dict__ __doc__ __init__ __match_args__ __module__ __new__"
    " __orig_bases__ __parameters__ __slots__ __subclasshook__ __weakref__".split()
)
"""Names in a protocol's body that are not among its members."""


def is_subclass(hierarchy: Hierarchy, name: str, base: str) -> Answer:
    """What `issubclass(name, base)` says; both are canonical names of classes."""
    question = (name, base)
    if question in hierarchy.asked:
        return False  # by way of this very question it is no subclass
    hierarchy.asked.add(question)
    try:
        return _is_subclass(hierarchy, name, base)
    finally:
        hierarchy.asked.discard(question)


def _is_subclass(hierarchy: Hierarchy, name: str, base: str) -> Answer:
    record = hierarchy.record(base)
    inherits = hierarchy.derives(name, base)
    if record is None:
        return inherits or Unclear(f"nothing is known of `{base}`")
    obstacle = _obstacle(hierarchy, record)
    if isinstance(obstacle, Refused) or (obstacle and not inherits):
        return obstacle
    if _has_odd_hook(hierarchy, base):
        return Unclear(f"`{base}` decides with a hook of its own what its subclasses are")
    if inherits or (base == "object" and hierarchy.record(name) is not None):
        return True
    virtual = _is_virtual_subclass(hierarchy, name, base)
    if virtual is False and inherits is None:
        return Unclear(f"not all bases of `{name}` are known")
    return virtual


def _obstacle(hierarchy: Hierarchy, record: ClassRecord) -> Refused | Unclear | None:
    if hierarchy.is_typed_dict(record.name):
        return _TYPED_DICT
    has_own_hook = hierarchy.python < (3, 12) and "bundled" not in record.flags and "__subclasshook__" in record.methods
    if _is_protocol(record) and not has_own_hook:
        if not any("runtime" in ancestor.flags for ancestor in _records(hierarchy, record.name)):
            return _NOT_RUNTIME
        if _has_data_members(hierarchy, record):
            return _NOT_METHODS
    if not hierarchy.ancestry(record.name).complete:
        return Unclear(f"not all bases of `{record.name}` are known")
    if any(_decides(hierarchy, ancestor) for ancestor in _records(hierarchy, record.name)):
        return Unclear(f"the metaclass of `{record.name}` may decide what its subclasses are")
    return None


def _decides(hierarchy: Hierarchy, record: ClassRecord) -> bool:
    """May the metaclass of a class have a say of its own in what its subclasses are?"""
    if "metaclass" in record.flags or record.metaclass == "?":
        return True
    names, complete = hierarchy.ancestry(record.metaclass) if record.metaclass else ((), True)
    found = [hierarchy.record(name) for name in names if name not in _PLAIN_METACLASSES]
    return not complete or any(part is None or _mentions(part, "__subclasscheck__") for part in found)


def _mentions(record: ClassRecord, member: str) -> bool:
    return member in record.methods | record.values or ("bundled" not in record.flags and "open" in record.flags)


def _is_abstract(hierarchy: Hierarchy, record: ClassRecord) -> bool:
    """Is the metaclass of a class ABCMeta, or a child of it?"""
    metaclass = record.metaclass
    return "abstract" in record.flags or bool(metaclass and hierarchy.derives(metaclass, "abc.ABCMeta") is not False)


def _has_odd_hook(hierarchy: Hierarchy, base: str) -> bool:
    return any(
        "hook" in record.flags or ("bundled" not in record.flags and "__subclasshook__" in record.methods)
        for record in _records(hierarchy, base)
    )


def _has_data_members(hierarchy: Hierarchy, protocol: ClassRecord) -> bool:
    return any(
        "data" in record.flags or ("bundled" not in record.flags and (record.values | record.annotated) - _NO_MEMBERS)
        for record in _records(hierarchy, protocol.name)
    )


def _is_virtual_subclass(hierarchy: Hierarchy, name: str, base: str) -> bool | Unclear:
    if not any(_is_abstract(hierarchy, record) for record in _records(hierarchy, base)):
        return False
    if base in _ANYBODYS:
        return Unclear(f"any code may have made `{name}` a virtual subclass of one of the classes under `{base}`")
    record = hierarchy.record(name)
    unclear: Unclear | None = None
    if record is not None and "open" in record.flags:
        unclear = Unclear(f"a decorator may have registered `{name}`")
    elif record is not None and "read" in record.flags and _is_standard(base):
        unclear = Unclear(f"the package of `{name}` may have registered it with `{base}`")
    for answer in _virtual_reasons(hierarchy, name, base):
        if answer is True:
            return True
        if isinstance(answer, Unclear):
            unclear = unclear or answer
    return unclear or False


def _virtual_reasons(hierarchy: Hierarchy, name: str, base: str) -> Iterator[Answer]:
    """Every way in which one class could be a virtual subclass of an ABC, with whether it is."""
    tables = _tables(hierarchy, (name, base))
    record = hierarchy.record(base)
    if record is not None and _is_protocol(record):
        if "bundled" not in record.flags:
            yield _has_members(hierarchy, name, record)
        elif not any(base in table.hooks for table in tables):
            yield Unclear(f"the members of `{base}` are not known")
    for table in tables:
        for owner, methods in table.hooks.items():
            if hierarchy.derives(owner, base):
                yield _has_all(hierarchy, name, methods)
    read = [*foreign.registered(name), *foreign.registered(base)]
    registered: list[Mapping[str, Iterable[str]]] = [hierarchy.registrations, *(table.registered for table in tables)]
    registered += [{owner: [member]} for owner, member in read]
    for registrations in registered:
        for owner, members in registrations.items():
            if hierarchy.derives(owner, base):
                for member in members:
                    answer = is_subclass(hierarchy, name, member)
                    # ABCs ask each other without being refused.
                    yield hierarchy.derives(name, member) is True if isinstance(answer, Refused) else answer


def _has_members(hierarchy: Hierarchy, name: str, protocol: ClassRecord) -> bool | Unclear:
    members: set[str] = set()
    unclear: Unclear | None = None
    for record in _records(hierarchy, protocol.name):
        if record.name in {"object", "typing.Protocol", "typing.Generic"}:
            continue
        members |= record.methods - _NO_MEMBERS
        if "open" in record.flags or ("bundled" in record.flags and "complete" not in record.flags):
            unclear = Unclear(f"not all members of `{record.name}` are known")
    found = _has_all(hierarchy, name, members)
    return unclear if unclear and found is True else found


def _has_all(hierarchy: Hierarchy, name: str, methods: Iterable[str]) -> bool | Unclear:
    found = {method: _has(hierarchy, name, method) for method in sorted(methods)}
    if False in found.values():
        return False
    unknown = next((method for method, has in found.items() if has is None), None)
    return unknown is None or Unclear(f"it is not known whether `{name}` has `{unknown}`")


def _has(hierarchy: Hierarchy, name: str, member: str) -> bool | None:
    """Whether a class binds a name, to something other than None, itself or in its nearest ancestor that binds it at all."""
    names, complete = hierarchy.ancestry(name)
    for ancestor in names:
        record = hierarchy.record(ancestor)
        if record is None or (ancestor == "object" and not complete):
            return None
        answer = _binds(record, member)
        if answer is not None:
            return answer
        if not _tells(record, member):
            return None
    return False if complete else None


def _binds(record: ClassRecord, member: str) -> bool | None:
    """Whether a class's own body binds a name to something (True) or to None (False); None when it does not mention it."""
    if member in record.methods or member in record.values:
        return True
    hides_hash = member == "__hash__" and "__eq__" in record.methods and "bundled" not in record.flags
    if member in record.blocks or hides_hash:
        return False
    return True if member in record.annotated and _is_protocol(record) else None


def _tells(record: ClassRecord, member: str) -> bool:
    """Whether a record would mention a name, if the class bound it."""
    if "bundled" not in record.flags:
        return "open" not in record.flags
    return "complete" in record.flags or member in class_tables.table_for(record.name).asked


def _is_standard(name: str) -> bool:
    root, dot, _ = name.partition(".")
    return not dot or root in sys.stdlib_module_names


def _is_protocol(record: ClassRecord) -> bool:
    return "typing.Protocol" in record.bases


def _records(hierarchy: Hierarchy, name: str) -> list[ClassRecord]:
    return [record for ancestor in hierarchy.ancestry(name).names if (record := hierarchy.record(ancestor)) is not None]


def _tables(hierarchy: Hierarchy, names: tuple[str, str]) -> list[class_tables.Table]:
    tables = [class_tables.standard()]
    for name in names:
        for ancestor in hierarchy.ancestry(name).names:
            table = class_tables.table_for(ancestor)
            if table not in tables:
                tables.append(table)
    return tables
