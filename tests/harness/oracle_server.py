"""How can a hundred fresh processes import Hamilton once? One warm process forks a child for every build.

Reads requests from stdin, one JSON object a line (see `oracle_build`, plus `time_limit` in seconds), and answers each
with one line on stdout: what the child said, plus `output`, all that it printed. A child that dies or takes too long
gives `{"died": "..."}`. Run as `python -m tests.harness.oracle_server MODULE...` in the repository's root; the modules
named are imported before the first fork.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
from typing import IO, Any

from tests.harness import oracle_build
from tests.harness.oracle_build import leave_repository


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Answer every request until the other side closes."""
    for line in requests:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What a child of this process says to one request."""
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as printed:
        child = os.fork()
        if child == 0:
            os.close(reading)
            _be_the_child(request, writing, printed)
        os.close(writing)
        said, late = _read(reading, request["time_limit"])
        if late:
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        printed.seek(0)
        output = printed.read().decode("utf-8", "replace")
    if late:
        return {"died": f"no answer after {request['time_limit']} s", "output": output}
    if not said:
        return {"died": f"ended with status {status} before it could answer", "output": output}
    return {**json.loads(said), "output": output}


def _be_the_child(request: dict[str, Any], writing: int, printed: IO[bytes]) -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        said = json.dumps(oracle_build.answer(request)).encode()
        sys.stdout.flush()
        sys.stderr.flush()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(said)
    finally:
        os._exit(0)


def _read(reading: int, time_limit: float) -> tuple[bytes, bool]:
    """All that comes through the pipe, and whether time ran out first."""
    end = time.monotonic() + time_limit
    said = bytearray()
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
            chunk = pipe.read(65536)
            if not chunk:
                return bytes(said), False
            said += chunk
    return b"", True


def main() -> None:
    """Warm up, then serve. What warming up prints must not get between the answers."""
    leave_repository()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for name in sys.argv[1:]:
        importlib.import_module(name)
    serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
