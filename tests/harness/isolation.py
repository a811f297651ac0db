"""Are the expected errors all that Hamilton has against a case, and is each of them one? Hamilton stops at the first.

For each error that Hamilton must share, the case is built once more without the top-level statements that hold the other
such errors. What then is still rejected is rejected for its own sake. Without all of them, nothing may be.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from tests.harness.cases import Case, CaseFile
from tests.harness.expectations import Expected


def isolated(case: Case, rules: Collection[str]) -> Iterator[tuple[CaseFile, Expected, Case]]:
    """Each expected error of these rules, with the case in which it is the only one; nothing if there are not several."""
    errors = [(file, item) for file in case.files for item in file.diagnostics if _is_error(item, rules)]
    for file, item in errors if len(errors) > 1 else ():
        yield file, item, case._replace(files=tuple(_without(other, file, item, rules) for other in case.files))


def cleaned(case: Case, rules: Collection[str]) -> Case | None:
    """The case without any expected error of these rules, None if it has none."""
    files = tuple(_without(file, file, None, rules) for file in case.files)
    return None if files == case.files else case._replace(files=files)


def _is_error(item: Expected, rules: Collection[str]) -> bool:
    return item.severity == "error" and item.rule in rules


def _without(file: CaseFile, kept_file: CaseFile, kept: Expected | None, rules: Collection[str]) -> CaseFile:
    """The file without the statements that hold errors, but for the one that holds the error to keep."""
    lines = file.text.splitlines()
    for first, last in _statements(file):
        held = [item for item in file.diagnostics if first <= item.line <= last and _is_error(item, rules)]
        if held and not (file is kept_file and kept in held):
            lines[first - 1 : last] = [""] * (last - first + 1)
    return file._replace(text="".join(f"{line}\n" for line in lines))


def _statements(file: CaseFile) -> list[tuple[int, int]]:
    """First and last line of each top-level statement, decorators included; a file that is no Python is one statement."""
    try:
        body = ast.parse(file.text).body if file.name.endswith(".py") else []
    except SyntaxError:
        return [(1, len(file.text.splitlines()))]
    return [
        (min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))]), node.end_lineno or 0)
        for node in body
    ]
