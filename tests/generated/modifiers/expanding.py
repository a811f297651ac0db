"""`parameterize` and its kin, and `inject`: one node becomes many, or reads other names."""

from __future__ import annotations

from typing import Any

from tests.generated.annotations import any_type
from tests.generated.functions import Draft, Parameter
from tests.generated.modifiers.recipe import Recipe, call, text, texts
from tests.generated.values import Raw, called
from tests.generated.writing import Type

_OUTPUTS = ("north", "south", "east", "west")


def parameterize(draft: Draft) -> str:
    """`parameterize(output={"parameter": source("name")}, ...)`."""
    outputs = _outputs(draft)
    keywords: dict[str, Any] = {}
    for output in outputs:
        mapping: Any = _mapping(draft)
        if draft.choice.chance(15):
            mapping = (mapping, draft.choice.pick(("what it is", "not {formatted}")))
        keywords[output] = mapping
    _became(draft, outputs)
    return _written_table(draft, "parameterize", keywords)


def parameterize_sources(draft: Draft, name: str = "parameterize_sources") -> str:
    """`parameterize_sources(output={"parameter": "name"}, ...)`."""
    outputs = _outputs(draft)
    keywords: dict[str, Any] = {
        output: {part: _source_name(draft, part) for part in draft.choice.some(draft.names, 1, 2)} for output in outputs
    }
    if draft.writing.wrong("no outputs"):
        keywords = {}
    _became(draft, outputs)
    return _written_table(draft, name, keywords)


def parameterized_inputs(draft: Draft) -> str:
    """The deprecated name of `parameterize_sources`."""
    return parameterize_sources(draft, "parameterized_inputs")


def parameterize_values(draft: Draft, name: str = "parameterize_values") -> str:
    """`parameterize_values("parameter", {("output", "doc"): value})`."""
    outputs = _outputs(draft)
    parameter = _some_parameter(draft)
    table: dict[Any, Any] = {(output, "a text"): draft.choice.pick((1, "s", None, 2.5)) for output in outputs}
    if draft.writing.wrong("key without a text"):
        table = dict.fromkeys(outputs, 1)
    _became(draft, outputs)
    return called(draft.hamilton(name), [text(draft, parameter), text(draft, table)], {})


def parametrized(draft: Draft) -> str:
    """The deprecated name of `parameterize_values`."""
    return parameterize_values(draft, "parametrized")


def parametrized_input(draft: Draft) -> str:
    """Deprecated `parametrized_input("parameter", {"name": ("output", "doc")})`."""
    outputs = _outputs(draft)
    parameter = _some_parameter(draft)
    table = {_source_name(draft, parameter) + "_" * index: (output, "a text") for index, output in enumerate(outputs)}
    _became(draft, outputs)
    return called(draft.hamilton("parametrized_input"), [text(draft, parameter), text(draft, table)], {})


def inject(draft: Draft) -> str:
    """`inject(parameter=source("name"), ...)`."""
    keywords: dict[str, Any] = _mapping(draft)
    if not draft.choice.chance(15):
        return called(draft.hamilton("inject"), [], texts(draft, keywords))
    return f"{draft.hamilton('inject')}(**{text(draft, keywords)})"


def _outputs(draft: Draft) -> list[str]:
    choice, writing = draft.choice, draft.writing
    stem = draft.choice.pick((f"{draft.name}_", "", "region."))
    outputs = [stem + word for word in choice.some(_OUTPUTS, 1, choice.weighted([(3, 2), (2, 1), (1, 4)]))]
    if writing.wrong("outputs that exist already", 5):
        outputs.append(choice.pick([*writing.types, draft.name]))
    return outputs


def _became(draft: Draft, outputs: list[str]) -> None:
    returns = draft.returns
    draft.outputs = {} if returns is None else dict.fromkeys(outputs, returns)


def _mapping(draft: Draft) -> dict[Any, Any]:
    writing, choice = draft.writing, draft.choice
    if writing.wrong("unknown parameter"):
        return {"no_such_parameter": call(draft, "source", text(draft, "x"))}
    if writing.wrong("bare value"):
        return {choice.pick(draft.names or ["x"]): 5}
    if choice.chance(8) and not draft.suffix:
        return _grouped(draft)
    return {part: _bound(draft, part) for part in choice.some(draft.names, 0 if choice.chance(10) else 1, 3)}


def _bound(draft: Draft, parameter: str) -> Raw:
    choice = draft.choice
    form = choice.weighted([(6, "source"), (4, "value"), (1, "configuration"), (1, "keyword")])
    if form == "value":
        return call(draft, "value", text(draft, choice.pick((1, "s", None, [1, 2], {"a": 1}, 2.5))))
    if form == "configuration":
        return call(draft, "configuration", text(draft, "mode"))
    name = text(draft, _source_name(draft, parameter))
    return call(draft, "source", f"dependency_on={name}" if form == "keyword" else name)


def _source_name(draft: Draft, parameter: str) -> str:
    """A name that fits where this parameter reads, mostly."""
    choice, writing = draft.choice, draft.writing
    wanted = next((part.type for part in draft.parameters if part.name == parameter), None)
    fitting = [name for name, type_ in writing.types.items() if type_ == wanted and name != draft.name]
    if fitting and choice.chance(80):
        return choice.pick(fitting)
    if writing.wrong("source of another type") and writing.types:
        return choice.pick(list(writing.types))
    name = writing.fresh("input_") if choice.chance(60) else f"{parameter}.raw"
    if wanted is not None:
        writing.types.setdefault(name, wanted)
    return name


def _some_parameter(draft: Draft) -> str:
    if draft.writing.wrong("unknown parameter"):
        return "no_such_parameter"
    return draft.choice.pick(draft.names or ["x"])


def _grouped(draft: Draft) -> dict[Any, Any]:
    """`group(...)` for a parameter of its own."""
    choice, writing = draft.choice, draft.writing
    element = any_type(choice, 0)
    named = choice.chance(40)
    type_ = Type("dict", (Type("str"), element)) if named else Type("list", (element,))
    if writing.wrong("group for a parameter that takes none"):
        type_ = choice.pick(
            (Type("list"), Type("Sequence", (element,)), Type("int"), Type("dict", (Type("int"), element)))
        )
    if choice.chance(15):
        type_ = Type("Optional", (type_,))
    draft.parameters = [part for part in draft.parameters if part.name != "parts"]
    draft.parameters.append(Parameter("parts", type_, "None" if choice.chance(15) else ""))
    members = []
    for index in range(choice.number(1, 3)):
        name = writing.fresh("part")
        writing.types.setdefault(name, element)
        bound = call(draft, "value", text(draft, 1)) if choice.chance(15) else call(draft, "source", text(draft, name))
        members.append(f"k{index}={bound.text}" if named else bound.text)
    if writing.wrong("empty group"):
        members = []
    return {"parts": call(draft, "group", *members)}


def _written_table(draft: Draft, name: str, keywords: dict[str, Any]) -> str:
    """The outputs as keywords, or as a table made somewhere else."""
    head = draft.hamilton(name)
    if not draft.choice.chance(30):
        return called(head, [], texts(draft, keywords))
    return f"{head}(**{text(draft, keywords)})"


def _has_parameters(draft: Draft) -> bool:
    return bool(draft.names) and not any(name in RECIPES for name in draft.uses)


def _is_first(draft: Draft) -> bool:
    return not any(name in RECIPES for name in draft.uses)


RECIPES: dict[str, Recipe] = {
    "parameterize": Recipe(parameterize, _is_first, weight=9),
    "parameterize_sources": Recipe(parameterize_sources, _has_parameters, weight=3),
    "parameterize_values": Recipe(parameterize_values, _has_parameters, weight=3),
    "parametrized": Recipe(parametrized, _has_parameters, weight=1),
    "parametrized_input": Recipe(parametrized_input, _has_parameters, weight=1),
    "parameterized_inputs": Recipe(parameterized_inputs, _has_parameters, weight=1),
    "inject": Recipe(inject, _has_parameters, weight=5),
}
