"""`check_output`: a node's value is checked before others read it.

Source: `hamilton.function_modifiers.validation` and `hamilton.data_quality.default_validators`. The node `f` becomes
`f_raw`, one validator node per argument, and a final `f` that reads them all. Which arguments a type accepts is measured on
Hamilton 1.90; `schema` and `model` are there where pandera and pydantic are installed, as a project that uses them has them.
"""

from __future__ import annotations

from collections.abc import Iterable

from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.nodes.arguments import blame
from dagcheck.nodes.modifiers.metadata import with_tags
from dagcheck.nodes.node import Dependency, Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.targets import transform
from dagcheck.nodes.uses import Use
from dagcheck.types.assignability import Maybe, Yes, fits, matches
from dagcheck.types.expressions import canonical
from dagcheck.types.model import AnyType, ClassType, Type, UnknownType
from dagcheck.types.printing import brief

_SERIES, _REAL, _STR = "pandas.Series", "numbers.Real", "str"
_TABLES = tuple(
    f"{library}.{kind}" for library in ("pandas", "polars", "pyspark.pandas") for kind in ("DataFrame", "Series")
)
_ACCEPTS: dict[str, tuple[str, ...]] = {
    "range": (_SERIES, _REAL),
    "values_in": (_SERIES, _REAL, _STR),
    "data_type": (_SERIES, _REAL, _STR),
    "max_fraction_nans": (_SERIES,),
    "allow_nans": (_SERIES,),
    "max_standard_dev": (_SERIES,),
    "mean_in_range": (_SERIES,),
    "allow_none": (),
    "contains": (_STR,),
    "does_not_contain": (_STR,),
    "schema": _TABLES,
    "model": ("pydantic.BaseModel", "dict"),
}
_BY_EQUALITY = frozenset({"contains", "does_not_contain"})
_BY_FIT = frozenset({"schema", "model"})
_NAMES = {"schema": "pandera_schema_validator", "model": "pydantic_validator"}
_OWN = frozenset({"importance", "default_validator_candidates", "target_"})
_RESULT = ClassType("class", "hamilton.data_quality.base.ValidationResult")


def check_output(subject: Subject, use: Use, nodes: list[Node]) -> list[Node]:
    """`@check_output(range=(0, 1), importance="fail")` on the final nodes, or on `target_`."""
    checks = [name for name, _ in use.keywords if name not in _OWN and name != "**"]
    spread = use.keyword("**")
    if spread is not None:
        subject.unresolved(use, spread)
    _check_arguments(subject, use, checks)
    own_validators = use.keyword("default_validator_candidates") is not None

    def split(node: Node) -> list[Node]:
        if not own_validators:
            _check_type(subject, use, node, checks)
        return validated(subject, use, node, [_NAMES.get(name, f"{name}_validator") for name in checks])

    return transform(subject, use, use.keyword("target_"), nodes, split)


def check_importance(subject: Subject, use: Use) -> None:
    """A check that fails warns, or fails the run."""
    importance = use.keyword("importance", use.arguments[0] if use.arguments else "warn")
    if is_plain(importance) and importance not in ("warn", "fail"):
        message = f"the importance of a check is `warn` or `fail`, not {describe(importance)}"
        subject.reject(use, message, ("value", "importance"), hamilton="build")


def _check_arguments(subject: Subject, use: Use, checks: list[str]) -> None:
    if checks:
        check_importance(subject, use)
    if use.keyword("allow_nans") is True:
        message = "`allow_nans` only takes False: it checks that there are none"
        subject.reject(use, message, ("value", "allow_nans"), hamilton="build")
    if use.keyword("default_validator_candidates") is None:
        for name in checks:
            if name not in _ACCEPTS:
                advice = f"the checks are {', '.join(f'`{known}`' for known in _ACCEPTS)}"
                subject.reject(use, f"there is no check `{name}`", ("keyword", name), hamilton="build", advice=advice)


def _check_type(subject: Subject, use: Use, node: Node, checks: list[str]) -> None:
    if isinstance(node.type, UnknownType):
        return
    for name in checks:
        if accepts(name, node.type, subject) is False:
            message = f"check `{name}` cannot validate `{node.name}`, which is `{brief(node.type)}`"
            subject.reject(use, message, ("keyword", name), hamilton="build", advice=_help(name))


def _help(name: str) -> str:
    if name in _BY_FIT:
        return "it validates " + ("a dataframe or a column" if name == "schema" else "a pydantic model or a `dict`")
    kinds = {_SERIES: "a pandas Series", _REAL: "a number", _STR: "a string"}
    return "it validates " + " or ".join(kinds[kind] for kind in _ACCEPTS[name])


def accepts(name: str, type_: Type, subject: Subject) -> bool | None:
    """Does Hamilton have a validator for this check and this type? None when that cannot be told."""
    accepted = _ACCEPTS.get(name, ())
    if not accepted:
        return True
    if name in _BY_EQUALITY:
        return type_ == ClassType("class", _STR)
    if name in _BY_FIT:
        return is_any(subject, type_, accepted)
    if isinstance(type_, AnyType) or not isinstance(type_, ClassType):
        return False
    exact = {_STR} if name == "data_type" else set()
    doubtful = False
    for kind in accepted:
        if kind in exact:
            if type_.name == kind:
                return True
            continue
        hierarchy = subject.setting.hierarchy
        verdict = matches(ClassType("class", canonical(kind)), type_, hierarchy)
        if isinstance(verdict, Yes):
            return True
        doubtful = doubtful or isinstance(verdict, Maybe)
    return None if doubtful else False


def is_any(subject: Subject, type_: Type, names: Iterable[str]) -> bool | None:
    """Does Hamilton take this type for one of these classes, by their public names? None when that cannot be told."""
    hierarchy = subject.setting.hierarchy
    verdicts = {fits(type_, ClassType("class", canonical(name)), hierarchy).kind for name in names}
    return True if "yes" in verdicts else False if verdicts == {"no"} else None


def validated(subject: Subject, use: Use, node: Node, validators: list[str]) -> list[Node]:
    """Validators first, then the final node, then the raw one: Hamilton's order."""
    span = blame(use)
    origin = subject.origin(use.name)
    raw = node._replace(name=f"{node.name}_raw", origin=origin, span=span)
    reads_raw = Dependency(raw.name, node.type, False, span)
    made: list[Node] = []
    seen: dict[str, int] = {}
    for validator in validators:
        name = f"{node.name}_{validator}"
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name = f"{name}_{seen[name] - 1}"
        tags = {
            "hamilton.data_quality.contains_dq_results": True,
            "hamilton.data_quality.source_node": node.name,
        }
        checked = Node(name, _RESULT, (reads_raw,), node.condition, "standard", origin, span, tags=node.tags)
        made.append(with_tags(checked, tags))
    results = tuple(Dependency(part.name, _RESULT, False, span) for part in made)
    final = node._replace(dependencies=(reads_raw, *results), origin=origin)
    return [*made, final, raw]
