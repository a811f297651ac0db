"""What drivers does a script build with real Hamilton, and what does it ask of them? Runs it, and says it as plain data.

Every driver is noted as it is made: the names of its modules, its configuration, its nodes (rows as in `oracle_build`), and
the outputs and inputs of its calls. `then` are statements that run in the script's names afterwards, for functions that
nothing in it calls. The answer is `{"drivers": [...]}`, with `error` where the script raised.
"""

from __future__ import annotations

import inspect
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

METHODS = ("execute", "raw_execute", "materialize", "validate_execution", "export_execution", "what_is_upstream_of")


def run_script(
    folder: Path,
    script: str,
    then: str,
    row: Callable[[Any, Path], dict[str, Any]],
    told: Callable[[BaseException, Path], dict[str, Any]],
) -> dict[str, Any]:
    """Run a script as Python would; changes the process beyond repair."""
    from hamilton import driver

    seen: list[dict[str, Any]] = []
    _note_drivers(driver.Driver, seen, folder, script, row)
    for method in METHODS:
        _note_calls(driver.Driver, method)
    sys.argv = [script]
    sys.path.insert(0, str((folder / script).parent))
    answer: dict[str, Any] = {"drivers": seen}
    try:
        names = runpy.run_path(str(folder / script), run_name="__main__" if not then else Path(script).stem)
        exec(then, names)
    except SystemExit:
        pass
    except BaseException as error:  # noqa: BLE001 - scripts may raise anything
        answer["error"] = {"stage": "run", "module": None, **told(error, folder)}
    return answer


def _note_drivers(
    driver: Any, seen: list[dict[str, Any]], folder: Path, script: str, row: Callable[[Any, Path], dict[str, Any]]
) -> None:
    original = driver.__init__

    def noting(self: Any, config: dict[str, Any], *modules: Any, **more: Any) -> None:
        original(self, config, *modules, **more)
        own = {"__main__": Path(script).stem}
        names = [own.get(getattr(module, "__name__", ""), getattr(module, "__name__", "")) for module in modules]
        nodes = [row(node, folder) for node in self.graph.nodes.values()]
        for node in nodes:
            if node["tags"].get("module") in own:
                node["tags"]["module"] = own[node["tags"]["module"]]
        noted = {"modules": names, "config": _plain(config), "nodes": nodes, "outputs": [], "inputs": []}
        seen.append(noted)
        self.noted = noted

    driver.__init__ = noting


def _note_calls(driver: Any, method: str) -> None:
    original = getattr(driver, method)
    signature = inspect.signature(original)

    def noting(self: Any, *arguments: Any, **keywords: Any) -> Any:
        bound = signature.bind(self, *arguments, **keywords).arguments
        asked = [
            *(bound.get("final_vars") or ()),
            *(bound.get("additional_vars") or ()),
            *(bound.get("node_names") or ()),
        ]
        self.noted["outputs"] += [getattr(item, "__name__", getattr(item, "name", item)) for item in asked]
        self.noted["inputs"] += list(bound.get("inputs") or {})
        return original(self, *arguments, **keywords)

    setattr(driver, method, noting)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else {"$repr": repr(value)}
