"""In which order can things be worked out that depend on each other, in circles too?

Tarjan's algorithm without recursion: chains of a hundred thousand names are no problem.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_dependency_order(start: T, following: Callable[[T], Sequence[T]], known: Container[T]) -> Iterator[list[T]]:
    """Everything that `start` depends on and is not `known`, in groups that depend on each other, dependencies first."""
    numbers: dict[T, int] = {}
    lowest: dict[T, int] = {}
    stack: list[T] = []
    on_stack: set[T] = set()
    work: list[tuple[T, Iterator[T]]] = []

    def open_(item: T) -> None:
        numbers[item] = lowest[item] = len(numbers)
        stack.append(item)
        on_stack.add(item)
        work.append((item, iter(following(item))))

    open_(start)
    while work:
        item, rest = work[-1]
        for other in rest:
            if other in known:
                continue
            if other not in numbers:
                open_(other)
                break
            if other in on_stack:
                lowest[item] = min(lowest[item], numbers[other])
        else:
            work.pop()
            if work:
                lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[item])
            if lowest[item] == numbers[item]:
                circle = stack[stack.index(item) :] if stack[-1] != item else [item]
                del stack[-len(circle) :]
                on_stack.difference_update(circle)
                yield circle
