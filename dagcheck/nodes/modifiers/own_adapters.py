"""Which loaders and savers does the project itself register?

`hamilton.registry.register_adapter(Loader)` makes a class of the project an adapter for what is decorated afterwards: in the
same module further down, or in one that imports it. What a module registers that is not imported is not seen here. An adapter
says its key and its types by class methods, its arguments are the fields of a dataclass (`hamilton.io.data_adapters`).
"""

from __future__ import annotations

from dagcheck.evaluation.attributes import find_in_class
from dagcheck.evaluation.iteration import iterate
from dagcheck.evaluation.objects import MISSING, Class
from dagcheck.evaluation.values import Construction, Reference, Unknown, Value
from dagcheck.nodes.modifiers.adapters import Adapter, Kind
from dagcheck.nodes.modifiers.class_methods import said
from dagcheck.nodes.subject import Setting, Subject
from dagcheck.types.expressions import Context, read
from dagcheck.types.model import GenericType, Type, UnknownType

_REGISTER = Reference("hamilton.registry.register_adapter")
_BASES = {
    "load": ("hamilton.io.data_adapters.DataLoader", "hamilton.io.default_data_loaders.DataLoader"),
    "save": ("hamilton.io.data_adapters.DataSaver", "hamilton.io.default_data_loaders.DataSaver"),
}


def own_adapters(subject: Subject, kind: Kind, key: str) -> list[Adapter]:
    """The adapters that the project registered under a key before the function was made, in their order."""
    found: list[Adapter] = []
    for call in subject.setting.calls_before(subject.function):
        owner = _registered(call)
        if owner is not None and _derives(owner, kind) and said(subject.setting, owner, owner, "name") == key:
            found.append(_adapter(subject.setting, owner))
    return found


def _registered(call: Construction) -> Class | None:
    given = call.arguments[0] if call.arguments else dict(call.keywords).get("adapter")
    return given if call.callee == _REGISTER and isinstance(given, Class) else None


def _derives(owner: Class, kind: Kind) -> bool:
    return any(
        _derives(base, kind) if isinstance(base, Class) else isinstance(base, Reference) and base.name in _BASES[kind]
        for base in owner.bases
    )


def _adapter(setting: Setting, owner: Class) -> Adapter:
    types = iterate(said(setting, owner, owner, "applicable_types"))
    unknown = UnknownType("unknown", f"`{owner.name}` does not say what it is for in a way that can be read")
    applicable: tuple[Type, ...] = (unknown,)
    if not isinstance(types, Unknown) and find_in_class(owner, "applies_to") is MISSING:
        applicable = tuple([read(type_, Context(None)) for type_ in types])
    if not _is_whole(owner):
        return Adapter(owner.qualname, "", applicable, None, None)
    fields = {
        name: type_
        for name, type_ in setting.fields(owner).items()
        if not (isinstance(type_, GenericType) and type_.name == "typing.ClassVar")
    }
    optional = {name for name in fields if _has_default(find_in_class(owner, name))}
    return Adapter(
        owner.qualname,
        "",
        applicable,
        {name: type_ for name, type_ in fields.items() if name not in optional},
        {name: type_ for name, type_ in fields.items() if name in optional},
    )


def _is_whole(owner: Class) -> bool:
    """Does the class inherit from nothing but classes of the project, and bases that bring no fields along?"""
    return all(
        _is_whole(base)
        if isinstance(base, Class)
        else isinstance(base, Reference) and base.name in (*_BASES["load"], *_BASES["save"], "abc.ABC")
        for base in owner.bases
    )


def _has_default(value: Value) -> bool:
    if isinstance(value, Construction) and value.callee == Reference("dataclasses.field"):
        return any(name in ("default", "default_factory") for name, _ in value.keywords)
    return value is not MISSING
