"""`pipe_input`, `pipe_output` and `mutate`: functions one after the other, before a node or behind it."""

from __future__ import annotations

from typing import Any

from tests.generated.annotations import ANY, INT, any_type, readable_as, spelled
from tests.generated.functions import Draft
from tests.generated.modifiers.conditions import condition
from tests.generated.modifiers.recipe import Recipe, call, text, texts
from tests.generated.values import Raw, called
from tests.generated.writing import Module, Step, Type, Writing


def pipe_input(draft: Draft, name: str = "pipe_input") -> str:
    """`pipe_input(step(function), ..., on_input="parameter", namespace="before")`."""
    choice, writing = draft.choice, draft.writing
    options: dict[str, Any] = {}
    at = 0
    if choice.chance(30) and draft.parameters:
        at = choice.number(0, len(draft.parameters) - 1)
        options["on_input"] = draft.parameters[at].name
    if writing.wrong("on_input that is no parameter"):
        options["on_input"] = "nobody"
    first = draft.parameters[at].type if draft.parameters else None
    options |= _namespace(draft)
    steps, _ = _steps(draft, first or INT, first or ANY, "" if "namespace" not in options else "fixed")
    return called(draft.hamilton(name), steps, texts(draft, options))


def pipe(draft: Draft) -> str:
    """The deprecated name of `pipe_input`."""
    return pipe_input(draft, "pipe")


def pipe_output(draft: Draft) -> str:
    """`pipe_output(step(function), ..., on_output="node", namespace="behind")`."""
    choice, writing = draft.choice, draft.writing
    names = list(draft.outputs) or [draft.name]
    options = _namespace(draft)
    mode = "" if "namespace" not in options else "fixed"
    if choice.chance(20):
        options["on_output"] = choice.pick(names) if choice.chance(60) else choice.some(names, 1)
    elif choice.chance(12):
        mode += " targets"
    if writing.wrong("on_output that is not made"):
        options["on_output"] = choice.pick(("nowhere", ["nowhere"], ...))
    value = draft.outputs.get(names[0]) or draft.returns or ANY
    steps, last = _steps(draft, value, None, mode, names)
    for each in names:
        draft.outputs |= {each: last, f"{each}.raw": value}
    return called(draft.hamilton("pipe_output"), steps, texts(draft, options))


def mutation(writing: Writing, module: Module) -> None:
    """A function with `mutate` below the functions that it changes; a statement of its own."""
    choice = writing.choice
    if not module.functions:
        return
    targets = choice.some(list(dict.fromkeys(module.functions)), 1, 2)
    made = step_function(writing, module, any_type(choice, 1))
    draft = Draft(writing, module, made.name, None)
    arguments = [_target(draft, name) for name in targets]
    if writing.wrong("mutate by name"):
        arguments.append(repr(targets[0]))
    keywords = _bindings(draft, made) if choice.chance(50) else {}
    decorator = called(draft.hamilton("mutate"), arguments, keywords)
    module.decorate(made.name, f"@{decorator}")
    writing.used.append("mutate")


def step_function(writing: Writing, module: Module, first: Type) -> Step:
    """A function that takes a value of this type on, written now."""
    choice = writing.choice
    name = writing.fresh("step" if choice.chance(15) else "_step")
    returns = first if choice.chance(55) else any_type(choice, 1)
    taken = first if choice.chance(80) else readable_as(choice, first)
    extras: dict[str, tuple[Type, bool]] = {}
    for extra in choice.some(("by", "x", "rate", "digits"), 0, choice.weighted([(5, 0), (4, 1), (2, 2)])):
        extras[extra] = (writing.types.setdefault(extra, any_type(choice, 0)), choice.chance(30))
    ordered = dict(sorted(extras.items(), key=lambda item: item[1][1]))
    parts = ["value" + ("" if writing.wrong("a step without types", 4) else f": {spelled(writing, module, taken)}")]
    parts += [
        f"{key}: {spelled(writing, module, type_)}{' = None' if default else ''}"
        for key, (type_, default) in ordered.items()
    ]
    end = "" if writing.wrong("a step without a return type", 3) else f" -> {spelled(writing, module, returns)}"
    word = "async def" if choice.chance(4) else "def"
    module.add(f"{word} {name}({', '.join(parts)}){end}:\n    return value")
    made = Step(name, taken, returns, tuple(ordered))
    module.steps.append(made)
    return made


def _steps(
    draft: Draft, first: Type, last: Type | None, mode: str, targets: list[str] | None = None
) -> tuple[list[str], Type]:
    """The steps as texts, and what the last one gives."""
    choice, current = draft.choice, first
    written: list[str] = []
    for _ in range(choice.weighted([(4, 1), (4, 2), (2, 3), (1, 0)])):
        known = [step for step in draft.module.steps if step.takes == current]
        if known and choice.chance(40):
            made = choice.pick(known)
        else:
            made = step_function(draft.writing, draft.module, current)
        current = made.returns
        written.append(_step(draft, made, mode, targets))
    if last is not None and current != last and not draft.writing.wrong("a pipe that ends in another type", 25):
        closing = Step(draft.writing.fresh("_close"), current, last, ())
        taken, given = (spelled(draft.writing, draft.module, type_) for type_ in (current, last))
        draft.module.add(f"def {closing.name}(value: {taken}) -> {given}:\n    return value")
        written.append(_step(draft, closing, mode, targets))
        current = last
    if draft.writing.wrong("a bare function for a step", 5):
        written.append("len")
    return written, current


def _step(draft: Draft, made: Step, mode: str, targets: list[str] | None) -> str:
    choice = draft.choice
    written = called(draft.hamilton("step"), [made.name], _bindings(draft, made))
    if choice.chance(15):
        space = {"namespace": repr(choice.pick(("inner", None)))} if choice.chance(30) and _free(draft, mode) else {}
        written = called(f"{written}.named", [text(draft, draft.writing.fresh("stage"))], space)
    elif choice.chance(5) and _free(draft, mode):
        written = f"{written}.namespaced({choice.pick(('None', repr('apart'), '...'))})"
    if choice.chance(15):
        method = choice.pick(("when", "when_not", "when_in", "when_not_in"))
        keys = condition(draft)
        if method.endswith("in"):
            keys = {key: [value] for key, value in keys.items()}
        written = called(f"{written}.{method}", [], texts(draft, keys))
    if targets and "targets" in mode and choice.chance(60):
        written += f".on_output({choice.pick((targets[0], targets))!r})"
    return written


def _free(draft: Draft, mode: str) -> bool:
    """May a step have a namespace of its own?"""
    return "fixed" not in mode or draft.writing.wrong("two namespaces", 15)


def _bindings(draft: Draft, made: Step) -> dict[str, str]:
    choice = draft.choice
    bound: dict[str, Any] = {}
    for name in choice.some(made.extras, 0):
        form = choice.weighted([(4, "source"), (3, "value"), (3, "plain"), (1, "configuration")])
        if form == "plain":
            bound[name] = choice.pick((1, "s", None))
        elif form == "source":
            known = [other for other in draft.writing.types if other != draft.name]
            named = choice.pick(known) if known and choice.chance(40) else draft.writing.fresh("given")
            bound[name] = call(draft, "source", text(draft, named))
        else:
            bound[name] = call(draft, form, text(draft, 3 if form == "value" else "mode"))
    if draft.writing.wrong("a step bound wrongly", 6):
        bound["no_such_parameter"] = Raw("1")
    return texts(draft, bound)


def _namespace(draft: Draft) -> dict[str, Any]:
    choice = draft.choice
    return {"namespace": choice.pick(("before", None, draft.name))} if choice.chance(20) else {}


def _target(draft: Draft, name: str) -> str:
    choice = draft.choice
    if not choice.chance(30):
        return name
    written = called(draft.hamilton("apply_to"), [name], {"by": "2"} if choice.chance(10) else {})
    if choice.chance(50):
        written += f".named({draft.writing.fresh('changed')!r})"
    if choice.chance(30):
        written = called(f"{written}.when", [], texts(draft, condition(draft)))
    return written


def _is_plain(draft: Draft) -> bool:
    return draft.returns is not None and not draft.is_async


def _has_input(draft: Draft) -> bool:
    expands = any(name.startswith(("param", "inject")) for name in draft.uses)
    return not expands and bool(draft.parameters) and draft.parameters[0].type is not None


RECIPES: dict[str, Recipe] = {
    "pipe_input": Recipe(pipe_input, _has_input, weight=5),
    "pipe": Recipe(pipe, _has_input, weight=1),
    "pipe_output": Recipe(pipe_output, lambda draft: _is_plain(draft) and "pipe_output" not in draft.uses, weight=5),
}
