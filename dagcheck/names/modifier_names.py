"""Which names does `hamilton.function_modifiers` have, and with a star, export?

Source: `dir(hamilton.function_modifiers)` of Hamilton 1.90, which a test compares.
"""

from __future__ import annotations

MODULE = "hamilton.function_modifiers"

MODIFIERS: tuple[str, ...] = tuple(
    """DATA_VALIDATOR_ORIGINAL_OUTPUT_TAG IS_DATA_VALIDATOR_TAG InvalidDecoratorException LiteralDependency
    ParameterizedExtract ResolveAt UpstreamDependency adapters apply_to base cache check_output
    check_output_custom config configuration dataloader datasaver delayed dependencies does dynamic_transform
    expanders extract_columns extract_fields group hamilton_exclude inject load_from logger logging macros
    metadata model mutate parameterize parameterize_extract_columns parameterize_sources parameterize_values
    parameterized_inputs parameterized_subdag parametrized parametrized_input pipe pipe_input pipe_output
    recursive resolve resolve_from_config save_to schema source step subdag tag tag_outputs unpack_fields
    validation value""".split()
)
