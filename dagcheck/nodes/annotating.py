"""What is wrong with how a function is annotated and called?

Hamilton needs a type on every parameter and on the return, resolves them when it builds the graph (some modifiers already at
import, when names of later classes do not exist yet), and passes all arguments by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import HamiltonVerdict
from dagcheck.evaluation.objects import Function
from dagcheck.nodes.node import Fault
from dagcheck.nodes.signature import parse_annotation
from dagcheck.nodes.subject import Setting, Subject
from dagcheck.nodes.uses import Use
from dagcheck.source.syntax import Expression
from dagcheck.span import Span

_RESOLVE_AT_IMPORT = frozenset(
    """extract_columns extract_fields unpack_fields parameterize parameterize_sources parameterize_values parametrized
    parametrized_input parameterized_inputs parameterize_extract_columns parameterize_frame inject dataloader dynamic_transform model
    h_pandas.with_columns h_polars.with_columns h_polars_lazyframe.with_columns""".split()
)
_READ_THE_FIRST = frozenset(
    """h_pandas.with_columns h_polars.with_columns h_polars_lazyframe.with_columns h_spark.with_columns h_spark.select
    h_spark.require_columns""".split()
)
"""Modifiers that look at import at the annotation of the first parameter, or of that in `on_input`."""
_NEED_A_RETURN = frozenset(
    "extract_columns extract_fields unpack_fields parameterize_extract_columns parameterize_frame dataloader datasaver "
    "dynamic_transform model".split()
)


def annotation_faults(subject: Subject, uses: tuple[Use, ...]) -> Iterator[Fault]:
    """Annotations that are missing or cannot be resolved, and parameters that cannot be passed by name."""
    yield from _missing(subject, uses)
    yield from _unresolved(subject, uses)
    yield from _unsupported(subject)


def late_name(setting: Setting, path: str, line: int, expression: Expression) -> str | None:
    """A name in a postponed annotation that the module of this file binds only below the line."""
    for name in _names(expression):
        first = setting.first_line(path, name)
        if first is not None and first > line:
            return name
    return None


def is_text(function: Function, annotation: Expression | None) -> bool:
    """Is an annotation of the function text at run time, by its quotes or because all of the module's are postponed?"""
    quoted = annotation is not None and annotation[0] == "const" and isinstance(annotation[2], str)
    return quoted or (annotation is not None and is_postponed(function))


def is_postponed(function: Function) -> bool:
    """Does the function's module begin with `from __future__ import annotations`?"""
    return "annotations" in function.scope.outermost.names


def _fault(subject: Subject, rule: str, message: str, span: Span) -> Fault:
    return Fault(rule, message, span, subject.condition, "build", (subject.name,), path=subject.path)


def _missing(subject: Subject, uses: tuple[Use, ...]) -> Iterator[Fault]:
    header, names = subject.function.source.header, {use.name for use in uses}
    if subject.signature.returns is None:
        message = f"function `{header.name}` has no return annotation"
        fault = _fault(subject, "missing-return-type", message, Span(*header.name_place))
        at_import = bool(names & _NEED_A_RETURN)
        yield fault._replace(help="annotate what it returns: the type of the node", hamilton=_when(at_import))
    bound = {name for use in uses for name in _bound_parameters(subject, use)}
    for part in subject.signature.parameters if not subject.signature.untyped else ():
        if part.type is None:
            message = f"parameter `{part.name}` of `{header.name}` has no annotation"
            fault = _fault(subject, "missing-parameter-type", message, part.span)
            advice = f"annotate it with the type of node `{part.name}`"
            yield fault._replace(help=advice, hamilton=_when(part.name in bound))


def _resolves_at_import(use: Use) -> bool:
    return use.name in _RESOLVE_AT_IMPORT or use.name.startswith("load_from.")


def _bound_parameters(subject: Subject, use: Use) -> Iterator[str]:
    """The parameters whose hints Hamilton looks up at import: those that `parameterize` and its kin bind, for instance."""
    if use.name.startswith("load_from.") or use.name in _READ_THE_FIRST:
        named = use.keyword("inject_" if use.name.startswith("load_from.") else "on_input")
        yield named if isinstance(named, str) else next((part.name for part in subject.signature.parameters), "")
        return
    if not _resolves_at_import(use):
        return
    for name, value in use.keywords:
        yield name
        table = value[0] if type(value) is tuple and value else value
        if type(table) is dict:
            yield from (key for key in table if isinstance(key, str))
    if use.arguments and isinstance(use.arguments[0], str):
        yield use.arguments[0]


def _unresolved(subject: Subject, uses: tuple[Use, ...]) -> Iterator[Fault]:
    header, early = subject.function.source.header, any(map(_resolves_at_import, uses))
    reported = set()
    for found in subject.signature.undefined:
        reported.add(found.name)
        message = f"{_whose(found.name)} of `{header.name}` cannot be resolved: {found.reason}"
        fault = _fault(subject, "invalid-annotation", message, found.span)
        yield fault._replace(hamilton=_when(found.at_import or early))
    if not early or subject.signature.untyped:
        return
    rows = [(part.name, part.annotation, Span(*part.place)) for part in header.parameters]
    rows.append(("return", header.returns, Span(*(header.returns_place or header.name_place))))
    for name, expression, span in rows:
        known = expression is None or name in reported
        late = None if known else late_name(subject.setting, subject.path, header.place[0], expression)
        if late is not None:
            message = f"{_whose(name)} of `{header.name}` names `{late}`, which is defined later"
            fault = _fault(subject, "invalid-annotation", message, span)
            advice = "a modifier of this function resolves its annotations at import: define the class above it"
            yield fault._replace(hamilton="import", help=advice)


def _whose(name: str) -> str:
    return "the return annotation" if name == "return" else f"the annotation of `{name}`"


def _names(part: object) -> Iterator[str]:
    if not isinstance(part, tuple):
        return
    if part[:1] == ("name",):
        yield part[2]
    elif part[:1] == ("const",) and isinstance(part[2], str):
        parsed = parse_annotation(part[2])
        if not isinstance(parsed, str):
            yield from _names(parsed)
    else:
        for inner in part:
            yield from _names(inner)


def _unsupported(subject: Subject) -> Iterator[Fault]:
    parameters, name = subject.signature.parameters, subject.function.header.name
    has_keywords = any(part.kind == "double-star" for part in parameters)
    for part in parameters:
        if part.kind == "positional":
            message = f"parameter `{part.name}` of `{name}` is positional-only, but Hamilton passes arguments by name"
            fault = _fault(subject, "unsupported-parameter", message, part.span)
            yield fault._replace(hamilton="execution", help="drop the `/`")
        elif part.kind == "star" and not has_keywords:
            message = f"Hamilton passes `{part.name}` by name, which `*{part.name}` of `{name}` cannot take"
            fault = _fault(subject, "unsupported-parameter", message, part.span)
            yield fault._replace(hamilton="execution", help="name the parameters")
        elif part.kind == "double-star":
            message = f"`**{part.name}` of `{name}` becomes one dependency called `{part.name}`"
            fault = _fault(subject, "unsupported-parameter", message, part.span)
            advice = f"the value arrives as one entry under the key `{part.name}`; name the parameters instead"
            yield fault._replace(hamilton="silent", help=advice, severity="warning")


def _when(at_import: bool) -> HamiltonVerdict:
    return "import" if at_import else "build"
