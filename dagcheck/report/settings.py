"""How are dataflows written as settings? One table each, in TOML, with comments on what settings cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dagcheck.dataflows.specification import DataflowSpec, Unresolved
from dagcheck.report.text import printable


def settings_toml(specs: Iterable[DataflowSpec], unresolved: Iterable[Unresolved]) -> str:
    """The text of a `dagcheck.toml` that declares these dataflows."""
    by_name: dict[str, list[DataflowSpec]] = {}
    for spec in specs:
        by_name.setdefault(spec.name, []).append(spec)
    tables = ["\n".join(_table(name, same)) for name, same in by_name.items()]
    tables += [f"# not declared: {_comment(_words(item))}" for item in unresolved]
    return "\n\n".join(tables) + "\n"


def _table(name: str, specs: list[DataflowSpec]) -> Iterator[str]:
    first = specs[0]
    yield f"# {_comment(f'{first.origin.kind} {first.origin.path}:{first.origin.line}')}"
    if first.temporary or first.materializers:
        what = "modules that are made when the code runs" if first.temporary else "savers and loaders of its driver"
        yield f"# not declared: {_comment(name)} has {what}"
        return
    yield "[[dataflow]]"
    yield f"name = {_text(name)}"
    yield f"modules = {_value([module.name for module in first.modules])}"
    configs = [spec.config for spec in specs]
    if all(spec.config_complete and _is_writable(spec.config) for spec in specs):
        yield f"config = {_value(configs[0])}" if len(configs) == 1 else f"configs = {_value(configs)}"
    else:
        yield "# config: not known in full, so every configuration is checked"
    outputs = list(dict.fromkeys(asked.name for spec in specs for asked in spec.outputs))
    if outputs and all(spec.has_all_outputs for spec in specs):
        yield f"final-vars = {_value(outputs)}"
    if first.allow_module_overrides:
        yield "allow-module-overrides = true"


def _words(item: Unresolved) -> str:
    return f"the driver at {item.location.path}:{item.location.span.line}: {item.reason}"


def _comment(text: str) -> str:
    return printable(text)


def _is_writable(value: Any) -> bool:
    """Can TOML say it? It has no `None`, no sets, and only texts as keys."""
    if isinstance(value, (bool, int, float, str)):
        return True
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_writable(item) for key, item in value.items())
    return type(value) is list and all(map(_is_writable, value))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_value(item)}' for key, item in value.items())} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("-", "_").isidentifier() else _text(key)


def _text(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
