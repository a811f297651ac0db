"""Which drivers does the code build, and what does it ask of them, whichever way it goes?

Every file that can build a driver is followed from its top, then every function of it that was not entered on the way, with
parameters that are unknown. Where what a driver is, or is asked, hangs on a choice that cannot be known (a test, a key, a
parameter's default), the code is followed again, once for each way, until nothing hangs on a choice any more. All bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from dagcheck.dataflows.calls import first_choice, unreadable
from dagcheck.dataflows.drivers import Driver, Use
from dagcheck.dataflows.entries import enter
from dagcheck.dataflows.exploration import Exploration, Key, class_of, key_of
from dagcheck.dataflows.scripts import Scripts
from dagcheck.evaluation.deciding import Fact
from dagcheck.evaluation.machine import UNDECIDED, Decisions
from dagcheck.evaluation.objects import Function, Scope
from dagcheck.evaluation.program import Body
from dagcheck.evaluation.values import Choice, Guess, Unknown
from dagcheck.names.modules import ModuleIndex
from dagcheck.source.facts import Source
from dagcheck.source.syntax import Place

MOST_RUNS = 48
"""Ways that are followed from one entry before what is still open stays unknown."""

MOST_STEPS = 4_000_000
"""Steps of the evaluator after which no choices are tried any more in the rest of the project; a step takes about 1 us."""


class Seen(NamedTuple):
    """A driver, and what one run asked of it.

    `is_certain`: the run hung on one choice at most, so its way can be gone. `is_built`: the driver is made on every way.
    """

    driver: Driver
    uses: tuple[Use, ...]
    is_certain: bool = True
    is_built: bool = True


class World(NamedTuple):
    """What explorations are made of, the bodies of functions that were read, and how many steps were taken in all."""

    modules: ModuleIndex
    read: Callable[[str], Source | None]
    is_outside: Callable[[str], bool] | None
    python: tuple[int, int]
    bodies: dict[tuple[str, Place], Body]
    steps: list[int]

    def explore(self, decisions: Decisions) -> Exploration:
        """A fresh exploration under these decisions; the bodies of functions are read once for all."""
        made = Exploration(self.modules, self.read, self.is_outside, self.python, decisions)
        made.bodies = self.bodies
        return made


class Pass(NamedTuple):
    """What one way through a file's entries has shown, and what of other files' passes it hung on.

    `entered` are the functions that were followed. `asked` says of functions whether they had been entered before, `called`
    of names whether some file calls them, as the pass was told; `steps` are those it took. Not `is_free`: it took no choices because
    there had been too many steps.
    """

    seen: tuple[Seen, ...]
    entered: frozenset[Key]
    asked: Mapping[Key, bool]
    called: Mapping[str, bool]
    steps: int
    is_free: bool


PASSES = 3
"""Each file is followed from its top, then its functions that nothing calls, then all others; one pass over all files at a time."""


class Script:
    """One file on its way through the search. State: the exploration that nothing was decided in, and what was entered."""

    def __init__(self, world: World, path: str, scripts: Scripts) -> None:
        self._world = world
        self._path = path
        self._scripts = scripts
        self._entered: set[Key] = set()
        self._was_entered: Callable[[Key], bool] = _never
        self._asked: dict[Key, bool] = {}
        self._called: dict[str, bool] = {}
        self._is_free = True
        self._base = world.explore(UNDECIDED)
        self._scope: Scope | None = None
        self._earlier: list[Key] = []

    def next_pass(self, number: int, was_entered: Callable[[Key], bool]) -> Pass:
        """One pass; they must be made in order. `was_entered`: by any file, before this pass."""
        self._was_entered, self._asked, self._called, self._is_free = was_entered, {}, {}, True
        before, steps = set(self._entered), self._world.steps[0]
        seen = self._entry(None) if number == 0 else list(self._functions(number == 2))
        entered = frozenset(self._entered - before)
        taken = self._world.steps[0] - steps
        return Pass(tuple(seen), entered, self._asked, self._called, taken, self._is_free)

    def _functions(self, is_called: bool) -> Iterator[Seen]:
        """What the functions do that nothing has entered; `is_called`: also those that somebody seems to call."""
        while (key := self._next(is_called)) is not None:
            self._entered.add(key)
            yield from self._entry(key)
            self._earlier.append(key)

    def _next(self, is_called: bool) -> Key | None:
        for function in self._scope.made if self._scope is not None else ():
            key, header = key_of(function), function.header
            if key in self._entered or not self._scripts.matters(self._path, header) or self._known(key):
                continue
            if is_called or not self._is_called(header.name):
                return key
        return None

    def _known(self, key: Key) -> bool:
        return self._asked.setdefault(key, self._was_entered(key))

    def _is_called(self, name: str) -> bool:
        return self._called.setdefault(name, self._scripts.is_called(name))

    def _entry(self, key: Key | None) -> list[Seen]:
        """What is seen from one entry, whichever way the code goes there."""
        seen = self._run(self._base, key)
        choice = _open_choice(seen, self._base.record.doubts, UNDECIDED)
        if choice is None:
            return seen
        if self._world.steps[0] > MOST_STEPS:
            self._is_free = False
            return seen
        found: list[Seen] = []
        built = {(one.driver.location, one.driver.stack) for one in seen if _is_sure(one.driver)}
        ways = _ways(choice, UNDECIDED)
        pending = [(way, int(len(ways) > 1)) for way in ways]
        runs = 0
        while pending:
            decisions, depth = pending.pop(0)
            exploration = self._world.explore(decisions)
            runs += 1
            seen = self._run(exploration, key)
            following = _open_choice(seen, exploration.record.doubts, decisions)
            ways = [] if following is None else _ways(following, decisions)
            if not ways or runs + len(pending) + len(ways) > MOST_RUNS:
                for one in seen:
                    is_built = (one.driver.location, one.driver.stack) in built
                    found.append(one._replace(is_certain=depth < 2, is_built=is_built))
            else:  # to take a default is no choice
                pending[:0] = [(way, depth + (len(ways) > 1)) for way in ways]
        return found

    def _run(self, exploration: Exploration, key: Key | None) -> list[Seen]:
        scope = exploration.scope(self._world.modules.module_at(self._path))
        record = exploration.record
        if exploration is self._base:
            self._scope = scope
        elif key is not None:
            for before in self._sharing(scope, key):
                _replay(exploration, scope, before)
        first_driver, first_use = (0, 0) if key is None else (len(record.drivers), len(record.uses))
        if key is not None:
            record.doubts.clear()
            _replay(exploration, scope, key)
            self._world.steps[0] += exploration.steps_taken(scope)
        self._entered |= exploration.entered
        return list(_seen(record.drivers[first_driver:], record.uses[first_use:]))

    def _sharing(self, scope: Scope, key: Key) -> list[Key]:
        """The earlier entries whose traces this one may find: methods of the same class, and what binds global names."""
        source = self._world.read(self._path)
        if source is not None and "global " in source.text:
            return self._earlier
        function = _function_at(scope, key)
        owner = None if function is None else class_of(scope, function)
        found = [(before, _function_at(scope, before)) for before in (self._earlier if owner is not None else ())]
        return [before for before, other in found if other is not None and class_of(scope, other) is owner]


def _never(key: Key) -> bool:
    return False


def _replay(exploration: Exploration, scope: Scope, key: Key) -> None:
    function = _function_at(scope, key)
    if function is not None:
        with suppress(RecursionError):  # a text can nest deeper than the stack; what was seen until then stands
            enter(exploration, scope, function)


def _function_at(scope: Scope, key: Key) -> Function | None:
    return next((item for item in scope.made if key_of(item) == key), None)


def _seen(drivers: Iterable[Driver], uses: Iterable[Use]) -> Iterator[Seen]:
    by_driver: dict[int, tuple[Driver, list[Use]]] = {id(driver): (driver, []) for driver in drivers}
    for use in uses:
        by_driver.setdefault(id(use.driver), (use.driver, []))[1].append(use)
    for driver, made in by_driver.values():
        yield Seen(driver, tuple(made))


def _is_sure(driver: Driver) -> bool:
    """Does it hang on no choice whether the driver is made, and of what?"""
    parts = driver.parts
    hanging = unreadable([parts.modules, parts.overrides, parts.materializers]) or first_choice(parts.config)
    return driver.born is None and hanging is None


def _open_choice(seen: Iterable[Seen], doubts: Iterable[Unknown], decisions: Decisions) -> Choice | Guess | None:
    """The first choice on which something hangs and that is not made yet."""
    for found in _hanging(seen, doubts):
        choice = None if found is None else found.choice
        if isinstance(choice, Guess) or (choice is not None and choice.key not in decisions.ways):
            return choice
    return None


def _ways(choice: Choice | Guess, decisions: Decisions) -> list[Decisions]:
    """The decisions together with each way to make this choice."""
    if isinstance(choice, Choice):
        return [Decisions({**decisions.ways, choice.key: way}, decisions.facts) for way in range(choice.ways)]
    before = decisions.facts.get(choice.subject)
    excluded = (*choice.values, *(before.values if before is not None else ()))
    facts = [Fact(True, (value,)) for value in choice.values]
    facts += [] if choice.is_closed else [Fact(False, excluded)]
    return [Decisions(decisions.ways, {**decisions.facts, choice.subject: fact}) for fact in facts]


def _hanging(seen: Iterable[Seen], doubts: Iterable[Unknown]) -> Iterator[Unknown | None]:
    yield from doubts
    for driver, uses, *_ in seen:
        parts = driver.parts
        yield unreadable([parts.modules, parts.overrides, parts.materializers])
        yield first_choice(parts.config)
        for use in uses:
            yield unreadable([*use.arguments, *(value for _, value in use.keywords)])
