"""`extract_columns`, `extract_fields`, `unpack_fields`: parts of a value become nodes."""

from __future__ import annotations

from typing import Any

from tests.generated.annotations import DICT, SERIES, STR, any_type, spelled
from tests.generated.functions import Draft
from tests.generated.modifiers.recipe import Recipe, text
from tests.generated.values import Raw, called
from tests.generated.writing import Type

_PARTS = ("alpha", "beta", "gamma", "delta")


def extract_columns(draft: Draft) -> str:
    """`extract_columns("a", ("b", "documentation"))`."""
    choice, writing = draft.choice, draft.writing
    names = _names(draft)
    columns: list[Any] = [(name, "a text") if choice.chance(15) else name for name in names]
    head = draft.hamilton("extract_columns")
    for name in names:
        draft.outputs[name] = SERIES
    if writing.wrong("no columns"):
        return f"{head}()"
    if writing.wrong("columns in a list"):
        return called(head, [text(draft, columns)], {})
    if choice.chance(20):
        return f"{head}(*{text(draft, columns)})"
    return called(head, [text(draft, column) for column in columns], {})


def extract_fields(draft: Draft) -> str:
    """`extract_fields({"a": int})`, names, or nothing."""
    choice, returns = draft.choice, draft.returns
    head = draft.hamilton("extract_fields")
    names = ["a", "b"] if returns is not None and returns.head in ("Row", "WideRow") else _names(draft)
    bare = returns == DICT or (returns is not None and returns.head == "Annotated")
    form = "dict" if bare else choice.pick(("dict", "list", "names", "nothing", "list and names"))
    if draft.writing.wrong("fields in another form"):
        form = choice.pick(("list", "nothing", "number", "dict of texts"))
    if returns is not None and returns.head in ("Row", "WideRow"):
        types = {"a": Type("int"), "b": STR}
    else:
        types = {name: any_type(choice, 1) for name in names}
    draft.outputs.update(types)
    if form == "dict":
        fields = {name: Raw(spelled(draft.writing, draft.module, type_)) for name, type_ in types.items()}
        argument = text(draft, fields)
        return called(head, *(([argument], {}) if choice.chance(85) else ([], {"fields": argument})))
    if form == "names":
        return called(head, [text(draft, name) for name in names], {})
    if form == "list and names":
        return called(head, [text(draft, names[:1]), *(text(draft, name) for name in names[1:])], {})
    given = {"list": [text(draft, names)], "nothing": [], "number": ["5"], "dict of texts": ["{'a': 'int'}"]}
    return called(head, given[form], {})


def unpack_fields(draft: Draft) -> str:
    """`unpack_fields("a", "b")`."""
    choice, returns = draft.choice, draft.returns
    elements = returns.arguments if returns is not None else ()
    names = _names(draft)
    if elements and Type("...") not in elements and not draft.writing.wrong("too many fields"):
        names = names[: len(elements)]
    for name, type_ in zip(names, elements, strict=False):
        draft.outputs[name] = type_ if isinstance(type_, Type) else STR
    head = draft.hamilton("unpack_fields")
    if choice.chance(20):
        return f"{head}(*{text(draft, names)})"
    return called(head, [text(draft, name) for name in names], {})


def _names(draft: Draft) -> list[str]:
    choice = draft.choice
    stem = choice.pick((f"{draft.name}_", "", f"{draft.name[:1]}."))
    names = [stem + part for part in choice.some(_PARTS, 1, 3)]
    if draft.writing.wrong("a part named like something else", 5):
        names.append(choice.pick([*draft.writing.types, draft.name, names[0]]))
    return names


def _returns(draft: Draft, *heads: str) -> bool:
    alone = not any(name in (*RECIPES, "pipe_output") for name in draft.uses) and len(draft.outputs) < 2
    return alone and draft.returns is not None and draft.returns.head in heads


def _is_mapping(draft: Draft) -> bool:
    inner = draft.returns.arguments[0] if draft.returns is not None and draft.returns.arguments else None
    return _returns(draft, "dict", "Row", "WideRow") or (_returns(draft, "Annotated") and inner == DICT)


def _is_tuple(draft: Draft) -> bool:
    return _returns(draft, "tuple") and draft.returns is not None and bool(draft.returns.arguments)


RECIPES: dict[str, Recipe] = {
    "extract_columns": Recipe(extract_columns, lambda draft: _returns(draft, "DataFrame"), weight=30),
    "extract_fields": Recipe(extract_fields, _is_mapping, weight=30),
    "unpack_fields": Recipe(unpack_fields, _is_tuple, weight=30),
}
