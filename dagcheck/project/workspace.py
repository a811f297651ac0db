"""What is known of a project while it is being edited?

A `Workspace` holds one project folder in memory: texts of open buffers lie over the files, and each question is answered from
the texts as they are now. Only what hangs on a changed text is done again (`dagcheck.project.memory`); the answer is the one
that a fresh `dagcheck check` of these texts gives.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.project.judgement import judge
from dagcheck.project.live import LiveSources, Mended
from dagcheck.project.memory import Memory
from dagcheck.project.run import Run, prepare, rule_names
from dagcheck.report.summary import Summary
from dagcheck.settings import Options
from dagcheck.settings.loading import load_settings
from dagcheck.source.facts import Source


class View(NamedTuple):
    """The project at one moment: its dataflows, its findings, and how its files are read.

    `known` are the dataflows as they were when every file last parsed: what to go by where a text is half written.
    """

    run: Run
    dataflows: tuple[Dataflow, ...]
    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    notes: tuple[str, ...]
    known: tuple[Dataflow, ...]
    sources: LiveSources

    def source(self, path: str) -> Source | None:
        """A file as it last parsed."""
        good = self.sources.good(path)
        return good[1] if good is not None else self.sources.source(path)


class Workspace:
    """One project folder, kept in memory. State: the run's surroundings, the texts, and the last view of them."""

    def __init__(self, root: str, options: Options | None = None) -> None:
        self.root = os.path.abspath(root)
        self._options = (options or Options())._replace(project=self.root, use_cache=False, jobs=1)
        self._sources = LiveSources(self.root)
        self._memory = Memory()
        self._run: Run | None = None
        self._view: View | None = None

    def view(self) -> View:
        """The project as it is now. Raises `UsageError` for mistakes in the settings."""
        if self._view is None:
            run = self._prepared()
            judged = judge(run, self._memory)
            known = self._known(run, judged.dataflows)
            self._memory.turn()
            self._view = View(
                run, judged.dataflows, judged.diagnostics, judged.summary, judged.notes, known, self._sources
            )
        return self._view

    def put(self, path: str, text: str | None) -> None:
        """Lay a text over a file, or take it away; `path` is relative to the project and `/`-separated."""
        if text is None or self._sources.buffer(path) != text:
            self._sources.put(path, text)
            self._view = None

    def read_again(self, path: str) -> None:
        """A file changed on the disk."""
        self._sources.forget(path)
        self._view = None

    def read_all_again(self) -> None:
        """All files may have changed on the disk: another branch was checked out."""
        self._sources.forget_files()
        self._view = None

    def list_again(self) -> None:
        """Files came or went, or the settings changed."""
        self._run = None
        self._view = None

    def supposing(self, texts: Mapping[str, str]) -> View:
        """The project as it would be if these files held these texts. Nothing is kept of it."""
        view = self.view()
        code = {path: text for path, text in texts.items() if path != view.run.settings.path}
        before = {path: self._sources.buffer(path) for path in code}
        self._view = None
        try:
            if len(code) < len(texts):
                content = texts[view.run.settings.path or ""].encode()
                self._run = view.run._replace(settings=load_settings(self.root, rule_names(), content))
            for path, text in code.items():
                self._sources.put(path, text)
            return self.view()
        finally:
            for path, buffer in before.items():
                self._sources.put(path, buffer)
            self._view, self._run = view, view.run

    def text(self, path: str) -> str:
        """The text of a file as it is now, with Python's newlines."""
        return self._sources.text(path)

    def relative(self, full: str) -> str | None:
        """A path of the system as a path of the project; None when it lies elsewhere."""
        prefix = self.root.rstrip(os.sep) + os.sep
        path = os.path.normpath(full)
        return path.removeprefix(prefix).replace(os.sep, "/") if path.startswith(prefix) else None

    def absolute(self, path: str) -> str:
        """A path of the project as a path of the system."""
        return os.path.join(self.root, *path.split("/"))

    def _prepared(self) -> Run:
        if self._run is None:
            run = prepare(self._options)
            self._memory.forget_except(run.scene.files or ())
            self._sources.forget_except(run.scene.files or ())
            self._run = run._replace(sources=self._sources)
        return self._run

    def _known(self, run: Run, dataflows: tuple[Dataflow, ...]) -> tuple[Dataflow, ...]:
        if not self._sources.broken():
            return dataflows
        return judge(run._replace(sources=Mended(self._sources)), self._memory).dataflows
