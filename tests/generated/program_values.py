"""Does dagcheck know of a program what Python finds when it runs it?

Python runs the programs in a process of its own; dagcheck follows them. A name may be unknown to dagcheck, but what it knows is exactly what
Python says, and where nothing raises in Python nothing raises for dagcheck.

    python -m tests.generated.program_values --seed 7 --count 2000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Value
from dagcheck.names.modules import ModuleIndex
from dagcheck.nodes.decorators import decorator_kind
from dagcheck.nodes.refusing import refusal
from dagcheck.source.facts import Source, module_facts
from tests.generated.choice import Choice
from tests.generated.programs import generate_program

_RUN = """
import json, sys, types

def shown(value):
    if type(value) in (list, tuple):
        parts = [shown(part) for part in value]
        return None if None in parts else f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, dict):
        parts = [(shown(key), shown(item)) for key, item in value.items()]
        return None if any(None in part for part in parts) else "{" + ", ".join(f"{key}: {item}" for key, item in parts) + "}"
    if type(value) in (set, frozenset):
        parts = [shown(part) for part in value]
        return None if None in parts else f"{type(value).__name__}({', '.join(sorted(parts))})"
    return repr(value) if type(value) in (bool, bytes, float, int, str, type(None)) else None

def run(text):
    module = sys.modules["program"] = types.ModuleType("program")
    try:
        exec(compile(text, "program.py", "exec", dont_inherit=True), vars(module))
    except Exception as error:
        return {"!": f"{type(error).__name__}: {error}"}
    found = {name: shown(value) for name, value in vars(module).items() if not name.startswith("__")}
    return {name: text for name, text in found.items() if text is not None}

json.dump([run(text) for text in json.load(sys.stdin)], sys.stdout)
"""


class Judgement(NamedTuple):
    """Of one program: what is wrong, how many names Python gives plain data, and how many of them dagcheck knows."""

    wrong: tuple[str, ...]
    plain: int
    known: int


def run_by_python(texts: Sequence[str]) -> list[Mapping[str, str]]:
    """The names that each program binds to plain data, as text; under "!" what it raised, if it did."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", _RUN], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    found: list[Mapping[str, str]] = json.loads(done.stdout)
    return found


def judge(text: str, expected: Mapping[str, str]) -> Judgement:
    """Hold what dagcheck makes of a program to what Python found."""
    found, failures = followed(text)
    if "!" in expected:
        return Judgement((), 0, 0)
    wrong = [f"is said to fail: {failure}" for failure in failures]
    known = {name: shown(value) for name, value in found.items() if is_plain(value)}
    wrong += [
        f"{name} is {expected.get(name, 'no plain data')}, not {value}"
        for name, value in known.items()
        if value != expected.get(name) and not name.startswith("__")
    ]
    return Judgement(tuple(wrong), len(expected), len(known.keys() & expected.keys()))


def followed(text: str) -> tuple[Mapping[str, Value], list[str]]:
    """The names that dagcheck finds, and what it says about failures of the import."""
    index = ModuleIndex("/nowhere", ("",), ["program.py"])
    source = Source("program.py", text, module_facts(text))
    program = Program(
        index, lambda path: source, python=sys.version_info[:2], decorator=decorator_kind, refusal=refusal
    )
    scope = program.scope_of("program")
    assert scope is not None
    return scope.names, [failure.reason for failure in scope.failures]


def shown(value: Value) -> str:
    """Plain data as text, as the other process writes it."""
    if type(value) in (list, tuple):
        return f"{type(value).__name__}({', '.join(map(shown, value))})"
    if type(value) is dict:
        return "{" + ", ".join(f"{shown(key)}: {shown(item)}" for key, item in value.items()) + "}"
    if type(value) in (set, frozenset):
        return f"{type(value).__name__}({', '.join(sorted(map(shown, value)))})"
    return repr(str(value)) if isinstance(value, str) else repr(value)


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    numbers = [options.only] if options.only is not None else range(options.count)
    texts = [generate_program(Choice(Random(f"{options.seed}/{number}"))) for number in numbers]
    ran = run_by_python(texts)
    judged = [judge(text, expected) for text, expected in zip(texts, ran, strict=True)]
    for number, text, judgement in zip(numbers, texts, judged, strict=True):
        if judgement.wrong or options.only is not None:
            print(f"--- number {number}", *judgement.wrong, text if options.only is not None else "", sep="\n")
    plain, known = sum(each.plain for each in judged), sum(each.known for each in judged)
    print(f"{len(texts)} programs, {sum('!' in each for each in ran)} raise; {known} of {plain} plain values are known")
    return 1 if any(each.wrong for each in judged) else 0


if __name__ == "__main__":
    sys.exit(main())
