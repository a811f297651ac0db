"""How are many files read at once?

Reading facts out of texts takes most of a cold run and needs nothing but the texts, so it is shared among forked processes:
each works on its part and hands the rows back through a pipe, as plain data. Where processes cannot be forked, or one of
them fails, the work is simply done here.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Sequence
from typing import Any

from dagcheck.source.facts import module_facts, to_row

Row = tuple[Any, ...]

WORTHWHILE = 400_000
"""Characters of text below which a second process costs more than it saves (it takes some 10 ms)."""


def rows_of(texts: Sequence[str], jobs: int | None) -> list[Row | None]:
    """The facts of each text as a row; None where a worker failed. `jobs` None: as many as there are processors, up to 4."""
    count = min(jobs or min(_processors(), 4), max(sum(map(len, texts)) // WORTHWHILE, 1))
    if count <= 1 or not hasattr(os, "fork"):
        return [to_row(module_facts(text)) for text in texts]
    parts = _balanced(texts, count)
    pipes = [_start(texts, part) for part in parts[1:]]
    rows: list[Row | None] = [None] * len(texts)
    for index in parts[0]:
        rows[index] = to_row(module_facts(texts[index]))
    for part, (process, pipe) in zip(parts[1:], pipes, strict=True):
        for index, row in zip(part, _collect(process, pipe), strict=False):
            rows[index] = row
    return rows


def _processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _balanced(texts: Sequence[str], count: int) -> list[list[int]]:
    """Indexes in `count` parts of about the same length of text."""
    parts: list[list[int]] = [[] for _ in range(count)]
    sizes = [0] * count
    for index in sorted(range(len(texts)), key=lambda index: -len(texts[index])):
        smallest = sizes.index(min(sizes))
        parts[smallest].append(index)
        sizes[smallest] += len(texts[index])
    return parts


def _start(texts: Sequence[str], part: Sequence[int]) -> tuple[int, int]:
    """Fork a worker for a part; its process and the pipe on which it answers."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(marshal.dumps([to_row(module_facts(texts[index])) for index in part]))
        status = 0
    finally:
        os._exit(status)  # a worker never returns into the caller's work


def _collect(process: int, pipe: int) -> list[Row]:
    with os.fdopen(pipe, "rb") as answer:
        data = answer.read()
    _, status = os.waitpid(process, 0)
    if status != 0 or not data:
        return []
    try:
        rows: list[Row] = marshal.loads(data)  # noqa: S302  written by our own worker a moment ago
    except (ValueError, EOFError, TypeError):
        return []
    return rows
