"""Does dagcheck know of plain Python what Python finds when it runs it?

The programs are the same in every run. `tests.generated.program_values` tries as many others as one has time for.
"""

from __future__ import annotations

from random import Random

from tests.generated.choice import Choice
from tests.generated.program_values import judge, run_by_python
from tests.generated.programs import generate_program

COUNT = 60


def test_what_is_known_of_a_program_is_what_python_finds() -> None:
    texts = [generate_program(Choice(Random(f"ci/{number}"))) for number in range(COUNT)]
    ran = run_by_python(texts)
    judged = [judge(text, expected) for text, expected in zip(texts, ran, strict=True)]
    wrong = [(text, each.wrong) for text, each in zip(texts, judged, strict=True) if each.wrong]
    assert not wrong, f"{len(wrong)} programs, the first: {wrong[0][1]}\n{wrong[0][0]}"
    assert sum("!" in each for each in ran) < COUNT * 0.2, "too few of the programs run to their end"
    plain, known = sum(each.plain for each in judged), sum(each.known for each in judged)
    assert plain > COUNT * 10
    assert known > plain * 0.98, "too much of plain Python is not known"
