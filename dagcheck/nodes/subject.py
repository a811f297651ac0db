"""What is known about a function while its nodes are made?

A `Subject` travels through the lifecycle of one function: modifiers read the function from it and leave what they found
wrong. It is the only mutable thing of this package, and lives as long as one expansion.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, Protocol

from dagcheck.evaluation.conditions import NEVER, Condition, both, without
from dagcheck.evaluation.failures import FAILED_ABOVE
from dagcheck.evaluation.ignorance import explain
from dagcheck.evaluation.objects import Class, Function
from dagcheck.evaluation.values import Construction, Unknown, Value
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.arguments import Step, blame
from dagcheck.nodes.node import Fault, Node, Origin
from dagcheck.nodes.signature import Signature, TypedParameter
from dagcheck.nodes.uses import Use
from dagcheck.source.syntax import Statement
from dagcheck.span import Location, Span
from dagcheck.types.model import Type


class Expansion(NamedTuple):
    """The nodes of one function in Hamilton's order, what is wrong with it, and whether all names could be read.

    `needs_config`: more can be known when the whole configuration is fixed. `name`: what Hamilton calls the function from now
    on; it renames the function itself, and strips again what it meets again.
    """

    nodes: tuple[Node, ...]
    faults: tuple[Fault, ...]
    complete: bool
    needs_config: bool = False
    name: str = ""


class Memory:
    """What Hamilton has left behind in the functions and modifiers that it has met, by their `id`.

    `names`: what it calls functions by now. `columns`: what `with_columns` without `select` has found to be columns, and keeps to.
    """

    def __init__(
        self, names: Mapping[int, str] | None = None, columns: Mapping[int, tuple[str, ...]] | None = None
    ) -> None:
        self.names = dict(names or {})
        self.columns = dict(columns or {})

    def copy(self) -> Memory:
        """The same, apart from later changes."""
        return Memory(self.names, self.columns)

    def become(self, other: Memory) -> None:
        """Forget everything but what the other knows."""
        self.names, self.columns = dict(other.names), dict(other.columns)


class Setting(Protocol):
    """What expansion may ask of the world around a function."""

    hierarchy: Hierarchy
    config: Mapping[str, Value] | None
    """The whole configuration, where it is fixed: what modifiers made of configuration values need."""
    laid: Mapping[str, Value]
    """The entries that subdags lay over the configuration, fixed or not: these are given, even as None."""
    memory: Memory

    def signature(self, function: Function, untyped: bool = False) -> Signature:
        """What a function takes and gives, whichever module it is from."""

    def early(self, function: Function, untyped: bool = False) -> Signature:
        """The same as modifiers find it at import, where names in it are bound again below."""

    def expansion(self, function: Function, condition: Condition) -> Expansion:
        """The nodes of another function, a subdag's for instance."""

    def is_expanding(self, function: Function) -> bool:
        """Is this done on behalf of an expansion of the same function?"""

    def under(self, config: Mapping[str, Value], only: Collection[str] | None = None) -> Setting:
        """The same with some entries of the configuration laid over the others, of which `only` these are left."""

    def mutated(self, function: Function, uses: tuple[Use, ...]) -> tuple[Use, ...]:
        """The modifiers of a function together with what other functions add to them from afar."""

    def functions(self, module: str) -> list[Function]:
        """The functions of a project module that Hamilton would look at, in its order."""

    def typed_dict(self, name: str) -> dict[str, Type] | None:
        """The fields of a TypedDict of the project, by its canonical name; None for any other class."""

    def calls_before(self, function: Function) -> list[Construction]:
        """The calls of things outside the project, as statements of their own, that ran before a function was made."""

    def fields(self, owner: Class) -> dict[str, Type]:
        """What is annotated in a class and its bases in the project, those of the bases first."""

    def call(self, function: Value, arguments: list[Value], keywords: list[tuple[str, Value]] | None = None) -> Value:
        """What a call of a project function gives."""

    def body(self, function: Function) -> tuple[Statement, ...]:
        """The statements of a function's body."""

    def is_empty(self, function: Function) -> bool | None:
        """Does a function's code do nothing? None where that cannot be told."""

    def first_line(self, path: str, name: str) -> int | None:
        """The first line on which a module binds a name."""


class Subject:
    """One function on its way to nodes, in the configurations of `condition`, which narrows as modifiers resolve and decide.

    `name` follows Hamilton's renaming. `given` are the answers to the first questions that `decide` is asked, `taken` all
    answers so far.
    """

    def __init__(
        self,
        function: Function,
        condition: Condition,
        setting: Setting,
        *,
        untyped: bool = False,
        given: tuple[bool, ...] = (),
        name: str = "",
    ) -> None:
        self.function = function
        self.signature = setting.signature(function, untyped)
        self.early = self.signature if function.source.seen is None else setting.early(function, untyped)
        """The signature as it is at import."""
        self.name = name or function.name
        self.condition = condition
        self.setting = setting
        self.config_keys: tuple[str, ...] | None = None
        self.faults: list[Fault] = []
        self.complete = True
        """False once a name of a node could not be read."""
        self.needs_config = False
        """True once something hung on values of a configuration that is not fixed."""
        self.taken: list[bool] = []
        self.at_resolution: list[Fault] = []
        """What Hamilton refuses when a modifier is made of the configuration, before it asks whether the function exists."""
        self.misused: list[Use] = []
        """Uses that Python refuses to call as they are written: what else is wrong with them follows from that."""
        self._given = given

    def decide(self, condition: Condition) -> bool:
        """Does `condition` hold where this expansion takes place? Where both can be, one is chosen, the other noted."""
        inside, outside = both(self.condition, condition), without(self.condition, condition)
        if inside is None or outside is None:
            self.complete = False
            return True
        if NEVER in (inside, outside):
            return outside == NEVER
        index = len(self.taken)
        answer = self._given[index] if index < len(self._given) else True
        self.taken.append(answer)
        self.condition = inside if answer else outside
        return answer

    def origin(self, *modifiers: str) -> Origin:
        """The origin of a node of this function."""
        header = self.function.source.header
        return Origin(header.name, self.function.home, self.path, header.place[0], header.end_line, modifiers)

    @property
    def path(self) -> str:
        """The file in which the function is written."""
        return self.function.source.scope.path

    def parameter(self, name: str) -> TypedParameter | None:
        """A parameter by its name."""
        return next((part for part in self.signature.parameters if part.name == name), None)

    def parameter_type(self, name: str) -> Type | None:
        """The type of a parameter, None when it has none or does not exist."""
        return next((part.type for part in self.signature.parameters if part.name == name), None)

    def reject(
        self,
        use: Use,
        message: str,
        *steps: Step,
        hamilton: Literal["import", "build", "execution", "silent"] = "import",
        advice: str = "",
        label: str = "",
    ) -> None:
        """Note that Hamilton rejects this use of a modifier; `steps` lead to the argument to blame."""
        span = blame(use, *steps)
        condition = self.condition
        is_early = use.delayed and hamilton == "import"
        if is_early:
            hamilton = "build"
        self.faults.append(
            Fault(
                "invalid-modifier",
                message,
                span,
                condition,
                hamilton,
                (self.name,),
                help=advice,
                label=label,
                path=use.application.path,
            )
        )
        if is_early:
            self.at_resolution.append(self.faults[-1])

    def unresolved(self, use: Use, value: Value, *steps: Step, complete: bool = False) -> None:
        """Note that an argument cannot be read. Unless `complete`, names of nodes may be missing from now on."""
        unknown = value if isinstance(value, Unknown) else explain(value)
        if unknown.reason == FAILED_ABOVE:  # which is told there
            self.complete = self.complete and complete
            return
        span, place = blame(use, *steps), unknown.location
        message = f"`@{use.name}` has an argument that dagcheck cannot read: {unknown.reason}"
        related: tuple[tuple[Location, str], ...] = ()
        if (
            place is not None
            and place.path == use.application.path
            and place.span.is_within(Span(*use.application.place))
        ):
            span = place.span
        elif place is not None:
            related = ((place, "this stops the reading"),)
        self.note_unresolved(message, span, related, use.application.path)
        self.complete = self.complete and complete

    def note_unresolved(
        self, message: str, span: Span, related: tuple[tuple[Location, str], ...] = (), path: str = ""
    ) -> None:
        """Note that something about this function cannot be read."""
        fault = Fault("unresolved-modifier", message, span, self.condition, "silent", (self.name,), related)
        self.faults.append(fault._replace(path=path or self.path))

    def forget_faults(self, use: Use, start: int) -> None:
        """Forget what was noted since, if it was noted of a use that cannot be called."""
        if any(use is other for other in self.misused):
            del self.faults[start:]

    @property
    def is_rejected(self) -> bool:
        """Does Hamilton reject something about this function wherever it exists?"""
        return any(
            fault.hamilton == "import" or (fault.hamilton == "build" and self._always(fault.condition))
            for fault in self.faults
        )

    def _always(self, condition: Condition) -> bool:
        return condition == self.condition or without(self.condition, condition) == NEVER
