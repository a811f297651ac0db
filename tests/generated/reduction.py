"""Which few statements of a dataflow make the disagreement?

Takes away one piece of text after another, as long as a disagreement of the same sort is left: files, top-level statements,
decorators, parameters, configurations. What is left is what a person reads first.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.generated.dataflows import Generated


def reduced(generated: Generated, still: Callable[[Generated], bool]) -> Generated:
    """The smallest dataflow found for which `still` holds, as it does for the given one."""
    shrunk = True
    while shrunk:
        shrunk = False
        for smaller in _smaller(generated):
            if still(smaller):
                generated, shrunk = smaller, True
                break
    return generated


def _smaller(generated: Generated) -> Iterator[Generated]:
    """Dataflows with something taken away, large pieces first."""
    for name in generated.modules if len(generated.modules) > 1 else ():
        kept = tuple(other for other in generated.modules if other != name)
        yield generated._replace(modules=kept)
    for config in generated.configs if len(generated.configs) > 1 else ():
        yield generated._replace(configs=(config,))
    for index, (path, text) in enumerate(generated.files):
        for smaller in _less(text):
            files = (*generated.files[:index], (path, smaller), *generated.files[index + 1 :])
            yield generated._replace(files=files)


def _less(text: str) -> Iterator[str]:
    if not text.strip():
        return
    tree = ast.parse(text)
    count = len(tree.body)
    for size in (count // 2, count // 4, 1):
        for start in range(0, count, size) if size else ():
            yield _without(text, partial(_cut, start=start, end=start + size))
    for index, statement in enumerate(tree.body):
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for at in range(len(statement.decorator_list)):
            yield _without(text, partial(_undecorate, index=index, at=at))
        if len(statement.body) > 1:
            yield _without(text, partial(_behead, index=index))
        if not (statement.args.defaults or statement.args.kw_defaults):
            for at in range(len(statement.args.args)):
                yield _without(text, partial(_narrow, index=index, at=at))


def _cut(tree: Any, start: int, end: int) -> None:
    del tree.body[start:end]


def _undecorate(tree: Any, index: int, at: int) -> None:
    del tree.body[index].decorator_list[at]


def _behead(tree: Any, index: int) -> None:
    del tree.body[index].body[0]


def _narrow(tree: Any, index: int, at: int) -> None:
    del tree.body[index].args.args[at]


def _without(text: str, change: Callable[[ast.Module], object]) -> str:
    tree = ast.parse(text)
    change(tree)
    return ast.unparse(tree) + "\n"
