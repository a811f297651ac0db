"""Do dagcheck and Hamilton agree on thousands of generated dataflows? A command, for as long as one has time.

    python -m tests.generated.campaign --seed 7 --count 5000 --jobs 2
    python -m tests.generated.campaign --configurations --seed 7 --count 2000

The second tries small dataflows, each in every configuration that there is (`every_configuration`).

Dataflow number N of a seed is always the same, so `--only N` shows it again. Prints the modifiers that were written, how many
dataflows Hamilton rejected and why, and each kind of disagreement once, made as small as it gets. Exit status 1 when there is any.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.generated.agreement import judge
from tests.generated.choice import Choice
from tests.generated.dataflows import Generated, generate
from tests.generated.every_configuration import judge_space
from tests.generated.reduction import reduced
from tests.generated.variants import generate_variants
from tests.harness.oracle import Oracle, OracleError, Rejection

CHUNK = 20
"""Dataflows that a worker takes at a time."""


class Seed(NamedTuple):
    """Which dataflows: those of this number; `in_space`: small ones, to be tried in every configuration."""

    number: int
    in_space: bool


class Tried(NamedTuple):
    """One dataflow: the modifiers in it, why Hamilton rejects it ("" when it accepts it), and the first disagreement."""

    number: int
    used: tuple[str, ...]
    rejection: str
    signature: str
    disagreement: str


def main() -> int:
    """See the module's docstring."""
    options = _options()
    numbers = [options.only] if options.only is not None else range(options.start, options.start + options.count)
    began = time.monotonic()
    seed = Seed(options.seed, options.configurations)
    tried = list(_tell_progress(_all(seed, list(numbers), options.jobs), len(numbers)))
    print(_distribution(tried))
    kinds: dict[str, list[Tried]] = {}
    for each in tried:
        if each.disagreement:
            kinds.setdefault(each.signature, []).append(each)
    for signature, found in sorted(kinds.items(), key=lambda item: -len(item[1])):
        print(f"\n=== {len(found)} x {signature}\n    numbers: {', '.join(str(each.number) for each in found[:12])}")
        print(_smallest(seed, found[0]) if options.reduce else found[0].disagreement)
    disagreeing = sum(map(len, kinds.values()))
    print(
        f"\nseed {options.seed}: {len(tried)} dataflows, {disagreeing} disagreements, {time.monotonic() - began:.0f} s"
    )
    return 1 if kinds else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.generated.campaign")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="the number of the first dataflow")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--only", type=int, help="the number of the one dataflow to try")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--configurations", action="store_true", help="try small dataflows in every configuration")
    parser.add_argument(
        "--no-reduce", dest="reduce", action="store_false", help="leave what disagrees as large as it is"
    )
    return parser.parse_args()


def _tell_progress(tried: Iterable[Tried], total: int) -> Iterator[Tried]:
    bad = 0
    for count, each in enumerate(tried, 1):
        bad += bool(each.disagreement)
        if each.disagreement:
            print(f"number {each.number}: {each.signature}", file=sys.stderr, flush=True)
        if count % 100 == 0:
            print(f"{count} of {total}, {bad} disagreements", file=sys.stderr, flush=True)
        yield each


def _all(seed: Seed, numbers: list[int], jobs: int) -> Iterator[Tried]:
    chunks = [numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK)]
    if jobs == 1:
        for chunk in chunks:
            yield from _try_chunk(seed, chunk)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for done in pool.map(_try_chunk, [seed] * len(chunks), chunks):
            yield from done


def _try_chunk(seed: Seed, numbers: list[int]) -> list[Tried]:
    with contextlib.closing(Oracle()) as oracle:
        return [_try(seed, number, oracle) for number in numbers]


def _try(seed: Seed, number: int, oracle: Oracle) -> Tried:
    generated = _dataflow(seed, number)
    rejection, signature, text = _judged(generated, oracle)
    return Tried(number, generated.used, rejection, signature, text and f"{generated!r}\n{text}")


def _dataflow(seed: Seed, number: int) -> Generated:
    choice = Choice(Random(f"{seed.number}:{number}"))
    return generate_variants(choice) if seed.in_space else generate(choice)


def _judged(generated: Generated, oracle: Oracle) -> tuple[str, str, str]:
    """Why Hamilton rejects it, the sort of the first disagreement, and its words."""
    folder = Path(tempfile.mkdtemp())
    try:
        outcome = (judge_space if generated.in_space else judge)(generated, folder, oracle)
    except OracleError as error:
        return "", "the oracle failed", str(error)
    except Exception as error:  # noqa: BLE001  a traceback of dagcheck's is a disagreement too
        return "", f"dagcheck raises {type(error).__name__}", str(error)
    finally:
        shutil.rmtree(folder)
    rejections = [verdict.rejection for verdict in outcome.verdicts if verdict.rejection]
    rejection = _sort(rejections[0]) if rejections else ""
    first = outcome.disagreements[0] if outcome.disagreements else None
    return rejection, first.signature if first else "", str(first) if first else ""


def _sort(rejection: Rejection) -> str:
    """The rejection without what differs from one dataflow to the next."""
    words = re.sub(r"`[^`]*`|'[^']*'|<[^>]*>|\[[^\]]*\]|\d+", "_", rejection.message.strip())
    return f"{rejection.stage}: {rejection.type}: {' '.join(words.split()[:5])}"


def _smallest(seed: Seed, tried: Tried) -> str:
    with contextlib.closing(Oracle()) as oracle:
        end = time.monotonic() + 60
        small = reduced(
            _dataflow(seed, tried.number),
            lambda less: time.monotonic() < end and _is_same(_judged(less, oracle), tried),
        )
        return f"{small!r}\n{_judged(small, oracle)[2]}"


def _is_same(judged: tuple[str, str, str], tried: Tried) -> bool:
    """Is it the same sort of disagreement, and not there because something is missing now?"""
    rejection, signature, text = judged
    torn = [
        name for name in ("NameError", "ImportError", "is not defined", "AttributeError") if name in rejection + text
    ]
    return signature == tried.signature and all(name in tried.rejection + tried.disagreement for name in torn)


def _distribution(tried: list[Tried]) -> str:
    modifiers = Counter(name for each in tried for name in set(each.used))
    rejections = Counter(each.rejection for each in tried if each.rejection)
    rejected = sum(rejections.values())
    lines = ["modifiers, by the dataflows that use them:"]
    lines += [f"  {count:6d}  {name}" for name, count in modifiers.most_common()]
    lines += [
        f"rejected by Hamilton: {rejected} of {len(tried)} ({rejected / max(len(tried), 1):.0%}), among other reasons"
    ]
    return "\n".join([*lines, *(f"  {count:6d}  {why}" for why, count in rejections.most_common(25))])


if __name__ == "__main__":
    sys.exit(main())
