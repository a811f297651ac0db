"""What is a problem of a case?"""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """Something that does not hold, at a line of the suite."""

    line: int
    message: str
