"""What is wrong? One explicit tuple of rules; a rule is its file, its page beside it, and one line here."""

from __future__ import annotations

from dagcheck.rules.collect_without_parallelizable import collect_without_parallelizable
from dagcheck.rules.config_input_overlap import config_input_overlap
from dagcheck.rules.conflicting_input_defaults import conflicting_input_defaults
from dagcheck.rules.conflicting_input_types import conflicting_input_types
from dagcheck.rules.cyclic_dependency import cyclic_dependency
from dagcheck.rules.deprecated_modifier import deprecated_modifier
from dagcheck.rules.duplicate_node import duplicate_node
from dagcheck.rules.failing_import import failing_import
from dagcheck.rules.forbidden_dependency import forbidden_dependency
from dagcheck.rules.hidden_node import hidden_node
from dagcheck.rules.input_value_type import input_value_type
from dagcheck.rules.invalid_annotation import invalid_annotation
from dagcheck.rules.invalid_materializer import invalid_materializer
from dagcheck.rules.invalid_modifier import invalid_modifier
from dagcheck.rules.invalid_name import invalid_name
from dagcheck.rules.lost_producer import lost_producer
from dagcheck.rules.missing_docstring import missing_docstring
from dagcheck.rules.missing_input import missing_input
from dagcheck.rules.missing_parameter_type import missing_parameter_type
from dagcheck.rules.missing_return_type import missing_return_type
from dagcheck.rules.missing_tag import missing_tag
from dagcheck.rules.missing_variant import missing_variant
from dagcheck.rules.mutated_input import mutated_input
from dagcheck.rules.nested_parallelizable import nested_parallelizable
from dagcheck.rules.node_naming import node_naming
from dagcheck.rules.parallel_without_dynamic_execution import parallel_without_dynamic_execution
from dagcheck.rules.parallelizable_without_collect import parallelizable_without_collect
from dagcheck.rules.rule import Rule
from dagcheck.rules.shadowed_function import shadowed_function
from dagcheck.rules.syntax_error import syntax_error
from dagcheck.rules.type_mismatch import type_mismatch
from dagcheck.rules.unknown_config import unknown_config
from dagcheck.rules.unknown_input import unknown_input
from dagcheck.rules.unknown_output import unknown_output
from dagcheck.rules.unknown_override import unknown_override
from dagcheck.rules.unreachable_variant import unreachable_variant
from dagcheck.rules.unresolved_driver import unresolved_driver
from dagcheck.rules.unresolved_input import unresolved_input
from dagcheck.rules.unresolved_modifier import unresolved_modifier
from dagcheck.rules.unsupported_parameter import unsupported_parameter
from dagcheck.rules.untyped_edge import untyped_edge
from dagcheck.rules.unused_ignore import unused_ignore
from dagcheck.rules.unused_node import unused_node

RULES: tuple[Rule, ...] = (
    syntax_error,
    failing_import,
    unresolved_modifier,
    unused_ignore,
    unresolved_driver,
    duplicate_node,
    shadowed_function,
    missing_return_type,
    missing_parameter_type,
    unsupported_parameter,
    invalid_annotation,
    invalid_name,
    hidden_node,
    type_mismatch,
    conflicting_input_types,
    conflicting_input_defaults,
    untyped_edge,
    cyclic_dependency,
    lost_producer,
    unresolved_input,
    missing_variant,
    unreachable_variant,
    parallelizable_without_collect,
    collect_without_parallelizable,
    nested_parallelizable,
    unused_node,
    invalid_modifier,
    deprecated_modifier,
    unknown_output,
    missing_input,
    unknown_input,
    unknown_override,
    input_value_type,
    invalid_materializer,
    unknown_config,
    config_input_overlap,
    parallel_without_dynamic_execution,
    mutated_input,
    missing_docstring,
    missing_tag,
    node_naming,
    forbidden_dependency,
)
