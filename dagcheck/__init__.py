"""dagcheck: a static analyser for Apache Hamilton dataflows.

The public face, small on purpose and loaded on first use: importing `dagcheck` imports nothing else. What is not
named in `__all__` may change without notice.
"""

TYPE_CHECKING = False  # type checkers take it for True; importing it from `typing` would load that first
if TYPE_CHECKING:
    from dagcheck.diagnostics import Diagnostic
    from dagcheck.graph.dataflow import Dataflow
    from dagcheck.project import check
    from dagcheck.settings import Options

__version__ = "0.1.0"

__all__ = ["Dataflow", "Diagnostic", "Options", "__version__", "check"]

_HOME = {
    "Dataflow": "dagcheck.graph.dataflow",
    "Diagnostic": "dagcheck.diagnostics",
    "Options": "dagcheck.settings",
    "check": "dagcheck.project",
}


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    """The names that can be asked for, loaded or not."""
    return sorted({*globals(), *__all__})
