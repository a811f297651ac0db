"""Which functions of the standard library can be computed on plain data as they are?

They get plain arguments and must give plain data back; sizes are bounded. `os.path` is that of POSIX.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from dagcheck.evaluation.guarding import LARGEST, guarded
from dagcheck.evaluation.ignorance import explain, is_plain
from dagcheck.evaluation.iteration import as_list
from dagcheck.evaluation.objects import MISSING
from dagcheck.evaluation.values import Unknown, Value

_FUNCTIONS: Mapping[str, str] = {
    "math": "acos asin atan atan2 ceil comb copysign cos degrees dist exp fabs floor fmod frexp fsum gcd hypot isclose isfinite"
    " isinf isnan isqrt lcm ldexp log log10 log1p log2 modf perm prod radians remainder sin sqrt tan trunc",
    "re": "escape findall fullmatch match search split sub subn",
    "os.path": "basename commonpath commonprefix dirname isabs join normpath split splitext",
    "posixpath": "basename commonpath commonprefix dirname isabs join normpath split splitext",
    "string": "capwords",
    "textwrap": "dedent fill indent shorten wrap",
    "json": "dumps loads",
    "copy": "copy deepcopy",
    "ast": "literal_eval",
    "keyword": "iskeyword",
    "html": "escape unescape",
    "urllib.parse": "quote unquote urlencode urljoin",
}
_CONSTANTS: Mapping[str, str] = {
    "math": "e inf nan pi tau",
    "string": "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable punctuation whitespace",
}
_MODULES = {"os.path": "posixpath"}
_GROWING = frozenset({"math.comb", "math.perm", "math.factorial", "math.exp", "math.ldexp"})


def call_pure(name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The value of a call of such a function; `MISSING` when it is none."""
    function = _known(name, _FUNCTIONS)
    if function is MISSING:
        return MISSING
    arguments = [as_list(value) for value in arguments]
    values = [*arguments, *keywords.values()]
    problem = next((value for value in values if not is_plain(value)), None)
    if problem is not None:
        return explain(problem)
    if name in _GROWING and any(isinstance(value, (int, float)) and abs(value) > 1000 for value in values):
        return Unknown("is too large to compute")
    if name.startswith("re.") and sum(len(value) for value in values if isinstance(value, str)) > 2000:
        return Unknown("takes too long to compute")
    return _settled(guarded(lambda: function(*arguments, **keywords)), name)


def constant(name: str) -> Value:
    """The value of a constant of the standard library, `MISSING` when it is none of those that never change."""
    return _known(name, _CONSTANTS)


def _known(name: str, table: Mapping[str, str]) -> Any:
    module, _, own = name.rpartition(".")
    if own not in table.get(module, "").split():
        return MISSING
    return getattr(importlib.import_module(_MODULES.get(module, module)), own)


def _settled(result: Value, name: str) -> Value:
    """A result that is plain data, or a match as the object that it is."""
    if isinstance(result, Unknown) or (is_plain(result) and _size(result) <= LARGEST):
        return result
    if type(result).__name__ == "Match":
        from dagcheck.evaluation.library.natives import Native

        return Native(result)
    return Unknown("is too long" if is_plain(result) else f"gives an object of `{name}` that is not followed")


def _size(value: Value) -> int:
    return len(value) if isinstance(value, (str, bytes, list, tuple, dict, set)) else 1
