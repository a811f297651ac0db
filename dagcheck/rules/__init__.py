"""What is wrong? One explicit tuple of rules; a rule is its file, its page beside it, and one line here."""

from __future__ import annotations

from dagcheck.rules.collect_without_parallelizable import collect_without_parallelizable
from dagcheck.rules.conflicting_input_defaults import conflicting_input_defaults
from dagcheck.rules.conflicting_input_types import conflicting_input_types
from dagcheck.rules.cyclic_dependency import cyclic_dependency
from dagcheck.rules.deprecated_modifier import deprecated_modifier
from dagcheck.rules.duplicate_node import duplicate_node
from dagcheck.rules.hidden_node import hidden_node
from dagcheck.rules.invalid_annotation import invalid_annotation
from dagcheck.rules.invalid_modifier import invalid_modifier
from dagcheck.rules.lost_producer import lost_producer
from dagcheck.rules.missing_parameter_type import missing_parameter_type
from dagcheck.rules.missing_return_type import missing_return_type
from dagcheck.rules.nested_parallelizable import nested_parallelizable
from dagcheck.rules.parallelizable_without_collect import parallelizable_without_collect
from dagcheck.rules.rule import Rule
from dagcheck.rules.shadowed_function import shadowed_function
from dagcheck.rules.syntax_error import syntax_error
from dagcheck.rules.type_mismatch import type_mismatch
from dagcheck.rules.unknown_input import unknown_input
from dagcheck.rules.unresolved_modifier import unresolved_modifier
from dagcheck.rules.unsupported_parameter import unsupported_parameter

RULES: tuple[Rule, ...] = (
    syntax_error,
    unresolved_modifier,
    duplicate_node,
    shadowed_function,
    missing_return_type,
    missing_parameter_type,
    unsupported_parameter,
    invalid_annotation,
    hidden_node,
    type_mismatch,
    conflicting_input_types,
    conflicting_input_defaults,
    cyclic_dependency,
    lost_producer,
    parallelizable_without_collect,
    collect_without_parallelizable,
    nested_parallelizable,
    invalid_modifier,
    deprecated_modifier,
    unknown_input,
)
