"""Which settings are there, and what do they say? All mistakes at once, each at its place.

Nothing is guessed: a key that is not known, a value of the wrong type, a rule that does not exist are mistakes, with the
nearest name as advice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from typing import Any

from dagcheck.diagnostics import SEVERITIES
from dagcheck.settings import LOCK_LEVELS, TYPE_CHECKS, Conventions, DataflowSettings, Settings, UsageError
from dagcheck.settings.checking import Checker, Reader, kind_of, unknown_name
from dagcheck.settings.folder import PROJECT_FILE
from dagcheck.settings.globs import fault_of
from dagcheck.settings.positions import Path
from dagcheck.settings.type_text import fault_of_type
from dagcheck.span import Location


def read_settings(root: str, file: str, document: dict[str, Any], text: str, known_rules: Collection[str]) -> Settings:
    """The settings that a TOML document holds. Raises `UsageError` with all mistakes.

    `file` is the document's name, relative to the project folder `root`; `text` is only looked at to find places.
    """
    reader = _SettingsReader(root, file, text, known_rules)
    settings = reader.settings(document)
    if reader.mistakes:
        raise UsageError(*(f"{file}:{span.line}:{span.column}: {words}" for span, words in sorted(reader.mistakes)))
    return settings


class _SettingsReader(Checker):
    """Knows the keys of the settings."""

    def __init__(self, root: str, file: str, text: str, known_rules: Collection[str]) -> None:
        super().__init__(text)
        self._root = root
        self._file = file
        self._known_rules = known_rules

    def settings(self, document: dict[str, Any]) -> Settings:
        """The settings of a whole document."""
        base: Path = ()
        table: Any = document
        if self._file == PROJECT_FILE:
            base = ("tool", "dagcheck")
            tool = document.get("tool")
            table = tool.get("dagcheck", {}) if isinstance(tool, dict) else {}
        elif isinstance(document.get("tool"), dict) and "dagcheck" in document["tool"]:
            self.mistake(("tool", "dagcheck"), f"in {self._file} the keys stand at top level, not in [tool.dagcheck]")
            return Settings()
        if not isinstance(table, dict):
            self.mistake(base, f"[tool.dagcheck] must be a table, not {kind_of(table)}")
            return Settings()
        readers: dict[str, tuple[str, Reader]] = {
            "root": ("roots", self._roots),
            "python": ("python", self.string),
            "exclude": ("exclude", self._globs),
            "select": ("select", self._rules),
            "ignore": ("ignore", self._rules),
            "fail-on": ("fail_on", self.choice(SEVERITIES)),
            "type-check": ("type_check", self.choice(TYPE_CHECKS)),
            "severity": ("severity", self._severities),
            "per-file-ignores": ("per_file_ignores", self._per_file_ignores),
            "dataflow": ("dataflows", self._dataflows),
            "required-tags": ("required_tags", self.strings),
            "node-names": ("node_names", self._pattern),
            "locks": ("locks", self.choice(LOCK_LEVELS)),
            "layers": ("layers", self._layers),
        }
        fields = self.fields(base, table, readers)
        conventions = Conventions(**{name: fields.pop(name) for name in Conventions._fields if name in fields})
        return Settings(path=self._file, conventions=conventions)._replace(**fields)

    def _dataflows(self, path: Path, value: Any) -> tuple[DataflowSettings, ...]:
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.wrong(path, "a list of tables, each written as [[tool.dagcheck.dataflow]]", value)
            return ()
        dataflows = [self._dataflow((*path, index), table) for index, table in enumerate(value)]
        first: dict[str, int] = {}
        for index, dataflow in enumerate(dataflows):
            if dataflow.name in first:
                words = f"a dataflow called `{dataflow.name}` is there already, in line {first[dataflow.name]}"
                self.mistake((*path, index, "name"), words)
            elif dataflow.name:
                first[dataflow.name] = dataflow.location.span.line
        return tuple(dataflows)

    def _dataflow(self, path: Path, table: dict[str, Any]) -> DataflowSettings:
        readers: dict[str, tuple[str, Reader]] = {
            "name": ("name", self.string),
            "modules": ("modules", self.strings),
            "config": ("configs", lambda path, value: self._configs(path, value, single=True)),
            "configs": ("configs", self._configs),
            "final-vars": ("final_vars", self.strings),
            "inputs": ("inputs", self._inputs),
            "overrides": ("overrides", self.strings),
            "allow-module-overrides": ("allow_module_overrides", self.boolean),
            "owner": ("owner", self.string),
        }
        for key in ("name", "modules"):
            if table.get(key) in (None, "", []):
                self.mistake((*path, key) if key in table else path, f"a dataflow needs `{key}`")
        if "config" in table and "configs" in table:
            self.mistake((*path, "configs"), "`config` and `configs` exclude each other")
        fields = {"name": "", "modules": (), **self.fields(path, table, readers)}
        return DataflowSettings(location=self._location(path), places=self._places(path, table), **fields)

    def _places(self, path: Path, table: dict[str, Any]) -> dict[tuple[str, str], Location]:
        """Where names and keys of configurations are written; the first place of each."""
        found: dict[tuple[str, str], Location] = {}
        for key in ("modules", "final-vars", "inputs", "overrides"):
            listed = table.get(key)
            for index, name in enumerate(listed) if isinstance(listed, list) else ():
                found.setdefault((key, str(name)), self._location((*path, key, index)))
        tables = [("inputs", (*path, "inputs"), table.get("inputs"))]
        tables += [("config 0", (*path, "config"), table.get("config"))]
        configs = table.get("configs")
        for index, config in enumerate(configs) if isinstance(configs, list) else ():
            tables.append((f"config {index}", (*path, "configs", index), config))
        for key, place, mapping in tables:
            for name in mapping if isinstance(mapping, dict) else ():
                found.setdefault((key, name), self._location((*place, name)))
        return found

    def _location(self, path: Path) -> Location:
        return Location(self._file, self.span(path))

    def _configs(self, path: Path, value: Any, *, single: bool = False) -> tuple[dict[str, Any], ...]:
        entries = [value] if single else value
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
            self.wrong(path, "a table" if single else "a list of tables", value)
            return ()
        return tuple(entries)

    def _inputs(self, path: Path, value: Any) -> tuple[tuple[str, str | None], ...]:
        if isinstance(value, dict) and all(isinstance(annotation, str) for annotation in value.values()):
            for name, annotation in value.items():
                fault = fault_of_type(annotation)
                if fault:
                    self.mistake((*path, name), f"input `{name}`: `{annotation}` {fault}")
            return tuple(value.items())
        if isinstance(value, dict):
            self.wrong(path, "a table of types as strings", next(v for v in value.values() if not isinstance(v, str)))
            return ()
        return tuple((name, None) for name in self.strings(path, value, "a list of strings, or a table of types"))

    def _roots(self, path: Path, value: Any) -> tuple[str, ...]:
        roots = self.strings(path, value)
        for index, root in enumerate(roots):
            if not os.path.isdir(os.path.join(self._root, root)):
                self.mistake((*path, index), f"import root `{root}`: no such folder")
        return roots

    def _pattern(self, path: Path, value: Any) -> str:
        pattern = self.string(path, value)
        try:
            re.compile(pattern)
        except re.error as error:
            self.mistake(path, f"`{path[-1]}` is no regular expression: {error}")
            return ""
        return pattern

    def _layers(self, path: Path, value: Any) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list):
            self.wrong(path, "a list of lists of modules and tags, from the bottom up", value)
            return ()
        for index, entry in enumerate(value):
            if not isinstance(entry, list) or not all(isinstance(name, str) for name in entry):
                self.mistake((*path, index), f"layer {index + 1} must be a list of strings, not {kind_of(entry)}")
        return tuple(tuple(entry) if isinstance(entry, list) else () for entry in value)

    def _globs(self, path: Path, value: Any) -> tuple[str, ...]:
        patterns = self.strings(path, value)
        for index, pattern in enumerate(patterns):
            self._glob((*path, index), pattern)
        return patterns

    def _glob(self, path: Path, pattern: str) -> None:
        fault = fault_of(pattern)
        if fault:
            self.mistake(path, f"pattern `{pattern}`: {fault}")

    def _rules(self, path: Path, value: Any) -> tuple[str, ...]:
        rules = self.strings(path, value)
        for index, rule in enumerate(rules):
            self._rule((*path, index), rule)
        return rules

    def _rule(self, path: Path, rule: str) -> None:
        if rule not in self._known_rules:
            self.mistake(path, unknown_name("rule", rule, self._known_rules))

    def _severities(self, path: Path, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong(path, "a table of rules", value)
            return {}
        for rule in value:
            self._rule((*path, rule), rule)
        choose = self.choice(SEVERITIES)
        return {rule: choose((*path, rule), severity) for rule, severity in value.items()}

    def _per_file_ignores(self, path: Path, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, dict):
            self.wrong(path, "a table of patterns", value)
            return ()
        for pattern in value:
            self._glob((*path, pattern), pattern)
        return tuple((pattern, self._rules((*path, pattern), rules)) for pattern, rules in value.items())
