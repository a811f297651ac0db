"""What is a whole generated dataflow? Files, the driver's modules, and the configurations to try.

`dataflows()` is the strategy, `generate` one dataflow. Configurations are the product of all values that conditions mention, a value that none does,
and absence, thinned out where there are too many; then some that name a node.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.generated.choice import Choice
from tests.generated.statements import STATEMENTS
from tests.generated.writing import Writing

MOST_CONFIGS = 10

_LAYOUTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("flow", "flow.py"),),
    (("flow", "flow.py"), ("later", "later.py")),
    (("first", "first.py"), ("Second", "Second.py"), ("third", "third.py")),
    (("pack.one", "pack/one.py"), ("pack.two", "pack/two.py")),
    (("pack", "pack/__init__.py"), ("pack.inner", "pack/inner.py")),
)


class Generated(NamedTuple):
    """A dataflow as it is written to disk and given to a driver.

    `used` are the modifiers written, `mistaken` what was done wrong on purpose. `keys` are those that conditions mention; `in_space`: `configs` are all that
    these allow.
    """

    files: tuple[tuple[str, str], ...]
    modules: tuple[str, ...]
    configs: tuple[Mapping[str, Any], ...]
    overrides: bool
    keys: tuple[str, ...]
    used: tuple[str, ...]
    mistaken: tuple[str, ...]
    in_space: bool = False

    def __repr__(self) -> str:
        """As a person reads it."""
        lines = [f"modules: {', '.join(self.modules)}", f"configs: {list(self.configs)}"]
        lines += ["overrides allowed"] if self.overrides else []
        lines += [f"done wrong on purpose: {', '.join(self.mistaken)}"] if self.mistaken else []
        for path, text in self.files:
            lines += [f"{path}:", "```python", text.strip("\n"), "```"]
        return "\n".join(lines)


@st.composite
def dataflows(draw: st.DrawFn) -> Generated:
    """Whole dataflows, some of them wrong."""
    return generate(Choice(draw(st.randoms(use_true_random=False))))


def generate(choice: Choice) -> Generated:
    """One dataflow, all of whose draws come from `choice`."""
    writing = Writing(choice, mistakes=choice.weighted([(50, 0), (30, 1), (20, 2)]))
    layout = choice.pick(_LAYOUTS)
    modules = [writing.module(name, path) for name, path in layout]
    for module in modules:
        for _ in range(choice.weighted([(3, 3), (3, 2), (2, 4), (1, 1), (1, 6)])):
            choice.weighted(STATEMENTS)(writing, module)
    order = choice.shuffled([name for name, _ in layout])
    if writing.wrong("a module given twice", 2):
        order.append(order[0])
    files = [(module.path, module.text()) for module in writing.modules.values()]
    if any(path.startswith("pack/") for path, _ in files) and not any(path == "pack/__init__.py" for path, _ in files):
        files.append(("pack/__init__.py", ""))
    configs = (*_space(choice, writing.keys), *_replacing(choice, writing))
    overrides = choice.chance(6)
    said = (tuple(writing.keys), tuple(writing.used), tuple(writing.mistaken))
    return Generated(tuple(files), tuple(order), configs, overrides, *said)


def _space(choice: Choice, keys: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Configurations over the keys that conditions mention."""
    rows = [(key, [_ABSENT, *values, _other(values)]) for key, values in keys.items()]
    size = 1
    for _, values in rows:
        size *= len(values)
    if size <= MOST_CONFIGS:
        chosen = [list(zip(keys, values, strict=True)) for values in product(*(values for _, values in rows))]
    else:
        chosen = [[(key, _ABSENT) for key in keys]]
        chosen += [[(key, choice.pick(values)) for key, values in rows] for _ in range(MOST_CONFIGS - 1)]
    configs: list[dict[str, Any]] = []
    for pairs in chosen:
        config = {key: value for key, value in pairs if value is not _ABSENT}
        if config not in configs:
            configs.append(config)
    return configs


def _replacing(choice: Choice, writing: Writing) -> list[dict[str, Any]]:
    """A configuration that takes the place of a node, or has a key that nothing reads."""
    if not choice.chance(30):
        return []
    names = [name for name in writing.types if name not in writing.keys]
    return [{choice.pick([*names, "unheard_of"]): choice.pick((1, "s", None))}]


_ABSENT = object()


def _other(values: list[Any]) -> Any:
    return 99 if values and all(isinstance(value, int) for value in values) else "other"
