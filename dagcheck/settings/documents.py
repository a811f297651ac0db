"""What does this TOML or JSON say? The only door to TOML.

Faults of syntax become usage errors with their place. Values are Python's own; JSON's extensions (`NaN`, `Infinity`) are
refused, since no other reader would take them.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from dagcheck.settings import UsageError


def read_toml(label: str, content: bytes) -> tuple[dict[str, Any], str]:
    """The table that a TOML document is, and its text. `label` names the document in errors."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]  # there only below 3.11

    text = _text(label, content)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        words, line, column = _place(str(error), text)
        raise UsageError(f"{label}:{line}:{column}: {words[:1].lower()}{words[1:]}") from error
    except RecursionError as error:
        raise UsageError(f"{label}: nested too deeply") from error


def read_json(label: str, content: bytes | str) -> Any:
    """The value that a JSON document is. `label` names the document in errors."""
    from json import JSONDecodeError, loads

    text = content if isinstance(content, str) else _text(label, content)
    try:
        return loads(text, parse_constant=_refuse)
    except JSONDecodeError as error:
        raise UsageError(f"{label}:{error.lineno}:{error.colno}: {error.msg[:1].lower()}{error.msg[1:]}") from error
    except RecursionError as error:
        raise UsageError(f"{label}: nested too deeply") from error
    except ValueError as error:
        raise UsageError(f"{label}: {error}") from error


def _text(label: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{label}:{line}:1: no UTF-8") from error


def _place(message: str, text: str) -> tuple[str, int, int]:
    """The words of a TOML error without its place, and the place: 1-based line and column."""
    match = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message)
    if match is None:
        return message, 1, 1
    if match[2] is None:
        return match[1], text.count("\n") + 1, len(text) - text.rfind("\n")
    return match[1], int(match[2]), int(match[3])


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
