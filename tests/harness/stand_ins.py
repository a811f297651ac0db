"""What if a package is too big to install? Something takes its place that can be imported and named, and does nothing.

Every submodule can be imported, every attribute of one is a class with that name: enough to be an annotation, a base
class, a decorator that returns no function, or a value that a module makes when it is imported. Functions are classes
here, so only what is never called by name for its result looks the same as with the real package.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


def stand_in_for(packages: Collection[str]) -> None:
    """From now on, in this process, imports of these packages and of what is below them give stand-ins."""
    sys.meta_path.insert(0, _Finder(frozenset(packages)))


class _Finder(MetaPathFinder, Loader):
    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        """A package for every name below those stood in for."""
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in self._packages else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module, whose attributes come into being when they are asked for."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to execute."""


class _Module(ModuleType):
    __version__ = "999"  # whoever asks wants to know whether it is new enough

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _Class(name, (_Thing,), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class _Class(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _Class(name, (_Thing,), {"__module__": cls.__module__, "__qualname__": f"{cls.__qualname__}.{name}"})
        setattr(cls, name, made)
        return made


class _Thing(metaclass=_Class):
    def __init__(self, *_: object, **__: object) -> None:
        """Whatever it is given."""

    def __call__(self, *_: object, **__: object) -> _Thing:
        """Something again, and no function."""
        return _Thing()

    def __class_getitem__(cls, _: object) -> type:
        """Itself."""
        return cls
