"""`load_from`, `save_to`, `dataloader`, `datasaver` and `parameterize_extract_columns`: data come, go, and are taken apart.

Only keys and types for which the installed packages make no difference are drawn, so that both sides can agree.
"""

from __future__ import annotations

from typing import Any

from tests.generated.annotations import DICT, SERIES
from tests.generated.functions import Draft, Parameter
from tests.generated.modifiers.recipe import Recipe, call, text, texts
from tests.generated.values import called
from tests.generated.writing import Type

_FRAME = Type("DataFrame")
_LOADERS: dict[str, tuple[tuple[Type, ...], tuple[str, ...], tuple[str, ...]]] = {
    "json": ((DICT, Type("list"), Type("dict", (Type("str"), Type("int"))), Type("Mapping")), ("path",), ()),
    "csv": ((_FRAME,), ("path",), ("sep", "nrows")),
    "pickle": ((_FRAME, Type("int"), Type("Path"), SERIES), ("path",), ()),
    "file": ((Type("str"),), ("path",), ("encoding",)),
    "literal": ((Type("int"), DICT, SERIES, Type("Any")), ("value",), ()),
    "environment": ((DICT,), ("names",), ()),
    "parquet": ((_FRAME,), ("path",), ("engine",)),
}
"""Key to the types that its loaders load, their arguments and some optional ones."""

_SAVERS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "json": (("dict", "list"), ("path",), ()),
    "csv": (("DataFrame",), ("path",), ("sep", "index")),
    "pickle": (("int", "str", "dict", "DataFrame", "Series", "float"), ("path",), ()),
    "file": (("str",), ("path",), ("encoding",)),
    "memory": (("int", "str", "dict", "DataFrame", "Series", "list"), (), ()),
}
"""Key to the heads of the types that its savers save, their arguments and some optional ones."""


def load_from(draft: Draft, key: str) -> str:
    """`load_from.csv(path=source("path"), inject_="table")`."""
    choice, writing = draft.choice, draft.writing
    types, required, optional = _LOADERS[key]
    type_ = Type("bytes") if writing.wrong("type that no loader loads") else choice.pick(types)
    name = choice.pick(draft.names) if draft.names and choice.chance(60) else writing.fresh("data")
    draft.parameters = [part for part in draft.parameters if part.name != name]
    draft.parameters.append(Parameter(name, type_, "None" if choice.chance(10) else ""))
    keywords = _arguments(draft, required, optional)
    if (len(draft.parameters) > 1 or choice.chance(40)) and not writing.wrong("a loader for no parameter"):
        keywords["inject_"] = "nobody" if writing.wrong("a loader for an unknown parameter") else name
    return called(draft.hamilton(f"load_from.{key}"), [], texts(draft, keywords))


def save_to(draft: Draft, key: str) -> str:
    """`save_to.json(path="a.json", output_name_="saved", target_="f")`."""
    choice, writing = draft.choice, draft.writing
    keywords = _arguments(draft, *_SAVERS[key][1:])
    names = list(draft.outputs) or [draft.name]
    wanted = names[0]
    if len(names) > 1 or choice.chance(30):
        wanted = keywords["target_"] = choice.pick(names)
    if writing.wrong("target that is not made"):
        keywords["target_"] = choice.pick(("nowhere", ["nowhere"]))
    if writing.wrong("several targets"):
        keywords["target_"] = names
    made = f"save.{wanted}"
    if choice.chance(60):
        made = keywords["output_name_"] = writing.fresh("saved")
    draft.outputs[made] = DICT
    return called(draft.hamilton(f"save_to.{key}"), [], texts(draft, keywords))


def dataloader(draft: Draft) -> str:
    """`dataloader()` on a function that returns data and a dictionary."""
    choice, writing = draft.choice, draft.writing
    data = draft.returns or Type("int")
    about = choice.pick((DICT, Type("dict", (Type("str"), Type("Any")))))
    if writing.wrong("a dictionary without text keys"):
        about = Type("dict", (Type("int"), Type("int")))
    if writing.wrong("no dictionary"):
        about = Type("Mapping")
    if not writing.wrong("no pair"):
        draft.returns = Type("tuple", (data, about))
    draft.outputs = {draft.name: data, f"{draft.name}.loader": draft.returns or data}
    return f"{draft.hamilton('dataloader')}()"


def datasaver(draft: Draft) -> str:
    """`datasaver()` on a function that returns a dictionary."""
    if not draft.writing.wrong("no bare dictionary"):
        draft.returns = DICT
    draft.outputs = {draft.name: draft.returns or DICT}
    return f"{draft.hamilton('datasaver')}()"


def parameterize_extract_columns(draft: Draft) -> str:
    """`parameterize_extract_columns(ParameterizedExtract(("a",), {"x": source("y")}), ...)`."""
    choice, writing = draft.choice, draft.writing
    extracts: list[str] = []
    draft.outputs = {}
    for index in range(choice.weighted([(5, 1), (4, 2), (1, 3), (1, 0)])):
        columns = [writing.fresh("column") for _ in range(choice.number(1, 2))]
        if writing.wrong("no columns"):
            columns = []
        mapping: dict[Any, Any] = {part: _bound(draft, part) for part in choice.some(draft.names, 0, 2)}
        if writing.wrong("bare value"):
            mapping[choice.pick(draft.names or ["x"])] = 5
        if choice.chance(5):
            mapping["no_such_parameter"] = _bound(draft, "x")
        draft.outputs |= {f"{draft.name}__{index}": _FRAME, **dict.fromkeys(columns, SERIES)}
        arguments = [text(draft, tuple(columns)), text(draft, mapping)]
        if choice.chance(20):
            arguments = [f"outputs={arguments[0]}", f"input_mapping={arguments[1]}"]
        extracts.append(call(draft, "ParameterizedExtract", *arguments).text)
    head = draft.hamilton("parameterize_extract_columns")
    if choice.chance(20):
        return f"{head}(*[{', '.join(extracts)}])"
    return called(head, extracts, {"reassign_columns": "False"} if choice.chance(20) else {})


def _arguments(draft: Draft, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Any]:
    writing, choice = draft.writing, draft.choice
    names = [*required, *choice.some(optional, 0, 2)]
    if writing.wrong("argument that is missing") and required:
        names.remove(required[0])
    if writing.wrong("argument too many"):
        names.append("no_such_argument")
    return {name: _bound(draft, name) for name in names}


def _bound(draft: Draft, name: str) -> Any:
    choice, writing = draft.choice, draft.writing
    form = choice.weighted([(5, "source"), (4, "plain"), (3, "value"), (1, "configuration")])
    if form == "source":
        source = choice.weighted([(12, writing.fresh("place")), (1, "x"), (1, "encoding"), (1, "path")])
        return call(draft, "source", text(draft, source))
    if form == "plain":
        return "plain" if name != "x" else call(draft, "value", "1")
    return call(draft, form, text(draft, name))


def _loads(draft: Draft) -> bool:
    return not any(name.startswith("load_from.") for name in draft.uses) and "subdag" not in draft.uses


def _saves(key: str) -> Any:
    heads = _SAVERS[key][0]
    return lambda draft: draft.returns is not None and draft.returns.head in heads


def _is_first(draft: Draft) -> bool:
    return not draft.uses and draft.returns is not None


RECIPES: dict[str, Recipe] = {
    **{
        f"load_from.{key}": Recipe(lambda draft, key=key: load_from(draft, key), _loads, weight=2)  # type: ignore[misc]
        for key in _LOADERS
    },
    **{
        f"save_to.{key}": Recipe(lambda draft, key=key: save_to(draft, key), _saves(key), weight=3)  # type: ignore[misc]
        for key in _SAVERS
    },
    "dataloader": Recipe(dataloader, _is_first, weight=4),
    "datasaver": Recipe(datasaver, _is_first, weight=1),
    "parameterize_extract_columns": Recipe(
        parameterize_extract_columns, lambda draft: _is_first(draft) and draft.returns == _FRAME, weight=30
    ),
}
