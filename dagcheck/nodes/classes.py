"""What are the project's classes, for the questions that types ask?

Turns the evaluator's `Class` objects into the records of `dagcheck.names.classes`, and reads the fields of TypedDicts. A
class is known once its module has been followed, which it has been when an annotation names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dagcheck.evaluation.objects import Class, Function, Scope
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Construction, Member, Reference, Subscripted, Value
from dagcheck.names import class_tables
from dagcheck.names.class_record import ClassRecord
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.signature import Annotations
from dagcheck.types.expressions import Context, canonical, class_name, read
from dagcheck.types.model import ClassType, GenericType, Type

_REGISTRATIONS = frozenset(
    f"{name}.register"
    for name in """collections.abc.Callable collections.abc.Collection collections.abc.Container collections.abc.Hashable
    collections.abc.ItemsView collections.abc.Iterable collections.abc.Iterator collections.abc.KeysView collections.abc.Mapping
    collections.abc.MappingView collections.abc.MutableMapping collections.abc.MutableSequence collections.abc.MutableSet
    collections.abc.Reversible collections.abc.Sequence collections.abc.Set collections.abc.Sized collections.abc.ValuesView
    numbers.Complex numbers.Integral numbers.Number numbers.Rational numbers.Real os.PathLike""".split()
)
"""The ABCs of the standard library: `register` leaves the class that it decorates as it is."""
_RUNTIME = frozenset({"typing.runtime_checkable", "typing_extensions.runtime_checkable", "typing.runtime"})


def records(scope: Scope) -> dict[str, ClassRecord]:
    """The records of all classes that a module's statements made, nested ones included, by canonical name."""
    return {class_name(found): record(found) for found in _classes(scope.names.values(), scope.module)}


def record(found: Class) -> ClassRecord:
    """The record of one class."""
    methods, values, blocks = set(), set(), set()
    for name, value in found.names.items():
        if isinstance(value, Function) and not _is_property(value):
            methods.add(name)
        elif value is None:
            blocks.add(name)
        else:
            values.add(name)
    hashed = _hash_of(found)
    if hashed is not None:
        (methods if hashed else blocks).add("__hash__")
    annotated = frozenset(name for name in found.annotations if name not in found.names)
    return ClassRecord(
        class_name(found),
        tuple(_bases(found)),
        frozenset(methods),
        frozenset(values),
        annotated,
        frozenset(blocks),
        _flags(found),
        _metaclass(found),
    )


def _bases(found: Class) -> Iterator[str | None]:
    for base in found.bases:
        if isinstance(base, Class) and base.is_called and class_name(base) == class_name(found):
            yield from _bases(base)  # `class P(namedtuple("P", "x")): ...`
        else:
            yield _base_name(base)


def annotated_fields(program: Program, hierarchy: Hierarchy, found: Class) -> dict[str, Type]:
    """What is annotated in a class, as in a TypedDict or a dataclass; what its bases in the project have comes first."""
    fields: dict[str, Type] = {}
    for base in found.bases:
        if isinstance(base, Class):
            fields.update(annotated_fields(program, hierarchy, base))
    annotations = Annotations(program.interpreter(found.scope), hierarchy)
    for name, expression in found.annotations.items():
        fields[name] = annotations.read(expression, found.scope).type
    return fields


def find_class_named(scope: Scope, name: str) -> Class | None:
    """The class of a module by its canonical name."""
    if not name.startswith(f"{scope.module}."):
        return None
    return next((found for found in _classes(scope.names.values(), scope.module) if class_name(found) == name), None)


def registrations(scopes: Iterable[Scope]) -> dict[str, list[str]]:
    """Virtual subclasses, as far as `@ABC.register` decorates a class or `ABC.register(K)` is called: ABC -> classes."""
    found: dict[str, list[str]] = {}
    for scope in scopes:
        pairs = [(part, item) for item in _classes(scope.names.values(), scope.module) for part in item.decorators]
        pairs += [(call.callee, call.arguments[0]) for call in scope.calls if len(call.arguments) == 1]
        for decorator, item in pairs:
            owner = _registering(decorator)
            member = None if owner is None else _base_name(item)
            if owner is not None and member is not None:
                found.setdefault(owner, []).append(member)
    return found


def _registering(decorator: Value) -> str | None:
    """The ABC whose `register` decorates a class."""
    if isinstance(decorator, Member) and decorator.name == "register":
        return _base_name(decorator.owner)
    if isinstance(decorator, Reference) and decorator.name.endswith(".register"):
        name = canonical(decorator.name.removesuffix(".register"))
        return class_tables.standard().aliases.get(name, name)
    return None


def _classes(values: Iterable[Value], module: str) -> Iterator[Class]:
    for value in list(values):
        if isinstance(value, Class) and value.module == module:
            yield from (base for base in value.bases if isinstance(base, Class) and base.is_called)
            yield value
            yield from _classes(value.names.values(), module)


def _base_name(base: Value) -> str | None:
    """A base as the hierarchy wants it: without type arguments, None when it is not known."""
    if isinstance(base, Class):
        return class_name(base)
    if isinstance(base, Reference):
        return canonical(base.name)
    if isinstance(base, Subscripted):
        return _base_name(base.owner)
    if isinstance(base, Construction):
        type_ = read(base, Context(lambda text: None))
        return type_.name if isinstance(type_, (ClassType, GenericType)) else None
    return None


def _flags(found: Class) -> frozenset[str]:
    flags = set()
    names = [part.callee if isinstance(part, Construction) else part for part in found.decorators]
    if any(isinstance(part, Reference) and part.name in _RUNTIME for part in names):
        flags.add("runtime")
    harmless = {"dataclasses.dataclass", "typing.final", "functools.total_ordering", *_RUNTIME}
    if any(not _is_registration(part) and getattr(part, "name", "") not in harmless for part in names):
        flags.add("open")
    return frozenset(flags)


def _is_registration(decorator: Value) -> bool:
    """Is it certain that a decorator is the `register` that every ABC has, which leaves the class as it is?"""
    owner = decorator.owner if isinstance(decorator, Member) and decorator.name == "register" else None
    if isinstance(owner, Class):
        return _is_plain_abc(owner)
    return isinstance(decorator, Reference) and decorator.name in _REGISTRATIONS


def _is_plain_abc(found: Class) -> bool:
    if "register" in found.names:
        return False
    is_own = Reference("abc.ABC") in found.bases or found.keywords.get("metaclass") == Reference("abc.ABCMeta")
    return is_own or any(isinstance(base, Class) and _is_plain_abc(base) for base in found.bases)


def _metaclass(found: Class) -> str:
    """The name of the metaclass that a class statement gives; "" for none, "?" for one that is not known."""
    return _base_name(found.keywords["metaclass"]) or "?" if "metaclass" in found.keywords else ""


def _hash_of(found: Class) -> bool | None:
    """Whether a class gets a `__hash__` of its own (True), loses its own to None (False), or inherits it (None)."""
    if "__hash__" in found.names:
        return None
    given = _dataclass_options(found)
    if given is None or (given.get("eq", True) is False and not given.get("unsafe_hash")):
        return False if "__eq__" in found.names else None
    return bool(given.get("unsafe_hash") or given.get("frozen"))


def _dataclass_options(found: Class) -> dict[str, Value] | None:
    """The arguments of `@dataclass`, None where a class is none."""
    for part in found.decorators:
        callee = part.callee if isinstance(part, Construction) else part
        if callee == Reference("dataclasses.dataclass"):
            return dict(part.keywords) if isinstance(part, Construction) else {}
    return None


def _is_property(value: Function) -> bool:
    return any(
        isinstance(part.decorator, Reference)
        and part.decorator.name in ("builtins.property", "functools.cached_property")
        for part in value.applied
    )
