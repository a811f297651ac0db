"""Which project would a team with N nodes have? A synthetic one: valid for Hamilton, the same for the same seed.

Functions look like those of feature pipelines: a docstring, a few lines of body, one to four dependencies made in the
same or an earlier module, annotations that fit. About one function in three carries a modifier. `config.when` variants
come in pairs that exclude each other. Run as a script: `python benchmarks/generate.py FOLDER NODES MODULES [SEED]`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

CONFIG = {"region": "US"}
"""The configuration that Hamilton is given, and that stands in the settings of the project."""

REGIONS = ("US", "EU")
SUBJECTS = ("spend", "signups", "sessions", "orders", "returns", "margin", "visits", "refunds", "basket", "churn")
SHAPES = ("weekly", "monthly", "smoothed", "lagged", "scaled", "ranked", "capped", "indexed", "shifted", "relative")
TYPES = ("pd.Series", "pd.Series", "pd.Series", "pd.DataFrame", "float", "int", "str")

BODIES = {
    "pd.Series": """\
    window = max(2, {n})
    values = pd.Series([float(index) for index in range(window)])
    if values.empty:
        return values
    centred = values - values.mean()
    return centred.rolling(window).sum()""",
    "pd.DataFrame": """\
    columns = {names}
    rows = [{{column: {n} for column in columns}} for _ in range(3)]
    frame = pd.DataFrame(rows)
    frame["total"] = frame[columns].sum(axis=1)
    return frame""",
    "float": """\
    total = 0.0
    for step in range({n}):
        total += step / (step + 1)
    return total""",
    "int": """\
    counts = [step % 7 for step in range({n})]
    return sum(count for count in counts if count > 2)""",
    "str": """\
    parts = [str(step) for step in range({n})]
    return "-".join(parts)""",
    "dict": """\
    return {{name: {n}.0 for name in {names}}}""",
}
HEADER = '''\
"""Features of part {part}, generated."""

from __future__ import annotations

import pandas as pd
from hamilton.function_modifiers import config, extract_columns, extract_fields, parameterize, source, tag, value
'''


class Made(NamedTuple):
    """A node that later functions may depend on."""

    name: str
    type: str


class Function(NamedTuple):
    """The text of one function (or one pair of variants) and the nodes that it makes."""

    text: str
    nodes: tuple[Made, ...]


def write_project(folder: Path, nodes: int, modules: int, seed: int = 0) -> list[str]:
    """Write a project of about `nodes` nodes (at most three more) and say the dotted names of its modules."""
    random = Random(seed)
    package = folder / "features"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""Generated."""\n', encoding="utf-8")
    made = [
        Made(f"raw_{index}", kind) for index, kind in enumerate(("pd.Series", "pd.DataFrame", "float", "int", "str"))
    ]
    names = [f"features.part_{part:04}" for part in range(modules)]
    inputs = len(made)
    for part, name in enumerate(names):
        functions = []
        while len(made) - inputs < nodes * (part + 1) // modules:
            functions.append(_function(random, len(made), made[-400:]))
            made += functions[-1].nodes
        text = "\n\n".join([HEADER.format(part=part), *(function.text for function in functions)])
        (folder / (name.replace(".", "/") + ".py")).write_text(text, encoding="utf-8")
    (folder / "dagcheck.toml").write_text(_settings(names), encoding="utf-8")
    return names


def _function(random: Random, number: int, known: list[Made]) -> Function:
    name = f"{random.choice(SHAPES)}_{random.choice(SUBJECTS)}_{number}"
    parameters = random.sample(known, min(len(known), random.randint(1, 4)))
    kind = random.choice(TYPES)
    make = random.choices((_plain, _tagged, _variants, _parameterized, _columns, _fields), (65, 10, 7, 7, 6, 5))[0]
    return make(random, name, kind, parameters)


def _plain(random: Random, name: str, kind: str, parameters: list[Made]) -> Function:
    return Function(_definition(random, name, kind, parameters), (Made(name, kind),))


def _tagged(random: Random, name: str, kind: str, parameters: list[Made]) -> Function:
    modifier = f'@tag(owner="team-{random.randint(1, 9)}", stage="features")\n'
    return Function(modifier + _definition(random, name, kind, parameters), (Made(name, kind),))


def _variants(random: Random, name: str, kind: str, parameters: list[Made]) -> Function:
    variants = [
        f'@config.when(region="{region}")\n' + _definition(random, f"{name}__{region.lower()}", kind, parameters)
        for region in REGIONS
    ]
    return Function("\n\n".join(variants), (Made(name, kind),))


def _parameterized(random: Random, name: str, kind: str, parameters: list[Made]) -> Function:
    first, *others = parameters
    names = [f"{name}_{suffix}" for suffix in ("low", "mid", "high")]
    rows = "".join(
        f'    {generated}=dict({first.name}=source("{first.name}"), rate=value({rate}.0)),\n'
        for rate, generated in enumerate(names)
    )
    definition = _definition(random, name, kind, [first, *others, Made("rate", "float")])
    return Function(f"@parameterize(\n{rows})\n{definition}", tuple(Made(generated, kind) for generated in names))


def _columns(random: Random, name: str, kind: str, parameters: list[Made]) -> Function:
    columns = [f"{name}_{column}" for column in ("first", "second", "third")]
    arguments = ", ".join(f'"{column}"' for column in columns)
    definition = _definition(random, name, "pd.DataFrame", parameters, columns)
    nodes = (Made(name, "pd.DataFrame"), *(Made(column, "pd.Series") for column in columns))
    return Function(f"@extract_columns({arguments})\n{definition}", nodes)


def _fields(random: Random, name: str, kind: str, parameters: list[Made]) -> Function:
    fields = [f"{name}_{field}" for field in ("first", "second", "third")]
    rows = ", ".join(f'"{field}": float' for field in fields)
    definition = _definition(random, name, "dict", parameters, fields)
    nodes = (Made(name, "dict"), *(Made(field, "float") for field in fields))
    return Function(f"@extract_fields({{{rows}}})\n{definition}", nodes)


def _definition(
    random: Random, name: str, kind: str, parameters: list[Made], names: Sequence[str] = ("first", "second", "third")
) -> str:
    arguments = ", ".join(f"{parameter.name}: {parameter.type}" for parameter in parameters)
    words = " ".join(name.split("__", 1)[0].split("_")[:2])
    body = BODIES[kind].format(n=random.randint(2, 40), names=list(names))
    return f'def {name}({arguments}) -> {kind}:\n    """The {words} of the period."""\n{body}\n'


def _settings(names: list[str]) -> str:
    modules = "".join(f'    "{name}",\n' for name in names)
    config = ", ".join(f'{key} = "{value}"' for key, value in CONFIG.items())
    return f'[[dataflow]]\nname = "features"\nmodules = [\n{modules}]\nconfig = {{ {config} }}\n'


if __name__ == "__main__":
    write_project(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:]))
