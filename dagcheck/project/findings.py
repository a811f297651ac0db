"""Which findings are shown?

From all that the rules found: those of the chosen rules, certain ones unless the likely are asked for, not suppressed by a
comment, not ignored for their file, each once however many dataflows it stands in, in the fixed order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from dagcheck.diagnostics import Diagnostic, order
from dagcheck.rules import RULES
from dagcheck.rules.rule import Rule
from dagcheck.settings import Options, Settings, UsageError
from dagcheck.settings.globs import matcher
from dagcheck.source.facts import Source
from dagcheck.source.suppressions import Suppression, suppressions
from dagcheck.source.syntax import Statement, blocks, header_of


def chosen_rules(settings: Settings, options: Options) -> tuple[Rule, ...]:
    """The rules that speak. Raises `UsageError` for names on the command line that no rule has."""
    names = {rule.name for rule in RULES}
    unknown = sorted({*options.select, *options.ignore} - names)
    if unknown:
        raise UsageError(*(f"there is no rule `{name}`; `dagcheck rule` lists them" for name in unknown))
    selected = {*settings.select, *options.select}
    ignored = ({*settings.ignore} - set(options.select)) | set(options.ignore)
    return tuple(rule for rule in RULES if (rule.default or rule.name in selected) and rule.name not in ignored)


def shown(
    found: Iterable[Diagnostic],
    settings: Settings,
    options: Options,
    source_of: Callable[[str], Source | None],
    is_asked: Callable[[str], bool],
) -> tuple[Diagnostic, ...]:
    """The findings to show; `is_asked` says whether a path was asked for."""
    ignores = [(matcher([pattern]), frozenset(rules)) for pattern, rules in settings.per_file_ignores]
    comments: dict[str, _Comments] = {}
    kept: list[Diagnostic] = []
    for diagnostic in merged(found):
        path = diagnostic.location.path
        if diagnostic.certainty == "likely" and not options.pedantic:
            continue
        if not is_asked(path) or any(diagnostic.rule in rules and covers(path) for covers, rules in ignores):
            continue
        if path not in comments:
            comments[path] = _Comments(source_of(path))
        if not comments[path].silence(diagnostic):
            kept.append(_with_severity(diagnostic, settings.severity))
    return tuple(sorted(kept, key=order))


def merged(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One finding per rule, place and message; it names every dataflow it stands in, and keeps the smallest witness."""
    by_key: dict[tuple[object, ...], Diagnostic] = {}
    for diagnostic in found:
        key = (diagnostic.rule, diagnostic.location, diagnostic.message)
        before = by_key.get(key)
        if before is None:
            by_key[key] = diagnostic
            continue
        dataflows = tuple(dict.fromkeys((*before.dataflows, *diagnostic.dataflows)))
        smaller = min(before, diagnostic, key=lambda item: (len(item.config), repr(item.config)))
        by_key[key] = before._replace(dataflows=dataflows, config=smaller.config)
    return list(by_key.values())


class _Comments:
    """The suppressions of one file, and the lines that stand for each of its functions."""

    def __init__(self, source: Source | None) -> None:
        self._suppressions: Sequence[Suppression] = () if source is None else suppressions(source.text)
        statements = source.facts.statements if source is not None and self._suppressions else ()
        self._functions = _function_lines(statements)

    def silence(self, diagnostic: Diagnostic) -> bool:
        """Does a comment suppress this finding?"""
        if not self._suppressions:
            return False
        lines = {diagnostic.location.span.line, diagnostic.location.span.end_line}
        for first, line, last, decorators in self._functions:
            if first <= diagnostic.location.span.line <= last:
                lines.add(line)
                lines.update(start for start, end in decorators if start <= diagnostic.location.span.line <= end)
        return any(comment.covers(diagnostic.rule, line) for comment in self._suppressions for line in lines)


def _function_lines(statements: Iterable[Statement]) -> list[tuple[int, int, int, tuple[tuple[int, int], ...]]]:
    """First line, line of the `def`, last line, and the extents of the decorators, of every function in the blocks."""
    found: list[tuple[int, int, int, tuple[tuple[int, int], ...]]] = []
    for statement in statements:
        if statement[0] == "def":
            header = header_of(statement)
            extents = tuple([(part[1][0], part[1][2]) for part in header.decorators])
            found.append((header.first_line, header.place[0], header.end_line, extents))
        for block in blocks(statement):
            found += _function_lines(block)
    return found


def _with_severity(diagnostic: Diagnostic, changed: Mapping[str, str]) -> Diagnostic:
    severity = changed.get(diagnostic.rule)
    return diagnostic if severity is None else diagnostic._replace(severity=severity)  # type: ignore[arg-type]
