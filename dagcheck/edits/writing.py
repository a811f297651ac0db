"""How do changed texts get onto the disk? All of them, or none.

Each new text is first written beside its file; only when all are there do they take their files' places. Where that fails midway,
what was replaced is put back. Newlines, byte order mark and encoding stay what they were.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dagcheck.edits.edit import Edit
from dagcheck.settings import UsageError


class _Pending(NamedTuple):
    path: str
    beside: str
    before: bytes


def write_all(root: str, edits: Mapping[str, Sequence[Edit]]) -> None:
    """Make the edits of each file of the project folder. Raises `UsageError` where that is not possible; then nothing changed."""
    pending: list[_Pending] = []
    try:
        for path, found in edits.items():
            full = os.path.realpath(os.path.join(root, path))
            with open(full, "rb") as file:
                before = file.read()
            beside = f"{full}.dagcheck-new"
            pending.append(_Pending(full, beside, before))
            with open(beside, "wb") as file:
                file.write(changed(before, found))
            os.chmod(beside, os.stat(full).st_mode & 0o7777)
        _replace(pending)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"nothing was changed: {error}") from error
    finally:
        for each in pending:
            if os.path.exists(each.beside):
                os.unlink(each.beside)


def changed(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes of a file after edits of its text; what is not edited stays byte for byte."""
    encoding = _encoding(data)
    text = data.decode(encoding)
    start = 1 if text.startswith("\ufeff") else 0
    rows = re.split(r"(\r\n|\r|\n)", text[start:])
    newline = rows[1] if len(rows) > 1 else "\n"
    for edit in sorted(set(edits), key=lambda edit: edit.location.span, reverse=True):
        span = edit.location.span
        first, last = 2 * (span.line - 1), 2 * (span.end_line - 1)
        head, tail = rows[first][: span.column - 1], rows[last][span.end_column - 1 :]
        rows[first : last + 1] = [head + edit.text.replace("\n", newline) + tail]
    return (text[:start] + "".join(rows)).encode(encoding)


def _replace(pending: Sequence[_Pending]) -> None:
    done: list[_Pending] = []
    try:
        for each in pending:
            os.replace(each.beside, each.path)
            done.append(each)
    except OSError:
        for each in done:
            with open(each.path, "wb") as file:
                file.write(each.before)
        raise


def _encoding(data: bytes) -> str:
    """The encoding of a Python file; a byte order mark stays in the text."""
    from io import BytesIO
    from tokenize import detect_encoding

    try:
        encoding = detect_encoding(BytesIO(data).readline)[0]
    except SyntaxError:
        return "utf-8"
    return "utf-8" if encoding == "utf-8-sig" else encoding
