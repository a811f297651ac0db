"""`dagcheck rule [NAME]`: what does a rule say, and which rules are there?"""

from __future__ import annotations

import os
from collections.abc import Sequence

from dagcheck import rules
from dagcheck.cli import arguments, output
from dagcheck.report.rules import nearest, rule_table, rules_json
from dagcheck.rules.rule import Rule
from dagcheck.settings import UsageError

_FORMATS = ("text", "json")


def run(argv: Sequence[str]) -> int:
    """The command with its arguments; returns the exit status."""
    asked = arguments.parsed(_parser(), argv)
    if asked is None:
        return 0
    screen = output.screen(asked.color)
    if asked.format == "json":
        chosen = rules.RULES if asked.name is None else (_rule(asked.name),)
        output.write(rules_json([(rule, _page(rule.name)) for rule in chosen]))
    elif asked.name is None:
        output.write(rule_table(rules.RULES, screen.has_color))
    else:
        output.write(_shown(_page(_rule(asked.name).name), screen))
    return 0


def _parser() -> arguments.Parser:
    parser = arguments.Parser(
        "rule", "[NAME] ", "Show the page of a rule: what it finds, why it matters, how to mend it."
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="name of a rule (default: list all rules)")
    form = parser.add_argument_group("output")
    form.add_argument("--format", choices=_FORMATS, default="text", help="form of the answer (default: text)")
    arguments.add_color(form)
    return parser


def _rule(name: str) -> Rule:
    wanted = name.lower().replace("_", "-")
    for rule in rules.RULES:
        if rule.name == wanted:
            return rule
    near = nearest(wanted, [rule.name for rule in rules.RULES])
    hint = f"did you mean {near}?" if near else "`dagcheck rule` lists all rules"
    raise UsageError(f"unknown rule {name!r}; {hint}")


def _page(name: str) -> str:
    """The page of the rule, which lies beside its code."""
    path = os.path.join(os.path.dirname(rules.__file__), f"{name.replace('-', '_')}.md")
    with open(path, encoding="utf-8") as file:
        return file.read()


def _shown(page: str, screen: output.Screen) -> str:
    if not screen.has_color:
        return page
    from dagcheck.report.text import markdown

    return markdown(page, min(screen.width, 100))
