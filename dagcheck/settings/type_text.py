"""Can this text be a type, as settings write it?

A type in the settings is an expression as in an annotation, in which all but the built-in names are dotted from their module on:
`pandas.DataFrame`, `list[int] | None`, `typing.Any`. Whether a module has such a name is not asked here.
"""

from __future__ import annotations

import ast
import builtins
import warnings

_PARTS = (
    ast.Attribute,
    ast.BinOp,
    ast.BitOr,
    ast.Constant,
    ast.List,
    ast.Load,
    ast.Name,
    ast.Subscript,
    ast.Tuple,
    ast.UnaryOp,
    ast.USub,
)


def fault_of_type(text: str) -> str:
    """What is wrong with the text, "" when nothing is."""
    tree = _parsed(text)
    if tree is None:
        return "is no type: it is no expression"
    if any(not isinstance(node, _PARTS) for node in ast.walk(tree)):
        return "is no type: only names, brackets and `|` may stand in one"
    if isinstance(tree, (ast.Constant, ast.List, ast.Tuple, ast.UnaryOp)) and text.strip() != "None":
        return "is no type"
    dotted = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    bare = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in dotted]
    strange = [name for name in bare if not isinstance(getattr(builtins, name, None), type)]
    if strange:
        return f"is no type: `{strange[0]}` is no built-in class; write it with its module, as in `pandas.DataFrame`"
    return ""


def _parsed(text: str) -> ast.expr | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as invalid escapes
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
