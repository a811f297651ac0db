"""What did the user type? Options shared by the commands, read into `Options`.

An option is offered only where the analysis honours it. Values of configurations are read by `dagcheck.settings`.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NoReturn

from dagcheck.settings import TYPE_CHECKS, Options, UsageError
from dagcheck.settings.context import RunContext, configuration, run_context

if TYPE_CHECKING:  # most runs select nothing
    from dagcheck.project.selecting import Selection

COLORS = ("auto", "always", "never")


class Parser(argparse.ArgumentParser):
    """A parser of one command's arguments that reports mistakes as `UsageError`."""

    def __init__(self, command: str, argument: str, description: str) -> None:
        super().__init__(
            prog=f"dagcheck {command}",
            usage=f"dagcheck {command} {argument}[OPTIONS]",
            description=description,
            formatter_class=_wide_help,
            allow_abbrev=False,
        )
        self._positionals.title = "arguments"

    def error(self, message: str) -> NoReturn:
        """Turn the words of argparse into a usage error."""
        raise UsageError(f"{message}; see {self.prog} --help")


def parsed(parser: Parser, arguments: Sequence[str]) -> argparse.Namespace | None:
    """The arguments, options and paths in any order; None when the help was shown instead."""
    try:
        return parser.parse_intermixed_args(arguments)
    except SystemExit:  # --help has been answered
        return None


def add_analysis(parser: Parser) -> None:
    """The options that say what is analysed and how."""
    what = parser.add_argument_group("what is analysed")
    what.add_argument("--project", metavar="DIR", help="project folder (default: nearest with settings or .git)")
    what.add_argument("--root", metavar="DIR", action="append", default=[], help="import root; repeatable")
    what.add_argument(
        "--module", metavar="NAME_OR_PATH", action="append", default=[],
        help="these modules are the one dataflow; repeatable",
    )  # fmt: skip
    what.add_argument("--dataflow", metavar="NAME", help="only the dataflow of this name")
    what.add_argument("--python", metavar="PATH", help="environment whose packages may be read")
    _add_configuration(parser)
    _add_running(parser)


def add_output(parser: Parser, formats: Collection[str], default: str) -> None:
    """The options that say in which form the answer is given, and where."""
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=tuple(formats), help=f"form of what goes to stdout (default: {default})")
    output.add_argument(
        "--output", metavar="FORMAT:FILE", action="append", default=[], help="write a file as well; repeatable"
    )
    add_color(output)


def add_color(group: argparse._ActionsContainer) -> None:
    """`--color`."""
    group.add_argument("--color", choices=COLORS, default="auto", help="colour on stdout (default: auto)")


def add_rules(parser: Parser) -> None:
    """The options that say which rules speak."""
    rules = parser.add_argument_group("rules")
    rules.add_argument("--select", metavar="RULES", action="append", default=[], help="rules to add; comma-separated")
    rules.add_argument("--ignore", metavar="RULES", action="append", default=[], help="rules to leave out")
    rules.add_argument("--pedantic", action="store_true", help="report what is only likely, too")


def add_revisions(group: argparse._ActionsContainer) -> None:
    """`--base` and `--head`."""
    group.add_argument("--base", metavar="REF", help="where it began (default: merge base with the branch it goes to)")
    group.add_argument("--head", metavar="REF", help="where it led to (default: the files as they are now)")


def add_selectors(parser: Parser) -> None:
    """The options that say which nodes are meant, and with which revision `state:` compares."""
    group = parser.add_argument_group("which nodes")
    parser.add_argument(
        "selectors", metavar="SELECTOR", nargs="*",
        help="nodes to show: name, +name, name+, 2+name+1, @name, tag:key=value, module:, path:, output:, state:modified ...",
    )  # fmt: skip
    group.add_argument(
        "--exclude", metavar="SELECTOR", action="append", default=[], help="nodes to leave out; repeatable"
    )
    add_revisions(group)


def selection(include: Sequence[str], namespace: argparse.Namespace) -> Selection | None:
    """The selectors that were given, None where there are none."""
    if not include and not namespace.exclude:
        return None
    from dagcheck.project.selecting import Selection

    return Selection(tuple(include), tuple(namespace.exclude), namespace.base, namespace.head)


def options(namespace: argparse.Namespace, paths: Sequence[str] = ()) -> Options:
    """The parsed arguments as `Options`."""
    context = run_context(namespace.config, namespace.config_file, read_python=_read_python)
    return Options(
        project=namespace.project,
        roots=tuple(namespace.root),
        modules=tuple(namespace.module),
        paths=tuple(paths),
        config=context.config,
        assume={**context.assume, **(configuration(namespace.assume, option="--assume") or {})},
        final_vars=_names(namespace.final_vars, context.final_vars),
        inputs=_names(namespace.inputs, context.inputs),
        overrides=context.overrides,
        allow_module_overrides=namespace.allow_module_overrides,
        type_check=namespace.type_check,
        locks=getattr(namespace, "locks", None),
        dataflow=namespace.dataflow,
        python=namespace.python,
        select=_words(getattr(namespace, "select", ())),
        ignore=_words(getattr(namespace, "ignore", ())),
        pedantic=getattr(namespace, "pedantic", False),
        use_cache=not namespace.no_cache,
        cache_dir=namespace.cache_dir,
        jobs=namespace.jobs,
    )


def _read_python(file: str, cwd: str) -> RunContext:
    from dagcheck.project.contexts import python_context

    return python_context(file, cwd)


def _names(given: Sequence[str] | None, otherwise: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Names on the command line, which win over those of a file."""
    return otherwise if given is None else _words(given)


def _wide_help(prog: str) -> argparse.HelpFormatter:
    """A formatter of fixed width: asking the terminal for its own would cost an import at every start."""
    return argparse.HelpFormatter(prog, max_help_position=34, width=110)


def _add_configuration(parser: Parser) -> None:
    group = parser.add_argument_group("configuration (without these: every configuration)")
    group.add_argument(
        "--config", metavar="MAPPING", action="append", default=[],
        help="the whole configuration: KEY=VALUE or a JSON object; repeatable",
    )  # fmt: skip
    group.add_argument("--config-file", metavar="FILE", help="the same from a JSON or TOML file")
    group.add_argument(
        "--assume", metavar="KEY=VALUE", action="append", default=[],
        help="fix one key and leave the others free; repeatable",
    )  # fmt: skip
    group.add_argument(
        "--final-vars", metavar="NAME", nargs="+", action="extend", help="outputs to ask for, as a driver would be"
    )
    group.add_argument(
        "--inputs", metavar="NAME", nargs="+", action="extend", help="the inputs that are given; all others are missing"
    )
    group.add_argument("--allow-module-overrides", action="store_true", help="later modules override earlier ones")
    group.add_argument("--type-check", choices=TYPE_CHECKS, help="how edges are type-checked (default: hamilton)")


def _add_running(parser: Parser) -> None:
    group = parser.add_argument_group("running")
    group.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")
    group.add_argument("--cache-dir", metavar="DIR", help="where the cache is (default: .dagcheck_cache)")
    group.add_argument("--jobs", metavar="N", type=_positive, help="processes to use")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, not {text!r}")
    return int(text)


def _words(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for value in values for part in value.split(",") if (word := part.strip()))
