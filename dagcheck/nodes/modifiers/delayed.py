"""`resolve`, `resolve_from_config`: a modifier that is made of configuration values.

Source: `hamilton.function_modifiers.delayed`. The function `decorate_with` is called with the configuration values that its
parameters name, when the graph is built and before anything else; the modifier it returns joins the others of its stage.
Only a fixed configuration tells the values, and Hamilton wants its power-user mode switched on.
"""

from __future__ import annotations

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.evaluation.objects import Function, Lambda
from dagcheck.evaluation.values import Construction, Unknown, Value
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use, modifier_name
from dagcheck.source.syntax import Parameter, parameters_of

POWER_USER_MODE = "hamilton.enable_power_user_mode"


def resolved(subject: Subject, use: Use) -> Use | None:
    """The modifier that `@resolve` comes to; None when that cannot be known, or Hamilton refuses."""
    if use.name == "resolve" and not _is_at_configuration(use.keyword("when")):
        message = "`@resolve` knows one moment only: `when=ResolveAt.CONFIG_AVAILABLE`"
        subject.reject(use, message, ("value", "when"))
        return None
    chooser = use.keyword("decorate_with")
    if is_plain(chooser):
        message = f"`decorate_with` takes a function that gives a modifier, not {describe(chooser)}"
        subject.reject(use, message, ("value", "decorate_with"))
        return None
    if not isinstance(chooser, (Function, Lambda)):
        subject.unresolved(
            use, Unknown(f"{describe(chooser)} is no function of the project"), ("value", "decorate_with")
        )
        return None
    parameters = _parameters(chooser)
    starred = next((part.name for part in parameters if part.kind in ("star", "double-star", "positional")), None)
    if starred is not None:
        message = f"`decorate_with` must take its configuration by name, but `{starred}` cannot be named"
        subject.reject(use, message, ("value", "decorate_with"))
        return None
    config = subject.setting.config
    if config is None:
        subject.needs_config = True
        subject.note_unresolved(
            f"`@{use.name}` depends on values of the configuration, which is not fixed",
            blame(use, ("value", "decorate_with")),
        )
        subject.complete = False
        return None
    return _called(subject, use, chooser, {part.name: part.default is not None for part in parameters})


def _called(subject: Subject, use: Use, chooser: Function | Lambda, wanted: dict[str, bool]) -> Use | None:
    config = subject.setting.config or {}
    if not config.get(POWER_USER_MODE):
        state = "is off" if POWER_USER_MODE in config else "is not given"
        message = f"`@{use.name}` needs power-user mode, but configuration key `{POWER_USER_MODE}` {state}"
        subject.reject(use, message, hamilton="build")
        return None
    missing = [name for name, has_default in wanted.items() if name not in config and not has_default]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        message = f"`@{use.name}` needs configuration {names}, which is not given"
        subject.reject(use, message, ("value", "decorate_with"), hamilton="build")
        return None
    given = [(name, config[name]) for name in wanted if name in config]
    return _use(subject, use, subject.setting.call(chooser, [], given))


def _use(subject: Subject, use: Use, made: Value) -> Use | None:
    name = modifier_name(made)
    if name is None or not isinstance(made, Construction):
        unknown = made if isinstance(made, Unknown) else Unknown(f"it gives {describe(made)}, which is no modifier")
        subject.unresolved(use, unknown, ("value", "decorate_with"))
        return None
    application = use.application._replace(decorator=made, expression=None)
    return Use(name, made.arguments, made.keywords, application, delayed=True)


def _is_at_configuration(when: Value) -> bool:
    return str(getattr(when, "name", "")).endswith("CONFIG_AVAILABLE")


def _parameters(chooser: Function | Lambda) -> tuple[Parameter, ...]:
    return chooser.header.parameters if isinstance(chooser, Function) else parameters_of(chooser.parameters)
