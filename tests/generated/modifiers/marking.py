"""`tag`, `tag_outputs`, `cache`, `schema.output`: what is written on nodes."""

from __future__ import annotations

from typing import Any

from tests.generated.functions import Draft
from tests.generated.modifiers.recipe import Recipe, target, text, texts
from tests.generated.values import called

_TAGS = ("owner", "stage", "a.b", "business.domain", "pii")
_RESERVED = ("hamilton.x", "module", "gdpr.level", "data_quality", "dag.x")


def tag(draft: Draft) -> str:
    """`tag(key="value", ...)`."""
    choice, writing = draft.choice, draft.writing
    tags: dict[str, Any] = {key: _value(draft) for key in choice.some(_TAGS, 1, 3)}
    if writing.wrong("reserved tag"):
        tags[choice.pick(_RESERVED)] = "v"
    if writing.wrong("tag that is no text"):
        tags["owner"] = choice.pick((5, [], ["a", "a"], ["a", 1], ("a", "b"), None, {"a": 1}))
    if writing.wrong("tag key that is no identifier"):
        tags[choice.pick(("a b", "1x", "a..b", "", "a.1"))] = "v"
    if choice.chance(6):
        tags |= {choice.pick(_RESERVED): "v", "bypass_reserved_namespaces_": True}
    return _called(draft, "tag", {**tags, **target(draft)})


def tag_outputs(draft: Draft) -> str:
    """`tag_outputs(node={"key": "value"})`."""
    choice = draft.choice
    names = [*(list(draft.outputs) or [draft.name]), "nowhere"]
    return _called(
        draft,
        "tag_outputs",
        {
            name: {key: _value(draft) for key in choice.some((*_TAGS, "module"), 1, 2)}
            for name in choice.some(names, 1, 2)
        },
    )


def cache(draft: Draft) -> str:
    """`cache(behavior=..., format=...)`."""
    choice = draft.choice
    given: dict[str, Any] = {}
    if choice.chance(70):
        given["behavior"] = choice.pick(("default", "disable", "ignore", "recompute"))
    if choice.chance(40):
        given["format"] = choice.pick(("json", "parquet", "odd"))
    if draft.writing.wrong("unknown argument of cache"):
        given["behaviour"] = "default"
    return _called(draft, "cache", {**given, **target(draft)})


def schema_output(draft: Draft) -> str:
    """`schema.output(("column", "type"), ...)`."""
    choice = draft.choice
    fields: list[Any] = [(name, choice.pick(("int", "float"))) for name in choice.some(("a", "b", "c"), 1, 3)]
    if draft.writing.wrong("schema field that is no pair"):
        fields.append(choice.pick((("a",), "abc", 5, ("a", "int", "c"))))
    return called(
        draft.hamilton("schema.output"), [text(draft, field) for field in fields], texts(draft, target(draft))
    )


def _value(draft: Draft) -> Any:
    return draft.choice.weighted([(6, "growth"), (2, "true"), (1, ["a", "b"]), (1, "")])


def _called(draft: Draft, name: str, keywords: dict[str, Any]) -> str:
    head = draft.hamilton(name)
    if draft.choice.chance(12):
        return f"{head}(**{text(draft, keywords)})"
    return called(head, [], texts(draft, keywords))


def _is_a_frame(draft: Draft) -> bool:
    marked = any(name in RECIPES for name in draft.uses)
    return draft.returns is not None and draft.returns.head == "DataFrame" and not marked


RECIPES: dict[str, Recipe] = {
    "tag": Recipe(tag, weight=8),
    "tag_outputs": Recipe(tag_outputs, weight=3),
    "cache": Recipe(cache, weight=3),
    "schema.output": Recipe(schema_output, _is_a_frame, weight=8),
}
