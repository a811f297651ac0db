"""What does an interpreter know of the classes in a set of modules?

For `dagcheck.names.table_generator` only: this looks at live classes, so whoever made it a `Description` imported them.
The terms are those of `dagcheck.names.class_tables`.
"""

from __future__ import annotations

import abc
import inspect
import re
import sys
import types
import typing
import warnings
from collections import Counter
from typing import Any

COMMON = (
    "builtins", "typing", "types", "collections", "collections.abc", "abc", "array", "contextlib", "dataclasses",
    "datetime", "decimal", "enum", "fractions", "functools", "io", "itertools", "logging", "numbers", "os", "pathlib",
    "random", "re", "string", "time", "uuid", "zoneinfo",
)  # fmt: skip
"""Modules whose classes go into the part that every run loads."""

PACKAGE_ROOTS = (
    "PIL", "dask", "datasets", "distributed", "hamilton", "ibis", "lightgbm", "matplotlib", "numpy", "pandas", "pandera",
    "plotly", "polars", "pyarrow", "pydantic", "pyspark", "sklearn", "torch", "xgboost",
)  # fmt: skip
"""Packages that rewrite `__module__`, or have classes registered with the standard library's ABCs."""

NOMINAL_METACLASSES = {"pydantic._internal._model_construction.ModelMetaclass"}
"""Metaclasses with a `__subclasscheck__` of their own that says what inheritance says."""

ALWAYS_ASKED = ("__class_getitem__", "__eq__", "__hash__")
NEVER_ASKED = re.compile(
    r"_[a-z].*|__(abstractmethods|annotations|callable_proto_members_only|dict|doc|firstlineno|getattribute|init|init_subclass|"
    r"module|new|non_callable_proto_members|parameters|protocol_attrs|sizeof|slots|static_attributes|subclasshook|weakref)__"
)
COMPLETE = (object, abc.ABC, typing.Generic, typing.Protocol, int, float, str, bytes, bool, list, dict, set, tuple)


class Description:
    """What one interpreter knows of a set of modules; `canonical` decides what a class is called."""

    def __init__(self, namespaces: list[types.ModuleType], asked: tuple[str, ...] = ()) -> None:
        self.namespaces = namespaces
        self.names: dict[str, str] = {}
        self.classes: dict[str, list[Any]] = {}
        self.aliases: dict[str, str] = {}
        self.objects: list[str] = []
        self.hooks: dict[str, list[str]] = {}
        self.registered: dict[str, list[str]] = {}
        self._found: dict[str, type] = {}
        self._clashing: set[str] = set()
        self.asked = asked
        self._collect()
        if not asked:
            self.asked = tuple(sorted({*ALWAYS_ASKED, *(name for needed in self.hooks.values() for name in needed)}))
        self.classes = {name: self._row(cls) for name, cls in sorted(self._found.items()) if name not in self._clashing}

    def as_json(self) -> dict[str, Any]:
        """The description as plain data, in the table's own shape."""
        kept = {name: target for name, target in self.names.items() if target in self.classes}
        return {
            "asked": list(self.asked),
            "names": kept,
            "classes": self.classes,
            "aliases": self.aliases,
            "objects": sorted(set(self.objects) - set(kept) - set(self.classes)),
            "hooks": {name: needed for name, needed in self.hooks.items() if name in self.classes},
            "registered": {name: sorted(members) for name, members in self.registered.items() if members},
        }

    def _collect(self) -> None:
        for module in self.namespaces:
            for attribute in sorted({*vars(module), *getattr(module, "__all__", ())}):
                if not attribute.startswith("_"):
                    self._take(f"{module.__name__}.{attribute}", _attribute(module, attribute))

    def _take(self, name: str, thing: Any) -> None:
        if inspect.isclass(thing) and "GenericAlias" not in type(thing).__name__:
            self.names[name] = self._add(thing)
        elif name.startswith("typing.") and type(thing).__name__.endswith(
            ("SpecialGenericAlias", "TupleType", "CallableType")
        ):
            self.aliases[name] = self._add(thing.__origin__)
        elif inspect.isroutine(thing) or inspect.ismodule(thing) or type(thing).__name__ == "ufunc":
            self.objects.append(name.removeprefix("builtins."))

    def _add(self, cls: type) -> str:
        name = canonical(cls)
        known = self._found.setdefault(name, cls)
        if known is not cls:
            self._clashing.add(name)
            return name
        if name not in self.classes:
            self.classes[name] = []
            for parent in cls.__bases__:
                self._add(parent)
            self._describe_abstract(name, cls)
        return name

    def _describe_abstract(self, name: str, cls: Any) -> None:
        if not isinstance(cls, abc.ABCMeta):
            return
        own = {reference() for reference in abc._get_dump(cls)[0]}  # type: ignore[attr-defined]
        root = name.split(".")[0]
        self.registered[name] = [self._add(member) for member in own if member is not None and _belongs(member, root)]
        if root in sys.stdlib_module_names and name.rpartition(".")[0] not in COMMON:
            return
        if _is_protocol(cls):
            if _is_runtime(cls):
                self.hooks[name] = sorted(typing._get_protocol_attrs(cls))  # type: ignore[attr-defined]
        elif _has_own_hook(cls) and (needed := _probed_hook(cls)):
            self.hooks[name] = needed

    def _row(self, cls: Any) -> list[Any]:
        own = vars(cls)
        asked = own if self._is_complete(cls) else set(self.asked)
        names = sorted(name for name in own if name in asked and not NEVER_ASKED.fullmatch(name))
        defines = [f"-{name}" if own[name] is None else name for name in names if self._tells(cls, name)]
        row = [self._bases(cls), " ".join(defines), " ".join(self._flags(cls))]
        while row and not row[-1]:
            row.pop()
        return row

    def _is_complete(self, cls: type) -> bool:
        return cls in COMPLETE or canonical(cls) in self.hooks

    def _tells(self, cls: Any, name: str) -> bool:
        if name != "__class_getitem__":
            return True
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return isinstance(cls[int], types.GenericAlias)
        except Exception:  # noqa: BLE001  whatever a class does when subscripted, it is then no plain alias
            return False

    def _bases(self, cls: Any) -> list[str]:
        if type(cls).__name__ == "_TypedDictMeta":
            return ["typing.TypedDict"]
        return [canonical(parent) for parent in cls.__bases__ if parent is not object]

    def _flags(self, cls: Any) -> list[str]:
        flags = ["abstract"] if isinstance(cls, abc.ABCMeta) else []
        if _is_protocol(cls):
            flags.append("runtime" if _is_runtime(cls) else "static")
            if not all(callable(getattr(cls, name, None)) for name in typing._get_protocol_attrs(cls)):  # type: ignore[attr-defined]
                flags.append("data")
        elif _has_own_hook(cls) and canonical(cls) not in self.hooks:
            flags.append("hook")
        if _checks_otherwise(type(cls)):
            flags.append("metaclass")
        subscribes = "__class_getitem__" in vars(cls) and not self._tells(cls, "__class_getitem__")
        if subscribes and cls not in COMPLETE and not _is_subscribed_as_generic(cls):
            flags.append("subscript")
        if self._is_complete(cls):
            flags.append("complete")
        return flags


def canonical(cls: Any) -> str:
    """The module of the class statement and the qualified name; builtins bare."""
    module = "typing" if cls.__module__ == "typing_extensions" else cls.__module__
    root = str(module).split(".", maxsplit=1)[0]
    if root in PACKAGE_ROOTS:
        module = _module_of_statement(cls, root)
    return cls.__qualname__ if module == "builtins" else f"{module}.{cls.__qualname__}"


def _module_of_statement(cls: Any, root: str) -> str:
    """Packages rewrite `__module__`; methods remember where they were written."""
    written: Counter[str] = Counter()
    for member in vars(cls).values():
        function = inspect.unwrap(getattr(member, "__func__", member)) if callable(member) else None
        place = getattr(function, "__globals__", {}).get("__name__") or getattr(function, "__module__", None)
        if isinstance(place, str) and place.startswith(f"{root}.") and hasattr(sys.modules.get(place), cls.__name__):
            written[place] += getattr(function, "__qualname__", "").startswith(f"{cls.__qualname__}.")
    return written.most_common(1)[0][0] if written and written.most_common(1)[0][1] else str(cls.__module__)


def _attribute(module: types.ModuleType, name: str) -> Any:
    """A name of a module that may load what it names only now, or warn that it is going away."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(module, name, None)
    except Exception:  # noqa: BLE001  what a module does then is its own affair
        return None


def _belongs(cls: type, root: str) -> bool:
    """Whether a registered class is the described library's own affair (and not, say, the tests')."""
    theirs = str(cls.__module__).split(".", maxsplit=1)[0]
    return theirs in sys.stdlib_module_names or theirs in PACKAGE_ROOTS or theirs == root


def _is_protocol(cls: Any) -> bool:
    return typing.Protocol in cls.__bases__


def _is_runtime(cls: Any) -> bool:
    return bool(getattr(cls, "_is_runtime_protocol", False))


def _is_subscribed_as_generic(cls: Any) -> bool:
    """Whether a generic class with a `__class_getitem__` of its own gives what `typing.Generic` would give."""
    ordinary: Any = typing.List[int]  # noqa: UP006  the alias of `typing`, not that of `list`
    try:
        alias: Any = cls[int] if typing.Generic in cls.__mro__ else None
    except Exception:  # noqa: BLE001  the same
        return False
    return type(alias) is type(ordinary) and (alias.__origin__, alias.__args__) == (cls, (int,))


def _has_own_hook(cls: Any) -> bool:
    """Whether a class says by itself what a subclass is; `typing` gives each heir of a protocol a hook that says nothing new."""
    hook = getattr(vars(cls).get("__subclasshook__"), "__func__", vars(cls).get("__subclasshook__"))
    return hook is not None and cls is not object and getattr(hook, "__name__", "") != "_proto_hook"


def _checks_otherwise(metaclass: type) -> bool:
    plain = (type, abc.ABCMeta, type(typing.Protocol))
    owner = next(cls for cls in metaclass.__mro__ if "__subclasscheck__" in vars(cls))
    return owner not in plain and canonical(metaclass) not in NOMINAL_METACLASSES and owner.__name__ != "_TypedDictMeta"


def _probed_hook(cls: Any) -> list[str]:
    """The methods that a class needs so that the ABC's own hook accepts it; [] when the hook is of another kind."""
    written = {name for name in dir(cls) if callable(getattr(cls, name, None))} - {*dir(object), "__class_getitem__"}
    candidates = sorted({*written, "__hash__"})
    if not issubclass(_probe(candidates, ()), cls):
        return []
    needed = [name for name in candidates if not issubclass(_probe(candidates, (name,)), cls)]
    others = [name for name in candidates if name not in needed]
    return needed if needed and issubclass(_probe(needed, ("__hash__",) if "__hash__" in others else ()), cls) else []


def _probe(names: list[str], absent: tuple[str, ...]) -> type:
    body: dict[str, Any] = {name: (lambda self: None) for name in names}
    body.update(dict.fromkeys(absent))
    return type("Probe", (), body)
