"""Does a function do nothing, as its bytecode tells?

Hamilton compares the code of a function with that of an empty one, so what CPython's compiler makes of the body decides: it folds
constants and drops what can never run. The body is compiled for that, and the code is never run.
"""

from __future__ import annotations

import ast
from types import CodeType

from dagcheck.source.facts import function_node
from dagcheck.source.syntax import Header


def is_empty(text: str, header: Header) -> bool | None:
    """Is a function's code that of `pass`, or of a docstring alone? None where it cannot be compiled.

    Source: `ensure_function_empty` of `hamilton.function_modifiers.macros`.
    """
    node = function_node(text, header)
    if node is None:
        return None
    node.decorator_list = []
    code = _code(ast.Module([node], []))
    return None if code is None else code.co_code in _EMPTY


def _code(tree: ast.Module) -> CodeType | None:
    try:
        outer = compile(tree, "<function>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return next((part for part in outer.co_consts if isinstance(part, CodeType)), None)


_EMPTY = frozenset(
    code.co_code
    for text in ("def empty():\n    pass", "def empty():\n    'documentation'\n    pass")
    if (code := _code(ast.parse(text))) is not None
)
