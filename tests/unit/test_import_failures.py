"""Is nothing taken for a failing import that is none? The standard library and installed packages do import, so they must be silent."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from dagcheck.evaluation.program import Program
from dagcheck.names.modules import ModuleIndex, ProjectModule
from dagcheck.nodes.decorators import decorator_kind
from dagcheck.nodes.refusing import refusal
from dagcheck.source.facts import Source, module_facts

PACKAGES = """argparse ast asyncio collections concurrent dataclasses decimal email enum functools hamilton http importlib inspect json
    logging multiprocessing networkx pathlib random re rich shutil statistics subprocess tarfile typing unittest xml""".split()


@pytest.mark.parametrize("package", PACKAGES)
def test_what_imports_is_not_said_to_fail(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin)
    root = file.parent.parent if file.name == "__init__.py" else file.parent
    files = sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]
    own = {path.relative_to(root).as_posix() for path in files}
    index = ModuleIndex(str(root), ("",), sorted(own), is_foreign=lambda name: name != package)

    def read(path: str) -> Source:
        text = (root / path).read_text(encoding="utf-8")
        return Source(path, text, module_facts(text))

    program = Program(index, read, decorator=decorator_kind, refusal=refusal)
    dotted = [path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in sorted(own)]
    modules = [found for name in dotted if isinstance(found := index.resolve(name, None), ProjectModule)]
    assert modules
    assert any(program.scope(module).names for module in modules)
    assert [(module.path, failure.reason) for module in modules for failure in program.scope(module).failures] == []
