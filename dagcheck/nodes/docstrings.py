"""What does a docstring template say?

`parameterize` and `inject` format the docstring with `str.format_map` when the module is imported: names without a value
stand for themselves, and a template that does not format makes the import fail.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.values import Unknown, Value


def format_docstring(template: str, values: Mapping[str, Value]) -> str | Unknown:
    """The formatted text, or `Unknown` with Python's words when formatting raises."""
    if "{" not in template and "}" not in template:
        return template
    try:
        for _, _, spec, _ in string.Formatter().parse(template):
            if spec and sum(character.isdigit() for character in spec) > 3:
                return Unknown("a format width is too large to follow")
        return template.format_map(_Names({name: _readable(value) for name, value in values.items()}))
    except Exception as error:  # noqa: BLE001  any error of the user's template fails the import in Hamilton too
        return Unknown(f"{type(error).__name__}: {error}")


class _Names(dict[str, object]):
    """Missing names stand for themselves."""

    def __missing__(self, key: str) -> str:
        return key


class _Anything:
    """A value that is not known: whatever is asked of it, it answers with dots."""

    def __getattr__(self, name: str) -> _Anything:
        return self

    def __getitem__(self, key: object) -> _Anything:
        return self

    def __format__(self, spec: str) -> str:
        return "..."

    def __str__(self) -> str:
        return "..."


def _readable(value: Value) -> object:
    return value if is_plain(value) else _Anything()
