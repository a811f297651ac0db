"""What is left of a text without the bodies of its functions?

Of an installed package only names, imports and classes matter, and most of its text is neither. `skeleton` gives the syntax
tree of what is left: every function is an empty one, `__getattr__` of a module apart, which says what is imported late. A
text that is laid out so oddly that the rest would not parse, or might not be told from text in quotes, is read whole.
"""

from __future__ import annotations

import ast
import re

from dagcheck.source.parsing import SyntaxFault, parse

_TRIPLE = re.compile(r'[rRbBuUfF]{0,2}("""|' + r"''')(?:[^\\]|\\.)*?\1", re.DOTALL)
_ODD = re.compile(r'#[^\n]*(?:"""|' + r"''')|'\"\"\"|\"'''")
"""Three quotes that open nothing: in a comment, or within other quotes."""
_DEFINITION = re.compile(r"( *)(?:async )?def (\w+)")
_KEPT = "__getattr__"


def skeleton(text: str) -> ast.Module | None:
    """The tree of the text without bodies of functions; None when the text does not parse."""
    candidates = [text] if _ODD.search(text) else [_without_bodies(text), text]
    for candidate in candidates:
        tree = parse(candidate)
        if not isinstance(tree, SyntaxFault):
            return tree
    return None


def _without_bodies(text: str) -> str:
    kept: list[str] = []
    depth = -1
    for line in _TRIPLE.sub("''", text).split("\n"):
        if depth >= 0:
            inner = line[depth:]
            if not inner or inner[0] in " )]}" or line.lstrip()[:1] == "#":
                continue  # a body, what closes a header over several lines, or a comment, wherever it stands
            depth = -1
        found = _DEFINITION.match(line) if "def " in line else None
        if found and not (found[2] == _KEPT and not found[1]):
            depth = len(found[1])
            kept.append(f"{found[1]}def {found[2]}(): pass")
        else:
            kept.append(line)
    return "\n".join(kept)
