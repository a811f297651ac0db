from __future__ import annotations

import builtins
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dagcheck.source import files
from dagcheck.source.decoding import decode
from dagcheck.source.files import RawFile, SourceFile, Unreadable, decode_file, digest_of, read_raw, read_source
from dagcheck.span import Span


def written(folder: Path, data: bytes, name: str = "m.py") -> SourceFile | Unreadable:
    (folder / name).write_bytes(data)
    return read_source(str(folder), name)


# Reading


def test_a_file_has_its_path_text_and_digest(tmp_path: Path) -> None:
    assert written(tmp_path, b"x = 1\n") == SourceFile("m.py", "x = 1\n", digest_of(b"x = 1\n"))


def test_the_digest_is_of_the_bytes_not_of_the_text(tmp_path: Path) -> None:
    unix, windows = written(tmp_path, b"x = 1\n", "a.py"), written(tmp_path, b"x = 1\r\n", "b.py")
    assert isinstance(unix, SourceFile)
    assert isinstance(windows, SourceFile)
    assert unix.text == windows.text
    assert unix.digest != windows.digest


def test_a_digest_is_32_hexadecimal_digits_and_says_nothing_about_the_path() -> None:
    assert digest_of(b"") == "cae66941d9efbd404e4d88758ea67670"
    assert len(digest_of(b"x")) == 32


def test_bytes_can_be_read_without_making_text_of_them(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_bytes(b"\xe9")
    raw = read_raw(str(tmp_path), "m.py")
    assert raw == RawFile("m.py", b"\xe9", digest_of(b"\xe9"))
    assert decode_file(raw).fault is not None


def test_a_file_in_a_folder_is_read_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "m.py").write_bytes(b"")
    assert read_source(str(tmp_path), "pkg/m.py") == SourceFile("pkg/m.py", "", digest_of(b""))


def test_a_file_above_the_limit_is_left_out_and_one_at_the_limit_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAXIMUM_BYTES", 1024 * 1024)
    assert isinstance(written(tmp_path, b"#" * 1024 * 1024), SourceFile)
    assert written(tmp_path, b"#" * (1024 * 1024 + 1)) == Unreadable("m.py", "it is larger than 1 MiB")


def test_a_missing_file_is_a_value_with_the_reason(tmp_path: Path) -> None:
    assert read_source(str(tmp_path), "gone.py") == Unreadable("gone.py", "No such file or directory")


def test_a_file_that_may_not_be_read_is_a_value_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.py").write_bytes(b"")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(builtins, "open", refuse)
    assert read_source(str(tmp_path), "m.py") == Unreadable("m.py", "Permission denied")


def test_folders_and_pipes_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    for name in ("folder.py", "pipe.py"):
        assert read_source(str(tmp_path), name) == Unreadable(name, "it is no regular file")


def test_a_path_that_no_file_system_takes_is_a_value() -> None:
    assert isinstance(read_source("", "a\0b.py"), Unreadable)


# Decoding


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 1\r\ny = 2\rz = 3\n", "x = 1\ny = 2\nz = 3\n"),
        (b"\r\n\r\n", "\n\n"),
        ("é = 'ü'\n".encode(), "é = 'ü'\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"\xef\xbb\xbf# coding: utf-8\nx = 1\n", "# coding: utf-8\nx = 1\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n", None),
        (b"\x0c\t # coding=latin-1\nx = '\xe9'\n", None),
        ("# coding: utf8\nx = 'é'\n".encode(), "# coding: utf8\nx = 'é'\n"),
        ("# coding: koi8-r\nx = 'д'\n".encode("koi8-r"), "# coding: koi8-r\nx = 'д'\n"),
        (b"", ""),
        (b"x = '\x0c\x0b\x1c'\n", "x = '\x0c\x0b\x1c'\n"),
    ],
)
def test_bytes_become_text_as_python_reads_them(data: bytes, text: str | None) -> None:
    decoded, fault = decode(data)
    assert fault is None
    assert text is None or decoded == text
    assert "\ufffd" not in decoded


@pytest.mark.parametrize(
    "data",
    [
        "x = 1\n# coding: latin-1\ny = 'é'\n".encode(),  # after code
        "\n\n# coding: latin-1\ny = 'é'\n".encode(),  # in the third line
        "x = 'é'  # coding: latin-1\n".encode(),  # beside code
        "'''Target encoding: latin-1 é'''\n".encode(),  # in a text
        "# encoding is latin-1\ny = 'é'\n".encode(),  # no colon
    ],
)
def test_what_only_looks_like_a_cookie_is_none(data: bytes) -> None:
    text, fault = decode(data)
    assert fault is None
    assert "é" in text


@pytest.mark.parametrize(
    ("data", "message", "span"),
    [
        (b"x = 1\ny = '\xe9'\n", "Non-UTF-8 code starting with '\\xe9'", Span(2, 6, 2, 7)),
        (b"\xef\xbb\xbf\xff\n", "Non-UTF-8 code starting with '\\xff'", Span(1, 1, 1, 2)),
        ("üü = '".encode() + b"\xe9'\r\n", "Non-UTF-8 code starting with '\\xe9'", Span(1, 7, 1, 8)),
        (b"a\r\nb\rc = '\xe9'\n", "Non-UTF-8 code starting with '\\xe9'", Span(3, 6, 3, 7)),
        (b"\xff\xfex\x00", "Non-UTF-8 code starting with '\\xff'", Span(1, 1, 1, 2)),
        (b"# coding: utf-8\nx = '\xe9'\n", "Non-UTF-8 code starting with '\\xe9'", Span(2, 6, 2, 7)),
        (b"# coding of \xe9\n", "Non-UTF-8 code starting with '\\xe9'", Span(1, 13, 1, 14)),
        (b"# coding: ascii\nx = '\xe9'\n", "'ascii' codec cannot decode byte 0xe9", Span(2, 6, 2, 7)),
        (b"# coding: klingon\nx = 1\n", "encoding problem: unknown encoding: klingon", Span(1, 1, 1, 18)),
        (b"#!/x\n# coding: klingon\n", "encoding problem: unknown encoding: klingon", Span(2, 1, 2, 18)),
        (b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem: the byte order mark says UTF-8", Span(1, 1, 1, 18)),
        (b"# coding: hex\nx = 1\n", "encoding problem: 'hex' is not a text encoding", Span(1, 1, 1, 14)),
        (b"# coding: rot13\nx = 1\n", "encoding problem: 'rot13' is not a text encoding", Span(1, 1, 1, 16)),
        (b"# coding: undefined\nx = 1\n", "encoding problem: ", Span(1, 1, 1, 20)),
        (b"# coding: utf-16\nx = 1\n", "encoding problem: utf-16 does not extend ASCII", Span(1, 1, 1, 17)),
    ],
)
def test_what_cannot_be_decoded_is_a_fault_with_its_place(data: bytes, message: str, span: Span) -> None:
    text, fault = decode(data)
    assert fault is not None
    assert fault.message.startswith(message)
    assert fault.span == span
    assert text.isprintable() or "\n" in text or "\0" in text


def test_the_rest_of_an_undecodable_text_can_still_be_shown() -> None:
    assert decode(b"x = 1\ny = '\xe9'\n")[0] == "x = 1\ny = '\ufffd'\n"


def test_ordinary_files_do_not_load_the_tokenizer() -> None:
    script = (
        "import sys; from dagcheck.source.decoding import decode; decode(b'x = 1\\n');"
        "decode(b'# -*- coding: utf-8 -*-\\n'); decode(b'\\'Target encoding: mean\\'\\n');"
        "print(sorted({'tokenize', 'hashlib', 'subprocess', 'sqlite3'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
