"""Is every diagnostic expected, and every expectation met? One expectation stands for exactly one diagnostic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.harness.expectations import Expected


class Mismatch(NamedTuple):
    """A line of a file at which found and expected differ, and how."""

    path: str
    line: int
    message: str


def mismatches(
    expected: Mapping[str, Sequence[Expected]], diagnostics: Iterable[Mapping[str, Any]]
) -> tuple[Mismatch, ...]:
    """All differences between the expectations by file and the diagnostics as JSON objects, in order of place."""
    left = {(path, item.line): [] for path, items in expected.items() for item in items}  # type: ignore[var-annotated]
    for diagnostic in diagnostics:
        left.setdefault((diagnostic["path"], diagnostic["line"]), []).append(diagnostic)
    found = []
    for path, items in expected.items():
        for item in sorted(items, key=lambda item: -len(item.message)):  # the pickiest choose first
            candidates = left[path, item.line]
            fitting = next((candidate for candidate in candidates if _fits(item, candidate)), None)
            if fitting is None:
                found.append(Mismatch(path, item.line, f"expected, not found: {item}"))
            else:
                candidates.remove(fitting)
    for (path, line), rest in left.items():
        found += [Mismatch(path, line, f"not expected: {_told(diagnostic)}") for diagnostic in rest]
    return tuple(sorted(found))


def _fits(expected: Expected, diagnostic: Mapping[str, Any]) -> bool:
    same = (expected.severity, expected.rule) == (diagnostic["severity"], diagnostic["rule"])
    return same and expected.message in diagnostic["message"]


def _told(diagnostic: Mapping[str, Any]) -> str:
    witness = f" under {diagnostic['config']}" if diagnostic["config"] else ""
    return f'{diagnostic["severity"]}[{diagnostic["rule"]}] "{diagnostic["message"]}"{witness}'
