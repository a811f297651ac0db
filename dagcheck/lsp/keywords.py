"""Which keyword arguments do Hamilton's modifiers take?

Those that have a name of their own; where a modifier takes names of nodes, parameters or tags as keywords, any name goes.
"""

from __future__ import annotations

_CHECKS = (
    "importance target_ allow_inf allow_nans data_type dataset_length data_in_range max_fraction_nans max_standard_dev mean_in_range "
    "range schema values_in"
)

KEYWORDS: dict[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "cache": "behavior format target_",
        "check_output": _CHECKS,
        "check_output_custom": "target_",
        "config": "target_name config_used",
        "config.when": "name",
        "config.when_in": "name",
        "config.when_not": "name",
        "does": "argument_mapping",
        "extract_columns": "fill_with",
        "extract_fields": "fields fill_with",
        "h_pandas.with_columns": "columns_to_pass pass_dataframe_as on_input select namespace config_required",
        "h_polars.with_columns": "columns_to_pass pass_dataframe_as on_input select namespace config_required",
        "h_pandera.check_output": "importance schema target_",
        "h_pydantic.check_output": "importance target_",
        "load_from": "inject_",
        "parameterized_subdag": "inputs config external_inputs",
        "parameterize_values": "parameter assigned_output",
        "pipe_input": "on_input namespace",
        "pipe_output": "on_output namespace",
        "ray_remote_options": "num_cpus num_gpus resources",
        "resolve": "when decorate_with",
        "resolve_from_config": "decorate_with",
        "save_to": "output_name_ target_",
        "schema.output": "target_",
        "subdag": "inputs config namespace final_node_name external_inputs",
        "tag": "target_ bypass_reserved_namespaces_",
    }.items()
}
"""By the name in `hamilton.function_modifiers`."""


def keywords_of(modifier: str) -> tuple[str, ...]:
    """The keyword arguments of a modifier."""
    return KEYWORDS.get(modifier) or KEYWORDS.get(modifier.partition(".")[0], ())
