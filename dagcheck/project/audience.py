"""Whom does a change concern? The owners of what it reaches, the tests that exercise it, and what nobody can be sure about."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence

from dagcheck.dataflows.declared import is_test_module
from dagcheck.dataflows.readers import CODEOWNERS, code_owners, owners_in_tags, tests_reaching
from dagcheck.graph.dataflow import Dataflow
from dagcheck.impact.fingerprint import Fingerprints
from dagcheck.impact.outcome import Uncertain
from dagcheck.impact.propagation import Affected
from dagcheck.nodes.node import Node
from dagcheck.project.code import Code
from dagcheck.project.run import Run
from dagcheck.source.history import work_tree_top

_DYNAMIC = {
    "any": "it imports modules by names that are not known",
    "own": "it looks names of its module up while it runs",
}


class Audience:
    """Who stands behind the nodes of one state of the project."""

    def __init__(self, run: Run, code: Code, fingerprints: Fingerprints) -> None:
        self._run = run
        self._code = code
        self._fingerprints = fingerprints

    def owners(self, flows: Iterable[Dataflow], reached: Sequence[Affected]) -> tuple[str, ...]:
        """The owners of affected nodes, of their files, and of their dataflows, sorted."""
        by_file = self._code_owners()
        found: set[str] = set()
        for flow, node in _nodes(flows, reached):
            found.update(owners_in_tags(dict(node.tags)))
            found.update(by_file(node.origin.path))
            found.update([flow.spec.owner] if flow.spec.owner else [])
        return tuple(sorted(found))

    def tests(self, flows: Iterable[Dataflow], reached: Sequence[Affected]) -> tuple[str, ...]:
        """The tests that exercise the functions of affected nodes, as pytest names them."""
        files = self._run.scene.files or ()
        if not any(map(is_test_module, files)):
            return ()
        wanted = {key for _, node in _nodes(flows, reached) for key in self._fingerprints.keys(node)}
        if not wanted:
            return ()
        linker = self._code.linker(())
        source_of, symbols_of = self._run.sources.source, self._code.symbols
        return tuple(tests_reaching(files, source_of, symbols_of, linker, wanted))

    def uncertain(self, flows: Iterable[Dataflow], known: Collection[tuple[str, str]]) -> list[Uncertain]:
        """The nodes that may be reached unseen, since their code looks names up while it runs."""
        linker = self._code.linker(())
        found: list[Uncertain] = []
        paths = [path for flow in flows for _, path in flow.modules]
        closure = self._code.closure(paths)
        dynamic = {path for path in closure if self._code.links(path).is_dynamic}
        reaching = self._code.importing(closure, dynamic)
        for flow in flows:
            for node in flow.nodes if dynamic else ():
                if (flow.name, node.name) in known or node.origin.path not in reaching:
                    continue
                words = [word for key in self._fingerprints.keys(node) for word in linker.dynamic(key)]
                kinds = [word.partition(" ") for word in words if word.startswith("any ")]
                if kinds:
                    found.append(Uncertain(node.name, flow.name, f"{_DYNAMIC['any']}: `{kinds[0][2]}`"))
        return found

    def _code_owners(self) -> Callable[[str], tuple[str, ...]]:
        root = self._run.scene.root
        top = work_tree_top(root) or root
        for folder in dict.fromkeys((root, top)):
            for place in CODEOWNERS:
                path = os.path.join(folder, place)
                if os.path.isfile(path):
                    prefix = os.path.relpath(root, folder).replace(os.sep, "/")
                    with open(path, encoding="utf-8", errors="replace") as file:
                        return code_owners(file.read(), "" if prefix == "." else f"{prefix}/")
        return lambda path: ()


def _nodes(flows: Iterable[Dataflow], reached: Sequence[Affected]) -> Iterable[tuple[Dataflow, Node]]:
    names = {(row.dataflow, row.node) for row in reached}
    for flow in flows:
        for node in flow.nodes:
            if (flow.name, node.name) in names:
                yield flow, node
