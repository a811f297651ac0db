"""What do iterators have left, and what do the keys, values and items of a dictionary look like?

A `Stream` is an iterator: who takes an element from it leaves one less, so that the same `zip` gives nothing the second time. A `View` shows
a dictionary as it is whenever somebody looks. Both are what Python makes; where a list is wanted, `iterate` makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dagcheck.evaluation.guarding import LARGEST, guarded
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.machine import Machine
from dagcheck.evaluation.objects import MISSING, Model
from dagcheck.evaluation.operations import COMPARE, OF_SETS, compare
from dagcheck.evaluation.values import Rest, Unknown, Value


class Stream(Model):
    """An iterator over `source`, which is asked for an element when somebody takes it, as Python does.

    What is taken while a test that cannot be read is being followed is perhaps not taken: after that, nobody knows what is left.
    """

    __slots__ = ("_born", "_is_busy", "_machine", "_source", "_spoilt")

    def __init__(self, machine: Machine, source: Iterable[Value]) -> None:
        self._machine = machine
        self._source = iter(source)
        self._born = machine.guess
        self._is_busy = False
        self._spoilt: Unknown | None = None

    @property
    def title(self) -> str:
        """What messages call it."""
        return "an iterator"

    def pull(self) -> Value:
        """The next element, a `Rest` included; `MISSING` when nothing is left."""
        machine = self._machine
        machine.fuel -= 1
        if machine.fuel < 0:
            self.spoil(Unknown("takes too long to compute"))
        elif machine.guess is not self._born and machine.guess is not None and not machine.world.explores:
            self.spoil(machine.guess)
        elif self._is_busy:
            self.spoil(Unknown("asks an iterator for an element while it is looking for one"))
        if self._spoilt is not None:
            return Rest(self._spoilt)
        self._is_busy = True
        try:
            return next(self._source, MISSING)
        finally:
            self._is_busy = False

    def spoil(self, reason: Unknown) -> None:
        """Whatever is left cannot be known any more."""
        self._spoilt = self._spoilt or reason

    def each(self) -> Iterator[Value]:
        """All that is left, taken one by one."""
        while (item := self.pull()) is not MISSING:
            yield item
            if self._spoilt is not None:
                return

    def converted(self, function: str, arguments: list[Value]) -> Value:
        """Iterators count as true; their text is different in every run."""
        return True if function == "bool" else super().converted(function, arguments)

    def item(self, index: Value) -> Value:
        """Iterators have no places."""
        return Unknown("raises TypeError: an iterator is not subscriptable")

    def contains(self, item: Value) -> bool | Unknown:
        """`item in iterator`, which takes all elements up to the first that is equal."""
        for part in self.each():
            if isinstance(part, Rest):
                return part.unknown
            same = compare("Eq", part, item)
            if same is not False:
                return same
        return False


def all_of(stream: Stream) -> list[Value] | Unknown:
    """All that is left of an iterator."""
    items: list[Value] = []
    for item in stream.each():
        items.append(item)
        if len(items) > LARGEST:
            return Unknown("never ends")
    return items


class View(Model):
    """What `dict.keys()`, `dict.values()` or `dict.items()` gives; `name` is the method's."""

    __slots__ = ("_owner", "name")

    def __init__(self, owner: dict[Value, Value], name: str) -> None:
        self._owner = owner
        self.name = name

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"what `{self.name}` of a dictionary gives"

    def listed(self) -> list[Value]:
        """The elements as they are now, in order."""
        if self.name == "keys":
            return list(self._owner)
        pairs = self._owner.items()
        if self.name == "values":
            return [key if isinstance(key, Rest) else value for key, value in pairs]
        return [key if isinstance(key, Rest) else (key, value) for key, value in pairs]

    def truth(self) -> bool | Unknown:
        """Is there an element?"""
        if all(isinstance(key, Rest) for key in self._owner):
            return explain(self._owner) if self._owner else False
        return True

    def item(self, index: Value) -> Value:
        """Views have no places."""
        return Unknown(f"raises TypeError: 'dict_{self.name}' object is not subscriptable")

    def contains(self, item: Value) -> bool | Unknown:
        """`item in view`."""
        return compare("In", item, self.listed())

    def converted(self, function: str, arguments: list[Value]) -> Value:
        """`bool(view)` and its text."""
        if function == "bool":
            return self.truth()
        items = self.listed()
        if function not in ("repr", "str", "format") or any(arguments) or not is_plain(items):
            return explain(items) if not is_plain(items) else super().converted(function, arguments)
        return f"dict_{self.name}({items!r})"

    def call(
        self, machine: Any, method: str, arguments: list[Value], keywords: list[tuple[str, Value]], location: Any
    ) -> Value:
        """`view.isdisjoint(...)` is the only method there is."""
        if method != "isdisjoint" or self.name == "values" or len(arguments) != 1 or keywords:
            return super().call(machine, method, arguments, keywords, location)
        common = self.operate("BitAnd", self, arguments[0])
        return common if isinstance(common, Unknown) else not common

    def operate(self, name: str, left: Value, right: Value) -> Value:
        """Keys and items are compared and combined as sets; values are compared by identity."""
        if self.name == "values":
            same = left is right
            return (
                same == (name == "Eq")
                if name in ("Eq", "NotEq")
                else Unknown("raises TypeError: no operation of values")
            )
        sides = [_as_set(side, name in OF_SETS) for side in (left, right)]
        problem = next((side for side in sides if isinstance(side, Unknown)), None)
        if problem is not None:
            return problem
        action = COMPARE.get(name) or OF_SETS.get(name)
        return super().operate(name, left, right) if action is None else guarded(action, *sides)


def _as_set(value: Value, takes_any: bool) -> Value:
    """A side of an operation on a view as Python takes it: any iterable for `&`, `|`, `-` and `^`."""
    items = value.listed() if isinstance(value, View) and value.name != "values" else value
    if not is_plain(items):
        return explain(items)
    is_set_like = (
        isinstance(value, View) or type(items) in (set, frozenset) or (takes_any and hasattr(items, "__iter__"))
    )
    return guarded(set, items) if is_set_like else items
