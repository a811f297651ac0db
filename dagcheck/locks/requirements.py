"""What does a file of requirements say: one that `pip freeze`, `pip-compile` or a person wrote?

`name==version` is a pin, whatever extras, markers and hashes stand with it; any other requirement is loose. Files behind `-r` and
`-c` are read as files of their own. Other options say nothing about versions, nor do folders (`-e .`), which are the project's code.
What a line means that none of this describes is told.
"""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterator

from dagcheck.locks.lock import Lock, Pins

_NAMED = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_EXACT = re.compile(r"={2,3}\s*([^\s,;*]+)")
_CLAUSES = re.compile(r"\(?\s*(?:(?:===|==|!=|~=|<=|>=|<|>)\s*[^\s,;()=<>!~]+\s*,?\s*)*\)?")
_WHEEL = re.compile(r"([A-Za-z0-9_.]+)-([^-/]+)(?:-[^-/]+){3,4}\.whl$")
_COMMIT = re.compile(r"@([0-9a-f]{7,40})(?:#|$)")
_INCLUDING = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s+|=|(?<=-[rc]))(\S.*)")
_LONGEST = 2_000
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s+|=)(\S.*)")
_REPOSITORY = re.compile(r"(?:git|hg|svn|bzr)\+\S+?@(\S+?)#(?:\S*&)?egg=([A-Za-z0-9._-]+)")


def read_requirements(path: str, content: bytes) -> Lock:
    """The lock that a file of requirements is."""
    try:
        text = _decoded(content)
    except UnicodeDecodeError:
        return Lock(path, fault="it is no UTF-8")
    pins = Pins(path)
    for number, written in _lines(text):
        line = written.partition(" --")[0].rstrip()
        if len(line) > _LONGEST:
            pins.remark(number, f"`{line[:60]}` is too long to be a requirement")
            continue
        including = _INCLUDING.match(line)
        if including and "://" not in including[1]:
            pins.include(posixpath.normpath(posixpath.join(posixpath.dirname(path), including[1].strip("\"' "))))
        elif including:
            pins.remark(number, f"`{including[1]}` is elsewhere and not read")
        elif not (editable := _EDITABLE.match(line)):
            if not line.startswith(("-", ".")):
                add_requirement(pins, number, line)
        elif not editable[1].startswith("."):
            add_requirement(pins, number, editable[1])
    return pins.lock()


def add_requirement(pins: Pins, number: int, line: str) -> None:
    """One requirement without comments: a pin, or a loose one."""
    wanted = line[:_LONGEST].strip()
    wheel = _WHEEL.search(wanted.partition("#")[0].partition(" ;")[0])
    if wheel and "==" not in wanted:
        pins.add(wheel[1], wheel[2])
        return
    cloned = _REPOSITORY.match(wanted)
    if cloned:
        pins.add(cloned[2], f"git {cloned[1][:12]}")
        return
    named = _NAMED.fullmatch(wanted)
    rest = named[2].partition(";")[0].strip() if named else ""
    if named and rest.startswith("@"):
        commit = _COMMIT.search(named[2])
        pins.add(named[1], f"git {commit[1][:12]}" if commit else rest[1:].strip())
    elif named and _CLAUSES.fullmatch(rest):
        exact = _EXACT.search(rest)
        pins.add(named[1], exact[1].rstrip(")") if exact and not rest[exact.end() :].startswith("*") else "")
    else:
        pins.remark(number, f"`{line[:60]}` is no requirement that can be read")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with what continues them, without comments, each with the number of its first."""
    held, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        start = start if held else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            held += line[:-1]
            continue
        whole = re.sub(r"(^|\s)#.*$", "", held + line).strip()
        held = ""
        if whole:
            yield start, whole
    if held.strip():
        yield start, held.strip()


def _decoded(content: bytes) -> str:
    """The text; like pip, by its byte order mark if it has one."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")
