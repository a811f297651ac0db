"""Which nodes does one module make?

A module's part of a dataflow: the nodes of its functions in Hamilton's order (attribute name, then expansion order), and what
is wrong with them. Pure in what the `Program` says of the module and its imports, so it can be kept for as long as these
stay the same (see `dagcheck.nodes.rows`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.objects import Function, Lambda, Scope
from dagcheck.evaluation.program import Program
from dagcheck.evaluation.values import Value
from dagcheck.names.classes import Hierarchy
from dagcheck.names.modules import ProjectModule
from dagcheck.nodes.annotating import annotation_faults
from dagcheck.nodes.classes import find_class_named, typed_dict_fields
from dagcheck.nodes.discovery import Candidate, candidates
from dagcheck.nodes.expansion import Expansion, expand
from dagcheck.nodes.losses import lambda_fault, losses, vanishing
from dagcheck.nodes.node import Fault, Node
from dagcheck.nodes.signature import Annotations
from dagcheck.nodes.subject import Setting, Subject
from dagcheck.nodes.uses import Decoration, decoration
from dagcheck.source.bindings import Binding, bindings
from dagcheck.span import Span
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


class _Surroundings(NamedTuple):
    """What the expansion of each function of a module shares."""

    scope: Scope
    annotations: Annotations
    setting: Setting
    bindings: dict[str, Binding]
    mutated: frozenset[int]


def module_nodes(program: Program, module: ProjectModule, hierarchy: Hierarchy) -> ModuleNodes:
    """The nodes of one module; total."""
    around = _surroundings(program, module, hierarchy)
    found = candidates(around.scope, _listed(program, around.scope))
    nodes: list[Node] = []
    faults: list[Fault] = list(losses(around.scope, found))
    complete, is_dataflow = True, False
    for candidate in found:
        if isinstance(candidate.function, Lambda):
            faults.append(lambda_fault(candidate, candidate.function))
            continue
        made = decoration(candidate.function)
        work = _expanded(candidate.function, candidate, made, around)
        nodes.extend(work.nodes)
        faults.extend(work.faults)
        complete = complete and work.complete
        is_dataflow = is_dataflow or bool(made.uses) or any(node.role != "standard" for node in work.nodes)
    faults.extend(_import_faults(found, around))
    return ModuleNodes(module.name, module.path, tuple(nodes), tuple(faults), is_dataflow, complete)


def _surroundings(program: Program, module: ProjectModule, hierarchy: Hierarchy) -> _Surroundings:
    scope = program.scope(module)
    machine = program.interpreter(scope)
    bound = bindings(program.statements(module))

    def call(function: Value, arguments: list[Value]) -> Value:
        return machine.call(function, arguments, [], None)

    def first_line(name: str) -> int | None:
        return bound[name].first_line if name in bound else None

    def typed_dict(name: str) -> dict[str, Type] | None:
        return _typed_dict(program, hierarchy, name)

    setting = Setting(hierarchy, typed_dict, call, first_line, program.body)
    return _Surroundings(scope, Annotations(machine, hierarchy), setting, bound, frozenset(_mutated(scope)))


def _expanded(function: Function, candidate: Candidate, made: Decoration, around: _Surroundings) -> Expansion:
    if made.vanished is not None:
        return Expansion((), (vanishing(function, candidate, made.vanished),), True)
    signature = around.annotations.signature(function, made.untyped)
    subject = Subject(function, signature, candidate.condition, around.setting)
    if id(function) in around.mutated:
        message = "`@mutate` changes this function in a way that dagcheck does not work out yet"
        subject.note_unresolved(message, Span(*function.source.header.name_place))
        subject.complete = False
    work = expand(subject, made)
    place = _place_elsewhere(function, candidate, around)
    if place is None:
        return work
    return work._replace(nodes=tuple([node._replace(span=place, path=around.scope.path) for node in work.nodes]))


def _place_elsewhere(function: Function, candidate: Candidate, around: _Surroundings) -> Span | None:
    """Where a module makes a function its own that was written under another name or in another file."""
    written = function.source
    if written.header.name == candidate.attribute and written.scope.path == around.scope.path:
        return None
    bound = around.bindings.get(candidate.attribute)
    return None if bound is None else Span(*bound.last)


def _import_faults(found: Sequence[Candidate], around: _Surroundings) -> Iterator[Fault]:
    """What fails while the module is imported though Hamilton never looks at it: private, replaced, excluded functions."""
    known = {id(candidate.function) for candidate in found}
    for function in around.scope.made:
        if id(function) in known or (function.scope.parent is not None and not function.applied):
            continue
        known.add(id(function))
        made = decoration(function)
        signature = around.annotations.signature(function, made.untyped)
        if not made.uses and not signature.undefined:
            continue
        subject = Subject(function, signature, ALWAYS, around.setting)
        readable = made.uses and made.vanished is None
        faults = expand(subject, made).faults if readable else annotation_faults(subject, made.uses)
        yield from (fault for fault in faults if fault.hamilton == "import")


def _mutated(scope: Scope) -> Iterator[int]:
    """The functions that some `@mutate` in the module takes as its targets."""
    for function in scope.made:
        for use in decoration(function).uses if function.applied else ():
            if use.name == "mutate":
                yield from (id(target) for target in use.arguments if isinstance(target, Function))


def _typed_dict(program: Program, hierarchy: Hierarchy, name: str) -> dict[str, Type] | None:
    """The fields of a TypedDict of the project, by its canonical name; None for any other class."""
    if not hierarchy.is_typed_dict(name):
        return None
    found = next((item for scope in program.scopes() if (item := find_class_named(scope, name))), None)
    return None if found is None else typed_dict_fields(program, hierarchy, found)


def _listed(program: Program, scope: Scope) -> frozenset[str] | None:
    """The names that a module's own `__dir__` gives: `inspect.getmembers` sees no others."""
    own = scope.names.get("__dir__")
    if not isinstance(own, Function):
        return None
    names = program.interpreter(scope).call(own, [], [], None)
    return frozenset(names) if type(names) in (list, tuple, set) and all(isinstance(n, str) for n in names) else None
