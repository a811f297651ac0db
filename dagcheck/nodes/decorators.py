"""What does a decorator from elsewhere leave of a function?

Most wrap it with `functools.wraps`, so that Hamilton sees the function as it was written. Some put an object in its place,
or a function of another module: it is no node any more. What such a *remnant* still tells decides which modifiers above it fail.

The tables were measured: each decorator (those of torch apart) was applied to a function on CPython 3.11, in the newest release
of its package, and `inspect.isfunction`, `inspect.getmodule`, `inspect.signature` and `typing.get_type_hints` asked what came
out of it. Those whose answer changed within the last years are left out: `pytest.fixture`, `streamlit.cache_data`. Names are
those by which decorators are imported; `()` stands for a call.
"""

from __future__ import annotations

from typing import Literal

from dagcheck.evaluation.ignorance import describe
from dagcheck.evaluation.machine import DecoratorKind
from dagcheck.evaluation.objects import Application
from dagcheck.evaluation.printing import show
from dagcheck.evaluation.values import Construction, Member, Reference, Value

Remnant = Literal["like", "blind", "sealed", "moved"]
"""`like`: it has the function's name, parameters and types. `blind`: it tells nothing of them. `sealed`: nor can
attributes be set on it, which every modifier does. `moved`: a function that belongs to another module."""

UNTYPED = frozenset({"typing.no_type_check", "typing_extensions.no_type_check", "typeguard.typeguard_ignore"})
"""The function stays, but its annotations are hidden."""

_SAME = frozenset(
    """abc.abstractmethod atexit.register line_profiler.profile metaflow.step numpy.deprecate torch.inference_mode torch.no_grad
    typeguard.typechecked typer.Typer().callback typer.Typer().command typing.dataclass_transform typing.final typing.override
    typing_extensions.dataclass_transform typing_extensions.final typing_extensions.override
    deprecated.sphinx.versionadded""".split()
)
_WRAPS = frozenset(
    """backoff.on_exception backoff.on_predicate beartype.beartype cachetools.cached cachetools.func.fifo_cache
    cachetools.func.lfu_cache cachetools.func.lru_cache cachetools.func.rr_cache cachetools.func.ttl_cache cachier.cachier
    codetiming.Timer contextlib.asynccontextmanager contextlib.contextmanager decorator.contextmanager deprecated.classic.deprecated
    deprecated.deprecated deprecated.sphinx.deprecated diskcache.Cache().memoize functools.singledispatch funcy.cache funcy.ignore
    funcy.log_calls funcy.memoize funcy.once funcy.print_durations funcy.retry jax.checkpoint jax.grad jax.pmap jax.vmap
    jaxtyping.jaxtyped joblib.delayed loguru.logger.catch memoization.cached memory_profiler.profile numpy.errstate
    numpy.printoptions opentelemetry.trace.get_tracer().start_as_current_span pandera.check_input pandera.check_io
    pandera.check_output pandera.check_types pandera.pandas.check_input pandera.pandas.check_io pandera.pandas.check_output
    pandera.pandas.check_types pydantic.validate_arguments pydantic.validate_call pyinstrument.profile pyspark.sql.functions.udf
    ratelimit.limits ratelimit.sleep_and_retry retry.retry retrying.retry sentry_sdk.monitor sentry_sdk.trace stamina.retry
    streamlit.dialog streamlit.fragment tenacity.Retrying().wraps tenacity.retry typing_extensions.deprecated
    warnings.deprecated wrapt.lru_cache wrapt.synchronized""".split()
)
_EXCLUDES = frozenset(f"hamilton.function_modifiers.{module}hamilton_exclude" for module in ("", "configuration."))
"""Of Hamilton's modifiers this one takes the function itself."""

_REMNANTS: dict[str, Remnant] = {
    **dict.fromkeys(
        """abc.abstractclassmethod abc.abstractstaticmethod airflow.decorators.task airflow.sdk.task builtins.classmethod
        builtins.staticmethod cachetools.cachedmethod celery.Celery().task celery.shared_task dagster.op functools.cache
        functools.lru_cache jax.custom_jvp jax.custom_vjp jax.jit joblib.Memory().cache joblib.wrap_non_picklable_objects
        numba.guvectorize numba.jit numba.njit numba.vectorize prefect.flow prefect.flows.flow prefect.task prefect.tasks.task""".split(),
        "like",
    ),
    **dict.fromkeys(
        """abc.abstractproperty airflow.sdk.task_group click.command click.group contextlib.closing dagster.asset enum.member
        enum.nonmember enum.property funcy.cached_property functools.cached_property functools.partial functools.partialmethod
        functools.singledispatchmethod numba.cfunc numba.stencil numpy.vectorize plum.dispatch ray.remote
        toolz.curry toolz.functoolz.curry types.DynamicClassAttribute""".split(),
        "blind",
    ),
    **dict.fromkeys(
        """builtins.property cytoolz.curry cytoolz.functoolz.curry cytoolz.functoolz.memoize cytoolz.memoize dask.delayed
        dask.delayed.delayed langchain_core.tools.tool multipledispatch.dispatch weakref.ref""".split(),
        "sealed",
    ),
    **dict.fromkeys(
        """decorator.decorator funcy.curry toolz.functoolz.memoize toolz.memoize typing.overload
        typing_extensions.overload""".split(),
        "moved",
    ),
}


_VALUES = frozenset({"functools.partial", "weakref.ref"})
"""Of these, what makes a value of its own out of a function that nobody would call a decorated one."""


def keeps(name: str | None) -> bool:
    """Does the decorator of this name leave a function that Hamilton takes for the one it was given?"""
    return name in _SAME or name in _WRAPS or name in UNTYPED


def wraps(name: str | None) -> bool:
    """Does it make a new function that takes name, module and annotations over from what it was given?"""
    return name in _WRAPS


def decorator_kind(value: Value) -> DecoratorKind | None:
    """What a decorator, called or not, gives back when it is called with nothing but a function; None where nobody knows.

    What puts something else in a function's place counts among those that wrap it: the function itself is left alone.
    """
    name = decorator_name(value)
    if wraps(name) or (name in _REMNANTS and name not in _VALUES):
        return "wraps"
    if keeps(name) or name in _EXCLUDES:
        return "same"
    # What has no name is an object of a project class: a modifier of the project's own, perhaps.
    works_on_it = isinstance(value, (Construction, Member)) and (name is None or name.startswith("hamilton."))
    return "same" if works_on_it else None


def remnant(name: str | None) -> Remnant | None:
    """What the decorator of this name puts in the function's place; None where it leaves the function, or nobody knows."""
    return None if name is None else _REMNANTS.get(name)


def decorator_name(value: Value) -> str | None:
    """The dotted name of a decorator from outside the project, called or not; None for any other value."""
    if isinstance(value, Construction):
        if value.callee == Reference("functools.partial") and value.arguments:
            return decorator_name(value.arguments[0])  # partial(f, x=1)(g) is f(g, x=1)
        return decorator_name(value.callee)
    if isinstance(value, Member):
        owner = decorator_name(value.owner)
        called = "()" if isinstance(value.owner, Construction) else ""
        return None if owner is None else f"{owner}{called}.{value.name}"
    return value.name if isinstance(value, Reference) else None


def as_written(application: Application, call: str = "(...)") -> str:
    """A decorator as its author wrote it, in code quotes: `@np.errstate(...)`; `call` stands for its arguments, if it has any."""
    expression = application.expression
    if expression is None:
        text = describe(application.decorator).strip("`")
        return f"`@{text.removesuffix('(...)')}{call if text.endswith('(...)') else ''}`"
    if expression[0] == "call":
        return f"`@{show(expression[2])}{call}`"
    return f"`@{show(expression)}`"
