"""`config.when`, `when_not`, `when_in`, `when_not_in`, `config(...)`, `hamilton_exclude`, `mutate`: does the function exist?

Source: `hamilton.function_modifiers.configuration`. All conditions of a stack must hold; a key that is absent counts as
None; each modifier of the family cuts the function's name at its last `__`, and the topmost `name=` wins.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagcheck.evaluation.conditions import NEVER, Condition, both
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.objects import Function, Lambda
from dagcheck.evaluation.values import Unknown, Value
from dagcheck.nodes.arguments import blame, positional
from dagcheck.nodes.modifiers.comparisons import KINDS, Asked, compared, unreadable
from dagcheck.nodes.modifiers.predicates import Verdict, call_predicate, read_predicate
from dagcheck.nodes.node import Fault
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use
from dagcheck.span import Location, Span


def resolve(subject: Subject, use: Use) -> Condition:
    """The condition under which this use lets the function exist; renames the subject."""
    if use.name in ("hamilton_exclude", "mutate"):
        if not use.bare and use.name == "hamilton_exclude":
            subject.reject(use, "`hamilton_exclude` takes no parentheses", advice="write `@hamilton_exclude`")
        return NEVER
    _check_name(subject, use)
    takes_name = use.name in ("config.when", "config.when_not", "config.when_in")
    name = use.keyword("name", use.arguments[0] if use.arguments else None) if takes_name else None
    if use.name == "config":
        name = use.keyword("target_name", use.arguments[1] if len(use.arguments) > 1 else None)
        condition = _predicate(subject, use)
    else:
        pairs = [(key, value) for key, value in use.keywords if not (takes_name and key == "name")]
        condition = _all(subject, use, pairs)
        subject.config_keys = tuple(key for key, _ in pairs)
    if isinstance(name, str):
        subject.name = name
    elif name is None:
        subject.name = subject.name.rpartition("__")[0] if "__" in subject.name else subject.name
    else:
        subject.unresolved(use, name, ("keyword", "name"))
    return condition


def _check_name(subject: Subject, use: Use) -> None:
    """Hamilton cuts the names of variants at the last `__`, and wants something behind it."""
    name = subject.function.name
    if not name.endswith("__"):
        return
    message = f"`{name}` ends in `__`, where Hamilton cuts the suffix off the name of a variant"
    place, modifier = Span(*subject.function.source.header.name_place), Span(*use.application.place)
    fault = Fault(
        "invalid-name", message, place, subject.condition, "build" if use.delayed else "import", (subject.name,)
    )
    related = ((Location(use.application.path, modifier), "makes a variant of it"),)
    advice = "give the variant a suffix after the underscores"
    subject.faults.append(fault._replace(related=related, help=advice, path=subject.path))


def _all(subject: Subject, use: Use, pairs: Sequence[tuple[str, Value]]) -> Condition:
    kind = use.name.removeprefix("config.")
    if kind not in KINDS:
        subject.unresolved(use, Unknown(f"`{use.name}` is no modifier that dagcheck knows"))
        return unreadable(use, use.name)
    return compared(Asked(subject, use, kind, f"@{use.name}"), pairs)


def _predicate(subject: Subject, use: Use) -> Condition:
    """`@config(predicate, config_used=[...])`: where the predicate holds; where it raises, so does the build."""
    predicate, used = positional(use, 0, "resolves"), positional(use, 2, "config_used")
    keys = tuple(used) if isinstance(used, list) and all(isinstance(key, str) for key in used) else None
    subject.config_keys = ("__UNKNOWN__",) if keys is None else keys
    verdict = _verdict(subject, predicate, keys) if isinstance(predicate, (Function, Lambda)) else None
    if verdict is None:
        reason = Unknown(f"the predicate {describe(predicate)} does more than look keys up and compare them")
        subject.unresolved(use, reason, ("argument", 0), complete=True)
        return unreadable(use, "predicate")
    failing = both(subject.condition, verdict.raises)
    if failing is not None and failing != NEVER:
        message = "the predicate of `@config` raises an exception where a key that it looks up is not given"
        place = blame(use, ("argument", 0))
        fault = Fault("invalid-modifier", message, place, failing, "build", (subject.name,), path=use.application.path)
        subject.faults.append(fault._replace(help="use `.get(key)`"))
    return verdict.holds


def _verdict(subject: Subject, predicate: Function | Lambda, keys: tuple[str, ...] | None) -> Verdict | None:
    setting = subject.setting
    body = setting.body(predicate) if isinstance(predicate, Function) else predicate.body
    laid = {key: value for key, value in setting.laid.items() if is_plain(value)}
    verdict = read_predicate(predicate, body, keys, setting.call, laid)
    if verdict is not None and not verdict.needs_config:
        return verdict
    if setting.config is not None:
        return call_predicate(predicate, setting.config, keys, setting.call) or verdict
    subject.needs_config = True
    return verdict
