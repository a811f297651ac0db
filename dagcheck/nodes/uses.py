"""What do the decorators of a function mean to Hamilton?

`Function.applied` lists decorators from outside the project in the order in which they took hold. This module sorts them
into *uses* of Hamilton's modifiers, decorators known to keep the function as it is, decorators known to put something that
is no function in its place (it *vanishes* from the dataflow), and decorators that cannot be judged.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from dagcheck.evaluation.lowering import with_plain_texts
from dagcheck.evaluation.objects import Application, Function
from dagcheck.evaluation.values import Construction, Member, Reference, Value
from dagcheck.nodes.decorators import UNTYPED, Remnant, decorator_name, keeps, remnant, wraps

_PARTS = frozenset(
    "adapters base configuration delayed dependencies expanders macros metadata recursive validation".split()
)
_ASK_THE_FUNCTION = frozenset(
    """does dynamic_transform extract_columns extract_fields h_pandas.with_columns inject dataloader model parameterize
    parameterize_extract_columns parameterize_sources parameterize_values parameterized_inputs parametrized parametrized_input
    unpack_fields""".split()
)
"""Modifiers that fail at import where they do not find parameters, types or code; so does whatever stands behind `load_from`."""


_ASK_FOR_CODE = frozenset({"does", "dynamic_transform", "model"})
"""Modifiers that compare the function's bytecode, which what only looks like a function does not have."""


_ASK_FOR_CLASSES = frozenset(
    """subdag parameterized_subdag h_pandas.with_columns h_polars.with_columns h_polars_lazyframe.with_columns
    h_spark.with_columns""".split()
)
"""Modifiers to which a member of an Enum is not the text or number that it stands for: its class is a type, or it is formatted."""


class Use(NamedTuple):
    """One use of a Hamilton modifier: `name` as in `hamilton.function_modifiers` (`tag`, `config.when`, `schema.output`).

    `bare`: the modifier was written without its parentheses. `delayed`: it comes into being when the graph is built.
    """

    name: str
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    application: Application
    bare: bool = False
    delayed: bool = False

    def keyword(self, name: str, default: Value = None) -> Value:
        """The value of a keyword argument."""
        return dict(self.keywords).get(name, default)


class Decoration(NamedTuple):
    """All that is done to one function: uses in the order they took hold, and what else matters.

    `vanished` is the decorator that leaves something that is no function; `refused` are uses above it that fail on that.
    `unreadable` are decorators that cannot be judged; `untyped` says that annotations are hidden (`typing.no_type_check`).
    """

    uses: tuple[Use, ...]
    vanished: Application | None
    unreadable: tuple[Application, ...]
    untyped: bool = False
    refused: tuple[Use, ...] = ()


def decoration(function: Function) -> Decoration:
    """Sort a function's decorators."""
    sorting = _Sorting()
    for application in function.applied:
        sorting.take(application)
    if sorting.vanished is not None and _was_wrapped(function, sorting.vanished):
        sorting.restore()
    return sorting.result()


class _Sorting:
    """A function's decorators, bottom one first. `left` is what stands in its place once it has vanished."""

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.refused: list[Use] = []
        self.unreadable: list[Application] = []
        self.untyped = False
        self.vanished: Application | None = None
        self.left: Remnant | Literal["modifier"] | None = None

    def take(self, application: Application) -> None:
        name = modifier_name(application.decorator)
        if name is not None:
            self._take_modifier(use_of(name, application))
            return
        known = decorator_name(application.decorator)
        if wraps(known) or not (keeps(known) or remnant(known)):
            self.restore()
        if self.vanished is None and remnant(known):
            self.vanished, self.left = application, remnant(known)
        self.untyped = self.untyped or known in UNTYPED
        if not keeps(known) and not remnant(known):
            self.unreadable.append(application)

    def _take_modifier(self, use: Use) -> None:
        replaces = use.bare and (use.name in BARE_VANISHES or use.name.startswith(_ADAPTERS))
        replaces = replaces or (not use.bare and use.name in ("load_from", "save_to"))
        if replaces and self.vanished is None:
            self.vanished, self.left = use.application, "modifier"
        elif self.left is None or (self.left == "like" and not _fails_on(self.left, use)):
            self.uses.append(use)
        elif not replaces and ((use.bare and use.name != "hamilton_exclude") or _fails_on(self.left, use)):
            self.refused.append(use)

    def restore(self) -> None:
        """`functools.wraps` makes a function again of what tells all that it copies."""
        if self.left == "like":
            self.vanished = self.left = None

    def result(self) -> Decoration:
        uses, unreadable, refused = tuple(self.uses), tuple(self.unreadable), tuple(self.refused)
        return Decoration(uses, self.vanished, unreadable, self.untyped, refused)


def wrapper_below(use: Use) -> Application | None:
    """The decorator right below a modifier that put a function of its own, with code of its own, in the place of the one below."""
    target = use.application.target
    below = target.applied[: next(i for i, part in enumerate(target.applied) if part is use.application)]
    own = (part for part in reversed(below) if part.target is target and wraps(decorator_name(part.decorator)))
    return next(own, None)


def _was_wrapped(function: Function, application: Application) -> bool:
    """Did the decorator take hold of the function that a function of the project wraps?"""
    inner = function.wrapped
    while inner is not None and inner is not application.target:
        inner = inner.wrapped
    return inner is not None


def _fails_on(left: Remnant | Literal["modifier"], use: Use) -> bool:
    """Does Hamilton fail at import when it applies this modifier to what is left of a function?"""
    if left == "moved":
        return False
    if left == "like":
        return use.name in _ASK_FOR_CODE
    asks_its_name = left == "modifier" and (use.name.startswith("config") or use.name == "datasaver")
    return left == "sealed" or asks_its_name or use.name in _ASK_THE_FUNCTION or use.name.startswith("load_from.")


BARE_VANISHES = frozenset(
    """check_output check_output_custom config extract_columns extract_fields unpack_fields does subdag
    config.when config.when_not config.when_in parameterized_subdag pipe pipe_input pipe_output mutate parameterize_extract_columns
    h_pandas.with_columns h_polars.with_columns h_polars_lazyframe.with_columns h_spark.with_columns h_spark.select
    h_spark.require_columns h_pandera.check_output h_pydantic.check_output""".split()
)
"""Modifiers that, used without parentheses, put an instance of themselves in the function's place."""

_ADAPTERS = ("load_from.", "save_to.")
"""The same holds for whatever stands behind these."""


def modifier_name(value: Value) -> str | None:
    """The name of a Hamilton modifier without its package: `tag`, `config.when`, `h_spark.with_columns`; None if it is none."""
    if isinstance(value, Construction):
        return modifier_name(value.callee)
    if isinstance(value, Member):
        owner = modifier_name(value.owner)
        return None if owner is None else f"{owner}.{value.name}"
    return hamilton_name(value.name) if isinstance(value, Reference) else None


def hamilton_name(dotted: str) -> str | None:
    """`hamilton.function_modifiers.metadata.tag` -> `tag`; None for names outside Hamilton's modifiers."""
    parts = dotted.split(".")
    if parts[0] != "hamilton" or len(parts) < 3:
        return None
    if parts[1] == "function_modifiers":
        rest = parts[3:] if parts[2] in _PARTS and len(parts) > 3 else parts[2:]
    elif parts[1] == "plugins":
        rest = parts[2:]
    elif parts[1] == "experimental":
        rest = parts[-1:]
    else:
        return None
    return ".".join(rest) or None


def use_of(name: str, application: Application) -> Use:
    """The use of the modifier of this name that an application is."""
    decorator = application.decorator
    if isinstance(decorator, Construction):
        arguments, keywords = decorator.arguments, decorator.keywords
        if name not in _ASK_FOR_CLASSES:
            arguments, keywords = with_plain_texts(arguments), with_plain_texts(keywords)
        return Use(name, arguments, keywords, application)
    return Use(name, (), (), application, bare=True)
