"""`resolve`, `resolve_from_config`: a modifier that is made of configuration values; and the modifiers that never build."""

from __future__ import annotations

from tests.generated.annotations import SERIES
from tests.generated.functions import Draft
from tests.generated.modifiers.recipe import Recipe, text
from tests.generated.values import called
from tests.generated.writing import Type

POWER_USER_MODE = "hamilton.enable_power_user_mode"


def resolve(draft: Draft) -> str:
    """`resolve(when=ResolveAt.CONFIG_AVAILABLE, decorate_with=lambda key: ...)`."""
    moment = f"{draft.hamilton('ResolveAt')}.CONFIG_AVAILABLE"
    return called(draft.hamilton("resolve"), [], {"when": moment, "decorate_with": _chooser(draft)})


def resolve_from_config(draft: Draft) -> str:
    """`resolve_from_config(decorate_with=lambda key: ...)`."""
    return called(draft.hamilton("resolve_from_config"), [], {"decorate_with": _chooser(draft)})


def dynamic_transform(draft: Draft) -> str:
    """`dynamic_transform(...)`, which Hamilton 1.90 can import and never build."""
    name = draft.choice.pick(("dynamic_transform", "model"))
    return called(draft.hamilton(name), ["object", text(draft, "mode")], {})


def ray_remote_options(draft: Draft) -> str:
    """`ray_remote_options(num_cpus=2)`."""
    choice = draft.choice
    options = {key: choice.pick(("1", "2.5", "'s'", "{'a': 1}")) for key in choice.some(("num_cpus", "resources"), 1)}
    return called(_ray(draft), [], options)


def _ray(draft: Draft) -> str:
    draft.module.need("from hamilton.function_modifiers.metadata import ray_remote_options")
    return "ray_remote_options"


def _chooser(draft: Draft) -> str:
    choice, writing = draft.choice, draft.writing
    key, expression = _made(draft)
    for value in (True, False):
        if value or choice.chance(20):
            writing.mention(POWER_USER_MODE, value)
    takes = f"{key}={_DEFAULTS[key]!r}" if choice.chance(60) else key
    if writing.wrong("a chooser that takes anything", 6):
        takes = "**anything"
    if choice.chance(50):
        return f"lambda {takes}: {expression}"
    name = writing.fresh("_choose")
    draft.module.add(f"def {name}({takes}):\n    return {expression}")
    return name


_DEFAULTS = {"region": "US", "cols": ["a"], "mode": "fast"}


def _made(draft: Draft) -> tuple[str, str]:
    """A configuration key, and the modifier made of its value."""
    choice, writing = draft.choice, draft.writing
    if draft.returns == Type("DataFrame") and choice.chance(60):
        writing.mention("cols", ["a", "b"])
        draft.outputs |= {"a": SERIES, "b": SERIES}
        return "cols", f"{draft.hamilton('extract_columns')}(*(cols or ['a']))"
    if draft.names and choice.chance(40):
        writing.mention("region", "US")
        part = choice.pick(draft.names)
        source = f"{draft.hamilton('source')}(f'{{region}}_in')"
        form = choice.pick(("inject", "parameterize"))
        if form == "inject":
            return "region", f"{draft.hamilton('inject')}({part}={source})"
        return "region", f"{draft.hamilton('parameterize')}(**{{f'{draft.name}_{{region}}': {{{part!r}: {source}}}}})"
    writing.mention("mode", "fast")
    return "mode", f"{draft.hamilton('tag')}(owner=str(mode))"


def _is_plain(draft: Draft) -> bool:
    return not draft.uses


RECIPES: dict[str, Recipe] = {
    "resolve": Recipe(resolve, lambda draft: "resolve_from_config" not in draft.uses, weight=1),
    "resolve_from_config": Recipe(resolve_from_config, lambda draft: "resolve" not in draft.uses, weight=1),
    "dynamic_transform": Recipe(dynamic_transform, _is_plain, weight=1),
    "ray_remote_options": Recipe(ray_remote_options, weight=1),
}
