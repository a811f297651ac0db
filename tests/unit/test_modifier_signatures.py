"""Are the signatures that dagcheck holds calls to those of the Hamilton that is installed?"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

from dagcheck.nodes.modifiers.calling import SIGNATURES, problem
from dagcheck.nodes.modifiers.registry import MODIFIERS

HOMES = {
    "h_": "hamilton.plugins",
    "parameterize_frame": "hamilton.experimental.decorators",
    "ray_remote_options": "hamilton.function_modifiers.metadata",
    "": "hamilton.function_modifiers",
}


def installed(name: str) -> Any:
    """The modifier of this name, as Hamilton has it."""
    home = next(home for start, home in HOMES.items() if name.startswith(start))
    first, _, rest = name.partition(".")
    inner = {"h_": f".{first}", "parameterize_frame": ".parameterize_frame"}
    module = importlib.import_module(home + next((tail for start, tail in inner.items() if name.startswith(start)), ""))
    found = module
    for part in rest.split(".") if name.startswith("h_") else name.split("."):
        found = getattr(found, part)
    return found


def written(name: str) -> str:
    """A signature in the form of the table."""
    words = []
    named = False
    for parameter in inspect.signature(installed(name)).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            words.append("**")
        elif parameter.kind is parameter.VAR_POSITIONAL:
            words.append(f"*{parameter.name}")
            named = True
        else:
            if parameter.kind is parameter.KEYWORD_ONLY and not named:
                words.append("*")
                named = True
            words.append(parameter.name + ("" if parameter.default is parameter.empty else "="))
    return " ".join(words)


@pytest.mark.parametrize("name", [name for name in SIGNATURES if not name.startswith("h_spark")])
def test_a_signature_is_that_of_the_installed_hamilton(name: str) -> None:
    assert SIGNATURES[name] == written(name)


def test_every_modifier_has_a_signature_but_adapters_and_what_is_never_called() -> None:
    assert {name for name in MODIFIERS if not name.endswith("*")} - SIGNATURES.keys() == {"hamilton_exclude"}


@pytest.mark.parametrize(
    ("name", "arguments", "keywords", "words"),
    [
        ("tag", (), (("owner", "a"),), None),
        ("tag", ("a",), (), "takes keyword arguments only"),
        ("dataloader", (), (("path", 1),), "takes no arguments"),
        ("extract_columns", ("a",), (("fillwith", 0),), "has no argument `fillwith`"),
        ("parameterize_values", ("x",), (), "needs `assigned_output`"),
        ("parameterize_values", ("x", {}), (), None),
        ("parameterize_values", ("x", {}, 1), (), "takes 2 positional arguments only"),
        ("parameterize_values", ("x",), (("parameter", "y"),), "is given `parameter` twice"),
        ("config.when", ("spend",), (("region", "US"),), None),
        ("telescope", (1, 2), (), None),
    ],
)
def test_a_call_is_refused_as_python_refuses_it(name: str, arguments: Any, keywords: Any, words: str | None) -> None:
    found = problem(name, arguments, keywords, f"`@{name}`")
    assert (found and found.message) == (None if words is None else f"`@{name}` {words}")
