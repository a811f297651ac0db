"""What do the decorators of a function mean to Hamilton?

`Function.applied` lists decorators from outside the project in the order in which they took hold. This module sorts them
into *uses* of Hamilton's modifiers, decorators known to keep the function as it is, decorators known to put something that
is no function in its place (it *vanishes* from the dataflow), and decorators that cannot be judged.
"""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.evaluation.objects import Application, Function
from dagcheck.evaluation.values import Construction, Member, Reference, Value

_PARTS = frozenset(
    "adapters base configuration delayed dependencies expanders macros metadata recursive validation".split()
)
_KEEP = frozenset(
    """abc.abstractmethod atexit.register contextlib.asynccontextmanager contextlib.contextmanager functools.singledispatch
    functools.wraps typing.final typing.override typing.runtime_checkable typing_extensions.final typing_extensions.override
    typing_extensions.deprecated warnings.deprecated backoff.on_exception backoff.on_predicate tenacity.retry
    retry.retry cachetools.cached numpy.deprecate torch.no_grad torch.inference_mode""".split()
)
_VANISH = frozenset(
    """builtins.staticmethod builtins.classmethod builtins.property functools.lru_cache functools.cache
    functools.cached_property functools.partial numba.jit numba.njit numba.vectorize ray.remote dask.delayed
    dask.delayed.delayed prefect.task prefect.flow airflow.decorators.task typing.overload typing_extensions.overload
    pytest.fixture""".split()
)


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

    `vanished` is the decorator that leaves something that is no function; `unreadable` those that cannot be judged;
    `untyped` says that annotations are hidden (`typing.no_type_check`).
    """

    uses: tuple[Use, ...]
    vanished: Application | None
    unreadable: tuple[Application, ...]
    untyped: bool = False


def decoration(function: Function) -> Decoration:
    """Sort a function's decorators."""
    uses: list[Use] = []
    unreadable: list[Application] = []
    untyped = False
    for application in function.applied:
        decorator = application.decorator
        name = modifier_name(decorator)
        if name is not None:
            use = use_of(name, application)
            if use.bare and (name in BARE_VANISHES or name.startswith(_ADAPTERS)):
                return Decoration(tuple(uses), application, tuple(unreadable))
            uses.append(use)
            continue
        known = _outside_name(decorator)
        if known in _VANISH:
            return Decoration(tuple(uses), application, tuple(unreadable))
        if known == "typing.no_type_check":
            untyped = True
        elif known not in _KEEP:
            unreadable.append(application)
    return Decoration(tuple(uses), None, tuple(unreadable), untyped)


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
        return Use(name, decorator.arguments, decorator.keywords, application)
    return Use(name, (), (), application, bare=True)


def _outside_name(value: Value) -> str | None:
    if isinstance(value, Construction):
        return _outside_name(value.callee)
    return value.name if isinstance(value, Reference) else None
