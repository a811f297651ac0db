"""What comes of comparing two states of a project? All that reports say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.impact.changes import EFFECTS, Effect
from dagcheck.impact.effects import Change
from dagcheck.impact.propagation import Affected

if TYPE_CHECKING:  # only those who ask for lock files need them
    from dagcheck.locks.comparison import VersionChange


class Output(NamedTuple):
    """An affected node that somebody asks for, and where; no path: on the command line."""

    node: str
    dataflow: str
    path: str
    line: int
    owner: str = ""

    @property
    def place(self) -> str:
        """Where it is asked for, in words."""
        return f"{self.path}:{self.line}" if self.path else "command line"


class Uncertain(NamedTuple):
    """A node that looks names up while it runs, so that a change may reach it unseen."""

    node: str
    dataflow: str
    reason: str


class ChangedVersion(NamedTuple):
    """A distribution that is locked in another version, and how many nodes use it."""

    change: VersionChange
    nodes: int


class Impact(NamedTuple):
    """What a change reaches. `base` and `head` are commits, `head` may be the working tree.

    `complete`: no node is missing because something could not be read, and nothing is uncertain. `edges` are those between
    affected nodes, or from one that is gone to one that read it, as (dataflow, from, to), and `modules` those of the nodes.
    `versions` are those of distributions, where lock files were compared, `remarks` what could not be compared there.
    """

    base: str
    head: str
    complete: bool
    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    outputs: tuple[Output, ...]
    owners: tuple[str, ...]
    tests: tuple[str, ...]
    new: tuple[Diagnostic, ...]
    resolved: tuple[Diagnostic, ...]
    uncertain: tuple[Uncertain, ...] = ()
    edges: tuple[tuple[str, str, str], ...] = ()
    modules: tuple[tuple[tuple[str, str], str], ...] = ()
    versions: tuple[ChangedVersion, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def effect(self) -> Effect | None:
        """The worst effect of all changes; None when nothing changed."""
        found = {change.effect for change in self.changes}
        return next((effect for effect in EFFECTS if effect in found), None)

    @property
    def dataflows(self) -> tuple[str, ...]:
        """The dataflows in which something changed or is affected."""
        names = [change.dataflow for change in self.changes]
        return tuple(dict.fromkeys([*names, *(row.dataflow for row in self.affected)]))
