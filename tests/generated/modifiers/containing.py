"""`subdag`, `parameterized_subdag` and `with_columns`: dataflows inside a function."""

from __future__ import annotations

from typing import Any

from tests.generated.annotations import SERIES, any_type, spelled
from tests.generated.functions import Draft, Parameter, add_parameter, draft
from tests.generated.modifiers.conditions import KEYS
from tests.generated.modifiers.recipe import Recipe, call, text, texts
from tests.generated.values import Raw, called
from tests.generated.writing import Module, Type, Writing

_FRAME = Type("DataFrame")


def subdag(draft: Draft) -> str:
    """`subdag(module_or_functions, inputs={...}, config={...}, namespace=..., external_inputs=[...])`."""
    choice, writing = draft.choice, draft.writing
    sources, types = _inside(draft)
    _read_inside(draft, types)
    options = _options(draft, types)
    if choice.chance(15):
        options["namespace"] = writing.fresh("space")
    if choice.chance(12):
        options["final_node_name"] = writing.fresh("final")
        draft.outputs = dict.fromkeys([options["final_node_name"]], draft.returns) if draft.returns else {}
    if choice.chance(20):
        add_parameter(draft)
        options["external_inputs"] = draft.names[-1:]
    return called(draft.hamilton("subdag"), sources, texts(draft, options))


def parameterized_subdag(draft: Draft) -> str:
    """`parameterized_subdag(module, inputs={...}, one={"inputs": {...}}, two={...})`."""
    choice, writing = draft.choice, draft.writing
    sources, types = _inside(draft)
    _read_inside(draft, types)
    options = {key: value for key, value in _options(draft, types).items() if choice.chance(60)}
    outputs: dict[str, Any] = {}
    for _ in range(choice.number(1, 3)):
        rows = {key: value for key, value in _options(draft, types).items() if choice.chance(70)}
        outputs[writing.fresh("part_")] = rows
    if writing.wrong("an unknown key of a parameterized subdag"):
        outputs[writing.fresh("part_")] = {"input": {}}
    draft.outputs = dict.fromkeys(outputs, draft.returns) if draft.returns else {}
    return called(draft.hamilton("parameterized_subdag"), sources, texts(draft, {**options, **outputs}))


def with_columns(draft: Draft) -> str:
    """`with_columns(functions, columns_to_pass=[...], select=[...])`, or `on_input`."""
    choice, writing = draft.choice, draft.writing
    frame = draft.parameters[0].name if draft.parameters else "frame"
    rest = [part for part in draft.parameters if part.name != frame]
    draft.parameters = [Parameter(frame, _FRAME), *rest]
    passed = choice.some(("price", "amount", "tax"), 1, 2)
    names, functions = list(passed), []
    for _ in range(choice.number(1, 3)):
        name = writing.fresh("column" if choice.chance(15) else "_column")
        reads = choice.some(names, 1, 2)
        type_ = SERIES if choice.chance(85) else Type("float")
        takes = ", ".join(f"{read}: {spelled(writing, draft.module, SERIES)}" for read in reads)
        extra = ", limit: int = 1" if choice.chance(10) else ""
        draft.module.add(f"def {name}({takes}{extra}) -> {spelled(writing, draft.module, type_)}:\n    ...")
        functions.append(name)
        if type_ == SERIES:
            names.append(name)
    options: dict[str, Any] = {"columns_to_pass": passed}
    if choice.chance(15):
        made = f"_take{writing.fresh('')}"
        column = spelled(writing, draft.module, SERIES)
        taken = spelled(writing, draft.module, _FRAME)
        for name in passed:
            draft.module.add(f"def {name}{made}({frame}: {taken}) -> {column}:\n    ...")
        options = {"on_input": frame}
    if choice.chance(40):
        options["select"] = choice.some(functions, 1)
    if writing.wrong("a column that is not made"):
        options["select"] = ["nowhere"]
    if choice.chance(10):
        options["namespace"] = "columns"
    if writing.wrong("columns from nowhere"):
        options.pop("columns_to_pass", None)
        options.pop("on_input", None)
    return called(_with_columns(draft), functions, texts(draft, options))


def _with_columns(draft: Draft) -> str:
    form = draft.choice.pick(("from", "module"))
    if form == "from":
        draft.module.need("from hamilton.plugins.h_pandas import with_columns")
        return "with_columns"
    draft.module.need("from hamilton.plugins import h_pandas")
    return "h_pandas.with_columns"


def _inside(draft: Draft) -> tuple[list[str], dict[str, Type]]:
    """What is put inside: a module, or functions of this one; and the types of what it makes."""
    choice, writing = draft.choice, draft.writing
    if writing.wrong("nothing inside", 4):
        return [], {}
    if choice.chance(55):
        name, types = _part(writing, draft.module.name)
        alias = f"the_{name}" if choice.chance(30) else name
        draft.module.need(f"import {name}" + (f" as {alias}" if alias != name else ""))
        return [alias], types
    inner = writing.inside()
    functions = []
    for _ in range(choice.number(1, 3)):
        name = writing.fresh("inner_" if choice.chance(12) else "_inner")
        functions.append(_write_inner(inner, draft.module, name))
    return functions, {name: inner.types[name] for name in functions if name in inner.types}


def _part(writing: Writing, outer: str) -> tuple[str, dict[str, Type]]:
    """A module for the inside of subdags, which no driver is given, with two to four functions; never the outer one."""
    known = [(name, types) for name, types in writing.parts.items() if name != outer and not outer.startswith("parts")]
    if known and writing.choice.chance(60):
        return writing.choice.pick(known)
    name = writing.fresh("parts")
    module = writing.module(name, f"{name}.py")
    inner = writing.inside()
    writing.parts[name] = {}
    for index in range(writing.choice.number(2, 4)):
        _write_inner(inner, module, f"{writing.choice.pick(('alpha', 'beta', 'gamma'))}{index}")
    writing.parts[name] = {each: type_ for each, type_ in inner.types.items() if each in inner.taken}
    return name, writing.parts[name]


def _write_inner(inner: Writing, module: Module, name: str) -> str:
    from tests.generated.modifiers.table import decorate

    made = draft(inner, module, name, any_type(inner.choice, 1))
    made.is_async = False
    if inner.choice.chance(25) and inner.depth < 3:
        decorate(made)
    module.add(made.text())
    inner.taken.update(made.outputs)
    for output, type_ in made.outputs.items():
        inner.types.setdefault(output, type_)
    return made.written_name


def _read_inside(draft: Draft, types: dict[str, Type]) -> None:
    """Let the function read what is made inside."""
    choice = draft.choice
    names = [name for name in types if name.isidentifier()]
    draft.parameters = [part for part in draft.parameters if choice.chance(10)]
    for name in choice.some(names, 1, 2):
        if name not in draft.names and name != draft.name:
            draft.parameters.append(Parameter(name, types[name]))
    draft.parameters.sort(key=lambda part: bool(part.default))


def _options(draft: Draft, types: dict[str, Type]) -> dict[str, Any]:
    choice, writing = draft.choice, draft.writing
    inputs: dict[str, Any] = {}
    for name in choice.some(("x", "y", "z", "rate", "raw", "size_"), 0, 3):
        if choice.chance(75):
            known = list(writing.types)
            wanted = choice.pick(known) if known and choice.chance(50) else writing.fresh("outer")
            inputs[name] = call(draft, "source", text(draft, wanted))
        else:
            inputs[name] = call(draft, "value", text(draft, choice.pick((1, "s", None, 2.5))))
    if writing.wrong("a plain input of a subdag"):
        inputs["x"] = Raw("5")
    if writing.wrong("an input like a node inside", 5) and types:
        inputs[next(iter(types))] = call(draft, "source", "'x'")
    options: dict[str, Any] = {"inputs": inputs} if inputs or choice.chance(10) else {}
    if choice.chance(25):
        options["config"] = {
            key: choice.pick(KEYS[key]) for key in choice.some([key for key in KEYS if key not in inputs], 1, 2)
        }
    if writing.wrong("the same key in inputs and config", 5) and inputs:
        options["config"] = {next(iter(inputs)): 1}
    return options


def _is_first(draft: Draft) -> bool:
    alone = not any(name for name in draft.uses if not name.startswith("config"))
    return alone and draft.returns is not None and draft.writing.depth < 2


RECIPES: dict[str, Recipe] = {
    "subdag": Recipe(subdag, _is_first, weight=6),
    "parameterized_subdag": Recipe(parameterized_subdag, _is_first, weight=3),
    "h_pandas.with_columns": Recipe(
        with_columns,
        lambda draft: (
            not any(name.startswith(("param", "inject", "subdag")) for name in draft.uses)
            and all(not part.prefix for part in draft.parameters)
        ),
        weight=3,
    ),
}
