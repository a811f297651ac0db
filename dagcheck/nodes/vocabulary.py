"""What does `hamilton.function_modifiers` export?

A name that it does not have fails when the module is imported. Newer versions of Hamilton may have more names than the one that
dagcheck follows, so only what looks like a misspelling of a known name is taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.values import Reference, Value
from dagcheck.names.modifier_names import MODIFIERS, MODULE
from dagcheck.nodes.node import Fault
from dagcheck.nodes.uses import Use
from dagcheck.source.bindings import Binding
from dagcheck.span import Span

EXPORTED: Mapping[str, tuple[str, ...]] = {
    "": MODIFIERS,
    "config": ("when", "when_in", "when_not", "when_not_in"),
    "schema": ("output",),
}
"""The names of the module, and of what else is looked up in it, by the name before the dot."""


class Misspelling(NamedTuple):
    """A name that is not there, its owner's dotted name, and the one that was meant."""

    owner: str
    name: str
    meant: str

    @property
    def message(self) -> str:
        """What Python says of it, in short."""
        return f"`{self.owner}` has no `{self.name}`"


def misspelling(dotted: str) -> Misspelling | None:
    """The misspelling that a name under `hamilton.function_modifiers` is; None where it is none, or may be of a newer Hamilton."""
    if not dotted.startswith(MODULE + "."):
        return None
    first, _, rest = dotted[len(MODULE) + 1 :].partition(".")
    owner, name = (first, rest.partition(".")[0]) if first in EXPORTED and rest else ("", first)
    if name in EXPORTED[owner]:
        return None
    import difflib

    near = difflib.get_close_matches(name, EXPORTED[owner], 1, 0.75)
    return Misspelling(f"{MODULE}.{owner}".rstrip("."), name, near[0]) if near else None


def misspelt_imports(names: Mapping[str, Value], bound: Mapping[str, Binding]) -> Iterator[Fault]:
    """Names of a module that are imported from `hamilton.function_modifiers`, which does not have them."""
    for attribute, value in names.items():
        found = misspelling(value.name) if isinstance(value, Reference) else None
        place = bound.get(attribute)
        if found is not None and place is not None:
            span = Span(*place.last)
            fault = Fault("invalid-modifier", found.message, span, ALWAYS, "import")
            yield fault._replace(help=f"did you mean `{found.meant}`?")


def is_looked_up(use: Use) -> bool:
    """Is the modifier looked up with a dot, `function_modifiers.tag`? What an import misses is said at the import."""
    expression = use.application.expression
    while expression is not None and expression[0] == "call":
        expression = expression[2]
    return expression is not None and expression[0] == "attr"
