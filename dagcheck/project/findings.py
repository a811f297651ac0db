"""Which findings are shown?

From all that the rules found: those of the chosen rules, certain ones unless the likely are asked for, not suppressed by a
comment, not ignored for their file, each once however many dataflows it stands in, in the fixed order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic, order
from dagcheck.project.comments import Comments
from dagcheck.rules import RULES
from dagcheck.rules.judging import judge_comments
from dagcheck.rules.rule import CommentUnit, Rule
from dagcheck.settings import Options, Settings, UsageError
from dagcheck.settings.globs import matcher


def chosen_rules(settings: Settings, options: Options) -> tuple[Rule, ...]:
    """The rules that speak. Raises `UsageError` for names on the command line that no rule has."""
    names = {rule.name for rule in RULES}
    unknown = sorted({*options.select, *options.ignore} - names)
    if unknown:
        raise UsageError(*(f"there is no rule `{name}`; `dagcheck rule` lists them" for name in unknown))
    selected = {*settings.select, *options.select}
    ignored = ({*settings.ignore} - set(options.select)) | set(options.ignore)
    return tuple(rule for rule in RULES if (rule.default or rule.name in selected) and rule.name not in ignored)


class Marks(NamedTuple):
    """The suppressions of a project: by file as they are read, and the files in which unused ones are told.

    `unsure` are those of them in which not everything could be read.
    """

    comments: Callable[[str], Comments]
    marked: tuple[str, ...]
    unsure: frozenset[str]


def shown(
    found: Iterable[Diagnostic],
    settings: Settings,
    options: Options,
    marks: Marks,
    is_asked: Callable[[str], bool],
) -> tuple[Diagnostic, ...]:
    """The findings to show; `is_asked` says whether a path was asked for."""
    ignores = [(matcher([pattern]), frozenset(rules)) for pattern, rules in settings.per_file_ignores]
    rules = chosen_rules(settings, options)

    def is_shown(diagnostic: Diagnostic) -> bool:
        path = diagnostic.location.path
        if diagnostic.certainty == "likely" and not options.pedantic:
            return False
        return is_asked(path) and not any(diagnostic.rule in names and covers(path) for covers, names in ignores)

    kept = [item for item in merged(found) if not marks.comments(item.location.path).silence(item) and is_shown(item)]
    unused = judge_comments(rules, _unused(marks, rules))
    kept += [item for item in unused if not marks.comments(item.location.path).silence(item) and is_shown(item)]
    return tuple(sorted((_with_severity(item, settings.severity) for item in kept), key=order))


def _unused(marks: Marks, rules: Sequence[Rule]) -> Iterator[CommentUnit]:
    """The comments that suppress nothing, or not all that they name, as far as the chosen rules can tell."""
    chosen = {rule.name for rule in rules if not rule.looks_at("change")}  # of one state, nobody can tell about changes
    known = tuple(rule.name for rule in RULES)
    for path in marks.marked:
        for comment, names in marks.comments(path).unused():
            told = tuple(name for name in names if name in chosen or name not in known)
            if comment.problem or told or comment.rules is None:
                yield CommentUnit(path, comment, told, known, path not in marks.unsure)


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
        surer = min(before.certainty, diagnostic.certainty)  # "certain" comes before "likely"
        by_key[key] = before._replace(dataflows=dataflows, config=smaller.config, certainty=surer)
    return list(by_key.values())


def _with_severity(diagnostic: Diagnostic, changed: Mapping[str, str]) -> Diagnostic:
    severity = changed.get(diagnostic.rule)
    return diagnostic if severity is None else diagnostic._replace(severity=severity)  # type: ignore[arg-type]
