"""How is something of Python's done so that neither its failure nor its size hurts?"""

from __future__ import annotations

from collections.abc import Callable

from dagcheck.evaluation.values import Unknown, Value

LARGEST = 20_000
"""Elements of a container, characters of a text, or bits of a number that an operation may produce."""


def guarded(action: Callable[..., Value], *arguments: Value) -> Value:
    """`action(*arguments)`, an exception becoming `Unknown` with its words.

    That something has no hash does not count as one: what stands for a value may have none where the value itself does.
    """
    try:
        return action(*arguments)
    except Exception as error:  # noqa: BLE001  whatever Python's data types raise, the user's text is to blame
        words = f"{type(error).__name__}: {error}"[:200]
        is_ours = isinstance(error, TypeError) and "unhashable" in words
        return Unknown(f"may raise {words}" if is_ours else f"raises {words}")
