"""Which project has 40 configuration keys of 5 values each? A synthetic one, and the same one without any key.

There are 5 to the power of 40 configurations. `write_variants` writes nodes with a variant for each value of a key, in a chain;
nodes whose variants stand under stacks of conditions on several keys; and readers of all of them, with conditions and without.
With `keyed` False the same functions stand there without their conditions, each under a name of its own.
Run as a script: `python benchmarks/variants.py FOLDER keyed|plain [SEED]`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

KEYS = 40
VALUES = ("a", "b", "c", "d", "e")
STACKED = 40
READERS = 800
PARTS = 10

HEADER = '''\
"""Part {part}, generated."""

from hamilton.function_modifiers import config
'''
BODY = '''\
    """The {name} of the period."""
    total = 0.0
    for step in range({number}):
        total += step / (step + 1)
    return total
'''


def write_variants(folder: Path, *, keyed: bool, seed: int = 0) -> list[str]:
    """Write the project, and say the dotted names of its modules."""
    random = Random(seed)
    functions = [text for number in range(KEYS) for text in _chained(number, keyed)]
    functions += [text for number in range(STACKED) for text in _stacked(random, number, keyed)]
    functions += [_reader(random, number, keyed) for number in range(READERS)]
    package = folder / "variants"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""Generated."""\n', encoding="utf-8")
    names = [f"variants.part_{part}" for part in range(PARTS)]
    for part, name in enumerate(names):
        text = "\n\n".join([HEADER.format(part=part), *functions[part::PARTS]])
        (folder / (name.replace(".", "/") + ".py")).write_text(text, encoding="utf-8")
    modules = "".join(f'    "{name}",\n' for name in names)
    settings = f'[[dataflow]]\nname = "variants"\nmodules = [\n{modules}]\n'
    (folder / "dagcheck.toml").write_text(settings, encoding="utf-8")
    return names


def _chained(number: int, keyed: bool) -> list[str]:
    """A node with a variant for each value of its own key, which all read the node before it."""
    before = _name(f"choice_{number - 1}", VALUES[0], keyed) if number else "start"
    return [
        _function(f"choice_{number}", value, [before, "rate"], [f'when(key_{number}="{value}")'], keyed)
        for value in VALUES
    ]


def _stacked(random: Random, number: int, keyed: bool) -> list[str]:
    """A node whose variants differ in the value of one key, each under conditions on three more."""
    first, *others = random.sample(range(KEYS), 4)
    texts = []
    for value in VALUES:
        conditions = [f'when(key_{first}="{value}")']
        conditions += [
            random.choice(
                (
                    f'when_not(key_{key}="{random.choice(VALUES)}")',
                    f"when_in(key_{key}={random.sample(VALUES, 3)})",
                    f"when_not_in(key_{key}={random.sample(VALUES, 2)})",
                )
            )
            for key in others
        ]
        read = _name(f"choice_{random.randrange(KEYS)}", VALUES[0], keyed)
        texts.append(_function(f"stacked_{number}", value, [read, "rate"], conditions, keyed))
    return texts


def _reader(random: Random, number: int, keyed: bool) -> str:
    """A node that reads some of the others, in every fourth case under a condition of its own."""
    reads = [_name(f"choice_{random.randrange(KEYS)}", random.choice(VALUES), keyed)]
    reads += [_name(f"stacked_{random.randrange(STACKED)}", random.choice(VALUES), keyed)]
    reads += [f"reader_{random.randrange(number)}" if number else "start", "rate"]
    conditions = [f'when_not(key_{random.randrange(KEYS)}="{random.choice(VALUES)}")'] if number % 4 == 0 else []
    return _function(f"reader_{number}", "", dict.fromkeys(reads), conditions, keyed)


def _function(name: str, suffix: str, reads: list[str] | dict[str, None], conditions: list[str], keyed: bool) -> str:
    lines = [f"@config.{condition}\n" for condition in conditions] if keyed else []
    parameters = ", ".join(f"{read}: float" for read in reads)
    body = BODY.format(name=name, number=len(name))
    return f"{''.join(lines)}def {name}{'__' + suffix if suffix else ''}({parameters}) -> float:\n{body}"


def _name(node: str, variant: str, keyed: bool) -> str:
    """How a node is read: by its own name, or by that of one of the functions that were its variants."""
    return node if keyed else f"{node}__{variant}"


if __name__ == "__main__":
    write_variants(Path(sys.argv[1]), keyed=sys.argv[2] == "keyed", seed=int((sys.argv[3:] or ["0"])[0]))
