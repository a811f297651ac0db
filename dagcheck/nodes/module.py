"""Which nodes does one module make?

A module's part of a dataflow: the nodes of its functions in Hamilton's order (attribute name, then expansion order), and what
is wrong with them. Pure in what the `Program` says of the module and its imports, so it can be kept for as long as these
stay the same (see `dagcheck.nodes.rows`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.evaluation.objects import Function, Lambda, Scope
from dagcheck.evaluation.program import Program
from dagcheck.names.classes import Hierarchy
from dagcheck.names.modules import ProjectModule
from dagcheck.nodes.annotating import annotation_faults
from dagcheck.nodes.discovery import Candidate, candidates
from dagcheck.nodes.failing import failing_statements
from dagcheck.nodes.losses import lambda_fault, losses, refusals, vanishing
from dagcheck.nodes.node import Fault, Node
from dagcheck.nodes.subject import Expansion, Subject
from dagcheck.nodes.uses import Decoration, decoration, modifier_name
from dagcheck.nodes.vocabulary import misspelt_imports
from dagcheck.nodes.workshop import Workshop
from dagcheck.source.bindings import Binding
from dagcheck.span import Span


class ModuleNodes(NamedTuple):
    """One module's part of a dataflow.

    `is_dataflow`: a function carries a modifier or a type of Hamilton's, so the module is meant to be one. `complete`: every
    node's name is known. `needs_config`: more can be known under a fixed configuration.
    """

    name: str
    path: str
    nodes: tuple[Node, ...]
    faults: tuple[Fault, ...]
    is_dataflow: bool
    complete: bool
    needs_config: bool


def module_nodes(
    program: Program, module: ProjectModule, hierarchy: Hierarchy, config: Mapping[str, Any] | None = None
) -> ModuleNodes:
    """The nodes of one module; total. `config` is the whole configuration, where modifiers may need its values."""
    return _nodes(program, module, Workshop(program, hierarchy, config))


def nodes_together(
    program: Program,
    modules: Sequence[ProjectModule],
    hierarchy: Hierarchy,
    config: Mapping[str, Any] | None = None,
) -> list[ModuleNodes]:
    """The nodes of modules one after another, which differs where one meets functions again: Hamilton has renamed them."""
    workshop = Workshop(program, hierarchy, config)
    return [_nodes(program, module, workshop) for module in modules]


def _nodes(program: Program, module: ProjectModule, workshop: Workshop) -> ModuleNodes:
    scope = program.scope(module)
    bound, mutations = workshop.bound(module.path), workshop.mutations(scope)
    found = candidates(scope, program.listed_names(scope))
    nodes: list[Node] = []
    faults: list[Fault] = [
        *failing_statements(scope),
        *losses(scope, found),
        *mutations.faults,
        *misspelt_imports(scope.names, bound),
    ]
    complete = mutations.complete and program.is_read(module.path)
    is_dataflow, needs_config = bool(mutations.steps or mutations.faults), False
    for candidate in found:
        if isinstance(candidate.function, Lambda):
            faults.append(lambda_fault(candidate, candidate.function))
            continue
        work = _expanded(candidate.function, candidate, workshop)
        nodes.extend(_placed(work.nodes, _place_elsewhere(candidate.function, candidate, scope, bound), scope))
        faults.extend(work.faults)
        complete, needs_config = complete and work.complete, needs_config or work.needs_config
        is_dataflow = is_dataflow or is_modified(candidate.function)
        is_dataflow = is_dataflow or any(node.role != "standard" for node in work.nodes)
    faults.extend(_import_faults(scope, found, workshop))
    return ModuleNodes(module.name, module.path, tuple(nodes), tuple(faults), is_dataflow, complete, needs_config)


def function_nodes(
    program: Program,
    name: str,
    functions: Sequence[Function],
    hierarchy: Hierarchy,
    config: Mapping[str, Any] | None = None,
) -> ModuleNodes:
    """The nodes of functions that become a module at run time, in the order of their names; `name` is "" if it is chance."""
    workshop = Workshop(program, hierarchy, config)
    made = [workshop.expansion(function, ALWAYS) for function in sorted(functions, key=lambda part: part.name)]
    nodes = tuple([_retagged(node, name) for expansion in made for node in expansion.nodes])
    faults = tuple([fault for expansion in made for fault in expansion.faults])
    complete, needs_config = all(one.complete for one in made), any(one.needs_config for one in made)
    path = functions[0].scope.path if functions else ""
    return ModuleNodes(name, path, nodes, faults, True, complete, needs_config)


def _retagged(node: Node, module: str) -> Node:
    """The node with the name of another module on it."""
    tags = [(key, module if key == "module" else value) for key, value in node.tags]
    return node._replace(tags=tuple([(key, value) for key, value in tags if key != "module" or value]))


def failures_of_import(part: ModuleNodes) -> ModuleNodes:
    """Nothing of a module but what fails while it is imported."""
    faults = tuple([fault for fault in part.faults if fault.hamilton == "import" and fault.severity == "error"])
    return part._replace(nodes=(), faults=faults, complete=True)


def without(part: ModuleNodes, names: Collection[str]) -> ModuleNodes:
    """A module's nodes without those of some names."""
    return part._replace(nodes=tuple([node for node in part.nodes if node.name not in names]))


def is_modified(function: Function) -> bool:
    """Does one of Hamilton's modifiers stand at the function, whatever became of it?"""
    return any(modifier_name(application.decorator) is not None for application in function.applied)


def _expanded(function: Function, candidate: Candidate, workshop: Workshop) -> Expansion:
    made = decoration(function)
    if made.vanished is None:
        return workshop.expansion(function, candidate.condition)
    faults = _remnant_faults(function, made, workshop)
    if candidate.attribute == function.name:  # otherwise it stands beside the function, in nobody's place
        faults = [vanishing(function, made.vanished)._replace(condition=candidate.condition), *faults]
    return Expansion((), tuple(faults), True)


def _remnant_faults(function: Function, made: Decoration, workshop: Workshop) -> list[Fault]:
    """What Hamilton refuses at import of a function that ends as something else."""
    below = workshop.expansion(function, ALWAYS).faults if made.uses else ()
    return [*refusals(function, made), *(fault for fault in below if fault.hamilton == "import")]


def _placed(nodes: Sequence[Node], place: Span | None, scope: Scope) -> list[Node]:
    return list(nodes) if place is None else [node._replace(span=place, path=scope.path) for node in nodes]


def _place_elsewhere(function: Function, candidate: Candidate, scope: Scope, bound: dict[str, Binding]) -> Span | None:
    """Where a module makes a function its own that was written under another name or in another file."""
    written = function.source
    if written.header.name == candidate.attribute and written.scope.path == scope.path:
        return None
    binding = bound.get(candidate.attribute)
    return None if binding is None else Span(*binding.last)


def _import_faults(scope: Scope, found: Sequence[Candidate], workshop: Workshop) -> Iterator[Fault]:
    """What fails while the module is imported though Hamilton never looks at it: private, replaced, excluded functions."""
    known = {id(candidate.function) for candidate in found}
    told: set[Fault] = set()
    for function in (*scope.made, *[target for target, _ in scope.decorated]):
        if id(function) in known or (function.scope.parent is not None and not function.applied):
            continue
        known.add(id(function))
        made = decoration(function)
        if made.vanished is not None:
            faults: Sequence[Fault] = _remnant_faults(function, made, workshop)
        elif made.uses:
            faults = workshop.expansion(function, ALWAYS).faults
        else:
            subject = Subject(function, ALWAYS, workshop, untyped=made.untyped)
            faults = list(annotation_faults(subject, made.uses)) if subject.signature.undefined else ()
        fresh = [fault for fault in faults if fault.hamilton == "import" and fault not in told]
        told.update(fresh)  # what wraps a function has its modifiers as well
        yield from fresh
