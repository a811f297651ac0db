"""Do dagcheck and Hamilton agree on so many pairs of types, in both directions? Run by a developer; CI asks about fewer.

    python -m tests.unit.type_campaign --pairs 20000 --seed 1

Half of the pairs are of the classes in `type_pairs.PREAMBLE`, half of generated hierarchies. `--python` names another
interpreter that has Hamilton: it answers, and dagcheck judges by the rules of its version. Exit status 1 where a verdict differs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from dagcheck.types.assignability import matches
from tests.unit import type_hierarchies, type_pairs
from tests.unit.type_pairs import ask_hamilton_in, drawn
from tests.unit.type_sources import TypeSource

BATCH = 500
AT_ONCE = 20
PAIRS_OF_A_HIERARCHY = 40

Pair = tuple[str, str]


def main() -> int:
    """Draw, ask, compare, and print what differs."""
    options = _options()
    python = _version(options.python)
    verdicts: Counter[str] = Counter()
    differing = []
    batches = list(_batches(options.pairs, options.seed))
    for start in range(0, len(batches), AT_ONCE):
        for preamble, pair, answers in compared(batches[start : start + AT_ONCE], python, options.python):
            verdicts.update(theirs if theirs == ours else f"{theirs}, dagcheck {ours}" for theirs, ours in answers)
            if any(ours not in {theirs, "maybe"} for theirs, ours in answers):
                differing.append((preamble, pair, answers))
        print(f"{verdicts.total()} answers", end="\r", flush=True)
    for preamble, pair, answers in differing:
        shown = preamble.removeprefix(type_hierarchies.PREAMBLE) if preamble != type_pairs.PREAMBLE else ""
        print(f"\n{shown}\n{pair[0]} <- {pair[1]}: Hamilton and dagcheck say {answers}")
    print(f"\nseed {options.seed}, Python {python}: {dict(verdicts.most_common())}; {len(differing)} pairs differ")
    return int(bool(differing))


def compared(
    batches: Sequence[tuple[str, list[Pair]]], python: tuple[int, int], interpreter: str = sys.executable
) -> Iterator[tuple[str, Pair, list[tuple[str, str]]]]:
    """Each pair with (Hamilton's, dagcheck's) verdicts on it, forwards and backwards; without what Python refuses."""
    both = [(text, [*pairs, *((node, parameter) for parameter, node in pairs)]) for text, pairs in batches]
    for (text, pairs), answers in zip(batches, ask_hamilton_in(both, interpreter), strict=True):
        source = TypeSource(text, python)
        for index, pair in enumerate(pairs):
            theirs = [answers[index], answers[index + len(pairs)]]
            if "invalid" not in theirs:
                one, other = (source.type_of(part) for part in pair)
                ours = [matches(one, other, source.hierarchy).kind, matches(other, one, source.hierarchy).kind]
                yield text, pair, list(zip(theirs, ours, strict=True))


def _batches(count: int, seed: int) -> Iterator[tuple[str, list[Pair]]]:
    fixed = drawn(type_pairs.pairs, count // 2, seed)
    for start in range(0, len(fixed), BATCH):
        yield type_pairs.PREAMBLE, fixed[start : start + BATCH]
    strategy = type_hierarchies.hierarchies(PAIRS_OF_A_HIERARCHY)
    for made in drawn(strategy, (count - len(fixed)) // PAIRS_OF_A_HIERARCHY, seed):
        yield made.text, list(made.pairs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--python", default=sys.executable)
    return parser.parse_args()


def _version(interpreter: str) -> tuple[int, int]:
    command = [interpreter, "-c", "import sys; print(*sys.version_info[:2])"]
    major, minor = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return int(major), int(minor)


if __name__ == "__main__":
    sys.exit(main())
