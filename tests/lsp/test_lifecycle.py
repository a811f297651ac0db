"""Does the server begin and end as the protocol wants it, whatever it is doing?"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.lsp.fuzz import FIXTURES


def spoken(folder: Path, messages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """What the server answers to messages that are sent at once, and the status it ends with."""
    sent = b""
    for message in messages:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        sent += b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    run = subprocess.run(
        [sys.executable, "-m", "dagcheck", "server"], input=sent, capture_output=True, check=False, cwd=folder, timeout=60
    )  # fmt: skip
    found, rest = [], run.stdout
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        length = int(head.split(b":", 1)[1].split()[0])
        found.append(json.loads(rest[:length]))
        rest = rest[length:]
    return found, run.returncode


def beginning(folder: Path, capabilities: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The first messages of a client."""
    given = {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities or {}}
    return [{"id": 1, "method": "initialize", "params": given}, {"method": "initialized", "params": {}}]


def test_an_end_during_the_first_analysis_is_an_end(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    shutil.copytree(FIXTURES / "training", folder)
    answers, status = spoken(folder, [*beginning(folder), {"id": 2, "method": "shutdown"}, {"method": "exit"}])
    assert [each for each in answers if each.get("id") == 2] == [{"id": 2, "jsonrpc": "2.0", "result": None}]
    assert status == 0
