"""What keeps a module from being imported, apart from what is wrong with its functions?

Statements at the top of a module that certainly raise, as `dagcheck.evaluation.failures` notes them. Hamilton gets no module
then. A modifier that fails is `invalid-modifier`, and told where the modifiers are read.
"""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.failures import RAISES
from dagcheck.evaluation.objects import Scope
from dagcheck.nodes.node import Fault


def failing_statements(scope: Scope) -> Iterator[Fault]:
    """A fault for every statement of the module that raises."""
    for failure in scope.failures:
        assert failure.location is not None  # it is noted with its place
        why = failure.reason.removeprefix(f"{RAISES}ImportError: ")
        why = f"it {why}" if why.startswith(RAISES) else why
        message = f"`{scope.module}` cannot be imported: {why}"
        yield Fault("failing-import", message, failure.location.span, ALWAYS, "import", path=failure.location.path)
