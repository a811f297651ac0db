"""Which nodes does one module make?

A module's part of a dataflow: the nodes of its functions in Hamilton's order (attribute name, then expansion order), what
is wrong with them, its classes, and what it imported. Pure in what the `Program` says of the module and its imports, so it
can be kept for as long as these stay the same (see `dagcheck.nodes.rows`).
"""

from __future__ import annotations

from typing import NamedTuple

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.ignorance import describe
from dagcheck.evaluation.objects import Function, Lambda, Scope
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Reference
from dagcheck.names.classes import Hierarchy
from dagcheck.names.modules import ProjectModule
from dagcheck.nodes.classes import find_class_named, typed_dict_fields
from dagcheck.nodes.discovery import Candidate, candidates
from dagcheck.nodes.expansion import expand
from dagcheck.nodes.node import Fault, Node
from dagcheck.nodes.signature import Annotations
from dagcheck.nodes.subject import Setting, Subject
from dagcheck.nodes.uses import Decoration, decoration
from dagcheck.span import Location, Span
from dagcheck.types.model import Type


class ModuleNodes(NamedTuple):
    """One module's part of a dataflow.

    `is_dataflow`: a function carries a modifier or a type of Hamilton's, so the module is meant to be one. `complete`: every
    node's name is known.
    """

    name: str
    path: str
    nodes: tuple[Node, ...]
    faults: tuple[Fault, ...]
    is_dataflow: bool
    complete: bool


def module_nodes(program: Program, module: ProjectModule, hierarchy: Hierarchy) -> ModuleNodes:
    """The nodes of one module; total."""
    scope = program.scope(module)
    annotations = Annotations(program.interpreter(scope), hierarchy.python)
    setting = Setting(hierarchy, lambda name: _typed_dict(program, hierarchy, name))
    nodes: list[Node] = []
    faults: list[Fault] = list(_replaced(scope))
    complete = not _has_open_names(scope)
    is_dataflow = False
    found = candidates(scope, _listed(program, scope))
    mutated = _mutated(scope)
    for candidate in found:
        if isinstance(candidate.function, Lambda):
            faults.append(_lambda_fault(candidate, candidate.function))
            continue
        work = _expand_candidate(candidate.function, candidate, annotations, setting, id(candidate.function) in mutated)
        nodes.extend(work.nodes)
        faults.extend(work.faults)
        complete = complete and work.complete
        is_dataflow = is_dataflow or work.is_dataflow
    faults.extend(_import_faults(scope, found, annotations, setting))
    return ModuleNodes(module.name, module.path, tuple(nodes), tuple(faults), is_dataflow, complete)


class _Work(NamedTuple):
    nodes: tuple[Node, ...]
    faults: tuple[Fault, ...]
    complete: bool
    is_dataflow: bool


def _expand_candidate(
    function: Function, candidate: Candidate, annotations: Annotations, setting: Setting, mutated: bool
) -> _Work:
    found = decoration(function)
    if found.vanished is not None:
        return _Work((), (_hidden(function, candidate, found),), True, bool(found.uses))
    subject = Subject(function, annotations.signature(function, found.untyped), candidate.condition, setting)
    if mutated:
        subject.note_unresolved(
            "`@mutate` changes this function in a way that dagcheck does not work out yet", _span(function)
        )
        subject.complete = False
    expansion = expand(subject, found)
    uses_types = any(node.role != "standard" for node in expansion.nodes)
    return _Work(expansion.nodes, expansion.faults, expansion.complete, bool(found.uses) or uses_types)


def _typed_dict(program: Program, hierarchy: Hierarchy, name: str) -> dict[str, Type] | None:
    """The fields of a TypedDict of the project, by its canonical name; None for any other class."""
    if not hierarchy.is_typed_dict(name):
        return None
    found = next((item for scope in program.scopes() if (item := find_class_named(scope, name))), None)
    return None if found is None else typed_dict_fields(program, hierarchy.python, found)


def _span(function: Function) -> Span:
    return Span(*function.header.name_place)


def _hidden(function: Function, candidate: Candidate, found: Decoration) -> Fault:
    assert found.vanished is not None
    what = describe(found.vanished.decorator).strip("`").removesuffix("(...)")
    message = f"`@{what}` puts something that is no function in the place of `{function.name}`: it makes no node"
    advice = "rename it with a leading underscore if it is no node, or wrap the work in a function of its own"
    span = Span(*found.vanished.place)
    fault = Fault("hidden-node", message, span, candidate.condition, "silent", (function.name,), help=advice)
    return fault._replace(severity="warning")


def _lambda_fault(candidate: Candidate, function: Lambda) -> Fault:
    message = f"`{candidate.attribute}` is a lambda, which Hamilton takes for a function without a return annotation"
    advice = "write a `def`, or keep the lambda out of the module's names"
    span = Span(*function.place)
    return Fault("missing-return-type", message, span, candidate.condition, "build", ("<lambda>",), help=advice)


def _replaced(scope: Scope) -> list[Fault]:
    """Functions that a later `def` of the same name replaced before anyone could use them."""
    found: list[Fault] = []
    for earlier, later in scope.replaced:
        if earlier.name.startswith("_") or decoration(earlier).vanished is not None or _names_itself(later):
            continue
        message = f"`{later.header.name}` is defined again: the earlier definition is lost"
        lost = (Location(scope.path, _span(earlier)), "this definition is lost")
        fault = Fault("shadowed-function", message, _span(later), ALWAYS, "silent", (later.name,), (lost,))
        found.append(fault._replace(help="give each definition a name of its own"))
    return found


def _names_itself(function: Function) -> bool:
    """Is a decorator made from the earlier function of the same name, as in `@area.register`?"""
    return any(_mentions(part, function.header.name) for part in function.header.decorators)


def _mentions(expression: object, name: str) -> bool:
    if not isinstance(expression, tuple):
        return False
    if len(expression) == 3 and expression[0] == "name" and expression[2] == name:
        return True
    return any(_mentions(part, name) for part in expression)


def _import_faults(scope: Scope, found: list[Candidate], annotations: Annotations, setting: Setting) -> list[Fault]:
    """What Hamilton refuses while decorating functions that are no candidates: private, replaced or excluded ones."""
    known = {id(candidate.function) for candidate in found}
    faults: list[Fault] = []
    for function in scope.made:
        if id(function) in known or not function.applied:
            continue
        known.add(id(function))
        made = decoration(function)
        if made.uses and made.vanished is None:
            subject = Subject(function, annotations.signature(function, made.untyped), ALWAYS, setting)
            faults.extend(fault for fault in expand(subject, made).faults if fault.hamilton == "import")
    return faults


def _mutated(scope: Scope) -> set[int]:
    """The functions that some `@mutate` in the module takes as its targets."""
    return {
        id(target)
        for function in scope.made
        for use in decoration(function).uses
        if use.name == "mutate"
        for target in use.arguments
        if isinstance(target, Function)
    }


def _listed(program: Program, scope: Scope) -> frozenset[str] | None:
    own = scope.names.get("__dir__")
    if not isinstance(own, Function):
        return None
    names = program.interpreter(scope).call(own, [], [], None)
    return frozenset(names) if type(names) in (list, tuple, set) and all(isinstance(n, str) for n in names) else None


def _has_open_names(scope: Scope) -> bool:
    """Were names bound in a way that could not be followed?"""
    return isinstance(scope.names.get("globals"), Reference)
