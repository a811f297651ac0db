"""Which text do these bytes hold? PEP 263, with faults as values.

The encoding is UTF-8 unless a coding cookie in the first two lines says otherwise. Newlines become `\\n` as Python's own
tokenizer makes them, a byte order mark is dropped. A text that cannot be decoded is still given, with replacement
characters, so that a report can show the line; its fault says where and why.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from dagcheck.source.parsing import SyntaxFault
from dagcheck.span import Span


def decode(data: bytes) -> tuple[str, SyntaxFault | None]:
    """The text of a Python file, and the fault that a Python interpreter would report instead of reading it."""
    body = data.removeprefix(BOM_UTF8)
    head = data[: _end_of_second_line(data)]
    encoding = None
    try:
        encoding = _declared(head) if b"coding" in head else None
        return _with_newlines(body.decode(encoding or "utf-8")), None
    except UnicodeDecodeError as error:
        text = _with_newlines(_lenient(body, encoding))
        return text, _undecodable(body, encoding, error)
    except (LookupError, UnicodeError, ValueError) as error:
        text = _with_newlines(_lenient(body, None))
        return text, _fault_of_cookie(text, str(error).partition(";")[0])


def _end_of_second_line(data: bytes) -> int:
    """An index not before the end of the second line."""
    first = data.find(b"\n") + 1 or len(data)
    return data.find(b"\n", first) + 1 or len(data)


def _declared(head: bytes) -> str | None:
    """What the cookie names, None without one. Raises LookupError when Python could not read the file by it.

    Only texts with a cookie for something other than UTF-8 pay for importing `tokenize`, 5 ms.
    """
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    names = re.findall(rb"(?m)^[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)", lines.removeprefix(BOM_UTF8))
    if all(name.lower() in {b"utf-8", b"utf8"} for name in names):
        return None
    from io import BytesIO
    from tokenize import detect_encoding

    try:
        encoding = detect_encoding(BytesIO(lines).readline)[0]
    except SyntaxError as error:
        if str(error.msg).startswith("invalid or missing"):
            return None  # the first lines are no UTF-8 and have no cookie: decoding says where
        if head.startswith(BOM_UTF8):
            raise LookupError("the byte order mark says UTF-8, the coding cookie does not") from error
        raise LookupError(error.msg) from error
    if "coding" not in head.decode(encoding, "ignore"):  # the cookie itself is read as ASCII
        raise LookupError(f"{encoding} does not extend ASCII")
    return None if encoding in {"utf-8", "utf-8-sig"} else encoding


def _undecodable(body: bytes, encoding: str | None, error: UnicodeDecodeError) -> SyntaxFault:
    """The fault of the one character that the byte at fault would begin."""
    before = _with_newlines(_lenient(body[: error.start], encoding))
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    byte = body[error.start]
    if encoding is None:
        message = f"Non-UTF-8 code starting with '\\x{byte:02x}'"
    else:
        message = f"'{encoding}' codec cannot decode byte 0x{byte:02x}: {error.reason}"
    return SyntaxFault(message, Span(line, column, line, column + 1))


def _fault_of_cookie(text: str, message: str) -> SyntaxFault:
    lines = text.split("\n", 2)
    line = 1 if "coding" in lines[0] else 2
    return SyntaxFault(f"encoding problem: {message}", Span(line, 1, line, len(lines[line - 1]) + 1))


def _lenient(body: bytes, encoding: str | None) -> str:
    try:
        return body.decode(encoding or "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):  # a codec that knows no replacement
        return body.decode("utf-8", "replace")


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
