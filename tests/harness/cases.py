"""What does a section of a suite mean? Sections with blocks become cases: files, configurations, and what must hold.

Blocks, by the word after the fence:

- `python`, `text`: a file; without a name before the block, Python is `dataflow.py`. Every name once a section.
- `toml`: settings, `dagcheck.toml` unless named. `json` with a name: a file.
- `json config`: a mapping, or a list of them: configurations in which dagcheck and Hamilton must agree.
- `graph`: the graph (see `graph_block`) in the one configuration of the case; `graph {"k": 1}` in that one, which is
  then tried as well; `graph all` over all configurations at once, of dagcheck alone.
- `dataflows`: what `dagcheck dataflows` lists, a line each (see `listing`).
- `snapshot`: what `dagcheck check --format full` shows. `pytest --update-snapshots` rewrites it.
- `impact`: what `dagcheck impact` finds (see `impact_block`) between the files under `before/` and those under `after/`; files
  that are under neither are there both times. What else a case says is about the files afterwards.

Directives, as HTML comments:

- `config: {...}` (repeatable): like a `json config` block. Without any, `{}` is tried.
- `modules: a, b`: the dataflow, in this order; default: every Python file in order of the blocks. `modules: none`, which is
  the default where there are `scripts` or a `dataflows` block.
- `scripts: run.py`: scripts that real Hamilton runs; the drivers that they build must be dataflows of dagcheck's. `then: f()`
  are statements that run in the names of the only script afterwards.
- `roots: src`: import roots; default: the folder of the case.
- `options: --pedantic`: more options for `dagcheck check`; what says what is analysed goes to `dagcheck graph` as well.
- `discover`: `dagcheck check` looks for dataflows itself instead of being told the modules.
- `differs: reason`: dagcheck and Hamilton disagree on purpose, in at least one of the configurations.
- `unknown types: reason`: dagcheck cannot know the type of at least one node; everywhere else that is a failure.
- `stand-ins: a, b`: packages that Hamilton finds stand-ins for (see `stand_ins`) where they are not installed.
- `python: >=3.11`: only there does the case exist. Also `<3.12`; both with a comma.

A case opens with a sentence. A section without blocks is no case; nothing is handed down to sections below it.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from tests.harness import graph_block
from tests.harness.expectations import (
    CommentError,
    Expected,
    ExpectedNodes,
    expected_diagnostics,
    expected_nodes,
)
from tests.harness.markdown import Block, Directive, Section, SuiteError, sections

Config = Mapping[str, Any]

_REPEATABLE = {"config"}
_VALUED = {
    "config",
    "modules",
    "scripts",
    "then",
    "roots",
    "options",
    "differs",
    "unknown types",
    "stand-ins",
    "python",
}
_DIRECTIVES = _VALUED | {"discover"}
_DEFAULT_NAMES = {"python": "dataflow.py", "toml": "dagcheck.toml"}
_FILES = {"python": (".py", ".pyi"), "toml": (".toml",), "json": (".json",), "text": ("",)}


class CaseFile(NamedTuple):
    """A file of a case; its first line is `line` of the suite."""

    name: str
    text: str
    line: int
    diagnostics: tuple[Expected, ...]
    nodes: tuple[ExpectedNodes, ...]


class GraphBlock(NamedTuple):
    """What a graph must look like under `config`, None for all configurations at once."""

    config: Config | None
    lines: tuple[graph_block.Line, ...]
    line: int


class Case(NamedTuple):
    """One test. `configs` is never empty. Lines are lines of the suite. `stand_ins` are those needed on this machine."""

    suite: Path
    titles: tuple[str, ...]
    line: int
    files: tuple[CaseFile, ...]
    modules: tuple[str, ...]
    roots: tuple[str, ...] = (".",)
    configs: tuple[Config, ...] = ({},)
    graphs: tuple[GraphBlock, ...] = ()
    snapshot: Block | None = None
    before: tuple[CaseFile, ...] = ()
    impact: Block | None = None
    options: tuple[str, ...] = ()
    discover: bool = False
    differs: str = ""
    unknown_types: str = ""
    stand_ins: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    then: str = ""
    listing: Block | None = None

    @property
    def own_names(self) -> frozenset[str]:
        """The first parts of the names of the case's modules: what is the project's own."""
        return frozenset(module.partition(".")[0] for module in self.modules)


def cases(path: Path, own_rule: str = "") -> tuple[Case, ...]:
    """The cases of one suite for this Python; in the page of a rule, `own_rule` is its name. Raises SuiteError."""
    found = [
        _Maker(path, section, own_rule).case() for section in sections(path) if section.blocks or section.directives
    ]
    titles = [case.titles for case in found if case]
    for case in found:
        if case and titles.count(case.titles) > 1:
            raise SuiteError(path, case.line, f"two cases are called {' / '.join(case.titles)}")
    return tuple(case for case in found if case)


class _Maker:
    """Makes a case of one section."""

    def __init__(self, path: Path, section: Section, own_rule: str) -> None:
        self._path = path
        self._section = section
        self._own_rule = own_rule
        self._directives = self._read_directives()

    def case(self) -> Case | None:
        """The case, None if it is for another Python."""
        section = self._section
        if not section.blocks:
            raise self._error(section.directives[0].line, "a directive without a block has nothing to direct")
        self._demand_a_sentence(section.blocks[0].line)
        if not self._is_for_this_python():
            return None
        every = tuple(self._files())
        before = tuple(file for file in every if not file.name.startswith("after/"))
        files = tuple(file for file in every if not file.name.startswith("before/"))
        files = tuple(file._replace(name=file.name.removeprefix("after/")) for file in files)
        roots = tuple(self._words("roots")) or (".",)
        finds_itself = "scripts" in self._directives or self._only("dataflows") is not None
        default = ("none",) if finds_itself else tuple(self._module_names(files, roots))
        modules = tuple(self._words("modules", default))
        own = {module.partition(".")[0] for module in modules}
        stated = tuple(self._configs())
        graphs = tuple(self._graphs(stated, own))
        if modules == ("none",) and (graphs or any(file.nodes for file in files)):
            raise self._error(section.line, "without modules there is no graph whose nodes could be expected")
        drawn = [block.config for block in graphs if block.config is not None]
        configs = stated + tuple(config for config in drawn if config not in stated)
        return Case(
            suite=self._path,
            titles=section.titles,
            line=section.line,
            files=files,
            modules=() if modules == ("none",) else modules,
            roots=roots,
            configs=configs or ({},),
            graphs=graphs,
            snapshot=self._only("snapshot"),
            scripts=tuple(self._words("scripts")),
            then=self._value("then"),
            listing=self._only("dataflows"),
            before=tuple(file._replace(name=file.name.removeprefix("before/")) for file in before),
            impact=self._impact(every),
            options=tuple(shlex.split(self._value("options"))),
            discover="discover" in self._directives,
            differs=self._value("differs"),
            unknown_types=self._value("unknown types"),
            stand_ins=tuple(name for name in self._words("stand-ins") if find_spec(name) is None),
        )

    def _error(self, line: int, message: str) -> SuiteError:
        return SuiteError(self._path, line, message)

    def _read_directives(self) -> dict[str, list[Directive]]:
        found: dict[str, list[Directive]] = {}
        for directive in self._section.directives:
            if directive.name not in _DIRECTIVES:
                known = ", ".join(sorted(_DIRECTIVES))
                raise self._error(directive.line, f"unknown directive {directive.name!r}; there are {known}")
            if bool(directive.value) != (directive.name in _VALUED):
                wanted = "needs a value" if directive.name in _VALUED else "takes no value"
                raise self._error(directive.line, f"the directive {directive.name!r} {wanted}")
            if directive.name in found and directive.name not in _REPEATABLE:
                raise self._error(directive.line, f"the directive {directive.name!r} stands twice")
            found.setdefault(directive.name, []).append(directive)
        return found

    def _value(self, name: str) -> str:
        return self._directives[name][0].value if name in self._directives else ""

    def _words(self, name: str, default: tuple[str, ...] = ()) -> Iterator[str]:
        words = [word.strip() for word in self._value(name).split(",") if word.strip()]
        yield from words or default

    def _demand_a_sentence(self, line: int) -> None:
        before = [text for at, text in self._section.prose if at < line]
        if not any(len(text.split()) >= 3 for text in before):
            raise self._error(line, "a case opens with a sentence that says what it shows")

    def _is_for_this_python(self) -> bool:
        for condition in self._words("python"):
            match = re.fullmatch(r"(>=|<)\s*3\.(\d+)", condition)
            if not match:
                raise self._error(self._directives["python"][0].line, f"not a condition on the version: {condition}")
            if (sys.version_info[1] >= int(match[2])) != (match[1] == ">="):
                return False
        return True

    def _files(self) -> Iterator[CaseFile]:
        names: set[str] = set()
        for block in self._section.blocks:
            kind, _, rest = block.info.partition(" ")
            if kind in {"graph", "snapshot", "dataflows", "impact"} or block.info == "json config":
                self._refuse_a_name(block)
                continue
            if kind not in _FILES or rest:
                raise self._error(block.line, f"a block of this kind means nothing here: {block.info or '(none)'}")
            name = block.file or _DEFAULT_NAMES.get(kind, "")
            if not name:
                raise self._error(block.line, f"this file needs a name on the line before it: `name.{kind}`:")
            if not name.endswith(_FILES[kind]) or name.startswith("/") or ".." in name.split("/"):
                raise self._error(block.line, f"{name} is no name for a {kind} file of the case")
            if name in names:
                raise self._error(block.line, f"the file {name} stands twice in this section")
            names.add(name)
            yield self._file(name, block)

    def _refuse_a_name(self, block: Block) -> None:
        if block.file:
            raise self._error(block.line, f"a {block.info.split()[0]} block is no file: the line before it names one")

    def _file(self, name: str, block: Block) -> CaseFile:
        try:
            diagnostics = expected_diagnostics(block.text, self._own_rule)
            nodes = expected_nodes(block.text) if name.endswith(".py") else ()
        except CommentError as error:
            raise self._error(block.line + error.line, str(error)) from None
        return CaseFile(name, block.text, block.line + 1, diagnostics, nodes)

    def _module_names(self, files: tuple[CaseFile, ...], roots: tuple[str, ...]) -> Iterator[str]:
        for file in files:
            if file.name.endswith(".py"):
                inside = next((file.name.removeprefix(f"{root}/") for root in roots if root != "."), file.name)
                yield inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def _configs(self) -> Iterator[Config]:
        for directive in self._directives.get("config", ()):
            yield from self._mappings(directive.value, directive.line)
        for block in self._section.blocks:
            if block.info == "json config":
                yield from self._mappings(block.text, block.line)

    def _mappings(self, text: str, line: int) -> Iterator[Config]:
        try:
            value = json.loads(text)
        except ValueError as error:
            raise self._error(line, f"not JSON: {error}") from None
        for config in value if isinstance(value, list) else [value]:
            if not isinstance(config, dict):
                raise self._error(line, f"a configuration is a mapping, not {json.dumps(config)}")
            yield config

    def _graphs(self, stated: tuple[Config, ...], own: set[str]) -> Iterator[GraphBlock]:
        for block in self._section.blocks:
            kind, _, which = block.info.partition(" ")
            if kind != "graph":
                continue
            if which == "all":
                config = None
            elif which:
                (config,) = self._mappings(which, block.line)
            elif len(stated) > 1:
                raise self._error(block.line, 'say which configuration this graph is of: ```graph {"k": "v"}')
            else:
                config = stated[0] if stated else {}
            try:
                lines = graph_block.parse(block.text, own)
            except ValueError as error:
                raise self._error(block.line, str(error)) from None
            yield GraphBlock(config, lines, block.line)

    def _impact(self, files: tuple[CaseFile, ...]) -> Block | None:
        block = self._only("impact")
        sides = {file.name.partition("/")[0] for file in files} & {"before", "after"}
        if sides and block is None:
            raise self._error(self._section.line, "files before and after a change need an `impact` block")
        if block is not None and not sides:
            raise self._error(block.line, "an `impact` block needs files under `before/` or `after/`")
        return block

    def _only(self, kind: str) -> Block | None:
        blocks = [block for block in self._section.blocks if block.info.partition(" ")[0] == kind]
        for block in blocks[1:]:
            raise self._error(block.line, f"a case has one block of this kind: {kind}")
        return blocks[0] if blocks else None
