"""Which dataflows are mutated? The fixtures that run, and generated ones that use every way in which code reaches a node.

A generated program is small numbers throughout: helpers that call each other across modules, constants, classes with bases, a
package that re-exports, registries, decorators of its own, and nodes made by all kinds of modifiers.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.mutation.execution import Subject

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def fixtures() -> list[Subject]:
    """The fixtures that can be run, one subject for each dataflow and configuration."""
    quickstart = Subject("quickstart", FIXTURES / "quickstart", ("consumption", "costs"), {}, _quickstart)
    configs: list[dict[str, Any]] = [
        {"region": "EU", "grain": "week"},
        {"region": "UK", "grain": "day", "promotions": True},
        {"region": "US", "grain": "day", "promotions": True},
    ]
    modules = ("sales", "tax", "seasons", "features", "report")
    regions = [
        Subject(f"regions {index}", FIXTURES / "regions", modules, config, _regions)
        for index, config in enumerate(configs)
    ]
    train = ("rides", "features", "samples", "training", "evaluation")
    training = Subject(
        "training",
        FIXTURES / "training",
        tuple(f"bike_demand.{name}" for name in train),
        {"scale": "log"},
        _training,
        ("src",),
    )
    config = {"sources": True, "languages": {"de": "German"}, "hamilton.enable_power_user_mode": True}
    assistant = Subject(
        "assistant", FIXTURES / "assistant", ("library", "answering", "review", "translation"), config, _assistant
    )
    return [quickstart, *regions, training, assistant]


def _quickstart() -> dict[str, Any]:
    readings = importlib.import_module("run").week_of_readings()
    return {"meter_readings": readings, "day_price": 0.32, "night_price": 0.21, "daily_charge": 0.45}


def _regions() -> dict[str, Any]:
    import pandas as pd

    days = pd.date_range("2024-10-07", "2024-10-11")
    sales = importlib.import_module("run").autumn_sales()
    return {"daily_sales": sales, "promotion_days": days, "state_tax": 0.0625, "city_tax": 0.02}


def _training() -> dict[str, Any]:
    return {"rides_path": "data/rides.csv", "penalty": 2.0}


def _assistant() -> dict[str, Any]:
    model = importlib.import_module("language_model").CannedModel()
    question = "Are photographs with flash allowed"
    return {"user_text": question, "pages_path": "data/pages.json", "log_path": "/dev/null", "llm": model}


CONSTANTS = '''"""Numbers."""

RATE = {a}
LIMIT = RATE + {b}
TABLE = {{"low": {a}, "high": {b}}}
TABLE["middle"] = {c}
NAMES = ["low"]
NAMES.append("high")
UNUSED = {d}
'''

HELPERS = '''"""Functions that nodes use."""

import functools

from kit.constants import LIMIT, RATE, TABLE
from kit import shapes as forms

STEPS = {{}}


def scale(x, by=RATE):
    return x * by + {a}


def shift(x):
    return scale(x) + _offset(x)


def _offset(x):
    return {b} if x > LIMIT else {c}


def is_even(n):
    return n == 0 or is_odd(n - {one})


def is_odd(n):
    return n != 0 and is_even(n - {one})


def look_up(name):
    return TABLE.get(name, {d})


def size(x):
    return forms.Square(x).area() + len(forms.Square.__mro__)


def step(function):
    STEPS[function.__name__] = function
    return function


@step
def first_step(x):
    return x + {a}


@step
def second_step(x):
    return x - {b}


def all_steps(x):
    for function in STEPS.values():
        x = function(x)
    return x


def doubled(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs) * {c}

    return wrapper


double = lambda x: x * {b}
'''

SHAPES = '''"""Classes."""

from dataclasses import dataclass


class Shape:
    sides = {a}

    def __init__(self, width):
        self.width = width

    def area(self):
        return self.measure() * self.factor()

    def factor(self):
        return {b}


class Square(Shape):
    def measure(self):
        return self.width * self.width


@dataclass
class Bounds:
    low: int = {c}
    high: int = {d}

    def clip(self, x):
        return max(self.low, min(x, self.high))


BOUNDS = Bounds()
'''

PACKAGE = '''"""What others import."""

from kit.helpers import *
from kit.helpers import shift as moved
from kit.shapes import BOUNDS
'''

INNER = '''"""A dataflow inside others."""

from kit.helpers import scale


def grown(seed: int) -> int:
    return scale(seed) + {a}


def shrunk(grown: int, by: int = {b}) -> int:
    return grown - by
'''

NODES: tuple[Callable[[str, str, str, Random], str], ...] = (
    lambda n, x, y, r: f"def {n}({x}: int, {y}: int) -> int:\n    return kit.moved({x}) - {y} * {r.randint(1, 9)}\n",
    lambda n, x, y, r: f"def {n}({x}: int, spread: int = LIMIT) -> int:\n    return {x} + spread\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    from kit import constants\n\n    return {x} + constants.RATE\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    return sum(h.scale(i) for i in range(abs({x}) % {r.randint(2, 5)}))\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    return int(h.is_even(abs({x}) % 7)) + h.look_up({r.choice(['low', 'high', 'middle', 'none'])!r})\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    return h.size({x} % 10) + kit.BOUNDS.clip({x})\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    return h.all_steps({x}) + h.double({x})\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    return getattr(h, {r.choice(['scale', 'shift', 'size'])!r})({x} % 50)\n",
    lambda n, x, y, r: f"@h.doubled\ndef {n}({x}: int) -> int:\n    return {x} + {r.randint(1, 9)}\n",
    lambda n, x, y, r: f'@parameterize({n}={{"p": value({r.randint(1, 9)})}}, {n}_b={{"p": source("{x}"), "q": value(LIMIT)}})\ndef {n}_of(p: int, {y}: int, q: int = {r.randint(1, 9)}) -> int:\n    return h.shift(p) + {y} + q\n',
    lambda n, x, y, r: f'@parameterize_values("p", {{("{n}", "one"): {r.randint(1, 9)}, ("{n}_b", "two"): {r.randint(1, 9)}}})\ndef {n}_of({x}: int, p: int) -> int:\n    return {x} * p\n',
    lambda n, x, y, r: f'@parameterize_sources({n}={{"p": "{x}"}}, {n}_b={{"p": "{y}"}})\ndef {n}_of(p: int) -> int:\n    return p - {r.randint(1, 9)}\n',
    lambda n, x, y, r: f'@extract_fields({{"{n}": int, "{n}_b": int}})\ndef {n}_all({x}: int, {y}: int) -> dict:\n    return {{"{n}": h.scale({x}), "{n}_b": {y} + {r.randint(1, 9)}}}\n',
    lambda n, x, y, r: f'@unpack_fields("{n}", "{n}_b")\ndef {n}_all({x}: int, {y}: int) -> tuple[int, int]:\n    return {x} + {r.randint(1, 9)}, {y}\n',
    lambda n, x, y, r: f'@config.when(mode="fast")\ndef {n}__fast({x}: int) -> int:\n    return {x} + {r.randint(1, 9)}\n\n\n@config.when_not(mode="fast")\ndef {n}__slow({y}: int) -> int:\n    return {y} * {r.randint(2, 9)}\n',
    lambda n, x, y, r: f'@inject(p=group(source("{x}"), source("{y}"), value({r.randint(1, 9)})))\ndef {n}(p: list[int]) -> int:\n    return sum(p)\n',
    lambda n, x, y, r: f"def _{n}_sum(**given: int) -> int:\n    return sum(given.values()) + {r.randint(1, 9)}\n\n\n@does(_{n}_sum)\ndef {n}({x}: int, {y}: int) -> int:\n    pass\n",
    lambda n, x, y, r: f'def _{n}_add(x: int, by: int) -> int:\n    return x + by\n\n\n@pipe_input(step(_{n}_add, by={r.randint(1, 9)}).named("one"), step(_{n}_add, by=source("{y}")).named("two"))\ndef {n}({x}: int) -> int:\n    return {x} + {r.randint(1, 9)}\n',
    lambda n, x, y, r: f'def _{n}_turn(x: int, by: int = {r.randint(1, 9)}) -> int:\n    return h.scale(x) - by\n\n\n@pipe_output(step(_{n}_turn), step(_{n}_turn, by={r.randint(1, 9)}).when(mode="fast"))\ndef {n}({x}: int) -> int:\n    return {x}\n',
    lambda n, x, y, r: f'@subdag(inner, inputs={{"seed": source("{x}")}}, config={{"depth": {r.randint(1, 9)}}})\ndef {n}(shrunk: int) -> int:\n    return shrunk + {r.randint(1, 9)}\n',
    lambda n, x, y, r: f'@parameterized_subdag(inner, {n}={{"inputs": {{"seed": source("{x}")}}}}, {n}_b={{"inputs": {{"seed": source("{y}"), "by": value({r.randint(1, 9)})}}}})\ndef {n}_of(shrunk: int) -> int:\n    return shrunk * {r.randint(2, 9)}\n',
    lambda n, x, y, r: f"@tag(owner=\"{r.choice(['a', 'b'])}\")\n@check_output(range=(-{r.randint(1, 9)}, {r.randint(10, 99)}), importance=\"warn\")\ndef {n}({x}: int) -> int:\n    return {x} % {r.randint(5, 200)}\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    return {x} + {r.randint(1, 9)}\n\n\n@mutate(apply_to({n}), by=value({r.randint(1, 9)}))\ndef _{n}_more(x: int, by: int) -> int:\n    return x * by\n",
    lambda n, x, y, r: f"def {n}({x}: int, settings: int) -> int:\n    def nested(value: int) -> int:\n        return value + h.RATE if value > {r.randint(1, 99)} else _tweak(value)\n\n    return nested({x}) + settings\n",
    lambda n, x, y, r: f"def {n}({x}: int) -> int:\n    counts = {{name: h.look_up(name) for name in constants.NAMES}}\n    return {x} + sum(counts.values())\n",
)  # fmt: skip

HEADER = '''"""Nodes."""

from hamilton.function_modifiers import (
    apply_to, check_output, config, does, extract_fields, group, inject, mutate, parameterize, parameterize_sources,
    parameterize_values, parameterized_subdag, pipe_input, pipe_output, source, step, subdag, tag, unpack_fields, value,
)

import inner
import kit
import kit.constants as constants
import kit.helpers as h
from kit.constants import LIMIT


def _tweak(x: int) -> int:
    return x - {a}


'''


def generated(seed: int, folder: Path) -> Subject:
    """One generated program, written to a folder: two modules of nodes over a package of helpers."""
    random = Random(seed)

    def numbers() -> dict[str, int]:
        return {**{name: random.randint(2, 40) for name in "abcd"}, "one": 1}

    texts = {
        "kit/__init__.py": PACKAGE,
        "kit/constants.py": CONSTANTS.format(**numbers()),
        "kit/helpers.py": HELPERS.format(**numbers()),
        "kit/shapes.py": SHAPES.format(**numbers()),
        "inner.py": INNER.format(**numbers()),
    }
    known = ["start", "other"]
    shapes = list(NODES)
    random.shuffle(shapes)
    parts: dict[str, list[str]] = {"early.py": [], "late.py": []}
    for index, shape in enumerate(shapes[:16]):
        name = f"n{index}"
        path = "early.py" if index < 8 else "late.py"
        parts[path].append(shape(name, random.choice(known), random.choice(known), random))
        known.append(name)
    for path, nodes in parts.items():
        texts[path] = HEADER.format(**numbers()) + "\n\n".join(_apart(node) for node in nodes)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    config = {"mode": random.choice(["fast", "slow"])}
    return Subject(f"generated {seed} {json.dumps(config)}", folder, ("early", "late"), config, _generated)


def _apart(node: str) -> str:
    """A dependency that is asked for twice is renamed, so that the function can be defined."""
    import re

    def once(match: re.Match[str]) -> str:
        names = [part.split(":")[0].strip() for part in match[1].split(",")]
        if len(set(names)) == len(names):
            return match[0]
        parts = match[1].split(",")
        return f"({','.join(part for index, part in enumerate(parts) if names[index] not in names[:index])})"

    return re.sub(r"(?<=[a-z0-9_])\(((?:\s*\w+: int(?: = \w+)?,?)+)\)(?= -> )", once, node)


def _generated() -> dict[str, Any]:
    return {"start": 11, "other": 5, "settings": 3}
