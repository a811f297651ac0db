"""How does text from code stand in a Markdown document without meaning anything?

Names, paths and messages come from code that anybody can write. `code` makes a code span of a text, `prose` escapes everything
that Markdown or HTML would read, but for the code spans in our own sentences.
"""

from __future__ import annotations

import re

LONGEST = 160
"""Characters of one name or path that are shown."""

_MEANS_SOMETHING = re.compile(r"[\\`*_{}\[\]<>#|~&@!$:]")


def code(text: str) -> str:
    """A text as a code span that also holds inside a table."""
    shown = _shown(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else "``` ```"


def prose(text: str) -> str:
    """A sentence; what stands between backticks becomes a code span, all else plain words."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick of the user's own: nothing is certain about the rest
        return _plain(text)
    return "".join(code(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    return _MEANS_SOMETHING.sub(lambda match: _entity(match[0]), _printable(text)[: 4 * LONGEST])


def _entity(character: str) -> str:
    return character if character == ":" else f"&#{ord(character)};"


def _shown(text: str) -> str:
    printable = _printable(text)
    return printable if len(printable) <= LONGEST else f"{printable[: LONGEST - 1]}…"


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
