"""How is a deprecated modifier written today?

Most are the same under another name: the name changes where it is used and where it is imported. `parametrized_input` has become a
form of `parameterize`, so its arguments are taken apart and put together anew; that is the one place where code is rewritten rather
than a name, and libcst keeps what is inside as it was.
"""

from __future__ import annotations

import libcst as cst

from dagcheck.edits.captures import captures
from dagcheck.edits.edit import Edit
from dagcheck.edits.imports import insertion
from dagcheck.nodes.uses import hamilton_name
from dagcheck.occurrences.scopes import Scopes
from dagcheck.source.facts import Source
from dagcheck.span import Location, Span

RENAMED = {
    "parametrized": "parameterize_values",
    "parameterized_inputs": "parameterize_sources",
    "pipe": "pipe_input",
}
"""Modifiers that only got another name."""


def replaced_modifier(source: Source, scopes: Scopes, span: Span) -> tuple[str, list[Edit]] | None:
    """Title and edits for the deprecated modifier at a place; None where it is not written plainly."""
    imports = {name: dotted for name, dotted, _ in scopes.imports}
    for dotted in scopes.dotted:
        first, last = dotted.spans[0], dotted.spans[-1]
        if first is None or last is None or tuple(first[:2]) != tuple(span[:2]):
            continue
        whole = ".".join([imports.get(dotted.parts[0], ""), *dotted.parts[1:]])
        name = hamilton_name(whole)
        if name in RENAMED:
            title = f"Use `@{RENAMED[name]}`"
            if len(dotted.parts) > 1:
                return title, [Edit(Location(source.path, last), RENAMED[name])]
            edits = _renamed_import(source, scopes, dotted.parts[0], name)
            return None if edits is None else (title, edits)
        if name == "parametrized_input":
            written = _parameterize(source, scopes, dotted.parts, span)
            return None if written is None else ("Use `@parameterize`", written)
    return None


def _renamed_import(source: Source, scopes: Scopes, bound: str, name: str) -> list[Edit] | None:
    """The import, and every use of what it binds unless that has a name of its own; None where the new name is taken."""
    new = RENAMED[name]
    places = [span for each, dotted, span in scopes.imports if each == bound and dotted.rpartition(".")[2] == name]
    if bound == name:
        places += [
            mention.span
            for mention in scopes.mentions
            if mention.name == bound and mention.owner is scopes.module and mention.span is not None
        ]
        if not _means(scopes, new) and captures(scopes, places, name, new):
            return None
    return [Edit(Location(source.path, place), new) for place in places]


def _means(scopes: Scopes, modifier: str) -> bool:
    """Is a name of the module the modifier of that name, and nothing else?"""
    found = [dotted for name, dotted, _ in scopes.imports if name == modifier]
    is_import = scopes.module.bound.get(modifier) == "import"
    return is_import and bool(found) and all(hamilton_name(dotted) == modifier for dotted in found)


def _parameterize(source: Source, scopes: Scopes, parts: tuple[str, ...], span: Span) -> list[Edit] | None:
    """`@parametrized_input("p", {"a": ("out", "doc")})` as `@parameterize(out=({"p": source("a")}, "doc"))`."""
    text = _segment(source.text, span)
    try:
        call = cst.parse_expression(text)
    except cst.ParserSyntaxError:
        return None
    given = _arguments(call)
    if given is None:
        return None
    parameter, table = given
    owner = ".".join(parts[:-1])
    prefix = f"{owner}." if owner else ""
    outputs = [_output(element, parameter, prefix) for element in table.elements]
    if not outputs or any(output is None for output in outputs):
        return None
    code = f"{prefix}parameterize({', '.join(filter(None, outputs))})"
    edits = [Edit(Location(source.path, span), code)]
    missing = [] if owner else [name for name in ("parameterize", "source") if not _means(scopes, name)]
    if any(name in scopes.module.bound for name in missing):
        return None  # it means something else here
    lines = [f"from hamilton.function_modifiers import {', '.join(missing)}"] if missing else []
    return [*edits, *insertion(source.text, source.facts.statements, source.path, lines)]


def _arguments(call: cst.BaseExpression) -> tuple[cst.BaseExpression, cst.Dict] | None:
    """The parameter and the table of `parametrized_input`, given by position or by name."""
    if not isinstance(call, cst.Call):
        return None
    given: dict[str, cst.BaseExpression] = {}
    for name, argument in zip(("parameter", "variable_inputs"), call.args, strict=False):
        if argument.star:
            return None
        given[argument.keyword.value if argument.keyword is not None else name] = argument.value
    parameter, table = given.get("parameter"), given.get("variable_inputs")
    is_plain = isinstance(parameter, cst.SimpleString) and isinstance(table, cst.Dict) and len(call.args) == 2
    return (parameter, table) if is_plain and isinstance(table, cst.Dict) and parameter is not None else None


def _output(element: cst.BaseDictElement, parameter: cst.BaseExpression, prefix: str) -> str | None:
    """One output of the new form."""
    if not isinstance(element, cst.DictElement) or not isinstance(element.value, cst.Tuple):
        return None
    values = [part.value for part in element.value.elements]
    if len(values) != 2 or not isinstance(values[0], cst.SimpleString):
        return None
    name = values[0].evaluated_value
    if not isinstance(name, str) or not name.isidentifier():
        return None
    bound = f"{{{_code(parameter)}: {prefix}source({_code(element.key)})}}"
    return f"{name}=({bound}, {_code(values[1])})"


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _segment(text: str, span: Span) -> str:
    rows = text.split("\n")[span.line - 1 : span.end_line]
    rows[-1] = rows[-1][: span.end_column - 1]
    rows[0] = rows[0][span.column - 1 :]
    return "\n".join(rows)
