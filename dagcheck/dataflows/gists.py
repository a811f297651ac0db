"""How much of a file do drivers hang on, when none of its functions was entered on the way to them?

Its *gist*: the statements of its top level with their lines, and of each function the name, decorators, parameters and annotations,
wherever it stands. What is typed inside such a function changes nothing of what drivers are given.
"""

from __future__ import annotations

from typing import Any

from dagcheck.source.digests import digest
from dagcheck.source.facts import Source
from dagcheck.source.syntax import header_of


def gist(source: Source) -> str:
    """A mark of what drivers may hang on in this text."""
    if source.facts.fault is not None:
        return "broken"
    lines = source.text.split("\n")
    parts: list[str] = []
    for statement in source.facts.statements:
        if statement[0] == "def":
            header = header_of(statement)
            parts.append(repr(_unplaced((header.name, header.decorators, header.parameters, header.returns))))
        else:
            first, last = statement[1][0], statement[1][2]
            parts += [f"{first}", *lines[first - 1 : last]]
    return digest("\n".join(parts).encode(errors="surrogatepass")).hex()


def _unplaced(part: Any) -> Any:
    """The same without places, which are tuples of four numbers."""
    if not isinstance(part, tuple) or (len(part) == 4 and all(type(item) is int for item in part)):
        return None if isinstance(part, tuple) else part
    return tuple([_unplaced(item) for item in part])
