"""What do a module's own names stand for, as far as its import statements tell?

Enough to know Hamilton's modifiers by whatever name a file gives them, without following the module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dagcheck.nodes.uses import hamilton_name
from dagcheck.source.syntax import Expression, Statement, blocks


def imported_names(statements: Iterable[Statement]) -> dict[str, str]:
    """Name -> dotted name, for the imports at a module's top level. Relative ones start with a dot."""
    return dict(_imported(statements))


def dotted_name(expression: Expression, imported: dict[str, str]) -> str | None:
    """The dotted name that an expression of names and dots stands for."""
    if expression[0] == "name":
        return imported.get(expression[2])
    if expression[0] == "attr":
        owner = dotted_name(expression[2], imported)
        return None if owner is None else f"{owner}.{expression[3]}"
    return None


def modifier_names(statements: Iterable[Statement]) -> Callable[[Expression], str | None]:
    """What expressions of a file mean in `hamilton.function_modifiers`; a re-export counts by its last name."""
    imported = imported_names(statements)

    def name_of(expression: Expression) -> str | None:
        dotted = dotted_name(expression, imported)
        if dotted is None:
            return None
        if dotted.startswith("hamilton."):
            return hamilton_name(dotted) or hamilton_name(f"hamilton.function_modifiers.{dotted.rpartition('.')[2]}")
        return dotted.rpartition(".")[2]

    return name_of


def _imported(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        if statement[0] == "import":
            for dotted, alias in statement[2]:
                yield (alias, dotted) if alias else (dotted.partition(".")[0], dotted.partition(".")[0])
        elif statement[0] == "from":
            _, _, module, level, aliases = statement
            start = "." * level + (module or "")
            for name, alias in aliases:
                yield alias or name, f"{start}.{name}" if module else f"{start}{name}"
        for block in blocks(statement):
            yield from _imported(block)
